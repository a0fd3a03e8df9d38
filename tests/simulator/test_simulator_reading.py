"""Boards, pages, cursors and look-ups of the simulator."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from simulator_client import BOARD, SIZES, Client, code_of, simulated

from monday_simulator import Limits, VirtualClock

LOOK_UP = (
    "query ($values: [String]!, $column: String!, $limit: Int!) {"
    f" items_page_by_column_values(board_id: {BOARD}, limit: $limit,"
    " columns: [{ column_id: $column, column_values: $values }]) { cursor items { id name } } }"
)

FILTERED = f"{{ boards(ids: {BOARD}) {{ items_page(query_params: {{ rules: [RULE] }}) {{ items {{ name }} }} }} }}"


@pytest.fixture
def client() -> Client:
    return simulated()


def found(client: Client, column: str, *values: str, limit: int = 100) -> list[str]:
    page = client.data(LOOK_UP, {"values": list(values), "column": column, "limit": limit})
    return [item["name"] for item in page["items_page_by_column_values"]["items"]]


def test_boards_are_found_by_id_and_unknown_ones_left_out(client: Client) -> None:
    boards = client.data(f"{{ boards(ids: [{BOARD}, 5]) {{ id name state board_kind type items_count items_limit }} }}")
    assert boards["boards"] == [
        {
            "id": BOARD,
            "name": "Orders",
            "state": "active",
            "board_kind": "public",
            "type": "board",
            "items_count": 0,
            "items_limit": 10_000,
        }
    ]


def test_all_boards_come_newest_first_by_pages(client: Client) -> None:
    assert [board["id"] for board in client.data("{ boards { id } }")["boards"]] == [SIZES, BOARD]
    assert client.data("{ boards(limit: 1, page: 2) { id } }")["boards"] == [{"id": BOARD}]


def test_columns_can_be_chosen_by_id_and_type(client: Client) -> None:
    query = (
        f"{{ boards(ids: {BOARD}) {{"
        ' a: columns(ids: ["text_mkkey"]) { id type archived } b: columns(types: [mirror]) { id } } }'
    )
    board = client.data(query)["boards"][0]
    assert board == {
        "a": [{"id": "text_mkkey", "type": "text", "archived": False}],
        "b": [{"id": "lookup_mk1"}],
    }


def test_every_value_has_its_concrete_type(client: Client) -> None:
    item = client.created(
        "x",
        {"numeric_mk1": "2.5", "dropdown_mk1": "SP26", "color_mk1": "PCE", "date_mk1": "2026-01-02 08:30:00"},
    )
    query = (
        f"{{ items(ids: {item}) {{ column_values {{ id __typename is_leaf column {{ title }}"
        " ... on NumbersValue { number } ... on DropdownValue { values { id label } }"
        " ... on StatusValue { index label is_done label_style { color } } ... on DateValue { date time }"
        " ... on ItemIdValue { item_id } ... on MirrorValue { display_value } } } }"
    )
    values = {each.pop("id"): each for each in client.data(query)["items"][0]["column_values"]}
    assert values["numeric_mk1"]["number"] == 2.5
    assert values["dropdown_mk1"]["values"] == [{"id": "1", "label": "SP26"}]
    assert (values["color_mk1"]["index"], values["color_mk1"]["label"]) == (0, "PCE")
    assert (values["date_mk1"]["date"], values["date_mk1"]["time"]) == ("2026-01-02", "08:30")
    assert values["pulse_id_mk1"]["item_id"] == item
    assert values["lookup_mk1"]["__typename"] == "MirrorValue"
    assert values["tags_mk1"]["__typename"] == "TagsValue"
    assert values["text_mkkey"]["column"] == {"title": "Sync key"}


def test_items_by_id_come_in_the_order_asked_with_the_default_of_25(client: Client) -> None:
    ids = [client.created(str(number)) for number in range(30)]
    asked = list(reversed(ids))
    query = "query ($ids: [ID!], $limit: Int = 25, $page: Int) { items(ids: $ids, limit: $limit, page: $page) { id } }"
    assert [item["id"] for item in client.data(query, {"ids": asked})["items"]] == asked[:25]
    assert [item["id"] for item in client.data(query, {"ids": asked, "page": 2})["items"]] == asked[25:]
    assert len(client.data(query, {"ids": [*asked, "12"], "limit": 100})["items"]) == 30
    newest = client.data("query ($ids: [ID!]) { items(ids: $ids, newest_first: true) { id } }", {"ids": ids})
    assert newest["items"][0]["id"] == max(ids)
    assert code_of(client.ask(query, {"ids": [str(number) for number in range(101)]})) == "InvalidArgumentException"


def test_pages_follow_each_other_without_gap_or_repetition(client: Client) -> None:
    for number in range(12):
        client.created(str(number))
    query = f"{{ boards(ids: {BOARD}) {{ items_page(limit: 5) {{ cursor items {{ name }} }} }} }}"
    page = client.data(query)["boards"][0]["items_page"]
    names = [item["name"] for item in page["items"]]
    while page["cursor"]:
        client.created("made while paging", group="group_mkfirst")
        following = "query ($c: String!) { next_items_page(cursor: $c, limit: 5) { cursor items { name } } }"
        page = client.data(following, {"c": page["cursor"]})["next_items_page"]
        names += [item["name"] for item in page["items"]]
    assert names == [str(number) for number in range(12)]


def test_page_has_25_items_unless_asked_and_at_most_500(client: Client) -> None:
    for number in range(26):
        client.created(str(number))
    query = f"{{ boards(ids: {BOARD}) {{ items_page {{ items {{ id }} }} }} }}"
    assert len(client.data(query)["boards"][0]["items_page"]["items"]) == 25
    refused = client.ask(f"{{ boards(ids: {BOARD}) {{ items_page(limit: 501) {{ items {{ id }} }} }} }}")
    assert code_of(refused) == "InvalidArgumentException"


def test_cursor_dies_after_60_minutes() -> None:
    clock = VirtualClock()
    client = simulated(clock=clock)
    client.created("1")
    client.created("2")
    query = f"{{ boards(ids: {BOARD}) {{ items_page(limit: 1) {{ cursor }} }} }}"
    following = "query ($c: String!) { next_items_page(cursor: $c, limit: 1) { items { name } } }"
    cursor = client.data(query)["boards"][0]["items_page"]["cursor"]
    clock.advance(timedelta(minutes=59))
    assert client.data(following, {"c": cursor})["next_items_page"]["items"] == [{"name": "2"}]
    clock.advance(timedelta(minutes=1))
    assert code_of(client.ask(following, {"c": cursor})) == "CursorException"
    assert code_of(client.ask(following, {"c": "nonsense"})) == "CursorException"


def test_group_page_holds_only_its_items(client: Client) -> None:
    client.created("a", group="group_mkfirst")
    client.created("b", group="group_mksecond")
    query = (
        f'{{ boards(ids: {BOARD}) {{ groups(ids: ["group_mksecond"]) {{ id items_page {{ items {{ name }} }} }} }} }}'
    )
    groups = client.data(query)["boards"][0]["groups"]
    assert groups == [{"id": "group_mksecond", "items_page": {"items": [{"name": "b"}]}}]


def test_look_up_matches_the_whole_text_whatever_its_case(client: Client) -> None:
    client.created("a", {"text_mkkey": "Key-1"})
    client.created("b", {"text_mkkey": "KEY-1"})
    client.created("c", {"text_mkkey": "key-10"})
    assert found(client, "text_mkkey", "key-1") == ["a", "b"]
    assert found(client, "text_mkkey", "key-10", "nothing") == ["c"]
    assert found(client, "text_mkkey", "key") == []
    assert found(client, "name", "C") == ["c"]


def test_look_up_knows_labels_and_dates(client: Client) -> None:
    client.created("a", {"dropdown_mk1": {"labels": ["SP26", "FW26"]}, "date_mk1": "2026-01-02"}, labels=True)
    assert found(client, "dropdown_mk1", "fw26") == ["a"]
    assert found(client, "date_mk1", "2026-01-02") == ["a"]


def test_look_up_follows_changes_and_forgets_retired_items(client: Client) -> None:
    item = client.created("a", {"text_mkkey": "one"})
    assert found(client, "text_mkkey", "one") == ["a"]
    client.data(
        f"mutation {{ change_simple_column_value(board_id: {BOARD}, item_id: {item},"
        ' column_id: "text_mkkey", value: "two") { id } }'
    )
    assert found(client, "text_mkkey", "one") == []
    assert found(client, "text_mkkey", "two") == ["a"]
    client.data(f"mutation {{ archive_item(item_id: {item}) {{ id }} }}")
    assert found(client, "text_mkkey", "two") == []


def test_look_up_by_two_columns_wants_both(client: Client) -> None:
    client.created("a", {"text_mkkey": "k", "numeric_mk1": "1"})
    client.created("b", {"text_mkkey": "k", "numeric_mk1": "2"})
    query = (
        f"{{ items_page_by_column_values(board_id: {BOARD}, columns: ["
        '{ column_id: "text_mkkey", column_values: ["k"] },'
        ' { column_id: "numeric_mk1", column_values: ["2", "3"] }])'
        " { items { name } } }"
    )
    assert client.data(query)["items_page_by_column_values"]["items"] == [{"name": "b"}]


@pytest.mark.parametrize(
    ("column", "code"),
    [
        ("lookup_mk1", "InvalidArgumentException"),
        ("pulse_id_mk1", "InvalidArgumentException"),
        ("board_relation_mk1", "InvalidArgumentException"),
        ("gone", "InvalidColumnIdException"),
    ],
)
def test_look_up_by_a_column_without_search_is_refused(client: Client, column: str, code: str) -> None:
    answer = client.ask(LOOK_UP, {"values": ["x"], "column": column, "limit": 5})
    assert code_of(answer) == code


def test_look_up_lags_behind_where_set() -> None:
    clock = VirtualClock()
    client = simulated(clock=clock, limits=Limits(read_lag=timedelta(seconds=5)))
    item = client.created("a", {"text_mkkey": "k"})
    assert found(client, "text_mkkey", "k") == []
    assert client.read(item)[0]["name"] == "a"
    clock.advance(timedelta(seconds=5))
    assert found(client, "text_mkkey", "k") == ["a"]


@pytest.mark.parametrize(
    ("rule", "names"),
    [
        ('{ column_id: "text_mkkey", compare_value: ["one"] }', ["a"]),
        ('{ column_id: "text_mkkey", compare_value: ["one"], operator: not_any_of }', ["b", "c"]),
        ('{ column_id: "text_mkkey", compare_value: [], operator: is_empty }', ["c"]),
        ('{ column_id: "text_mkkey", compare_value: [], operator: is_not_empty }', ["a", "b"]),
        ('{ column_id: "text_mkkey", compare_value: "w", operator: contains_text }', ["b"]),
        ('{ column_id: "group", compare_value: ["group_mksecond"] }', ["c"]),
        ('{ column_id: "color_mk1", compare_value: [0] }', ["a"]),
    ],
)
def test_page_can_be_filtered(client: Client, rule: str, names: list[str]) -> None:
    client.created("a", {"text_mkkey": "one", "color_mk1": "PCE"})
    client.created("b", {"text_mkkey": "two"})
    client.created("c", group="group_mksecond")
    query = FILTERED.replace("RULE", rule)
    items = client.data(query)["boards"][0]["items_page"]["items"]
    assert [item["name"] for item in items] == names


def test_page_can_be_ordered_and_narrowed_to_ids(client: Client) -> None:
    ids = [client.created(name) for name in "bac"]
    query = (
        "query ($ids: [ID!]) { boards(ids: " + BOARD + ") { items_page(query_params: { ids: $ids,"
        ' order_by: [{ column_id: "name", direction: desc }] }) { items { name } } } }'
    )
    items = client.data(query, {"ids": ids[:2]})["boards"][0]["items_page"]["items"]
    assert items == [{"name": "b"}, {"name": "a"}]


def test_operator_that_a_type_does_not_have_is_refused(client: Client) -> None:
    client.created("a")
    rule = '{ column_id: "date_mk1", compare_value: "TODAY", operator: within_the_next }'
    query = FILTERED.replace("RULE", rule)
    assert code_of(client.ask(query)) == "InvalidArgumentException"


def test_account_user_and_version_are_told(client: Client) -> None:
    query = (
        "{ me { id name email account { id slug } } account { id plan { max_users } }"
        " version { kind value } versions { value } platform_api { daily_limit { total } } }"
    )
    data: Any = client.data(query)
    assert data["me"]["account"]["id"] == data["account"]["id"]
    assert data["version"] == {"kind": "current", "value": "2026-10"}
    assert data["platform_api"] == {"daily_limit": {"total": 25_000}}
