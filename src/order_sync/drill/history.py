"""What the invariants about time need: triggers that write down every change of a status, a fence or production.

For SQLite, in a database of the drill's own: production is never given triggers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import sqlite

from order_sync.store.tables import Tables

HISTORY: Final = "DRILL_History"
NOTED: Final = "what, row, was, becomes, fence, lease, due, at"
COLUMNS: Final = f"seq, {NOTED}"

_PREPARER: Final = sqlite.dialect().identifier_preparer

_TABLE: Final = f"""CREATE TABLE IF NOT EXISTS {HISTORY} (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    what TEXT NOT NULL,   -- item | subitem | group | batch | lease | production
    row TEXT,             -- its key
    was TEXT, becomes TEXT,
    fence INTEGER,        -- of the row, where it has one
    lease INTEGER,        -- of its board, at this moment
    due TEXT, at TEXT)    -- of a claim: when the row was due, and when it was claimed
"""


@dataclass(frozen=True)
class Noting:
    """What is written down at each change of a row. `values`: in the order of the table's columns but `seq`, of the row
    as it was, OLD, and as it becomes, NEW. `key`: columns that tell its rows apart; none where nobody asks for both."""

    table: Table
    verb: str  # INSERT | UPDATE | DELETE
    when: str
    values: str
    key: str = ""


def record_history(conn: Connection, tables: Tables, board: str) -> None:
    """Install the triggers, once, before anything runs. `board`: its id."""
    conn.exec_driver_sql(_TABLE)
    for at, noting in enumerate(notings(tables, board, "rowid")):
        conn.exec_driver_sql(f"CREATE TRIGGER IF NOT EXISTS drill_{at} {_trigger(noting)}")


def notings(tables: Tables, board: str, rowid: str = "") -> Iterator[Noting]:
    """All of them. `rowid`: the column that names a row of any table, where the database has such a one."""
    lease = f"(SELECT fence FROM {quoted(tables.leases)} WHERE resource = 'board:{int(board)}')"
    staged = f"NEW.stg_fence, {lease}, OLD.stg_next_attempt_at, NEW.stg_intent_at"
    for what, table, key in (
        ("item", tables.staging, "stg_id"),
        ("subitem", tables.staging_subitems, "stg_subitem_id"),
    ):
        yield Noting(table, "INSERT", "", f"'{what}', NEW.{key}, NULL, NEW.stg_status, NULL, NULL, NULL, NULL")
        values = f"'{what}', NEW.{key}, OLD.stg_status, NEW.stg_status, {staged}"
        # A claim is a change even where the status was SENDING before.
        changed = "NEW.stg_status <> OLD.stg_status OR NEW.stg_attempt <> OLD.stg_attempt"
        yield Noting(table, "UPDATE", changed, values, key)
    group = f"'group', NEW.title_key, OLD.status, NEW.status, NEW.fence, {lease}, OLD.next_attempt_at, NEW.intent_at"
    yield Noting(tables.groups, "UPDATE", "NEW.status <> OLD.status", group, "title_key")
    batch = "'batch', NEW.batch_id, OLD.status, NEW.status, NULL, NULL, NULL, NULL"
    yield Noting(tables.batches, "UPDATE", "NEW.status <> OLD.status", batch, "batch_id")
    fence = "'lease', NEW.resource, OLD.fence, NEW.fence, NULL, NULL, NULL, NULL"
    yield Noting(tables.leases, "UPDATE", "NEW.fence <> OLD.fence", fence, "resource")
    yield Noting(tables.leases, "DELETE", "", "'lease', OLD.resource, OLD.fence, 0, NULL, NULL, NULL, NULL")
    for table in (tables.production, tables.production_subitems):
        for verb in ("INSERT", "UPDATE", "DELETE"):
            row = f"{'OLD' if verb == 'DELETE' else 'NEW'}.{rowid}" if rowid else f"'{table.name}'"
            yield Noting(table, verb, "", f"'production', {row}, NULL, '{verb}', NULL, NULL, NULL, NULL")


def _trigger(noting: Noting) -> str:
    condition = f"WHEN {noting.when}" if noting.when else ""
    insert = f"INSERT INTO {HISTORY} ({NOTED}) VALUES ({noting.values})"
    return f"AFTER {noting.verb} ON {quoted(noting.table)} FOR EACH ROW {condition} BEGIN {insert}; END"


def quoted(table: Table) -> str:
    """The table's name in double quotes, which all the databases take."""
    return _PREPARER.quote_identifier(table.name)
