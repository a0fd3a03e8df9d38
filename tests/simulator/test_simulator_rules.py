"""Rules of `query_params`: every operator, by the types that have it, compared as the type is compared."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from simulator_client import Client, code_of

from monday_simulator import Simulator, VirtualClock, load_seed
from monday_simulator.account.people import USER_ID

BOARD, OTHER = "9200517400", "9200517401"
TYPES = (
    "text", "numbers", "rating", "status", "dropdown", "checkbox", "date", "timeline", "hour", "week", "world_clock",
    "people", "email", "phone", "link", "country", "location", "dependency", "tags", "vote", "auto_number", "item_id",
    "creation_log", "last_updated", "file",
)  # fmt: skip
LABELS = {"labels": [{"label": "Open"}, {"label": "Done"}]}
SEED = {
    "boards": [
        {
            "id": BOARD,
            "name": "Everything",
            "columns": [
                {"id": each, "title": each, "type": each, "settings": LABELS if each in ("status", "dropdown") else {}}
                for each in TYPES
            ],
        }
    ],
    "users": [{"id": "51", "name": "Ann Other", "email": "ann@simulator.example"}],
    "tags": [{"id": "71", "name": "Urgent"}],
}
# 21 March 2026 is a Saturday.
NOW = datetime(2026, 3, 21, 8, 0, tzinfo=UTC)
QUERY = (
    f"query ($q: ItemsQuery) {{ boards(ids: {BOARD}) {{"
    " items_page(limit: 100, query_params: $q) { items { name } } } }"
)


@pytest.fixture
def client() -> Client:
    return Client(Simulator(load_seed(SEED), clock=VirtualClock(NOW)))


def made(client: Client, name: str, column: str, value: Any) -> str:
    query = (
        f"mutation ($n: String!, $v: JSON) {{ create_item(board_id: {BOARD}, item_name: $n, column_values: $v)"
        " { id } }"
    )
    values = {} if value is None else {column: value}
    return str(client.data(query, {"n": name, "v": json.dumps(values)})["create_item"]["id"])


def asked(client: Client, column: str, operator: str, compared: Any, attribute: str | None = None) -> Any:
    rule = {"column_id": column, "operator": operator, "compare_value": compared, "compare_attribute": attribute}
    return client.ask(QUERY, {"q": {"rules": [rule]}})


def names(answer: Any) -> list[str]:
    assert "errors" not in answer, answer
    return [item["name"] for item in answer["data"]["boards"][0]["items_page"]["items"]]


VALUES: dict[str, dict[str, Any]] = {
    "text": {"a": "Hello world", "b": "other"},
    "numbers": {"a": "5", "b": "7.5", "c": "100"},
    "rating": {"a": 3, "b": 5},
    "status": {"a": {"index": 0}, "b": {"label": "Done"}},
    "dropdown": {"a": "Open", "b": "Open, Done"},
    "checkbox": {"a": {"checked": "true"}, "b": {"checked": "false"}},
    "date": {"a": "2026-03-21", "b": "2026-03-16", "c": "2026-04-02 10:00:00", "d": "2026-02-28"},
    "timeline": {
        "a": {"from": "2026-03-01", "to": "2026-03-21"},
        "b": {"from": "2026-03-22", "to": "2026-04-01"},
        "c": {"from": "2026-01-01", "to": "2026-02-01"},
    },
    "hour": {"a": {"hour": 13, "minute": 0}, "b": {"hour": 23, "minute": 30}, "c": {"hour": 4, "minute": 0}},
    "week": {
        "a": {"startDate": "2026-03-16", "endDate": "2026-03-22"},
        "b": {"startDate": "2026-03-23", "endDate": "2026-03-29"},
        "c": {"startDate": "2026-03-09", "endDate": "2026-03-15"},
    },
    "world_clock": {"a": {"timezone": "America/New_York"}, "b": {"timezone": "Europe/London"}},
    "people": {"a": "51", "b": USER_ID},
    "email": {"a": "x@mail.example Label", "b": "y@other.example y@other.example"},
    "phone": {"a": "+12025550169 US", "b": "07975777666 GB"},
    "link": {"a": "https://words.example Text", "b": {"url": "https://text.example"}},
    "country": {
        "a": {"countryCode": "US", "countryName": "United States"},
        "b": {"countryCode": "GB", "countryName": "United Kingdom"},
    },
    "location": {"a": "1 2 Tokyo Tower", "b": "1 2 Giza"},
    "tags": {"a": {"tag_ids": [71]}},
}
CASES = [
    ("text", "any_of", ["hello WORLD"], "a"), ("text", "not_any_of", ["other"], "ae"), ("text", "any_of", [""], "e"),
    ("text", "contains_text", "O", "ab"), ("text", "not_contains_text", "world", "be"),
    ("text", "contains_terms", "world hello", "a"), ("text", "starts_with", "hell", "a"), ("text", "ends_with", "er", "b"),
    ("text", "is_empty", [], "e"), ("text", "is_not_empty", [], "ab"), ("name", "any_of", ["A", "e"], "ae"),
    ("numbers", "any_of", [5, "7.50"], "ab"), ("numbers", "any_of", ["$$$blank$$$"], "e"),
    ("numbers", "not_any_of", [5], "bce"), ("numbers", "greater_than", [5], "bc"),
    ("numbers", "greater_than_or_equals", [5], "abc"), ("numbers", "lower_than", 100, "ab"),
    ("numbers", "lower_than_or_equal", ["7.5"], "ab"), ("numbers", "between", [6, 100], "bc"),
    ("numbers", "is_empty", [], "e"),
    ("rating", "any_of", [3], "a"), ("rating", "any_of", [0], "e"), ("rating", "not_any_of", [0], "ab"),
    ("rating", "greater_than", 3, "b"),
    ("status", "any_of", [1], "b"), ("status", "any_of", [5], "e"), ("status", "not_any_of", [1, 5], "a"),
    ("status", "contains_terms", "done", "b"), ("status", "is_empty", [], "e"),
    ("dropdown", "any_of", [2], "b"), ("dropdown", "not_any_of", [2], "ae"), ("dropdown", "contains_text", "ope", "ab"),
    ("checkbox", "is_empty", [], "be"), ("checkbox", "is_not_empty", [None], "a"),
    ("date", "any_of", ["TODAY"], "a"), ("date", "any_of", ["THIS_WEEK"], "ab"), ("date", "any_of", ["$$$blank$$$"], "e"),
    ("date", "any_of", ["EXACT", "2026-02-28", "TODAY"], "ad"), ("date", "not_any_of", ["TODAY"], "bcde"),
    ("date", "any_of", ["ONE_MONTH_AGO", "ONE_MONTH_FROM_NOW"], "cd"), ("date", "any_of", ["YESTERDAY"], ""),
    ("date", "greater_than", ["THIS_WEEK"], "c"), ("date", "greater_than_or_equals", ["THIS_WEEK"], "abc"),
    ("date", "lower_than", ["EXACT", "2026-03-16"], "d"), ("date", "lower_than_or_equal", ["EXACT", "2026-03-16"], "bd"),
    ("date", "between", ["2026-02-28", "2026-03-16"], "bd"), ("date", "between", ["EXACT", "2026-03-01", "TODAY"], "ab"),
    ("date", "within_the_next", [14], "ac"), ("date", "within_the_last", [1, "weeks"], "ab"),
    ("date", "any_of", ["PAST_DATETIME"], "abd"), ("date", "any_of", ["FUTURE_DATETIME"], "c"),
    ("date", "is_empty", [], "e"),
    ("timeline", "any_of", ["CURRENT"], "a"), ("timeline", "any_of", ["DUE_TODAY", "FUTURE_TIMELINE"], "ab"),
    ("timeline", "not_any_of", ["PAST_TIMELINE"], "abe"), ("timeline", "any_of", ["$$$blank$$$"], "e"),
    ("hour", "any_of", ["Afternoon"], "a"), ("hour", "any_of", ["Night", "Early morning"], "bc"),
    ("week", "any_of", ["THIS_WEEK"], "a"), ("week", "any_of", ["NEXT_WEEKS", "PAST_WEEKS"], "bc"),
    ("world_clock", "any_of", ["New York"], "a"), ("world_clock", "not_any_of", ["London"], "ae"),
    ("people", "any_of", ["person-51"], "a"), ("people", "any_of", ["assigned_to_me"], "b"),
    ("people", "any_of", ["person-0"], "e"), ("people", "contains_terms", "other ann", "a"),
    ("people", "any_of", ["51"], ""),
    ("email", "any_of", ["label"], "a"), ("email", "any_of", ["x@mail.example"], ""),
    ("email", "any_of", ["y@other.example"], "b"), ("email", "contains_text", "@mail", "a"),
    ("phone", "any_of", ["US"], "a"), ("phone", "contains_text", "7975", "b"),
    ("link", "any_of", ["Text"], "a"), ("link", "contains_text", "text", "a"), ("link", "any_of", [""], "be"),
    ("country", "any_of", ["GB"], "b"), ("country", "contains_text", "united", "ab"), ("country", "any_of", [""], "e"),
    ("location", "contains_terms", "Tokyo", "a"), ("location", "is_empty", [], "e"),
    ("tags", "any_of", [71], "a"), ("tags", "any_of", [-1], "e"), ("tags", "contains_text", "urg", "a"),
    ("vote", "any_of", ["No votes"], "e"), ("vote", "is_not_empty", [], ""), ("vote", "is_empty", [], "e"),
    ("auto_number", "any_of", [1], ""), ("file", "is_empty", [], "e"),
    ("creation_log", "any_of", [USER_ID], "e"), ("creation_log", "any_of", [1], ""),
    ("__last_updated__", "any_of", ["assigned_to_me"], "e"), ("__last_updated__", "any_of", ["TODAY"], "e"),
    ("__last_updated__", "not_any_of", ["TODAY"], ""), ("__last_updated__", "any_of", ["LAST_WEEK"], ""),
    ("creation_log", "between", ["2026-03-01", "2026-03-31"], "e"),
    ("creation_log", "between", ["2026-03-22", "2026-03-31"], ""),
]  # fmt: skip


@pytest.mark.parametrize(("column", "operator", "compared", "expected"), CASES)
def test_rule_finds_the_items(client: Client, column: str, operator: str, compared: Any, expected: str) -> None:
    for name, value in VALUES.get("text" if column == "name" else column, {}).items():
        made(client, name, "text" if column == "name" else column, value)
    made(client, "e", column, None)
    assert "".join(names(asked(client, column, operator, compared))) == expected


@pytest.mark.parametrize(
    ("attribute", "operator", "compared", "expected"),
    [
        ("START_DATE", "lower_than_or_equal", ["EXACT", "2026-03-01"], "ac"),
        ("END_DATE", "greater_than_or_equals", "THIS_WEEK", "ab"),
        ("END_DATE", "between", ["2026-02-01", "2026-03-21"], "ac"),
        ("START_DATE", "within_the_next", ["3", "days"], "b"),
    ],
)
def test_timeline_is_compared_by_the_end_that_is_named(
    client: Client, attribute: str, operator: str, compared: Any, expected: str
) -> None:
    for name, value in VALUES["timeline"].items():
        made(client, name, "timeline", value)
    made(client, "e", "timeline", None)
    assert "".join(names(asked(client, "timeline", operator, compared, attribute))) == expected
    assert code_of(asked(client, "timeline", operator, compared)) == "InvalidArgumentException"


def test_linked_items_are_found_by_id_and_name(client: Client) -> None:
    first = made(client, "First", "text", "x")
    second = made(client, "Second", "dependency", {"item_ids": [first]})
    assert names(asked(client, "dependency", "any_of", [int(first)])) == ["Second"]
    assert names(asked(client, "dependency", "contains_text", ["fir"])) == ["Second"]
    assert names(asked(client, "dependency", "is_empty", [])) == ["First"]
    assert names(asked(client, "item_id", "any_of", [second])) == ["Second"]
    assert names(asked(client, "item_id", "not_any_of", [second])) == ["First"]
    assert names(asked(client, "group", "not_any_of", ["topics"])) == []


@pytest.mark.parametrize(
    ("column", "operator", "compared"),
    [
        ("checkbox", "any_of", [True]), ("text", "greater_than", "a"), ("status", "between", [1, 2]),
        ("date", "contains_text", "2026"), ("numbers", "starts_with", "1"), ("hour", "contains_text", "PM"),
        ("date", "any_of", ["SOMEDAY"]), ("date", "any_of", ["OVERDUE"]), ("date", "between", ["TODAY"]),
        ("numbers", "any_of", ["many"]), ("numbers", "greater_than", ["nan"]), ("numbers", "between", [1]),
        ("numbers", "greater_than", []), ("date", "within_the_next", ["soon"]), ("date", "within_the_last", [1, "years"]),
        ("group", "is_empty", []),
    ],
)  # fmt: skip
def test_what_a_type_does_not_take_is_refused_even_without_items(
    client: Client, column: str, operator: str, compared: Any
) -> None:
    assert code_of(asked(client, column, operator, compared)) == "InvalidArgumentException"


def test_groups_of_rules_are_joined_by_their_operators(client: Client) -> None:
    for name, value in VALUES["numbers"].items():
        made(client, name, "numbers", value)
    query = {
        "operator": "or",
        "rules": [{"column_id": "numbers", "operator": "any_of", "compare_value": [5]}],
        "groups": [
            {
                "operator": "and",
                "rules": [
                    {"column_id": "numbers", "operator": "greater_than", "compare_value": [7]},
                    {"column_id": "name", "operator": "any_of", "compare_value": ["c"]},
                ],
            }
        ],
    }
    assert names(client.ask(QUERY, {"q": query})) == ["a", "c"]
    assert names(client.ask(QUERY, {"q": {**query, "operator": "and"}})) == []
    ordered = {"order_by": [{"column_id": "numbers", "direction": "desc"}]}
    assert names(client.ask(QUERY, {"q": ordered})) == ["c", "b", "a"]
