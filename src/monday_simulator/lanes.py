"""Virtual time for several threads: exactly one runs at a time, so that the same work always goes the same way."""

from __future__ import annotations

import heapq
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

T = TypeVar("T")


class LaneClock:
    """Time that passes only while every lane sleeps: then the one with the earliest wake-up goes on.

    Of several with the same one, the lane with the lowest number. A lane must not sleep while it holds a lock that
    another lane may want: that one would wait for it as the running one, and time would stand still.
    """

    def __init__(self, start: datetime = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)) -> None:
        self._start = start
        self._passed = timedelta(0)
        self._turn = threading.Condition()
        self._sleeping: list[tuple[timedelta, int]] = []
        self._running: int | None = None
        self._lanes: dict[int, int] = {}

    def now(self) -> datetime:
        return self._start + self._passed

    def monotonic(self) -> float:
        return self._passed.total_seconds()

    def sleep(self, wait: timedelta) -> None:
        """Let the others go on until then. A thread that is no lane just lets the time pass."""
        lane = self._lanes.get(threading.get_ident())
        if wait <= timedelta(0):
            return
        if lane is None:
            self.advance(wait)
            return
        with self._turn:
            self._lie_down(lane, wait)
            self._wake_next()
            self._turn.wait_for(lambda: self._running == lane)

    def advance(self, wait: timedelta) -> None:
        """Let time pass without anybody waiting; RuntimeError while lanes run, for theirs would be skipped."""
        with self._turn:
            if self._running is not None:
                raise RuntimeError("time is the lanes' own while they run")
            self._passed += max(wait, timedelta(0))

    def run(self, tasks: Sequence[Callable[[], T]], lanes: int | None = None) -> list[T]:
        """Do the tasks in lanes, as many as tasks where no number is given; a lane that is free takes the next.

        Returns what the tasks returned, in their order; raises what the first of them raised, once all are over.
        """
        with LaneExecutor(self, lanes or max(1, len(tasks)), len(tasks)) as executor:
            futures = [executor.submit(task) for task in tasks]
        return [future.result() for future in futures]

    # for the executor

    def start(self, threads: Sequence[threading.Thread]) -> None:
        """Begin one lane per thread, numbered from 0. Each must call `enter` first and `leave` last."""
        with self._turn:
            if self._running is not None:
                raise RuntimeError("lanes are running already")
            for lane, _ in enumerate(threads):
                self._lie_down(lane, timedelta(0))
            self._wake_next()
        for thread in threads:
            thread.start()

    def enter(self, lane: int) -> None:
        with self._turn:
            self._lanes[threading.get_ident()] = lane
            self._turn.wait_for(lambda: self._running == lane)

    def leave(self) -> None:
        with self._turn:
            del self._lanes[threading.get_ident()]
            self._wake_next()

    def _lie_down(self, lane: int, wait: timedelta) -> None:
        heapq.heappush(self._sleeping, (self._passed + wait, lane))

    def _wake_next(self) -> None:
        if not self._sleeping:
            self._running = None
        else:
            wakes_at, self._running = heapq.heappop(self._sleeping)
            self._passed = max(self._passed, wakes_at)
        self._turn.notify_all()


class LaneExecutor(Executor):
    """Runs tasks in lanes of a clock, once all `expected` ones were submitted: before that nothing begins.

    Where less come than expected, what did come begins with `shutdown`.
    """

    def __init__(self, clock: LaneClock, lanes: int, expected: int) -> None:
        self._clock = clock
        self._expected = expected
        self._tasks: list[tuple[Future[Any], Callable[[], Any]]] = []
        self._threads = [threading.Thread(target=self._work, args=(lane,), daemon=True) for lane in range(lanes)]
        self._submitted = 0
        self._is_started = False

    def submit(self, task: Callable[..., T], /, *arguments: Any, **named: Any) -> Future[T]:
        if self._is_started:
            raise RuntimeError("more tasks than were expected")
        future: Future[T] = Future()
        self._tasks.append((future, lambda: task(*arguments, **named)))
        self._submitted += 1
        if self._submitted == self._expected:
            self._start()
        return future

    def _start(self) -> None:
        self._is_started = True
        self._clock.start(self._threads)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        if cancel_futures:
            for future, _ in self._tasks:
                future.cancel()
        if not self._is_started and self._tasks:
            self._start()
        if wait and self._is_started:
            for thread in self._threads:
                thread.join()

    def _work(self, lane: int) -> None:
        self._clock.enter(lane)
        try:
            while self._tasks:
                _settle(*self._tasks.pop(0))
        finally:
            self._clock.leave()


def _settle(future: Future[Any], task: Callable[[], Any]) -> None:
    """Whatever a task raises belongs to its future, as in any executor."""
    if not future.set_running_or_notify_cancel():
        return
    try:
        future.set_result(task())
    except BaseException as error:  # noqa: BLE001 - handed on, not handled
        future.set_exception(error)
