"""The Idempotency-Key window of the simulator."""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from typing import Any

import pytest
from simulator_client import BOARD, Client, code_of, simulated

from monday_simulator import Latency, Limits, SystemClock, VirtualClock, load_faults

CREATE = f'mutation {{ create_item(board_id: {BOARD}, item_name: "x") {{ id }} }}'


def send(client: Client, key: str = "k") -> tuple[int, str | None, bytes]:
    answer = client.send(CREATE, Idempotency_Key=key)
    return answer.status, answer.headers.get("Idempotency-Replayed"), answer.body


def test_repeated_request_gets_the_first_answer_and_changes_nothing() -> None:
    client = simulated()
    _, replayed, first = send(client)
    assert replayed is None
    assert send(client) == (200, "true", first)
    assert client.names() == ["x"]
    assert send(client, "another")[1] is None


def test_key_is_free_again_after_its_window() -> None:
    clock = VirtualClock()
    client = simulated(clock=clock)
    send(client)
    clock.advance(timedelta(minutes=29, seconds=59))
    assert send(client)[1] == "true"
    clock.advance(timedelta(seconds=1))
    assert send(client)[1] is None
    assert client.names() == ["x", "x"]


def test_key_on_a_query_means_nothing() -> None:
    client = simulated()
    query = f"{{ boards(ids: {BOARD}) {{ items_count }} }}"
    client.send(query, Idempotency_Key="k")
    send(client, "other")
    assert client.ask(query, Idempotency_Key="k")["data"]["boards"][0]["items_count"] == 1


def test_throttled_request_leaves_its_key_free() -> None:
    client = simulated(limits=Limits(complexity_per_minute=30_001))
    send(client, "first")
    assert send(client)[0] == 429
    client.simulator.clock.sleep(timedelta(minutes=1))
    assert send(client)[:2] == (200, None)


def test_lost_answer_is_replayed_with_its_key() -> None:
    client = simulated(faults=load_faults([{"on": "create_item", "nth": 1, "kind": "lost_after"}]))
    assert client.drop(CREATE, Idempotency_Key="k").applied
    assert send(client)[1] == "true"
    assert client.names() == ["x"]


def test_500_of_the_service_itself_is_not_kept() -> None:
    client = simulated(faults=load_faults([{"on": "create_item", "nth": 1, "kind": "error_500_after"}]))
    assert send(client)[0] == 500
    assert send(client)[1] is None
    assert client.names() == ["x", "x"]


def test_other_body_under_the_same_key_is_replayed_and_recorded() -> None:
    client = simulated()
    first = client.send(CREATE, Idempotency_Key="k")
    other = client.send(CREATE.replace('"x"', '"y"'), Idempotency_Key="k")
    assert other.body == first.body
    assert list(client.simulator.wire_log)[-1].other_body


def test_key_of_a_running_request_conflicts() -> None:
    clock = _Held()
    client = simulated(clock=clock)
    worker = threading.Thread(target=send, args=(client,))
    worker.start()
    try:
        assert clock.waiting.wait(10)
        answer = Client(client.simulator).send(CREATE, Idempotency_Key="k")
    finally:
        clock.go_on.set()
        worker.join(10)
    assert (answer.status, code_of(answer.json())) == (409, "IDEMPOTENCY_CONFLICT")
    assert answer.headers["Retry-After"] == "5"
    assert client.names() == ["x"]


class _Held(SystemClock):
    """Holds the first request in its server time until it is let go."""

    def __init__(self) -> None:
        self.waiting = threading.Event()
        self.go_on = threading.Event()

    def sleep(self, wait: timedelta) -> None:
        self.waiting.set()
        assert self.go_on.wait(10)


BAD = f'mutation {{ create_item(board_id: {BOARD}, item_name: "") {{ id }} }}'


@pytest.mark.parametrize(
    ("keeps", "error", "failure"), [("successes", None, None), ("answers", "true", None), ("all", "true", "true")]
)
def test_which_answers_are_kept_is_a_setting(keeps: Any, error: str | None, failure: str | None) -> None:
    limits = Limits(idempotency_keeps=keeps, server_timeout=timedelta(seconds=1))
    client = simulated(limits=limits, latency=Latency(per_mutation_ms=400))
    for document, expected in [(CREATE, "true"), (BAD, error), (f"mutation {{ {' '.join(ALIASES)} }}", failure)]:
        first = client.send(document, Idempotency_Key=document)
        again = client.send(document, Idempotency_Key=document)
        assert (again.status, again.headers.get("Idempotency-Replayed")) == (first.status, expected)
    assert len(client.names()) == 1 + (2 if failure else 4)


ALIASES = [f"a{at}: {CREATE[10:-1]}" for at in range(3)]


def test_keys_belong_to_a_token() -> None:
    simulator = simulated().simulator
    body = json.dumps({"query": CREATE}).encode()

    def sent(token: str) -> str | None:
        headers = {"Authorization": token, "Idempotency-Key": "k"}
        return simulator.handle("POST", "/v2", headers, body).headers.get("Idempotency-Replayed")

    assert [sent("one"), sent("other"), sent("Bearer one")] == [None, None, "true"]


def test_replay_has_the_request_of_the_first_and_the_limits_of_now() -> None:
    client = simulated()
    first = client.send(CREATE, Idempotency_Key="k")
    again = client.send(CREATE, Idempotency_Key="k")
    assert again.headers["X-Request-Id"] == first.headers["X-Request-Id"]
    assert again.headers["API-Version"] == first.headers["API-Version"]
    assert first.headers["RateLimit"].startswith('"minuteRate";r=4999')
    assert again.headers["RateLimit"].startswith('"minuteRate";r=4998')


def test_answer_that_is_too_long_is_not_kept() -> None:
    short = len(simulated().send(CREATE, Idempotency_Key="k").body)
    for longest, replayed in [(short, "true"), (short - 1, None)]:
        client = simulated(limits=Limits(idempotency_answer=longest))
        send(client)
        assert send(client)[1] == replayed


def test_memory_of_a_token_is_full_until_answers_expire() -> None:
    short = len(simulated().send(CREATE, Idempotency_Key="k").body)
    client = simulated(limits=Limits(idempotency_memory=2 * short))
    for key in "abc":
        send(client, key)
    assert [send(client, key)[1] for key in "abc"] == ["true", "true", None]
    client.simulator.clock.sleep(timedelta(minutes=30))
    send(client, "d")
    assert send(client, "d")[1] == "true"


def test_window_begins_with_the_answer() -> None:
    client = simulated(latency=Latency(per_mutation_ms=20_000))
    send(client)
    client.simulator.clock.sleep(timedelta(minutes=29, seconds=59))
    assert send(client)[1] == "true"
    client.simulator.clock.sleep(timedelta(seconds=1))
    assert send(client)[1] is None
