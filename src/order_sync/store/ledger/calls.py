"""The record of calls: each before it is made, each answer when it came. Nothing here is changed later."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Column, Connection, Select, Table, bindparam, func, insert, select

from order_sync.model.ids import Alias, BatchId, BoardId, Fence, RequestId
from order_sync.model.outcomes import Archived, Created, GroupCreated, Outcome
from order_sync.store.base import STATEMENTS
from order_sync.store.ledger.chain import CALL, alone, answer_content, call_content
from order_sync.store.tables import Tables


@dataclass(frozen=True, slots=True)
class Intent:
    """A call that is about to be made: what T1 stores."""

    request_id: RequestId
    batch: BatchId | None  # None: of no batch
    board: BoardId
    operation: str
    body: bytes
    refs: tuple[tuple[Alias, int], ...]  # alias -> row id (or position, for groups)
    fence: Fence
    user_id: str | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, for the record: None where nothing did."""

    http_status: int | None
    code: str | None
    monday_request_id: str | None
    replayed: bool
    complexity: int | None
    ms: int


def record_call(
    conn: Connection, tables: Tables, intent: Intent, kind: str, sync_keys: Mapping[int, str], now: datetime
) -> None:
    """Append the call, its rows and its exact body to the audit tables."""
    digest = hashlib.sha256(intent.body).hexdigest()
    if conn.execute(_known_body(tables.call_bodies), {"digest": digest}).first() is None:
        conn.execute(insert(tables.call_bodies), {"sha256": digest, "body": intent.body.decode("utf-8")})
    call = {
        "request_id": intent.request_id,
        "batch_id": intent.batch,
        "board": intent.board,
        "op": intent.operation,
        "body_sha256": digest,
        "idem_key": intent.request_id,
        "fence": intent.fence,
        "api_user_id": None if intent.user_id is None else int(intent.user_id),
        "created_at": now,
    }
    rows = [
        {
            "request_id": intent.request_id,
            "alias": alias,
            "kind": kind,
            "row_id": ref,
            "sync_key": sync_keys.get(ref),
        }
        for alias, ref in intent.refs
    ]
    conn.execute(insert(tables.calls), call)
    conn.execute(insert(tables.call_rows), rows)
    with alone(conn, tables, intent.board) as end:
        end.link(intent.request_id, CALL, call_content(tables, call, rows))


def record_answer(
    conn: Connection,
    tables: Tables,
    request_id: RequestId,
    answer: Answer,
    outcomes: Mapping[int, Outcome],
    now: datetime,
) -> None:
    """Append what came back to the audit tables; needs no lease, since nothing is changed."""
    board = conn.execute(_board_of(tables.calls), {"request": request_id}).scalar_one()
    with alone(conn, tables, board) as end:
        number = conn.execute(_answers_so_far(tables.call_results), {"request": request_id}).scalar_one() + 1
        result = _result(request_id, number, answer, outcomes, now)
        conn.execute(insert(tables.call_results), result)
        end.link(request_id, number, answer_content(tables, result))


def _result(
    request_id: RequestId, number: int, answer: Answer, outcomes: Mapping[int, Outcome], now: datetime
) -> dict[str, Any]:
    ids = {str(ref): _made(outcome) for ref, outcome in outcomes.items() if _made(outcome) is not None}
    classes = sorted({type(outcome).__name__ for outcome in outcomes.values()})
    return {
        "request_id": request_id,
        "seq": number,
        "http_status": answer.http_status,
        "code": answer.code,
        "monday_request_id": answer.monday_request_id,
        "replayed": answer.replayed,
        "complexity": answer.complexity,
        "ms": answer.ms,
        "ids": json.dumps(ids) if ids else None,
        "class": ",".join(classes),
        "created_at": now,
    }


def call_recorded(conn: Connection, tables: Tables, request_id: RequestId) -> bool:
    """Whether the intent of this request is in the ledger."""
    return _is_there(conn, tables.calls.c.request_id, request_id)


def answer_recorded(conn: Connection, tables: Tables, request_id: RequestId) -> bool:
    """Whether an outcome of this request is in the ledger."""
    return _is_there(conn, tables.call_results.c.request_id, request_id)


def _is_there(conn: Connection, column: Column[Any], request_id: RequestId) -> bool:
    return conn.execute(select(column).where(column == request_id)).first() is not None


def _made(outcome: Outcome) -> int | str | None:
    match outcome:
        case Created(item_id=item_id):
            return item_id
        case Archived(item_id=item_id):
            return item_id
        case GroupCreated(group_id=group_id):
            return group_id
        case _:
            return None


def record_orphans(
    conn: Connection,
    tables: Tables,
    intent: Intent,
    outcomes: Mapping[int, Outcome],
    reason: str,
    now: datetime,
) -> None:
    """Items that were made although the lease was lost: noted for whoever holds it now; the rows are not touched."""
    aliases = {ref: alias for alias, ref in intent.refs}
    rows = tables.call_rows.c
    query = select(rows.alias, rows.kind, rows.sync_key).where(rows.request_id == intent.request_id)
    about = {alias: (kind, key) for alias, kind, key in conn.execute(query)}
    made = [(ref, outcome.item_id) for ref, outcome in outcomes.items() if isinstance(outcome, Created)]
    if made:
        conn.execute(
            insert(tables.orphans),
            [
                {
                    "board": intent.board,
                    "item_id": item,
                    "request_id": intent.request_id,
                    "alias": aliases[ref],
                    "batch_id": intent.batch,
                    "reason": reason,
                    "created_date": now,
                    "kind": about.get(aliases[ref], (None, None))[0],
                    "sync_key": about.get(aliases[ref], (None, None))[1],
                }
                for ref, item in made
            ],
        )


@lru_cache(maxsize=STATEMENTS)
def _known_body(bodies: Table) -> Select[Any]:
    return select(bodies.c.sha256).where(bodies.c.sha256 == bindparam("digest"))


@lru_cache(maxsize=STATEMENTS)
def _board_of(calls: Table) -> Select[Any]:
    return select(calls.c.board).where(calls.c.request_id == bindparam("request"))


@lru_cache(maxsize=STATEMENTS)
def _answers_so_far(results: Table) -> Select[Any]:
    return select(func.count()).select_from(results).where(results.c.request_id == bindparam("request"))
