"""All complete orders of a batch into the production tables, with their marks and the snapshot, in one transaction."""

from __future__ import annotations

from sqlalchemy import Connection

from order_sync.model.fingerprint import ENCODING_VERSION
from order_sync.model.states import BatchStatus
from order_sync.steps.durably import durably_once
from order_sync.steps.job import Job, Work
from order_sync.store.ledger.batches import advance
from order_sync.store.ledger.promotion import complete_orders, promote_orders
from order_sync.store.ledger.snapshots import move_state
from order_sync.store.transactions import Transaction

_PROMOTE = Transaction("promote")


def promote(job: Job, work: Work, columns_digest: str) -> int:
    """Returns how many orders were promoted; 0 writes nothing."""
    tables = job.store.tables

    def write(conn: Connection) -> int:
        orders = complete_orders(conn, tables, work.batch)
        if not orders:
            return 0
        now = job.clock.now()
        promote_orders(conn, tables, job.mapping, orders, ENCODING_VERSION, now)
        move_state(
            conn,
            tables,
            encoding_version=ENCODING_VERSION,
            mapping_hash=job.mapping_hash,
            columns_digest=columns_digest,
            now=now,
        )
        advance(conn, tables, work.batch, BatchStatus.PROMOTED, now)
        return len(orders)

    promoted = durably_once(
        job, _PROMOTE, (work.lease,), write, lambda conn, _: not complete_orders(conn, tables, work.batch)
    )
    if promoted:
        job.events.emit("batch.promoted", customer=work.customer, orders=promoted)
    return promoted
