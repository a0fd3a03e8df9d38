"""The mapping against our tables as the database has them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sqlalchemy import Connection, Dialect, Table

from order_sync.model.mapping_findings import kind_of
from order_sync.reports.findings import Area, Finding, error, fine, warning
from order_sync.steps.check_source import counted, listed
from order_sync.store import catalogue, deploy
from order_sync.store.engine import Engines
from order_sync.store.errors import guarded
from order_sync.store.tables import Tables

_WIDTH = re.compile(r"\(\s*(\d+)")
_DEPLOY = "order-sync schema deploy"


def check_tables(engines: Engines, tables: Tables) -> Iterator[Finding]:
    """Which tables are missing, lack a column, or have one that is too narrow or of another type."""
    missing = deploy.missing(engines, tables)
    if missing:
        what = f"{counted(len(missing), 'table or view', 'tables and views')} missing: {listed(missing)}"
        yield error(Area.TABLES, what, engines.name, _DEPLOY)
    problems = deploy.mismatches(engines, tables)
    for problem in problems:
        fix = "add the columns (order-sync schema show has their types), or name other tables in the mapping"
        yield error(Area.TABLES, problem, engines.name, fix)
    with guarded(engines.name), engines.read.begin() as conn:
        narrow = [finding for table in tables.all() for finding in _columns(conn, table, tables)]
    yield from narrow
    if not (missing or problems or narrow):
        yield fine(Area.TABLES, f"all {len(tables.all())} tables are as the mapping wants them", engines.name)


def _columns(conn: Connection, table: Table, tables: Tables) -> Iterator[Finding]:
    """Columns that are there and hold less, or something else, than the mapping puts into them."""
    try:
        there = {each.name: each.type for each in catalogue.columns(conn, table.name, table.schema)}
    except catalogue.UnknownTable:
        return
    ours = table not in tables.customer_owned()
    for column in table.columns:
        found = there.get(column.name)
        if found is None:
            continue
        wanted = column.type.compile(conn.dialect)
        where = f"{table.name}.{column.name}"
        if _narrower(found, wanted, conn.dialect):
            what = f"{found} there, {wanted} in the mapping: longer values would not fit"
            fix = "widen the column, or write its width in the mapping so that too long values are found before"
            yield (error if ours else warning)(Area.TABLES, what, where, fix)
        elif _unlike(found, wanted):
            what = f"{found} there, {wanted} in the mapping"
            yield warning(Area.TABLES, what, where, "make both the same")


def _narrower(found: str, wanted: str, dialect: Dialect) -> bool:
    """Whether a text column takes less than it should. SQLite keeps no width unless one is declared."""
    has, needs = _WIDTH.search(found), _WIDTH.search(wanted)
    if has is None or kind_of(found) is not kind_of(wanted) or "CHAR" not in found.upper():
        return False
    if needs is None:
        return dialect.name == "mssql" or "TEXT" in wanted.upper()
    return int(has[1]) < int(needs[1])


def _unlike(found: str, wanted: str) -> bool:
    kinds = kind_of(found), kind_of(wanted)
    return None not in kinds and kinds[0] is not kinds[1]
