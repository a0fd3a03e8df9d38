"""T1 and T2 of the send protocol: the intent before the call, the outcome after it, each one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Column, Connection, Select, Table, Update, bindparam, case, exists, func, select, update
from sqlalchemy.sql.dml import ReturningUpdate

from order_sync.model.errors import LostLease
from order_sync.model.ids import BatchId, Fence, RequestId, StgId
from order_sync.model.states import RowStatus
from order_sync.model.verdicts import Verdict
from order_sync.store.base import STATEMENTS, id_list, listed, one_of
from order_sync.store.ledger.calls import Intent, record_call
from order_sync.store.ledger.rows import RowTable, StagedRow
from order_sync.store.tables import Tables


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
    claimed = conn.execute(
        _claim(rows.key, tables.identity, conn.dialect.name),
        {
            "ids": id_list([row.id for row in staged]),
            "b_request": intent.request_id,
            "b_fence": intent.fence,
            "b_now": now,
        },
    ).all()
    expected = {row.id: row.attempt + 1 for row in staged}
    if {row[0]: row[1] for row in claimed} != expected:
        raise LostLease("rows of this batch were changed by another process", where=rows.table.name)
    record_call(conn, tables, intent, rows.kind, {row.id: row.sync_key for row in staged}, now)


def moved(conn: Connection, rows: RowTable, staged: Sequence[StagedRow]) -> bool:
    """Whether any of these rows is no longer as it was read: one transaction changes all of them, or none."""
    c = rows.table.c
    query = select(rows.key, c.stg_status, c.stg_absent_proofs).where(
        one_of(conn, rows.key, [row.id for row in staged])
    )
    now = {row[0]: (row[1], row[2]) for row in conn.execute(query)}
    return any(now.get(row.id) != (row.status, row.absent_proofs) for row in staged)


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
    shared = {"b_was": was, "b_now": now, **({} if request_id is None else {"b_request": request_id})}
    conn.execute(
        _settle(rows.key, rows.item_id, of_request=request_id is not None),
        [{**shared, **_parameters(key, each)} for key, each in verdicts.items()],
    )
    # executemany's row count is not to be had from every driver: what counts is where the rows are now.
    expected = Counter(each.status for each in verdicts.values())
    for status, count in expected.items():
        ids = id_list([key for key, each in verdicts.items() if each.status is status])
        there = conn.execute(_count(rows.key, conn.dialect.name), {"ids": ids, "status": status}).scalar_one()
        if there != count:
            raise LostLease("rows of this batch were changed by another process", where=rows.table.name)
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
    dialect, ids = conn.dialect.name, {"ids": id_list(made)}
    pairs = conn.execute(_keys_and_items(rows.key, rows.item_id, dialect), ids).all()
    conn.execute(_bring_to_life(tables.identity), [{"b_key": key, "b_item": item} for key, item in pairs])
    if rows.kind == "item":
        conn.execute(_free_sizes(tables.staging_subitems, dialect), ids)


def mark_in_doubt(
    conn: Connection, rows: RowTable, batch: BatchId | None, board_fence: Fence | None
) -> list[RequestId]:
    """SENDING rows whose sender is gone become IN_DOUBT: those of a batch whose customer we hold, or, of any
    customer, those sent under an older fence of the board. Returns the requests concerned."""
    whose = {"b_batch": batch} if batch is not None else {"b_fence": board_fence}
    found = conn.execute(_doubt(rows.table, of_batch=batch is not None), whose).all()
    return sorted({RequestId(request) for (request,) in found})


def requests_of_one(conn: Connection, tables: Tables, requests: Sequence[str]) -> set[str]:
    """Which of these requests carried a single row."""
    rows = tables.call_rows
    query = select(rows.c.request_id).where(one_of(conn, rows.c.request_id, sorted(set(requests))))
    return set(conn.execute(query.group_by(rows.c.request_id).having(func.count() == 1)).scalars())


# Statements that every call needs, made once: composing them anew took a third of our own time.


@lru_cache(maxsize=STATEMENTS)
def _claim(key: Column[Any], identity: Table, dialect: str) -> ReturningUpdate[Any]:
    """Sendable rows without an item become SENDING. Returns id and attempt."""
    table = key.table
    has_item = exists().where(identity.c.sync_key == table.c.stg_sync_key, identity.c.live_item_id.is_not(None))
    return (
        update(table)
        .where(listed(dialect, key))
        .where(table.c.stg_status.in_([RowStatus.PENDING, RowStatus.API_FAILED]), ~has_item)
        .values(
            stg_status=RowStatus.SENDING,
            stg_attempt=table.c.stg_attempt + 1,
            stg_request_id=bindparam("b_request"),
            stg_fence=bindparam("b_fence"),
            stg_intent_at=bindparam("b_now"),
            stg_absent_proofs=0,
        )
        .returning(key, table.c.stg_attempt)
    )


@lru_cache(maxsize=STATEMENTS)
def _settle(key: Column[Any], item_id: Column[Any], *, of_request: bool) -> Update:
    """Compare-and-set of one row, with the parameters that `_parameters` makes."""
    table = key.table
    statement = update(table).where(key == bindparam("b_id"), table.c.stg_status == bindparam("b_was"))
    if of_request:
        statement = statement.where(table.c.stg_request_id == bindparam("b_request"))
    return statement.values(
        {
            table.c.stg_status: bindparam("b_status"),
            item_id: bindparam("b_item"),
            table.c.stg_retry_count: bindparam("b_retries"),
            table.c.stg_doubts: bindparam("b_doubts"),
            table.c.stg_next_attempt_at: bindparam("b_due"),
            table.c.stg_max_retries_reached: bindparam("b_given_up"),
            table.c.stg_error_message: bindparam("b_message"),
            table.c.stg_error_class: bindparam("b_class"),
            table.c.stg_processed_date: bindparam("b_now"),
            table.c.stg_absent_proofs: 0,
        }
    )


@lru_cache(maxsize=STATEMENTS)
def _count(key: Column[Any], dialect: str) -> Select[Any]:
    table = key.table
    return (
        select(func.count()).select_from(table).where(listed(dialect, key), table.c.stg_status == bindparam("status"))
    )


@lru_cache(maxsize=STATEMENTS)
def _keys_and_items(key: Column[Any], item_id: Column[Any], dialect: str) -> Select[Any]:
    return select(key.table.c.stg_sync_key, item_id).where(listed(dialect, key))


@lru_cache(maxsize=STATEMENTS)
def _bring_to_life(identity: Table) -> Update:
    """PROMOTED stays: an order that is in production already must not be inserted there again."""
    state = case((identity.c.state == "PROMOTED", "PROMOTED"), else_="LIVE")
    return (
        update(identity)
        .where(identity.c.sync_key == bindparam("b_key"))
        .values({identity.c.live_item_id: bindparam("b_item"), identity.c.state: state})
    )


@lru_cache(maxsize=STATEMENTS)
def _free_sizes(sizes: Table, dialect: str) -> Update:
    """The sizes of created orders may be sent."""
    return (
        update(sizes)
        .where(listed(dialect, sizes.c.stg_parent_stg_id), sizes.c.stg_status == RowStatus.BLOCKED)
        .values(stg_status=RowStatus.PENDING)
    )


@lru_cache(maxsize=STATEMENTS)
def _doubt(table: Table, *, of_batch: bool) -> ReturningUpdate[Any]:
    """SENDING rows of a batch, or of an older fence, become IN_DOUBT. Returns their requests."""
    whose = table.c.stg_batch_id == bindparam("b_batch") if of_batch else table.c.stg_fence < bindparam("b_fence")
    return (
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
    )
