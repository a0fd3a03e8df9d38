"""Recorded traffic of the real service: the simulator answers in the same shape, and refuses word for word."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from tests.conformance.recordings import (
    AGREED,
    DIFFERENT,
    EXPLAINED,
    NOT_SIMULATED,
    OFFICIAL,
    RECORDED,
    Replay,
    load,
    main,
    official_schema,
    replay,
    share,
    table,
)
from tests.conformance.shapes import shape_differences

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not RECORDED.exists(), reason="the recordings are not beside the repository"),
]
AGREE_AT_LEAST = 0.95


@pytest.fixture(scope="module")
def judging() -> Replay:
    return Replay(official_schema(OFFICIAL))


def recordings() -> list[dict[str, Any]]:
    return load(RECORDED) if RECORDED.exists() else []


def test_recordings_agree() -> None:
    verdicts = replay(recordings())
    print(table(verdicts))  # noqa: T201 - the table is the result
    assert len(verdicts) > 100
    assert share(verdicts) >= AGREE_AT_LEAST
    assert [each for each in verdicts if each.kind == DIFFERENT] == []


def refusals() -> list[dict[str, Any]]:
    return [each for each in recordings() if '"errors"' in each["body"]]


def comparable(body: Any) -> Any:
    """Without the request id, and without positions: the service prints a document anew before it runs it."""
    if "extensions" not in body:
        return body
    errors = [{**error, "locations": "locations" in error} for error in body["errors"]]
    return {**body, "errors": errors, "extensions": sorted(body["extensions"])}


@pytest.mark.parametrize("recorded", refusals(), ids=lambda each: f"{each['operation']}-{each['status']}")
def test_refusal_is_the_recorded_one(judging: Replay, recorded: dict[str, Any]) -> None:
    status, body = judging.answer(recorded)
    assert status == recorded["status"]
    assert comparable(body) == comparable(json.loads(recorded["body"]))


# the judge itself


def altered(operation: str, change: Any) -> dict[str, Any]:
    """A recording of the operation whose answer was another one."""
    found = next(each for each in recordings() if each["operation"] == operation and each["status"] == 200)
    recorded = copy.deepcopy(found)
    body = json.loads(recorded["body"])
    change(body)
    recorded["body"] = json.dumps(body)
    return recorded


@pytest.mark.parametrize(
    ("operation", "change"),
    [
        ("create_item", lambda body: body["data"]["create_item"].pop("name")),
        ("create_item", lambda body: body["data"]["create_item"].update(more=1)),
        ("create_item", lambda body: body["data"]["create_item"].update(name=1)),
        ("create_item", lambda body: body["data"].update(create_item=None)),
        ("create_item", lambda body: body.update(extensions={})),
        ("create_item", lambda body: body.update(account_id=1)),
        ("boards", lambda body: body["data"]["boards"][0]["items_page"].pop("cursor")),
        ("archive_group", lambda body: body["errors"][0]["extensions"].update(code="Other")),
        ("archive_group", lambda body: body["errors"][0].pop("path")),
    ],
)
def test_another_answer_is_seen(judging: Replay, operation: str, change: Any) -> None:
    assert judging.judge(altered(operation, change)).kind == DIFFERENT


def test_another_status_is_seen(judging: Replay) -> None:
    assert judging.judge({**altered("create_item", lambda body: body), "status": 500}).kind == DIFFERENT


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ("query{users{id is_guest}}", EXPLAINED),
        ("query{items{id description{id}}}", NOT_SIMULATED),
        ("query{items{id}}", DIFFERENT),
    ],
)
def test_a_difference_has_its_reason(judging: Replay, query: str, kind: str) -> None:
    recorded = {**altered("items", lambda body: body), "request": {"query": query}, "body": '{"data":{"users":1}}'}
    assert judging.judge(recorded).kind == kind


@pytest.mark.parametrize(
    ("recorded", "simulated", "differs"),
    [
        ([{"a": 1}, {"a": None}], [{"a": 2}], False),
        ([{"a": 1}], [], True),
        ([{"a": 1}], [{"a": 1}, {"b": 1}], True),
        ([{"a": 1}, {"b": 1}], [{"a": 1}], True),
        ({"a": True}, {"a": 1}, True),
        ({"a": None}, {"a": "x"}, False),
        ({"a": None}, {"a": {}}, True),
    ],
)
def test_shapes_are_compared_through_lists(recorded: Any, simulated: Any, differs: bool) -> None:
    assert bool(list(shape_differences({"data": recorded}, {"data": simulated}))) is differs


def test_command_prints_the_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    some = tmp_path / "some.jsonl"
    wrong = altered("create_item", lambda body: body.clear())
    some.write_text("".join(json.dumps(each) + "\n" for each in [*recordings()[:4], wrong]), encoding="utf-8")
    assert main([str(some), "--verbose"]) == 1
    told = capsys.readouterr().out
    assert "80.0% of 5 agreed" in told
    assert "different: create_item" in told
    assert AGREED in told
