"""A source table to try things with: made from names and types, and filled in chunks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import polars as pl
from sqlalchemy import Column, Connection, MetaData, Table, func, select

from order_sync.model.errors import UsageError
from order_sync.store import catalogue
from order_sync.store.bulk import load
from order_sync.store.engine import Engines
from order_sync.store.errors import guarded
from order_sync.store.types import sql_type


def source_table(name: str, columns: Iterable[tuple[str, str]], schema: str | None = None) -> Table:
    """`columns`: name and SQL Server type. A uuid stays the text that it is."""
    return Table(name, MetaData(), *(Column(each, sql_type(_kept(sql))) for each, sql in columns), schema=schema)


def require_file(engines: Engines) -> None:
    """UsageError: this is no SQLite file."""
    if engines.dialect != "sqlite":
        raise UsageError(
            "invented orders go into SQLite files only",
            where=engines.name,
            next_step="name a file of its own: --database sqlite:///orders.db; "
            "order-sync demo --database URL shows everything on a server",
        )


def _kept(sql: str) -> str:
    return "NVARCHAR(36)" if sql.upper() == "UNIQUEIDENTIFIER" else sql


def fill(engines: Engines, table: Table, frames: Iterable[pl.DataFrame], *, replace: bool) -> Iterator[int]:
    """Makes the table and loads the frames in one transaction: it is there with all rows, or as it was before.

    Yields the rows of each frame. UsageError: it holds rows and is not to be replaced.
    """
    with guarded(engines.name), engines.write.begin() as conn:
        _make_room(conn, engines.name, table, replace=replace)
        for frame in frames:
            yield load(conn, table, frame)


def _make_room(conn: Connection, database: str, table: Table, *, replace: bool) -> None:
    if table.name in catalogue.table_names(conn, table.schema):
        rows = conn.execute(select(func.count()).select_from(table)).scalar_one()
        if rows and not replace:
            raise UsageError(
                f"the table {table.name} holds {rows:,} row{'s' if rows != 1 else ''} already",
                where=database,
                next_step="name another --database, or give --replace to throw them away",
            )
        table.drop(conn)
    table.create(conn)
