"""Scripted faults: what each does, and that a script always does the same."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from simulator_client import BOARD, Client, code_of, simulated

from monday_simulator import VirtualClock, load_faults
from monday_simulator.gateway.faults import FaultError, FaultScript

CREATE = f'mutation {{ create_item(board_id: {BOARD}, item_name: "x") {{ id }} }}'
READ = "{ me { id } }"


def faulty(*rules: dict[str, Any], **settings: Any) -> Client:
    return simulated(faults=load_faults(list(rules)), **settings)


@pytest.mark.parametrize(
    ("kind", "applied", "whole"),
    [("reset_before", False, True), ("lost_after", True, True), ("half_answer", True, False)],
)
def test_dropped_connection_says_whether_it_was_applied(kind: str, applied: bool, whole: bool) -> None:
    client = faulty({"on": "create_item", "nth": 1, "kind": kind})
    dropped = client.drop(CREATE)
    assert (dropped.applied, dropped.kind) == (applied, kind)
    assert (dropped.partial is None) is whole
    assert client.names() == (["x"] if applied else [])
    client.data(CREATE)


@pytest.mark.parametrize(
    ("kind", "status", "applied"),
    [
        ("error_500_before", 500, False),
        ("error_500_after", 500, True),
        ("html_502_after", 502, True),
        ("throttle_429", 429, False),
        ("locked_423", 423, False),
    ],
)
def test_answer_of_a_fault_and_its_effect(kind: str, status: int, applied: bool) -> None:
    client = faulty({"on": "create_item", "nth": 1, "kind": kind})
    assert client.send(CREATE).status == status
    assert client.names() == (["x"] if applied else [])


def test_500_has_its_code_under_error_code() -> None:
    body = faulty({"on": "any", "nth": 1, "kind": "error_500_before"}).ask(CREATE)
    assert (body["status_code"], body["error_code"]) == (500, "INTERNAL_SERVER_ERROR")
    assert body["errors"][0]["extensions"] == {"status_code": 500, "error_code": "INTERNAL_SERVER_ERROR"}


def test_502_is_html() -> None:
    answer = faulty({"on": "any", "nth": 1, "kind": "html_502_after"}).send(READ)
    assert answer.headers["Content-Type"].startswith("text/html")
    assert answer.body.startswith(b"<html>")


def test_throttle_has_its_wait_in_body_and_header() -> None:
    client = faulty(
        {"on": "read", "nth": 1, "kind": "throttle_429", "retry_in_seconds": 7},
        {"on": "read", "nth": 2, "kind": "throttle_429", "code": "MINUTE_RATE_LIMIT_EXCEEDED"},
    )
    answer = client.send(READ)
    assert answer.headers["Retry-After"] == "7"
    assert answer.json()["errors"][0]["extensions"]["retry_in_seconds"] == 7
    assert code_of(client.ask(READ)) == "MINUTE_RATE_LIMIT_EXCEEDED"


def test_bad_alias_fails_alone() -> None:
    client = faulty({"on": "create_item", "nth": 1, "kind": "bad_alias", "alias": 1})
    aliases = " ".join(f"a{at}: {CREATE[10:-1]}" for at in range(3))
    answer = client.ask(f"mutation {{ complexity {{ after }} {aliases} }}")
    assert [answer["data"][f"a{at}"] is None for at in range(3)] == [False, True, False]
    assert code_of(answer) == "ColumnValueException"
    assert len(client.names()) == 2


def test_late_apply_happens_after_the_client_gave_up() -> None:
    clock = VirtualClock()
    client = faulty({"on": "create_item", "nth": 1, "kind": "late_apply", "after_seconds": 30}, clock=clock)
    dropped = client.drop(CREATE, Idempotency_Key="k")
    assert not dropped.applied
    clock.advance(timedelta(seconds=29))
    assert client.names() == []
    assert client.send(CREATE, Idempotency_Key="k").status == 409
    clock.advance(timedelta(seconds=1))
    assert client.names() == ["x"]
    assert client.send(CREATE, Idempotency_Key="k").headers["Idempotency-Replayed"] == "true"
    late = [record for record in client.simulator.wire_log if record.late]
    assert [(record.seq, record.applied, len(record.made)) for record in late] == [(1, True, 1)]


@pytest.mark.parametrize(
    ("rule", "hits"),
    [
        ({"nth": 3}, [3]),
        ({"nth": 3, "times": 2}, [3, 4]),
        ({"every": 4}, [4, 8]),
        ({"every": 4, "times": 1}, [4]),
        ({"share": 1.0, "times": 2}, [1, 2]),
        ({"share": 0.0}, []),
    ],
)
def test_rule_fires_when_it_is_due(rule: dict[str, Any], hits: list[int]) -> None:
    script = FaultScript(load_faults([{"kind": "reset_before", **rule}]))
    assert [at for at in range(1, 10) if script.pick(["create_item"], writes=True)] == hits


def test_rule_counts_only_what_it_is_for() -> None:
    client = faulty({"on": "create_group", "nth": 1, "kind": "error_500_before"})
    assert client.send(CREATE).status == 200
    assert client.send(READ).status == 200
    assert client.send(f'mutation {{ create_group(board_id: {BOARD}, group_name: "g") {{ id }} }}').status == 500


def test_share_is_the_same_for_the_same_seed() -> None:
    def hits(seed: int) -> list[bool]:
        script = FaultScript(load_faults([{"kind": "lost_after", "share": 0.2, "seed": seed}]))
        return [script.pick([], writes=False) is not None for _ in range(200)]

    assert hits(7) == hits(7)
    assert hits(7) != hits(8)
    assert 20 < sum(hits(7)) < 60


@pytest.mark.parametrize(
    "rules",
    [
        '[{"kind": "explode", "nth": 1}]',
        '[{"kind": "lost_after"}]',
        '[{"kind": "lost_after", "nth": 1, "every": 2}]',
        '[{"kind": "lost_after", "nth": 0}]',
        '[{"kind": "lost_after", "share": 2}]',
        '[{"kind": "lost_after", "nth": 1, "colour": "red"}]',
        '[{"kind": "lost_after", "nth": 1, "retry_in_seconds": 9}]',
        '[{"kind": "half_answer", "nth": 1, "at_byte": 1, "at_share": 0.1}]',
        '[{"kind": "half_answer", "nth": 1, "at_byte": -1}]',
        '[{"kind": "reset_unread", "nth": 1, "on": "create_item"}]',
        '[{"kind": "reset_unread", "nth": 1, "board": "5"}]',
        '{"kind": "lost_after", "nth": 1}',
        "[",
        "[5]",
        "lost_after",
        "lost_after nth",
        "lost_after nth=one",
        "lost_after text='open nth=1",
    ],
)
def test_script_that_cannot_be_followed_is_refused(rules: str) -> None:
    with pytest.raises(FaultError):
        load_faults(rules)


def test_every_wrong_rule_is_named() -> None:
    script = """
        lost_after nth=1          # right
        explode nth=1
        half_answer share=2
        lost_after nth=1 colour=red
    """
    with pytest.raises(FaultError) as caught:
        load_faults(script)
    told = str(caught.value).split("; ")
    assert [each.split(":")[0] for each in told] == ["rule 2", "rule 3", "rule 4"]
    assert "explode" in told[0]
    assert "share must be between 0 and 1" in told[1]
    assert "colour" in told[2]


def test_lines_and_json_say_the_same() -> None:
    lines = "late_apply on=create_item nth=3 after_seconds=2.5\n\nbad_alias every=7 code='Some Code' alias=2 # why"
    spelled = [
        {"kind": "late_apply", "on": "create_item", "nth": 3, "after_seconds": 2.5},
        {"kind": "bad_alias", "every": 7, "code": "Some Code", "alias": 2},
    ]
    assert load_faults(lines) == load_faults(json.dumps(spelled)) == load_faults(spelled)


def test_script_can_be_a_file(tmp_path: Path) -> None:
    file = tmp_path / "faults.json"
    file.write_text('[{"on": "create_item", "every": 10, "kind": "html_502_after"}]', encoding="utf-8")
    assert load_faults(file)[0].every == 10


@pytest.mark.parametrize("written", ["in the document", "in a variable"])
def test_a_text_says_which_field_of_a_batch_is_meant(written: str) -> None:
    client = faulty({"text": "ORDER-7", "every": 1, "kind": "bad_alias"})
    inner = '"ORDER-7"' if written == "in the document" else "$n"
    fields = (f"{at}: create_item(board_id: {BOARD}, item_name: {name}) {{ id }}" for at, name in
              (("a", '"x"'), ("b", inner), ("c", '"y"')))  # fmt: skip
    answer = client.ask(
        f"mutation {'($n: String!)' if inner == '$n' else ''} {{ {' '.join(fields)} }}", {"n": "ORDER-7"}
    )
    assert [key for key, value in answer["data"].items() if value is None] == ["b"]
    assert client.names() == ["x", "y"]


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        (
            {"kind": "lost_after", "on": "create_itm", "nth": 1},
            "create_itm is no root field, did you mean create_item?",
        ),
        ({"kind": "late_apply", "on": "read", "nth": 1}, "late_apply is for mutations only"),
    ],
)
def test_a_rule_that_could_never_fire_is_refused(rule: dict[str, Any], says: str) -> None:
    with pytest.raises(FaultError, match=says):
        FaultScript(load_faults([rule]))
