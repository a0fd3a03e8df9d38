"""Copying items, and moving them to other boards."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from typing import Any

from monday_simulator.account.errors import argument_refused, item_not_found, items_limit_reached, original_not_found
from monday_simulator.account.items import subitem_board_of
from monday_simulator.account.labels import LabelsFullError, add_label, draft, find_label, label_with_id
from monday_simulator.account.people import USER_ID
from monday_simulator.account.records import Update
from monday_simulator.account.state import ACTIVE, Board, Column, Group, Item
from monday_simulator.account.store import Store
from monday_simulator.limits import Limits

Mapped = Mapping[str, str | None]


def copy_items(store: Store, item_ids: Iterable[str], board: Board, group: Group) -> None:
    """Under their own names, in their order, without subitems: what copying a group or a board brings."""
    for item_id in item_ids:
        original = store.items[item_id]
        _copy(store, original, board.id, group.id, original.name, store.new_place(), None)


def duplicate_item(store: Store, board_id: str, item_id: str, with_updates: bool) -> Item:
    """Right below the original, with its values and subitems."""
    board, original = store.board(board_id), store.items.get(item_id)
    if original is None or original.state != ACTIVE or original.board_id != board.id:
        raise original_not_found(item_id)
    if store.items_count(board) >= board.items_limit:
        raise items_limit_reached(board.id, board.items_limit)
    place = store.place_beside(original, after=True)
    parent = original.parent_id
    made = _copy(store, original, board.id, original.group_id, f"{original.name} (copy)", place, parent)
    for child in store.subitems(original.id):
        _copy(store, child, child.board_id, child.group_id, child.name, store.new_place(), made.id)
    for update in store.shelf.all(Update) if with_updates else ():
        if update.item_id == original.id:
            again = copy.copy(update)
            again.id, again.item_id = store.ids.number(), made.id
            store.shelf.put(again)
    return made


def _copy(
    store: Store, original: Item, board_id: str, group_id: str, name: str, place: float, parent_id: str | None
) -> Item:
    now = store.now()
    made = Item(
        id=store.ids.number(),
        board_id=board_id,
        group_id=group_id,
        name=name,
        place=place,
        created_at=now,
        updated_at=now,
        creator_id=USER_ID,
        values=dict(original.values),
        parent_id=parent_id,
    )
    store.add_item(made)
    return made


def place_item(store: Store, item: Item, group: Group | None, beside: Item | None, after: bool, on_top: bool) -> None:
    """Within its board: beside another item, or at one end of a group."""
    board = store.board(item.board_id)
    if beside is not None:
        if beside.board_id != item.board_id or beside.id == item.id:
            raise item_not_found(beside.id)
        store.move_item(item, store.group(board, beside.group_id), store.place_beside(beside, after))
        return
    if group is None:
        raise argument_refused("relative_to or group_id must be given")
    ids = [each for each in store.group_items(board.id, group.id) if each != item.id]
    place = store.place_beside(store.items[ids[0]], after=False) if on_top and ids else None
    store.move_item(item, group, place)


# to another board


def move_to_board(
    store: Store,
    limits: Limits,
    item: Item,
    board: Board,
    group: Group,
    mapped: Mapped | None,
    subitems_mapped: Mapped | None,
) -> None:
    """Values go where they are mapped to; without a mapping, to a column of the same type and id or title."""
    if item.parent_id is not None:
        raise argument_refused("A subitem cannot be moved to another board", item_id=item.id)
    if store.items_count(board) >= board.items_limit:
        raise items_limit_reached(board.id, board.items_limit)
    children = store.subitems(item.id)
    _move(store, item, board, group, mapped)
    if children:
        below = subitem_board_of(store, limits, board)
        for child in children:
            _move(store, child, below, below.groups_in_order()[0], subitems_mapped)


def _move(store: Store, item: Item, board: Board, group: Group, mapped: Mapped | None) -> None:
    origin = store.boards[item.board_id]
    values: dict[str, Any] = {}
    for column_id, stored in item.values.items():
        column = origin.column(column_id)
        target = None if column is None else _target(column, board, mapped)
        if column is not None and target is not None:
            values[target.id] = _translated(store, board, column, target, stored)
    store.move_to_board(item, board, group, {key: each for key, each in values.items() if each is not None})


def _target(column: Column, board: Board, mapped: Mapped | None) -> Column | None:
    if mapped is not None:
        found = board.column(mapped.get(column.id) or "")
        return found if found is not None and found.type == column.type else None
    alike = [each for each in board.columns if each.type == column.type]
    by_id = next((each for each in alike if each.id == column.id), None)
    return by_id or next((each for each in alike if each.title == column.title), None)


def _translated(store: Store, board: Board, column: Column, target: Column, stored: Any) -> Any:
    """Labels are found, or made, by their text: their ids differ from board to board."""
    if column.type == "status":
        return {**stored, "index": _label(store, board, column, target, stored["index"])}
    if column.type == "dropdown":
        return {"ids": [_label(store, board, column, target, each) for each in stored["ids"]]}
    return stored


def _label(store: Store, board: Board, column: Column, target: Column, label_id: int) -> int:
    label = label_with_id(column.settings, label_id)
    text = "" if label is None else str(label["label"])
    found = find_label(target.settings, text)
    if found is not None:
        return found
    settings = draft(target.settings)
    try:
        made = add_label(target.type, settings, text)
    except LabelsFullError as full:
        raise argument_refused(str(full), column_id=target.id) from full
    target.settings = settings
    target.changes += 1
    store.put_board(board)
    return made
