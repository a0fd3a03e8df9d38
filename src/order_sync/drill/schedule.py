"""Workers in virtual time, one at a time: a seed decides who goes on, so the same seed always goes the same way."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

START = datetime(2026, 11, 2, 5, 0, tzinfo=UTC)


@dataclass
class _Worker:
    number: int
    turn: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    wakes_at: float = 0.0
    over: bool = False
    problem: BaseException | None = None


class ServiceClock:
    """The same time as the service has it: nobody sets its clock."""

    def __init__(self, schedule: Schedule) -> None:
        self._schedule = schedule

    def now(self) -> datetime:
        return START + timedelta(seconds=self._schedule.passed)

    def monotonic(self) -> float:
        return self._schedule.passed

    def sleep(self, wait: timedelta) -> None:
        self._schedule.sleep(wait)


class Schedule:
    """The clock of the workers. Time passes only while everybody sleeps.

    `on_time` hears of every moment to which time is about to move, before it does: what beats by itself beats there.
    """

    def __init__(self, seed: object = 0, restlessness: float = 0.3) -> None:
        self.passed = 0.0
        self.wall_offset = 0.0
        self.on_time: Callable[[float], None] | None = None
        self.random_source = random.Random(str(seed))  # noqa: S311 - a schedule, no secret
        self._restlessness = restlessness
        self._workers: list[_Worker] = []
        self._current: _Worker | None = None

    # the clock

    def now(self) -> datetime:
        return START + timedelta(seconds=self.passed + self.wall_offset)

    def monotonic(self) -> float:
        return self.passed

    def random(self) -> float:
        return self.random_source.random()

    def sleep(self, wait: timedelta) -> None:
        seconds = max(0.0, wait.total_seconds())
        me = self._current
        if me is None:
            self._pass_to(self.passed + seconds)
            return
        me.wakes_at = self.passed + seconds
        self._hand_over(me)

    # the workers

    @property
    def current(self) -> int:
        """The number of the worker that runs; 0 while there is only the caller."""
        return 0 if self._current is None else self._current.number

    def run(self, tasks: Sequence[Callable[[], None]]) -> None:
        """Do all tasks, interleaved; raises what the first of them raised, once all are over."""
        if len(tasks) == 1:
            tasks[0]()
            return
        self._workers = [_Worker(number, wakes_at=self.passed) for number in range(len(tasks))]
        threads = [
            threading.Thread(target=self._live, args=(worker, task), daemon=True)
            for worker, task in zip(self._workers, tasks, strict=True)
        ]
        for thread in threads:
            thread.start()
        self._current = self._workers[0]
        self._current.turn.release()
        for thread in threads:
            thread.join()
        problems = [worker.problem for worker in self._workers if worker.problem is not None]
        self._workers, self._current = [], None
        if problems:
            raise problems[0]

    def switch(self) -> None:
        """A moment at which another worker may go on instead of the one that runs."""
        me = self._current
        if me is not None and self.random() < self._restlessness:
            me.wakes_at = self.passed
            self._hand_over(me)

    def _live(self, me: _Worker, task: Callable[[], None]) -> None:
        me.turn.acquire()
        try:
            task()
        except BaseException as problem:  # noqa: BLE001 - handed to whoever waits for all
            me.problem = problem
        finally:
            me.over = True
            self._wake_next()

    def _hand_over(self, me: _Worker) -> None:
        if self._wake_next() is not me:
            me.turn.acquire()

    def _wake_next(self) -> _Worker | None:
        """The caller goes on without a word where it is chosen itself."""
        living = [worker for worker in self._workers if not worker.over]
        if not living:
            return None
        me = self._current
        earliest = min(worker.wakes_at for worker in living)
        if earliest > self.passed:
            self._pass_to(earliest)
        ready = [worker for worker in living if worker.wakes_at <= self.passed]
        chosen = ready[0] if len(ready) == 1 else self.random_source.choice(ready)
        self._current = chosen
        if chosen is not me:
            chosen.turn.release()
        return chosen

    def _pass_to(self, moment: float) -> None:
        if self.on_time is not None:
            self.on_time(moment)
        self.passed = max(self.passed, moment)
