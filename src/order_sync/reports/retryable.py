"""What `retry` can send again, and why the rest is not among it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from order_sync.model.ids import BatchId, OrderKey
from order_sync.model.states import RowStatus
from order_sync.reports.errors import ErrorEntry, held_entries
from order_sync.reports.shape import Report
from order_sync.store.tables import Tables


@dataclass(frozen=True, slots=True)
class Retryable(Report):
    """`failed` rows in `batches`; `in_doubt` and `waiting` ones need no retry, `held` orders a correction."""

    batches: tuple[BatchId, ...]
    order_keys: tuple[OrderKey, ...]
    failed: int
    in_doubt: int
    waiting: int
    held: tuple[ErrorEntry, ...]


def retryable(
    conn: Connection, tables: Tables, *, batch: BatchId | None = None, order_number: str | None = None
) -> Retryable:
    """The rows of a batch, of an order (by its number: all its lines), or of all that is staged."""
    staging = tables.staging
    batches: set[BatchId] = set()
    keys: set[OrderKey] = set()
    counts = dict.fromkeys((RowStatus.API_FAILED, RowStatus.IN_DOUBT, RowStatus.PENDING, RowStatus.SENDING), 0)
    for table in (staging, tables.staging_subitems):
        c = table.c
        query = select(c.stg_batch_id, c.stg_order_key, c.stg_status).where(c.stg_status.in_(list(counts)))
        if batch is not None:
            query = query.where(c.stg_batch_id == batch)
        if order_number is not None:
            number = func.lower(staging.c[tables.roles["order_number"]])
            mine = select(staging.c.stg_order_key).where(number == order_number.strip().lower())
            query = query.where(c.stg_order_key.in_(mine))
        for batch_id, key, status in conn.execute(query):
            counts[RowStatus(status)] += 1
            if status == RowStatus.API_FAILED:
                batches.add(BatchId(batch_id))
                keys.add(OrderKey(key))
    return Retryable(
        batches=tuple(sorted(batches, key=str)),
        order_keys=tuple(sorted(keys)),
        failed=counts[RowStatus.API_FAILED],
        in_doubt=counts[RowStatus.IN_DOUBT],
        waiting=counts[RowStatus.PENDING] + counts[RowStatus.SENDING],
        held=held_entries(conn, tables, order_number) if batch is None else (),
    )


def batches_called(conn: Connection, tables: Tables, beginning: str) -> list[BatchId]:
    """Batches whose id begins so: people type the part that they remember."""
    wanted = beginning.strip().lower().replace("-", "")
    every = conn.scalars(select(tables.batches.c.batch_id))
    return [BatchId(batch) for batch in every if wanted and batch.hex.startswith(wanted)]
