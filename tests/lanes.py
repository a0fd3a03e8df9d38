"""Lanes in virtual time, for a run of the product: one clock and one executor of the simulator's, as a run wants them."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, Future
from typing import Any, TypeVar

from monday_simulator import LaneClock, LaneExecutor

T = TypeVar("T")


class SharedClock(LaneClock):
    """The lanes' clock with the product's chance."""

    def __init__(self, seed: int = 1) -> None:
        super().__init__()
        self._random = random.Random(seed)

    def random(self) -> float:
        return self._random.random()


class Lanes(Executor):
    """Lanes for a run that says how many customers or batches it has before it hands them in; hears it from events."""

    def __init__(self, clock: LaneClock, lanes: int) -> None:
        self._clock, self._lanes, self._expected = clock, lanes, 1
        self._executor: LaneExecutor | None = None

    def listen(self, name: str, fields: Mapping[str, Any]) -> None:
        if name in ("run.planned", "batches.resumed"):
            self.shutdown()
            self._executor = None
            self._expected = int(fields["customers" if name == "run.planned" else "batches"])

    def submit(self, task: Callable[..., T], /, *arguments: Any, **named: Any) -> Future[T]:
        if self._executor is None:
            self._executor = LaneExecutor(self._clock, self._lanes, self._expected)
        return self._executor.submit(task, *arguments, **named)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        if self._executor is not None:
            self._executor.shutdown(wait, cancel_futures=cancel_futures)
