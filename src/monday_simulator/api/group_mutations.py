"""Changing, retiring and copying groups and columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from monday_simulator.account.board_changes import (
    change_column,
    change_group,
    column_of,
    copy_group,
    drop_column,
    retire_group,
)
from monday_simulator.account.errors import argument_refused
from monday_simulator.account.label_changes import check_revision
from monday_simulator.account.labels import complete_settings
from monday_simulator.account.state import ARCHIVED, DELETED, Board, Column
from monday_simulator.api.changes import made, object_of
from monday_simulator.api.context import Context
from monday_simulator.api.views import GroupView


def _board(context: Context, board_id: str) -> Board:
    board = context.store.board(board_id)
    context.touch(board.id)
    return board


def archive_group(context: Context, board_id: str, group_id: str) -> GroupView:
    return _retire(context, board_id, group_id, ARCHIVED)


def delete_group(context: Context, board_id: str, group_id: str) -> GroupView:
    return _retire(context, board_id, group_id, DELETED)


def _retire(context: Context, board_id: str, group_id: str, state: str) -> GroupView:
    board = _board(context, board_id)
    return GroupView(board, retire_group(context.store, board, group_id, state))


def update_group(context: Context, board_id: str, group_id: str, group_attribute: str, new_value: str) -> GroupView:
    board = _board(context, board_id)
    group = context.store.group(board, group_id)
    change_group(context.store, board, group, group_attribute, new_value)
    return GroupView(board, group)


def duplicate_group(
    context: Context,
    board_id: str,
    group_id: str,
    group_title: str | None = None,
    add_to_top: bool | None = None,
) -> GroupView:
    board = _board(context, board_id)
    original = context.store.group(board, group_id)
    group = copy_group(context.store, board, original, group_title, bool(add_to_top))
    made(context, board.id, group.id)
    return GroupView(board, group)


def change_column_title(context: Context, board_id: str, column_id: str, title: str) -> Column:
    board = _board(context, board_id)
    column = column_of(board, column_id)
    change_column(context.store, board, column, title)
    return column


def change_column_metadata(
    context: Context, board_id: str, column_id: str, column_property: str | None = None, value: str | None = None
) -> Column:
    board = _board(context, board_id)
    column = column_of(board, column_id)
    if column_property is None or value is None:
        raise argument_refused("column_property and value must be given")
    title, description = (value, None) if column_property == "title" else (None, value)
    change_column(context.store, board, column, title, description)
    return column


def update_column(
    context: Context,
    board_id: str,
    id: str,
    column_type: str,
    revision: str,
    title: str | None = None,
    description: str | None = None,
    width: int | None = None,
    settings: object = None,
) -> Column:
    """Only on top of the revision that the column has."""
    board = _board(context, board_id)
    column = column_of(board, id)
    if column.type != column_type:
        raise argument_refused("The column has another type", column_id=id, column_type=column.type)
    check_revision(column, revision)
    changed = None if settings is None else _completed(column, object_of(settings, "settings"))
    change_column(context.store, board, column, title, description, changed)
    column.width = column.width if width is None else width
    return column


def _completed(column: Column, settings: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return complete_settings(column.type, {**column.settings, **settings})
    except ValueError as error:
        raise argument_refused(f"Column settings: {error}", column_id=column.id) from error


def delete_column(context: Context, board_id: str, column_id: str) -> Column:
    board = _board(context, board_id)
    column = column_of(board, column_id)
    drop_column(context.store, board, column)
    return column


GROUP_MUTATIONS = (
    archive_group,
    change_column_metadata,
    change_column_title,
    delete_column,
    delete_group,
    duplicate_group,
    update_column,
    update_group,
)
