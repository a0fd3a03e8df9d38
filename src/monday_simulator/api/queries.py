"""Resolvers of everything that is read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from monday_simulator.account.errors import argument_refused, column_not_found
from monday_simulator.account.items import USER_ID
from monday_simulator.account.reading import NOT_SEARCHABLE, settings_str
from monday_simulator.account.state import ACTIVE, Board, Column, Item
from monday_simulator.api.context import Context, Info
from monday_simulator.api.query_rules import select
from monday_simulator.api.versions import KINDS
from monday_simulator.api.views import GroupView, ValueView, value_view

IDS_MAX = 100
VALUES_MAX = 100

ACCOUNT = {
    "id": "26114203",
    "name": "Simulated account",
    "slug": "simulated-account",
    "tier": "enterprise",
    "country_code": "GB",
    "created_at": "2024-01-15",
    "first_day_of_the_week": "monday",
    "is_during_trial": False,
    "is_trial_expired": False,
    "plan": {"max_users": 50, "period": "yearly", "tier": "enterprise", "version": 1},
}
ME = {
    "id": USER_ID,
    "name": "Simulated user",
    "email": "user@simulator.example",
    "title": "",
    "url": "https://simulated-account.example/users/" + USER_ID,
    "kind": "admin",
    "status": "ACTIVE",
    "is_email_confirmed": True,
    "created_at": "2024-01-15T08:00:00Z",
    "account": ACCOUNT,
}


def _page_of(found: Sequence[Any], limit: int | None, page: int | None) -> Sequence[Any]:
    size, number = limit if limit is not None else 25, max(page or 1, 1)
    return found[(number - 1) * size : number * size]


# roots


def boards(
    _root: object,
    info: Info,
    ids: list[str] | None = None,
    state: str = ACTIVE,
    limit: int | None = None,
    page: int | None = None,
    board_kind: str | None = None,
    workspace_ids: list[str | None] | None = None,
    **_ignored: object,
) -> Sequence[Board]:
    """Newest first; ids that do not exist are left out without a word."""
    context = info.context
    known = context.store.boards
    chosen: Iterable[Board] = known.values() if ids is None else (known[each] for each in ids if each in known)
    found = [
        board
        for board in chosen
        if state in ("all", board.state)
        and board_kind in (None, board.board_kind)
        and (workspace_ids is None or board.workspace_id in workspace_ids)
    ]
    found.sort(key=lambda board: int(board.id), reverse=True)
    for board in found if ids is not None else ():
        context.touch(board.id)
    return _page_of(found, limit, page)


def items(
    _root: object,
    info: Info,
    ids: list[str] | None = None,
    exclude_nonactive: bool | None = None,
    newest_first: bool | None = None,
    limit: int | None = None,
    page: int | None = None,
) -> Sequence[Item]:
    """By id in the order asked for, archived and deleted ones too; without ids all active ones."""
    context = info.context
    known = context.store.items
    if ids is not None and len(ids) > IDS_MAX:
        raise argument_refused(f"At most {IDS_MAX} ids can be queried", ids=len(ids))
    asked = known if ids is None else dict.fromkeys(ids)
    found = [known[each] for each in asked if each in known]
    if exclude_nonactive or ids is None:
        found = [item for item in found if item.state == ACTIVE]
    if newest_first:
        found.sort(key=lambda item: int(item.id), reverse=True)
    for item in found if ids is not None else ():
        context.touch(item.board_id)
    return _page_of(found, limit, page)


def items_page_by_column_values(
    _root: object,
    info: Info,
    board_id: str,
    limit: int,
    columns: list[dict[str, Any]] | None = None,
    cursor: str | None = None,
    **_ignored: object,
) -> dict[str, Any]:
    """All columns must match, any of a column's values."""
    context = info.context
    board = context.store.board(board_id)
    context.touch(board.id)
    if cursor is not None:
        if columns:
            raise argument_refused("columns and cursor cannot be used together")
        return _response(context, *context.cursors.following(cursor, limit))
    if not columns:
        raise argument_refused("columns or cursor must be given")
    found = _matching(context, board, columns)
    return _response(context, *context.cursors.first(found, limit, board.id))


def _matching(context: Context, board: Board, columns: list[dict[str, Any]]) -> list[str]:
    matches: dict[str, None] | None = None
    for each in columns:
        wanted = [value for value in each["column_values"] if value]
        if len(wanted) > VALUES_MAX:
            raise argument_refused(f"At most {VALUES_MAX} values can be searched for", values=len(wanted))
        hits = context.store.find_items(board, _searchable(board, each["column_id"]), wanted)
        matches = hits if matches is None else {item_id: None for item_id in matches if item_id in hits}
    visible = [item for item in map(context.store.items.__getitem__, matches or ()) if not context.is_too_fresh(item)]
    visible.sort(key=lambda item: item.place)
    return [item.id for item in visible]


def _searchable(board: Board, column_id: str) -> Column:
    column = board.column(column_id)
    if column is None:
        raise column_not_found(column_id, board.id)
    if column.type in NOT_SEARCHABLE:
        raise argument_refused("Items cannot be searched by this column", column_id=column_id, type=column.type)
    return column


def next_items_page(_root: object, info: Info, cursor: str, limit: int) -> dict[str, Any]:
    context = info.context
    return _response(context, *context.cursors.following(cursor, limit))


def _response(context: Context, ids: Sequence[str], cursor: str | None) -> dict[str, Any]:
    found = (context.store.items[item_id] for item_id in ids)
    return {"cursor": cursor, "items": [item for item in found if item.state == ACTIVE]}


def complexity(_root: object, info: Info) -> object:
    return info.context.charge


def version(_root: object, info: Info) -> dict[str, str]:
    return _version(info.context.version)


def versions(_root: object, _info: Info) -> list[dict[str, str]]:
    return [_version(each) for each in KINDS]


def _version(value: str) -> dict[str, str]:
    kind, display_name = KINDS[value]
    return {"kind": kind, "value": value, "display_name": display_name}


def platform_api(_root: object, info: Info) -> dict[str, Any]:
    most = info.context.limits.calls_per_day
    return {"daily_limit": {"base": most, "total": most}}


# boards and groups


def board_columns(
    board: Board,
    _info: Info,
    ids: list[str | None] | None = None,
    types: list[str] | None = None,
) -> list[Column]:
    return [
        column
        for column in board.columns
        if (ids is None or column.id in ids) and (types is None or column.type in types)
    ]


def board_groups(board: Board, _info: Info, ids: list[str | None] | None = None) -> list[GroupView]:
    return [GroupView(board, group) for group in board.groups_in_order() if ids is None or group.id in ids]


def top_group(board: Board, _info: Info) -> GroupView:
    return GroupView(board, board.groups_in_order()[0])


def items_count(board: Board, info: Info) -> int:
    return info.context.store.items_count(board)


def board_items_page(
    board: Board,
    info: Info,
    limit: int,
    cursor: str | None = None,
    query_params: Mapping[str, Any] | None = None,
    **_ignored: object,
) -> dict[str, Any]:
    context = info.context
    return _items_page(context, board, context.store.board_items(board), limit, cursor, query_params)


def group_items_page(
    group: GroupView,
    info: Info,
    limit: int,
    cursor: str | None = None,
    query_params: Mapping[str, Any] | None = None,
    **_ignored: object,
) -> dict[str, Any]:
    context = info.context
    ids = context.store.group_items(group.board.id, group.id)
    return _items_page(context, group.board, ids, limit, cursor, query_params, group.id)


def _items_page(
    context: Context,
    board: Board,
    ids: list[str],
    limit: int,
    cursor: str | None,
    query: Mapping[str, Any] | None,
    group_id: str = "",
) -> dict[str, Any]:
    if cursor is not None:
        if query:
            raise argument_refused("query_params and cursor cannot be used together")
        return _response(context, *context.cursors.following(cursor, limit))
    chosen = select(board, (context.store.items[each] for each in ids), query) if query else ids
    return _response(context, *context.cursors.first(chosen, limit, board.id, group_id))


# items


def item_board(item: Item, info: Info) -> Board:
    return info.context.store.boards[item.board_id]


def item_group(item: Item, info: Info) -> GroupView | None:
    board = info.context.store.boards[item.board_id]
    group = board.group(item.group_id)
    return None if group is None else GroupView(board, group)


def item_column_values(
    item: Item, info: Info, ids: list[str] | None = None, types: list[str] | None = None
) -> list[ValueView]:
    """In the order of the board's columns; the name is none of them."""
    store = info.context.store
    return [
        value_view(store, item, column)
        for column in store.boards[item.board_id].columns
        if column.type != "name" and (ids is None or column.id in ids) and (types is None or column.type in types)
    ]


def item_subitems(item: Item, info: Info) -> list[Item]:
    return info.context.store.subitems(item.id)


def item_parent(item: Item, info: Info) -> Item | None:
    return None if item.parent_id is None else info.context.store.items.get(item.parent_id)


def _item_link(item: Item) -> str:
    return f"/boards/{item.board_id}/pulses/{item.id}"


QUERIES: dict[str, dict[str, Any]] = {
    "Query": {
        "account": lambda _root, _info: ACCOUNT,
        "boards": boards,
        "complexity": complexity,
        "items": items,
        "items_page_by_column_values": items_page_by_column_values,
        "me": lambda _root, _info: ME,
        "next_items_page": next_items_page,
        "platform_api": platform_api,
        "version": version,
        "versions": versions,
    },
    "Board": {
        "columns": board_columns,
        "creator": lambda _board, _info: ME,
        "groups": board_groups,
        "hierarchy_type": lambda _board, _info: "classic",
        "item_terminology": lambda _board, _info: "item",
        "items_count": items_count,
        "items_page": board_items_page,
        "permissions": lambda _board, _info: "everyone",
        "top_group": top_group,
        "url": lambda board, _info: f"https://simulated-account.example/boards/{board.id}",
    },
    "Column": {"settings_str": lambda column, _info: settings_str(column)},
    "Group": {"items_page": group_items_page},
    "Item": {
        "board": item_board,
        "column_values": item_column_values,
        "creator": lambda _item, _info: ME,
        "email": lambda item, _info: f"pulse-{item.id}@simulator.example",
        "group": item_group,
        "parent_item": item_parent,
        "relative_link": lambda item, _info: _item_link(item),
        "subitems": item_subitems,
        "url": lambda item, _info: f"https://simulated-account.example{_item_link(item)}",
    },
}
