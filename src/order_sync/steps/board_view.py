"""What a run knows of the live board: read once when first needed, so that a run without work makes no call."""

from __future__ import annotations

import threading

from order_sync.model.ids import ColumnId, ItemId, SyncKey
from order_sync.monday.board import Board, BoardDescription, BoardItem, Me


class BoardView:
    """Caches the description, the user behind the token and, where it had to be made, a full scan."""

    def __init__(self, board: Board, sync_key: ColumnId) -> None:
        self._board = board
        self._sync_key = sync_key
        self._description: BoardDescription | None = None
        self._me: Me | None = None
        self._scan: dict[SyncKey, list[BoardItem]] | None = None
        self.foreign: list[BoardItem] = []
        self._lock = threading.RLock()

    def describe(self) -> BoardDescription:
        with self._lock:
            if self._description is None:
                self._description = self._board.describe()
            return self._description

    def describe_again(self) -> BoardDescription:
        """After something on the board turned out to be otherwise."""
        with self._lock:
            self._description = self._board.describe()
            return self._description

    def me(self) -> Me:
        with self._lock:
            if self._me is None:
                self._me = self._board.me()
            return self._me

    def labels(self, column: str) -> frozenset[str] | None:
        """The labels that a status or dropdown column has; None where the board has no such column."""
        for each in (*self.describe().columns, *self.describe().subitem_columns):
            if each.id == column:
                return frozenset(each.labels)
        return None

    def scan(self) -> dict[SyncKey, list[BoardItem]]:
        """All active items by their key; those without one are `foreign`."""
        with self._lock:
            if self._scan is None:
                self._scan = self._read_all()
            return self._scan

    def forget_scan(self) -> None:
        """The board has moved on since: the next scan reads it anew, and so does the next description."""
        with self._lock:
            self._scan = None
            self._description = None

    def _read_all(self) -> dict[SyncKey, list[BoardItem]]:
        found: dict[SyncKey, list[BoardItem]] = {}
        foreign = []
        for item in self._board.scan(self._sync_key):
            if item.key:
                found.setdefault(item.key, []).append(item)
            else:
                foreign.append(item)
        self.foreign = foreign
        return found


def oldest_first(items: list[BoardItem]) -> list[ItemId]:
    """Ids in ascending order: monday counts them up."""
    return sorted(item.id for item in items)
