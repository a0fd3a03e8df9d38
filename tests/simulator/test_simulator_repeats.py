"""Same seed, same requests: the same wire log to the byte, as often as one likes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import suppress
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from simulator_client import BOARD, SEED, TOKEN

from monday_simulator import ConnectionDropped, Latency, Limits, Seed, Simulator, VirtualClock, load_faults, load_seed
from monday_simulator.api.documents import Documents
from monday_simulator.api.schema import executable_schema

RUNS = 1_000
CREATE = (
    "mutation ($name: String!, $values: JSON) { create_item(board_id: BOARD, item_name: $name,"
    " column_values: $values, create_labels_if_missing: true) { id } complexity { query after } }"
).replace("BOARD", BOARD)
TWO = (
    "mutation ($name: String!, $item: ID!) { a: create_subitem(parent_item_id: $item, item_name: $name) { id }"
    ' b: change_simple_column_value(board_id: BOARD, item_id: $item, column_id: "text_mkkey", value: $name) { id } }'
).replace("BOARD", BOARD)
GROUP = "mutation ($name: String!) { create_group(board_id: BOARD, group_name: $name) { id } }".replace("BOARD", BOARD)
DELETE = "mutation ($item: ID!) { delete_item(item_id: $item) { id } }"
READ = "{ boards(ids: BOARD) { items_page(limit: 5) { cursor items { id name } } } }".replace("BOARD", BOARD)
FAULTS = """
    reset_unread share=0.06 seed=1
    lost_after on=write share=0.08 seed=2
    late_apply on=create_item share=0.1 seed=3 after_seconds=20
    duplicate on=write share=0.1 seed=4 after_seconds=9
    half_answer share=0.08 seed=5 at_share=0.3
    bad_alias on=create_subitem nth=2
    throttle_429 share=0.06 seed=7
    error_500_after on=create_item nth=5
    slow_answer on=read share=0.5 seed=8 over_seconds=3
    missing_alias every=11
"""


def requests(item: str) -> list[tuple[str, dict[str, Any], str | None]]:
    """Document, variables, Idempotency-Key: reads, writes, a repetition, and what is refused."""
    values = json.dumps({"dropdown_mk1": {"labels": ["FW26"]}, "numeric_mk1": "12.5"})
    return [
        (CREATE, {"name": "a", "values": values}, "k1"),
        (CREATE, {"name": "a", "values": values}, "k1"),
        (CREATE, {"name": "b"}, "k2"),
        (TWO, {"name": "S", "item": item}, "k3"),
        (READ, {}, None),
        (GROUP, {"name": "G"}, "k4"),
        (CREATE, {"name": "c", "values": '{"nowhere": 1}'}, "k5"),
        (CREATE, {"name": ""}, None),
        ("{ nope }", {}, None),
        (TWO, {"name": "M", "item": item}, None),
        (DELETE, {"item": item}, "k6"),
        (TWO, {"name": "L", "item": item}, "k7"),
        (CREATE, {"name": "d"}, "k8"),
        (CREATE, {"name": "d"}, "k8"),
        (READ, {}, None),
    ]


def played(seed: Seed, random_seed: int) -> Simulator:
    """A simulator that has met every request, with time passing between them."""
    clock = VirtualClock()
    simulator = Simulator(
        seed,
        clock=clock,
        limits=Limits(complexity_per_minute=400_000),
        latency=Latency(50.0, 800.0),
        faults=load_faults(FAULTS),
        random_seed=random_seed,
    )
    item = next(iter(simulator.store.items))
    for number, (document, variables, key) in enumerate(requests(item)):
        headers = {"Authorization": TOKEN} | ({} if key is None else {"Idempotency-Key": key})
        body = json.dumps({"query": document, "variables": variables}).encode()
        with suppress(ConnectionDropped):
            simulator.handle("POST", "/v2", headers, body)
        clock.advance(timedelta(seconds=number % 4))
    clock.advance(timedelta(minutes=1))
    simulator.settle_late()
    return simulator


def planted() -> Seed:
    boards = json.loads(json.dumps(SEED))
    boards["boards"][0]["items"] = [{"name": "old", "subitems": [{"name": "S"}]}]
    return load_seed(boards)


@pytest.fixture(scope="module")
def seed() -> Seed:
    return planted()


def digest(seed: Seed) -> str:
    return sha256(played(seed, 7).wire_log.lines().encode()).hexdigest()


@pytest.mark.slow
def test_same_seed_and_requests_leave_the_same_wire_log_a_thousand_times(
    seed: Seed, monkeypatch: pytest.MonkeyPatch
) -> None:
    logs = {digest(seed) for _ in range(20)}
    # Two thirds of a run are spent on reading the same documents anew; the rest of them share what they read.
    documents = Documents(executable_schema())
    monkeypatch.setattr("monday_simulator.simulator.Documents", lambda *_: documents)
    logs |= {digest(seed) for _ in range(RUNS - 20)}
    assert len(logs) == 1


@pytest.mark.slow
def test_another_process_leaves_the_same_wire_log(seed: Seed) -> None:
    """Sets and hashes are in another order there."""
    here = Path(__file__).parent
    paths = os.pathsep.join([str(here), str(here.parents[1] / "src")])
    code = "import test_simulator_repeats as repeats; print(repeats.digest(repeats.planted()))"
    environment = {**os.environ, "PYTHONPATH": paths, "PYTHONHASHSEED": "4711"}
    run = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == digest(seed)


def test_what_is_repeated_is_varied(seed: Seed) -> None:
    """Equal logs would prove little if nothing happened in them."""
    records = list(played(seed, 7).wire_log)
    assert len(records) > 15
    assert {"answered", "with_errors", "replayed", "invalid", "refused", "failed", "cut", "lost", "late"} <= {
        record.outcome for record in records
    }
    assert len({record.fault for record in records}) > 4
    assert len({record.took_ms for record in records}) > 2


def test_another_seed_leaves_another_wire_log(seed: Seed) -> None:
    assert played(seed, 7).wire_log.lines() != played(seed, 8).wire_log.lines()
