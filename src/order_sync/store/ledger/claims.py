"""T1 and T2 of the send protocol: the intent before the call, the outcome after it, each one transaction."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, exists, func, insert, select, update

from order_sync.model.errors import LostLease
from order_sync.model.ids import Alias, BatchId, BoardId, Fence, RequestId, StgId
from order_sync.model.outcomes import Created, GroupCreated, Outcome
from order_sync.model.states import RowStatus
from order_sync.model.verdicts import Verdict
from order_sync.store.base import one_of
from order_sync.store.ledger.rows import RowTable, StagedRow
from order_sync.store.tables import Tables


@dataclass(frozen=True, slots=True)
class Intent:
    """A call that is about to be made: what T1 stores."""

    request_id: RequestId
    batch: BatchId
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
    known = conn.execute(
        select(tables.call_bodies.c.sha256).where(tables.call_bodies.c.sha256 == digest)
    ).first()
    if known is None:
        conn.execute(insert(tables.call_bodies).values(sha256=digest, body=intent.body.decode("utf-8")))
    conn.execute(
        insert(tables.calls).values(
            request_id=intent.request_id,
            batch_id=intent.batch,
            board=intent.board,
            op=intent.operation,
            body_sha256=digest,
            idem_key=intent.request_id,
            fence=intent.fence,
            api_user_id=None if intent.user_id is None else int(intent.user_id),
            created_at=now,
        )
    )
    conn.execute(
        insert(tables.call_rows),
        [
            {
                "request_id": intent.request_id,
                "alias": alias,
                "kind": kind,
                "row_id": ref,
                "sync_key": sync_keys.get(ref),
            }
            for alias, ref in intent.refs
        ],
    )


def intend(
    conn: Connection,
    tables: Tables,
    rows: RowTable,
    staged: Sequence[StagedRow],
    intent: Intent,
    now: datetime,
) -> None:
    """T1: the rows become SENDING under this request. LostLease when any of them is no longer where we read it, or has
    an item already: then it is not to be created."""
    table = rows.table
    has_item = exists().where(
        tables.identity.c.sync_key == table.c.stg_sync_key, tables.identity.c.live_item_id.is_not(None)
    )
    claimed = conn.execute(
        update(table)
        .where(one_of(conn, rows.key, [row.id for row in staged]))
        .where(table.c.stg_status.in_([RowStatus.PENDING, RowStatus.API_FAILED]), ~has_item)
        .values(
            stg_status=RowStatus.SENDING,
            stg_attempt=table.c.stg_attempt + 1,
            stg_request_id=intent.request_id,
            stg_fence=intent.fence,
            stg_intent_at=now,
            stg_absent_proofs=0,
        )
        .returning(rows.key, table.c.stg_attempt)
    ).all()
    expected = {row.id: row.attempt + 1 for row in staged}
    if {row[0]: row[1] for row in claimed} != expected:
        raise LostLease("rows of this batch were changed by another process", where=rows.table.name)
    record_call(conn, tables, intent, rows.kind, {row.id: row.sync_key for row in staged}, now)


def record_answer(
    conn: Connection,
    tables: Tables,
    request_id: RequestId,
    answer: Answer,
    outcomes: Mapping[int, Outcome],
    now: datetime,
) -> None:
    """Append what came back to the audit tables; needs no lease, since nothing is changed."""
    results = tables.call_results
    seq = conn.execute(
        select(func.count()).select_from(results).where(results.c.request_id == request_id)
    ).scalar_one()
    ids = {str(ref): _made(outcome) for ref, outcome in outcomes.items() if _made(outcome) is not None}
    classes = sorted({type(outcome).__name__ for outcome in outcomes.values()})
    conn.execute(
        insert(results).values(
            {
                "request_id": request_id,
                "seq": seq + 1,
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
        )
    )


def _made(outcome: Outcome) -> int | str | None:
    match outcome:
        case Created(item_id=item_id):
            return item_id
        case GroupCreated(group_id=group_id):
            return group_id
        case _:
            return None


def settle_rows(
    conn: Connection,
    tables: Tables,
    rows: RowTable,
    was: RowStatus,
    verdicts: Mapping[StgId, Verdict],
    request_id: RequestId | None,
    now: datetime,
) -> None:
    """Move rows from `was` to their verdict's status; LostLease when one of them has moved meanwhile."""
    if not verdicts:
        return
    table = rows.table
    place = [rows.key == bindparam("b_id"), table.c.stg_status == was]
    if request_id is not None:
        place.append(table.c.stg_request_id == request_id)
    conn.execute(
        update(table)
        .where(*place)
        .values(
            {
                table.c.stg_status: bindparam("b_status"),
                rows.item_id: bindparam("b_item"),
                table.c.stg_retry_count: bindparam("b_retries"),
                table.c.stg_doubts: bindparam("b_doubts"),
                table.c.stg_next_attempt_at: bindparam("b_due"),
                table.c.stg_max_retries_reached: bindparam("b_given_up"),
                table.c.stg_error_message: bindparam("b_message"),
                table.c.stg_error_class: bindparam("b_class"),
                table.c.stg_processed_date: now,
                table.c.stg_absent_proofs: 0,
            }
        ),
        [_parameters(key, each) for key, each in verdicts.items()],
    )
    # executemany's row count is not to be had from every driver: what counts is where the rows are now.
    for status in {each.status for each in verdicts.values()}:
        ids = [key for key, each in verdicts.items() if each.status is status]
        there = conn.execute(
            select(func.count())
            .select_from(table)
            .where(one_of(conn, rows.key, ids), table.c.stg_status == status)
        ).scalar_one()
        if there != len(ids):
            raise LostLease("rows of this batch were changed by another process", where=table.name)
    _learn_items(conn, tables, rows, verdicts)


def _parameters(key: StgId, verdict: Verdict) -> dict[str, Any]:
    problem = verdict.problem
    return {
        "b_id": key,
        "b_status": verdict.status,
        "b_item": verdict.item_id,
        "b_retries": verdict.retry_count,
        "b_doubts": verdict.doubts,
        "b_due": verdict.next_attempt_at,
        "b_given_up": verdict.given_up,
        "b_message": None if problem is None else problem.message,
        "b_class": None if problem is None else problem.error_class.value,
    }


def _learn_items(conn: Connection, tables: Tables, rows: RowTable, verdicts: Mapping[StgId, Verdict]) -> None:
    """The identities of created rows get their item; the sizes of created orders may be sent."""
    made = [key for key, each in verdicts.items() if each.item_id is not None]
    if not made:
        return
    table, identity = rows.table, tables.identity
    pairs = conn.execute(select(table.c.stg_sync_key, rows.item_id).where(one_of(conn, rows.key, made))).all()
    conn.execute(
        update(identity)
        .where(identity.c.sync_key == bindparam("b_key"))
        .values({identity.c.live_item_id: bindparam("b_item"), identity.c.state: "LIVE"}),
        [{"b_key": key, "b_item": item} for key, item in pairs],
    )
    if rows.kind == "item":
        sizes = tables.staging_subitems
        conn.execute(
            update(sizes)
            .where(one_of(conn, sizes.c.stg_parent_stg_id, made), sizes.c.stg_status == RowStatus.BLOCKED)
            .values(stg_status=RowStatus.PENDING)
        )


def mark_in_doubt(
    conn: Connection, rows: RowTable, batch: BatchId | None, board_fence: Fence | None
) -> list[RequestId]:
    """SENDING rows whose sender is gone become IN_DOUBT: those of a batch whose customer we hold, or, of any
    customer, those sent under an older fence of the board. Returns the requests concerned."""
    table = rows.table
    whose = table.c.stg_batch_id == batch if batch is not None else table.c.stg_fence < board_fence
    found = conn.execute(
        update(table)
        .where(table.c.stg_status == RowStatus.SENDING, whose)
        .values(
            stg_status=RowStatus.IN_DOUBT,
            stg_doubts=table.c.stg_doubts + 1,
            stg_absent_proofs=0,
            stg_error_class="AMBIGUOUS",
            stg_error_message="the process that sent this row ended before the answer was recorded",
        )
        .returning(table.c.stg_request_id)
    ).all()
    return sorted({RequestId(request) for (request,) in found})


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
                }
                for ref, item in made
            ],
        )
