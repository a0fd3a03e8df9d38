"""The deployment script: the tables, and the views and procedures of `modules`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from textwrap import indent
from types import MappingProxyType
from typing import Final

from sqlalchemy import Dialect, Index, Table
from sqlalchemy.dialects import mssql, sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from order_sync.store.grants import granted_again
from order_sync.store.modules import Module, modules
from order_sync.store.tables import Tables

PURPOSES: Final = MappingProxyType(
    {
        "staging": "Orders on their way to the board: one open row per key, its state and payload.",
        "staging_subitems": "The sizes of those orders, one row each.",
        "production": "The board's mirror. No column of ours: it is written by promotion only.",
        "production_subitems": "The mirror of the board's subitems.",
        "errors": "Failures and held orders: cause, payload, original row; open until resolved_date is set.",
        "errors_subitems": "The same for sizes.",
        "archive": "Promoted orders, swept out of staging.",
        "archive_subitems": "Promoted sizes, swept out of staging.",
        "batches": "One customer's orders of one run: status, counts, times.",
        "identity": "Which source order and size is which item: keys, generation, live item id.",
        "groups": "Groups of the board and the attempts to make them.",
        "leases": "Who works on a customer or board. The fence rises with each owner and is never reset.",
        "calls": "Every mutation, written before it was sent. Append-only.",
        "call_rows": "Which staged row each alias of a call stands for. Append-only.",
        "call_bodies": "The exact bodies of the calls; may be purged when they are old.",
        "call_results": "What came back from each call. Append-only.",
        "chain": "The calls and answers of each board in order, each hash over the one before it. Append-only.",
        "orphans": "Items on the board beside the recorded one of their key, and what became of each.",
        "snapshot": "The last promoted version of each order: what the source is compared with.",
        "snapshot_state": "One row: generation and encoding of the snapshot.",
        "issues": "Value problems found while staging, by row and column.",
        "boards": "What was decided about the items that a board held before us.",
        "daily": "How many calls were made today, and until when the account takes no more.",
    }
)


def ddl(tables: Tables, dialect: str) -> str:
    """The script for "sqlite" or "mssql"; run again it leaves tables alone, renews view and procedures."""
    chosen = _dialect(dialect)
    return _server_script(tables, chosen) if dialect == "mssql" else _sqlite_script(tables, chosen)


def _dialect(name: str) -> Dialect:
    make: dict[str, Callable[[], Dialect]] = {"sqlite": sqlite.dialect, "mssql": mssql.dialect}
    return make[name]()


def _sqlite_script(tables: Tables, dialect: Dialect) -> str:
    parts = [_header("SQLite"), "BEGIN;"]
    for purpose, table in _described(tables):
        parts.append(f"-- {purpose}\n{_statements(table, dialect, guarded=True)}")
    renewed = (
        f"{module.comment}DROP {module.kind} IF EXISTS {module.name};\n{module.sql};"
        for module in modules(tables, dialect)
    )
    return "\n\n".join([*parts, *renewed, "COMMIT;", ""])


def _server_script(tables: Tables, dialect: Dialect) -> str:
    settings = "SET ANSI_NULLS ON;\nSET QUOTED_IDENTIFIER ON;\nSET XACT_ABORT ON;\nGO"
    parts = [_header("SQL Server 2016 or later"), settings]
    for purpose, table in _described(tables):
        body = indent(_statements(table, dialect, guarded=False), "    ")
        name = dialect.identifier_preparer.format_table(table).replace("'", "''")
        parts.append(f"-- {purpose}\nIF OBJECT_ID(N'{name}', N'U') IS NULL\nBEGIN\n{body}\nEND;\nGO")
    renewed = (_renewal(module, tables, dialect) for module in modules(tables, dialect))
    return "\n\n".join([*parts, *renewed, ""])


def _renewal(module: Module, tables: Tables, dialect: Dialect) -> str:
    rights = "\n".join(granted_again(tables, dialect, module.plain_name))
    return f"DROP {module.kind} IF EXISTS {module.name};\nGO\n{module.comment}{module.sql}\nGO\n{rights}\nGO"


def _header(product: str) -> str:
    return (
        f"-- Order Sync's tables for {product}, made from the mapping.\n"
        "-- May be run again: a table that exists stays as it is, with all its rows; views and procedures\n"
        "-- are made anew. Nothing else is dropped."
    )


def _described(tables: Tables) -> list[tuple[str, Table]]:
    purposes = {getattr(tables, attribute).name: text for attribute, text in PURPOSES.items()}
    return [(f"{table.name}: {purposes[table.name]}", table) for table in tables.all()]


def _statements(table: Table, dialect: Dialect, *, guarded: bool) -> str:
    def texts() -> Iterator[str]:
        yield str(CreateTable(table, if_not_exists=guarded).compile(dialect=dialect))
        for index in indexes(table):
            yield str(CreateIndex(index, if_not_exists=guarded).compile(dialect=dialect))

    lines = "\n".join(text.strip() + ";" for text in texts()).replace("\t", "    ").splitlines()
    return "\n".join(line.rstrip() for line in lines)


def indexes(table: Table) -> list[Index]:
    """In the order of their names, so that the script is the same each time."""
    return sorted(table.indexes, key=lambda index: str(index.name))
