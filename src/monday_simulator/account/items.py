"""Making, changing and retiring items."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from monday_simulator.account.boards import column_to_make, make_column, subitem_board_draft
from monday_simulator.account.errors import (
    argument_refused,
    item_name_refused,
    item_not_found,
    items_limit_reached,
)
from monday_simulator.account.people import USER_ID
from monday_simulator.account.state import Board, Group, Item
from monday_simulator.account.store import Store
from monday_simulator.account.values import Parsed, parse_simple, parse_values
from monday_simulator.account.values.kinds import kind_of
from monday_simulator.account.values.parsing import check_size
from monday_simulator.limits import Limits

NAME_MAX = 255


def make_item(
    store: Store,
    board: Board,
    group: Group,
    name: str,
    raw: Mapping[str, Any] | None = None,
    *,
    create_labels: bool = False,
    parent: Item | None = None,
    place: float | None = None,
) -> Item:
    """An item with its values, at the end of the group unless a place is given; refused whole."""
    _check_name(name)
    if store.items_count(board) >= board.items_limit:
        raise items_limit_reached(board.id, board.items_limit)
    parsed = _checked(store, board, raw or {}, create_labels)
    _keep_labels(store, board, parsed)
    now = store.now()
    item = Item(
        id=store.ids.number(),
        board_id=board.id,
        group_id=group.id,
        name=name if parsed.name is None else parsed.name,
        place=store.new_place() if place is None else place,
        created_at=now,
        updated_at=now,
        creator_id=USER_ID,
        values=_filled(parsed),
        parent_id=None if parent is None else parent.id,
    )
    store.add_item(item)
    return item


def _checked(store: Store, board: Board, raw: Mapping[str, Any], create_labels: bool) -> Parsed:
    """What a new item is made with; whatever is wrong with it is said before anything is made."""
    parsed = parse_values(store, board, raw, create_labels)
    if parsed.name is not None:
        _check_name(parsed.name)
    check_size(_filled(parsed))
    return parsed


def _filled(parsed: Parsed) -> dict[str, Any]:
    return {column: value for column, value in parsed.values.items() if value}


def place_for(store: Store, group: Group, relative_to: str, after: bool) -> float:
    """Where an item goes that is to stand beside another one of its group."""
    beside = store.item(relative_to)
    if beside.group_id != group.id:
        raise argument_refused("relative_to must be an item of the same group", relative_to=relative_to)
    return store.place_beside(beside, after)


def make_subitem(
    store: Store, limits: Limits, parent_id: str, name: str, raw: Mapping[str, Any], create_labels: bool
) -> Item:
    """A subitem on the parent's subitem board, which is made when it is the first. Only boards of several levels,
    which are not simulated, have subitems under subitems."""
    parent = store.item(parent_id)
    if parent.parent_id is not None:
        raise argument_refused("The parent item is a subitem itself", parent_item_id=parent_id)
    _check_name(name)
    if len(store.subitems(parent.id)) >= limits.subitems_per_item:
        raise items_limit_reached(parent.board_id, limits.subitems_per_item)
    above = store.board(parent.board_id)
    if store.subitem_board(above) is None:  # a refused subitem must not leave its board behind
        _checked(store, subitem_board_draft(store, above), raw, create_labels)
    board = subitem_board_of(store, limits, above)
    group = board.groups_in_order()[0]
    return make_item(store, board, group, name, raw, create_labels=create_labels, parent=parent)


def subitem_board_of(store: Store, limits: Limits, board: Board) -> Board:
    found = store.subitem_board(board)
    if found is not None:
        return found
    make_column(store, limits, board, column_to_make(store, "subtasks", "Subitems", None, {}))
    made = store.subitem_board(board)
    assert made is not None, "a subtasks column brings its board"  # noqa: S101 - for the type checker
    return made


def change_item(store: Store, board_id: str, item_id: str, raw: Mapping[str, Any], create_labels: bool) -> Item:
    """Write values over those of an item; None clears, columns that are not named keep theirs."""
    board, item = _item_of(store, board_id, item_id)
    return _write(store, board, item, parse_values(store, board, raw, create_labels))


def change_simply(
    store: Store, board_id: str, item_id: str, column_id: str, text: str | None, create_labels: bool
) -> Item:
    """Write one plain text; None and an empty one clear."""
    board, item = _item_of(store, board_id, item_id)
    return _write(store, board, item, parse_simple(store, board, column_id, text, create_labels))


def _item_of(store: Store, board_id: str, item_id: str) -> tuple[Board, Item]:
    board, item = store.board(board_id), store.item(item_id)
    if item.board_id != board.id:
        raise item_not_found(item_id)
    return board, item


def _write(store: Store, board: Board, item: Item, parsed: Parsed) -> Item:
    if parsed.name is not None:
        _check_name(parsed.name)
    check_size({**item.values, **parsed.values})
    _keep_labels(store, board, parsed)
    store.change_item(item, name=parsed.name, values=_stamped(board, parsed.values, store.now_exactly()))
    return item


def _stamped(board: Board, values: Mapping[str, Any], moment: str) -> dict[str, Any]:
    """With the moment of the change, which values that an item is made with do not have."""
    types = {column.id: column.type for column in board.columns}
    stamped = dict(values)
    for column_id, value in values.items():
        if isinstance(value, dict) and kind_of(types[column_id]).stamped:
            post = {"post_id": None} if types[column_id] == "status" else {}
            stamped[column_id] = {**value, **post, "changed_at": moment}
    return stamped


def _check_name(name: str) -> None:
    if not 1 <= len(name) <= NAME_MAX:
        raise item_name_refused(name)


def _keep_labels(store: Store, board: Board, parsed: Parsed) -> None:
    for column_id, settings in parsed.settings.items():
        column = board.column(column_id)
        if column is not None:
            column.settings = settings
            column.changes += 1
    if parsed.settings:
        store.put_board(board)
