"""How the tables came to be as they are, version by version, and which version a database is of.

A new version is a file beside these, with the next number, and its place in MIGRATIONS. Its steps name tables and
columns of `tables.py` as they are today; each does nothing where its work is done already.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Dialect,
    Insert,
    bindparam,
    exists,
    func,
    insert,
    literal,
    literal_column,
    select,
)

from order_sync.store.migrations import v1, v2, v3, v4, v5, v6
from order_sync.store.migrations.steps import Migration
from order_sync.store.shape import Shape
from order_sync.store.tables import Tables

MIGRATIONS: Final[tuple[Migration, ...]] = tuple(each.MIGRATION for each in (v1, v2, v3, v4, v5, v6))
NEWEST: Final = MIGRATIONS[-1].number


def version_of(conn: Connection, tables: Tables, shape: Shape) -> int:
    """What is written down; of a database from before that was done, what its tables look like. 0: none of ours."""
    written = None if shape.of(tables.versions) is None else written_version(conn, tables)
    return _by_shape(tables, shape) if written is None else written


def written_version(conn: Connection, tables: Tables) -> int | None:
    """None where nothing was written down yet."""
    written: int | None = conn.scalar(select(func.max(tables.versions.c.version)))
    return written


def _by_shape(tables: Tables, shape: Shape) -> int:
    """The last of the migrations up to which everything is there that they make."""
    # A lease table is nobody's but ours; others may have tables of the first version's other names.
    if shape.of(tables.leases) is None:
        return 0
    reached = 1
    for migration in MIGRATIONS[1:]:
        if not all(change.done(shape) for change in migration.changes(tables)):
            break
        reached = migration.number
    return reached


def after(version: int) -> Iterator[Migration]:
    """The migrations that a database of this version has still to go through."""
    return (each for each in MIGRATIONS if each.number > version)


def note(tables: Tables, migration: Migration, dialect: Dialect) -> Insert:
    """The row of a migration that was gone through, unless it is there. The parameter "by" is who did it."""
    versions = tables.versions
    by: BindParameter[str] = bindparam("by")
    written = exists().where(versions.c.version == migration.number)
    row = select(literal(migration.number), _now(dialect), by, literal(migration.why)).where(~written)
    return insert(versions).from_select(["version", "applied_at", "applied_by", "what"], row)


def _now(dialect: Dialect) -> ColumnElement[Any]:
    """The database's own time, in the form that UtcDateTime reads."""
    if dialect.name == "mssql":
        return literal_column("SYSUTCDATETIME()")
    return literal_column("strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')")
