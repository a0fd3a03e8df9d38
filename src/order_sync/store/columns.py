"""Columns and indexes that many of our tables have alike."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Boolean, Column, Index, Integer, Table, text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import CreateColumn
from sqlalchemy.sql.elements import ColumnElement

from order_sync.store.types import UtcDateTime

# Without AUTOINCREMENT SQLite hands a swept row's id out again, and the archive's copy would collide with it.
COUNTED: Final[dict[str, Any]] = {"sqlite_autoincrement": True}


# Without a name of ours the server makes one up, and nobody finds the constraint again.
NAMES: Final[dict[str, str]] = {
    "pk": "PK_%(table_name)s",
    "uq": "UQ_%(table_name)s_%(column_0_N_name)s",
    "fk": "FK_%(table_name)s_%(column_0_N_name)s",
}


@compiles(CreateColumn, "mssql")
def _with_named_default(element: CreateColumn, compiler: Any, **given: Any) -> str:
    """SQLAlchemy gives a default no name."""
    text: str = compiler.visit_create_column(element, **given)
    column = element.element
    if column.server_default is None:
        return text
    name = compiler.preparer.quote(f"DF_{column.table.name}_{column.name}")
    return text.replace(" DEFAULT ", f" CONSTRAINT {name} DEFAULT ", 1)


def count(name: str) -> Column[int]:
    """NOT NULL, 0 where nothing is said, so that a bulk load may leave it out."""
    return Column(name, Integer, nullable=False, server_default=text("0"))


def flag(name: str) -> Column[bool]:
    """BIT, false where nothing is said."""
    return Column(name, Boolean, nullable=False, server_default=text("0"))


def moment(name: str, *, nullable: bool = True) -> Column[Any]:
    """Aware UTC in Python, DATETIME2 in SQL Server, ISO text in SQLite."""
    return Column(name, UtcDateTime, nullable=nullable)


def add_index(table: Table, *columns: str, name: str | None = None) -> None:
    """The name carries the table's: SQLite knows index names per database."""
    Index(f"IX_{table.name}_{name or '_'.join(columns)}", *(table.c[column] for column in columns))


def add_filtered_index(table: Table, name: str, *columns: str, where: ColumnElement[bool], unique: bool = True) -> None:
    """An index over the rows that `where` keeps: so the database itself holds one open row per key."""
    prefix = "UX" if unique else "IX"
    Index(
        f"{prefix}_{table.name}_{name}",
        *(table.c[column] for column in columns),
        unique=unique,
        sqlite_where=where,
        mssql_where=where,
    )
