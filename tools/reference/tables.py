"""The database tables, as built from the shipped example."""

from __future__ import annotations

from dataclasses import fields
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import Column, Table
from sqlalchemy.dialects.mssql import dialect

from order_sync.store.tables import Tables, build_tables
from reference import example
from reference.markdown import code, table

_SQL_SERVER: Final = dialect()  # type: ignore[no-untyped-call]

PURPOSES: Final = MappingProxyType(
    {
        "staging": "Orders on their way: the business columns, and what the protocol must know.",
        "staging_subitems": "Sizes on their way, each tied to its order's row.",
        "production": "Orders that are on the board. It gets no column of ours.",
        "production_subitems": "Sizes that are on the board. It gets no column of ours.",
        "errors": "What went wrong with orders: held rows and failures, with cause, payload, original row.",
        "errors_subitems": "What went wrong with sizes.",
        "archive": "Promoted order rows, moved here from staging.",
        "archive_subitems": "Promoted size rows, moved here from staging.",
        "batches": "One row a batch: a customer in a run. The counts are taken from the rows.",
        "identity": "Which key stands for which order or size, and which item is live for it.",
        "groups": "The board's groups as we know them, created by the same protocol as items.",
        "leases": "Who works on a customer or sends to a board, and the fence that rises with each change.",
        "calls": "Every mutation, written before it leaves. Append-only.",
        "call_rows": "Which rows travelled in a call, under which alias.",
        "call_bodies": "The bodies of calls, once each; may be purged by age.",
        "call_results": "Every answer to a call.",
        "chain": "Calls and answers of each board in order, each hash over the one before. Append-only.",
        "orphans": "Items beside the recorded one of their key, and what became of each: never deleted.",
        "snapshot": "Key and fingerprint of what was promoted: what detection compares with.",
        "snapshot_state": "Generation, encoding version and mapping digest of the snapshot; one row.",
        "issues": "Problems of single values: row, column, what was found, what became of it.",
        "boards": "What was said about items found on a board before our first run.",
        "versions": "Which version of our tables this database has, and who brought it there when.",
        "daily": "The day's calls of a board's account, and until when it takes no more.",
    }
)


def all_tables() -> str:
    """A section a table, columns of SQL Server types; the business columns are counted, not listed."""
    tables = build_tables(example.mapping(), None)
    return "\n".join(_section(attribute, each) for attribute, each in described(tables).items())


def described(tables: Tables) -> dict[str, Table]:
    """attribute -> table, in the order of the type."""
    values = {field.name: getattr(tables, field.name) for field in fields(tables)}
    return {name: value for name, value in values.items() if isinstance(value, Table)}


def _section(attribute: str, each: Table) -> str:
    business = set(example.mapping().production_order)
    if attribute not in ("production", "staging", "archive"):
        business = set()
    listed = [column for column in each.columns if column.name not in business]
    hidden = len(each.columns) - len(listed)
    parts = [f"### {each.name}\n", PURPOSES.get(attribute, "") + "\n"]
    if hidden:
        parts.append(f"The {hidden} business columns of [the example](example.md), in the order of production.\n")
    if listed:
        rows = [[code(column.name), code(column.type.compile(dialect())), _notes(column)] for column in listed]
        parts.append(table(["column", "type", ""], rows))
    return "\n".join(parts)


def _notes(column: Column[Any]) -> str:
    notes = []
    if column.primary_key:
        notes.append("primary key")
    elif not column.nullable:
        notes.append("not null")
    notes += [f"refers to {code(key.target_fullname)}" for key in column.foreign_keys]
    return ", ".join(notes)
