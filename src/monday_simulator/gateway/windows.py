"""Stretches of time in which something is counted."""

from __future__ import annotations

import math

import msgspec

from monday_simulator.clock import Clock


class WindowRecord(msgspec.Struct, frozen=True):
    """A window as it is written down. ends_at: seconds since 1970, for the monotonic clock dies with its process."""

    ends_at: float
    used: int


class Window:
    """Opens at the first use, and anew at the first use after its end."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        self._clock = clock
        self._seconds = seconds
        self._ends = -math.inf
        self._used = 0
        self._exceeded = False

    @property
    def used(self) -> int:
        return 0 if self.has_ended() else self._used

    @property
    def exceeded(self) -> bool:
        """Whether more was asked for than there is, last and in this window."""
        return self._exceeded and not self.has_ended()

    def touch(self) -> Window:
        """Open it where it has ended."""
        if self.has_ended():
            self._ends = self._clock.monotonic() + self._seconds
            self._used, self._exceeded = 0, False
        return self

    def take(self, amount: int) -> None:
        self._used += amount
        self._exceeded = False

    def refuse(self) -> None:
        self._exceeded = True

    def has_ended(self) -> bool:
        return self._clock.monotonic() >= self._ends

    def seconds_left(self) -> int:
        return max(1, math.ceil(self._ends - self._clock.monotonic()))

    def record(self) -> WindowRecord | None:
        """None for a window that has ended."""
        if self.has_ended():
            return None
        left = self._ends - self._clock.monotonic()
        return WindowRecord(self._clock.now().timestamp() + left, self._used)

    def restore(self, record: WindowRecord) -> None:
        left = record.ends_at - self._clock.now().timestamp()
        self._ends = self._clock.monotonic() + min(left, self._seconds)
        self._used = record.used
