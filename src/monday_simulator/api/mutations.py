"""Resolvers of everything that changes something: one alias, one change, done whole or refused whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from monday_simulator.account.boards import column_to_make, make_board, make_column, make_group
from monday_simulator.account.errors import FieldError, argument_refused
from monday_simulator.account.items import change_item, make_item, make_subitem, place_for
from monday_simulator.account.state import ARCHIVED, DELETED, Board, Column, Item
from monday_simulator.api.context import Context, Info
from monday_simulator.api.queries import complexity
from monday_simulator.api.views import GroupView


def _injected(context: Context) -> FieldError:
    message = "invalid value - refused by a scripted fault. Please check our API documentation."
    return FieldError(message, context.bad_code)


def _change(operation: Callable[..., Any]) -> Callable[..., Any]:
    """A root field of Mutation; a scripted fault may make it fail under its response key."""

    def resolve(_root: object, info: Info, **arguments: Any) -> Any:
        context = info.context
        if context.bad_key is not None and context.bad_key == info.path.key:
            raise _injected(context)
        return operation(context, **arguments)

    return resolve


def _object(values: object, argument: str) -> Mapping[str, Any]:
    if values is None:
        return {}
    if not isinstance(values, Mapping):
        raise argument_refused(f"{argument} must be a JSON object", argument=argument)
    return values


def _required(item_id: str | None) -> str:
    if item_id is None:
        raise argument_refused("item_id must be given")
    return item_id


def _made(context: Context, board_id: str, record_id: str) -> None:
    context.touch(board_id)
    context.made.append(record_id)


def create_board(
    context: Context,
    board_name: str,
    board_kind: str,
    empty: bool = False,
    description: str | None = None,
    workspace_id: str | None = None,
    **_ignored: object,
) -> Board:
    """With monday's default columns, and one item unless it is to be empty."""
    store = context.store
    more = {"description": description, "workspace_id": workspace_id}
    board = make_board(store, context.limits, board_name, board_kind, **more)
    if not empty:
        make_item(store, board, board.groups[0], "Task 1")
    _made(context, board.id, board.id)
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
    column = column_to_make(context.store, column_type, title, id, _object(defaults, "defaults"))
    column.description = description
    made = make_column(context.store, context.limits, board, column, after_column_id)
    _made(context, board.id, made.id)
    return made


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
    _made(context, board.id, group.id)
    return GroupView(board, group)


def create_item(
    context: Context,
    board_id: str,
    item_name: str,
    group_id: str | None = None,
    column_values: object = None,
    create_labels_if_missing: bool | None = None,
    relative_to: str | None = None,
    position_relative_method: str | None = None,
) -> Item:
    """Without a group id it goes to the top group; equal names are no obstacle."""
    store = context.store
    board = store.board(board_id)
    group = store.group(board, group_id) if group_id is not None else board.groups_in_order()[0]
    after = position_relative_method != "before_at"
    item = make_item(
        store,
        board,
        group,
        item_name,
        _object(column_values, "column_values"),
        create_labels=bool(create_labels_if_missing),
        place=None if relative_to is None else place_for(store, group, relative_to, after),
    )
    _made(context, board.id, item.id)
    return item


def create_subitem(
    context: Context,
    parent_item_id: str,
    item_name: str,
    column_values: object = None,
    create_labels_if_missing: bool | None = None,
) -> Item:
    values = _object(column_values, "column_values")
    labels = bool(create_labels_if_missing)
    item = make_subitem(context.store, context.limits, parent_item_id, item_name, values, labels)
    _made(context, item.board_id, item.id)
    return item


def change_multiple_column_values(
    context: Context,
    board_id: str,
    column_values: object,
    item_id: str | None = None,
    create_labels_if_missing: bool | None = None,
) -> Item:
    context.touch(board_id)
    values = _object(column_values, "column_values")
    return change_item(context.store, board_id, _required(item_id), values, bool(create_labels_if_missing))


def change_simple_column_value(
    context: Context,
    board_id: str,
    column_id: str,
    item_id: str | None = None,
    value: str | None = None,
    create_labels_if_missing: bool | None = None,
) -> Item:
    context.touch(board_id)
    labels = bool(create_labels_if_missing)
    return change_item(context.store, board_id, _required(item_id), {column_id: value}, labels)


def change_column_value(
    context: Context,
    board_id: str,
    column_id: str,
    value: object,
    item_id: str | None = None,
    create_labels_if_missing: bool | None = None,
) -> Item:
    context.touch(board_id)
    labels = bool(create_labels_if_missing)
    return change_item(context.store, board_id, _required(item_id), {column_id: value}, labels)


def archive_item(context: Context, item_id: str | None = None) -> Item:
    return _retire(context, item_id, ARCHIVED)


def delete_item(context: Context, item_id: str | None = None) -> Item:
    return _retire(context, item_id, DELETED)


def _retire(context: Context, item_id: str | None, state: str) -> Item:
    item = context.store.item(_required(item_id))
    context.touch(item.board_id)
    context.store.retire_item(item, state)
    return item


def move_item_to_group(context: Context, group_id: str, item_id: str | None = None) -> Item:
    store = context.store
    item = store.item(_required(item_id))
    context.touch(item.board_id)
    store.move_item(item, store.group(store.board(item.board_id), group_id))
    return item


MUTATIONS: dict[str, Any] = {
    "complexity": complexity,
    **{
        each.__name__: _change(each)
        for each in (
            archive_item,
            change_column_value,
            change_multiple_column_values,
            change_simple_column_value,
            create_board,
            create_column,
            create_group,
            create_item,
            create_subitem,
            delete_item,
            move_item_to_group,
        )
    },
}
