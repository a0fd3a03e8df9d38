"""The tables as the database has them: columns, keys, indexes, checks.

Read by name from the catalogue, never reflected: that changes the case of names on one server and fails on another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, Index, Row, Table, text

from order_sync.store.catalogue import type_text

UNTOLD: Final = "(there is one)"  # a default whose text this login may not see


@dataclass(frozen=True, slots=True)
class FoundColumn:
    """`key`: its place in the primary key, 0 where it is no part of it. `counts`: rows get a number by themselves that
    is never given twice."""

    name: str
    type: str
    nullable: bool
    default: str | None = None
    key: int = 0
    counts: bool = False


@dataclass(frozen=True, slots=True)
class FoundIndex:
    """`where`: the condition of a filtered index in the database's words, or nothing."""

    name: str
    unique: bool
    columns: tuple[str, ...]
    where: str = ""


@dataclass(frozen=True)
class FoundTable:
    """Indexes stand under their case-folded names: neither database tells two names apart that differ by case."""

    name: str
    is_view: bool = False
    columns: tuple[FoundColumn, ...] = ()
    indexes: Mapping[str, FoundIndex] = field(default_factory=dict)
    checks: str = ""

    def column(self, name: str) -> FoundColumn | None:
        """Whatever the case of its name."""
        return next((each for each in self.columns if each.name.casefold() == name.casefold()), None)

    def serves_as(self, index: Index) -> bool:
        """Whether the index is there, or another over all rows that does what it does, whoever named it."""
        wanted = tuple(str(column.name).casefold() for column in index.columns)
        return str(index.name).casefold() in self.indexes or any(
            tuple(map(str.casefold, found.columns)) == wanted and found.unique >= bool(index.unique) and not found.where
            for found in self.indexes.values()
        )


@dataclass(frozen=True)
class Shape:
    """Tables and views under their case-folded names."""

    tables: Mapping[str, FoundTable]

    def of(self, table: Table) -> FoundTable | None:
        """What stands under the table's name, whatever its case."""
        return self.tables.get(table.name.casefold())


def read_shape(conn: Connection, tables: Iterable[Table], schema: str | None) -> Shape:
    """Of these tables alone."""
    wanted = frozenset(table.name.casefold() for table in tables)
    read = _server if conn.dialect.name == "mssql" else _sqlite
    return Shape({found.name.casefold(): found for found in read(conn, wanted, schema)})


_MASTER = text("SELECT name, type, sql FROM sqlite_master WHERE type IN ('table', 'view')")
_SQLITE_COLUMNS = text(
    'SELECT name, type, "notnull", dflt_value, pk, hidden FROM pragma_table_xinfo(:name) WHERE hidden <> 1 ORDER BY cid'
)
_SQLITE_INDEXES = text(
    'SELECT l.name, l."unique" AS is_unique, i.name AS part, m.sql FROM pragma_index_list(:name) AS l '
    "JOIN pragma_index_info(l.name) AS i LEFT JOIN sqlite_master AS m ON m.type = 'index' AND m.name = l.name "
    "ORDER BY l.name, i.seqno"
)


def _sqlite(conn: Connection, wanted: frozenset[str], _schema: str | None) -> list[FoundTable]:
    there = [row for row in conn.execute(_MASTER).all() if row.name.casefold() in wanted]
    return [_sqlite_table(conn, row.name, row.type == "view", row.sql or "") for row in there]


def _sqlite_table(conn: Connection, name: str, is_view: bool, sql: str) -> FoundTable:
    if is_view:
        return FoundTable(name, True)
    # Only this word keeps the number of a deleted row from being given to another.
    counting = "AUTOINCREMENT" in sql.upper()
    columns = tuple(
        FoundColumn(
            row.name,
            row.type or "",
            not row.notnull and not row.pk,
            row.dflt_value,
            row.pk,
            bool(row.pk) and counting,
        )
        for row in conn.execute(_SQLITE_COLUMNS, {"name": name})
    )
    parts = [
        (row.name, bool(row.is_unique), row.part, _after_where(row.sql))
        for row in conn.execute(_SQLITE_INDEXES, {"name": name})
    ]
    return FoundTable(name, False, columns, _indexes(parts), sql)


def _after_where(sql: str | None) -> str:
    return (sql or "").partition(" WHERE ")[2]


def _indexes(parts: Iterable[tuple[str, bool, str, str]]) -> dict[str, FoundIndex]:
    columns: dict[str, list[str]] = defaultdict(list)
    facts: dict[str, tuple[bool, str]] = {}
    for name, unique, column, where in parts:
        columns[name].append(column)
        facts[name] = unique, where
    return {name.casefold(): FoundIndex(name, facts[name][0], tuple(columns[name]), facts[name][1]) for name in columns}


_SERVER_TABLES = text("SELECT TABLE_NAME, TABLE_TYPE FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA = :schema")
_SERVER_COLUMNS = text(
    "SELECT TABLE_NAME, COLUMN_NAME, DATA_TYPE, IS_NULLABLE, CHARACTER_MAXIMUM_LENGTH, NUMERIC_PRECISION, "
    "NUMERIC_SCALE, COLUMN_DEFAULT, "
    "COLUMNPROPERTY(OBJECT_ID(QUOTENAME(TABLE_SCHEMA) + N'.' + QUOTENAME(TABLE_NAME)), COLUMN_NAME, 'IsIdentity') "
    "AS IS_COUNTED "
    "FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_SCHEMA = :schema ORDER BY TABLE_NAME, ORDINAL_POSITION"
)
# Of the constraints themselves only those hear who may alter the table, or see its definition: a worker may not.
_SERVER_KEYS = text(
    "SELECT t.name AS TABLE_NAME, c.name AS COLUMN_NAME, ic.key_ordinal FROM sys.tables AS t "
    "JOIN sys.indexes AS i ON i.object_id = t.object_id AND i.is_primary_key = 1 "
    "JOIN sys.index_columns AS ic ON ic.object_id = i.object_id AND ic.index_id = i.index_id "
    "JOIN sys.columns AS c ON c.object_id = ic.object_id AND c.column_id = ic.column_id "
    "WHERE t.schema_id = SCHEMA_ID(:schema)"
)
_SERVER_DEFAULTS = text(
    "SELECT t.name AS TABLE_NAME, c.name AS COLUMN_NAME FROM sys.tables AS t "
    "JOIN sys.columns AS c ON c.object_id = t.object_id AND c.default_object_id <> 0 "
    "WHERE t.schema_id = SCHEMA_ID(:schema)"
)
_SERVER_INDEXES = text(
    "SELECT t.name AS owner, i.name, i.is_unique, i.filter_definition, c.name AS part FROM sys.tables AS t "
    "JOIN sys.indexes AS i ON i.object_id = t.object_id "
    "JOIN sys.index_columns AS ic ON ic.object_id = i.object_id AND ic.index_id = i.index_id "
    "JOIN sys.columns AS c ON c.object_id = ic.object_id AND c.column_id = ic.column_id "
    "WHERE t.schema_id = SCHEMA_ID(:schema) AND i.name IS NOT NULL AND ic.is_included_column = 0 "
    "ORDER BY i.name, ic.key_ordinal"
)
_SERVER_CHECKS = text(
    "SELECT t.name AS owner, k.[definition] FROM sys.tables AS t "
    "JOIN sys.check_constraints AS k ON k.parent_object_id = t.object_id WHERE t.schema_id = SCHEMA_ID(:schema)"
)


def _server(conn: Connection, wanted: frozenset[str], schema: str | None) -> list[FoundTable]:
    owner = {"schema": schema or conn.scalar(text("SELECT SCHEMA_NAME()"))}
    # Not every server that answers tells these names in the case of the others.
    keys = {_folded(row): row.key_ordinal for row in conn.execute(_SERVER_KEYS, owner)}
    given = {_folded(row) for row in conn.execute(_SERVER_DEFAULTS, owner)}
    columns: dict[str, list[FoundColumn]] = defaultdict(list)
    for row in conn.execute(_SERVER_COLUMNS, owner):
        columns[row.TABLE_NAME].append(
            FoundColumn(
                row.COLUMN_NAME,
                type_text(row.DATA_TYPE, row.CHARACTER_MAXIMUM_LENGTH, row.NUMERIC_PRECISION, row.NUMERIC_SCALE),
                row.IS_NULLABLE == "YES",
                UNTOLD if row.COLUMN_DEFAULT is None and _folded(row) in given else row.COLUMN_DEFAULT,
                keys.get(_folded(row), 0),
                bool(row.IS_COUNTED),
            )
        )
    there = [row for row in conn.execute(_SERVER_TABLES, owner).all() if row.TABLE_NAME.casefold() in wanted]
    parts, checks = _server_extras(conn, owner)
    return [
        FoundTable(row.TABLE_NAME, row.TABLE_TYPE == "VIEW", tuple(columns[row.TABLE_NAME]),
                   _indexes(parts[row.TABLE_NAME.casefold()]), " ".join(checks[row.TABLE_NAME.casefold()]))
        for row in there
    ]  # fmt: skip


def _folded(row: Row[Any]) -> tuple[str, str]:
    return row.TABLE_NAME.casefold(), row.COLUMN_NAME.casefold()


def _server_extras(
    conn: Connection, owner: Mapping[str, Any]
) -> tuple[dict[str, list[tuple[str, bool, str, str]]], dict[str, list[str]]]:
    """Parts of indexes, and texts of checks, by the case-folded name of the table: asked once for all tables."""
    parts: dict[str, list[tuple[str, bool, str, str]]] = defaultdict(list)
    for row in conn.execute(_SERVER_INDEXES, owner):
        parts[row.owner.casefold()].append((row.name, bool(row.is_unique), row.part, row.filter_definition or ""))
    checks: dict[str, list[str]] = defaultdict(list)
    for row in conn.execute(_SERVER_CHECKS, owner):
        checks[row.owner.casefold()].append(row.definition or "")
    return parts, checks
