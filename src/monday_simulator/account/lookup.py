"""Items of a board by the text of a column. An index is built at the first look-up, then kept up to date."""

from __future__ import annotations

from collections.abc import Iterable

from monday_simulator.account.reading import search_terms
from monday_simulator.account.state import Board, Column, Item

Index = dict[str, dict[str, None]]


class Lookup:
    """Case-insensitive, exact, whole text."""

    def __init__(self) -> None:
        self._indices: dict[tuple[str, str], Index] = {}
        self._columns: dict[str, list[str]] = {}

    def find(self, board: Board, column: Column, wanted: Iterable[str], items: Iterable[Item]) -> dict[str, None]:
        """Ids of items whose column holds one of the texts. items: all of the board, to build the index."""
        index = self._indices.get((board.id, column.id))
        if index is None:
            index = self._build(board, column, items)
        found: dict[str, None] = {}
        for text in wanted:
            found.update(index.get(text.casefold(), {}))
        return found

    def _build(self, board: Board, column: Column, items: Iterable[Item]) -> Index:
        index: Index = {}
        for item in items:
            for term in search_terms(column, item):
                index.setdefault(term, {})[item.id] = None
        self._indices[board.id, column.id] = index
        self._columns.setdefault(board.id, []).append(column.id)
        return index

    def forget(self, board_id: str, column_id: str) -> None:
        """The column is gone."""
        if self._indices.pop((board_id, column_id), None) is not None:
            self._columns[board_id].remove(column_id)

    def add(self, board: Board, item: Item) -> None:
        for index, term in self._entries(board, item):
            index.setdefault(term, {})[item.id] = None

    def remove(self, board: Board, item: Item) -> None:
        """Must be called before the item's values change."""
        for index, term in self._entries(board, item):
            index.get(term, {}).pop(item.id, None)

    def _entries(self, board: Board, item: Item) -> Iterable[tuple[Index, str]]:
        for column_id in self._columns.get(board.id, ()):
            column = board.column(column_id)
            if column is not None:
                for term in search_terms(column, item):
                    yield self._indices[board.id, column_id], term
