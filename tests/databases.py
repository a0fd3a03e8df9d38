"""The databases that tests work on: SQLite always, and the server that ORDER_SYNC_TEST_MSSQL_URL names, which they empty."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final
from uuid import UUID

import pytest
from sqlalchemy import Connection, Table, make_url, text

from order_sync.store.deploy import deploy
from order_sync.store.engine import Engines, open_engines
from order_sync.store.migrations import NEWEST
from order_sync.store.tables import Tables
from order_sync.store.types import utc_text

VARIABLE: Final = "ORDER_SYNC_TEST_MSSQL_URL"
SERVER: Final = os.environ.get(VARIABLE)
needs_server = pytest.mark.skipif(SERVER is None, reason=f"{VARIABLE} names no server")

# Foreign keys first, then what reads tables, then the tables.
_DROPS: Final = (
    """SELECT N'ALTER TABLE dbo.' + QUOTENAME(OBJECT_NAME(parent_object_id)) + N' DROP CONSTRAINT ' + QUOTENAME(name)
    FROM sys.foreign_keys WHERE OBJECT_SCHEMA_NAME(parent_object_id) = N'dbo'""",
    "SELECT N'DROP VIEW dbo.' + QUOTENAME(name) FROM sys.views WHERE SCHEMA_NAME(schema_id) = N'dbo'",
    "SELECT N'DROP PROCEDURE dbo.' + QUOTENAME(name) FROM sys.procedures WHERE SCHEMA_NAME(schema_id) = N'dbo'",
    "SELECT N'DROP TABLE dbo.' + QUOTENAME(name) FROM sys.tables WHERE SCHEMA_NAME(schema_id) = N'dbo'",
)
_COUNTS: Final = text(
    "SELECT TABLE_NAME, COUNT(*) FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_SCHEMA = N'dbo' GROUP BY TABLE_NAME"
)
_NAMED: Final = text(
    "SELECT CAST(SERVERPROPERTY(N'BabelfishVersion') AS NVARCHAR(40)), "
    "CAST(SERVERPROPERTY(N'ProductVersion') AS NVARCHAR(40))"
)
# What the last test worked on, and the tables that stand on the server.
_chosen: list[str] = []
_standing: list[frozenset[tuple[str, int]]] = []


def kinds() -> list[str]:
    """Parameters for a fixture: each test once on each of these."""
    return ["sqlite", *(["server"] if SERVER is not None else [])]


@contextmanager
def working_on(kind: str) -> Iterator[None]:
    """Worlds and houses that are built meanwhile have their tables there."""
    _chosen.append(kind)
    try:
        yield
    finally:
        _chosen.pop()


def on_server() -> bool:
    """Whether the test at work has its tables on the server."""
    return bool(_chosen) and _chosen[-1] == "server"


def schema() -> str | None:
    """Where the tables of the test at work are."""
    return "dbo" if on_server() else None


def server() -> str:
    """Its url. AssertionError: the database does not look like one made for tests, of which nothing would be left."""
    assert SERVER is not None, f"{VARIABLE} names no server"
    name = make_url(SERVER).database or ""
    assert "test" in name.casefold(), (
        f"{VARIABLE}: every table of {name!r} would be dropped; name one with 'test' in it"
    )
    return SERVER


@cache
def is_babelfish() -> bool:
    """Whether it only speaks SQL Server's protocol: some of what SQL Server can is not there."""
    with _connected(server()) as conn:
        return conn.scalar(text("SELECT CAST(SERVERPROPERTY(N'Babelfish') AS INT)")) == 1


def name() -> str:
    """What the database at work calls itself, with its version."""
    if not on_server():
        return "SQLite"
    with _connected(server()) as conn:
        told = conn.execute(_NAMED).one()
    return f"Babelfish {told[0]}" if told[0] else f"SQL Server {told[1]}"


def plain(value: Any) -> Any:
    """A cell of a statement written by hand as SQLite gives it, whose columns have no such types."""
    match value:
        case UUID():
            return value.hex
        case datetime():
            return utc_text(value.replace(tzinfo=UTC))
        case bool():
            return int(value)
        case _:
            return value


def spelled(name: str) -> str:
    """The name; without what a server has no way to write: Babelfish no closing bracket, and two dashes crash it."""
    return name.replace("]", ")").replace("--", "- -") if on_server() and is_babelfish() else name


def clear(url: str) -> None:
    """Drop every table, view and procedure of dbo."""
    with _connected(url) as conn:
        for drops in _DROPS:
            for (statement,) in conn.execute(text(drops)).all():
                conn.exec_driver_sql(statement)


def stand(engines: Engines, tables: Tables) -> None:
    """See that these tables are on the server, empty. Making them takes seconds, emptying them does not."""
    with engines.write.begin() as conn:
        found = {(row[0].casefold(), row[1]) for row in conn.execute(_COUNTS)}
        if _standing and _standing[-1] <= found and _wanted(tables) == _standing[-1]:
            conn.execute(tables.versions.delete().where(tables.versions.c.version > NEWEST))
            ours = [conn.dialect.identifier_preparer.format_table(table) for table in _children_first(tables)]
            conn.exec_driver_sql("; ".join(f"DELETE FROM {name}" for name in ours))
            return
    _standing.clear()
    clear(server())
    deploy(engines, tables)
    _standing.append(_wanted(tables))


def _wanted(tables: Tables) -> frozenset[tuple[str, int]]:
    return frozenset((table.name.casefold(), len(table.columns)) for table in tables.all())


def _children_first(tables: Tables) -> list[Table]:
    return [table for table in reversed(tables.metadata.sorted_tables) if table is not tables.versions]


@contextmanager
def _connected(url: str) -> Iterator[Connection]:
    engines = open_engines(url)
    try:
        with engines.write.begin() as conn:
            yield conn
    finally:
        engines.dispose()
