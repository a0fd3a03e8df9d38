"""Tables that others made: what of them can be worked with as it is, and what cannot, before anything is changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Connection, Dialect, Index, Table, func, select
from sqlalchemy.sql import visitors

from order_sync.store.changes import indexes
from order_sync.store.fit import narrower, unlike, wanted_type
from order_sync.store.shape import FoundColumn, FoundTable, Shape
from order_sync.store.tables import Tables
from order_sync.store.types import is_unbounded


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What keeps a table from being worked with. `fix`: what a person has to do about it."""

    kind: str  # table | case | type | width | null | default | identity | key | index | level
    where: str
    what: str
    fix: str

    def __str__(self) -> str:
        return f"{self.where} {self.what}: {self.fix}"


def obstacles(conn: Connection, tables: Tables, shape: Shape) -> list[Obstacle]:
    """Everything at once."""
    found = []
    for table in tables.all():
        there = shape.of(table)
        if there is not None:
            found += list(_in_table(conn, table, there, owned=table in tables.customer_owned()))
    return found


def _in_table(conn: Connection, table: Table, there: FoundTable, *, owned: bool) -> Iterator[Obstacle]:
    if there.is_view:
        yield Obstacle("table", table.name, "is a view", "rename the view, or name another table in the mapping")
        return
    if there.name != table.name:
        fix = f"rename it to {table.name}, or name another table in the mapping"
        yield Obstacle("case", table.name, f"is there as {there.name!r}", fix)
        return
    yield from _columns(conn.dialect, table, there, owned=owned)
    yield from _not_ours(table, there)
    if not owned:
        yield from _keys(table, there)
        yield from _unbounded(conn.dialect, table, there)
        yield from _unique(conn, table, there)


def _columns(dialect: Dialect, table: Table, there: FoundTable, *, owned: bool) -> Iterator[Obstacle]:
    for column in table.columns:
        found = there.column(column.name)
        if found is None:
            continue
        where = f"{table.name}.{column.name}"
        if found.name != column.name:
            yield Obstacle("case", where, f"is there as {found.name!r}", f"rename the column to {column.name!r}")
        elif not owned:
            yield from _cannot_hold(dialect, column, found, where)
            yield from _no_default(column, found, where)
        if column.nullable and not found.nullable and found.default is None and not found.counts:
            yield Obstacle("null", where, "takes no NULL", "let it take NULL, or give it a default")


def _no_default(column: Column[Any], found: FoundColumn, where: str) -> Iterator[Obstacle]:
    """The bulk load leaves out what has a default; NULL would be no count and no status."""
    default = column.server_default
    if default is None or found.default is not None or not column.name.startswith("stg_"):
        return
    wanted = getattr(default, "arg", "")
    yield Obstacle("default", where, f"has no default, and needs {wanted}", f"give it the default {wanted}")


def _cannot_hold(dialect: Dialect, column: Column[Any], found: FoundColumn, where: str) -> Iterator[Obstacle]:
    wanted = wanted_type(column, dialect)
    shown = found.type or "without a type"
    if unlike(found, column, dialect):
        fix = f"make the column {wanted}, or rename it so that ours can be added"
        yield Obstacle("type", where, f"is {shown}, and has to be {wanted}", fix)
    elif narrower(found.type, wanted, dialect) and column.name.startswith(("stg_", "err_")):
        yield Obstacle("width", where, f"is {shown}, and has to be {wanted}", f"widen the column to {wanted}")


def _not_ours(table: Table, there: FoundTable) -> Iterator[Obstacle]:
    ours = {column.name.casefold() for column in table.columns}
    for found in there.columns:
        if found.name.casefold() not in ours and not found.nullable and found.default is None and not found.counts:
            what = "is not ours and takes no NULL, so that our rows would be refused"
            yield Obstacle("null", f"{table.name}.{found.name}", what, "let it take NULL, or give it a default")


def _keys(table: Table, there: FoundTable) -> Iterator[Obstacle]:
    wanted = [column.name for column in table.primary_key.columns]
    found = [each.name for each in sorted(there.columns, key=lambda each: each.key) if each.key]
    if [each.casefold() for each in wanted] != [each.casefold() for each in found]:
        listed = ", ".join(wanted)
        what = f"has {', '.join(found) if found else 'nothing'} as its primary key, and needs {listed}"
        fix = f"make {listed} its primary key, or rename the table so that ours can be made"
        yield Obstacle("key", table.name, what, fix)
    counting = table.autoincrement_column
    if counting is None or wanted != [counting.name] or found != wanted:
        return
    column = there.column(counting.name)
    if column is not None and not column.counts:
        fix = "give it IDENTITY (on SQLite AUTOINCREMENT), or rename the table so that ours can be made"
        yield Obstacle("identity", f"{table.name}.{counting.name}", "does not count by itself", fix)


def _unbounded(dialect: Dialect, table: Table, there: FoundTable) -> Iterator[Obstacle]:
    """SQL Server takes no index over text without a limit."""
    indexed = {str(column.name) for index in indexes(table) for column in index.columns}
    for name in sorted(indexed) if dialect.name == "mssql" else ():
        found = there.column(name)
        if found is not None and is_unbounded(found.type):
            wanted = wanted_type(table.c[name], dialect)
            yield Obstacle(
                "width", f"{table.name}.{name}", f"is {found.type}, and is to be indexed", f"make it {wanted}"
            )


def _unique(conn: Connection, table: Table, there: FoundTable) -> Iterator[Obstacle]:
    """Unique indexes that we would add and rows that are there already break."""
    for index in indexes(table):
        columns = [str(column.name) for column in index.columns]
        known = there.serves_as(index)
        # A column that is still to be added is NULL in every row, and no filtered index of ours takes those.
        if not index.unique or known or any(there.column(name) is None for name in columns):
            continue
        twice = _twice(conn, table, index, there)
        if twice:
            values = f"{twice} value{'s' if twice > 1 else ''} of {', '.join(columns)}"
            what = f"has {values} twice or more, which {index.name} forbids"
            yield Obstacle("index", table.name, what, "let one row of each stand, or close the others")


def _twice(conn: Connection, table: Table, index: Index, there: FoundTable) -> int:
    """How many keys the index would find more than once."""
    where = index.dialect_options["sqlite"]["where"]
    if where is not None and any(there.column(str(each.name)) is None for each in _mentioned(table, where)):
        return 0
    query = select(*index.columns).group_by(*index.columns).having(func.count() > 1)
    double = (query if where is None else query.where(where)).subquery()
    return conn.execute(select(func.count()).select_from(double)).scalar_one()


def _mentioned(table: Table, where: Any) -> list[Column[Any]]:
    return [each for each in visitors.iterate(where) if isinstance(each, Column) and each.table is table]
