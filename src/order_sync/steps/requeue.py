"""Batches with rows that are due again are reopened; given-up rows get new tries when a person says so."""

from __future__ import annotations

from collections.abc import Sequence

from order_sync.model.ids import BatchId, OrderKey
from order_sync.model.states import BatchStatus, is_final
from order_sync.steps.durably import durably, durably_once
from order_sync.steps.job import Job, Work
from order_sync.store.ledger.batches import advance, batch_status
from order_sync.store.ledger.queue import has_sendable
from order_sync.store.ledger.staging import any_failed, requeue_failed
from order_sync.store.transactions import Transaction

_REOPEN = Transaction("requeue.reopen")
_FAILED = Transaction("requeue.failed")


def reopen(job: Job, work: Work) -> None:
    """A final batch with due rows is STAGING_LOADED again; every other stays where it is."""
    tables = job.store.tables
    with job.store.reading() as conn:
        final = is_final(batch_status(conn, tables, work.batch))
        if not final or not has_sendable(conn, tables, work.batch, job.clock.now()):
            return
    durably(
        job,
        _REOPEN,
        (work.lease,),
        lambda conn: advance(conn, tables, work.batch, BatchStatus.STAGING_LOADED, job.clock.now()),
    )


def requeue(job: Job, batches: Sequence[BatchId], orders: Sequence[OrderKey] | None) -> int:
    """Give failed rows all their tries again. Returns how many rows that were."""
    rows = durably_once(
        job,
        _FAILED,
        (),
        lambda conn: requeue_failed(conn, job.store.tables, batches, orders),
        lambda conn, _: not any_failed(conn, job.store.tables, batches, orders),
    )
    job.events.emit("rows.requeued", rows=rows)
    return rows
