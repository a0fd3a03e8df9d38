"""Dirt in numbers and dates: read where it can be read, else reported and left out, never guessed."""

from __future__ import annotations

from datetime import date

from order_sync.demo_data.board import AMOUNTS, RATES
from order_sync.demo_data.dirt import Dirt
from order_sync.demo_data.line import Line
from order_sync.demo_data.plant_text import Planter

_DATES = ("ORDER DATE PO RECEIVED", "EX FACTORY DATE", "ETA CUSTOMER WAREHOUSE DATE")
_TARIFF = "US TARIFF RATE"

# What the source has and what a person reads in it.
_READABLE = {
    Dirt.THOUSANDS: (("1,234.50", "1234.5"), ("12,000", "12000"), ("1,234,567.89", "1234567.89")),
    Dirt.EXPONENT: (("1e3", "1000"), ("2.5E-3", "0.0025"), ("1.2e+2", "120")),
    Dirt.PADDED_NUMBER: ((" 12.5 ", "12.5"), ("28.86\t", "28.86")),
    Dirt.TRAILING_ZEROS: (("28.860", "28.86"), ("5.00", "5"), ("007.50", "7.5"), ("0.0", "0")),
    # As exact as the FLOAT of the production table can hold.
    Dirt.MANY_DIGITS: (("0.123456789012345", "0.123456789012345"), ("9999999999.9900", "9999999999.99")),
    Dirt.NEGATIVE_NUMBER: (("-3.50", "-3.5"), ("-0.00", "0")),
}
_UNREADABLE = {
    Dirt.DECIMAL_COMMA: ("28,86", "0,5", "1.234,50"),
    Dirt.WORD_FOR_NUMBER: ("abc", "TBC", "28.86 USD", "12.3.4", "-"),
    Dirt.CURRENCY_SIGN: ("$12", "£9.50", "12 €"),
    Dirt.TRUE_ELSEWHERE: ("TRUE", "False", "Y"),
    Dirt.INFINITE_NUMBER: ("Infinity", "-inf"),
}


def _read(kind: Dirt) -> Planter:
    def planter(line: Line) -> None:
        raw, shown = line.pick(*_READABLE[kind])
        for source in (line.pick(*AMOUNTS), "HANDLING", "FREIGHT"):
            line.put(source, raw, shown)

    return planter


def _lose(kind: Dirt) -> Planter:
    def planter(line: Line) -> None:
        line.drop(line.pick(*AMOUNTS), line.pick(*_UNREADABLE[kind]))

    return planter


def percent_rate(line: Line) -> None:
    """10 in one sheet, 0.1 in another: not guessed."""
    line.drop(line.pick(*RATES), line.pick("10%", "16.5%", "7 %"))


def true_tariff(line: Line) -> None:
    """How a spreadsheet says that no tariff applies."""
    line.put(_TARIFF, line.pick("TRUE", "true", " True "), "0")


def nan_number(line: Line) -> None:
    words = {"CUSTOMER PRICE": "NaN", "US DUTY": "nan", "FREIGHT": "NULL", "HANDLING": "None"}
    for source, word in words.items():
        line.empty(source, word)


def sentinel_date(line: Line) -> None:
    """Put in by hand where nobody knew the date."""
    for source in line.pick(_DATES[2:], _DATES[1:]):
        line.empty(source, date(1900, 1, 1))


def no_dates(line: Line) -> None:
    for source in _DATES:
        line.empty(source)


PLANTERS: dict[Dirt, Planter] = {
    **{kind: _read(kind) for kind in _READABLE},
    **{kind: _lose(kind) for kind in _UNREADABLE},
    Dirt.PERCENT_RATE: percent_rate,
    Dirt.TRUE_TARIFF: true_tariff,
    Dirt.NAN_NUMBER: nan_number,
    Dirt.SENTINEL_DATE: sentinel_date,
    Dirt.NO_DATES: no_dates,
}
