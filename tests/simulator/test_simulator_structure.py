"""Boards, groups and columns: made, changed, copied and retired."""

from __future__ import annotations

import json
from typing import Any

import pytest
from simulator_client import BOARD, Client, code_of, simulated


@pytest.fixture
def client() -> Client:
    return simulated()


def groups(client: Client, board: str = BOARD) -> list[tuple[str, str]]:
    found = client.data(f"{{ boards(ids: {board}) {{ groups {{ id title }} }} }}")["boards"][0]["groups"]
    return [(each["id"], each["title"]) for each in found]


def new_board(client: Client, **more: str) -> str:
    extra = "".join(f", {name}: {value}" for name, value in more.items())
    query = f'mutation {{ create_board(board_name: "B", board_kind: public{extra}) {{ id }} }}'
    return str(client.data(query)["create_board"]["id"])


def test_new_board_has_its_group_its_columns_and_task_1(client: Client) -> None:
    board = new_board(client)
    read = client.data(
        f"{{ boards(ids: {board}) {{ state items_count groups {{ id title }} columns {{ id type }}"
        " items_page { items { name group { id } } } } }"
    )["boards"][0]
    assert read["groups"] == [{"id": "topics", "title": "Group Title"}]
    assert read["items_page"]["items"] == [{"name": "Task 1", "group": {"id": "topics"}}]
    assert [each["id"] for each in read["columns"]] == ["name", "person", "status", "date4"]
    assert (read["state"], read["items_count"]) == ("active", 1)
    empty = new_board(client, empty="true")
    assert client.data(f"{{ boards(ids: {empty}) {{ items_count }} }}")["boards"] == [{"items_count": 0}]


@pytest.mark.parametrize(("mutation", "state"), [("archive_board", "archived"), ("delete_board", "deleted")])
def test_retired_board_is_found_by_its_state_alone(client: Client, mutation: str, state: str) -> None:
    board = new_board(client)
    item = client.data(f"{{ boards(ids: {board}) {{ items_page {{ items {{ id }} }} }} }}")
    item_id = item["boards"][0]["items_page"]["items"][0]["id"]
    answer = client.data(f"mutation {{ {mutation}(board_id: {board}) {{ id state }} }}")
    assert answer == {mutation: {"id": board, "state": state}}
    assert client.data(f"{{ boards(ids: {board}) {{ id }} }}") == {"boards": []}
    assert client.data(f"{{ boards(ids: {board}, state: {state}) {{ id }} }}") == {"boards": [{"id": board}]}
    assert client.data(f"{{ boards(ids: {board}, state: all) {{ id }} }}") == {"boards": [{"id": board}]}
    assert code_of(client.ask(f'mutation {{ create_item(board_id: {board}, item_name: "x") {{ id }} }}')) == (
        "InvalidBoardIdException"
    )
    assert code_of(client.ask(f"mutation {{ delete_item(item_id: {item_id}) {{ id }} }}")) == "InvalidItemIdException"
    assert client.data(f"{{ items(ids: {item_id}) {{ state }} }}") == {"items": [{"state": state}]}
    assert client.data(f"{{ items(ids: {item_id}, exclude_nonactive: true) {{ state }} }}") == {"items": []}


def test_board_that_is_not_there_cannot_be_archived_for_want_of_rights(client: Client) -> None:
    answer = client.ask("mutation { archive_board(board_id: 123) { id } }")
    assert code_of(answer) == "USER_UNAUTHORIZED"
    assert answer["errors"][0]["extensions"]["status_code"] == 403
    assert code_of(client.ask("mutation { delete_board(board_id: 123) { id } }")) == "InvalidBoardIdException"


def test_subitem_board_goes_with_its_board(client: Client) -> None:
    client.data(f"mutation {{ delete_board(board_id: {BOARD}) {{ id }} }}")
    assert client.data("{ boards { id } }") == {"boards": []}


@pytest.mark.parametrize(
    ("attribute", "field"),
    [
        ("name", "name"),
        ("description", "description"),
        ("communication", "communication"),
        ("item_nickname", "item_terminology"),
    ],
)
def test_board_attribute_is_changed(client: Client, attribute: str, field: str) -> None:
    query = f'mutation {{ update_board(board_id: {BOARD}, board_attribute: {attribute}, new_value: "new") }}'
    assert json.loads(client.data(query)["update_board"])["success"] is True
    assert client.data(f"{{ boards(ids: {BOARD}) {{ {field} }} }}") == {"boards": [{field: "new"}]}


def test_copied_board_has_groups_and_columns_and_items_if_asked(client: Client) -> None:
    client.created("one", {"numeric_mk1": "5"})

    def copied(kind: str, more: str = "") -> Any:
        query = (
            f"mutation {{ duplicate_board(board_id: {BOARD}, duplicate_type: {kind}{more})"
            " { is_async board { id name items_count } } }"
        )
        return client.data(query)["duplicate_board"]["board"]

    structure = copied("duplicate_board_with_structure")
    assert (structure["name"], structure["items_count"]) == ("Duplicate of Orders", 0)
    whole = copied("duplicate_board_with_pulses", ', board_name: "Again"')
    assert (whole["name"], whole["items_count"]) == ("Again", 1)
    assert groups(client, whole["id"]) == groups(client)
    read = f'{{ boards(ids: {whole["id"]}) {{ items_page {{ items {{ id column_values(ids: "numeric_mk1") {{ text }} }} }} }} }}'
    assert client.data(read)["boards"][0]["items_page"]["items"][0]["column_values"] == [{"text": "5"}]


@pytest.mark.parametrize(("mutation", "mark"), [("archive_group", "archived"), ("delete_group", "deleted")])
def test_retired_group_takes_its_items_along(client: Client, mutation: str, mark: str) -> None:
    item = client.created("x", group="group_mkfirst")
    answer = client.data(
        f'mutation {{ {mutation}(board_id: {BOARD}, group_id: "group_mkfirst") {{ id archived deleted }} }}'
    )[mutation]
    assert {name for name in ("archived", "deleted") if answer[name]} == {mark}
    assert groups(client) == [("group_mksecond", "HALCYON FW26")]
    assert client.read(item)[0]["state"] == mark
    assert code_of(client.create("y", group="group_mkfirst")) == "ResourceNotFoundException"


@pytest.mark.parametrize("mutation", ["archive_group", "delete_group"])
def test_last_group_stays(client: Client, mutation: str) -> None:
    board = new_board(client)
    query = f'mutation {{ {mutation}(board_id: {board}, group_id: "topics") {{ id }} }}'
    answer = client.send(query)
    assert answer.status == 409
    assert code_of(answer.json()) == "DeleteLastGroupException"
    assert answer.json()["data"] == {mutation: None}
    assert groups(client, board) == [("topics", "Group Title")]
    beside = f'mutation {{ a: {mutation}(board_id: {board}, group_id: "topics") {{ id }} b: delete_item(item_id: 7) {{ id }} }}'
    assert client.send(beside).status == 200


def test_unknown_group_is_refused_as_recorded(client: Client) -> None:
    arguments = f'board_id: {BOARD}, group_id: "nope"'
    assert code_of(client.ask(f"mutation {{ archive_group({arguments}) {{ id }} }}")) == "USER_UNAUTHORIZED"
    assert code_of(client.ask(f"mutation {{ delete_group({arguments}) {{ id }} }}")) == "ResourceNotFoundException"
    change = f'mutation {{ update_group({arguments}, group_attribute: title, new_value: "x") {{ id }} }}'
    assert code_of(client.ask(change)) == "ResourceNotFoundException"


@pytest.mark.parametrize(
    ("attribute", "value", "expected"),
    [
        ("title", "New", ["New", "HALCYON FW26"]),
        ("relative_position_after", "group_mksecond", ["HALCYON FW26", "HALCYON SP26"]),
        ("relative_position_before", "group_mksecond", ["HALCYON SP26", "HALCYON FW26"]),
        ("position", "9999999", ["HALCYON FW26", "HALCYON SP26"]),
    ],
)
def test_group_is_changed(client: Client, attribute: str, value: str, expected: list[str]) -> None:
    arguments = f'board_id: {BOARD}, group_id: "group_mkfirst", group_attribute: {attribute}, new_value: "{value}"'
    client.data(f"mutation {{ update_group({arguments}) {{ id }} }}")
    assert [title for _, title in groups(client)] == expected


def test_group_is_not_placed_beside_itself(client: Client) -> None:
    arguments = f'board_id: {BOARD}, group_id: "group_mkfirst", new_value: "group_mkfirst"'
    query = f"mutation {{ update_group({arguments}, group_attribute: relative_position_after) {{ id }} }}"
    assert code_of(client.ask(query)) == "InvalidArgumentException"


@pytest.mark.parametrize(("value", "taken"), [("#ff0000", True), ("dark-red", True), ("#zz", False)])
def test_group_color_is_a_code_or_a_name(client: Client, value: str, taken: bool) -> None:
    arguments = f'board_id: {BOARD}, group_id: "group_mkfirst", group_attribute: color, new_value: "{value}"'
    assert ("errors" not in client.ask(f"mutation {{ update_group({arguments}) {{ color }} }}")) is taken


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("", ["HALCYON SP26", "Duplicate of HALCYON SP26", "HALCYON FW26"]),
        (', add_to_top: true, group_title: "Copy"', ["Copy", "HALCYON SP26", "HALCYON FW26"]),
    ],
)
def test_copied_group_brings_its_items(client: Client, more: str, expected: list[str]) -> None:
    client.created("x", group="group_mkfirst")
    client.data(f'mutation {{ duplicate_group(board_id: {BOARD}, group_id: "group_mkfirst"{more}) {{ id }} }}')
    assert [title for _, title in groups(client)] == expected
    assert client.names() == ["x", "x"]


def test_column_is_renamed_described_and_dropped(client: Client) -> None:
    arguments = f'board_id: {BOARD}, column_id: "text_mkkey"'
    client.data(f'mutation {{ change_column_title({arguments}, title: "Key") {{ id }} }}')
    client.data(
        f'mutation {{ change_column_metadata({arguments}, column_property: description, value: "D") {{ id }} }}'
    )
    read = f'{{ boards(ids: {BOARD}) {{ columns(ids: ["text_mkkey"]) {{ title description }} }} }}'
    assert client.data(read)["boards"][0]["columns"] == [{"title": "Key", "description": "D"}]
    item = client.created("x", {"text_mkkey": "k"})
    client.data(f"mutation {{ delete_column({arguments}) {{ id }} }}")
    assert "text_mkkey" not in client.texts(item)
    assert code_of(client.ask(f"mutation {{ delete_column({arguments}) {{ id }} }}")) == "InvalidColumnIdException"
    refused = client.ask(f'mutation {{ delete_column(board_id: {BOARD}, column_id: "name") {{ id }} }}')
    assert code_of(refused) == "InvalidArgumentException"


def test_column_is_updated_on_its_present_revision_only(client: Client) -> None:
    read = f'{{ boards(ids: {BOARD}) {{ columns(ids: ["text_mkkey"]) {{ revision }} }} }}'
    revision = client.data(read)["boards"][0]["columns"][0]["revision"]
    query = (
        f'mutation {{ update_column(board_id: {BOARD}, id: "text_mkkey", column_type: text, title: "New",'
        f' revision: "{revision}") {{ title }} }}'
    )
    assert client.data(query) == {"update_column": {"title": "New"}}
    assert code_of(client.ask(query)) == "InvalidArgumentException"


def test_copied_item_stands_below_with_values_and_subitems(client: Client) -> None:
    item = client.created("a", {"numeric_mk1": "5"})
    client.created("b")
    client.data(f'mutation {{ create_subitem(parent_item_id: {item}, item_name: "S") {{ id }} }}')
    client.data(f'mutation {{ create_update(item_id: {item}, body: "hello") {{ id }} }}')
    made = client.data(
        f"mutation {{ duplicate_item(board_id: {BOARD}, item_id: {item}, with_updates: true)"
        " { id name subitems { name } updates { body } } }"
    )["duplicate_item"]
    assert (made["name"], made["subitems"], made["updates"]) == ("a (copy)", [{"name": "S"}], [{"body": "hello"}])
    assert client.names() == ["a", "a (copy)", "b"]
    assert client.texts(made["id"])["numeric_mk1"] == "5"


def test_item_that_cannot_be_copied_is_named_by_its_bare_id(client: Client) -> None:
    answer = client.ask(f"mutation {{ duplicate_item(board_id: {BOARD}, item_id: 123) {{ id }} }}")
    assert code_of(answer) == "InvalidItemIdException"
    assert answer["errors"][0]["extensions"]["error_data"] == 123


def test_item_moves_to_another_board_with_what_fits(client: Client) -> None:
    item = client.created("x", {"color_mk1": {"label": "PCE"}, "text_mkkey": "k", "numeric_mk1": "5"})
    client.data(f'mutation {{ create_subitem(parent_item_id: {item}, item_name: "S") {{ id }} }}')
    board = new_board(client, empty="true")
    for kind, title in (("text", "Sync key"), ("numbers", "Other")):
        client.data(f'mutation {{ create_column(board_id: {board}, title: "{title}", column_type: {kind}) {{ id }} }}')
    client.data(f'mutation {{ move_item_to_board(board_id: {board}, group_id: "topics", item_id: {item}) {{ id }} }}')
    assert client.names() == []
    read = client.data(
        f"{{ items(ids: {item}) {{ board {{ id }} subitems {{ name }} column_values {{ text type }} }} }}"
    )
    moved = read["items"][0]
    assert (moved["board"]["id"], moved["subitems"]) == (board, [{"name": "S"}])
    assert {(each["type"], each["text"]) for each in moved["column_values"]} >= {("text", "k"), ("numbers", "")}


def test_mapped_columns_take_labels_by_their_text(client: Client) -> None:
    item = client.created("x", {"color_mk1": {"label": "PCE"}, "text_mkkey": "k"})
    board = new_board(client, empty="true")
    client.data(
        f'mutation {{ move_item_to_board(board_id: {board}, group_id: "topics", item_id: {item}, columns_mapping:'
        ' [{source: "color_mk1", target: "status"}, {source: "text_mkkey", target: null}]) { id } }'
    )
    assert client.texts(item)["status"] == "PCE"


def test_item_is_placed_within_its_board(client: Client) -> None:
    ids = [client.created(name, group="group_mkfirst") for name in "abc"]

    def place(more: str) -> list[str]:
        client.data(f"mutation {{ change_item_position(item_id: {ids[0]}, {more}) {{ id }} }}")
        return client.names()

    assert place(f"relative_to: {ids[1]}, position_relative_method: after_at") == ["b", "a", "c"]
    assert place(f"relative_to: {ids[1]}, position_relative_method: before_at") == ["a", "b", "c"]
    assert place('group_id: "group_mkfirst"') == ["b", "c", "a"]
    assert place('group_id: "group_mkfirst", group_top: true') == ["a", "b", "c"]
    assert place('group_id: "group_mksecond"') == ["b", "c", "a"]
