"""Staged orders that the source no longer asks for, and that were certainly never applied."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import polars as pl

from order_sync.model.ids import BatchId, StgId
from order_sync.steps.durably import durably_once
from order_sync.steps.job import Job, Work
from order_sync.store.leases import Lease
from order_sync.store.ledger.staging import any_unsent, withdraw_orders
from order_sync.store.transactions import Transaction

_WITHDRAW = Transaction("stage.withdraw")


def withdraw(job: Job, withdrawn: pl.DataFrame, lease: Lease) -> None:
    """They are cancelled; once they are asked for again they are staged anew."""
    tables, ids = job.store.tables, [StgId(key) for key in withdrawn["stg_id"].to_list()]
    count = durably_once(
        job,
        _WITHDRAW,
        (lease,),
        lambda conn: withdraw_orders(conn, tables, ids, "withdrawn by the source", job.clock.now()),
        lambda conn, _: not any_unsent(conn, tables, ids),
    )
    job.events.emit("order.withdrawn", count=count)


def works_of(withdrawn: pl.DataFrame, customer: str, lease: Lease, in_hand: Sequence[BatchId]) -> list[Work]:
    """The batches that they were in, but for those that are in hand already."""
    batches = {BatchId(UUID(text)) for text in withdrawn["batch_id"].to_list()}
    return [Work(batch, customer, lease) for batch in sorted(batches - set(in_hand), key=str)]
