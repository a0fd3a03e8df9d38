"""The statuses and their transitions, as tables that agree with one another."""

from __future__ import annotations

import pytest

from order_sync.model.states import (
    BATCH_FINAL,
    BATCH_TRANSITIONS,
    OPEN,
    ROW_TRANSITIONS,
    BatchStatus,
    RowStatus,
    batch_may_become,
    is_final,
    row_may_become,
)

CLOSED = {RowStatus.PROMOTED, RowStatus.CANCELLED, RowStatus.ROLLED_BACK}


def test_every_status_has_its_row_in_each_table() -> None:
    assert set(ROW_TRANSITIONS) == set(RowStatus)
    assert set(BATCH_TRANSITIONS) == set(BatchStatus) == set(BATCH_FINAL)


def test_open_is_what_is_not_closed() -> None:
    assert set(OPEN) | CLOSED == set(RowStatus)
    assert not set(OPEN) & CLOSED


def reachable(tables: object, start: object) -> set[object]:
    found, front = {start}, [start]
    while front:
        for following in tables[front.pop()]:  # type: ignore[index]
            if following not in found:
                found.add(following)
                front.append(following)
    return found


@pytest.mark.parametrize("status", [each for each in RowStatus if each not in CLOSED])
def test_every_open_row_can_come_to_an_end(status: RowStatus) -> None:
    assert reachable(ROW_TRANSITIONS, status) & CLOSED


@pytest.mark.parametrize("status", [each for each in BatchStatus if not is_final(each)])
def test_every_open_batch_can_come_to_an_end(status: BatchStatus) -> None:
    assert {each for each in reachable(BATCH_TRANSITIONS, status) if BATCH_FINAL[each]}  # type: ignore[index]


def test_a_row_is_reached_from_its_first_statuses() -> None:
    assert reachable(ROW_TRANSITIONS, RowStatus.BLOCKED) == set(RowStatus)


def test_a_batch_is_reached_from_its_start() -> None:
    assert reachable(BATCH_TRANSITIONS, BatchStatus.STARTED) == set(BatchStatus)


@pytest.mark.parametrize(
    ("was", "becomes", "may"),
    [
        (RowStatus.IN_DOUBT, RowStatus.SENDING, False),  # never sent again on a guess
        (RowStatus.SENDING, RowStatus.IN_DOUBT, True),
        (RowStatus.PENDING, RowStatus.PROMOTED, False),
        (RowStatus.API_SUCCESS, RowStatus.PENDING, False),
        (RowStatus.PROMOTED, RowStatus.PENDING, False),
        (RowStatus.CANCELLED, RowStatus.PENDING, False),
        (RowStatus.BLOCKED, RowStatus.SENDING, False),
        (RowStatus.API_FAILED, RowStatus.SENDING, True),
    ],
)
def test_rows(was: RowStatus, becomes: RowStatus, may: bool) -> None:
    assert row_may_become(was, becomes) is may


@pytest.mark.parametrize(
    ("was", "becomes", "may"),
    [
        (BatchStatus.STARTED, BatchStatus.SUBITEMS_CREATED, True),
        (BatchStatus.SUBITEMS_CREATED, BatchStatus.ITEMS_CREATED, False),
        (BatchStatus.PROMOTED, BatchStatus.STAGING_LOADED, True),  # a requeue, or another promotion to come
        (BatchStatus.COMPLETED, BatchStatus.STAGING_LOADED, False),
        (BatchStatus.COMPLETED_WITH_ERRORS, BatchStatus.STAGING_LOADED, True),
        (BatchStatus.FAILED, BatchStatus.STAGING_LOADED, True),
        (BatchStatus.ROLLED_BACK, BatchStatus.STAGING_LOADED, False),
        (BatchStatus.ROLLING_BACK, BatchStatus.COMPLETED, False),
    ],
)
def test_batches(was: BatchStatus, becomes: BatchStatus, may: bool) -> None:
    assert batch_may_become(was, becomes) is may


@pytest.mark.parametrize("status", [each for each in BatchStatus if is_final(each)])
def test_a_final_batch_goes_on_only_by_a_rollback_or_by_being_opened_again(status: BatchStatus) -> None:
    assert BATCH_TRANSITIONS[status] <= {BatchStatus.ROLLING_BACK, BatchStatus.STAGING_LOADED}


def test_no_status_follows_itself() -> None:
    assert not any(status in following for status, following in ROW_TRANSITIONS.items())
    # A batch with something new to send is opened at the step of its loading, wherever it stands.
    assert [status for status, following in BATCH_TRANSITIONS.items() if status in following] == [
        BatchStatus.STAGING_LOADED
    ]
