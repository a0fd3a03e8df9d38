"""A world's tables on the server that the tests may use: made once, put back by emptying them and filling in again."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import NVARCHAR, BigInteger, Column, Connection, MetaData, Select, Table, delete, insert, select

from order_sync.drill.history import HISTORY, NOTED, Noting, notings
from order_sync.store.deploy import deploy
from order_sync.store.engine import Engines
from order_sync.store.tables import Tables
from order_sync.store.types import sql_type
from tests import databases

Kept = tuple[tuple[Table, list[dict[str, Any]]], ...]

_HISTORY: Final = Table(
    HISTORY,
    MetaData(schema="dbo"),
    Column("seq", BigInteger, primary_key=True),
    Column("what", NVARCHAR(20), nullable=False),
    *(Column(name, NVARCHAR(100)) for name in ("row", "was", "becomes")),
    *(Column(name, BigInteger) for name in ("fence", "lease")),
    *(Column(name, sql_type("DATETIME2")) for name in ("due", "at")),
)


class OnServer:
    """In the database that ORDER_SYNC_TEST_MSSQL_URL names; whatever is there goes."""

    def __init__(self) -> None:
        self.url = databases.server()
        self._kept: tuple[Table, ...] = ()

    def make(self, engines: Engines, tables: Tables, source: Table, board: str) -> None:
        databases.clear(self.url)
        deploy(engines, tables)
        own = (table for table in tables.metadata.sorted_tables if table is not tables.versions)
        self._kept = (*own, source, _HISTORY)
        with engines.write.begin() as conn:
            source.create(conn)
            _record_history(conn, tables, board)

    def keep(self, engines: Engines) -> Kept:
        with engines.read.begin() as conn:
            return tuple(
                (table, [dict(row._mapping) for row in conn.execute(_in_order(table))]) for table in self._kept
            )

    def put(self, engines: Engines, kept: object) -> None:
        assert isinstance(kept, tuple)
        with engines.write.begin() as conn:
            names = [conn.dialect.identifier_preparer.format_table(table) for table in reversed(self._kept)]
            conn.exec_driver_sql("; ".join(f"DELETE FROM {name}" for name in names))
            for table, rows in kept:
                if table is _HISTORY:
                    conn.execute(delete(_HISTORY))  # what the rows that came back have noted
                if rows:
                    conn.execute(insert(table).inline(), rows)

    def contents(self, engines: Engines, /) -> dict[str, bytes]:
        return {str(table.name): repr(rows).encode() for table, rows in self.keep(engines)}


def _in_order(table: Table) -> Select[Any]:
    """A row may refer to an earlier one of its own table."""
    return select(table).order_by(*table.primary_key.columns)


def _record_history(conn: Connection, tables: Tables, board: str) -> None:
    _HISTORY.create(conn)
    for at, noting in enumerate(notings(tables, board)):
        if databases.is_babelfish() or noting.table not in _asked_by_output(tables):
            conn.exec_driver_sql(_trigger(at, noting))


def _asked_by_output(tables: Tables) -> tuple[Table, ...]:
    """SQL Server refuses OUTPUT without INTO on a table that has a trigger: what becomes of these is not written down."""
    return (tables.staging, tables.staging_subitems, tables.groups)


def _trigger(number: int, noting: Noting) -> str:
    """SQL Server's triggers are of statements: `inserted` holds all rows as they become, `deleted` as they were."""
    rows = {"INSERT": "inserted AS n", "DELETE": "deleted AS o", "UPDATE": "inserted AS n"}[noting.verb]
    if noting.key:
        rows += f" JOIN deleted AS o ON o.{noting.key} = n.{noting.key}"
    where = f" WHERE {_renamed(noting.when)}" if noting.when else ""
    return (
        f"CREATE TRIGGER dbo.drill_{number} ON dbo.[{noting.table.name}] AFTER {noting.verb} AS BEGIN SET NOCOUNT ON; "
        f"INSERT INTO dbo.{HISTORY} ({NOTED}) SELECT {_renamed(noting.values)} FROM {rows}{where}; END"
    )


def _renamed(sql: str) -> str:
    return sql.replace("NEW.", "n.").replace("OLD.", "o.")
