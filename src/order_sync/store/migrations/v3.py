"""Calls and answers are chained by hash."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Dialect, Table, exists, select

from order_sync.model.ids import BoardId, RequestId
from order_sync.store.ledger.chain import CALL, alone, answer_content, call_content
from order_sync.store.migrations.steps import Migration, NewTables
from order_sync.store.tables import Tables


@dataclass(frozen=True)
class ChainWhatIsRecorded:
    """Calls and answers of before get their entries, in the order in which they were recorded."""

    def run(self, conn: Connection, tables: Tables) -> None:
        for call in _outside(conn, tables):
            board, request = BoardId(call["board"]), RequestId(call["request_id"])
            rows = _of(conn, tables.call_rows, request)
            with alone(conn, tables, board) as end:
                end.link(request, CALL, call_content(tables, call, rows))
                for answer in sorted(_of(conn, tables.call_results, request), key=lambda each: int(each["seq"])):
                    end.link(request, answer["seq"], answer_content(tables, answer))

    def left(self, tables: Tables, dialect: Dialect) -> str:
        quoted = dialect.identifier_preparer.format_table
        return (
            f"EXISTS (SELECT 1 FROM {quoted(tables.calls)} AS c WHERE NOT EXISTS\n"
            f"        (SELECT 1 FROM {quoted(tables.chain)} AS e WHERE e.request_id = c.request_id))"
        )


def _outside(conn: Connection, tables: Tables) -> list[dict[str, Any]]:
    calls, chain = tables.calls, tables.chain
    entry = exists().where(chain.c.request_id == calls.c.request_id)
    found = conn.execute(select(*calls.columns).where(~entry).order_by(calls.c.created_at, calls.c.request_id))
    return list(_dicts(found))


def _of(conn: Connection, table: Table, request: str) -> list[dict[str, Any]]:
    return list(_dicts(conn.execute(select(*table.columns).where(table.c.request_id == request))))


def _dicts(found: Any) -> Iterator[dict[str, Any]]:
    return (dict(row) for row in found.mappings())


MIGRATION: Final = Migration(
    3,
    "Calls and answers are chained by hash, so that a record that was altered is found.",
    (NewTables(("chain",)),),
    (ChainWhatIsRecorded(),),
)
