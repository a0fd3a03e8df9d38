"""The deployment script: the tables, and the views and procedures of `modules`."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType
from typing import Final

from sqlalchemy import Dialect, Table
from sqlalchemy.dialects import mssql, sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from order_sync.store.changes import indexes
from order_sync.store.modules import modules
from order_sync.store.table_script import server_script, statement
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
        "versions": "Which migrations these tables have been through, when, and by whom.",
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
    parts = [_header("SQLite", _STAYS), "BEGIN;"]
    for purpose, table in _purposes(tables):
        parts.append(f"-- {table.name}: {purpose}\n{_statements(table, dialect)}")
    renewed = (
        f"{module.comment}DROP {module.kind} IF EXISTS {module.name};\n{module.sql};"
        for module in modules(tables, dialect)
    )
    return "\n\n".join([*parts, *renewed, "COMMIT;", ""])


def _server_script(tables: Tables, dialect: Dialect) -> str:
    purposes = {table.name: text for text, table in _purposes(tables)}
    renewed = [f"{module.comment}{module.renewal}" for module in modules(tables, dialect)]
    head = _header("SQL Server 2017 or later", _UPGRADES, "; what was granted on them stays")
    return "\n\n".join([head, *server_script(tables, dialect, purposes, renewed), ""])


_UPGRADES: Final = "a table of an older version gets what it lacks"
_STAYS: Final = "a table that exists stays as it is: `order-sync schema deploy` upgrades an older one"


def _header(product: str, again: str, kept: str = "") -> str:
    return (
        f"-- Order Sync's tables for {product}, made from the mapping.\n"
        f"-- May be run again: {again}.\n"
        f"-- Views and procedures are made anew{kept}. Nothing that holds rows is dropped."
    )


def _purposes(tables: Tables) -> list[tuple[str, Table]]:
    purposes = {getattr(tables, attribute).name: text for attribute, text in PURPOSES.items()}
    return [(purposes[table.name], table) for table in tables.all()]


def _statements(table: Table, dialect: Dialect) -> str:
    made = statement(CreateTable(table, if_not_exists=True), dialect)
    further = (statement(CreateIndex(each, if_not_exists=True), dialect) for each in indexes(table))
    return "\n".join([made, *further])
