"""The views and procedures for operators, made from the templates beside this file."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files
from string import Template
from typing import Final, Literal

from sqlalchemy import Dialect, Table
from sqlalchemy.types import String

from order_sync.model.states import BATCH_FINAL, SWEPT, BatchStatus
from order_sync.store.tables import Tables, table_names

Kind = Literal["VIEW", "PROCEDURE"]

ACTIVE: Final = "VW_MON_ActiveBatches"
ERRORS: Final = "VW_MON_OpenErrors"
TRACE: Final = "VW_MON_OrderTrace"
CLEANUP: Final = "sp_MON_CleanupCompletedBatches"
SUMMARY: Final = "sp_MON_GetBatchSummary"
VIEWS: Final = (ACTIVE, ERRORS, TRACE)
PROCEDURES: Final = (CLEANUP, SUMMARY)

# A view that both databases read in the same words has one text.
_TEMPLATES: Final = {
    ACTIVE: "{dialect}/vw_mon_active_batches.sql",
    ERRORS: "views/vw_mon_open_errors.sql",
    TRACE: "views/vw_mon_order_trace.sql",
    CLEANUP: "sqlserver/sp_mon_cleanup_completed_batches.sql",
    SUMMARY: "sqlserver/sp_mon_get_batch_summary.sql",
}

_BEFORE: Final = re.compile(r"\A(?:\s*--[^\n]*\n)*\s*CREATE\s+(?:OR\s+ALTER\s+)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Module:
    """A view or procedure: renewed from its text whenever that differs."""

    name: str  # quoted, with its schema
    plain_name: str
    kind: Kind
    comment: str
    sql: str  # starts with CREATE: SQLite keeps no comment that stands before

    @property
    def renewal(self) -> str:
        """For SQL Server: what was granted on it, by whomever, stays."""
        return self.sql.replace("CREATE", "CREATE OR ALTER", 1)

    def is_as(self, definition: str) -> bool:
        """Whether the server's text of it is ours: it keeps the comment before it and the line ends of a script, and
        CREATE OR ALTER as CREATE with further spaces."""
        return _BEFORE.sub("CREATE ", definition).split() == self.sql.split()


def modules(tables: Tables, dialect: Dialect) -> tuple[Module, ...]:
    """The views, and on SQL Server the procedures, with our names and statuses filled in."""
    words = _words(tables, dialect)
    wanted = (*VIEWS, *PROCEDURES) if dialect.name == "mssql" else VIEWS
    return tuple(_module(name, tables, dialect, words) for name in wanted)


def qualified(name: str, tables: Tables, dialect: Dialect) -> str:
    """The name in quotes, with the schema that our tables are in."""
    preparer = dialect.identifier_preparer
    quoted = preparer.quote(name)
    schema = tables.metadata.schema
    return quoted if schema is None else f"{preparer.quote_schema(schema)}.{quoted}"


def _module(plain_name: str, tables: Tables, dialect: Dialect, words: dict[str, str]) -> Module:
    folder = "sqlserver" if dialect.name == "mssql" else "sqlite"
    path = files("order_sync.store") / _TEMPLATES[plain_name].format(dialect=folder)
    name = qualified(plain_name, tables, dialect)
    comment, create, body = path.read_text(encoding="utf-8").partition("CREATE ")
    # SQLite keeps a statement without the semicolon at its end.
    sql = Template(create + body).substitute(words, view=name, procedure=name).strip().removesuffix(";")
    if dialect.name == "mssql":
        sql += ";"
    return Module(name, plain_name, "VIEW" if plain_name in VIEWS else "PROCEDURE", comment, sql)


def _words(tables: Tables, dialect: Dialect) -> dict[str, str]:
    preparer = dialect.identifier_preparer

    def listed(table: Table, prefix: str = "") -> str:
        return ",\n            ".join(prefix + preparer.quote(column.name) for column in table.columns)

    return {
        **{attribute: preparer.format_table(getattr(tables, attribute)) for attribute in table_names(tables)},
        "columns": ",\n    ".join(preparer.quote(column.name) for column in tables.batches.columns),
        "order_columns": listed(tables.staging),
        "parent_columns": listed(tables.staging, "parent."),
        "subitem_columns": listed(tables.staging_subitems),
        "child_columns": listed(tables.staging_subitems, "child."),
        "order_number": _text_of("order_number", tables, dialect),
        "title": _text_of("title", tables, dialect),
        "final": _quoted(status.value for status, ends in BATCH_FINAL.items() if ends),
        "over": _quoted(status.value for status in SWEPT),
        "completed": BatchStatus.COMPLETED.value,
        "with_errors": BatchStatus.COMPLETED_WITH_ERRORS.value,
        "failed": BatchStatus.FAILED.value,
        "rolled_back": BatchStatus.ROLLED_BACK.value,
    }


def _quoted(values: Iterable[str]) -> str:
    return ", ".join(f"'{value}'" for value in values)


def _text_of(role: str, tables: Tables, dialect: Dialect) -> str:
    """The business column of this role, of the order `o`, as text: the views put it under one of the ERR_ tables."""
    name = tables.roles.get(role)
    if name is None:
        return "CAST(NULL AS NVARCHAR(200))"
    quoted = f"o.{dialect.identifier_preparer.quote(name)}"
    # Without a cast where none is needed: a search by order number can use its index.
    is_text = isinstance(tables.staging.c[name].type, String)
    return quoted if is_text else f"CAST({quoted} AS NVARCHAR(200))"
