"""Rows to load in bulk: the kinds of columns that a staging table has, and every text that was ever lost on its way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import cycle, islice
from typing import Any

import polars as pl
from sqlalchemy import Column, Connection, Integer, MetaData, Table, select

from order_sync.store.types import sql_type

NAME = "ORDER_SYNC_BULK_TEST"
LONG = 4_001  # characters: one more than a parameter of known size can hold
_EPOCH = datetime(2026, 3, 1, 12, tzinfo=UTC)
# The longest of them is ASCII: a driver that goes by the longest sends all of them in one-byte characters.
_TEXTS = (
    "日本 向け",
    "ΑΒΓ Ψ",
    "",
    None,
    "Płaszcz – żółty",
    "🧵 43%",
    "8148-00",
    "a text in plain letters, longer than others",
)


def _text(row: int) -> str | None:
    text = _TEXTS[row % len(_TEXTS)]
    return f"{text} {row}" if text else text


def _long_text(row: int) -> str | None:
    return "x" * LONG if row == 7 else _text(row)


def _moment(row: int) -> datetime | None:
    return None if row % 5 == 0 else _EPOCH + timedelta(seconds=row, microseconds=row % 1_000_000 + 1)


def _day(row: int) -> date | None:
    return None if row % 7 == 0 else date(2026, 1, 1) + timedelta(days=row % 365)


def _price(row: int) -> float | None:
    return None if row % 6 == 0 else row / 7


def _quantity(row: int) -> int | None:
    return None if row % 9 == 0 else row * 3


@dataclass(frozen=True)
class Kind:
    """`make`: the value of a row."""

    sql: str
    dtype: pl.DataType
    make: Callable[[int], Any]


_SHORT = Kind("NVARCHAR(200)", pl.String(), _text)
_LONG = Kind("NVARCHAR(MAX)", pl.String(), _long_text)
_FLOAT = Kind("FLOAT", pl.Float64(), _price)
_WHOLE = Kind("BIGINT", pl.Int64(), _quantity)
_DATE = Kind("DATE", pl.Date(), _day)
_TIME = Kind("DATETIME2", pl.Datetime("us", "UTC"), _moment)
# About as often as the staging table of the example has them.
_PATTERN = (_SHORT, _FLOAT, _SHORT, _DATE, _LONG, _WHOLE, _TIME, _SHORT, _SHORT, _FLOAT)


@dataclass(frozen=True)
class Load:
    """A table and the rows that it is to hold; column n numbers them."""

    table: Table
    frame: pl.DataFrame

    @property
    def names(self) -> list[str]:
        return self.frame.columns

    def first(self, rows: int) -> Load:
        return Load(self.table, self.frame.head(rows))

    def rows(self) -> list[tuple[Any, ...]]:
        """As SQL Server's drivers take them: a DATETIME2 has no zone."""
        return self.frame.with_columns(pl.col(pl.Datetime).dt.replace_time_zone(None)).rows()

    def make_anew(self, conn: Connection) -> None:
        self.table.drop(conn, checkfirst=True)
        self.table.create(conn)


def load_of(rows: int, columns: int, *, long: bool = True) -> Load:
    """`long`: with one text that is longer than a parameter of known size."""
    pattern = cycle(_PATTERN if long else [_SHORT if each is _LONG else each for each in _PATTERN])
    kinds = list(islice(pattern, columns - 1))
    named = {f"c{at:02}": kind for at, kind in enumerate(kinds)}
    table = Table(
        NAME,
        MetaData(),
        Column("n", Integer, primary_key=True, autoincrement=False),
        *(Column(name, sql_type(kind.sql)) for name, kind in named.items()),
    )
    # Each column is a little behind the one before it: no two are alike.
    values = {
        name: pl.Series([kind.make(row + at) for row in range(rows)], dtype=kind.dtype)
        for at, (name, kind) in enumerate(named.items())
    }
    return Load(table, pl.DataFrame({"n": pl.Series(range(rows), dtype=pl.Int64), **values}))


@dataclass(frozen=True)
class Arrived:
    """What a way made of `sent` rows. `wrong`: cells that are another value now; `example`: the first of them."""

    sent: int
    cells: int
    rows: int
    wrong: int
    example: str = ""

    @property
    def percent(self) -> float:
        """Of the cells that were sent."""
        width = self.cells // self.sent
        return 100 * (self.rows * width - self.wrong) / self.cells

    def __str__(self) -> str:
        if self.percent == 100:
            return "nothing lost"
        lost = [f"{self.sent - self.rows:,} rows lost"] if self.rows != self.sent else []
        lost += [f"{self.wrong:,} cells changed, such as {self.example}"] if self.wrong else []
        return ", ".join(lost)


NOTHING = Arrived(sent=1, cells=1, rows=0, wrong=0)


def compare(conn: Connection, load: Load) -> Arrived:
    """Cell by cell, by the number of the row."""
    columns = [load.table.c[name] for name in load.names]
    found = {row[0]: row for row in conn.execute(select(*columns))}
    pairs = [(row, found[row[0]]) for row in load.frame.iter_rows() if row[0] in found]
    wrong = list(_differences(load.names, pairs))
    rows = load.frame.height
    return Arrived(rows, rows * load.frame.width, len(pairs), len(wrong), wrong[0] if wrong else "")


def _differences(names: Sequence[str], pairs: Sequence[tuple[Any, Any]]) -> Iterator[str]:
    for sent, there in pairs:
        for name, wanted, value in zip(names, sent, there, strict=True):
            if wanted != value:
                yield f"{name}: {_short(wanted)} is {_short(value)}"


def _short(value: Any) -> str:
    text = repr(value) if not isinstance(value, datetime) else value.isoformat()
    return text if len(text) <= 40 else f"{text[:30]}.. ({len(value):,} characters)"
