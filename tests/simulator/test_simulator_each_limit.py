"""Each limit of each plan: a load just under it is never refused, one just over it is, in the documented form."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from simulator_client import BOARD, TOKEN, Client, code_of, simulated

from monday_simulator import Answer, Limits, VirtualClock
from monday_simulator.limits import PLANS, TOKEN_KINDS

READ = "{ me { id } }"
FAILED = ""  # counts like any other, and is the cheapest to answer
CREATE = f'mutation {{ create_item(board_id: {BOARD}, item_name: "x") {{ id }} }}'
REQUESTS = {"pro": 2_500, "enterprise": 5_000}
CALLS = {"pro": 10_000, "enterprise": 25_000}
AT_ONCE = {"pro": 100, "enterprise": 250}
KINDS = [(plan, token) for plan in PLANS for token in TOKEN_KINDS]
ONE = 30_001  # points of a create_item {id}
MANY = 10**9


def asked(client: Client, query: str = READ, **more: Any) -> Answer:
    return client.simulator.handle(
        "POST", "/v2", {"Authorization": TOKEN}, b'{"query": "' + _plain(query) + b'"}', **more
    )


def _plain(query: str) -> bytes:
    return query.replace('"', '\\"').encode()


def refused(answer: Answer, code: str, message: str, wait: int) -> None:
    """429 in the present form: the wait in the body and in the header."""
    assert (answer.status, answer.headers["Retry-After"]) == (429, str(wait))
    body = answer.json()
    assert body["errors"] == [{"message": message, "extensions": {"code": code, "retry_in_seconds": wait}}]
    assert body["extensions"] == {"request_id": answer.headers["X-Request-Id"]}


def points(plan: str, token: str) -> int:
    if token == "personal":
        return 1_000_000 if plan in ("free", "trial") else 10_000_000
    return 1_000_000 if (plan, token) == ("trial", "playground") else 5_000_000


@pytest.mark.parametrize(("plan", "token"), KINDS)
def test_requests_a_minute(plan: str, token: str) -> None:
    most = REQUESTS.get(plan, 1_000)
    client = simulated(limits=Limits.of(plan, token, calls_per_day=MANY))
    for _ in range(2):
        assert {asked(client, FAILED).status for _ in range(most)} == {400}
        client.simulator.clock.sleep(timedelta(seconds=18))
        answer = asked(client)
        refused(answer, "MINUTE_RATE_LIMIT_EXCEEDED", "Minute rate limit exceeded", 42)
        assert answer.headers["RateLimit"].startswith('"minuteRate";r=0;t=42, ')
        assert answer.headers["RateLimit-Policy"].startswith(f'"minuteRate";q={most};w=60, ')
        client.simulator.clock.sleep(timedelta(seconds=42))


@pytest.mark.parametrize("plan", PLANS)
def test_calls_a_day(plan: str) -> None:
    most = CALLS.get(plan, 1_000)
    clock = VirtualClock(datetime(2026, 11, 2, 23, 0, 1, tzinfo=UTC))
    client = simulated(clock=clock, limits=Limits.of(plan, requests_per_minute=MANY))
    assert {asked(client, FAILED).status for _ in range(most)} == {400}
    refused(asked(client), "DAILY_LIMIT_EXCEEDED", "Daily limit exceeded", 3599)
    clock.advance(timedelta(seconds=3598))
    refused(asked(client), "DAILY_LIMIT_EXCEEDED", "Daily limit exceeded", 1)
    assert client.simulator.meter.calls_today == most + 0.2
    clock.advance(timedelta(seconds=1))
    assert asked(client).status == 200
    assert client.simulator.meter.calls_today == 1


def test_tenth_of_a_call() -> None:
    client = simulated(limits=Limits.of("pro", complexity_per_minute=ONE + 1))
    for query, used in [
        (READ, 1.0),
        ("{ complexity { before } }", 1.1),
        ("{ nonsense", 2.1),
        (CREATE, 3.1),
        (CREATE, 3.2),
        ("mutation { complexity { before } }", 4.2),
    ]:
        asked(client, query)
        assert client.simulator.meter.calls_today == pytest.approx(used)


@pytest.mark.parametrize(("plan", "token"), KINDS)
def test_points_a_minute(plan: str, token: str) -> None:
    most = points(plan, token)
    client = simulated(limits=Limits.of(plan, token))
    for _ in range(2):
        assert {asked(client, CREATE).status for _ in range(most // ONE)} == {200}
        client.simulator.clock.sleep(timedelta(seconds=38))
        answer = asked(client, CREATE)
        refused(answer, "COMPLEXITY_BUDGET_EXHAUSTED", "Complexity budget exhausted", 22)
        assert answer.headers["RateLimit-Policy"].endswith(f'"complexityMinute";q={most};w=60;qu="content-bytes"')
        assert answer.headers["RateLimit"].endswith(f'"complexityMinute";r={most % ONE};t=22')
        client.simulator.clock.sleep(timedelta(seconds=22))
    made = sum(len(record.made) for record in client.simulator.wire_log)
    assert made == 2 * (most // ONE)


@pytest.mark.parametrize("token", TOKEN_KINDS)
def test_reads_have_a_budget_of_their_own(token: str) -> None:
    client = simulated(limits=Limits.of("pro", token, complexity_per_minute=ONE))
    assert asked(client, CREATE).status == 200
    answer = asked(client)
    if token == "personal":
        refused(answer, "COMPLEXITY_BUDGET_EXHAUSTED", "Complexity budget exhausted", 60)
    else:
        assert answer.status == 200
        assert answer.headers["RateLimit"].endswith(f'"complexityMinute";r={ONE - 1}')
        refused(asked(client, CREATE), "COMPLEXITY_BUDGET_EXHAUSTED", "Complexity budget exhausted", 60)


@pytest.mark.parametrize("plan", PLANS)
def test_points_of_one_document(plan: str) -> None:
    client = simulated(limits=Limits.of(plan, complexity_per_minute=MANY))

    def batch(count: int) -> str:
        return "mutation { " + " ".join(f"a{at}: {CREATE[10:-1]}" for at in range(count)) + " }"

    assert asked(client, batch(166)).status == 200
    answer = asked(client, batch(167))
    assert (answer.status, code_of(answer.json())) == (429, "maxComplexityExceeded")
    assert "Retry-After" not in answer.headers  # it never will be affordable
    assert len(client.names()) == 166


@pytest.mark.parametrize("plan", PLANS)
def test_requests_of_one_address(plan: str) -> None:
    client = simulated(limits=Limits.of(plan, requests_per_minute=MANY, calls_per_day=MANY))
    for _ in range(2):
        assert {asked(client, FAILED, address="192.0.2.1").status for _ in range(5_000)} == {400}
        answer = asked(client, address="192.0.2.1")
        refused(answer, "IP_RATE_LIMIT_EXCEEDED", "IP rate limit exceeded", 30)
        assert "RateLimit" not in answer.headers
        assert asked(client, address="192.0.2.2").status == 200
        assert asked(client).status == 200
        client.simulator.clock.sleep(timedelta(seconds=10))


ENDPOINTS = {
    "create_board": '(board_name: "b", board_kind: public, empty: true) { id }',
    "duplicate_board": f"(board_id: {BOARD}, duplicate_type: duplicate_board_with_structure) {{ board {{ id }} }}",
    "duplicate_group": f'(board_id: {BOARD}, group_id: "group_mkfirst") {{ id }}',
}


@pytest.mark.parametrize("batched", [False, True])
@pytest.mark.parametrize("name", ENDPOINTS)
def test_fields_a_minute(name: str, batched: bool) -> None:
    field = name + ENDPOINTS[name]
    client = simulated(limits=Limits.of("enterprise"))

    def make(count: int) -> Answer:
        if batched:
            return asked(client, "mutation { " + " ".join(f"a{at}: {field}" for at in range(count)) + " }")
        return [asked(client, f"mutation {{ {field} }}") for _ in range(count)][-1]

    for _ in range(2):
        assert make(39).status == 200
        client.simulator.clock.sleep(timedelta(seconds=30))
        assert make(1).status == 200
        refused(make(1), "MINUTE_RATE_LIMIT_EXCEEDED", "Minute rate limit exceeded", 30)
        assert asked(client, CREATE).status == 200
        client.simulator.clock.sleep(timedelta(seconds=30))
    made = sum(record.applied is True and name in record.fields for record in client.simulator.wire_log)
    assert made == (4 if batched else 80)


def test_fields_of_a_refused_document_are_not_counted() -> None:
    field = 'create_board(board_name: "b", board_kind: public, empty: true) { id }'
    client = simulated(limits=Limits.of("enterprise"))
    assert asked(client, "mutation { " + " ".join(f"a{at}: {field}" for at in range(41)) + " }").status == 429
    assert asked(client, "mutation { " + " ".join(f"a{at}: {field}" for at in range(40)) + " }").status == 200


@pytest.mark.parametrize(("plan", "token"), KINDS)
def test_plan_is_what_its_page_says(plan: str, token: str) -> None:
    limits = Limits.of(plan, token)
    assert limits.requests_per_minute == REQUESTS.get(plan, 1_000)
    assert limits.calls_per_day == CALLS.get(plan, 1_000)
    assert limits.concurrency == AT_ONCE.get(plan, 40)
    assert limits.complexity_per_minute == points(plan, token)
    assert limits.complexity_per_query == 5_000_000
    assert Limits.of(plan, token, concurrency=3).concurrency == 3


def test_unknown_plan_is_refused() -> None:
    with pytest.raises(ValueError, match="gold"):
        Limits.of("gold")


def test_default_is_that_of_enterprise_without_what_hinders_tests() -> None:
    documented = Limits.of("enterprise", "personal", requests_per_address=None, fields_per_minute={})
    assert documented == Limits()


@pytest.mark.parametrize("plan", PLANS)
def test_account_tells_its_plan(plan: str) -> None:
    query = "{ account { tier is_during_trial plan { tier } } me { account { tier } } platform_api { daily_limit { base } } }"
    told = simulated(limits=Limits.of(plan)).data(query)
    tier = "pro" if plan == "trial" else plan
    assert told["account"] == {"tier": tier, "is_during_trial": plan == "trial", "plan": {"tier": tier}}
    assert told["me"]["account"] == {"tier": tier}
    assert told["platform_api"]["daily_limit"]["base"] == CALLS.get(plan, 1_000)
