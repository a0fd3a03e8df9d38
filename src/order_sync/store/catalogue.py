"""What the database says about its own tables: which there are, and their columns in order."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches

from sqlalchemy import Connection, Integer, String, column, func, select, table
from sqlalchemy.sql.elements import ColumnElement

from order_sync.model.errors import SchemaError


@dataclass(frozen=True, slots=True)
class CatalogueColumn:
    """A column as the database declares it; `type` in the database's own words, e.g. NVARCHAR(200)."""

    name: str
    type: str
    nullable: bool


class UnknownTable(SchemaError):
    """There is no table of this name, letter for letter; `nearest`: names that may have been meant."""

    def __init__(self, name: str, nearest: tuple[str, ...]) -> None:
        meant = f"; did you mean {' or '.join(map(repr, nearest))}?" if nearest else ""
        super().__init__(f"there is no table {name!r}{meant}", where=name)
        self.name = name
        self.nearest = nearest


def table_names(conn: Connection, schema: str | None = None) -> frozenset[str]:
    """All tables and views, with their case."""
    return _server_tables(conn, schema) if conn.dialect.name == "mssql" else _sqlite_tables(conn)


def columns(conn: Connection, name: str, schema: str | None = None) -> tuple[CatalogueColumn, ...]:
    """The columns in the order of the table. UnknownTable where there is none of exactly this name."""
    known = table_names(conn, schema)
    if name not in known:
        raise UnknownTable(name, nearest_names(name, known))
    return _server_columns(conn, name, schema) if conn.dialect.name == "mssql" else _sqlite_columns(conn, name)


def nearest_names(name: str, known: frozenset[str]) -> tuple[str, ...]:
    """At most three of `known`: the same but for case and blanks first, then the most alike."""
    plain = {each: each.strip().casefold() for each in sorted(known)}
    same = [each for each, folded in plain.items() if folded == name.strip().casefold()]
    close = get_close_matches(name.strip().casefold(), plain.values(), n=3, cutoff=0.6)
    alike = [each for folded in close for each, other in plain.items() if other == folded]
    return tuple(dict.fromkeys([*same, *alike]))[:3]


def _sqlite_tables(conn: Connection) -> frozenset[str]:
    master = table("sqlite_master", column("name", String), column("type", String))
    return frozenset(conn.scalars(select(master.c.name).where(master.c.type.in_(["table", "view"]))))


def _sqlite_columns(conn: Connection, name: str) -> tuple[CatalogueColumn, ...]:
    # hidden: 1 is a virtual table's own business, 2 and 3 are computed columns, which a SELECT * shows.
    info = func.pragma_table_xinfo(name).table_valued(
        column("cid", Integer),
        column("name", String),
        column("type", String),
        column("notnull", Integer),
        column("pk", Integer),
        column("hidden", Integer),
    )
    query = select(info.c.name, info.c.type, info.c.notnull, info.c.pk).where(info.c.hidden != 1)
    rows = conn.execute(query.order_by(info.c.cid))
    return tuple(CatalogueColumn(row.name, row.type or "", not row.notnull and not row.pk) for row in rows)


_TABLES = table("TABLES", column("TABLE_SCHEMA"), column("TABLE_NAME"), schema="INFORMATION_SCHEMA")
_COLUMNS = table(
    "COLUMNS",
    column("TABLE_SCHEMA"),
    column("TABLE_NAME"),
    column("COLUMN_NAME"),
    column("ORDINAL_POSITION"),
    column("DATA_TYPE"),
    column("IS_NULLABLE"),
    column("CHARACTER_MAXIMUM_LENGTH"),
    column("NUMERIC_PRECISION"),
    column("NUMERIC_SCALE"),
    schema="INFORMATION_SCHEMA",
)


def _in_schema(named: ColumnElement[str], schema: str | None) -> ColumnElement[bool]:
    return named == (schema if schema is not None else func.schema_name())


def _server_tables(conn: Connection, schema: str | None) -> frozenset[str]:
    query = select(_TABLES.c.TABLE_NAME).where(_in_schema(_TABLES.c.TABLE_SCHEMA, schema))
    return frozenset(conn.scalars(query))


def _server_columns(conn: Connection, name: str, schema: str | None) -> tuple[CatalogueColumn, ...]:
    c = _COLUMNS.c
    query = select(_COLUMNS).where(_in_schema(c.TABLE_SCHEMA, schema)).where(c["TABLE_NAME"] == name)
    return tuple(
        CatalogueColumn(
            row.COLUMN_NAME,
            type_text(row.DATA_TYPE, row.CHARACTER_MAXIMUM_LENGTH, row.NUMERIC_PRECISION, row.NUMERIC_SCALE),
            row.IS_NULLABLE == "YES",
        )
        for row in conn.execute(query.order_by(c.ORDINAL_POSITION))
    )


def type_text(name: str, width: int | None, precision: int | None, scale: int | None) -> str:
    """SQL Server's parts of a type as one writes them: nvarchar and -1 are NVARCHAR(MAX)."""
    kind = name.upper()
    if kind in ("DECIMAL", "NUMERIC") and precision is not None:
        return f"{kind}({precision}, {scale or 0})"
    if width is None or kind in ("TEXT", "NTEXT", "IMAGE", "XML", "SQL_VARIANT"):
        return kind
    return f"{kind}({'MAX' if width == -1 else width})"
