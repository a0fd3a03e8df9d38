"""What a run knows of the live board: read once when first needed, so that a run without work makes no call."""

from __future__ import annotations

from order_sync.model.ids import ColumnId, ItemId, SyncKey
from order_sync.monday.board import Board, BoardDescription, BoardItem, Me


class BoardView:
    """Caches the description, the user behind the token and, where it had to be made, a full scan.

    Two lanes that ask at once may both read: that costs a call, a lock held over one would cost both lanes its time.
    """

    def __init__(self, board: Board, sync_key: ColumnId) -> None:
        self._board = board
        self._sync_key = sync_key
        self._description: BoardDescription | None = None
        self._me: Me | None = None
        self._scan: dict[SyncKey, list[BoardItem]] | None = None
        self.foreign: list[BoardItem] = []

    def describe(self) -> BoardDescription:
        found = self._description
        if found is None:
            found = self._description = self._board.describe()
        return found

    def describe_again(self) -> BoardDescription:
        """After something on the board turned out to be otherwise."""
        found = self._description = self._board.describe()
        return found

    def me(self) -> Me:
        found = self._me
        if found is None:
            found = self._me = self._board.me()
        return found

    @property
    def known_me(self) -> Me | None:
        """Without asking."""
        return self._me

    def labels(self, column: str) -> frozenset[str] | None:
        """The labels that a status or dropdown column has; None where the board has no such column."""
        for each in (*self.describe().columns, *self.describe().subitem_columns):
            if each.id == column:
                return frozenset(each.labels)
        return None

    def scan(self) -> dict[SyncKey, list[BoardItem]]:
        """All active items by their key; those without one are `foreign`."""
        found = self._scan
        if found is None:
            found = self._scan = self._read_all()
        return found

    def forget_scan(self) -> None:
        """The board has moved on since: the next scan reads it anew, and so does the next description."""
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
