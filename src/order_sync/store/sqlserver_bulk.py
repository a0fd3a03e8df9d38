"""Many rows into SQL Server: as JSON into a table of this session's own, checked there, then moved in one statement.

Every value travels as text, in one parameter that is never NULL, and the server makes its type of it. So there is one
way for every driver, no driver's idea of a date, a decimal or a NULL matters, and what arrived can be checked without
other sessions in the way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import polars as pl
from sqlalchemy import (
    NVARCHAR,
    Column,
    ColumnElement,
    Connection,
    FromClause,
    Integer,
    MetaData,
    Select,
    String,
    Table,
    cast,
    delete,
    func,
    insert,
    literal,
    null,
    select,
    update,
)
from sqlalchemy.schema import CreateTable, DropTable
from sqlalchemy.sql.dml import Insert, Update

from order_sync.model.errors import Halted, StoreBusy
from order_sync.store.sqlserver_json import coded, opened, special_characters
from order_sync.store.sqlserver_sizes import LONGEST

FEW: Final = 20  # rows: up to that, making the table was seen to cost more than it saves
CELLS: Final = 100_000  # that go together; a statement of more than 5,000 row locks would lock the whole table
MOST: Final = 1_000
COLUMNS: Final = 95  # of one document: a server was seen to read no more than 97 of one
BYTES: Final = 8_000_000  # of text that go together, so that long texts do not fill the memory
PIECE: Final = LONGEST // 2  # characters: whatever they are, NVARCHAR(4000) holds them


def insert_all(conn: Connection, table: Table, frame: pl.DataFrame, chunk: int | None = None) -> int:
    """Insert every row of `frame` in its order; returns how many. StoreBusy: not all arrived. Halted: a text arrived
    otherwise than it was sent."""
    texts = frame.select(_text(pl.col(name), dtype) for name, dtype in frame.schema.items())
    if texts.height <= FEW:
        return _one_by_one(conn, table, texts)
    passages = [
        _passage(number, table, texts.select(texts.columns[start : start + COLUMNS]))
        for number, start in enumerate(range(0, texts.width, COLUMNS))
    ]
    onwards = _onwards(table, passages)
    for passage in passages:
        conn.execute(CreateTable(passage.table))
    for number, part in enumerate(_parts(texts, chunk or _rows_together(texts))):
        for passage in passages:
            if number:
                conn.execute(delete(passage.table))
            passage.take(conn, part.select(passage.names))
        _all_there(table, part.height, conn.execute(onwards).rowcount)
    for passage in passages:
        conn.execute(DropTable(passage.table))
    return texts.height


def _rows_together(texts: pl.DataFrame) -> int:
    by_bytes = int(texts.height * BYTES / max(texts.estimated_size(), 1))
    return max(FEW, min(MOST, CELLS // texts.width, by_bytes))


def _text(value: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    """A form that the server reads alike in every language and date format."""
    if dtype == pl.Boolean:
        return value.cast(pl.Int8).cast(pl.String)
    if isinstance(dtype, pl.Datetime):
        utc = value.dt.convert_time_zone("UTC") if dtype.time_zone else value
        return utc.dt.to_string("%Y-%m-%dT%H:%M:%S%.6f")
    return value.dt.to_string("%Y-%m-%d") if dtype == pl.Date else value.cast(pl.String)


def _parts(texts: pl.DataFrame, chunk: int) -> Iterator[pl.DataFrame]:
    """Of nearly the same size: a last part of a single row would go another way than the others."""
    count = -(-texts.height // chunk)
    bounds = [number * texts.height // count for number in range(count + 1)]
    for start, end in pairwise(bounds):
        yield texts.slice(start, end - start)


def _one_by_one(conn: Connection, table: Table, texts: pl.DataFrame) -> int:
    """A statement for each row, a NULL as a word of it: a driver has to ask the server for the type of a NULL."""
    done = 0
    for row in texts.iter_rows(named=True):
        values = {
            name: null() if value is None else _typed(literal(value, NVARCHAR()), table.c[name])
            for name, value in row.items()
            if value is not None or table.c[name].server_default is not None
        }
        done += conn.execute(insert(table).inline().values(values)).rowcount
    return _all_there(table, texts.height, done)


def _typed(value: ColumnElement[Any], column: Column[Any]) -> ColumnElement[Any]:
    # A cast of text to text would cut it in silence; without one, what is too long is refused.
    return value if isinstance(column.type, String) else cast(value, column.type)


def _all_there(table: Table, wanted: int, found: int) -> int:
    if found != wanted:
        raise StoreBusy(f"{wanted} rows were handed over, {found} arrived", where=table.name, next_step="run again")
    return found


@dataclass(frozen=True)
class _Passage:
    """The session's own table `table`, whose columns c0, c1, .. are those of `target` named `names`.
    `special`: the characters in each of its columns that travel as a code."""

    table: Table
    target: Table
    names: Sequence[str]
    special: Mapping[str, str]
    inwards: Insert

    def take(self, conn: Connection, part: pl.DataFrame) -> None:
        """Its columns of some rows, checked. StoreBusy, Halted: as `insert_all`."""
        self._fill(conn, part)
        self._check(conn, part)

    def _fill(self, conn: Connection, part: pl.DataFrame) -> None:
        """Rows numbered in their order; the rest of each text of a column that has long ones follows in pieces."""
        own = part.select(pl.col(name).alias(self._own(name)) for name in self.names)
        sent = own.with_columns(coded(pl.col(name)) for name in self.special)
        long = [each.name for each in sent.iter_columns() if _longest(each) > LONGEST]
        sent = sent.with_columns(self._piece(name, own[name]) for name in long)
        conn.execute(self.inwards, {"document": sent.with_row_index("n").write_json()})
        for name in long:
            self._append(conn, name, own[name])

    def _append(self, conn: Connection, name: str, texts: pl.Series) -> None:
        longer = self._longer(name)
        rest = texts.to_frame().with_row_index("n").with_columns(pl.col(name).str.slice(PIECE))
        while (rest := rest.filter(pl.col(name) != "")).height:
            sent = rest.select("n", self._piece(name, rest[name]).alias("piece"))
            conn.execute(longer, {"document": sent.write_json()})
            rest = rest.with_columns(pl.col(name).str.slice(PIECE))

    def _longer(self, name: str) -> Update:
        special = {"piece": self.special.get(name, "")}
        pieces = opened({"n": "INT", "piece": f"NVARCHAR({LONGEST})"}, special).subquery("pieces")
        column = self.table.c[name]
        changed = update(self.table).values({column: column + pieces.c.piece})
        return changed.where(self.table.c.n == pieces.c.n).inline()

    def _piece(self, name: str, texts: pl.Series) -> pl.Series:
        begun = texts.str.slice(0, PIECE)
        return begun.to_frame().select(coded(pl.col(name))).to_series() if name in self.special else begun

    def _check(self, conn: Connection, part: pl.DataFrame) -> None:
        """All rows are there, each ASCII column has as many values and characters, every other column is equal."""
        plain = [name for name in self.names if _is_ascii(part[name])]
        rows, *sums = conn.execute(self._sums(plain)).one()
        _all_there(self.target, part.height, rows)
        found = zip(plain, sums[0::2], sums[1::2], strict=True)
        wrong = [name for name, values, length in found if (values, length or 0) != _measured(part[name])]
        others = [name for name in self.names if name not in plain]
        wrong += self._unequal(conn, part, others) if others else []
        if wrong:
            raise Halted(
                f"text did not arrive as it was sent, in {', '.join(map(repr, wrong))}",
                where=self.target.name,
                next_step="nothing was kept; use the other driver, mssql+pyodbc or mssql+mssqlpython, and report this",
            )

    def _sums(self, names: Sequence[str]) -> Select[Any]:
        wanted: list[ColumnElement[Any]] = [func.count()]
        for name in names:
            column = self.table.c[self._own(name)]
            # LEN leaves blanks at the end out: each is measured with one more character.
            measured = func.len(column + literal("|", literal_execute=True))
            wanted += [func.count(column), func.sum(measured)]
        return select(*wanted).select_from(self.table)

    def _unequal(self, conn: Connection, part: pl.DataFrame, names: Sequence[str]) -> list[str]:
        columns = [self.table.c[self._own(name)] for name in names]
        found = conn.execute(select(*columns).order_by(self.table.c.n)).all()
        return [
            name
            for name, arrived in zip(names, zip(*found, strict=True), strict=True)
            if list(arrived) != part[name].to_list()
        ]

    def _own(self, name: str) -> str:
        return f"c{self.names.index(name)}"


def _passage(number: int, target: Table, texts: pl.DataFrame) -> _Passage:
    columns = [Column(f"c{place}", NVARCHAR(_width(each)), nullable=True) for place, each in enumerate(texts)]
    count = Column("n", Integer, primary_key=True, autoincrement=False)
    table = Table(f"#order_sync_load_{number}", MetaData(), count, *columns)
    own = [each.name for each in columns]
    special = {name: found for name, each in zip(own, texts, strict=True) if (found := special_characters(each))}
    shape = {"n": "INT", **dict.fromkeys(own, f"NVARCHAR({LONGEST})")}
    inwards = insert(table).from_select(["n", *own], opened(shape, special))
    return _Passage(table, target, texts.columns, special, inwards)


def _onwards(target: Table, passages: Sequence[_Passage]) -> Insert:
    """All columns into the target in the order of the rows, the server's types made of the text."""
    first, *others = (passage.table for passage in passages)
    found: FromClause = first
    for other in others:
        found = found.join(other, other.c.n == first.c.n)
    names = [name for passage in passages for name in passage.names]
    values = [
        _typed(column, target.c[name])
        for passage in passages
        for name, column in zip(passage.names, list(passage.table.c)[1:], strict=True)
    ]
    rows = select(*values).select_from(found).order_by(first.c.n)
    return insert(target).from_select([target.c[name] for name in names], rows, include_defaults=False)


def _width(column: pl.Series) -> int | None:
    """None is NVARCHAR(MAX), slower; UTF-8 is never shorter than UTF-16. One character is left to measure with."""
    return None if _longest(column) >= LONGEST else LONGEST


def _longest(column: pl.Series) -> int:
    """In bytes of UTF-8."""
    found: Any = column.str.len_bytes().max()
    return int(found or 0)


def _is_ascii(column: pl.Series) -> bool:
    return bool((column.str.len_bytes() == column.str.len_chars()).all())


def _measured(column: pl.Series) -> tuple[int, int]:
    values = column.count()
    return values, int(column.str.len_chars().sum()) + values
