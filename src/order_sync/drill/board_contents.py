"""What a board holds, for the invariants: read through the API as a stranger would, or straight from a simulator."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from monday_simulator import Simulator
from monday_simulator.account.state import Board as SimulatedBoard
from monday_simulator.account.state import Item
from monday_simulator.account.values.kinds import kind_of
from order_sync.model.ids import ColumnId
from order_sync.model.mapping import Mapping as OrderMapping
from order_sync.monday.board import Board
from order_sync.monday.items import BoardItem


@dataclass(frozen=True, slots=True)
class SeenItem:
    """An item, or with `parent` a subitem. `key` in lower case; `values`: texts by column id, blank ones left out."""

    id: int
    parent: int | None
    name: str
    state: str  # active | archived | deleted
    group: str | None
    creator: str | None
    key: str | None
    values: Mapping[str, str]


class BoardContents(Protocol):
    """One look at the board."""

    def items(self) -> Iterator[SeenItem]:
        """Items and subitems."""

    def groups(self) -> Sequence[tuple[str, str]]:
        """Id and title of the groups that are there."""


@dataclass(frozen=True)
class ThroughApi:
    """Only what is active: nobody can list the rest."""

    board: Board
    mapping: OrderMapping

    def items(self) -> Iterator[SeenItem]:
        key, sub_key = self.mapping.board.sync_key, self.mapping.subitems.sync_key
        for full in self.board.scan_full(ColumnId(key), ColumnId(sub_key) if sub_key else None):
            yield _seen(full.item, None, full.group_title)
            for subitem in full.subitems:
                yield _seen(subitem, full.item.id, None)

    def groups(self) -> Sequence[tuple[str, str]]:
        return [(str(group.id), group.title) for group in self.board.describe().groups]


def _seen(item: BoardItem, parent: int | None, group: str | None) -> SeenItem:
    values = {str(column): text for column, text in item.values.items()}
    return SeenItem(item.id, parent, item.name, item.state, group, item.creator_id, item.key, values)


@dataclass(frozen=True)
class InProcess:
    """Everything that ever was, also what is archived or deleted."""

    simulator: Simulator
    mapping: OrderMapping

    def items(self) -> Iterator[SeenItem]:
        with self.simulator.lock:
            board = self.simulator.store.boards[self.mapping.board.id]
            below = self.simulator.store.subitem_board(board)
            sides = {board.id: _Side(board, self.mapping.board.sync_key)}
            if below is not None:
                sides[below.id] = _Side(below, self.mapping.subitems.sync_key)
            items = [item for item in self.simulator.store.items.values() if item.board_id in sides]
            found = [sides[item.board_id].seen(item) for item in items]
        yield from found

    def groups(self) -> Sequence[tuple[str, str]]:
        with self.simulator.lock:
            board = self.simulator.store.boards[self.mapping.board.id]
            return [(group.id, group.title) for group in board.groups_in_order()]


class _Side:
    """The item board or the subitem board, with what shows its values."""

    def __init__(self, board: SimulatedBoard, key_column: str | None) -> None:
        self._key = key_column
        self._columns = {column.id: (column, kind_of(column.type)) for column in board.columns}
        self._groups = {group.id: group.title for group in board.groups}

    def seen(self, item: Item) -> SeenItem:
        texts = {name: self._text(name, stored) for name, stored in item.values.items()}
        values = {name: text for name, text in texts.items() if text}
        key = values.get(self._key, "").strip().lower() if self._key else ""
        parent = None if item.parent_id is None else int(item.parent_id)
        group = self._groups.get(item.group_id) if parent is None else None
        return SeenItem(int(item.id), parent, item.name, item.state, group, item.creator_id, key or None, values)

    def _text(self, name: str, stored: object) -> str | None:
        column, kind = self._columns[name]
        return kind.text(column, stored)
