"""MON_ApiChain: what was recorded of each board's calls, entry by entry, each hash over the one before it.

An entry stands for one call with its rows, or for one answer. It holds hashes only, so bodies may be purged.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Select, Table, Uuid, bindparam, insert, select
from sqlalchemy.exc import IntegrityError

from order_sync.model.errors import StoreBusy
from order_sync.model.ids import BoardId, RequestId
from order_sync.store.base import STATEMENTS
from order_sync.store.tables import Tables
from order_sync.store.types import utc_text

CALL: Final = 0  # the number of an entry that stands for the call itself; its answers count from 1
START: Final = "0" * 64  # what the first entry of a board follows


@dataclass(slots=True)
class End:
    """Where the record of a board ends, while nobody else extends it. `seq`, `hash`: of the last entry; 0 and START
    before the first."""

    conn: Connection
    tables: Tables
    board: BoardId
    seq: int
    hash: str

    def link(self, request: RequestId, number: int, content: str) -> None:
        """Append an entry, inside the transaction that records what it stands for."""
        self.seq += 1
        self.hash = entry_hash(self.hash, self.board, self.seq, request, number, content)
        self.conn.execute(
            insert(self.tables.chain),
            {
                "board": self.board,
                "seq": self.seq,
                "request_id": request,
                "answer": number,
                "content_sha256": content,
                "chain_sha256": self.hash,
            },
        )


@contextmanager
def alone(conn: Connection, tables: Tables, board: BoardId) -> Iterator[End]:
    """Around all that is read and written to extend the record of a board: two writers are kept apart, since an answer
    may be recorded after the board was lost. StoreBusy: the other was first, on a server that ignores the hint."""
    last = conn.execute(_last(tables.chain), {"board": board}).first()
    try:
        yield End(conn, tables, board, *(last or (0, START)))
    except IntegrityError as problem:
        raise StoreBusy(
            "the record of calls was extended by another process meanwhile", where=board, next_step="run again"
        ) from problem


@lru_cache(maxsize=STATEMENTS)
def _last(chain: Table) -> Select[Any]:
    query = select(chain.c.seq, chain.c.chain_sha256).where(chain.c.board == bindparam("board"))
    return query.order_by(chain.c.seq.desc()).limit(1).with_hint(chain, "WITH (UPDLOCK, HOLDLOCK)", "mssql")


def entry_hash(before: str, board: str, seq: int, request: str, number: int, content: str) -> str:
    """SHA-256 hex of an entry and the hash before it."""
    return _sha256([before, board, seq, request, number, content])


def call_content(tables: Tables, call: Mapping[str, Any], rows: Iterable[Mapping[str, Any]]) -> str:
    """SHA-256 hex of a call with its rows: every column of both."""
    ordered = sorted((_plain(tables.call_rows, row) for row in rows), key=lambda row: str(row["alias"]))
    return _sha256([_plain(tables.calls, call), ordered])


def answer_content(tables: Tables, result: Mapping[str, Any]) -> str:
    """SHA-256 hex of an answer: every column."""
    return _sha256(_plain(tables.call_results, result))


def _plain(table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    """The row by column, each value as both a writer in Python and a reader of the raw column have it."""
    return {column.name: _value(row.get(column.name), isinstance(column.type, Uuid)) for column in table.columns}


def _value(value: Any, is_uuid: bool) -> Any:
    match value:
        case UUID():
            return value.hex
        case datetime():
            # SQL Server's columns come back without their zone.
            return utc_text(value if value.tzinfo else value.replace(tzinfo=UTC))
        case bool():
            return int(value)
        case str() if is_uuid:
            return value.replace("-", "").lower()
        case _:
            return value


def _sha256(content: Sequence[Any] | Mapping[str, Any]) -> str:
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), default=repr)
    return hashlib.sha256(text.encode()).hexdigest()
