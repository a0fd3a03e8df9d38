"""The account's calls of a day: counted over restarts, stopped before they are used up, and not asked for in vain."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from sqlalchemy import Connection

from order_sync.model.errors import DailyLimitReached, OrderSyncError
from order_sync.model.ids import Fence
from order_sync.steps.durably import durably
from order_sync.steps.job import Job
from order_sync.store.ledger.daily import add_calls, read_day, set_resume
from order_sync.store.ledger.doubts import left_behind
from order_sync.store.transactions import Transaction

_NOTE = Transaction("daily.note")
_STOP = Transaction("daily.stop")
_FORGET = Transaction("daily.forget")

_IGNORE: Final = "order-sync run --all --ignore-daily-limit"
_ANY: Final = Fence(2**62)


def begin_day(job: Job) -> None:
    """Before the first call of a run. DailyLimitReached where none may be made yet; with calls left in reserve only
    where there is a doubt to settle."""
    today = _today(job)
    with job.store.reading() as conn:
        known = read_day(conn, job.store.tables, job.board_id, today)
        doubts = left_behind(conn, job.store.tables, job.board_id, _ANY)
    job.daily.begin(known, job.board.budget.calls, today)
    if job.daily.ignored:
        if known.resume_at is not None:
            durably(job, _FORGET, (), lambda conn: set_resume(conn, job.store.tables, job.board_id, None))
    elif known.resume_at is not None and known.resume_at > job.clock.now():
        raise DailyLimitReached(
            f"the account's calls were used up: monday.com takes none before {known.resume_at:%Y-%m-%d %H:%M} UTC",
            next_step=f"run again after that; if the limit was raised since: {_IGNORE}",
        )
    elif not doubts and not may_create(job):
        raise _reserved(job)


def may_create(job: Job) -> bool:
    """Whether calls are left beyond the reserve. True where the server never told its limit."""
    limit = _limit(job)
    if job.daily.ignored or limit is None:
        return True
    return _spent(job) < limit * (1 - job.settings.sending.daily_reserve)


def tell_withheld(job: Job) -> None:
    """DailyLimitReached where something could have been sent but for the reserve."""
    if job.daily.withheld:
        raise _reserved(job)


def note_calls(job: Job, conn: Connection) -> None:
    """Within the caller's transaction: what was called since the last note. One that fails loses its share: the server
    counts in any case, and the reserve is larger."""
    fresh = job.daily.take(job.board.budget.calls)
    if fresh:
        me = job.view.known_me
        account = None if me is None else me.account_id
        add_calls(conn, job.store.tables, job.board_id, _today(job), fresh, account, _limit(job))


def note_rest(job: Job) -> None:
    """At the end of a run; one that made no call writes nothing. Not worth a wait, or another error than the run's."""
    if job.daily.unnoted(job.board.budget.calls):
        with suppress(OrderSyncError), job.store.writing(_NOTE) as conn:
            note_calls(job, conn)


@contextmanager
def remembering(job: Job) -> Iterator[None]:
    """Around whatever asks the board before there is a report."""
    try:
        yield
    except DailyLimitReached as error:
        remember(job, error)
        raise


def remember(job: Job, error: DailyLimitReached) -> None:
    """Keep the time that the server told when it took no more. Where that fails, the next run is told again."""
    until = error.until
    if until is not None:
        with suppress(OrderSyncError):
            durably(job, _STOP, (), lambda conn: set_resume(conn, job.store.tables, job.board_id, until))


def _limit(job: Job) -> int | None:
    me = job.view.known_me
    return job.daily.limit(None if me is None else me.daily_calls)


def _spent(job: Job) -> int:
    return job.daily.spent(job.board.budget.calls, _today(job))


def _today(job: Job) -> date:
    return job.clock.now().astimezone(UTC).date()


def midnight_after(job: Job) -> datetime:
    """When the account's next day begins."""
    return datetime.combine(_today(job) + timedelta(days=1), time(), UTC)


def _reserved(job: Job) -> DailyLimitReached:
    return DailyLimitReached(
        f"{_spent(job):,} of the account's {_limit(job) or 0:,} calls of today are made, and the last "
        f"{job.settings.sending.daily_reserve:.0%} are kept for looking up rows in doubt",
        where="sending.daily_reserve in the settings",
        next_step=f"run again after {midnight_after(job):%Y-%m-%d %H:%M} UTC; or {_IGNORE}",
    )
