"""The tables, view and procedures in the database: as a script to read first, and done."""

from __future__ import annotations

from sqlalchemy import Connection, Table, column, func, select
from sqlalchemy import table as table_clause
from sqlalchemy.schema import CreateIndex, CreateTable

from order_sync.model.errors import SchemaMismatch
from order_sync.store import catalogue
from order_sync.store.engine import Engines
from order_sync.store.errors import guarded
from order_sync.store.grants import granted_again
from order_sync.store.modules import VIEWS, Module, modules
from order_sync.store.script import ddl, indexes
from order_sync.store.tables import Tables

__all__ = ["ddl", "deploy", "mismatches", "missing"]


def missing(engines: Engines, tables: Tables) -> list[str]:
    """Names of the tables and views that are not there; empty: nothing to deploy."""
    with guarded(engines.name), engines.read.begin() as conn:
        there = catalogue.table_names(conn, tables.metadata.schema)
    return [name for name in (*(table.name for table in tables.all()), *VIEWS) if name not in there]


def mismatches(engines: Engines, tables: Tables) -> list[str]:
    """One line for each table that is there but not as we need it."""
    with guarded(engines.name), engines.read.begin() as conn:
        return _mismatches(conn, tables)


def deploy(engines: Engines, tables: Tables) -> list[str]:
    """Make what is missing, in one transaction, and return its names. Nothing is dropped or altered.

    SchemaMismatch: a table exists without a column that we need; nothing was changed then.
    """
    with guarded(engines.name), engines.write.begin() as conn:
        problems = _mismatches(conn, tables)
        if problems:
            raise SchemaMismatch(
                "tables exist with another shape; nothing was changed:\n  - " + "\n  - ".join(problems),
                next_step="add these columns (order-sync schema show), or name other tables in the mapping",
            )
        there = catalogue.table_names(conn, tables.metadata.schema)
        made = [_make(conn, table) for table in tables.all() if table.name not in there]
        if conn.dialect.name == "sqlite":
            _add_indexes(conn, tables)
        return [*made, *_renew(conn, tables)]


def _mismatches(conn: Connection, tables: Tables) -> list[str]:
    there = {name.casefold(): name for name in catalogue.table_names(conn, tables.metadata.schema)}
    found = ((table, there.get(table.name.casefold())) for table in tables.all())
    problems = [_mismatch(conn, table, name) for table, name in found if name is not None]
    return [problem for problem in problems if problem]


def _mismatch(conn: Connection, table: Table, name: str) -> str:
    if name != table.name:
        return f"{table.name} is there as {name!r}"
    return _lacking(table, catalogue.columns(conn, name, table.schema))


def _lacking(table: Table, found: tuple[catalogue.CatalogueColumn, ...]) -> str:
    names = frozenset(column.name for column in found)
    absent = [column.name for column in table.columns if column.name not in names]
    if not absent:
        return ""
    return f"{table.name} lacks {', '.join(_meant(name, names) for name in absent)}"


def _meant(name: str, names: frozenset[str]) -> str:
    same = [each for each in names if each.casefold() == name.casefold()]
    return f"{name!r} (there is {same[0]!r})" if same else repr(name)


def _make(conn: Connection, table: Table) -> str:
    conn.execute(CreateTable(table))
    for index in indexes(table):
        conn.execute(CreateIndex(index))
    return str(table.name)


def _add_indexes(conn: Connection, tables: Tables) -> None:
    for table in tables.all():
        for index in indexes(table):
            conn.execute(CreateIndex(index, if_not_exists=True))


def _renew(conn: Connection, tables: Tables) -> list[str]:
    made = []
    for module in modules(tables, conn.dialect):
        present = _definition(conn, module)
        if present is None:
            made.append(module.plain_name)
        if present != module.sql:
            conn.exec_driver_sql(f"DROP {module.kind} IF EXISTS {module.name}")
            conn.exec_driver_sql(module.sql)
            for right in granted_again(tables, conn.dialect, module.plain_name):
                conn.exec_driver_sql(right)
    return made


def _definition(conn: Connection, module: Module) -> str | None:
    if conn.dialect.name == "mssql":
        return conn.scalar(select(func.object_definition(func.object_id(module.name))))
    master = table_clause("sqlite_master", column("name"), column("sql"))
    return conn.scalar(select(master.c.sql).where(master.c.name == module.plain_name))
