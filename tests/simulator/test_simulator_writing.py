"""What the simulator takes and what it refuses when items are written."""

from __future__ import annotations

import json
import math
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from simulator_client import BOARD, SIZES, Client, code_of, simulated

from monday_simulator.account.values import as_double


@pytest.fixture
def client() -> Client:
    return simulated()


@pytest.mark.parametrize(
    ("column", "written", "text", "value"),
    [
        ("text_mkkey", "a b", "a b", '"a b"'),
        ("text_mkkey", "", "", None),
        ("long_text_mk1", {"text": "two\nlines"}, "two\nlines", '{"text":"two\\nlines"}'),
        ("numeric_mk1", "28.86", "28.86", '"28.86"'),
        ("numeric_mk1", "28.860", "28.86", '"28.86"'),
        ("numeric_mk1", 1e3, "1000", '"1000"'),
        ("numeric_mk1", "", "0", '"0"'),
        ("dropdown_mk1", {"labels": ["SP26"]}, "SP26", '{"ids":[1]}'),
        ("dropdown_mk1", {"ids": [1]}, "SP26", '{"ids":[1]}'),
        ("dropdown_mk1", "SP26", "SP26", '{"ids":[1]}'),
        ("dropdown_mk1", {"labels": []}, None, None),
        ("color_mk1", {"label": "PCE"}, "PCE", '{"index":0}'),
        ("color_mk1", {"index": 0}, "PCE", '{"index":0}'),
        ("color_mk1", "0", "PCE", '{"index":0}'),
        ("color_mk1", {}, None, None),
        ("date_mk1", {"date": "2026-06-15"}, "2026-06-15", '{"date":"2026-06-15"}'),
        ("date_mk1", "2026-06-15 09:00:00", "2026-06-15 09:00", '{"date":"2026-06-15","time":"09:00:00"}'),
        ("date_mk1", None, "", None),
    ],
)
def test_value_is_read_back_as_written(
    client: Client, column: str, written: object, text: str | None, value: str | None
) -> None:
    item = client.read(client.created("x", {column: written}))[0]
    read = next(each for each in item["column_values"] if each["id"] == column)
    assert (read["text"], read["value"]) == (text, value)


@pytest.mark.parametrize(
    ("column", "written"),
    [
        ("long_text_mk1", {"text": "x" * 2001}),
        ("numeric_mk1", "28,86"),
        ("numeric_mk1", "TRUE"),
        ("numeric_mk1", "1e400"),
        ("numeric_mk1", {"value": 1}),
        ("dropdown_mk1", {"labels": ["sp26"]}),
        ("dropdown_mk1", {"ids": [7]}),
        ("dropdown_mk1", {"labels": ["SP26"], "ids": [1]}),
        ("dropdown_mk1", {"labels": "SP26"}),
        ("dropdown_mk1", {"ids": ["one"]}),
        ("color_mk1", {"label": "BOX"}),
        ("color_mk1", {"label": "x" * 31}),
        ("color_mk1", {"index": 3}),
        ("date_mk1", {"date": "15.06.2026"}),
        ("date_mk1", {"date": "2026-02-30"}),
        ("date_mk1", 5),
        ("lookup_mk1", "x"),
        ("formula_mk1", "1"),
        ("pulse_id_mk1", "1"),
        ("subtasks_mk1", {}),
        ("board_relation_mk1", {"item_ids": [1]}),
        ("tags_mk1", {"tag_ids": [1]}),
        ("text_mkkey", {"text": "x"}),
    ],
)
def test_bad_value_is_refused_for_its_column(client: Client, column: str, written: object) -> None:
    answer = client.create("x", {"text_mkkey": "k", column: written})
    assert code_of(answer) == "ColumnValueException"
    assert answer["errors"][0]["extensions"]["error_data"]["column_id"] == column
    assert answer["data"] == {"create_item": None}
    assert client.names() == []


def test_unknown_column_names_column_and_board(client: Client) -> None:
    answer = client.create("x", {"text_gone": "a"})
    assert code_of(answer) == "InvalidColumnIdException"
    data = answer["errors"][0]["extensions"]["error_data"]
    assert (data["column_id"], data["board_id"]) == ("text_gone", int(BOARD))


def test_missing_labels_are_made_only_when_asked(client: Client) -> None:
    values = {"dropdown_mk1": {"labels": ["FW26", "SP26"]}, "color_mk1": {"label": "BOX"}}
    assert code_of(client.create("x", values)) == "ColumnValueException"
    texts = client.texts(client.created("x", values, labels=True))
    assert (texts["dropdown_mk1"], texts["color_mk1"]) == ("FW26, SP26", "BOX")
    assert client.texts(client.created("y", values))["dropdown_mk1"] == "FW26, SP26"


def test_refused_item_leaves_no_label_behind(client: Client) -> None:
    client.create("x", {"dropdown_mk1": {"labels": ["NEW"]}, "numeric_mk1": "bad"}, labels=True)
    assert code_of(client.create("x", {"dropdown_mk1": {"labels": ["NEW"]}})) == "ColumnValueException"


def test_label_changes_the_revision_of_its_column(client: Client) -> None:
    query = f'{{ boards(ids: {BOARD}) {{ columns(ids: ["dropdown_mk1"]) {{ revision settings settings_str }} }} }}'
    before = client.data(query)["boards"][0]["columns"][0]
    client.created("x", {"dropdown_mk1": {"labels": ["FW26"]}}, labels=True)
    after = client.data(query)["boards"][0]["columns"][0]
    assert before["revision"] != after["revision"]
    assert after["settings"]["labels"][1] == {"id": 2, "label": "FW26", "is_deactivated": False}
    assert json.loads(after["settings_str"])["labels"][1] == {"id": 2, "name": "FW26"}


def test_dropdown_takes_500_labels(client: Client) -> None:
    labels = [f"label {number}" for number in range(499)]
    client.created("x", {"dropdown_mk1": {"labels": labels}}, labels=True)
    answer = client.create("x", {"dropdown_mk1": {"labels": ["one too many"]}}, labels=True)
    assert code_of(answer) == "ColumnValueException"


def test_status_takes_40_labels(client: Client) -> None:
    for number in range(39):
        client.created("x", {"color_mk1": {"label": f"label {number}"}}, labels=True)
    answer = client.create("x", {"color_mk1": {"label": "one too many"}}, labels=True)
    assert code_of(answer) == "ColumnValueException"


@pytest.mark.parametrize(("name", "taken"), [("", False), ("x" * 255, True), ("x" * 256, False), ("🧵" * 255, True)])
def test_item_name_has_1_to_255_code_points(client: Client, name: str, taken: bool) -> None:
    answer = client.create(name)
    assert ("errors" not in answer) is taken
    if not taken:
        assert code_of(answer) == "ItemNameTooLongException"


def test_one_bad_alias_leaves_the_others_applied(client: Client) -> None:
    answer = client.ask(
        f'mutation {{ a: create_item(board_id: {BOARD}, item_name: "a") {{ id }}'
        f' b: create_item(board_id: {BOARD}, item_name: "") {{ id }}'
        f' c: create_item(board_id: {BOARD}, item_name: "c") {{ id }} }}'
    )
    assert answer["data"]["b"] is None
    assert [error["path"] for error in answer["errors"]] == [["b"]]
    assert re.fullmatch(r"\d{10,11}", answer["data"]["a"]["id"])
    assert client.names() == ["a", "c"]


def test_error_envelope_has_every_documented_part(client: Client) -> None:
    answer = client.ask("mutation { archive_item(item_id: 123) { id } }")
    assert set(answer) == {"data", "errors", "extensions"}
    assert answer["data"] == {"archive_item": None}
    assert set(answer["errors"][0]) == {"message", "locations", "path", "extensions"}
    extensions = answer["errors"][0]["extensions"]
    assert extensions == {
        "code": "InvalidItemIdException",
        "status_code": 200,
        "error_data": {"item_id": 123},
        "service": "monolith",
    }
    assert client.last is not None
    assert answer["extensions"]["request_id"] == client.last.headers["X-Request-Id"]


@pytest.mark.parametrize(
    ("mutation", "code"),
    [
        ('create_item(board_id: 1, item_name: "x") { id }', "InvalidBoardIdException"),
        (
            f'create_item(board_id: {BOARD}, item_name: "x", group_id: "nope") {{ id }}',
            "ResourceNotFoundException",
        ),
        ('create_subitem(parent_item_id: 77, item_name: "x") { id }', "InvalidItemIdException"),
        ('create_group(board_id: 1, group_name: "x") { id }', "InvalidBoardIdException"),
        (f'create_group(board_id: {BOARD}, group_name: "") {{ id }}', "InvalidArgumentException"),
        (
            f'create_group(board_id: {BOARD}, group_name: "g", group_color: "red") {{ id }}',
            "InvalidArgumentException",
        ),
        ("delete_item(item_id: 77) { id }", "InvalidItemIdException"),
        ("archive_item { id }", "InvalidArgumentException"),
        ('move_item_to_group(item_id: 77, group_id: "x") { id }', "InvalidItemIdException"),
    ],
)
def test_what_does_not_exist_is_named_by_its_code(client: Client, mutation: str, code: str) -> None:
    assert code_of(client.ask(f"mutation {{ {mutation} }}")) == code


def test_group_not_found_says_404_inside_http_200(client: Client) -> None:
    answer = client.create("x", group="nope")
    assert answer["errors"][0]["message"] == "Group not found"
    assert answer["errors"][0]["extensions"]["status_code"] == 404
    assert client.last is not None
    assert client.last.status == 200


def test_id_that_is_no_number_fails_the_whole_request(client: Client) -> None:
    answer = client.ask('mutation { delete_item(item_id: "invalid_item_id") { id } }')
    assert answer["data"] is None
    assert answer["errors"][0]["path"] == []
    assert code_of(answer) == "INTERNAL_SERVER_ERROR"


def test_column_values_that_are_no_json_are_refused_before_anything_runs(client: Client) -> None:
    query = f'mutation ($v: JSON!) {{ create_item(board_id: {BOARD}, item_name: "x", column_values: $v) {{ id }} }}'
    answer = client.ask(query, {"v": "not-valid-json"})
    assert "data" not in answer
    assert answer["errors"][0] == {
        "message": "Variable $v of type JSON! was provided invalid value",
        "extensions": {
            "value": "not-valid-json",
            "problems": [{"path": [], "explanation": "Syntax error in JSON input"}],
            "service": "monolith",
        },
    }
    assert client.names() == []


def test_items_limit_stops_the_board() -> None:
    client = simulated()
    client.simulator.store.boards[BOARD].items_limit = 1
    client.created("a")
    assert code_of(client.create("b")) == "ItemsLimitationException"


def test_change_writes_named_columns_and_keeps_the_others(client: Client) -> None:
    item = client.created("x", {"text_mkkey": "k", "numeric_mk1": "1"})
    change = (
        f"mutation ($v: JSON!) {{ change_multiple_column_values(board_id: {BOARD}, item_id: {item},"
        " column_values: $v) { id } }"
    )
    client.data(change, {"v": json.dumps({"numeric_mk1": "2", "name": "renamed"})})
    assert client.texts(item)["numeric_mk1"] == "2"
    assert client.texts(item)["text_mkkey"] == "k"
    assert client.names() == ["renamed"]
    client.data(change, {"v": json.dumps({"numeric_mk1": None})})
    assert client.texts(item)["numeric_mk1"] == ""


def test_simple_value_and_raw_value_change_one_column(client: Client) -> None:
    item = client.created("x")
    column = f'board_id: {BOARD}, item_id: {item}, column_id: "dropdown_mk1"'
    client.data(f'mutation {{ change_simple_column_value({column}, value: "SP26") {{ id }} }}')
    assert client.texts(item)["dropdown_mk1"] == "SP26"
    client.data(f'mutation {{ change_column_value({column}, value: "{{}}") {{ id }} }}')
    assert client.texts(item)["dropdown_mk1"] is None


def test_item_of_another_board_is_not_changed(client: Client) -> None:
    item = client.created("x")
    client.data('mutation { create_board(board_name: "B", board_kind: public, empty: true) { id } }')
    other = next(each for each in client.simulator.store.boards if each not in (BOARD, SIZES))
    query = (
        f"mutation {{ change_multiple_column_values(board_id: {other}, item_id: {item},"
        ' column_values: "{}") { id } }'
    )
    assert code_of(client.ask(query)) == "InvalidItemIdException"


def test_subitem_stands_on_its_own_board_under_its_parent(client: Client) -> None:
    parent = client.created("x")
    made = client.data(
        f'mutation {{ create_subitem(parent_item_id: {parent}, item_name: "M",'
        ' column_values: "{\\"numeric_mkqty\\":\\"5\\"}") { id board { id type } parent_item { id } } }'
    )["create_subitem"]
    assert made["board"] == {"id": SIZES, "type": "sub_items_board"}
    assert made["parent_item"] == {"id": parent}
    assert client.data(f"{{ items(ids: {parent}) {{ subitems {{ id name }} }} }}")["items"][0]["subitems"] == [
        {"id": made["id"], "name": "M"}
    ]


def test_first_subitem_brings_column_and_board(client: Client) -> None:
    board = client.data('mutation { create_board(board_name: "B", board_kind: public) { id } }')["create_board"]["id"]
    read = f"{{ boards(ids: {board}) {{ columns {{ type settings }} items_page {{ items {{ id name }} }} }} }}"
    first = client.data(read)["boards"][0]["items_page"]["items"][0]
    assert first["name"] == "Task 1"
    made = client.data(
        f'mutation {{ create_subitem(parent_item_id: {first["id"]}, item_name: "M") {{ board {{ id }} }} }}'
    )
    columns = client.data(read)["boards"][0]["columns"]
    settings = next(column["settings"] for column in columns if column["type"] == "subtasks")
    assert settings["boardIds"] == [int(made["create_subitem"]["board"]["id"])]


def test_subtasks_column_brings_its_board(client: Client) -> None:
    board = client.data('mutation { create_board(board_name: "B", board_kind: public, empty: true) { id } }')
    board_id = board["create_board"]["id"]
    column = client.data(
        f'mutation {{ create_column(board_id: {board_id}, title: "Subitems", column_type: subtasks)'
        " { id settings } }"
    )["create_column"]
    assert column["id"].startswith("subtasks_mk")
    assert len(column["settings"]["boardIds"]) == 1


def test_column_can_have_an_own_id_of_letters_and_underscores(client: Client) -> None:
    def create(column_id: str) -> Any:
        return client.ask(
            f'mutation {{ create_column(board_id: {BOARD}, id: "{column_id}", title: "T",'
            " column_type: text) { id } }"
        )

    assert create("sync_key")["data"]["create_column"]["id"] == "sync_key"
    for refused in ("sync_key", "Sync", "key1", "x" * 21):
        assert code_of(create(refused)) == "InvalidArgumentException"


def test_new_group_stands_on_top_and_titles_may_repeat(client: Client) -> None:
    group = client.data(f'mutation {{ create_group(board_id: {BOARD}, group_name: "A") {{ id title }} }}')
    client.data(f'mutation {{ create_group(board_id: {BOARD}, group_name: "A") {{ id }} }}')
    after = (
        f'mutation {{ create_group(board_id: {BOARD}, group_name: "B", relative_to: "group_mkfirst",'
        " position_relative_method: after_at) { id } }"
    )
    client.data(after)
    assert re.fullmatch(r"group_mk[a-z0-9]{6}", group["create_group"]["id"])
    groups = client.data(f"{{ boards(ids: {BOARD}) {{ groups {{ title }} top_group {{ title }} }} }}")["boards"][0]
    assert [each["title"] for each in groups["groups"]] == ["A", "A", "HALCYON SP26", "B", "HALCYON FW26"]
    assert groups["top_group"]["title"] == "A"


def test_items_keep_their_order_and_can_be_placed(client: Client) -> None:
    first = client.created("1")
    client.created("2")
    beside = (
        f"mutation ($n: String!, $how: PositionRelative) {{ create_item(board_id: {BOARD}, item_name: $n,"
        f' group_id: "group_mkfirst", relative_to: {first}, position_relative_method: $how) {{ id }} }}'
    )
    client.data(beside, {"n": "after 1", "how": "after_at"})
    client.data(beside, {"n": "before 1", "how": "before_at"})
    client.created("3")
    assert client.names() == ["before 1", "1", "after 1", "2", "3"]


def test_moved_item_is_in_its_new_group(client: Client) -> None:
    item = client.created("1", group="group_mkfirst")
    client.created("2", group="group_mkfirst")
    client.data(f'mutation {{ move_item_to_group(item_id: {item}, group_id: "group_mksecond") {{ id }} }}')
    assert client.read(item)[0]["group"]["id"] == "group_mksecond"
    assert client.names() == ["2", "1"]


@pytest.mark.parametrize(("mutation", "state"), [("archive_item", "archived"), ("delete_item", "deleted")])
def test_retired_item_takes_its_subitems_along_and_goes_once(client: Client, mutation: str, state: str) -> None:
    item = client.created("x")
    child = client.data(f'mutation {{ create_subitem(parent_item_id: {item}, item_name: "S") {{ id }} }}')
    client.data(f"mutation {{ {mutation}(item_id: {item}) {{ id }} }}")
    assert [each["state"] for each in client.read(item, child["create_subitem"]["id"])] == [state, state]
    assert client.names() == []
    assert code_of(client.ask(f"mutation {{ {mutation}(item_id: {item}) {{ id }} }}")) == "InvalidItemIdException"
    active = client.data(f"{{ items(ids: {item}, exclude_nonactive: true) {{ id }} }}")
    assert active == {"items": []}


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e15, max_value=1e15))
def test_number_text_is_the_same_number_without_exponent(number: float) -> None:
    text = as_double(repr(number))
    assert re.fullmatch(r"-?\d+(\.\d+)?", text)
    assert math.isclose(float(text), number, rel_tol=0, abs_tol=0)
