"""Reading ORDERS_UNIFIED, or whatever the mapping names: by column name, in batches, never written to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
from sqlalchemy import Engine, column, select, table
from sqlalchemy.exc import SQLAlchemyError

from order_sync.model.errors import SourceError
from order_sync.model.mapping import Mapping
from order_sync.model.rows import SourceRows
from order_sync.model.sizes import size_columns
from order_sync.model.transform import sources_of

CELLS = 200_000  # a fetch: as Python objects a table takes ten times the memory, so few of them live at a time


@dataclass(frozen=True, slots=True)
class SourceColumn:
    """A column as the database's catalogue names it. `sql_type` upper case, e.g. NVARCHAR, INT, DATE."""

    name: str
    sql_type: str


@dataclass(frozen=True, slots=True)
class Source:
    """The table that orders come from. `columns`: what the database's catalogue says it has, in table order."""

    engine: Engine
    mapping: Mapping
    columns: tuple[SourceColumn, ...]
    schema: str | None = None

    def size_columns(self) -> tuple[str, ...]:
        """The columns between the mapping's markers that hold whole numbers. SourceError without the markers."""
        return size_columns([(each.name, each.sql_type) for each in self.columns], self.mapping.sizes)

    def wanted(self) -> list[str]:
        """Every column that a row's fate depends on, and those that people select by, in table order."""
        names = {*sources_of(self.mapping), *self.size_columns()}
        names |= {*self.mapping.source.po, *self.mapping.source.season}
        return [each.name for each in self.columns if each.name in names]

    def read(self) -> SourceRows:
        """All rows of the wanted columns. SourceError when a mapped column is missing or the table cannot be read."""
        missing = sorted(set(sources_of(self.mapping)) - {each.name for each in self.columns})
        if missing:
            raise SourceError(
                f"the source table lacks {len(missing)} mapped column(s): {', '.join(missing)}",
                where=self.mapping.source.table,
                next_step="run `order-sync check`, which names the nearest columns",
            )
        return read_source(self.engine, self.mapping, self.columns, self.wanted(), self.schema)


def read_source(
    engine: Engine,
    mapping: Mapping,
    columns: Sequence[SourceColumn],
    wanted: Sequence[str],
    schema: str | None,
) -> SourceRows:
    """The wanted columns of all rows in table order. Whole numbers are Int64, everything else is text: SQLite enforces
    no declared type, so a column is what it holds. SourceError when the table cannot be read."""
    order = {each.name: at for at, each in enumerate(columns)}
    names = sorted(set(wanted), key=lambda name: order[name])
    return SourceRows.pack(names, _chunks(engine, mapping.source.table, names, schema))


def _chunks(engine: Engine, name: str, names: Sequence[str], schema: str | None) -> Iterator[pl.DataFrame]:
    # Aliases keep odd names out of the result set's keys; quoting is the dialect's.
    source = table(name, *(column(each) for each in names), schema=schema)
    query = select(*(source.c[each].label(f"c{at}") for at, each in enumerate(names)))
    try:
        with engine.connect().execution_options(stream_results=True) as conn:
            result = conn.execute(query)
            while rows := result.fetchmany(max(1, CELLS // len(names))):
                yield _frame(rows, names)
    except SQLAlchemyError as error:
        raise SourceError(
            f"the source table cannot be read: {getattr(error, 'orig', error)}",
            where=name,
            next_step="check the table's name and your right to read it (`order-sync check`)",
        ) from None


def _frame(rows: Sequence[Any], names: Sequence[str]) -> pl.DataFrame:
    columns = zip(*rows, strict=True)
    return pl.DataFrame([_series(name, values) for name, values in zip(names, columns, strict=True)])


def _series(name: str, values: Sequence[Any]) -> pl.Series:
    types = {type(value) for value in values} - {type(None)}
    if not types:
        return pl.Series(name, values, dtype=pl.Null)
    if types == {int}:
        return pl.Series(name, values, dtype=pl.Int64)
    if types <= {str}:
        return pl.Series(name, values, dtype=pl.String)
    return pl.Series(name, [None if value is None else str(value) for value in values], dtype=pl.String)
