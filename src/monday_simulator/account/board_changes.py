"""Changing, retiring and copying boards, groups and columns."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from monday_simulator.account.boards import GROUP_NAME_MAX, TITLE_MAX, make_group
from monday_simulator.account.errors import (
    LastGroupError,
    argument_refused,
    column_not_found,
    group_not_found,
    unauthorized,
)
from monday_simulator.account.item_changes import copy_items
from monday_simulator.account.labels import HEX_COLOR, PALETTE
from monday_simulator.account.state import ACTIVE, ARCHIVED, Board, Column, Group
from monday_simulator.account.store import PLACE_STEP, Store

TICKS_PER_SECOND = 10_000_000


def retire_board(store: Store, board_id: str, state: str) -> Board:
    """Archive or delete a board with the one of its subitems. There is none to archive: not authorized."""
    board = store.boards.get(board_id)
    if state == ARCHIVED and board_id.isdigit() and (board is None or board.state != ACTIVE):
        raise unauthorized()
    board = store.board(board_id)
    subitems = store.subitem_board(board)
    for each in (board, subitems):
        if each is not None:
            each.state = state
            store.put_board(each)
    return board


def change_board(store: Store, board: Board, attribute: str, value: str) -> None:
    if attribute == "name":
        if not value.strip():
            raise argument_refused("Board name cannot be blank", board_name=value)
        board.name = value
    elif attribute == "item_nickname":
        board.item_terminology = value
    else:
        setattr(board, attribute, value)
    store.put_board(board)


def copy_board(store: Store, original: Board, name: str | None, with_items: bool) -> Board:
    """Columns and groups keep their ids; items, where they come along, are new ones."""
    now = store.now()
    made = copy.deepcopy(original)
    made.id, made.created_at, made.created_from_board_id = store.ids.number(), now, original.id
    made.name = name or f"Duplicate of {original.name}"
    made.columns = [column for column in made.columns if column.type != "subtasks"]
    made.groups = [group for group in made.groups if group.is_live]
    store.put_board(made)
    for group in made.groups if with_items else ():
        copy_items(store, store.group_items(original.id, group.id), made, group)
    return made


# groups


def retire_group(store: Store, board: Board, group_id: str, state: str) -> Group:
    """With its items. A board keeps its last group."""
    group = board.group(group_id)
    if group is None:
        raise unauthorized() if state == ARCHIVED else group_not_found(group_id, board.id)
    if len(board.groups_in_order()) == 1:
        raise LastGroupError(board.id, group_id)
    for item_id in store.group_items(board.id, group.id):
        store.retire_item(store.items[item_id], state)
    group.archived, group.deleted = state == ARCHIVED, state != ARCHIVED
    store.put_board(board)
    return group


def change_group(store: Store, board: Board, group: Group, attribute: str, value: str) -> None:
    _GROUP_CHANGES[attribute](store, board, group, value)
    store.put_board(board)


def _retitle(_store: Store, _board: Board, group: Group, value: str) -> None:
    if not 1 <= len(value) <= GROUP_NAME_MAX:
        raise argument_refused("Group name must be between 1 and 255 characters long", group_name=value)
    group.title = value


def _recolor(_store: Store, _board: Board, group: Group, value: str) -> None:
    """A hex code, or a name, which is taken as one of the palette."""
    named = PALETTE[sum(value.encode()) % len(PALETTE)] if value.replace("-", "").replace("_", "").isalpha() else None
    if named is None and not HEX_COLOR.fullmatch(value):
        raise argument_refused("Group color must be a hex color", group_color=value)
    group.color = named or value


def _reposition(_store: Store, _board: Board, group: Group, value: str) -> None:
    try:
        group.place = float(value)
    except ValueError as error:
        raise argument_refused("Group position must be a number", position=value) from error


def _beside(after: bool) -> Callable[[Store, Board, Group, str], None]:
    def move(store: Store, board: Board, group: Group, value: str) -> None:
        beside = store.group(board, value)
        if beside is group:
            raise argument_refused("A group cannot be placed beside itself", group_id=value)
        others = [each for each in board.groups_in_order() if each is not group]
        at = others.index(beside) + (1 if after else 0)
        before = others[at - 1].place if at > 0 else others[0].place - 2 * PLACE_STEP
        behind = others[at].place if at < len(others) else others[-1].place + 2 * PLACE_STEP
        group.place = (before + behind) / 2

    return move


_GROUP_CHANGES: dict[str, Callable[[Store, Board, Group, str], None]] = {
    "title": _retitle,
    "color": _recolor,
    "position": _reposition,
    "relative_position_after": _beside(after=True),
    "relative_position_before": _beside(after=False),
}


def copy_group(store: Store, board: Board, original: Group, title: str | None, on_top: bool) -> Group:
    """With copies of its items; below the original unless it is to be on top."""
    name = title or f"Duplicate of {original.title}"
    group = make_group(store, board, name, original.color, None if on_top else original.id, after=True)
    copy_items(store, store.group_items(board.id, original.id), board, group)
    return group


# columns


def column_of(board: Board, column_id: str) -> Column:
    column = board.column(column_id)
    if column is None or column.archived:
        raise column_not_found(column_id, board.id)
    return column


def change_column(
    store: Store,
    board: Board,
    column: Column,
    title: str | None = None,
    description: str | None = None,
    settings: dict[str, Any] | None = None,
) -> None:
    """None leaves as it is. Other labels are other texts: look-ups by the column begin anew."""
    if title is not None:
        if not 1 <= len(title) <= TITLE_MAX:
            raise argument_refused("Column title must be between 1 and 255 characters long", title=title)
        column.title = title
    if description is not None:
        column.description = description
    if settings is not None:
        column.settings = settings
        store.lookup.forget(board.id, column.id)
    column.changes += 1
    store.put_board(board)


def drop_column(store: Store, board: Board, column: Column) -> None:
    """Its values go unread; the name stays."""
    if column.type == "name":
        raise argument_refused("The name column cannot be deleted", column_id=column.id)
    board.columns.remove(column)
    store.lookup.forget(board.id, column.id)
    store.put_board(board)


# what happened


def ticks(moment: str) -> str:
    """A moment as activity logs tell it: tenths of a microsecond since 1970."""
    passed = datetime.strptime(moment, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp()
    return str(int(passed) * TICKS_PER_SECOND)
