"""Filters and order of a first page: `query_params`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from monday_simulator.account.errors import argument_refused, column_not_found
from monday_simulator.account.reading import text_of
from monday_simulator.account.state import Board, Column, Item
from monday_simulator.account.store import Store
from monday_simulator.api.rules.facts import Asked
from monday_simulator.api.rules.operators import Test, test_of

IDS_MAX = 100
_ORDER_FIELDS = {"__creation_log__": "created_at", "__last_updated__": "updated_at", "name": "name"}
_HIDDEN = {
    "__creation_log__": Column("__creation_log__", "Creation log", "creation_log"),
    "__last_updated__": Column("__last_updated__", "Last updated", "last_updated"),
}


def select(store: Store, board: Board, items: Iterable[Item], query: Mapping[str, Any] | None) -> list[str]:
    """Ids of the items that a query asks for, in its order."""
    if not query:
        return [item.id for item in items]
    wanted = query.get("ids")
    if wanted is not None and len(wanted) > IDS_MAX:
        raise argument_refused(f"At most {IDS_MAX} ids can be queried", ids=len(wanted))
    only = None if wanted is None else frozenset(wanted)
    holds = _together(store, board, query)
    chosen = [item for item in items if (only is None or item.id in only) and holds(item)]
    for order in reversed(query.get("order_by") or []):
        chosen.sort(key=_order_key(board, order["column_id"]), reverse=order.get("direction") == "desc")
    return [item.id for item in chosen]


def _together(store: Store, board: Board, query: Mapping[str, Any]) -> Test:
    """All rules and groups of rules, or any of them; without one everything holds."""
    tests = [_rule(store, board, rule) for rule in query.get("rules") or []]
    tests += [_together(store, board, group) for group in query.get("groups") or []]
    if not tests:
        return lambda _item: True
    join = any if query.get("operator") == "or" else all
    return lambda item: join(test(item) for test in tests)


def _rule(store: Store, board: Board, rule: Mapping[str, Any]) -> Test:
    operator, compared = rule.get("operator") or "any_of", rule["compare_value"]
    if rule["column_id"] == "group":
        return _in_group(operator, compared)
    asked = Asked(store, date.fromisoformat(store.now()[:10]), rule.get("compare_attribute"))
    column = _HIDDEN.get(rule["column_id"]) or _column(board, rule["column_id"])
    return test_of(asked, column, operator, compared)


def _in_group(operator: str, compared: object) -> Test:
    if operator not in ("any_of", "not_any_of"):
        raise argument_refused("Groups can be compared by any_of and not_any_of", operator=operator)
    groups = frozenset(str(each) for each in (compared if isinstance(compared, list) else [compared]))
    return lambda item: (item.group_id in groups) is (operator == "any_of")


def _order_key(board: Board, column_id: str) -> Callable[[Item], Any]:
    attribute = _ORDER_FIELDS.get(column_id)
    if attribute is not None:
        return lambda item: getattr(item, attribute)
    column = _column(board, column_id)
    if column.type == "numbers":
        return lambda item: float(item.values.get(column.id) or 0)
    return lambda item: (text_of(column, item) or "").casefold()


def _column(board: Board, column_id: str) -> Column:
    column = board.column(column_id)
    if column is None:
        raise column_not_found(column_id, board.id)
    return column
