"""Foreign database errors stop here: each becomes one of ours, sorted by what the caller should do."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from order_sync.model.errors import OrderSyncError
from order_sync.store.meanings import LOST, NO_CONNECTION, Entry, StoreConflict
from order_sync.store.sqlite_errors import sqlite_entry
from order_sync.store.sqlserver_errors import server_entry

__all__ = ["StoreConflict", "guarded", "translate"]

_LONG_REASON: Final = 1_000


@contextmanager
def guarded(where: str | None = None) -> Iterator[None]:
    """Around every use of an engine: what the driver raises leaves as one of ours, its text as the reason."""
    try:
        yield
    except PoolTimeout as problem:
        raise _ours(NO_CONNECTION, str(problem), where) from problem
    except DBAPIError as problem:
        translated = translate(problem, where)
        if translated is None:
            raise
        raise translated from problem


def translate(problem: DBAPIError, where: str | None = None) -> OrderSyncError | None:
    """The error of ours that this one means, or None where the fault is our own (bad SQL, a bad type)."""
    cause = problem.orig
    if cause is None:
        return None
    entry = sqlite_entry(cause) if isinstance(cause, sqlite3.Error) else server_entry(cause)
    if entry is None and problem.connection_invalidated:
        entry = LOST
    return None if entry is None else _ours(entry, str(cause), where)


def _ours(entry: Entry, reason: str, where: str | None) -> OrderSyncError:
    if len(reason) > _LONG_REASON:  # a login that tried ten ways tells of each, twice
        reason = reason[:_LONG_REASON] + " .."
    return entry.error(f"{entry.what} ({reason})", where=where, next_step=entry.next_step)
