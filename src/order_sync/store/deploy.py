"""The tables, view and procedures in the database: as a script to read first, and done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, column, func, select, text
from sqlalchemy import table as table_clause

from order_sync.model.errors import SchemaError, SchemaMismatch
from order_sync.store import catalogue
from order_sync.store.adoption import Obstacle, obstacles
from order_sync.store.changes import Change, MakeTable, lacking, schema_made
from order_sync.store.engine import Engines
from order_sync.store.errors import guarded
from order_sync.store.migrations import NEWEST, after, note, version_of, written_version
from order_sync.store.modules import VIEWS, Module, modules
from order_sync.store.process import this_process
from order_sync.store.script import ddl
from order_sync.store.shape import Shape, read_shape
from order_sync.store.tables import Tables

__all__ = ["Standing", "ddl", "deploy", "missing", "obstacles_of", "standing", "unlike_modules"]

JSON_LEVEL: Final = 130
_LEVEL: Final = text("SELECT compatibility_level FROM sys.databases WHERE database_id = DB_ID()")
_JSON: Final = text("SELECT COUNT(*) FROM OPENJSON(N'[1]')")


@dataclass(frozen=True, slots=True)
class Standing:
    """How the database stands to this program. `version` 0: none of our tables is there."""

    version: int
    missing: tuple[str, ...]

    @property
    def older(self) -> bool:
        """Our tables are there, as an earlier program made them."""
        return 0 < self.version < NEWEST

    @property
    def newer(self) -> bool:
        return self.version > NEWEST


def standing(engines: Engines, tables: Tables) -> Standing:
    """Version and missing tables."""
    with guarded(engines.name), engines.read.begin() as conn:
        absent = tuple(_missing(conn, tables))
        written = None if tables.versions.name in absent else written_version(conn, tables)
        # What is written down says all: the shape is read only where nothing is.
        return Standing(version_of(conn, tables, _shape(conn, tables)) if written is None else written, absent)


def missing(engines: Engines, tables: Tables) -> list[str]:
    """Names of the tables and views that are not there; empty: nothing to deploy."""
    with guarded(engines.name), engines.read.begin() as conn:
        return _missing(conn, tables)


def obstacles_of(engines: Engines, tables: Tables) -> list[Obstacle]:
    """Each way in which the database, or a table that is there, is of no use to us."""
    with guarded(engines.name), engines.read.begin() as conn:
        found = obstacles(conn, tables, _shape(conn, tables))
    return [*reads_no_json(engines), *found]


def reads_no_json(engines: Engines) -> list[Obstacle]:
    """Lists of ids and rows go to SQL Server as JSON. Whether it can be read there depends on the database's level of
    compatibility, which a database keeps that came from an older server."""
    if engines.dialect != "mssql":
        return []
    with guarded(engines.name), engines.read.begin() as conn:
        level = conn.scalar(_LEVEL)
    if level is None or level >= JSON_LEVEL:
        return []
    try:
        with guarded(engines.name), engines.read.begin() as conn:
            conn.scalar(_JSON)
    except SchemaError:
        what = f"has the compatibility level {level}, at which SQL Server reads no JSON"
        fix = f"ALTER DATABASE CURRENT SET COMPATIBILITY_LEVEL = {JSON_LEVEL}, or higher"
        return [Obstacle("level", "the database", what, fix)]
    return []


def deploy(engines: Engines, tables: Tables) -> list[str]:
    """Make what is missing, in one transaction, and return its names. Nothing is dropped; may be run again.

    SchemaMismatch: a table exists in a shape that cannot be worked with; nothing was changed then.
    """
    unable = reads_no_json(engines)
    with guarded(engines.name), engines.write.begin() as conn:
        shape = _shape(conn, tables)
        version = version_of(conn, tables, shape)
        _refuse(version, [*unable, *obstacles(conn, tables, shape)], engines.name)
        if schema := schema_made(tables.metadata.schema, conn.dialect):
            conn.exec_driver_sql(schema)
        done = [*_migrate(conn, tables, shape, version), *_complete(conn, tables)]
        _note(conn, tables)
        return [*_told(done), *_renew(conn, tables)]


def _missing_views(conn: Connection, tables: Tables) -> list[str]:
    """Those that `deploy` would make."""
    there = {name.casefold() for name in catalogue.table_names(conn, tables.metadata.schema)}
    return [name for name in VIEWS if name.casefold() not in there]


def unlike_modules(conn: Connection, tables: Tables) -> dict[Module, bool]:
    """The views and procedures that `deploy` would make or renew, and whether they are there: then their text is not
    ours. A text that this login may not read is taken for ours."""
    found = {module: _standing(conn, module) for module in modules(tables, conn.dialect)}
    return {
        module: there
        for module, (there, text) in found.items()
        if not there or (text is not None and not module.is_as(text))
    }


def _missing(conn: Connection, tables: Tables) -> list[str]:
    there = catalogue.table_names(conn, tables.metadata.schema)
    absent = [str(table.name) for table in tables.all() if table.name not in there]
    return [*absent, *_missing_views(conn, tables)]


def _shape(conn: Connection, tables: Tables) -> Shape:
    return read_shape(conn, tables.all(), tables.metadata.schema)


def _refuse(version: int, problems: list[Obstacle], where: str) -> None:
    if version > NEWEST:
        raise SchemaMismatch(
            f"the tables are of version {version}, this program knows {NEWEST}",
            where=where,
            next_step="use the newer Order Sync that made them",
        )
    if problems:
        raise SchemaMismatch(
            "what is there cannot be worked with; nothing was changed:\n  - " + "\n  - ".join(map(str, problems)),
            where=where,
            next_step="do what stands behind each, then order-sync schema deploy again",
        )


def _migrate(conn: Connection, tables: Tables, shape: Shape, version: int) -> list[Change]:
    """Nothing where none of our tables is there: they are made whole, as they are today."""
    done = []
    for migration in after(version) if version else ():
        wanted = [change for change in migration.changes(tables) if not change.done(shape)]
        done += _apply(conn, wanted)
        for move in migration.moves:
            move.run(conn, tables)
        shape = _shape(conn, tables)
    return done


def _complete(conn: Connection, tables: Tables) -> list[Change]:
    """What the mapping asks for beside the migrations, and what the tables of others lack."""
    shape = _shape(conn, tables)
    return _apply(conn, [change for table in tables.all() for change in lacking(table, shape.of(table))])


def _apply(conn: Connection, changes: list[Change]) -> list[Change]:
    for change in changes:
        for statement in change.statements(conn.dialect):
            conn.execute(statement)
    return changes


def _told(done: list[Change]) -> list[str]:
    """A line for each table that was made, and for each that got something."""
    made = {change.table.name for change in done if isinstance(change, MakeTable)}
    got: dict[str, list[str]] = {name: [] for name in dict.fromkeys(change.table.name for change in done)}
    for change in done:
        if not isinstance(change, MakeTable) and change.table.name not in made:
            got[change.table.name].append(change.short)
    return [f"{name}: {', '.join(parts)}" if parts else name for name, parts in got.items()]


def _note(conn: Connection, tables: Tables) -> None:
    for migration in after(written_version(conn, tables) or 0):
        conn.execute(note(tables, migration, conn.dialect), {"by": this_process()})


def _renew(conn: Connection, tables: Tables) -> list[str]:
    made = []
    for module, there in unlike_modules(conn, tables).items():
        for statement in _renewal(conn, module) if there else (module.sql,):
            conn.exec_driver_sql(statement)
        if not there:
            made.append(module.plain_name)
    return made


def _renewal(conn: Connection, module: Module) -> tuple[str, ...]:
    """SQLite alters no view, and knows no rights that could be lost."""
    return (module.renewal,) if conn.dialect.name == "mssql" else (f"DROP {module.kind} {module.name}", module.sql)


def _standing(conn: Connection, module: Module) -> tuple[bool, str | None]:
    """Whether it is there, and its text."""
    if conn.dialect.name == "mssql":
        texts = table_clause("sql_modules", column("object_id"), column("definition"), schema="sys")
        text = conn.scalar(select(texts.c.definition).where(texts.c.object_id == func.object_id(module.name)))
        return text is not None or conn.scalar(select(func.object_id(module.name))) is not None, text
    master = table_clause("sqlite_master", column("name"), column("sql"))
    text = conn.scalar(select(master.c.sql).where(master.c.name == module.plain_name))
    return text is not None, text
