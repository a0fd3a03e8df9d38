"""Status and dropdown columns with typed settings: made with their labels, and changed by a whole list of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from monday_simulator.account.board_changes import change_column, column_of
from monday_simulator.account.boards import column_to_make, make_column
from monday_simulator.account.errors import argument_refused
from monday_simulator.account.label_changes import check_revision, first_settings, replaced_settings
from monday_simulator.account.state import Column
from monday_simulator.api.changes import made
from monday_simulator.api.context import Context


def create_status_column(context: Context, board_id: str, title: str, **more: Any) -> Column:
    return _create(context, board_id, "status", title, **more)


def create_dropdown_column(context: Context, board_id: str, title: str, **more: Any) -> Column:
    return _create(context, board_id, "dropdown", title, **more)


def _create(
    context: Context,
    board_id: str,
    column_type: str,
    title: str,
    id: str | None = None,
    description: str | None = None,
    after_column_id: str | None = None,
    defaults: Mapping[str, Any] | None = None,
    **_ignored: object,
) -> Column:
    """Without defaults a status column has the usual three labels, a dropdown none."""
    board = context.store.board(board_id)
    settings = {} if defaults is None else first_settings(column_type, defaults)
    column = column_to_make(context.store, column_type, title, id, settings)
    column.description = description
    added = make_column(context.store, context.limits, board, column, after_column_id)
    made(context, board.id, added.id)
    return added


def update_status_column(context: Context, board_id: str, id: str, revision: str, **more: Any) -> Column:
    return _update(context, board_id, "status", id, revision, **more)


def update_dropdown_column(context: Context, board_id: str, id: str, revision: str, **more: Any) -> Column:
    return _update(context, board_id, "dropdown", id, revision, **more)


def _update(
    context: Context,
    board_id: str,
    column_type: str,
    column_id: str,
    revision: str,
    title: str | None = None,
    description: str | None = None,
    width: int | None = None,
    settings: Mapping[str, Any] | None = None,
    **_ignored: object,
) -> Column:
    """Only on top of the revision that the column has."""
    board = context.store.board(board_id)
    context.touch(board.id)
    column = column_of(board, column_id)
    if column.type != column_type:
        raise argument_refused("The column has another type", column_id=column_id, column_type=column.type)
    check_revision(column, revision)
    replaced = None if settings is None else replaced_settings(column, settings)
    change_column(context.store, board, column, title, description, replaced)
    column.width = column.width if width is None else width
    return column


LABEL_MUTATIONS: tuple[Callable[..., Any], ...] = (
    create_dropdown_column,
    create_status_column,
    update_dropdown_column,
    update_status_column,
)
