"""What requests that nobody would write have shown."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.simulator.simulator_client import BOARD, CREATE, Client, code_of, simulated

from monday_simulator.gateway.wire import WireRecord


def last(client: Client) -> WireRecord:
    return list(client.simulator.wire_log)[-1]


def test_a_change_in_a_fragment_is_known_as_one() -> None:
    client = simulated()
    create = f'first: create_item(board_id: {BOARD}, item_name: "A") {{ id }}'
    client.data(f"mutation {{ ...all ...all }} fragment all on Mutation {{ ... on Mutation {{ {create} }} }}")
    assert client.names() == ["A"]
    writing = next(iter(client.simulator.wire_log))
    assert (writing.fields, writing.applied) == (("create_item",), True)


def test_a_change_counts_as_applied_though_its_answer_is_null() -> None:
    client = simulated()
    page = "board { items_page(limit: 501) { cursor } }"
    answer = client.ask(f'mutation {{ create_item(board_id: {BOARD}, item_name: "A") {{ id {page} }} }}')
    assert answer["data"]["create_item"] == {"id": last(client).made[0], "board": None}
    other = f'a: create_item(board_id: {BOARD}, item_name: "B") {{ id }} b: delete_webhook(id: 1) {{ id }}'
    client.ask(f"mutation {{ {other} }}")
    assert last(client).applied
    assert client.names() == ["A", "B"]


@pytest.mark.parametrize(
    ("refused", "code"),
    [({"nothing": "x"}, "InvalidColumnIdException"), ({"name": "x" * 256}, "ItemNameTooLongException")],
)
def test_a_refused_first_subitem_leaves_no_board_behind(refused: dict[str, str], code: str) -> None:
    client = simulated()
    created = 'create_board(board_name: "Bare", board_kind: public, empty: true) { id }'
    board = client.data(f"mutation {{ {created} }}")["create_board"]["id"]
    item = client.data(f'mutation {{ create_item(board_id: {board}, item_name: "A") {{ id }} }}')["create_item"]["id"]
    values = json.dumps(json.dumps(refused))
    subitem = f'create_subitem(parent_item_id: {item}, item_name: "S", column_values: {values}) {{ id }}'
    assert code_of(client.ask(f"mutation {{ {subitem} }}")) == code
    assert not any(each.parent_board_id == board for each in client.simulator.store.boards.values())
    columns = client.data(f"{{ boards(ids: {board}) {{ columns(types: [subtasks]) {{ id }} }} }}")
    assert columns["boards"][0]["columns"] == []


def test_a_subitem_has_no_subitems() -> None:
    client = simulated()
    item = client.data(f'mutation {{ create_item(board_id: {BOARD}, item_name: "A") {{ id }} }}')["create_item"]["id"]
    make = 'mutation {{ create_subitem(parent_item_id: {}, item_name: "S") {{ id }} }}'
    subitem = client.data(make.format(item))["create_subitem"]["id"]
    boards = len(client.simulator.store.boards)
    assert code_of(client.ask(make.format(subitem))) == "InvalidArgumentException"
    assert len(client.simulator.store.boards) == boards


@pytest.mark.parametrize("item_id", ["9" * 20, "9" * 5000])
def test_a_number_that_is_no_id_is_an_internal_error(item_id: str, caplog: pytest.LogCaptureFixture) -> None:
    answer = simulated().ask(f'mutation {{ delete_item(item_id: "{item_id}") {{ id }} }}')
    assert code_of(answer) == "INTERNAL_SERVER_ERROR"
    assert caplog.records == []


def test_a_key_of_half_a_character_is_kept_in_files_too(tmp_path: Path) -> None:
    client = simulated(state=tmp_path / "state.db", wire_path=tmp_path / "wire.jsonl")
    create = f'mutation {{ create_item(board_id: {BOARD}, item_name: "A") {{ id }} }}'
    first = client.data(create, Idempotency_Key="\ud800")
    assert client.data(create, Idempotency_Key="\ud800") == first
    assert client.names() == ["A"]
    client.simulator.close()


@pytest.mark.parametrize("number", ["1" + "0" * 30, "-" + "9" * 25, "9" * 19])
def test_numbers_of_any_length_can_be_written_down(number: str, tmp_path: Path) -> None:
    client = simulated(state=tmp_path / "state.db")
    column = f'create_column(board_id: {BOARD}, title: "A", column_type: phone, defaults: $defaults) {{ id settings }}'
    query = f"mutation ($defaults: JSON) {{ {column} }}"
    made = client.data(query, {"defaults": f'{{"flag": [{number}]}}'})["create_column"]
    assert made["settings"] == {"flag": [pytest.approx(float(number))]}
    client.simulator.close()


@pytest.mark.parametrize("depth", [900, 1_100, 100_000])
def test_json_nested_without_end_is_answered(depth: int, caplog: pytest.LogCaptureFixture) -> None:
    values = "[" * depth + "]" * depth
    answer = simulated().ask(CREATE, {"name": "A", "values": values})
    assert answer["errors"]
    assert caplog.records == []


@pytest.mark.parametrize("moment", ["[]", "{a: 1}", "5", "true"])
def test_a_moment_is_a_text(moment: str, caplog: pytest.LogCaptureFixture) -> None:
    client = simulated()
    log = f"activity_logs(to: {moment}) {{ id }}"
    literal = client.ask(f"{{ boards(ids: {BOARD}) {{ {log} }} }}")
    assert "non string value" in literal["errors"][0]["message"]
    query = f"query ($to: ISO8601DateTime) {{ boards(ids: {BOARD}) {{ activity_logs(to: $to) {{ id }} }} }}"
    assert client.ask(query, {"to": [1]})["errors"]
    assert caplog.records == []
