"""Fields of items."""

from __future__ import annotations

from typing import Any

from monday_simulator.account.state import ACTIVE, Board, Item
from monday_simulator.api.assets import item_assets
from monday_simulator.api.context import Info
from monday_simulator.api.linked_views import NOT_READ, value_view
from monday_simulator.api.people import ME
from monday_simulator.api.updates import item_updates
from monday_simulator.api.value_views import ValueView
from monday_simulator.api.views import GroupView


def item_board(item: Item, info: Info) -> Board:
    return info.context.store.boards[item.board_id]


def item_group(item: Item, info: Info) -> GroupView | None:
    board = info.context.store.boards[item.board_id]
    group = board.group(item.group_id)
    return None if group is None else GroupView(board, group)


def item_column_values(
    item: Item, info: Info, ids: list[str] | None = None, types: list[str] | None = None, **_ignored: object
) -> list[ValueView]:
    """In the order of the board's columns; neither the name nor automatic numbers are among them."""
    store = info.context.store
    return [
        value_view(store, item, column)
        for column in store.boards[item.board_id].columns
        if column.type not in NOT_READ and (ids is None or column.id in ids) and (types is None or column.type in types)
    ]


def item_state(item: Item, info: Info) -> str:
    """That of its board, where the board is gone."""
    board = info.context.store.boards[item.board_id]
    return item.state if board.state == ACTIVE else board.state


def item_subitems(item: Item, info: Info) -> list[Item]:
    return info.context.store.subitems(item.id)


def item_parent(item: Item, info: Info) -> Item | None:
    return None if item.parent_id is None else info.context.store.items.get(item.parent_id)


def _item_link(item: Item) -> str:
    return f"/boards/{item.board_id}/pulses/{item.id}"


FIELDS: dict[str, dict[str, Any]] = {
    "Item": {
        "assets": item_assets,
        "board": item_board,
        "column_values": item_column_values,
        "creator": lambda _item, _info: ME,
        "email": lambda item, _info: f"pulse-{item.id}@simulator.example",
        "group": item_group,
        "linked_items": lambda _item, _info, **_filter: [],
        "parent_item": item_parent,
        "relative_link": lambda item, _info: _item_link(item),
        "state": item_state,
        "subitems": item_subitems,
        "subscribers": lambda _item, _info: [ME],
        "updates": item_updates,
        "url": lambda item, _info: f"https://simulated-account.example{_item_link(item)}",
    },
}
