"""One mapped column: what kind of value it holds, how long it may be, and how its texts are read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Final

import polars as pl

from order_sync.model.causes import Cause, IssueList
from order_sync.model.dates import parse_dates
from order_sync.model.mapping import ColumnMapping, ColumnType, Mapping, Severity, TooLong
from order_sync.model.mapping_sql import SqlKind, parse_sql_type
from order_sync.model.numbers import Unreadable, parse_number, parse_numbers
from order_sync.model.texts import Limit, Unit, casefold, casefold_one, shorten

LONG_TEXT_LENGTH: Final = 2_000
STATUS_LABEL_LENGTH: Final = 30
DROPDOWN_LABEL_LENGTH: Final = 255  # not published by monday.com: as for names


class Kind(Enum):
    """What a column's values become: String, canonical decimal String, Int64, Date."""

    TEXT = "text"
    NUMBER = "number"
    WHOLE = "whole number"
    DATE = "date"


_KINDS: Final = MappingProxyType(
    {
        SqlKind.DATE: Kind.DATE,
        SqlKind.TIME: Kind.DATE,
        SqlKind.INTEGER: Kind.WHOLE,
        SqlKind.FLAG: Kind.WHOLE,
        SqlKind.NUMBER: Kind.NUMBER,
    }
)
_RANGES: Final = MappingProxyType({"INT": (-(2**31), 2**31 - 1), "BIT": (0, 1)})
_INT64: Final = (-(2**63), 2**63 - 1)


def kind_of(column: ColumnMapping) -> Kind:
    """The SQL type decides, then the board's: a number going to a text column of the board stays a number."""
    sql = parse_sql_type(column.sql)
    by_sql = Kind.TEXT if sql is None else _KINDS.get(sql.kind, Kind.TEXT)
    board = None if column.board is None else column.board.type
    if by_sql is Kind.TEXT and board is ColumnType.NUMBERS:
        return Kind.NUMBER
    return Kind.DATE if board is ColumnType.DATE else by_sql


def keeps_lines(column: ColumnMapping) -> bool:
    """Only long_text shows line breaks."""
    return column.board is not None and column.board.type is ColumnType.LONG_TEXT


def _widths(*types: str | None, cause: Cause = Cause.TOO_LONG) -> list[Limit]:
    parsed = (parse_sql_type(sql) for sql in types if sql is not None)
    return [Limit(sql.width, Unit.UTF16, cause, str(sql)) for sql in parsed if sql and sql.width]


def role_limits(mapping: Mapping, role: str) -> list[Limit]:
    """Widths of the table column that holds item or group names."""
    holders = [column for column in mapping.table_columns if column.role == role]
    return [limit for held in holders for limit in _widths(held.sql, held.staging_sql, cause=Cause.NAME_TOO_LONG)]


def limits_of(column: ColumnMapping) -> list[Limit]:
    """The limits of the column's places, the tightest first."""
    limits = _widths(column.sql, column.staging_sql)
    board = None if column.board is None else column.board.type
    if board is ColumnType.LONG_TEXT:
        limits.append(Limit(LONG_TEXT_LENGTH, Unit.CHARACTERS, Cause.TOO_LONG, "a long_text column of the board"))
    elif board is ColumnType.STATUS:
        limits.append(Limit(STATUS_LABEL_LENGTH, Unit.CHARACTERS, Cause.LABEL_TOO_LONG, "a status label"))
    elif board is ColumnType.DROPDOWN:
        limits.append(Limit(DROPDOWN_LABEL_LENGTH, Unit.CHARACTERS, Cause.LABEL_TOO_LONG, "a dropdown label"))
    return sorted(limits, key=lambda limit: limit.size)


@dataclass(frozen=True, slots=True)
class _Reading:
    """One column on its way. `raw`: as the source holds it, which is what issues show as found."""

    column: ColumnMapping
    texts: pl.Series
    raw: pl.Series
    issues: IssueList

    @property
    def unusable(self) -> tuple[Severity, str]:
        """What becomes of an order whose value cannot be used."""
        if self.column.required:
            return Severity.ERROR, "the column is required, so the order is held"
        return Severity.WARNING, "the order goes without it"

    def report(self, where: pl.Series, cause: Cause, problem: Callable[[str], str]) -> None:
        """`problem` completes a sentence that begins with the value."""
        severity, consequence = self.unusable
        source = self.column.source

        def message(found: str) -> str:
            return f'{source}: "{found}" {problem(found)}; {consequence}'

        self.issues.add(where, cause, severity, message, column=source, found=self.raw)


_Read = tuple[pl.Series, pl.Series]  # the values, and the mask of those that an issue explains


def read_column(column: ColumnMapping, texts: pl.Series, raw: pl.Series, issues: IssueList) -> pl.Series:
    """The target's values from cleaned texts, NULL where there is none; faults go to `issues`."""
    reading = _Reading(column, _with_values(column, texts), raw, issues)
    values, faulty = _READERS[kind_of(column)](reading)
    if column.required:
        _report_missing(reading, values.is_null() & ~faulty)
    return values.alias(column.target)


def _report_missing(reading: _Reading, where: pl.Series) -> None:
    source = reading.column.source

    def message(found: str) -> str:
        return f'{source} is required and holds only "{found}"' if found else f"{source} is required and blank"

    reading.issues.add(where, Cause.REQUIRED_MISSING, Severity.ERROR, message, column=source, found=reading.raw)


def _with_values(column: ColumnMapping, texts: pl.Series) -> pl.Series:
    """The column's `values` applied, without regard to case; '' stands for blank, on either side."""
    if not column.values:
        return texts
    given = {casefold_one(name.strip()): value for name, value in column.values.items()}
    blank = given.pop("", None)
    replaced = casefold(texts).replace_strict(list(given), list(given.values()), default=texts, return_dtype=pl.String)
    if blank is not None:
        replaced = replaced.fill_null(blank)
    return replaced.set(replaced == "", None)


def _read_text(reading: _Reading) -> _Read:
    column = reading.column
    texts, concerned = shorten(reading.texts, limits_of(column), column.too_long)
    severity, consequence = {
        TooLong.HOLD: (Severity.ERROR, "the order is held"),
        TooLong.DROP: reading.unusable,
        TooLong.CUT: (Severity.WARNING, "its end is cut off"),
    }[column.too_long]
    faulty = pl.repeat(False, len(texts), dtype=pl.Boolean, eager=True)
    for limit, where in concerned:
        said = f"{column.source} is longer than {limit.says}; {consequence}"
        reading.issues.add(where, limit.cause, severity, said, column=column.source, found=reading.raw)
        faulty |= where
    return texts, faulty


def _read_number(reading: _Reading) -> _Read:
    rule = reading.column.number
    values, faulty = parse_numbers(reading.texts, rule)

    def problem(found: str) -> str:
        parsed = parse_number(found, rule)
        return parsed.problem if isinstance(parsed, Unreadable) else "is not a number"

    reading.report(faulty, Cause.NOT_A_NUMBER, problem)
    return values, faulty


def _read_whole(reading: _Reading) -> _Read:
    values, faulty = _read_number(reading)
    whole = values.cast(pl.Int64, strict=False)
    sql = parse_sql_type(reading.column.sql)
    least, most = _INT64 if sql is None else _RANGES.get(sql.name, _INT64)
    broken = values.is_not_null() & ~whole.is_between(least, most).fill_null(False)
    reading.report(broken, Cause.NOT_A_NUMBER, lambda _: f"is not a whole number that {sql} takes")
    return whole.set(broken, None), faulty | broken


def _read_date(reading: _Reading) -> _Read:
    values, faulty = parse_dates(reading.texts)
    reading.report(faulty, Cause.NOT_A_DATE, lambda _: "is not a date such as 2026-01-31")
    return values, faulty


_READERS: Final = MappingProxyType(
    {Kind.TEXT: _read_text, Kind.NUMBER: _read_number, Kind.WHOLE: _read_whole, Kind.DATE: _read_date}
)
