"""Time and chance, the second seam: everything that waits or draws asks here, so that tests need no real second."""

from __future__ import annotations

import random
import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol
from uuid import UUID


class Clock(Protocol):
    """now: aware UTC, for audit and schedules. monotonic: seconds, for safety; counts suspend where the system can."""

    def now(self) -> datetime: ...
    def monotonic(self) -> float: ...
    def sleep(self, wait: timedelta) -> None: ...
    def random(self) -> float: ...


_DRAWN: Final = 1 << 53  # what one draw of a float is good for


def fresh_uuid(clock: Clock) -> UUID:
    """A random id (version 4), drawn from the clock: a run that is replayed draws the same ones."""
    number = 0
    for _ in range(3):
        number = number * _DRAWN + int(clock.random() * _DRAWN)
    return UUID(int=number % (1 << 128), version=4)


class SystemClock:
    """The real one. `stop` ends a sleep early: an interrupted run must not sit out its quarantine."""

    def __init__(self, stop: threading.Event | None = None, seed: int | None = None) -> None:
        self.stop = stop or threading.Event()
        self._random = random.Random(seed)  # noqa: S311 - jitter, no secret
        # CLOCK_MONOTONIC stands still while a laptop sleeps; a quarantine must not.
        self._boottime: int | None = getattr(time, "CLOCK_BOOTTIME", None)

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.clock_gettime(self._boottime) if self._boottime is not None else time.monotonic()

    def sleep(self, wait: timedelta) -> None:
        if wait > timedelta(0):
            self.stop.wait(wait.total_seconds())

    def random(self) -> float:
        return self._random.random()
