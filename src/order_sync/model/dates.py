"""Dates out of what databases call dates: DATE columns, ISO text with or without a time, the compact form."""

from __future__ import annotations

from datetime import date
from typing import Final, NamedTuple

import polars as pl

# What spreadsheets and databases write where no date was known.
SENTINELS: Final = (date(1, 1, 1), date(1899, 12, 30), date(1900, 1, 1), date(9999, 12, 31))

_TIME: Final = r"(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,9})?)?"
_ISO: Final = rf"^([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})(?:[ T]{_TIME})?$"
_COMPACT: Final = r"^([0-9]{8})$"


class ParsedDates(NamedTuple):
    """`values`: Date, NULL where blank, a sentinel or unreadable. `unreadable`: mask of what is no date."""

    values: pl.Series
    unreadable: pl.Series


def parse_dates(column: pl.Series) -> ParsedDates:
    """Reads a cleaned String column. A time of day is dropped; one with a time zone is not read."""
    distinct = column.drop_nulls().unique()
    iso = distinct.str.extract(_ISO, 1).str.to_date("%Y-%m-%d", strict=False)
    compact = distinct.str.extract(_COMPACT, 1).str.to_date("%Y%m%d", strict=False)
    read = iso.zip_with(iso.is_not_null(), compact)
    bad = distinct.filter(read.is_null() | (read.dt.year() < 1)).to_list()
    known = read.set(read.is_in([*SENTINELS]) | distinct.is_in(bad), None)
    values = column.replace_strict(distinct, known, default=None, return_dtype=pl.Date)
    return ParsedDates(values, column.is_in(bad).fill_null(False))
