"""The wire log: every request is in it, and it can be asked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from simulator_client import BOARD, TOKEN, Client, simulated

from monday_simulator import Limits, VirtualClock, load_faults
from monday_simulator.gateway.wire import WireRecord

CREATE = f'mutation {{ create_item(board_id: {BOARD}, item_name: "x") {{ id }} }}'
FIRST = ["answered", "with_errors", "invalid", "invalid", "refused", "replayed"]
THEN = ["failed", "lost", "cut", "answered", "refused"]


@pytest.fixture
def client() -> Client:
    """Has met a request of every outcome, a second apart."""
    clock = VirtualClock()
    script = "error_500_before on=create_group nth=1\nlost_after on=create_item nth=4\nhalf_answer on=me nth=1"
    client = simulated(clock=clock, faults=load_faults(script), limits=Limits(requests_per_minute=9))
    documents = [
        (CREATE, {"Idempotency_Key": "k"}),
        ('mutation { create_item(board_id: 1, item_name: "x") { id } }', {}),
        ("{ nope }", {}),
        (" ", {}),
        (CREATE, {"Authorization": ""}),
        (CREATE, {"Idempotency_Key": "k"}),
        (f'mutation {{ create_group(board_id: {BOARD}, group_name: "g") {{ id }} }}', {}),
    ]
    for document, headers in documents:
        client.send(document, **headers)
        clock.advance(timedelta(seconds=1))
    client.drop(CREATE)
    clock.advance(timedelta(seconds=1))
    client.drop("{ me { id } }")
    client.send("{ me { id } }")
    client.send("{ me { id } }")
    return client


def seqs(records: list[WireRecord]) -> list[int]:
    return [record.seq for record in records]


def test_every_request_says_what_became_of_it(client: Client) -> None:
    records = list(client.simulator.wire_log)
    assert [record.outcome for record in records] == FIRST + THEN
    assert seqs(records) == list(range(1, 12))


def test_records_are_found_by_what_they_are_about(client: Client) -> None:
    find = client.simulator.wire_log.find
    assert seqs(find("create_group")) == [7]
    assert seqs(find(board=BOARD)) == [1, 8]
    assert seqs(find(fault="lost_after")) == [8]
    assert seqs(find(fault="any")) == [7, 8, 9]
    assert seqs(find(outcome="refused")) == [5, 11]
    assert seqs(find(key="k")) == [1, 6]
    assert seqs(find("create_item", outcome="lost", fault="any")) == [8]
    assert find("create_item", outcome="cut") == []


def test_records_are_found_by_when_they_came(client: Client) -> None:
    find = client.simulator.wire_log.find
    assert seqs(find(since=9)) == [10, 11]
    moment = datetime(2026, 11, 2, 9, 0, 7, tzinfo=UTC)
    assert seqs(find(since=moment)) == [8, 9, 10, 11]
    assert seqs(find(since=moment.replace(tzinfo=None))) == [8, 9, 10, 11]
    assert seqs(find(limit=2)) == [10, 11]
    assert find(limit=0) == []
    with pytest.raises(ValueError, match="exploded"):
        find(outcome="exploded")


def test_sizes_and_time_are_told() -> None:
    clock = VirtualClock()
    client = simulated(clock=clock)
    body = b'{"query": "{ me { id } }"}'
    answer = client.simulator.handle("POST", "/v2", {"Authorization": TOKEN}, body)
    record = next(iter(client.simulator.wire_log))
    assert (record.bytes_in, record.bytes_out, record.took_ms) == (len(body), len(answer.body), 0)
    assert record.version == "2026-10"
    assert client.simulator.wire_log.newest(5) == [record]
