"""Recorded refusals of the real service: the simulator says the same, word for word."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from monday_simulator import Simulator, VirtualClock

RECORDINGS = Path(__file__).resolve().parents[2].parent / "shared" / "monday" / "recorded.jsonl"
NOT_SIMULATED = frozenset({"archive_group", "duplicate_item", "delete_board", "update_group", "delete_group"})

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not RECORDINGS.exists(), reason="the recordings are not beside the repository"),
]


def refusals() -> list[dict[str, Any]]:
    """Recordings with errors, in the envelope of 2025 and later, of operations that are simulated."""
    if not RECORDINGS.exists():
        return []
    lines = RECORDINGS.read_text(encoding="utf-8").splitlines()
    recorded = [json.loads(line) for line in lines]
    return [
        each
        for each in recorded
        if '"errors"' in each["body"] and " 2025 " in each["recorded_at"] and each["operation"] not in NOT_SIMULATED
    ]


def comparable(body: Any) -> Any:
    """Without the request id, and without positions: the service prints a document anew before it runs it."""
    errors = [{**error, "locations": "locations" in error} for error in body["errors"]]
    return {**body, "errors": errors, "extensions": sorted(body.get("extensions", {}))}


@pytest.mark.parametrize("recorded", refusals(), ids=lambda each: f"{each['operation']}-{each['status']}")
def test_refusal_is_the_recorded_one(recorded: dict[str, Any]) -> None:
    headers = {"Authorization": "a-token"} if recorded["authorized"] else {}
    body = json.dumps(recorded["request"]).encode()
    answer = Simulator(clock=VirtualClock()).handle("POST", "/v2", headers, body)
    assert answer.status == recorded["status"]
    assert comparable(answer.json()) == comparable(json.loads(recorded["body"]))
