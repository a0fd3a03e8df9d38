"""Making boards, columns and groups."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from monday_simulator.account.errors import argument_refused, column_not_found
from monday_simulator.account.labels import HEX_COLOR, PALETTE, complete_settings
from monday_simulator.account.state import SUBITEM_BOARD, Board, Column, Group
from monday_simulator.account.store import PLACE_STEP, Store
from monday_simulator.limits import Limits

GROUP_NAME_MAX = 255
TITLE_MAX = 255
_CUSTOM_ID = re.compile(r"[a-z_]{1,20}")


def default_columns() -> list[Column]:
    return [
        Column("name", "Name", "name"),
        Column("person", "Owner", "people"),
        Column("status", "Status", "status", complete_settings("status", {})),
        Column("date4", "Due date", "date"),
    ]


def make_board(store: Store, limits: Limits, name: str, kind: str = "public", **more: Any) -> Board:
    """A board with monday's default columns and its one group. more: further fields of Board."""
    if not name.strip():
        raise argument_refused("Board name cannot be blank", board_name=name)
    now = store.now()
    columns = more.pop("columns", None) or default_columns()
    group = Group("topics", more.pop("group_title", "Group Title"), PALETTE[7], PLACE_STEP)
    board = Board(store.ids.number(), name, now, now, columns, [group], limits.items_per_board, board_kind=kind, **more)
    store.put_board(board)
    return board


def make_column(store: Store, limits: Limits, board: Board, column: Column, after: str | None = None) -> Column:
    """Add a column; one for subitems brings their board along."""
    if board.column(column.id) is not None:
        raise argument_refused("Column id is already in use on this board", column_id=column.id)
    at = len(board.columns)
    if after is not None:
        before = board.column(after)
        if before is None:
            raise column_not_found(after, board.id)
        at = board.columns.index(before) + 1
    board.columns.insert(at, column)
    if column.type == "subtasks" and not column.settings.get("boardIds"):
        make_subitem_board(store, limits, board, column)
    store.put_board(board)
    return column


def column_to_make(
    store: Store, column_type: str, title: str, custom_id: str | None, defaults: Mapping[str, Any]
) -> Column:
    """A checked column that is not on its board yet. Its own id has 1 to 20 characters out of a-z and _."""
    if not 1 <= len(title) <= TITLE_MAX:
        raise argument_refused("Column title must be between 1 and 255 characters long", title=title)
    if custom_id is not None and not _CUSTOM_ID.fullmatch(custom_id):
        message = "Column id must have 1 to 20 characters, only lowercase letters and underscores"
        raise argument_refused(message, id=custom_id)
    settings = defaults.get("settings", defaults)
    if not isinstance(settings, Mapping):
        raise argument_refused("Column defaults must be an object")
    try:
        complete = complete_settings(column_type, settings)
    except ValueError as error:
        raise argument_refused(f"Column defaults: {error}") from error
    return Column(custom_id or store.ids.column(column_type), title, column_type, complete)


def make_subitem_board(store: Store, limits: Limits, parent: Board, column: Column) -> Board:
    """The board that holds the subitems of `parent`, tied to its subtasks column."""
    board = make_board(
        store,
        limits,
        f"Subitems of {parent.name}",
        parent.board_kind,
        type=SUBITEM_BOARD,
        parent_board_id=parent.id,
        group_title="Subitems",
    )
    board.items_limit = limits.subitems_per_board
    tie_subitem_board(column, board)
    return board


def subitem_board_draft(store: Store, parent: Board) -> Board:
    """What the subitem board of `parent` would take, before there is one; it has its parent's id."""
    now = store.now()
    return Board(parent.id, f"Subitems of {parent.name}", now, now, default_columns(), [], 0)


def tie_subitem_board(column: Column, board: Board) -> None:
    column.settings = {
        "allowMultipleItems": True,
        "itemTypeName": "column.subtasks.title",
        "displayType": "BOARD_INLINE",
        **column.settings,
        "boardIds": [int(board.id)],
    }


def make_group(
    store: Store,
    board: Board,
    title: str,
    color: str | None = None,
    relative_to: str | None = None,
    after: bool = False,
) -> Group:
    """A group, on top of the board unless it is placed beside another; titles may repeat."""
    if not 1 <= len(title) <= GROUP_NAME_MAX:
        raise argument_refused("Group name must be between 1 and 255 characters long", group_name=title)
    if color is not None and not HEX_COLOR.fullmatch(color):
        raise argument_refused("Group color must be a hex color", group_color=color)
    place = _group_place(store, board, relative_to, after)
    group = Group(_free_group_id(store, board), title, color or PALETTE[len(board.groups) % len(PALETTE)], place)
    board.groups.append(group)
    store.put_board(board)
    return group


def _free_group_id(store: Store, board: Board) -> str:
    taken = {group.id for group in board.groups}
    while (group_id := store.ids.group()) in taken:
        pass
    return group_id


def _group_place(store: Store, board: Board, relative_to: str | None, after: bool) -> float:
    ordered = board.groups_in_order()
    if relative_to is None:
        return ordered[0].place - PLACE_STEP if ordered else PLACE_STEP
    beside = store.group(board, relative_to)
    at = ordered.index(beside) + (1 if after else -1)
    if at < 0:
        return beside.place - PLACE_STEP
    if at >= len(ordered):
        return beside.place + PLACE_STEP
    return (beside.place + ordered[at].place) / 2
