"""What a board holds, as the steps see it; and how it is read off the wire."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec

from order_sync.model.errors import BoardUnavailable
from order_sync.model.ids import BoardId, ColumnId, GroupId, ItemId, SyncKey
from order_sync.monday.errors import item_id

ACTIVE = "active"


@dataclass(frozen=True, slots=True)
class BoardItem:
    """An item or subitem. `key` is the key column's text in lower case, None where blank or not asked for."""

    id: ItemId
    name: str
    state: str  # active | archived | deleted
    key: SyncKey | None = None
    group_id: GroupId | None = None
    creator_id: str | None = None
    values: Mapping[ColumnId, str] = field(default_factory=dict)  # texts as shown; blank ones are left out

    @property
    def active(self) -> bool:
        return self.state == ACTIVE


@dataclass(frozen=True, slots=True)
class FullItem:
    """An item with every value and its subitems, in board order."""

    item: BoardItem
    group_title: str
    subitems: tuple[BoardItem, ...]


@dataclass(frozen=True, slots=True)
class Parent:
    """An item as the parent of its subitems."""

    state: str
    subitems: list[BoardItem]

    @property
    def active(self) -> bool:
        return self.state == ACTIVE


@dataclass(frozen=True, slots=True)
class Lookup:
    """Items by key. Without `control_ok` the keys that were not found say nothing."""

    found: dict[SyncKey, list[BoardItem]]
    control_ok: bool


@dataclass(frozen=True, slots=True)
class LiveColumn:
    """A column of the live board. `labels` are those that can be set, `deactivated` those no longer."""

    id: ColumnId
    title: str
    type: str
    archived: bool = False
    labels: tuple[str, ...] = ()
    deactivated: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LiveGroup:
    """A group of the live board."""

    id: GroupId
    title: str


@dataclass(frozen=True, slots=True)
class BoardDescription:
    """The live board. Groups are in board order; `subitem_columns` is empty without a subitem board."""

    id: BoardId
    name: str
    state: str
    columns: tuple[LiveColumn, ...]
    groups: tuple[LiveGroup, ...]
    items_count: int | None
    items_limit: int | None
    subitem_board_id: BoardId | None = None
    subitem_columns: tuple[LiveColumn, ...] = ()

    def column(self, column_id: str) -> LiveColumn | None:
        """The column with this id, or None."""
        return next((column for column in self.columns if column.id == column_id), None)


@dataclass(frozen=True, slots=True)
class Me:
    """The user behind the token. The account's fields are None where the token may not see them."""

    user_id: str
    name: str
    account_id: str | None = None
    account_name: str | None = None
    tier: str | None = None
    trial: bool = False
    daily_calls: int | None = None  # how many the account may make a day


class WireGroup(msgspec.Struct):
    id: str = ""
    title: str = ""


class WireValue(msgspec.Struct):
    """`text` has no default: a key that was left out is not a blank one."""

    id: str
    text: str | None


class WireItem(msgspec.Struct):
    """An item whose id is none does not decode, nor one without a state: what is missing is not known to be active."""

    id: str | int
    state: str
    name: str = ""
    creator_id: str | int | None = None
    group: WireGroup | None = None
    column_values: list[WireValue] = []
    subitems: list[WireItem] | msgspec.UnsetType | None = msgspec.UNSET

    def __post_init__(self) -> None:
        if item_id(self.id) is None:
            raise ValueError(f"not an item id: {str(self.id)[:40]!r}")


class WirePage(msgspec.Struct):
    """`items` has no default: a page without them is no page."""

    items: list[WireItem]
    cursor: str | None = None


def board_item(wire: WireItem, key_column: ColumnId | None = None) -> BoardItem:
    """Blank texts are left out of the values. BoardUnavailable where the key column was not read: a blank key is read
    as a value without text, so an item without the value is not known to have no key."""
    if key_column is not None and all(value.id != key_column for value in wire.column_values):
        raise _not_read(wire, f"column {key_column}")
    values = {ColumnId(value.id): value.text for value in wire.column_values if value.text}
    key = values.get(key_column, "").strip().lower() if key_column is not None else ""
    return BoardItem(
        id=ItemId(int(wire.id)),
        name=wire.name,
        state=wire.state,
        key=SyncKey(key) if key else None,
        group_id=GroupId(wire.group.id) if wire.group and wire.group.id else None,
        creator_id=str(wire.creator_id) if wire.creator_id is not None else None,
        values=values,
    )


def full_item(wire: WireItem, key_column: ColumnId | None, subitem_key: ColumnId | None) -> FullItem:
    """The item with its group's title and its subitems."""
    return FullItem(
        item=board_item(wire, key_column),
        group_title=wire.group.title if wire.group else "",
        subitems=tuple(board_item(each, subitem_key) for each in _subitems(wire)),
    )


def _subitems(wire: WireItem) -> list[WireItem]:
    if wire.subitems is msgspec.UNSET:
        raise _not_read(wire, "subitems")
    return wire.subitems or []


def _not_read(wire: WireItem, what: str) -> BoardUnavailable:
    return BoardUnavailable(
        f"item {wire.id} was read without its {what}, which was asked for",
        next_step="nothing was concluded from it; check that this token may see all of the board, then run again",
    )
