"""Time of the simulated service: the only place that waits."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """now: aware UTC. monotonic: seconds. sleep: never less than the wait, as `monotonic` counts it."""

    def now(self) -> datetime: ...
    def monotonic(self) -> float: ...
    def sleep(self, wait: timedelta) -> None: ...


class SystemClock:
    """The computer's own time."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    def sleep(self, wait: timedelta) -> None:
        if wait > timedelta(0):
            time.sleep(wait.total_seconds())


class VirtualClock:
    """Time that passes only when somebody sleeps or `advance` is called."""

    def __init__(self, start: datetime = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)) -> None:
        self._start = start
        self._passed = timedelta(0)
        self._lock = threading.Lock()

    def now(self) -> datetime:
        return self._start + self._passed

    def monotonic(self) -> float:
        return self._passed.total_seconds()

    def sleep(self, wait: timedelta) -> None:
        self.advance(wait)

    def advance(self, wait: timedelta) -> None:
        """Let time pass without anybody waiting; a negative wait is none."""
        with self._lock:
            self._passed += max(wait, timedelta(0))
