"""MON_BatchProcessing: every batch from its start to its end, with counts computed from the rows, never counted up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, exists, func, insert, or_, select, update

from order_sync.model.errors import LostLease
from order_sync.model.ids import BatchId
from order_sync.model.states import BATCH_FINAL, BATCH_TRANSITIONS, BatchStatus, RowStatus, is_final
from order_sync.store.ledger.queue import status_counts
from order_sync.store.ledger.rows import sendable
from order_sync.store.tables import Tables

_STEP_COLUMN = {
    BatchStatus.STAGING_LOADED: "staging_load_completed",
    BatchStatus.ITEMS_CREATED: "items_creation_completed",
    BatchStatus.SUBITEMS_CREATED: "subitems_creation_completed",
    BatchStatus.PROMOTED: "promotion_completed",
}


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A batch as a run needs to know it."""

    id: BatchId
    customer: str
    status: BatchStatus
    started: datetime


def open_batch(
    conn: Connection, tables: Tables, batch: BatchId, customer: str, *, now: datetime, by: str, **more: Any
) -> None:
    conn.execute(
        insert(tables.batches).values(
            batch_id=batch,
            customer_name=customer,
            batch_type="FULL_BATCH",
            status=BatchStatus.STARTED,
            start_time=now,
            started_by=by,
            **more,
        )
    )


def batch_status(conn: Connection, tables: Tables, batch: BatchId) -> BatchStatus:
    query = select(tables.batches.c.status).where(tables.batches.c.batch_id == batch)
    return BatchStatus(conn.execute(query).scalar_one())


def advance(conn: Connection, tables: Tables, batch: BatchId, to: BatchStatus, now: datetime) -> None:
    """Compare-and-set to `to`; where the batch is there already or further on only a step that had no time yet gets
    one. LostLease when somebody else has moved it."""
    was = batch_status(conn, tables, batch)
    if was is to or to not in BATCH_TRANSITIONS[was]:
        if was is BatchStatus.PROMOTED and to in _STEP_COLUMN:
            _note_step(conn, tables, batch, _STEP_COLUMN[to], now)
        return
    values: dict[str, Any] = {"status": to}
    if to in _STEP_COLUMN:
        values[_STEP_COLUMN[to]] = now
    if not is_final(to):
        values["end_time"] = None
    batches = tables.batches
    moved = conn.execute(
        update(batches).where(batches.c.batch_id == batch, batches.c.status == was).values(values)
    ).rowcount
    if moved != 1:
        raise LostLease("the batch was changed by another process", where=str(batch))


def _note_step(conn: Connection, tables: Tables, batch: BatchId, column: str, now: datetime) -> None:
    """Complete orders are promoted while others still wait: a step may come to its end after a later one."""
    batches = tables.batches
    mine = (batches.c.batch_id == batch, batches.c[column].is_(None))
    conn.execute(update(batches).where(*mine).values({column: now}))


def unfinished(conn: Connection, tables: Tables, customers: Sequence[str] | None, now: datetime) -> list[BatchRow]:
    """Batches that a run has to go on with: not final, or final with failures that are due again. Oldest first."""
    batches, orders, sizes = tables.batches, tables.staging, tables.staging_subitems
    final = [status.value for status, ends in BATCH_FINAL.items() if ends]
    open_statuses = [status.value for status, ends in BATCH_FINAL.items() if not ends]
    due = or_(
        exists().where(orders.c.stg_batch_id == batches.c.batch_id, sendable(orders, now)),
        exists().where(sizes.c.stg_batch_id == batches.c.batch_id, sendable(sizes, now)),
    )
    reopenable = and_(batches.c.status.in_(final), batches.c.status != BatchStatus.ROLLED_BACK, due)
    query = select(batches.c.batch_id, batches.c.customer_name, batches.c.status, batches.c.start_time).where(
        # The table may hold batches from before us, which ended nowhere: theirs is no row that we could go on with.
        batches.c.mapping_hash.is_not(None),
        or_(
            and_(batches.c.status.in_(open_statuses), batches.c.status != BatchStatus.ROLLING_BACK),
            reopenable,
        ),
    )
    if customers is not None:
        query = query.where(batches.c.customer_name.in_(list(customers)))
    return [
        BatchRow(BatchId(row.batch_id), row.customer_name, BatchStatus(row.status), row.start_time)
        for row in conn.execute(query.order_by(batches.c.start_time))
    ]


def batches_of_run(conn: Connection, tables: Tables, run_id: str) -> list[BatchId]:
    """Those that this run has opened, however far it came with them."""
    batches = tables.batches.c
    query = select(batches.batch_id).where(batches.run_id == run_id).order_by(batches.start_time)
    return [BatchId(batch) for batch in conn.scalars(query)]


def recount(conn: Connection, tables: Tables, batch: BatchId) -> dict[str, dict[RowStatus, int]]:
    """Set the batch's counters from its rows (staging and archive) and its recorded calls."""
    counts = status_counts(conn, tables, batch)
    both = [counts["item"], counts["subitem"]]
    calls, results = tables.calls, tables.call_results
    made = conn.execute(select(func.count()).select_from(calls).where(calls.c.batch_id == batch)).scalar_one()
    failed = conn.execute(
        select(func.count(func.distinct(results.c.request_id)))
        .join_from(results, calls, calls.c.request_id == results.c.request_id)
        .where(calls.c.batch_id == batch, results.c["class"].not_in(["Created", "GroupCreated"]))
    ).scalar_one()
    conn.execute(
        update(tables.batches)
        .where(tables.batches.c.batch_id == batch)
        .values(
            total_records=sum(sum(each.values()) for each in both),
            successful_records=sum(
                each.get(RowStatus.PROMOTED, 0) + each.get(RowStatus.API_SUCCESS, 0) for each in both
            ),
            failed_records=sum(each.get(RowStatus.API_FAILED, 0) for each in both),
            orders_processed=counts["item"].get(RowStatus.PROMOTED, 0),
            subitems_processed=counts["subitem"].get(RowStatus.PROMOTED, 0),
            api_calls_made=made,
            api_failures=failed,
            retries_attempted=_retries(conn, tables, batch),
        )
    )
    return counts


def _retries(conn: Connection, tables: Tables, batch: BatchId) -> int:
    """Rows sent more than once, each time beyond the first."""
    total = 0
    for table in (tables.staging, tables.archive, tables.staging_subitems, tables.archive_subitems):
        query = select(func.sum(table.c.stg_attempt - 1)).where(table.c.stg_batch_id == batch, table.c.stg_attempt > 1)
        total += conn.execute(query).scalar() or 0
    return total


def finish(conn: Connection, tables: Tables, batch: BatchId, now: datetime) -> BatchStatus:
    """Give the batch the status that its rows say: final when nothing is left that a run would do now by itself."""
    counts = recount(conn, tables, batch)
    items, sizes = counts["item"], counts["subitem"]
    everything = sum(items.values()) + sum(sizes.values())
    done = sum(each.get(RowStatus.PROMOTED, 0) + each.get(RowStatus.CANCELLED, 0) for each in (items, sizes))
    parked = sum(
        each.get(status, 0)
        for each in (items, sizes)
        for status in (RowStatus.SENDING, RowStatus.IN_DOUBT, RowStatus.PENDING)
    )
    if parked:
        return batch_status(conn, tables, batch)
    if done == everything:
        to = BatchStatus.COMPLETED
    elif items.get(RowStatus.PROMOTED, 0) == 0 and items.get(RowStatus.API_SUCCESS, 0) == 0:
        to = BatchStatus.FAILED
    else:
        to = BatchStatus.COMPLETED_WITH_ERRORS
    advance(conn, tables, batch, to, now)
    batches = tables.batches
    started = conn.execute(select(batches.c.start_time).where(batches.c.batch_id == batch)).scalar_one()
    conn.execute(
        update(batches)
        .where(batches.c.batch_id == batch)
        .values(
            end_time=now,
            cleanup_completed=now,
            duration_seconds=max(0, round((now - started).total_seconds())),
            error_summary=_error_summary(conn, tables, batch),
        )
    )
    return to


def _error_summary(conn: Connection, tables: Tables, batch: BatchId) -> str | None:
    """ "3 REJECTED_VALUE: text; 1 ..": the open errors of the batch by cause, most frequent first."""
    found: dict[tuple[str, str], int] = {}
    for errors in (tables.errors, tables.errors_subitems):
        query = (
            select(errors.c.error_type, errors.c.error_message, func.count())
            .where(errors.c.batch_id == batch, errors.c.resolved_date.is_(None), errors.c.err_severity == "error")
            .group_by(errors.c.error_type, errors.c.error_message)
        )
        for kind, message, count in conn.execute(query):
            found[(kind, message)] = found.get((kind, message), 0) + count
    causes = sorted(found.items(), key=lambda each: -each[1])
    return "; ".join(f"{count} {kind}: {message}" for (kind, message), count in causes[:10]) or None


def note_halt(conn: Connection, tables: Tables, run_id: str, why: str) -> None:
    """Leave the reason of an early stop at the unfinished batches of the run, where `status` shows it."""
    batches = tables.batches
    unfinished_ones = batches.c.status.not_in([status.value for status, ends in BATCH_FINAL.items() if ends])
    conn.execute(update(batches).where(batches.c.run_id == run_id, unfinished_ones).values(error_summary=why))
