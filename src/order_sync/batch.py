"""One customer's batch: the six steps, top to bottom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from order_sync.steps.daily import may_create
from order_sync.steps.groups import groups_due_in
from order_sync.steps.job import Job, Work
from order_sync.steps.look_up import look_again
from order_sync.steps.promote import promote
from order_sync.steps.requeue import reopen
from order_sync.steps.select import Plan
from order_sync.steps.send import send, take_over
from order_sync.steps.settle import next_look, settle
from order_sync.steps.stage import stage
from order_sync.steps.sweep import sweep
from order_sync.store.leases import Lease
from order_sync.store.ledger.batches import BatchRow
from order_sync.store.ledger.queue import has_sendable, next_due


def process_customer(job: Job, plan: Plan, customer: str, lease: Lease, unfinished: Sequence[BatchRow]) -> list[Work]:
    """What was begun first, under its own batch id; then what is new, under a new one. The detected orders come in
    from the plan; the batches come back, for what they may still wait for."""
    works: list[Work] = []
    if job.stop.is_set():
        return works
    for batch in unfinished:
        work = Work(batch.id, customer, lease)
        take_over(job, work)
        look_again(job, work)
        works.append(work)
    works.extend(stage(job, plan, customer, lease, [work.batch for work in works]))
    for work in works:
        if not job.stop.is_set():
            carry_on(job, work, plan.columns_digest)
    return works


def carry_on(job: Job, work: Work, columns_digest: str) -> None:
    """From wherever the batch stands: each step does what is left for it, and nothing where nothing is."""
    reopen(job, work)
    settle(job, work)
    send(job, work)
    promote(job, work, columns_digest)
    sweep(job, work)


def waits_for(job: Job, work: Work) -> timedelta | None:
    """How long until this batch can get on: a look at its doubts, a row that is due again, or the board's quiet over;
    None when it waits for nothing."""
    look = next_look(job, work)
    with job.store.reading() as conn:
        due = next_due(conn, job.store.tables, work.batch) if may_create(job) else None
        sendable = may_create(job) and has_sendable(conn, job.store.tables, work.batch, job.clock.now())
    waits = [] if look is None else [look]
    if sendable:
        waits.append(job.quiet.remaining() or groups_due_in(job) or look or timedelta(0))
    if due is not None and due > job.clock.now():
        waits.append(due - job.clock.now())
    return min(waits, default=None)
