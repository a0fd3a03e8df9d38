"""Whatever a service says of its budget, the wait is bounded."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from tests.monday_fakes import HandClock, reply

from order_sync.monday.budget import Budget
from order_sync.monday.replies import Complexity

NOW = timedelta(0)


CALL = 25 * 30_001


def seconds(wait: timedelta) -> float:
    return wait.total_seconds()


@given(header=st.text(max_size=80) | st.text('"=;,rtq0123456789 ', max_size=80))
def test_no_header_breaks_the_reading(header: str) -> None:
    budget = Budget(HandClock())
    budget.note(reply({}, headers={"ratelimit": header, "ratelimit-policy": header}))
    assert NOW <= budget.wait_for(10) <= timedelta(minutes=2)


@given(
    told=st.lists(
        st.tuples(st.integers(-(2**62), 2**62), st.integers(-(2**62), 2**62), st.integers(-(2**62), 2**62)),
        max_size=6,
    )
)
def test_no_figure_makes_it_wait_for_ever(told: list[tuple[int, int, int]]) -> None:
    clock = HandClock()
    budget = Budget(clock)
    for before, after, reset in told:
        clock.pass_(seconds(budget.wait_for(CALL)))
        budget.note(reply({}), Complexity(CALL, before, after, reset), cost=CALL)
    assert budget.wait_for(CALL) <= timedelta(seconds=61)
