"""The tables as a T-SQL script that makes what is missing, upgrades what is older, and may be run again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from textwrap import indent
from typing import Final

from sqlalchemy import Column, Dialect, Table, Uuid

from order_sync.store.changes import (
    AddColumn,
    AddIndex,
    Change,
    MakeTable,
    RenewCheck,
    RenewIndex,
    Statement,
    indexes,
    literal,
    schema_made,
    table_literal,
)
from order_sync.store.grants import MIGRATION
from order_sync.store.migrations import MIGRATIONS, NEWEST
from order_sync.store.migrations.steps import Migration
from order_sync.store.tables import Tables

# Each batch is a statement of its own: after an error sqlcmd would go on with the next one, outside the transaction.
_BEGIN: Final = """\
SET ANSI_NULLS ON;
SET QUOTED_IDENTIFIER ON;
SET ANSI_PADDING ON;
SET ANSI_WARNINGS ON;
SET ARITHABORT ON;
SET CONCAT_NULL_YIELDS_NULL ON;
SET NUMERIC_ROUNDABORT OFF;
SET XACT_ABORT ON;
SET NOCOUNT ON;
GO"""
_NO_JSON: Final = " This database cannot read JSON."
_GO_ON: Final = "IF @@TRANCOUNT = 0\n    SET NOEXEC ON;\nGO"


def server_script(
    tables: Tables, dialect: Dialect, purposes: Mapping[str, str], modules: Iterable[str]
) -> Iterator[str]:
    """The parts of the script, in order. `purposes`: a sentence for each table, by its name. `modules`: the statements
    of views and procedures, each of which has to stand alone."""
    yield _BEGIN
    yield _refusal(tables, dialect)
    yield "BEGIN TRANSACTION;\nGO"
    if schema := schema_made(tables.metadata.schema, dialect):
        yield _batch(schema)
    for table in tables.all():
        yield f"-- {table.name}: {purposes[table.name]}\n" + "\n".join(map(_batch, _table(table, tables, dialect)))
    for migration in MIGRATIONS:
        heading = f"-- {migration.number}: {migration.why}\n"
        yield heading + "\n".join(map(_batch, _migration(migration, tables, dialect)))
    yield from map(_batch, modules)
    yield "COMMIT TRANSACTION;\nGO"
    yield _told(tables, dialect)


def statement(change: Statement, dialect: Dialect) -> str:
    """One statement as text, ended."""
    text = str(change.compile(dialect=dialect, compile_kwargs={"literal_binds": True})).strip() + ";"
    return "\n".join(line.rstrip() for line in text.replace("\t", "    ").splitlines())


def _batch(text: str) -> str:
    """Followed by what keeps the next one from running after an error, outside the transaction."""
    return f"{text}\nGO\n{_GO_ON}"


def _told(tables: Tables, dialect: Dialect) -> str:
    """Nothing of it is run after an error, whoever runs the script on to its end."""
    versions = dialect.identifier_preparer.format_table(tables.versions)
    return (
        f"DECLARE @version INT = (SELECT MAX([version]) FROM {versions});\n"
        "PRINT CONCAT(N'The tables are of version ', @version, "
        f"CASE WHEN @version < {NEWEST} THEN N', not of {NEWEST}: see above, or run order-sync schema deploy.' "
        "ELSE N'.' END);\n"
        "GO\nSET NOEXEC OFF;\nGO"
    )


def _table(table: Table, tables: Tables, dialect: Dialect) -> Iterator[str]:
    yield _guarded(MakeTable(table), dialect)
    columns = [_guarded(AddColumn(table, name), dialect) for name in _may_lack(table, tables)]
    if columns:
        yield "\n".join(columns)
    made = [_guarded(AddIndex(table, index), dialect) for index in indexes(table)]
    if made:
        yield "\n".join(made)


def _guarded(change: Change, dialect: Dialect) -> str:
    statements = [statement(each, dialect) for each in change.statements(dialect)]
    body = indent("\n".join(statements), "    ")
    if len(statements) > 1 or isinstance(change, MakeTable):
        body = f"BEGIN\n{body}\nEND;"
    return f"IF {change.guard(dialect)}\n{body}"


def _may_lack(table: Table, tables: Tables) -> list[str]:
    """Columns that a table may be without: any, where others may have made it or the mapping tells its columns; else
    those that came later."""
    if table in _others(tables):
        return [column.name for column in table.columns if not column.primary_key]
    later = (change for migration in MIGRATIONS for change in migration.changes(tables))
    return [change.name for change in later if isinstance(change, AddColumn) and change.table is table]


def _others(tables: Tables) -> tuple[Table, ...]:
    return (
        *(tables.staging, tables.staging_subitems, tables.archive, tables.archive_subitems),
        *(tables.production, tables.production_subitems, tables.errors, tables.errors_subitems, tables.batches),
    )


def _migration(migration: Migration, tables: Tables, dialect: Dialect) -> Iterator[str]:
    changes = migration.changes(tables)
    yield from (_guarded(change, dialect) for change in changes if isinstance(change, RenewCheck | RenewIndex))
    yield _noted(migration, changes, tables, dialect)


def _noted(migration: Migration, changes: Iterable[Change], tables: Tables, dialect: Dialect) -> str:
    """Written down where it is done, and the versions before it are: an upgrade that broke off is not taken for one."""
    versions = dialect.identifier_preparer.format_table(tables.versions)
    undone = [change.guard(dialect) for change in changes if _tells(change, tables)]
    undone += [move.left(tables, dialect) for move in migration.moves]
    before = migration.number - 1
    conditions = [
        f"NOT EXISTS (SELECT 1 FROM {versions} WHERE [version] = {migration.number})",
        *([f"EXISTS (SELECT 1 FROM {versions} WHERE [version] = {before})"] if before else []),
        *(f"NOT ({each})" for each in undone),
    ]
    return (
        f"INSERT INTO {versions} ([version], applied_at, applied_by, what)\n"
        f"SELECT {migration.number}, SYSUTCDATETIME(), SUSER_SNAME(), {literal(migration.why)}\n"
        "WHERE " + "\n    AND ".join(conditions) + ";"
    )


def _tells(change: Change, tables: Tables) -> bool:
    """Indexes of a table that is made here are made with it."""
    return not isinstance(change, AddIndex) or change.table is tables.calls


def _refusal(tables: Tables, dialect: Dialect) -> str:
    """What cannot be worked with ends the script before it changes anything; `schema diff` tells of further kinds."""
    checks = [
        _no_right(tables),
        _no_json(),
        _newer(tables, dialect),
        *(line for table in tables.all() for line in _refused(table, dialect)),
    ]
    return (
        "-- A login without the rights, or a database or tables that cannot be worked with: nothing is changed then.\n"
        "DECLARE @problems NVARCHAR(2000) = N'';\n" + "\n".join(checks) + "\nIF @problems <> N''\nBEGIN\n"
        "    RAISERROR(N'Nothing was changed:%s Correct this, then run the script again.', 16, 1, @problems);\n"
        "    SET NOEXEC ON;\nEND;\nGO"
    )


def _no_right(tables: Tables) -> str:
    schema = literal(tables.metadata.schema or "dbo")
    rights = [f"HAS_PERMS_BY_NAME(DB_NAME(), 'DATABASE', '{right}') = 0" for right in MIGRATION]
    rights.append(f"HAS_PERMS_BY_NAME(QUOTENAME({schema}), 'SCHEMA', 'ALTER') = 0")
    who = "this login may not make tables, views and procedures here, a member of db_owner or sync_migrate may."
    return _problem("\n    OR ".join(rights), who)


def _no_json() -> str:
    """Asked by doing it: what it depends on is the database's compatibility level, not the server's version."""
    told = _NO_JSON + " ALTER DATABASE CURRENT SET COMPATIBILITY_LEVEL = 130, or higher, lets it."
    return (
        "BEGIN TRY\n    EXEC(N'DECLARE @any INT = (SELECT COUNT(*) FROM OPENJSON(N''[1]''))');\nEND TRY\n"
        f"BEGIN CATCH\n    SET @problems += {literal(told)};\nEND CATCH;"
    )


def _newer(tables: Tables, dialect: Dialect) -> str:
    """Its columns would be left out by the views and procedures of this script."""
    name = table_literal(tables.versions, dialect)
    versions = dialect.identifier_preparer.format_table(tables.versions)
    there = f"EXISTS (SELECT 1 FROM {versions} WHERE [version] > {NEWEST})"
    told = f"The tables are of a later version than {NEWEST}: use the newer Order Sync that made them."
    return f"IF OBJECT_ID({name}, N'U') IS NOT NULL\n" + indent(_problem(there, told), "    ")


def _refused(table: Table, dialect: Dialect) -> Iterator[str]:
    name = table_literal(table, dialect)
    view = f"OBJECTPROPERTY(OBJECT_ID({name}), 'IsView') = 1"
    yield _problem(view, f"{table.name} is a view.")
    counting = table.autoincrement_column
    if counting is not None:
        there = f"OBJECT_ID({name}, N'U') IS NOT NULL"
        counts = f"ISNULL(COLUMNPROPERTY(OBJECT_ID({name}), {literal(counting.name)}, 'IsIdentity'), 0) = 0"
        yield _problem(f"{there} AND {counts}", f"{table.name}.{counting.name} is no IDENTITY.")
    for column in table.columns:
        if isinstance(column.type, Uuid):
            yield _problem(_other_type(column, dialect), f"{table.name}.{column.name} is no UNIQUEIDENTIFIER.")


def _other_type(column: Column[object], dialect: Dialect) -> str:
    name = table_literal(column.table, dialect)
    return (
        f"EXISTS (SELECT 1 FROM sys.columns WHERE object_id = OBJECT_ID({name}) "
        f"AND name = {literal(column.name)} AND TYPE_NAME(user_type_id) <> N'uniqueidentifier')"
    )


def _problem(condition: str, told: str) -> str:
    return f"IF {condition}\n    SET @problems += {literal(' ' + told)};"
