"""How items looked before their latest changes, for look-ups that see a board as it was a moment ago."""

from __future__ import annotations

from collections import deque
from datetime import timedelta

from msgspec.structs import replace

from monday_simulator.account.state import Item
from monday_simulator.clock import Clock


class Past:
    """Keeps what is younger than the lag; without a lag, nothing."""

    def __init__(self, clock: Clock) -> None:
        self.lag = timedelta(0)
        self._clock = clock
        self._changes: deque[tuple[float, Item]] = deque()

    def note(self, item: Item) -> None:
        """Must be called before the item changes."""
        if self.lag > timedelta(0):
            self._forget()
            self._changes.append((self._clock.monotonic(), replace(item, values=dict(item.values))))

    def items(self, board_id: str) -> dict[str, Item]:
        """Items of a board that changed within the lag, by id, as they were before."""
        self._forget()
        found: dict[str, Item] = {}
        for _, item in self._changes:
            if item.board_id == board_id:
                found.setdefault(item.id, item)
        return found

    def _forget(self) -> None:
        oldest = self._clock.monotonic() - self.lag.total_seconds()
        while self._changes and self._changes[0][0] <= oldest:
            self._changes.popleft()
