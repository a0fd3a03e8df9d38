"""Promoted staging rows go to the archive; failed rows stay where they are until they are retried."""

from __future__ import annotations

from sqlalchemy import Connection

from order_sync.model.states import BatchStatus
from order_sync.steps.durably import durably
from order_sync.steps.job import Job, Work
from order_sync.store.ledger.batches import finish
from order_sync.store.ledger.promotion import archive_promoted
from order_sync.store.transactions import Transaction

_SWEEP = Transaction("sweep")


def sweep(job: Job, work: Work) -> BatchStatus:
    """Archive, count, and give the batch the status that its rows say."""
    tables = job.store.tables

    def write(conn: Connection) -> BatchStatus:
        now = job.clock.now()
        if job.settings.sweeping.keep_days == 0:
            archive_promoted(conn, tables, work.batch, now)
        return finish(conn, tables, work.batch, now)

    status = durably(job, _SWEEP, (work.lease,), write)
    job.events.emit("batch.swept", customer=work.customer, status=status.value)
    return status
