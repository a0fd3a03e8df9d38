"""How long a board is quiet after a lost answer, and how old a doubt is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.harness import VirtualClock

from order_sync.model.ids import RequestId
from order_sync.steps.quiet import QuietBoard

A, B = RequestId("a"), RequestId("b")


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


@pytest.fixture
def quiet(clock: VirtualClock) -> QuietBoard:
    return QuietBoard(clock, seconds(70))


def test_a_board_without_doubts_is_not_quiet(quiet: QuietBoard) -> None:
    assert quiet.remaining() == seconds(0)


def test_a_lost_answer_keeps_it_quiet_for_the_whole_time(quiet: QuietBoard, clock: VirtualClock) -> None:
    quiet.doubt(A, silent=True)
    assert quiet.remaining() == seconds(70)
    clock.sleep(seconds(69))
    assert quiet.remaining() == seconds(1)
    clock.sleep(seconds(2))
    assert quiet.remaining() == seconds(0)


def test_an_answer_that_settles_nothing_does_not(quiet: QuietBoard) -> None:
    quiet.doubt(A, silent=False)
    assert quiet.remaining() == seconds(0)


def test_found_rows_end_it_and_the_last_doubt_decides(quiet: QuietBoard, clock: VirtualClock) -> None:
    quiet.doubt(A, silent=True)
    clock.sleep(seconds(30))
    quiet.doubt(B, silent=True)
    assert quiet.remaining() == seconds(70)
    quiet.over(B)
    assert quiet.remaining() == seconds(40)
    quiet.over(A)
    quiet.over(A)
    assert quiet.remaining() == seconds(0)


def test_a_doubt_that_is_told_again_is_as_old_as_it_was(quiet: QuietBoard, clock: VirtualClock) -> None:
    quiet.doubt(A, silent=False)
    clock.sleep(seconds(30))
    quiet.doubt(A, silent=True)
    assert quiet.age(A) == seconds(30)
    assert quiet.remaining() == seconds(70)
    clock.sleep(seconds(30))
    quiet.doubt(A, silent=True)
    assert quiet.remaining() == seconds(40)


def test_a_doubt_that_is_over_silences_nobody_again(quiet: QuietBoard) -> None:
    quiet.doubt(A, silent=True)
    quiet.over(A)
    quiet.doubt(A, silent=True)
    assert quiet.remaining() == seconds(0)


def test_an_age_begins_with_the_first_question(quiet: QuietBoard, clock: VirtualClock) -> None:
    clock.sleep(seconds(5))
    assert quiet.age(A) == seconds(0)
    clock.sleep(seconds(5))
    assert quiet.age(A) == seconds(5)


def test_an_age_can_start_anew(quiet: QuietBoard, clock: VirtualClock) -> None:
    quiet.doubt(A, silent=True)
    clock.sleep(seconds(100))
    quiet.restart(A)
    assert quiet.age(A) == seconds(0)
