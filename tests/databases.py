"""The server that tests may work on beside SQLite: named by ORDER_SYNC_TEST_MSSQL_URL, and emptied by them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Final

import pytest
from sqlalchemy import Connection, make_url, text

from order_sync.store.engine import open_engines

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


def clear(url: str) -> None:
    """Drop every table, view and procedure of dbo."""
    with _connected(url) as conn:
        for drops in _DROPS:
            for (statement,) in conn.execute(text(drops)).all():
                conn.exec_driver_sql(statement)


@contextmanager
def _connected(url: str) -> Iterator[Connection]:
    engines = open_engines(url)
    try:
        with engines.write.begin() as conn:
            yield conn
    finally:
        engines.dispose()
