"""What becomes of a row after one outcome, by example; the properties are in tests/properties."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from order_sync.model.ids import ItemId
from order_sync.model.outcomes import (
    Created,
    ErrorClass,
    GroupCreated,
    Halt,
    Halted,
    InDoubt,
    Outcome,
    Problem,
    Rejected,
    Retryable,
)
from order_sync.model.states import RowStatus
from order_sync.model.verdicts import Verdict, failed_once_more, proven_absent, request_size, verdict

NOW = datetime(2026, 3, 1, tzinfo=UTC)
BACKOFF = timedelta(seconds=7)


def problem(kind: ErrorClass) -> Problem:
    return Problem(kind, "said so")


def after(outcome: Outcome, *, retry_count: int = 1, doubts: int = 1, max_retries: int = 3) -> Verdict:
    return verdict(outcome, retry_count=retry_count, doubts=doubts, max_retries=max_retries, now=NOW, backoff=BACKOFF)


def test_created() -> None:
    assert after(Created(ItemId(5))) == Verdict(RowStatus.API_SUCCESS, ItemId(5), None, 1, 1)


def test_created_with_a_complaint_is_logged() -> None:
    warning = problem(ErrorClass.REJECTED_VALUE)
    found = after(Created(ItemId(5), None, warning))
    assert (found.status, found.problem, found.log) == (RowStatus.API_SUCCESS, warning, True)


def test_rejected_is_given_up_at_once() -> None:
    found = after(Rejected(problem(ErrorClass.REJECTED_VALUE)))
    assert (found.status, found.given_up, found.log, found.next_attempt_at) == (RowStatus.API_FAILED, True, True, None)


def test_in_doubt_counts_its_doubts_and_no_retry() -> None:
    found = after(InDoubt(problem(ErrorClass.AMBIGUOUS)))
    assert (found.status, found.doubts, found.retry_count, found.log) == (RowStatus.IN_DOUBT, 2, 1, True)


def test_halted_is_as_if_it_had_not_been_sent() -> None:
    found = after(Halted(problem(ErrorClass.CONFIGURATION), Halt.CONFIG))
    assert (found.status, found.retry_count, found.next_attempt_at, found.log) == (RowStatus.PENDING, 1, None, False)


@pytest.mark.parametrize("kind", [ErrorClass.THROTTLED, ErrorClass.LOCKED])
@pytest.mark.parametrize(("wait", "due"), [(None, BACKOFF), (timedelta(seconds=90), timedelta(seconds=90))])
def test_throttled_waits_as_told_and_costs_nothing(kind: ErrorClass, wait: timedelta | None, due: timedelta) -> None:
    found = after(Retryable(problem(kind), wait, consumes_attempt=False))
    assert (found.status, found.next_attempt_at) == (RowStatus.PENDING, NOW + due)
    assert (found.retry_count, found.log, found.given_up) == (1, False, False)


def test_not_sent_is_a_failure_that_costs_no_try() -> None:
    found = after(Retryable(problem(ErrorClass.NOT_SENT), consumes_attempt=False), retry_count=3)
    assert (found.status, found.retry_count, found.given_up) == (RowStatus.API_FAILED, 3, False)
    assert (found.next_attempt_at, found.log) == (NOW + BACKOFF, True)


@pytest.mark.parametrize(("used", "given_up"), [(0, False), (2, False), (3, True), (9, True)])
def test_a_failure_that_counts(used: int, given_up: bool) -> None:
    found = after(Retryable(problem(ErrorClass.GROUP_GONE)), retry_count=used)
    assert (found.status, found.retry_count, found.given_up) == (RowStatus.API_FAILED, used + 1, given_up)
    assert found.next_attempt_at == (None if given_up else NOW + BACKOFF)


def test_without_retries_the_first_failure_is_the_last() -> None:
    assert failed_once_more(problem(ErrorClass.LOCKED), 0, 0, 0, NOW).given_up


def test_a_group_is_no_row() -> None:
    with pytest.raises(TypeError):
        after(GroupCreated("g"))


def absent(kind: ErrorClass | None, *, alone: bool, retry_count: int = 0, doubts: int = 1) -> Verdict:
    return proven_absent(
        kind,
        problem(ErrorClass.SERVER_ERROR),
        alone=alone,
        retry_count=retry_count,
        doubts=doubts,
        max_retries=3,
        now=NOW,
    )


@pytest.mark.parametrize("kind", [ErrorClass.AMBIGUOUS, ErrorClass.SERVER_ERROR, None])
def test_what_happened_beside_others_speaks_against_no_row(kind: ErrorClass | None) -> None:
    assert absent(kind, alone=False, retry_count=9, doubts=9) == Verdict(
        RowStatus.PENDING, None, None, 9, 9, next_attempt_at=NOW
    )


@pytest.mark.parametrize(
    ("kind", "retry_count", "doubts", "status"),
    [
        (ErrorClass.AMBIGUOUS, 0, 1, RowStatus.PENDING),
        (ErrorClass.AMBIGUOUS, 2, 9, RowStatus.PENDING),
        (ErrorClass.AMBIGUOUS, 3, 4, RowStatus.API_FAILED),
        (None, 3, 4, RowStatus.API_FAILED),
        (ErrorClass.SERVER_ERROR, 0, 1, RowStatus.PENDING),
        (ErrorClass.SERVER_ERROR, 0, 2, RowStatus.API_FAILED),
        (ErrorClass.SERVER_ERROR, 5, 1, RowStatus.API_FAILED),
    ],
)
def test_alone_it_is_a_try_and_the_second_server_error_is_the_last(
    kind: ErrorClass | None, retry_count: int, doubts: int, status: RowStatus
) -> None:
    found = absent(kind, alone=True, retry_count=retry_count, doubts=doubts)
    assert (found.status, found.retry_count, found.doubts) == (status, retry_count + 1, doubts)
    assert found.given_up is found.log is (status is RowStatus.API_FAILED)


def test_requests_halve_and_end_alone() -> None:
    assert [request_size(doubts, 25) for doubts in range(6)] == [25, 12, 6, 1, 1, 1]
    assert [request_size(doubts, 1) for doubts in range(4)] == [1, 1, 1, 1]
    assert request_size(1, 2) == 1
