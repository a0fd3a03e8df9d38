"""The records that make up the simulated account. Field names are the schema's where both mean the same."""

from __future__ import annotations

from typing import Any

import msgspec

ACTIVE, ARCHIVED, DELETED = "active", "archived", "deleted"
SUBITEM_BOARD = "sub_items_board"


class Column(msgspec.Struct):
    id: str
    title: str
    type: str
    settings: dict[str, Any] = {}
    description: str | None = None
    width: int | None = None
    archived: bool = False
    changes: int = 0

    @property
    def revision(self) -> str:
        return f"{self.changes:032x}"


class Group(msgspec.Struct):
    id: str
    title: str
    color: str
    place: float
    archived: bool = False
    deleted: bool = False

    @property
    def is_live(self) -> bool:
        return not self.archived and not self.deleted


class Board(msgspec.Struct):
    """parent_board_id: set on the board that holds another board's subitems."""

    id: str
    name: str
    created_at: str
    updated_at: str
    columns: list[Column]
    groups: list[Group]
    items_limit: int
    type: str = "board"
    board_kind: str = "public"
    state: str = ACTIVE
    description: str | None = None
    workspace_id: str | None = None
    parent_board_id: str | None = None
    board_folder_id: str | None = None
    created_from_board_id: str | None = None
    communication: str | None = None
    item_terminology: str = "item"

    def column(self, column_id: str) -> Column | None:
        return next((column for column in self.columns if column.id == column_id), None)

    def group(self, group_id: str) -> Group | None:
        return next((group for group in self.groups if group.id == group_id and group.is_live), None)

    def subtasks_column(self) -> Column | None:
        """The first column that can hold subitems."""
        return next((column for column in self.columns if column.type == "subtasks"), None)

    def groups_in_order(self) -> list[Group]:
        return sorted((group for group in self.groups if group.is_live), key=lambda group: group.place)


class Item(msgspec.Struct):
    """values: column id to the stored value; a cleared column has no entry."""

    id: str
    board_id: str
    group_id: str
    name: str
    place: float
    created_at: str
    updated_at: str
    creator_id: str
    values: dict[str, Any] = {}
    state: str = ACTIVE
    parent_id: str | None = None
