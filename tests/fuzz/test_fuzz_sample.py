"""A sample of the fuzz: requests that Hypothesis makes of the schema, and bodies too large to make many of.

Always the same sample: new requests are the long run's task, `python dev.py fuzz`.
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.fuzz import sessions
from tests.fuzz.account import BOARD, simulated
from tests.fuzz.choices import Drawn, Seeded
from tests.fuzz.invariants import check_account, snapshot
from tests.fuzz.play import play
from tests.fuzz.requests import API, JSON_TYPE, Request

from monday_simulator import Rule

HEADERS = {"Authorization": "a-token", "Content-Type": JSON_TYPE}
HUGE = 10_000_001


@st.composite
def whole_sessions(draw: Any) -> tuple[list[Request], tuple[Rule, ...]]:
    choices = Drawn(draw)
    return sessions.requests(choices), sessions.faults(choices)


@pytest.mark.slow
@settings(max_examples=300, derandomize=True, suppress_health_check=list(HealthCheck))
@given(whole_sessions())
def test_whatever_is_sent_is_answered_in_a_known_form(session: tuple[list[Request], tuple[Rule, ...]]) -> None:
    sessions.run(*session)


@pytest.mark.slow
def test_what_a_state_file_keeps_is_what_was_in_memory(tmp_path: Path) -> None:
    for at in range(30):
        state = tmp_path / f"{at}.db"
        with simulated(state=state) as simulator:
            play(simulator, sessions.requests(Seeded(f"state/{at}")))
            kept = snapshot(simulator.store)
        with simulated(state=state) as again:
            assert snapshot(again.store) == kept
            check_account(again.store)


def padded(length: int) -> bytes:
    return json.dumps({"query": "{ me { id } }", "padding": "x" * length}).encode()


@pytest.mark.parametrize(
    ("body", "more"),
    [
        (padded(HUGE), {}),
        (b"[" * HUGE, {}),
        (b"\x00" * HUGE, {}),
        (b'{"query":"' + b"{" * 9_000_000 + b'"}', {}),
        (b'{"query":"#' + b"x" * 9_000_000 + b'"}', {}),
        (b'{"query":"' + b"#\\n" * 2_000_000 + b'{ me { id } }"}', {}),
        (json.dumps({"query": '{ me { id } } "' + "x" * 5_000_000}).encode(), {}),
        (b'{"variables":' + b'{"a":' * 1_000_000, {}),
        (b'{"query":"{ me { id } }","variables":{"a":' + b"9" * 1_000_000 + b"}}", {}),
        (gzip.compress(padded(60_000_000)), {"Content-Encoding": "gzip"}),
        (gzip.compress(b"x" * 100) * 100_000, {"Content-Encoding": "gzip"}),
        (b"a=b&" * 2_000_000, {"Content-Type": "application/x-www-form-urlencoded"}),
        (b"--b\r\n\r\n" * 1_000_000, {"Content-Type": "multipart/form-data; boundary=b"}),
    ],
    ids=lambda each: "" if isinstance(each, bytes) else "-".join(each.values()),
)  # fmt: skip
def test_bodies_beyond_all_measure_are_answered(body: bytes, more: dict[str, str]) -> None:
    with simulated() as simulator:
        play(simulator, [Request("POST", API, {**HEADERS, **more}, body)])


def asked(query: str, **variables: object) -> Request:
    return Request("POST", API, HEADERS, json.dumps({"query": query, "variables": variables}).encode())


MANY = 5_000


@pytest.mark.parametrize(
    "query",
    [
        "{ " + " ".join(f"a{at}: me {{ id }}" for at in range(MANY)) + " }",
        "{ me { " + "id " * MANY + "} }",
        "{ me { " + "...f " * MANY + "} } fragment f on User { id }",
        "{ " + "... on Query { " * 200 + "me { id }" + " }" * 200 + " }",
        "{ items { " + "parent_item { " * 200 + "id" + " }" * 200 + " } }",
        "mutation { " + " ".join(f'a{at}: create_item(board_id: {BOARD}, item_name: "x") {{ id }}' for at in range(200)) + " }",
        "query (" + ", ".join(f"$v{at}: Int" for at in range(MANY)) + ") { me { id } }",
        "{ items(ids: [" + "1, " * MANY + "]) { id } }",
        "{ boards { items_page(query_params: {rules: [" + '{column_id: "name", compare_value: [1]}, ' * 300 + "]}) { cursor } } }",
    ],
    ids=range(9),
)  # fmt: skip
def test_documents_beyond_all_measure_are_answered(query: str) -> None:
    with simulated() as simulator:
        play(simulator, [asked(query)])
