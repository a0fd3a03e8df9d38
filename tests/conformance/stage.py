"""An account in which the ids of a recording exist."""

from __future__ import annotations

import contextlib
import json
import re
from typing import Any, TypeVar

import msgspec

from monday_simulator import Simulator
from monday_simulator.account.boards import default_columns
from monday_simulator.account.errors import FieldError
from monday_simulator.account.items import change_item, subitem_board_of
from monday_simulator.account.labels import add_label, complete_settings, find_label
from monday_simulator.account.people import USER_ID
from monday_simulator.account.records import (
    Block,
    Document,
    Folder,
    Person,
    Record,
    Tag,
    Team,
    Update,
    Webhook,
    Workspace,
)
from monday_simulator.account.state import Board, Column, Group, Item

R = TypeVar("R", bound=Record)
STEP = 65536.0
_TYPES = {
    "color": "status",
    "numeric": "numbers",
    "number": "numbers",
    "dup": "text",
    "lookup": "mirror",
    "pulse": "item_id",
    "person": "people",
    "project_owner": "people",
    "multiple_person": "people",
    "files": "file",
    "subitems": "subtasks",
    "project_timeline": "timeline",
    "date4": "date",
}


class Stage:
    """Whatever is asked for is there afterwards; asking twice makes it once."""

    def __init__(self, simulator: Simulator) -> None:
        self.simulator = simulator
        self.store = simulator.store
        self._common: Board | None = None

    def board(self, board_id: str | None = None, **fields: Any) -> Board:
        """None: one board for everything whose board a recording does not name."""
        if board_id is None and self._common is not None:
            return self._common
        board = self.store.boards.get(board_id or "")
        if board is None:
            board = self._new_board(board_id or self.store.ids.number())
        for name, value in fields.items():
            setattr(board, name, value)
        self.store.put_board(board)
        if board_id is None:
            self._common = board
        return board

    def _new_board(self, board_id: str) -> Board:
        now = self.store.now()
        group = Group("topics", "Group Title", "#579bfc", STEP)
        limit = self.simulator.limits.items_per_board
        return Board(board_id, "Recorded board", now, now, default_columns(), [group], limit)

    def another_board(self) -> Board:
        return self.board(self.store.ids.number())

    def group(self, board: Board, group_id: str, title: str = "Recorded group") -> Group:
        found = board.group(group_id)
        if found is None:
            found = Group(group_id, title, "#579bfc", STEP * (2 + len(board.groups)))
            board.groups.append(found)
            self.store.put_board(board)
        return found

    def column(self, board: Board, column_id: str, column_type: str | None = None, title: str = "Recorded") -> Column:
        found = board.column(column_id)
        if found is None:
            kind = column_type or type_by_id(column_id)
            found = Column(column_id, title, kind, complete_settings(kind, {}))
            board.columns.append(found)
            self.store.put_board(board)
        return found

    def item(self, board: Board, item_id: str | None = None, name: str = "Recorded item", **fields: Any) -> Item:
        known = self.store.items.get(item_id or "")
        if known is not None:
            return known
        now = self.store.now()
        group_id = fields.pop("group_id", None) or board.groups_in_order()[0].id
        item = Item(
            id=item_id or self.store.ids.number(),
            board_id=board.id,
            group_id=group_id,
            name=name,
            place=self.store.new_place(),
            created_at=fields.pop("created_at", None) or now,
            updated_at=now,
            creator_id=USER_ID,
            **fields,
        )
        self.store.ids.seen(item.id)
        self.store.add_item(item)
        return item

    def subitem(self, parent: Item, item_id: str | None, name: str, **fields: Any) -> Item:
        board = subitem_board_of(self.store, self.simulator.limits, self.store.boards[parent.board_id])
        return self.item(board, item_id, name, parent_id=parent.id, **fields)

    def record(self, sort: type[R], record_id: str | None, **fields: Any) -> R:
        """With whatever fields of its sort are given, and plain ones for the rest."""
        known = self.store.shelf.find(sort, record_id or "")
        if known is not None:
            return known
        plain = {**self._plain(sort), **{name: value for name, value in fields.items() if name in _fields(sort)}}
        made = sort(id=record_id or self.store.ids.number(), **plain)
        self.store.ids.seen(made.id)
        return self.store.shelf.put(made)

    def _plain(self, sort: type[Record]) -> dict[str, Any]:
        now = self.store.now()
        plain: dict[type[Record], dict[str, Any]] = {
            Workspace: {"name": "W", "created_at": now},
            Folder: {"name": "F", "created_at": now},
            Tag: {"name": "t", "color": "#579bfc"},
            Team: {"name": "T", "created_at": now},
            Person: {"name": "P", "email": "p@simulator.example", "created_at": now},
            Webhook: {"board_id": "0", "event": "create_item", "url": "https://example.com"},
            Document: {"object_id": self.store.ids.number(), "name": "D", "created_at": now, "updated_at": now},
            Block: {
                "doc_id": "0",
                "type": "normal_text",
                "content": "{}",
                "position": 1.0,
                "created_at": now,
                "updated_at": now,
            },
            Update: {"item_id": "0", "body": "b", "created_at": now, "updated_at": now},
        }
        return plain[sort]

    def write(self, item: Item, column_id: str, value: object) -> None:
        """As far as the column takes it; None and refused values leave it empty."""
        if value is not None:
            with contextlib.suppress(FieldError):
                change_item(self.store, item.board_id, item.id, {column_id: value}, create_labels=True)

    def allow(self, column: Column, value: object) -> None:
        """A label that a recording could choose is one of the column's."""
        if column.type not in ("status", "dropdown"):
            return
        for text in _labels(value):
            if not text.isdecimal() and find_label(column.settings, text) is None:
                add_label(column.type, column.settings, text)


def _fields(sort: type[Record]) -> set[str]:
    return {each.name for each in msgspec.structs.fields(sort)}


def _labels(value: object) -> list[str]:
    if isinstance(value, dict):
        value = value.get("label", value.get("labels"))
    if isinstance(value, str):
        return [value]
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def type_by_id(column_id: str) -> str:
    """monday's ids begin with the type, or with an older name of it."""
    stem = re.sub(r"(_*[0-9]*|_mk\w+)$", "", column_id)
    return _TYPES.get(column_id, _TYPES.get(stem, stem if stem in _KNOWN else "text"))


_KNOWN = {
    "status", "text", "long_text", "dropdown", "date", "numbers", "timeline", "people", "email", "phone", "link",
    "checkbox", "country", "file", "tags", "rating", "hour", "week", "location", "world_clock", "board_relation",
    "subtasks",
}  # fmt: skip


def type_by_value(value: object) -> str | None:
    """From the form of a value, where that says it."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return None
    if not isinstance(value, dict):
        return None
    return next((kind for key, kind in _BY_KEY.items() if key in value), None)


_BY_KEY = {
    "clear_all": "file", "label": "status", "index": "status", "labels": "dropdown", "ids": "dropdown", "date": "date",
    "from": "timeline", "personsAndTeams": "people", "email": "email", "phone": "phone", "url": "link",
    "checked": "checkbox", "countryCode": "country", "item_ids": "board_relation", "tag_ids": "tags",
    "rating": "rating", "hour": "hour", "week": "week", "lat": "location", "timezone": "world_clock",
    "text": "long_text",
}  # fmt: skip
