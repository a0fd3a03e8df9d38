"""Many rows at once, in the caller's transaction, at the driver's own speed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import polars as pl
from sqlalchemy import Connection, Table, Uuid, insert

from order_sync.model.errors import SchemaMismatch, StoreBusy
from order_sync.store import sqlserver_bulk

CHUNK: Final = 1_000  # measured: 5,000 rows of 91 columns no longer fit the cache and are a fifth slower


def load(conn: Connection, table: Table, frame: pl.DataFrame, chunk: int | None = None) -> int:
    """Insert every row of `frame`, whose columns are named as the table's; returns how many.

    A column that the frame lacks gets its default; a NULL in the frame is a NULL in the table. Dates and
    datetimes are polars' own (aware UTC), UUIDs text. `chunk`: rows that go together, where the default is not right.
    SchemaMismatch: the table has no such column.
    """
    _check_columns(table, frame)
    if frame.is_empty():
        return 0
    if conn.dialect.name == "mssql":
        return sqlserver_bulk.insert_all(conn, table, frame, chunk)
    insert_chunk = _driver_insert(conn, table, frame)
    told = sum(insert_chunk(part) for part in frame.iter_slices(chunk or CHUNK))
    if told != frame.height:
        raise StoreBusy(
            f"{frame.height} rows were handed over, {told} arrived", where=table.name, next_step="run again"
        )
    return told


def _check_columns(table: Table, frame: pl.DataFrame) -> None:
    unknown = [name for name in frame.columns if name not in table.c]
    if unknown:
        raise SchemaMismatch(f"the table has no column {', '.join(map(repr, unknown))}", where=table.name)


def _driver_insert(conn: Connection, table: Table, frame: pl.DataFrame) -> Callable[[pl.DataFrame], int]:
    filled = [name for name in frame.columns if not _nothing_to_say(frame[name], table)]
    statement = insert(table).inline().compile(dialect=conn.dialect, column_keys=filled)
    order = statement.positiontup
    if order is None:
        raise TypeError(f"{conn.dialect.name} names its parameters; this path needs them by position")
    plain = [_sqlite_value(pl.col(name), frame.schema[name], table) for name in order]

    def insert_chunk(part: pl.DataFrame) -> int:
        return conn.exec_driver_sql(str(statement), part.select(plain).rows()).rowcount

    return insert_chunk


def _nothing_to_say(values: pl.Series, table: Table) -> bool:
    """All NULL where NULL is what the table puts anyway."""
    return values.null_count() == values.len() and table.c[values.name].server_default is None


def _sqlite_value(value: pl.Expr, dtype: pl.DataType, table: Table) -> pl.Expr:
    """The form in which SQLAlchemy's types read the value back."""
    column = table.c[value.meta.output_name()]
    if dtype == pl.Date:
        return value.dt.to_string("%Y-%m-%d")
    if isinstance(dtype, pl.Datetime):
        return value.dt.convert_time_zone("UTC").dt.to_string("%Y-%m-%dT%H:%M:%S%.6fZ")
    if isinstance(dtype, pl.Decimal):
        return value.cast(pl.String)
    if isinstance(column.type, Uuid):
        return value.str.replace_all("-", "", literal=True).str.to_lowercase()
    return value
