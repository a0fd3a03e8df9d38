"""Pages: of lists by number, of items by cursor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from monday_simulator.account.errors import argument_refused
from monday_simulator.account.state import ACTIVE, Board
from monday_simulator.api.context import Context
from monday_simulator.api.query_rules import select


def page_of(found: Sequence[Any], limit: int | None, page: int | None) -> Sequence[Any]:
    size, number = limit if limit is not None else 25, max(page or 1, 1)
    return found[(number - 1) * size : number * size]


def response(context: Context, ids: Sequence[str], cursor: str | None) -> dict[str, Any]:
    found = (context.store.items[item_id] for item_id in ids)
    return {"cursor": cursor, "items": [item for item in found if item.state == ACTIVE]}


def items_page(
    context: Context,
    board: Board,
    ids: Sequence[str],
    limit: int,
    cursor: str | None,
    query: Mapping[str, Any] | None,
    group_id: str = "",
) -> dict[str, Any]:
    if cursor is not None:
        if query:
            raise argument_refused("query_params and cursor cannot be used together")
        return response(context, *context.cursors.following(cursor, limit))
    chosen = _selected(context, board, ids, query) if query else ids
    return response(context, *context.cursors.first(chosen, limit, board.id, group_id))


def _selected(context: Context, board: Board, ids: Sequence[str], query: Mapping[str, Any]) -> Sequence[str]:
    """Rules are a look-up, which may lag; ids and order are not."""
    is_lookup = query.get("rules") or query.get("groups")
    present = (context.store.items[each] for each in ids)
    return select(context.store, board, context.as_looked_up(board, ids) if is_lookup else present, query)
