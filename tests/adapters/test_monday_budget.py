"""Pacing from the server's own numbers."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from tests.monday_fakes import HandClock, reply

from order_sync.model.ids import BoardId, GroupId
from order_sync.model.outcomes import ErrorClass
from order_sync.monday.budget import Budget, PlanLimits, plan_limits
from order_sync.monday.documents import ItemToCreate, create_items
from order_sync.monday.errors import Delivery, outcomes_of
from order_sync.monday.replies import Complexity, rate_limits

NOW = timedelta(0)
CALL = 25 * 30_001


def seconds(wait: timedelta) -> float:
    return wait.total_seconds()


def answered(budget: Budget, after: int, reset: int = 60, *, query: int = CALL, before: int = 10_000_000) -> None:
    budget.note(reply({}), Complexity(query, before, after, reset), operation="create_items", cost=CALL)


def refused(body: dict[str, Any], status: int = 429, headers: dict[str, str] | None = None) -> Delivery:
    call = create_items([ItemToCreate(0, BoardId("77"), GroupId("g"), "n", "{}", False)])
    return outcomes_of(reply({"errors": [{"message": "said", "extensions": body}]}, status, headers), call)


def test_the_first_call_goes_at_once() -> None:
    assert Budget(HandClock()).wait_for(CALL) == NOW


def test_a_call_waits_for_the_window_that_the_server_named() -> None:
    clock = HandClock()
    budget = Budget(clock)
    budget.wait_for(CALL)
    answered(budget, after=700_000, reset=40)
    assert seconds(budget.wait_for(CALL)) == 40
    assert budget.binding == "points"


def test_what_is_on_its_way_counts_against_the_others() -> None:
    clock = HandClock()
    budget = Budget(clock)
    budget.wait_for(CALL)
    answered(budget, after=1_600_000, reset=40)
    assert [seconds(budget.wait_for(CALL)) for _ in range(3)] == [0, 0, 40]


def test_a_full_window_is_used_fully() -> None:
    """13 calls of 750,025 points fit 10 million: none of them waits, the 14th does."""
    clock = HandClock()
    budget = Budget(clock, plan_limits("pro"))
    left = 10_000_000
    waits = []
    for _ in range(14):
        waits.append(seconds(budget.wait_for(CALL, "create_items")))
        clock.pass_(waits[-1])
        if waits[-1]:
            break
        left -= CALL
        answered(budget, after=left, reset=round(60 - (clock.seconds - 1_000)))
        clock.pass_(1)
    assert waits == [0.0] * 13 + [47.0]


def test_after_the_window_all_is_there_again() -> None:
    clock = HandClock()
    budget = Budget(clock)
    budget.wait_for(CALL)
    answered(budget, after=0, reset=10)
    clock.pass_(10)
    assert budget.wait_for(CALL) == NOW


def test_the_price_is_learned() -> None:
    budget = Budget(HandClock())
    budget.wait_for(CALL, "create_items")
    answered(budget, after=510_000, query=CALL // 3)
    assert budget.wait_for(CALL, "create_items") == NOW
    assert budget.wait_for(CALL, "create_items") == NOW
    assert seconds(budget.wait_for(CALL, "create_items")) == 60


def test_what_a_window_still_pays() -> None:
    clock = HandClock()
    budget = Budget(clock)
    assert budget.affordable(30_001) == 33
    budget.wait_for(CALL)
    assert budget.affordable(30_001) == 8
    answered(budget, after=60_005, reset=20)
    assert budget.affordable(30_001) == 2
    assert budget.affordable(30_001, "create_items") == 2
    clock.pass_(20)
    assert budget.affordable(30_001) == 333


def test_a_call_dearer_than_the_whole_window_still_goes() -> None:
    clock = HandClock()
    budget = Budget(clock, PlanLimits(points_per_minute=100_000))
    assert budget.wait_for(CALL) == NOW
    budget.unanswered(cost=CALL, sent=True)
    clock.pass_(seconds(budget.wait_for(CALL)))
    assert clock.seconds == 1_060


def test_a_call_that_was_not_sent_costs_nothing() -> None:
    budget = Budget(HandClock(), PlanLimits(points_per_minute=CALL))
    budget.wait_for(CALL)
    budget.unanswered(cost=CALL, sent=False)
    assert budget.wait_for(CALL) == NOW
    budget.unanswered(cost=CALL, sent=True)
    assert seconds(budget.wait_for(CALL)) == 60


def test_a_booking_that_nobody_used_is_forgotten() -> None:
    clock = HandClock()
    budget = Budget(clock, PlanLimits(points_per_minute=CALL))
    budget.wait_for(CALL)
    clock.pass_(121)
    assert budget.wait_for(CALL) == NOW


def test_answers_that_overtake_one_another_do_not_give_points_back() -> None:
    budget = Budget(HandClock())
    for _ in range(2):
        budget.wait_for(CALL)
    answered(budget, after=100_000, reset=30)
    answered(budget, after=850_000, reset=31)
    assert seconds(budget.wait_for(CALL)) == 31


def test_headers_serve_where_the_body_has_no_points() -> None:
    budget = Budget(HandClock())
    budget.wait_for(CALL)
    budget.note(reply({}, headers={"ratelimit": '"complexityMinute";r=1000;t=45'}), cost=CALL)
    assert seconds(budget.wait_for(CALL)) == 45


def test_the_number_of_calls_binds_too() -> None:
    clock = HandClock()
    budget = Budget(clock, PlanLimits(points_per_minute=10**9, calls_per_minute=3))
    for _ in range(3):
        assert budget.wait_for(1) == NOW
        clock.pass_(1)
    assert seconds(budget.wait_for(1)) == 57
    assert budget.binding == "calls"


def test_the_policy_of_the_server_replaces_the_plan() -> None:
    budget = Budget(HandClock())
    policy = '"minuteRate";q=2;w=60, "complexityMinute";q=90;w=60;qu="content-bytes"'
    budget.note(reply({}, headers={"ratelimit-policy": policy}))
    assert budget.wait_for(1) == NOW
    assert budget.wait_for(1) == NOW
    assert seconds(budget.wait_for(1)) == 60


def test_no_calls_left_in_the_header() -> None:
    budget = Budget(HandClock())
    budget.note(reply({}, headers={"ratelimit": '"minuteRate";r=0;t=12'}))
    assert seconds(budget.wait_for(1)) == 12


def test_nothing_binds_but_the_lane() -> None:
    budget = Budget(HandClock())
    budget.wait_for(1)
    assert budget.binding == "lane"


@pytest.mark.parametrize(
    ("draw", "body", "expected"),
    [
        (0.0, {"code": "MINUTE_RATE_LIMIT_EXCEEDED", "retry_in_seconds": 58}, 58),
        (0.5, {"code": "MINUTE_RATE_LIMIT_EXCEEDED", "retry_in_seconds": 60}, 63),
        (0.0, {"code": "RATE_LIMIT_EXCEEDED", "retryAfterMs": 1500}, 1.5),
        (0.0, {"code": "COMPLEXITY_BUDGET_EXHAUSTED"}, 10),
        (0.0, {"code": "COMPLEXITY_BUDGET_EXHAUSTED", "retry_in_seconds": -3}, 10),
        (0.0, {"code": "COMPLEXITY_BUDGET_EXHAUSTED", "retry_in_seconds": 1e9}, 900),
        (0.0, {"code": "DAILY_LIMIT_EXCEEDED", "retry_in_seconds": 3599}, 3599),
        (0.5, {"code": "DAILY_LIMIT_EXCEEDED", "retry_in_seconds": 3599}, 3659),
        (0.0, {"code": "DAILY_LIMIT_EXCEEDED", "retry_in_seconds": 1e9}, 86_400),
        (0.0, {"code": "DAILY_LIMIT_EXCEEDED"}, 3600),  # the clock says 23:00
    ],
)
def test_refusals_are_waited_out(draw: float, body: dict[str, Any], expected: float) -> None:
    assert seconds(Budget(HandClock(draw)).throttled(refused(body))) == pytest.approx(expected)


@pytest.mark.parametrize(("draw", "expected"), [(0.0, 5.0), (0.999, 29.975)])
def test_a_lock_is_waited_out_5_to_30_seconds(draw: float, expected: float) -> None:
    assert seconds(Budget(HandClock(draw)).throttled(refused({}, 423))) == pytest.approx(expected)


def test_our_own_defaults_scale_and_hints_do_not() -> None:
    budget = Budget(HandClock(), scale=0.01)
    assert seconds(budget.refused(ErrorClass.THROTTLED, None)) == pytest.approx(0.1)
    assert seconds(budget.refused(ErrorClass.BLOCKED_BY_API, None)) == pytest.approx(0.6)
    assert seconds(budget.refused(ErrorClass.THROTTLED, timedelta(seconds=4))) == 4


def test_what_is_no_refusal_waits_for_nothing() -> None:
    assert Budget(HandClock()).throttled(refused({"code": "ColumnValueException"}, 200)) == NOW


@pytest.mark.parametrize(
    ("code", "binding"), [("COMPLEXITY_BUDGET_EXHAUSTED", "points"), ("MAX_CONCURRENCY_EXCEEDED", "calls")]
)
def test_after_a_refusal_every_call_waits(code: str, binding: str) -> None:
    budget = Budget(HandClock())
    budget.throttled(refused({"code": code, "retry_in_seconds": 20}))
    assert seconds(budget.wait_for(1)) == 20
    assert budget.binding == binding


def test_no_count_of_the_server_makes_a_call_wait_for_longer_than_a_quarter_of_an_hour() -> None:
    clock = HandClock()
    budget = Budget(clock)
    answered(budget, 0, before=1)
    waits = [seconds(budget.wait_for(CALL)) for _ in range(5)]
    assert waits[0] == 60
    assert max(waits) == 900


@pytest.mark.parametrize("hint", ["1e9", "Fri, 31 Dec 9999 23:59:59 GMT", "-5", "soon", "nan"])
def test_no_hint_makes_a_call_wait_for_longer_than_a_quarter_of_an_hour(hint: str) -> None:
    budget = Budget(HandClock(1.0))
    told = refused({}, 429, {"retry-after": hint, "date": "Mon, 02 Nov 2026 05:00:00 GMT"})
    assert seconds(budget.throttled(told)) <= 900 * 1.1
    assert seconds(budget.wait_for(CALL)) <= 900 * 1.1


def test_plans() -> None:
    assert plan_limits("Enterprise").calls_per_day == 25_000
    assert plan_limits("pro", trial=True) == plan_limits(None) == plan_limits("novel") == PlanLimits()


def test_header_forms() -> None:
    header = '"minuteRate";r=4999, "odd" ;x="a,b"; r=5 ;t=nan, junk, "complexityMinute";r=1e3;t=45'
    assert rate_limits(header) == {
        "minuterate": {"r": 4999},
        "odd": {"r": 5},
        "complexityminute": {"r": 1000, "t": 45},
    }


def test_threads_share_it() -> None:
    budget = Budget(HandClock(), PlanLimits(points_per_minute=10 * CALL, calls_per_minute=10**6))
    waits: list[float] = []
    threads = [threading.Thread(target=lambda: waits.append(seconds(budget.wait_for(CALL)))) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(waits) == [0.0] * 10 + [60.0] * 2
