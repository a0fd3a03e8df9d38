"""What the invariants about time need: triggers that write down every change of a status, a fence or production.

For SQLite, in a database of the drill's own: production is never given triggers.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection, Table

from order_sync.store.tables import Tables

HISTORY: Final = "DRILL_History"
COLUMNS: Final = "seq, what, row, was, becomes, fence, lease, due, at"

_TABLE: Final = f"""CREATE TABLE IF NOT EXISTS {HISTORY} (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    what TEXT NOT NULL,   -- item | subitem | group | batch | lease | production
    row TEXT,             -- its key
    was TEXT, becomes TEXT,
    fence INTEGER,        -- of the row, where it has one
    lease INTEGER,        -- of its board, at this moment
    due TEXT, at TEXT)    -- of a claim: when the row was due, and when it was claimed
"""


def record_history(conn: Connection, tables: Tables, board: str) -> None:
    """Install the triggers, once, before anything runs. `board`: its id."""
    conn.exec_driver_sql(_TABLE)
    for at, trigger in enumerate(_triggers(tables, board)):
        conn.exec_driver_sql(f"CREATE TRIGGER IF NOT EXISTS drill_{at} {trigger}")


def _triggers(tables: Tables, board: str) -> Iterator[str]:
    lease = f"(SELECT fence FROM {_quoted(tables.leases)} WHERE resource = 'board:{int(board)}')"
    staged = f"NEW.stg_fence, {lease}, OLD.stg_next_attempt_at, NEW.stg_intent_at"
    for what, table, key in (
        ("item", tables.staging, "stg_id"),
        ("subitem", tables.staging_subitems, "stg_subitem_id"),
    ):
        yield _noting(table, "INSERT", "", f"'{what}', NEW.{key}, NULL, NEW.stg_status, NULL, NULL, NULL, NULL")
        values = f"'{what}', NEW.{key}, OLD.stg_status, NEW.stg_status, {staged}"
        # A claim is a change even where the status was SENDING before.
        changed = "NEW.stg_status <> OLD.stg_status OR NEW.stg_attempt <> OLD.stg_attempt"
        yield _noting(table, "UPDATE", changed, values)
    group = f"'group', NEW.title_key, OLD.status, NEW.status, NEW.fence, {lease}, OLD.next_attempt_at, NEW.intent_at"
    yield _noting(tables.groups, "UPDATE", "NEW.status <> OLD.status", group)
    batch = "'batch', NEW.batch_id, OLD.status, NEW.status, NULL, NULL, NULL, NULL"
    yield _noting(tables.batches, "UPDATE", "NEW.status <> OLD.status", batch)
    fence = "'lease', NEW.resource, OLD.fence, NEW.fence, NULL, NULL, NULL, NULL"
    yield _noting(tables.leases, "UPDATE", "NEW.fence <> OLD.fence", fence)
    yield _noting(tables.leases, "DELETE", "", "'lease', OLD.resource, OLD.fence, 0, NULL, NULL, NULL, NULL")
    for table in (tables.production, tables.production_subitems):
        for verb in ("INSERT", "UPDATE", "DELETE"):
            row = "OLD.rowid" if verb == "DELETE" else "NEW.rowid"
            yield _noting(table, verb, "", f"'production', {row}, NULL, '{verb}', NULL, NULL, NULL, NULL")


def _noting(table: Table, verb: str, when: str, values: str) -> str:
    condition = f"WHEN {when}" if when else ""
    insert = f"INSERT INTO {HISTORY} (what, row, was, becomes, fence, lease, due, at) VALUES ({values})"
    return f"AFTER {verb} ON {_quoted(table)} FOR EACH ROW {condition} BEGIN {insert}; END"


def _quoted(table: Table) -> str:
    return '"' + table.name.replace('"', '""') + '"'
