"""Resolvers of everything that is read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from monday_simulator.account.errors import argument_refused, column_not_found
from monday_simulator.account.reading import NOT_SEARCHABLE, search_terms
from monday_simulator.account.state import ACTIVE, Board, Column, Item
from monday_simulator.api import assets, board_fields, docs, item_fields, people, updates, workspaces
from monday_simulator.api.context import Context, Info
from monday_simulator.api.pages import page_of, response
from monday_simulator.api.versions import KINDS

IDS_MAX = 100
VALUES_MAX = 100


def boards(
    _root: object,
    info: Info,
    ids: list[str] | None = None,
    state: str = ACTIVE,
    limit: int | None = None,
    page: int | None = None,
    board_kind: str | None = None,
    workspace_ids: list[str | None] | None = None,
    hierarchy_types: list[str] | None = None,
    order_by: str | None = None,
    **_ignored: object,
) -> Sequence[Board]:
    """Newest first, or lately used first; ids that do not exist are left out without a word."""
    context = info.context
    known = context.store.boards
    chosen: Iterable[Board] = known.values() if ids is None else (known[each] for each in ids if each in known)
    found = [
        board
        for board in chosen
        if state in ("all", board.state)
        and board_kind in (None, board.board_kind)
        and (hierarchy_types is None or "classic" in hierarchy_types)
        and (workspace_ids is None or board.workspace_id in workspace_ids)
    ]
    found.sort(key=lambda board: int(board.id), reverse=True)
    if order_by == "used_at":
        found.sort(key=lambda board: board.updated_at, reverse=True)
    for board in found if ids is not None else ():
        context.touch(board.id)
    return page_of(found, limit, page)


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
        gone = {board.id for board in context.store.boards.values() if board.state != ACTIVE}
        found = [item for item in found if item.state == ACTIVE and item.board_id not in gone]
    if newest_first:
        found.sort(key=lambda item: int(item.id), reverse=True)
    for item in found if ids is not None else ():
        context.touch(item.board_id)
    return page_of(found, limit, page)


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
        return response(context, *context.cursors.following(cursor, limit))
    if not columns:
        raise argument_refused("columns or cursor must be given")
    found = _matching(context, board, columns)
    return response(context, *context.cursors.first(found, limit, board.id))


def _matching(context: Context, board: Board, columns: list[dict[str, Any]]) -> list[str]:
    matches: dict[str, None] | None = None
    for each in columns:
        wanted = [value for value in each["column_values"] if value]
        if len(wanted) > VALUES_MAX:
            raise argument_refused(f"At most {VALUES_MAX} values can be searched for", values=len(wanted))
        column = _searchable(board, each["column_id"])
        if column.type == "date" and len(wanted) > 1:
            raise argument_refused("Only one date can be searched for", column_id=column.id)
        hits = _hits(context, board, column, wanted)
        matches = hits if matches is None else {item_id: None for item_id in matches if item_id in hits}
    visible = [item for item in map(context.store.items.__getitem__, matches or ()) if not context.is_too_fresh(item)]
    visible.sort(key=lambda item: item.place)
    return [item.id for item in visible]


def _hits(context: Context, board: Board, column: Column, wanted: list[str]) -> dict[str, None]:
    """What the index says, which for a while says of changed items what was so before."""
    hits = context.store.find_items(board, column, wanted)
    texts = {text.casefold() for text in wanted}
    for item_id, item in context.store.past.items(board.id).items():
        if texts.isdisjoint(search_terms(column, item)):
            hits.pop(item_id, None)
        else:
            hits[item_id] = None
    return hits


def _searchable(board: Board, column_id: str) -> Column:
    column = board.column(column_id)
    if column is None:
        raise column_not_found(column_id, board.id)
    if column.type in NOT_SEARCHABLE:
        raise argument_refused("Items cannot be searched by this column", column_id=column_id, type=column.type)
    return column


def next_items_page(_root: object, info: Info, cursor: str, limit: int) -> dict[str, Any]:
    context = info.context
    return response(context, *context.cursors.following(cursor, limit))


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
    return {"daily_limit": {"base": most, "total": most, "addon": {"is_active": False, "quantity": 0}}}


def get_column_type_schema(_root: object, _info: Info, type: str) -> dict[str, Any]:
    """A JSON Schema of the settings; of its rules only those of labels are told."""
    label = {"type": "object", "properties": {"id": {"type": "integer"}, "label": {"type": "string"}}}
    labels = {"labels": {"type": "array", "items": label}} if type in ("status", "dropdown") else {}
    return {"type": "object", "properties": labels, "additionalProperties": type not in ("status", "dropdown")}


QUERIES: dict[str, dict[str, Any]] = {
    "Query": {
        **assets.ASSET_QUERIES,
        **docs.DOC_QUERIES,
        **people.QUERIES,
        **updates.UPDATE_QUERIES,
        **workspaces.WORKSPACE_QUERIES,
        "boards": boards,
        "complexity": complexity,
        "get_column_type_schema": get_column_type_schema,
        "items": items,
        "items_page_by_column_values": items_page_by_column_values,
        "next_items_page": next_items_page,
        "platform_api": platform_api,
        "version": version,
        "versions": versions,
    },
    **assets.FIELDS,
    **board_fields.FIELDS,
    **docs.FIELDS,
    **item_fields.FIELDS,
    **people.FIELDS,
    **updates.FIELDS,
    **workspaces.FIELDS,
}
