"""Filters and order of a first page: `query_params`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from monday_simulator.account.errors import argument_refused, column_not_found
from monday_simulator.account.reading import search_terms, text_of
from monday_simulator.account.state import Board, Column, Item

IDS_MAX = 100
_ORDER_FIELDS = {"__creation_log__": "created_at", "__last_updated__": "updated_at", "name": "name"}

Test = Callable[[str, frozenset[str], str], bool]

_TESTS: Mapping[str, Test] = {
    "any_of": lambda _text, terms, wanted: wanted in terms,
    "not_any_of": lambda _text, terms, wanted: wanted not in terms,
    "contains_text": lambda text, _terms, wanted: wanted in text,
    "not_contains_text": lambda text, _terms, wanted: wanted not in text,
    "starts_with": lambda text, _terms, wanted: text.startswith(wanted),
    "ends_with": lambda text, _terms, wanted: text.endswith(wanted),
}
_ALL_MUST_HOLD = frozenset({"not_any_of", "not_contains_text"})


def select(board: Board, items: Iterable[Item], query: Mapping[str, Any] | None) -> list[str]:
    """Ids of the items that a query asks for, in its order."""
    if not query:
        return [item.id for item in items]
    wanted = query.get("ids")
    if wanted is not None and len(wanted) > IDS_MAX:
        raise argument_refused(f"At most {IDS_MAX} ids can be queried", ids=len(wanted))
    only = None if wanted is None else frozenset(wanted)
    chosen = [item for item in items if (only is None or item.id in only) and _holds(board, item, query)]
    for order in reversed(query.get("order_by") or []):
        chosen.sort(key=_order_key(board, order["column_id"]), reverse=order.get("direction") == "desc")
    return [item.id for item in chosen]


def _holds(board: Board, item: Item, query: Mapping[str, Any]) -> bool:
    results = [_rule_holds(board, item, rule) for rule in query.get("rules") or []]
    results += [_holds(board, item, group) for group in query.get("groups") or []]
    if not results:
        return True
    return any(results) if query.get("operator") == "or" else all(results)


def _rule_holds(board: Board, item: Item, rule: Mapping[str, Any]) -> bool:
    operator = rule.get("operator") or "any_of"
    text, terms = _seen(board, item, rule["column_id"])
    if operator in ("is_empty", "is_not_empty"):
        return bool(text) is (operator == "is_not_empty")
    test = _TESTS.get(operator)
    if test is None:
        raise argument_refused(f"The operator {operator} is not simulated", operator=operator)
    compared = rule["compare_value"]
    wanted = [str(each).casefold() for each in (compared if isinstance(compared, list) else [compared])]
    outcomes = [test(text, terms, each) for each in wanted]
    return all(outcomes) if operator in _ALL_MUST_HOLD else any(outcomes)


def _seen(board: Board, item: Item, column_id: str) -> tuple[str, frozenset[str]]:
    """The text of a column and everything it equals: labels and, for labels, their ids."""
    if column_id == "group":
        return item.group_id.casefold(), frozenset({item.group_id.casefold()})
    column = _column(board, column_id)
    terms = set(search_terms(column, item))
    stored = item.values.get(column_id)
    if column.type == "status" and stored is not None:
        terms.add(str(stored["index"]))
    if column.type == "dropdown" and stored is not None:
        terms.update(str(label_id) for label_id in stored["ids"])
    return (text_of(column, item) or "").casefold(), frozenset(terms)


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
