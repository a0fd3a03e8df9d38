"""The closed set of outcomes and why each is what it is."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import cast, get_args

import pytest
from tests.harness import VirtualClock

from order_sync.model.errors import DailyLimitReached
from order_sync.model.ids import ItemId
from order_sync.model.outcomes import (
    Archived,
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
    problem_class,
)
from order_sync.steps.exchange import _HALTS, halt_on
from order_sync.steps.job import Job

JOB = cast(Job, SimpleNamespace(clock=VirtualClock()))
PROBLEM = Problem(ErrorClass.LOCKED, "said so", "SomeCode", 423, "text_a")
EXAMPLES: list[tuple[Outcome, ErrorClass | None]] = [
    (Created(ItemId(1)), None),
    (Created(ItemId(1), None, PROBLEM), ErrorClass.LOCKED),
    (GroupCreated("g"), None),
    (Archived(ItemId(1)), None),
    (Rejected(PROBLEM), ErrorClass.LOCKED),
    (Retryable(PROBLEM), ErrorClass.LOCKED),
    (InDoubt(PROBLEM), ErrorClass.LOCKED),
    (Halted(PROBLEM, Halt.CONFIG), ErrorClass.LOCKED),
]


@pytest.mark.parametrize(("outcome", "why"), EXAMPLES)
def test_why(outcome: Outcome, why: ErrorClass | None) -> None:
    assert problem_class(outcome) is why


def test_every_outcome_has_its_example() -> None:
    assert {type(outcome) for outcome, _ in EXAMPLES} == set(get_args(Outcome))


@pytest.mark.parametrize("halt", [halt for halt in Halt if halt not in (Halt.DAILY_LIMIT, Halt.API_BLOCKED)])
def test_every_halt_has_its_error_and_its_next_step(halt: Halt) -> None:
    kind, next_step = _HALTS[halt]
    with pytest.raises(kind) as caught:
        halt_on(JOB, [Created(ItemId(1)), Halted(PROBLEM, halt)])
    assert (caught.value.what, caught.value.where, caught.value.next_step) == ("said so", "text_a", next_step)


def test_a_used_up_day_names_the_moment_from_which_calls_are_taken_again() -> None:
    with pytest.raises(DailyLimitReached) as caught:
        halt_on(JOB, [Halted(PROBLEM, Halt.DAILY_LIMIT, timedelta(hours=3))])
    assert caught.value.until == JOB.clock.now() + timedelta(hours=3)
    assert "run again after 2026-11-02 08:00 UTC" in str(caught.value)


def test_a_blocked_account_is_the_breaker_s_business() -> None:
    halt_on(JOB, [Halted(PROBLEM, Halt.API_BLOCKED)])


def test_without_a_halt_nothing_is_raised() -> None:
    halt_on(JOB, [outcome for outcome, _ in EXAMPLES if not isinstance(outcome, Halted)])
