"""The account in a file, seeds, and the wire log."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from simulator_client import BOARD, SEED, Client, simulated

from monday_simulator import Simulator, load_seed
from monday_simulator.account.state_file import StateFile, StateInUseError
from monday_simulator.seed import SeedError

CREATE = f'mutation {{ create_item(board_id: {BOARD}, item_name: "x") {{ id }} }}'


@pytest.fixture
def closing() -> Iterator[list[Simulator]]:
    opened: list[Simulator] = []
    yield opened
    for simulator in opened:
        simulator.close()


def opened_at(path: Path, closing: list[Simulator], **settings: Any) -> Client:
    client = simulated(state=path, **settings)
    closing.append(client.simulator)
    return client


def everything(client: Client) -> Any:
    return client.data(
        "{ boards { id name columns { id settings revision } groups { id title position }"
        " items_page(limit: 500) { items { id name state updated_at group { id } parent_item { id }"
        " column_values { id text value } } } } }"
    )


def test_account_is_the_same_after_reopening(tmp_path: Path, closing: list[Simulator]) -> None:
    client = opened_at(tmp_path / "state", closing)
    parent = client.created("a", {"dropdown_mk1": {"labels": ["NEW"]}, "text_mkkey": "k"}, labels=True)
    client.data(f'mutation {{ create_subitem(parent_item_id: {parent}, item_name: "S") {{ id }} }}')
    client.data(f"mutation {{ delete_item(item_id: {client.created('gone')}) {{ id }} }}")
    client.data(f'mutation {{ create_group(board_id: {BOARD}, group_name: "G") {{ id }} }}')
    before = everything(client)
    client.simulator.close()
    again = opened_at(tmp_path / "state", closing)
    assert everything(again) == before
    assert int(again.created("later")) > int(parent)


def test_nothing_but_whole_requests_is_in_the_file(tmp_path: Path, closing: list[Simulator]) -> None:
    client = opened_at(tmp_path / "state", closing)
    client.ask(f"mutation {{ a: {CREATE[10:-1]} b: {CREATE[10:-1]} }}")
    # what a killed process leaves: the file as it is between two requests, its write-ahead log beside it
    for each in tmp_path.iterdir():
        (tmp_path / f"copy-{each.name}").write_bytes(each.read_bytes())
    again = opened_at(tmp_path / "copy-state", closing)
    assert again.names() == ["x", "x"]


def test_two_simulators_cannot_hold_one_file(tmp_path: Path, closing: list[Simulator]) -> None:
    opened_at(tmp_path / "state", closing)
    with pytest.raises(StateInUseError):
        StateFile(tmp_path / "state", wait_seconds=0)


def test_seed_is_applied_only_to_an_empty_state(tmp_path: Path, closing: list[Simulator]) -> None:
    opened_at(tmp_path / "state", closing).simulator.close()
    other = load_seed({"boards": [{"name": "Another", "columns": []}]})
    simulator = Simulator(other, state=tmp_path / "state")
    closing.append(simulator)
    assert BOARD in simulator.store.boards
    assert len(simulator.store.boards) == 2


def test_seed_may_hold_items_with_subitems() -> None:
    boards = json.loads(json.dumps(SEED))
    boards["boards"][0]["items"] = [
        {
            "name": "old",
            "group": "group_mksecond",
            "values": {"dropdown_mk1": "FW26"},
            "subitems": [{"name": "S", "values": {"numeric_mkqty": "3"}}],
        }
    ]
    client = Client(Simulator(load_seed(boards)))
    query = f"{{ boards(ids: {BOARD}) {{ items_page {{ items {{ name group {{ id }} subitems {{ name }} }} }} }} }}"
    items = client.data(query)["boards"][0]["items_page"]["items"]
    assert items == [{"name": "old", "group": {"id": "group_mksecond"}, "subitems": [{"name": "S"}]}]


def test_seed_from_file_or_text_is_the_same(tmp_path: Path) -> None:
    file = tmp_path / "seed.json"
    file.write_text(json.dumps(SEED), encoding="utf-8")
    assert load_seed(file) == load_seed(json.dumps(SEED)) == load_seed(SEED)


@pytest.mark.parametrize(
    "seed",
    [
        "{",
        '{"boards": [{"title": "x"}]}',
        '{"boards": [{"name": "x", "id": "abc"}]}',
        '{"boards": [{"name": "x", "id": "5"}, {"name": "y", "id": "5"}]}',
        (
            '{"boards": [{"name": "x", "columns": [{"id": "a", "title": "A", "type": "status",'
            ' "settings": {"labels": 5}}]}]}'
        ),
    ],
)
def test_seed_that_cannot_be_built_is_refused(seed: str) -> None:
    with pytest.raises(SeedError):
        Simulator(load_seed(seed))


def test_wire_log_tells_what_became_of_a_request(tmp_path: Path, closing: list[Simulator]) -> None:
    client = simulated(wire_path=tmp_path / "wire.jsonl")
    closing.append(client.simulator)
    item = client.created("x", Idempotency_Key="k")
    client.send("{ nonsense")
    record, other = client.simulator.wire_log
    assert record.fields == ("create_item",)
    assert (record.operation, record.status, record.applied) == ("mutation", 200, True)
    assert (record.idempotency_key, record.boards, record.made) == ("k", (BOARD,), (item,))
    assert (other.operation, other.code, other.errors) == (None, "GRAPHQL", 1)
    written = (tmp_path / "wire.jsonl").read_text(encoding="utf-8")
    assert written == client.simulator.wire_log.lines()
    assert [json.loads(line)["seq"] for line in written.splitlines()] == [1, 2]


def test_same_requests_leave_the_same_wire_log() -> None:
    def lines(seed: int) -> str:
        client = simulated(random_seed=seed)
        for number in range(5):
            client.created(str(number), Idempotency_Key=str(number))
        client.names()
        return client.simulator.wire_log.lines()

    assert lines(1) == lines(1)
    assert lines(1) != lines(2)


def test_many_threads_make_many_items_once_each() -> None:
    client = simulated()
    with ThreadPoolExecutor(8) as pool:
        ids = list(pool.map(lambda number: Client(client.simulator).created(str(number)), range(100)))
    assert len(set(ids)) == 100
    assert sorted(client.names(), key=int) == [str(number) for number in range(100)]
    assert client.simulator.meter.in_flight == 0
