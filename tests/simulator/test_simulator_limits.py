"""Budgets of the simulated account, counted on a virtual clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from simulator_client import BOARD, code_of, simulated

from monday_simulator import Latency, Limits, VirtualClock

CREATE = f'mutation {{ create_item(board_id: {BOARD}, item_name: "x") {{ id }} }}'
GROUP = f'mutation {{ create_group(board_id: {BOARD}, group_name: "x") {{ id }} }}'
COMPLEXITY = "complexity { before query after reset_in_x_seconds }"


@pytest.mark.parametrize(
    ("operation", "cost"),
    [
        (CREATE, 30_001),
        (GROUP, 10_001),
        ('mutation { create_subitem(parent_item_id: 1, item_name: "x") { id } }', 30_001),
        (
            (
                f"mutation {{ change_multiple_column_values(board_id: {BOARD}, item_id: 1,"
                ' column_values: "{}") { id } }'
            ),
            30_001,
        ),
        (f"mutation {{ a: {CREATE[10:-1]} b: {CREATE[10:-1]} }}", 60_002),
        ("{ complexity { before } }", 0),
        (f"{{ boards(ids: {BOARD}) {{ items_page(limit: 500) {{ items {{ id name }} }} }} }}", 1_000),
        ("{ ...F } fragment F on Query { items(ids: [1, 2]) { ... on Item { id } } }", 2),
    ],
)
def test_cost_is_known_before_execution(operation: str, cost: int) -> None:
    client = simulated()
    client.send(operation)
    assert next(iter(client.simulator.wire_log)).cost == cost


def test_budget_around_a_write_is_told() -> None:
    client = simulated()
    client.data(CREATE)
    client.simulator.clock.sleep(timedelta(seconds=20))
    told = client.data(f"{CREATE[:-1]} {COMPLEXITY} }}")["complexity"]
    assert told == {"before": 9_969_999, "query": 30_001, "after": 9_939_998, "reset_in_x_seconds": 40}


def test_load_just_under_the_complexity_budget_is_never_refused() -> None:
    client = simulated(limits=Limits(complexity_per_minute=10 * 30_001))
    for _ in range(3):
        for _ in range(10):
            assert client.send(CREATE).status == 200
        client.simulator.clock.sleep(timedelta(seconds=60))


def test_one_over_the_complexity_budget_is_refused_until_the_window_ends() -> None:
    client = simulated(limits=Limits(complexity_per_minute=2 * 30_001))
    client.data(CREATE)
    client.simulator.clock.sleep(timedelta(seconds=38))
    client.data(CREATE)
    answer = client.send(CREATE)
    assert answer.status == 429
    assert answer.json()["errors"] == [
        {
            "message": "Complexity budget exhausted",
            "extensions": {"code": "COMPLEXITY_BUDGET_EXHAUSTED", "retry_in_seconds": 22},
        }
    ]
    assert answer.headers["Retry-After"] == "22"
    assert '"complexityMinute";r=0;t=22' in answer.headers["RateLimit"]
    client.simulator.clock.sleep(timedelta(seconds=22))
    client.data(CREATE)


def test_query_dearer_than_the_cap_is_refused() -> None:
    client = simulated(limits=Limits(complexity_per_query=60_000))
    answer = client.send(f"mutation {{ a: {CREATE[10:-1]} b: {CREATE[10:-1]} }}")
    assert answer.status == 429
    assert code_of(answer.json()) == "maxComplexityExceeded"
    assert client.names() == []


def test_own_costs_go_before_the_known_ones() -> None:
    client = simulated(limits=Limits(costs={"create_item": 10}))
    assert client.data(f"{CREATE[:-1]} {COMPLEXITY} }}")["complexity"]["query"] == 11


def test_minute_limit_counts_requests_failed_ones_too() -> None:
    client = simulated(limits=Limits(requests_per_minute=3))
    for query in ("{ me { id } }", "{ nonsense", CREATE):
        assert client.send(query).status == 200
    answer = client.send("{ me { id } }")
    assert (answer.status, code_of(answer.json())) == (429, "MINUTE_RATE_LIMIT_EXCEEDED")
    assert answer.headers["Retry-After"] == "60"
    client.simulator.clock.sleep(timedelta(seconds=60))
    assert client.send("{ me { id } }").status == 200


def test_daily_limit_holds_until_midnight_utc() -> None:
    clock = VirtualClock(datetime(2026, 11, 2, 23, 0, 1, tzinfo=UTC))
    client = simulated(clock=clock, limits=Limits(calls_per_day=2))
    for _ in range(2):
        assert client.send("{ me { id } }").status == 200
    answer = client.send("{ me { id } }")
    assert code_of(answer.json()) == "DAILY_LIMIT_EXCEEDED"
    assert answer.json()["errors"][0]["extensions"]["retry_in_seconds"] == 3599
    clock.advance(timedelta(seconds=3599))
    assert client.send("{ me { id } }").status == 200


def test_refused_request_counts_a_tenth() -> None:
    client = simulated(limits=Limits(requests_per_minute=1))
    for _ in range(11):
        client.send("{ me { id } }")
    assert client.simulator.meter.calls_today == pytest.approx(2.0)


def test_too_many_at_once_are_refused() -> None:
    client = simulated(limits=Limits(concurrency=1))
    client.simulator.meter.in_flight = 1
    answer = client.send("{ me { id } }")
    assert (answer.status, code_of(answer.json())) == (429, "MAX_CONCURRENCY_EXCEEDED")
    assert answer.headers["Retry-After"] == "15"
    client.simulator.meter.in_flight = 0
    assert client.send("{ me { id } }").status == 200


def test_latency_is_slept_on_the_clock_per_request_and_mutation() -> None:
    client = simulated(latency=Latency(per_request_ms=100, per_mutation_ms=800))
    client.send("{ me { id } }")
    assert client.simulator.clock.monotonic() == pytest.approx(0.1)
    client.send(f"mutation {{ a: {CREATE[10:-1]} b: {CREATE[10:-1]} complexity {{ after }} }}")
    assert client.simulator.clock.monotonic() == pytest.approx(1.8)
