"""Making, changing and retiring items."""

from __future__ import annotations

from collections.abc import Mapping

from monday_simulator.account import item_changes
from monday_simulator.account.items import change_item, change_simply, make_item, make_subitem, place_for
from monday_simulator.account.state import ARCHIVED, DELETED, Item
from monday_simulator.api.changes import made, object_of, required
from monday_simulator.api.context import Context


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
        object_of(column_values, "column_values"),
        create_labels=bool(create_labels_if_missing),
        place=None if relative_to is None else place_for(store, group, relative_to, after),
    )
    made(context, board.id, item.id)
    return item


def create_subitem(
    context: Context,
    parent_item_id: str,
    item_name: str,
    column_values: object = None,
    create_labels_if_missing: bool | None = None,
) -> Item:
    values = object_of(column_values, "column_values")
    labels = bool(create_labels_if_missing)
    item = make_subitem(context.store, context.limits, parent_item_id, item_name, values, labels)
    made(context, item.board_id, item.id)
    return item


def change_multiple_column_values(
    context: Context,
    board_id: str,
    column_values: object,
    item_id: str | None = None,
    create_labels_if_missing: bool | None = None,
) -> Item:
    context.touch(board_id)
    values = object_of(column_values, "column_values")
    return change_item(context.store, board_id, required(item_id), values, bool(create_labels_if_missing))


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
    return change_simply(context.store, board_id, required(item_id), column_id, value, labels)


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
    return change_item(context.store, board_id, required(item_id), {column_id: value}, labels)


def archive_item(context: Context, item_id: str | None = None) -> Item:
    return _retire(context, item_id, ARCHIVED)


def delete_item(context: Context, item_id: str | None = None) -> Item:
    return _retire(context, item_id, DELETED)


def _retire(context: Context, item_id: str | None, state: str) -> Item:
    item = context.store.item(required(item_id))
    context.touch(item.board_id)
    context.store.retire_item(item, state)
    return item


def move_item_to_group(context: Context, group_id: str, item_id: str | None = None) -> Item:
    store = context.store
    item = store.item(required(item_id))
    context.touch(item.board_id)
    store.move_item(item, store.group(store.board(item.board_id), group_id))
    return item


def move_item_to_board(
    context: Context,
    board_id: str,
    group_id: str,
    item_id: str,
    columns_mapping: list[Mapping[str, str | None]] | None = None,
    subitems_columns_mapping: list[Mapping[str, str | None]] | None = None,
) -> Item:
    store, item = context.store, context.store.item(item_id)
    board = store.board(board_id)
    context.touch(item.board_id)
    context.touch(board.id)
    mapped, below = _mapped(columns_mapping), _mapped(subitems_columns_mapping)
    item_changes.move_to_board(store, context.limits, item, board, store.group(board, group_id), mapped, below)
    return item


def _mapped(pairs: list[Mapping[str, str | None]] | None) -> item_changes.Mapped | None:
    return None if pairs is None else {str(pair["source"]): pair.get("target") for pair in pairs}


def duplicate_item(
    context: Context, board_id: str, item_id: str | None = None, with_updates: bool | None = None
) -> Item:
    item = item_changes.duplicate_item(context.store, board_id, required(item_id), bool(with_updates))
    made(context, item.board_id, item.id)
    return item


def change_item_position(
    context: Context,
    item_id: str,
    relative_to: str | None = None,
    position_relative_method: str | None = None,
    group_id: str | None = None,
    group_top: bool | None = None,
) -> Item:
    store, item = context.store, context.store.item(item_id)
    context.touch(item.board_id)
    group = None if group_id is None else store.group(store.board(item.board_id), group_id)
    beside = None if relative_to is None else store.item(relative_to)
    item_changes.place_item(store, item, group, beside, position_relative_method != "before_at", bool(group_top))
    return item


ITEM_MUTATIONS = (
    archive_item,
    change_column_value,
    change_item_position,
    change_multiple_column_values,
    change_simple_column_value,
    create_item,
    create_subitem,
    delete_item,
    duplicate_item,
    move_item_to_board,
    move_item_to_group,
)
