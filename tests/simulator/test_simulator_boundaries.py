"""Each boundary at which a request can go wrong: what the client sees, what the board holds, what the log says."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from simulator_client import BOARD, Client, code_of, simulated

from monday_simulator import ConnectionDropped, VirtualClock, load_faults
from monday_simulator.gateway.faults import Kind, Rule
from monday_simulator.gateway.wire import WireRecord

CREATE = f'mutation {{ create_item(board_id: {BOARD}, item_name: "x") {{ id }} }}'
THREE = "mutation { " + " ".join(f"a{at}: {CREATE[10:-1]}" for at in range(3)) + " }"


def faulty(kind: str, **more: Any) -> Client:
    return simulated(faults=load_faults([{"on": "write", "nth": 1, "kind": kind, **more}]))


def records(client: Client) -> list[WireRecord]:
    return [record for record in client.simulator.wire_log if record.operation != "query"]


@pytest.mark.parametrize(
    ("kind", "status", "code", "applied", "outcome"),
    [
        ("error_200_before", 200, "INTERNAL_SERVER_ERROR", False, "with_errors"),
        ("error_200_after", 200, "INTERNAL_SERVER_ERROR", True, "with_errors"),
        ("html_502_before", 502, "BAD_GATEWAY", False, "failed"),
        ("gateway_504_before", 504, "GATEWAY_TIMEOUT", False, "failed"),
        ("gateway_504_after", 504, "GATEWAY_TIMEOUT", True, "failed"),
        ("throttle_200", 200, "ComplexityException", False, "with_errors"),
        ("throttle_429", 429, "COMPLEXITY_BUDGET_EXHAUSTED", False, "refused"),
        ("locked_423", 423, "RESOURCE_LOCKED", False, "refused"),
    ],
)
def test_answer_and_effect_of(kind: str, status: int, code: str, applied: bool, outcome: str) -> None:
    client = faulty(kind)
    assert client.send(CREATE).status == status
    assert client.names() == (["x"] if applied else [])
    record = records(client)[0]
    assert (record.fault, record.status, record.code, record.applied) == (kind, status, code, applied)
    assert record.outcome == outcome


def test_500_inside_200_has_no_data_and_an_empty_path() -> None:
    body = faulty("error_200_after").ask(CREATE)
    assert body["data"] is None
    assert body["errors"][0]["path"] == []
    assert body["errors"][0]["extensions"]["error_code"] == "INTERNAL_SERVER_ERROR"


def test_throttles_come_in_every_form_that_is_known() -> None:
    old = faulty("throttle_200").ask(CREATE)
    assert (old["error_code"], old["status_code"], type(old["errors"][0])) == ("ComplexityException", 429, str)
    blocked = faulty("throttle_200", code="API_TEMPORARILY_BLOCKED").ask(CREATE)
    assert code_of(blocked) == "API_TEMPORARILY_BLOCKED"
    bulk = faulty("throttle_429", code="RATE_LIMIT_EXCEEDED", retry_in_seconds=3).ask(CREATE)
    assert bulk["errors"][0]["extensions"] == {"code": "RATE_LIMIT_EXCEEDED", "retryAfterMs": 3000}


def test_field_over_its_own_limit_is_null_while_the_others_are_applied() -> None:
    client = faulty("throttle_field", alias=1, retry_in_seconds=15)
    answer = client.ask(THREE)
    assert [answer["data"][f"a{at}"] is None for at in range(3)] == [False, True, False]
    extensions = answer["errors"][0]["extensions"]
    assert (extensions["code"], extensions["status_code"]) == ("FIELD_LIMIT_EXCEEDED", 429)
    assert extensions["retry_in_seconds"] == 15
    assert len(client.names()) == 2


def test_throttled_subgraph_hides_what_was_applied() -> None:
    client = faulty("throttle_subgraph")
    answer = client.ask(CREATE.replace("{ id }", "{ id group { id } }"))
    assert answer["data"]["create_item"]["group"] is None
    assert answer["errors"][0]["path"] == ["create_item", "group"]
    assert code_of(answer) == "tooManyRequests"
    assert client.names() == ["x"]


def test_throttled_subgraph_does_nothing_to_a_selection_of_ids() -> None:
    assert "errors" not in faulty("throttle_subgraph").ask(CREATE)


def test_missing_alias_was_applied_and_is_told_by_nothing() -> None:
    client = faulty("missing_alias", alias=2)
    answer = client.ask(THREE)
    assert list(answer["data"]) == ["a0", "a1"]
    assert "errors" not in answer
    assert len(client.names()) == 3


def test_wrong_json_is_a_body_that_cannot_be_read_or_another_one() -> None:
    client = faulty("wrong_json")
    with pytest.raises(msgspec.DecodeError):
        client.ask(CREATE)
    assert client.names() == ["x"]
    assert faulty("wrong_json", body="[]").ask(CREATE) == []


@pytest.mark.parametrize(("more", "share"), [({}, 0.5), ({"at_share": 0.9}, 0.9), ({"at_byte": 7}, None)])
def test_half_answer_is_cut_where_the_rule_says(more: dict[str, Any], share: float | None) -> None:
    client = faulty("half_answer", **more)
    dropped = client.drop(CREATE)
    assert dropped.partial is not None
    assert dropped.arrived == (7 if share is None else int(len(dropped.partial.body) * share))
    record = records(client)[0]
    assert (record.outcome, record.status, record.bytes_out) == ("cut", None, dropped.arrived)


def test_half_answer_is_never_whole() -> None:
    assert Rule(Kind.HALF_ANSWER, nth=1, at_byte=10_000).cut(100) == 99
    assert Rule(Kind.HALF_ANSWER, nth=1, at_share=1).cut(100) == 99
    assert Rule(Kind.HALF_ANSWER, nth=1).cut(0) == 0


def test_slow_answer_takes_its_time_in_process_too() -> None:
    clock = VirtualClock()
    client = simulated(clock=clock, faults=load_faults("slow_answer over_seconds=12 nth=1"))
    assert "errors" not in client.ask(CREATE)
    assert clock.monotonic() == 12


def test_request_that_is_never_read_is_known_by_its_headers_alone() -> None:
    client = simulated(faults=load_faults("reset_unread key=k nth=1"))
    client.data(CREATE)
    dropped = client.drop(CREATE, Idempotency_Key="k")
    assert (dropped.applied, dropped.kind) == (False, "reset_unread")
    unread = list(client.simulator.wire_log)[-1]
    assert (unread.operation, unread.bytes_in, unread.outcome, unread.seq) == (None, 0, "lost", 2)
    client.data(CREATE, Idempotency_Key="k")
    assert client.simulator.meter.in_flight == 0


def test_second_delivery_applies_the_request_twice() -> None:
    client = faulty("duplicate")
    made = client.data(CREATE)["create_item"]["id"]
    assert client.names() == ["x", "x"]
    first, second = records(client)
    assert (first.status, first.outcome, second.status) == (None, "lost", 200)
    assert (first.fault, second.fault) == ("duplicate", "duplicate")
    assert second.made == (made,)
    assert first.request_id != second.request_id


def test_second_delivery_under_a_key_is_a_replay() -> None:
    client = faulty("duplicate")
    answer = client.send(CREATE, Idempotency_Key="k")
    assert answer.headers["Idempotency-Replayed"] == "true"
    assert client.names() == ["x"]
    assert [record.outcome for record in records(client)] == ["lost", "replayed"]


@pytest.mark.parametrize(("key", "names"), [({}, ["x", "x"]), ({"Idempotency_Key": "k"}, ["x"])])
def test_second_delivery_may_come_long_after_the_answer(key: dict[str, str], names: list[str]) -> None:
    clock = VirtualClock()
    client = simulated(clock=clock, faults=load_faults("duplicate on=create_item nth=1 after_seconds=60"))
    assert client.send(CREATE, **key).status == 200
    clock.advance(timedelta(seconds=59))
    assert client.names() == ["x"]
    clock.advance(timedelta(seconds=1))
    assert client.names() == names


def test_key_that_has_run_out_does_not_stop_a_late_second_delivery() -> None:
    clock = VirtualClock()
    client = simulated(clock=clock, faults=load_faults("duplicate on=create_item nth=1 after_seconds=1801"))
    client.data(CREATE, Idempotency_Key="k")
    clock.advance(timedelta(seconds=1801))
    assert client.names() == ["x", "x"]


def test_refused_request_is_not_delivered_again() -> None:
    client = faulty("duplicate")
    client.ask('mutation { create_item(board_id: 1, item_name: "x") { id } }')
    assert len(records(client)) == 1


def test_rule_may_be_for_a_board_a_text_or_a_key() -> None:
    script = "\n".join(
        [
            "error_500_before board=1 every=1",
            "locked_423 text=NEEDLE every=1",
            "html_502_before key=k-7 every=1",
            f"throttle_429 on=read board={BOARD} nth=1",
        ]
    )
    client = simulated(faults=load_faults(script))
    assert client.send('mutation { create_item(board_id: 1, item_name: "x") { id } }').status == 500
    assert client.send(CREATE).status == 200
    named = f"mutation ($n: String!) {{ create_item(board_id: {BOARD}, item_name: $n) {{ id }} }}"
    assert client.send(named, {"n": "a NEEDLE b"}).status == 423
    assert client.send(CREATE.replace("x", "NEEDLE")).status == 423
    assert client.send(CREATE, Idempotency_Key="k-7").status == 502
    assert client.send("{ me { id } }").status == 200
    assert client.send(f"{{ boards(ids: [{BOARD}]) {{ id }} }}").status == 429


def test_item_that_is_named_stands_for_its_board() -> None:
    client = simulated(faults=load_faults(f"error_500_before on=delete_item board={BOARD} every=1"))
    item = client.created("x")
    by_variable = "mutation ($i: ID!) { delete_item(item_id: $i) { id } }"
    assert client.send(by_variable, {"i": item}).status == 500
    assert client.send(by_variable, {"i": "17"}).status == 200


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_can_be_met_and_leaves_the_simulator_well(kind: Kind) -> None:
    client = simulated(faults=[Rule(kind, nth=1)])
    with suppress(ConnectionDropped):
        client.send(CREATE)
    assert client.simulator.faults.told()[0]["fired"] == 1
    assert client.simulator.meter.in_flight == 0
    client.data(CREATE)


def test_rules_are_told_with_their_counters() -> None:
    client = simulated(faults=load_faults("error_500_before on=create_item nth=2 times=3"))
    for _ in range(3):
        client.ask(CREATE)
    assert client.simulator.faults.told() == [
        {"kind": "error_500_before", "on": "create_item", "nth": 2, "times": 3, "seen": 3, "fired": 2, "left": 1}
    ]
    client.simulator.faults.replace(())
    assert client.send(CREATE).status == 200


def test_replayed_answer_is_whole_although_the_first_one_was_not() -> None:
    client = faulty("missing_alias")
    assert client.ask(CREATE, Idempotency_Key="k")["data"] == {}
    assert json.loads(client.send(CREATE, Idempotency_Key="k").body)["data"]["create_item"]["id"]
