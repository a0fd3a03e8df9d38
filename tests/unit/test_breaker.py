"""The breaker of a board: what opens it, for how long, and what closes it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from order_sync.model.breaker import Breaker, Rules, State

RULES = Rules(pause=timedelta(seconds=60), longest=timedelta(seconds=200), openings=4)


def after(*failures: bool) -> Breaker:
    breaker = Breaker(RULES)
    for failed in failures:
        breaker = breaker.heard(failed, 100.0)
    return breaker


@pytest.mark.parametrize(
    ("failures", "state"),
    [
        ([True] * 4, State.CLOSED),
        ([True] * 5, State.OPEN),
        ([True] * 4 + [False] + [True] * 4, State.CLOSED),
        ([True, False] * 4 + [True], State.CLOSED),  # nine: too few to judge a share
        ([True, False] * 5, State.OPEN),
        ([True, False, False] * 30, State.CLOSED),
        ([False] * 100 + [True, False] * 9, State.CLOSED),  # 9 of the last 20
        ([False] * 100 + [True, False] * 10, State.OPEN),  # 10 of the last 20
    ],
)
def test_opens_at_five_in_a_row_or_half_of_the_last_twenty(failures: list[bool], state: State) -> None:
    assert after(*failures).state is state


def test_each_opening_without_a_success_lasts_longer_up_to_a_bound() -> None:
    breaker, pauses = Breaker(RULES), []
    for _ in range(3):
        breaker = breaker.opened(0.0)
        pauses.append(breaker.pause_left(0.0).total_seconds())
        assert not breaker.given_up
        breaker = breaker.asking().answered(False, 0.0)
        assert breaker.state is State.OPEN
        breaker = breaker.asking().answered(True, 0.0)
        assert breaker.state is State.CLOSED
        breaker = Breaker(RULES, openings=breaker.openings - 1)
    assert pauses == [60, 120, 200]
    assert breaker.opened(0.0).given_up


def test_what_was_made_forgets_earlier_openings() -> None:
    breaker = after(*[True] * 5).asking().answered(True, 200.0).progressed()
    assert breaker.opened(200.0).pause_left(200.0) == timedelta(seconds=60)


def test_the_server_may_ask_for_a_longer_pause() -> None:
    assert Breaker(RULES).opened(0.0, timedelta(minutes=5)).pause_left(0.0) == timedelta(minutes=5)


@given(st.lists(st.booleans(), max_size=60))
def test_what_ends_while_it_is_open_changes_nothing(failures: list[bool]) -> None:
    opened = Breaker(RULES).opened(0.0)
    late = opened
    for failed in failures:
        late = late.heard(failed, 1.0)
    assert late == opened


@given(st.lists(st.booleans(), max_size=200))
def test_it_never_opens_while_fewer_than_half_and_five_in_a_row_fail(failures: list[bool]) -> None:
    breaker = Breaker(RULES)
    for at, failed in enumerate(failures):
        breaker = breaker.heard(failed, 0.0)
        last = failures[max(0, at - 19) : at + 1]
        if breaker.state is State.OPEN:
            assert last[-5:] == [True] * 5 or sum(last) * 2 >= len(last) >= 10
            return
