"""Time of sessions over a line: it passes only while nothing is on its way."""

from __future__ import annotations

from datetime import timedelta
from typing import Protocol

from tests.harness import VirtualClock


class Line(Protocol):
    """What holds requests back until their time has come."""

    def settle(self) -> None: ...
    def next_due(self) -> float | None: ...
    def deliver_due(self, now: float) -> None: ...


class SessionClock(VirtualClock):
    """The product's. Nothing is ever later than it was meant to be, however slow the machine is."""

    def __init__(self, line: Line, seed: int = 0) -> None:
        super().__init__(seed)
        self._line = line

    def sleep(self, wait: timedelta) -> None:
        self._line.settle()
        until = self.seconds + max(0.0, wait.total_seconds())
        while (due := self._line.next_due()) is not None and due <= until:
            self.seconds = max(self.seconds, due)
            self._line.deliver_due(self.seconds)
        self.seconds = max(self.seconds, until)

    def pass_by(self, seconds: float) -> None:
        """While somebody waits for an answer."""
        self.seconds += seconds


class ServerClock:
    """The same time for the server, which takes none: the line does."""

    def __init__(self, clock: SessionClock) -> None:
        self.now, self.monotonic = clock.now, clock.monotonic

    def sleep(self, wait: timedelta) -> None:
        """At once."""
