"""Days that rules name: a date, or a word such as THIS_WEEK, which depends on today. Weeks begin on Monday."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

from monday_simulator.account.errors import argument_refused

EXACT = "EXACT"
DAY = timedelta(days=1)
WEEK = timedelta(days=7)
Period = tuple[date, date]
_UNITS = {"day": 1, "days": 1, "week": 7, "weeks": 7, "month": 30, "months": 30}
LONGEST_DAYS = 36_600


def _week(day: date) -> Period:
    start = day - timedelta(days=day.weekday())
    return start, start + 6 * DAY


def _month(day: date, on: int) -> Period:
    """The month so many months on from the day's."""
    count = day.year * 12 + day.month - 1 + on
    start = date(count // 12, count % 12 + 1, 1)
    return start, date((count + 1) // 12, (count + 1) % 12 + 1, 1) - DAY


_WORDS: Mapping[str, Callable[[date], Period]] = {
    "TODAY": lambda today: (today, today),
    "TOMORROW": lambda today: (today + DAY, today + DAY),
    "YESTERDAY": lambda today: (today - DAY, today - DAY),
    "THIS_WEEK": _week,
    "ONE_WEEK_AGO": lambda today: _week(today - WEEK),
    "LAST_WEEK": lambda today: _week(today - WEEK),
    "ONE_WEEK_FROM_NOW": lambda today: _week(today + WEEK),
    "THIS_MONTH": lambda today: _month(today, 0),
    "ONE_MONTH_AGO": lambda today: _month(today, -1),
    "LAST_MONTH": lambda today: _month(today, -1),
    "ONE_MONTH_FROM_NOW": lambda today: _month(today, 1),
}


def periods_of(words: Sequence[str], today: date) -> list[Period]:
    """EXACT stands before a date, and may be left out (D); raises FieldError for what is neither."""
    return [_period(word, today) for word in words if word.upper() != EXACT]


def _period(word: str, today: date) -> Period:
    named = _WORDS.get(word.upper())
    if named is not None:
        return named(today)
    try:
        day = date.fromisoformat(word)
    except ValueError as error:
        raise argument_refused("The compare value is no date that is simulated", compare_value=word) from error
    return day, day


def within(words: Sequence[str], today: date, ahead: bool) -> Period:
    """So many days from today, or before it: a number, and after it days, weeks or months (D)."""
    number, unit = (*words, "days")[:2] if words else ("", "")
    if not (number.isascii() and number.isdigit()) or unit.casefold() not in _UNITS:
        raise argument_refused("The compare value is a number, and a unit if it is not days", compare_value=list(words))
    span = min(int(number[:9]) * _UNITS[unit.casefold()], LONGEST_DAYS) * DAY
    return (today, today + span) if ahead else (today - span, today)
