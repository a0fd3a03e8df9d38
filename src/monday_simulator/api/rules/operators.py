"""One rule made a test of items. What a type's documentation does not name is refused (D)."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from monday_simulator.account.errors import FieldError, argument_refused
from monday_simulator.account.state import Column, Item
from monday_simulator.api.rules.facts import BLANK, END, START, Asked, day_of, is_empty, number_of, terms_of, text_seen
from monday_simulator.api.rules.periods import periods_of, within

Test = Callable[[Item], bool]
LISTS = frozenset({"any_of", "not_any_of"})
EMPTY = frozenset({"is_empty", "is_not_empty"})
WORDS = frozenset({"contains_text", "not_contains_text", "contains_terms", "starts_with", "ends_with"})
ORDER = frozenset({"greater_than", "greater_than_or_equals", "lower_than", "lower_than_or_equal", "between"})
WITHIN = frozenset({"within_the_next", "within_the_last"})
_USUAL = LISTS | EMPTY | WORDS
_BY_TYPE: Mapping[str, frozenset[str]] = {
    "numbers": LISTS | EMPTY | ORDER,
    "rating": LISTS | EMPTY | ORDER,
    "date": LISTS | EMPTY | ORDER | WITHIN,
    "timeline": LISTS | EMPTY | ORDER | WITHIN,
    "creation_log": LISTS | EMPTY | ORDER | WITHIN,
    "last_updated": LISTS | EMPTY | ORDER | WITHIN,
    "hour": LISTS | EMPTY,
    "week": LISTS | EMPTY,
    "vote": LISTS | EMPTY,
    "checkbox": EMPTY,
    "file": EMPTY,
    "mirror": EMPTY,
    "formula": EMPTY,
    "progress": EMPTY,
    "button": EMPTY,
}
_DAYS = frozenset({"date", "timeline", "creation_log", "last_updated"})
_NUMBERS = frozenset({"numbers", "rating"})
_WHO = ("person-", "assigned_to_me")
_PAST, _FUTURE = "PAST_DATETIME", "FUTURE_DATETIME"


def test_of(asked: Asked, column: Column, operator: str, compared: object) -> Test:
    """Raises FieldError for an operator or a value that the type does not take."""
    wanted = _listed(compared)
    if column.type == "auto_number":
        return lambda _item: False
    if operator not in _BY_TYPE.get(column.type, _USUAL):
        raise _refused(column, operator)
    if operator in EMPTY:
        return lambda item: is_empty(asked, column, item) is (operator == "is_empty")
    if operator in LISTS:
        found = _any_of(asked, column, wanted)
        return found if operator == "any_of" else lambda item: not found(item)
    if operator in WORDS:
        return _words(asked, column, operator, wanted)
    if column.type in _NUMBERS:
        return _numbers(column, operator, wanted)
    return _days(asked, column, operator, wanted)


def _listed(compared: object) -> list[str]:
    values = compared if isinstance(compared, list) else [compared]
    return [_written(each) for each in values]


def _written(value: object) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _refused(column: Column, operator: str) -> FieldError:
    message = f"The operator {operator} is not supported by columns of this type"
    return argument_refused(message, operator=operator, column_id=column.id, column_type=column.type)


def _any_of(asked: Asked, column: Column, wanted: Sequence[str]) -> Test:
    if column.type == "numbers":
        return _equal_numbers(column, wanted)
    if column.type == "date" or (column.type in _DAYS and column.type != "timeline" and not _about_people(wanted)):
        return _on_days(asked, column, wanted)
    folded = frozenset(each.casefold() for each in wanted)
    return lambda item: not folded.isdisjoint(terms_of(asked, column, item))


def _about_people(wanted: Sequence[str]) -> bool:
    """Ids of users, bare or as person-1; anything else of a log column is a day."""
    return all(each.isdecimal() or each.startswith(_WHO) for each in wanted)


def _equal_numbers(column: Column, wanted: Sequence[str]) -> Test:
    numbers = frozenset(_number(column, each) for each in wanted if each not in (BLANK, ""))
    blank = len(wanted) > len([each for each in wanted if each not in (BLANK, "")])

    def test(item: Item) -> bool:
        number = number_of(column, item)
        return blank if number is None else number in numbers

    return test


def _number(column: Column, text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise argument_refused("The compare value is no number", column_id=column.id, compare_value=text)
    return number


def _on_days(asked: Asked, column: Column, wanted: Sequence[str]) -> Test:
    blank = BLANK in wanted or "" in wanted
    past, future = _PAST in wanted, _FUTURE in wanted
    now = asked.store.now()
    periods = periods_of([each for each in wanted if each not in (BLANK, "", _PAST, _FUTURE)], asked.today)

    def test(item: Item) -> bool:
        day = day_of(asked, column, item)
        if day is None:
            return blank
        moment = _moment(column, item)
        is_in_time = (past and moment < now) or (future and moment > now)
        return is_in_time or any(start <= day <= end for start, end in periods)

    return test


def _moment(column: Column, item: Item) -> str:
    if column.type == "date":
        stored = item.values[column.id]
        return f"{stored['date']}T{stored.get('time', '00:00:00')}Z"
    return item.created_at if column.type == "creation_log" else item.updated_at


_WORD_TESTS: Mapping[str, Callable[[str, str], bool]] = {
    "contains_text": lambda text, wanted: wanted in text,
    "not_contains_text": lambda text, wanted: wanted in text,
    "contains_terms": lambda text, wanted: all(term in text for term in wanted.split()),
    "starts_with": lambda text, wanted: text.startswith(wanted),
    "ends_with": lambda text, wanted: text.endswith(wanted),
}


def _words(asked: Asked, column: Column, operator: str, wanted: Sequence[str]) -> Test:
    folded, compare = [each.casefold() for each in wanted], _WORD_TESTS[operator]
    hit_is = operator != "not_contains_text"

    def test(item: Item) -> bool:
        text = text_seen(asked, column, item)
        return any(compare(text, each) for each in folded) is hit_is

    return test


def _bounds(column: Column, operator: str, found: Sequence[Any]) -> tuple[Any, Any]:
    if len(found) != (2 if operator == "between" else 1):
        raise argument_refused("The operator takes another number of values", operator=operator, column_id=column.id)
    return found[0], found[-1]


def _numbers(column: Column, operator: str, wanted: Sequence[str]) -> Test:
    low, high = _bounds(column, operator, [_number(column, each) for each in wanted])
    return _compared(operator, low, low, high, lambda item: number_of(column, item))


def _days(asked: Asked, column: Column, operator: str, wanted: Sequence[str]) -> Test:
    if column.type == "timeline" and asked.attribute not in (START, END):
        raise argument_refused("compare_attribute must be START_DATE or END_DATE", column_id=column.id)
    if operator in WITHIN:
        start, end = within(wanted, asked.today, ahead=operator == "within_the_next")
        return _compared("between", start, start, end, lambda item: day_of(asked, column, item))
    first, last = _bounds(column, operator, periods_of(wanted, asked.today))
    return _compared(operator, first[0], first[1], last[1], lambda item: day_of(asked, column, item))


def _compared(operator: str, first: Any, last: Any, end: Any, of: Callable[[Item], Any]) -> Test:
    """first to last is the one period that most operators compare with; between goes on to end. Blank never holds."""
    compare: Callable[[Any], bool] = {
        "greater_than": lambda value: value > last,
        "greater_than_or_equals": lambda value: value >= first,
        "lower_than": lambda value: value < first,
        "lower_than_or_equal": lambda value: value <= last,
        "between": lambda value: first <= value <= end,
    }[operator]

    def test(item: Item) -> bool:
        value = of(item)
        return value is not None and bool(compare(value))

    return test
