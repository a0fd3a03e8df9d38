"""A board's description read off the wire: columns with their labels, groups in order, the subitem board."""

from __future__ import annotations

import json
from typing import Annotated, Any

import msgspec

from order_sync.model.ids import BoardId, ColumnId, GroupId
from order_sync.monday.items import BoardDescription, LiveColumn, LiveGroup


class WireColumn(msgspec.Struct):
    id: str
    title: str = ""
    type: str = ""
    archived: bool | None = None
    settings: Any = None


class WireLiveGroup(msgspec.Struct):
    id: str
    title: str = ""
    position: str | float | None = None
    archived: bool | None = None
    deleted: bool | None = None


class WireBoard(msgspec.Struct):
    """Columns and groups have no default: a group that is left out would be made once more."""

    id: str | int
    columns: list[WireColumn | None]
    groups: list[WireLiveGroup]
    name: str = ""
    state: str = ""
    items_count: Annotated[int, msgspec.Meta(ge=0)] | None = None
    items_limit: int | None = None


class Boards(msgspec.Struct):
    """`boards` has no default: an answer without it says nothing about the board."""

    boards: list[WireBoard | None]


def description(wire: WireBoard) -> BoardDescription:
    """The board as it describes itself; its subitem board is known by id only."""
    columns = [column for column in wire.columns if column is not None]
    groups = [group for group in wire.groups if not group.archived and not group.deleted]
    return BoardDescription(
        id=BoardId(str(wire.id)),
        name=wire.name,
        state=wire.state,
        columns=tuple(_column(column) for column in columns),
        groups=tuple(LiveGroup(GroupId(group.id), group.title) for group in sorted(groups, key=_position)),
        items_count=wire.items_count,
        items_limit=wire.items_limit,
        subitem_board_id=_subitem_board(columns),
    )


def _column(wire: WireColumn) -> LiveColumn:
    used, deactivated = _labels(_settings(wire))
    return LiveColumn(ColumnId(wire.id), wire.title, wire.type, bool(wire.archived), used, deactivated)


def _position(group: WireLiveGroup) -> float:
    """Positions are numbers written as text; without one a group keeps its place at the end."""
    try:
        return float(group.position) if group.position is not None else float("inf")
    except ValueError:
        return float("inf")


def _settings(wire: WireColumn) -> dict[str, Any]:
    """Settings come as an object, or as JSON text of one."""
    settings = wire.settings
    if isinstance(settings, str):
        try:
            settings = json.loads(settings)
        except ValueError:
            return {}
    return settings if isinstance(settings, dict) else {}


def _labels(settings: dict[str, Any]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The labels in use and the deactivated ones, from a list of objects or the older {index: text}."""
    given = settings.get("labels")
    if isinstance(given, dict):
        return tuple(text for text in given.values() if isinstance(text, str) and text), ()
    used: list[str] = []
    deactivated: list[str] = []
    for entry in given if isinstance(given, list) else ():
        text = entry.get("label", entry.get("name")) if isinstance(entry, dict) else entry
        if isinstance(text, str) and text:
            off = isinstance(entry, dict) and bool(entry.get("is_deactivated"))
            (deactivated if off else used).append(text)
    return tuple(used), tuple(deactivated)


def _subitem_board(columns: list[WireColumn]) -> BoardId | None:
    for column in columns:
        if column.type in {"subtasks", "subitems"}:
            settings = _settings(column)
            ids = settings.get("boardIds", settings.get("board_ids"))
            if isinstance(ids, list) and ids:
                return BoardId(str(ids[0]))
    return None
