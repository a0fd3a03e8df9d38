"""Write transactions of a run: what became of one is never assumed. Busy or unanswered, it is run again, and reads
first whether it had been written after all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

from sqlalchemy import Connection

from order_sync.model.errors import StoreBusy
from order_sync.steps.job import Job
from order_sync.store.leases import Lease
from order_sync.store.transactions import Transaction

TRIES: Final = 5

T = TypeVar("T")


def durably(job: Job, called: Transaction, held: tuple[Lease, ...], write: Callable[[Connection], T]) -> T:
    """A transaction that does no harm when it is run again although it was written. StoreBusy when it never got
    through: then it may have been written, or not."""
    for tried in range(1, TRIES + 1):
        try:
            with job.store.writing(called, *held) as conn:
                return write(conn)
        except StoreBusy:
            if tried == TRIES:
                raise
            wait = job.backoff(tried - 1)
            job.events.emit("database.waited_for", transaction=called.name, seconds=wait.total_seconds())
            job.clock.sleep(wait)
    raise AssertionError("the loop returns or raises")


def durably_once(
    job: Job,
    called: Transaction,
    held: tuple[Lease, ...],
    write: Callable[[Connection], T],
    recorded: Callable[[Connection, T], bool],
) -> T:
    """A transaction that must not be written twice. `recorded` is asked before another try, of what the last one meant
    to write: inside the transaction and behind its lease's lock, so that it cannot be overtaken by a commit that the
    server is still at."""
    ended: list[T] = []

    def attempt(conn: Connection) -> T:
        if ended and recorded(conn, ended[0]):
            return ended[0]
        ended[:] = [write(conn)]
        return ended[0]

    return durably(job, called, held, attempt)
