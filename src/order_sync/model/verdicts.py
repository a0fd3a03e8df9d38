"""From one outcome to the next state of its row: pure, decided in one place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

from order_sync.model.ids import ItemId
from order_sync.model.outcomes import (
    Archived,
    Created,
    ErrorClass,
    GroupCreated,
    Halted,
    InDoubt,
    Outcome,
    Problem,
    Rejected,
    Retryable,
)
from order_sync.model.states import RowStatus


@dataclass(frozen=True, slots=True)
class Verdict:
    """The columns that an outcome changes. `log` says whether the ERR_ table gets an entry."""

    status: RowStatus
    item_id: ItemId | None = None
    problem: Problem | None = None
    retry_count: int = 0
    doubts: int = 0
    next_attempt_at: datetime | None = None
    given_up: bool = False
    log: bool = False


def verdict(
    outcome: Outcome, *, retry_count: int, doubts: int, max_retries: int, now: datetime, backoff: timedelta
) -> Verdict:
    """What becomes of a SENDING row. `backoff` is used where the server named no wait."""
    match outcome:
        case Created(item_id=item_id, warning=warning):
            return Verdict(RowStatus.API_SUCCESS, item_id, warning, retry_count, doubts, log=warning is not None)
        case Rejected(problem=problem):
            return Verdict(RowStatus.API_FAILED, None, problem, retry_count, doubts, given_up=True, log=True)
        case InDoubt(problem=problem):
            return Verdict(RowStatus.IN_DOUBT, None, problem, retry_count, doubts + 1, log=True)
        case Halted(problem=problem):
            return Verdict(RowStatus.PENDING, None, problem, retry_count, doubts)
        case Retryable():
            return _later(outcome, retry_count, doubts, max_retries, now, backoff)
        case GroupCreated() | Archived():
            raise TypeError("a group is not a row, and rows are made, not archived")
        case _:
            assert_never(outcome)


def _later(
    outcome: Retryable, retry_count: int, doubts: int, max_retries: int, now: datetime, backoff: timedelta
) -> Verdict:
    due = now + (outcome.wait if outcome.wait is not None else backoff)
    problem = outcome.problem
    if outcome.consumes_attempt:
        return failed_once_more(problem, retry_count, doubts, max_retries, due)
    if problem.error_class is ErrorClass.NOT_SENT:
        return Verdict(RowStatus.API_FAILED, None, problem, retry_count, doubts, due, log=True)
    # Throttled or locked: the server did not look at the row, so the row has not failed.
    return Verdict(RowStatus.PENDING, None, problem, retry_count, doubts, due)


def failed_once_more(problem: Problem, retry_count: int, doubts: int, max_retries: int, due: datetime) -> Verdict:
    """A failure that uses up an attempt: due again, or given up when it was the last."""
    given_up = retry_count + 1 > max_retries
    return Verdict(
        RowStatus.API_FAILED,
        None,
        problem,
        retry_count + 1,
        doubts,
        None if given_up else due,
        given_up=given_up,
        log=True,
    )


# Two 500s, the last of them to this row alone: monday says 500 for arguments that it will never take.
SERVER_ERRORS_BEFORE_GIVING_UP = 2


def proven_absent(
    error_class: ErrorClass | None,
    problem: Problem,
    *,
    alone: bool,
    retry_count: int,
    doubts: int,
    max_retries: int,
    now: datetime,
) -> Verdict:
    """What becomes of an IN_DOUBT row that is certainly not on the board: back to PENDING, or given up.

    Only what happened to a row `alone` in its request speaks against that row: beside others it goes again, in a
    smaller request. `doubts` counts this one too."""
    if not alone:
        return Verdict(RowStatus.PENDING, None, None, retry_count, doubts, now)
    refused = error_class is ErrorClass.SERVER_ERROR and doubts >= SERVER_ERRORS_BEFORE_GIVING_UP
    if refused or retry_count + 1 > max_retries:
        return Verdict(RowStatus.API_FAILED, None, problem, retry_count + 1, doubts, given_up=True, log=True)
    return Verdict(RowStatus.PENDING, None, problem, retry_count + 1, doubts, now)


def request_size(doubts: int, largest: int) -> int:
    """How many rows may share a request with a row that was in doubt this often: 25, 12, 6, then alone."""
    return 1 if doubts >= 3 else max(1, largest >> doubts)
