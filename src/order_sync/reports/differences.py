"""What we ship and the mapping against the live catalogue, difference by difference, each with what to do about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Column, Connection, Table

from order_sync.reports.shape import Report
from order_sync.store.adoption import obstacles
from order_sync.store.changes import AddIndex, Change, MakeTable, indexes, lacking
from order_sync.store.deploy import reads_no_json, unlike_modules
from order_sync.store.engine import Engines
from order_sync.store.errors import guarded
from order_sync.store.fit import narrower, unlike, wanted_type
from order_sync.store.migrations import NEWEST, after, version_of
from order_sync.store.modules import Module
from order_sync.store.shape import FoundColumn, FoundTable, Shape, read_shape
from order_sync.store.tables import Tables

DEPLOY: Final = "order-sync schema deploy"
_STAYS: Final = "nothing: it stays as it is"


@dataclass(frozen=True, slots=True)
class Difference(Report):
    """`kind`: version, missing, extra, case, type, width, null, default, identity, key, index, check, module, level or
    table.

    `needed`: a run would fail, or lose something, before somebody has done what `todo` says.
    """

    kind: str
    where: str
    what: str
    todo: str
    needed: bool = True


@dataclass(frozen=True, slots=True)
class SchemaReport(Report):
    """`version` 0: none of our tables is there."""

    database: str
    version: int
    newest: int
    differences: tuple[Difference, ...]

    @property
    def needed(self) -> tuple[Difference, ...]:
        """Those that somebody has to do something about."""
        return tuple(each for each in self.differences if each.needed)


def schema_differences(engines: Engines, tables: Tables) -> SchemaReport:
    """Everything at once, read in one transaction."""
    with guarded(engines.name), engines.read.begin() as conn:
        shape = read_shape(conn, tables.all(), tables.metadata.schema)
        version = version_of(conn, tables, shape)
        found = tuple(_all(conn, tables, shape, version))
    unable = (Difference(each.kind, each.where, each.what, each.fix) for each in reads_no_json(engines))
    return SchemaReport(engines.name, version, NEWEST, (*unable, *found))


def _all(conn: Connection, tables: Tables, shape: Shape, version: int) -> Iterator[Difference]:
    yield from _version(version)
    for each in obstacles(conn, tables, shape):
        yield Difference(each.kind, each.where, each.what, each.fix)
    for table in tables.all():
        there = shape.of(table)
        if there is not None and (there.is_view or there.name != table.name):
            continue  # told already
        yield from (_lacks(change) for change in lacking(table, there) if not _of_new(change, there))
        if there is not None:
            yield from _columns(conn, table, there, owned=table in tables.customer_owned())
            yield from _indexes(table, there)
    yield from _rules(tables, shape, version)
    yield from (_module(module, known) for module, known in unlike_modules(conn, tables).items())


def _module(module: Module, there: bool) -> Difference:
    """A procedure of before does its work on the columns that it knows; a view of before shows too little."""
    if not there:
        return Difference("missing", module.plain_name, "is not there", DEPLOY)
    what = "is not as this program and this mapping make it"
    return Difference("module", module.plain_name, what, DEPLOY, needed=module.kind == "PROCEDURE")


def _version(version: int) -> Iterator[Difference]:
    if 0 < version < NEWEST:
        yield Difference("version", "tables", f"are of version {version}, this program works with {NEWEST}", DEPLOY)
    if version > NEWEST:
        what = f"are of version {version}, this program knows {NEWEST}"
        yield Difference("version", "tables", what, "use the newer Order Sync that made them")


def _of_new(change: Change, there: FoundTable | None) -> bool:
    return there is None and not isinstance(change, MakeTable)


def _lacks(change: Change) -> Difference:
    kind = "index" if isinstance(change, AddIndex) else "missing"
    name = "" if isinstance(change, MakeTable) else f".{change.short}"
    return Difference(kind, f"{change.table.name}{name}", "is not there", DEPLOY)


def _columns(conn: Connection, table: Table, there: FoundTable, *, owned: bool) -> Iterator[Difference]:
    ours = {column.name.casefold() for column in table.columns}
    for column in table.columns:
        found = there.column(column.name)
        if found is not None and found.name == column.name:
            yield from _column(conn, column, found, f"{table.name}.{column.name}", owned=owned)
    for found in there.columns:
        if found.name.casefold() not in ours:
            yield Difference("extra", f"{table.name}.{found.name}", f"is {found.type or 'there'}, and not ours", _STAYS,
                             needed=False)  # fmt: skip


def _column(
    conn: Connection, column: Column[Any], found: FoundColumn, where: str, *, owned: bool
) -> Iterator[Difference]:
    wanted = wanted_type(column, conn.dialect)
    if narrower(found.type, wanted, conn.dialect) and not column.name.startswith(("stg_", "err_")):
        todo = "widen the column, or write its width in the mapping so that too long values are found before"
        what = f"{found.type} there, {wanted} in the mapping: longer values would not fit"
        yield Difference("width", where, what, todo, needed=not owned)
    elif owned and unlike(found, column, conn.dialect):
        yield Difference("type", where, f"{found.type} there, {wanted} in the mapping", "make both the same",
                         needed=False)  # fmt: skip
    if not column.nullable and found.nullable and not column.primary_key:
        yield Difference("null", where, "takes NULL, and would not if we had made it", "nothing: ours are never NULL",
                         needed=False)  # fmt: skip


def _indexes(table: Table, there: FoundTable) -> Iterator[Difference]:
    for index in indexes(table):
        found = there.indexes.get(str(index.name).casefold())
        wanted = tuple(str(column.name) for column in index.columns)
        if found is not None and (found.unique, found.columns) != (bool(index.unique), wanted):
            what = f"is over {', '.join(found.columns)}, and has to be over {', '.join(wanted)}"
            todo = f"drop the index, then {DEPLOY}"
            yield Difference("index", f"{table.name}.{index.name}", what, todo)


def _rules(tables: Tables, shape: Shape, version: int) -> Iterator[Difference]:
    """Checks and conditions that migrations change: they stand in no list of columns."""
    for migration in after(version) if version else ():
        for change in migration.changes(tables):
            if change.kind and not change.done(shape):
                what = f"is as it was before version {migration.number}"
                yield Difference(change.kind, f"{change.table.name}.{change.short}", what, DEPLOY)
