"""Making and changing boards, columns and groups."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from monday_simulator.account.board_changes import change_board, copy_board, retire_board
from monday_simulator.account.boards import column_to_make, make_board, make_column, make_group
from monday_simulator.account.items import make_item
from monday_simulator.account.state import ARCHIVED, DELETED, Board, Column
from monday_simulator.api.changes import made, object_of
from monday_simulator.api.context import Context
from monday_simulator.api.views import GroupView


def create_board(
    context: Context,
    board_name: str,
    board_kind: str,
    empty: bool = False,
    description: str | None = None,
    workspace_id: str | None = None,
    folder_id: str | None = None,
    **_ignored: object,
) -> Board:
    """With monday's default columns, and one item unless it is to be empty."""
    store = context.store
    more = {"description": description, "workspace_id": workspace_id, "board_folder_id": folder_id}
    board = make_board(store, context.limits, board_name, board_kind, **more)
    if not empty:
        make_item(store, board, board.groups[0], "Task 1")
    made(context, board.id, board.id)
    return board


def create_column(
    context: Context,
    board_id: str,
    title: str,
    column_type: str,
    id: str | None = None,
    description: str | None = None,
    after_column_id: str | None = None,
    defaults: object = None,
) -> Column:
    board = context.store.board(board_id)
    column = column_to_make(context.store, column_type, title, id, object_of(defaults, "defaults"))
    column.description = description
    added = make_column(context.store, context.limits, board, column, after_column_id)
    made(context, board.id, added.id)
    return added


def create_group(
    context: Context,
    board_id: str,
    group_name: str,
    group_color: str | None = None,
    relative_to: str | None = None,
    position_relative_method: str | None = None,
    **_ignored: object,
) -> GroupView:
    board = context.store.board(board_id)
    after = position_relative_method == "after_at"
    group = make_group(context.store, board, group_name, group_color, relative_to, after)
    made(context, board.id, group.id)
    return GroupView(board, group)


def archive_board(context: Context, board_id: str) -> Board:
    context.touch(board_id)
    return retire_board(context.store, board_id, ARCHIVED)


def delete_board(context: Context, board_id: str) -> Board:
    context.touch(board_id)
    return retire_board(context.store, board_id, DELETED)


def update_board(context: Context, board_id: str, board_attribute: str, new_value: str) -> str:
    """Answers with JSON in a string."""
    board = context.store.board(board_id)
    context.touch(board.id)
    change_board(context.store, board, board_attribute, new_value)
    undo = {
        "undo_record_id": context.store.ids.request(),
        "action_type": "modify_project",
        "entity_type": "Board",
        "entity_id": int(board.id),
        "count": 1,
    }
    return msgspec.json.encode({"success": True, "undo_data": undo}).decode()


def duplicate_board(
    context: Context,
    board_id: str,
    duplicate_type: str,
    board_name: str | None = None,
    folder_id: str | None = None,
    workspace_id: str | None = None,
    **_ignored: object,
) -> dict[str, Any]:
    """Done when it answers; the service may still be copying items then."""
    original = context.store.board(board_id)
    board = copy_board(context.store, original, board_name, duplicate_type != "duplicate_board_with_structure")
    board.workspace_id = workspace_id or board.workspace_id
    board.board_folder_id = folder_id or board.board_folder_id
    made(context, board.id, board.id)
    return {"board": board, "is_async": False}


BOARD_MUTATIONS: tuple[Callable[..., Any], ...] = (
    archive_board,
    create_board,
    create_column,
    create_group,
    delete_board,
    duplicate_board,
    update_board,
)
