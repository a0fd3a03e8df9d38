"""Column values of every type: what is taken, how it reads back, what clears it, and what is refused."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from simulator_client import Client, code_of

from monday_simulator import Simulator, VirtualClock, load_seed
from monday_simulator.account.people import USER_ID
from monday_simulator.account.values.countries import COUNTRIES

BOARD, OTHER = "9200517400", "9200517401"
TYPES = (
    "text", "long_text", "numbers", "rating", "status", "dropdown", "checkbox", "date", "timeline", "hour", "week",
    "world_clock", "people", "email", "phone", "link", "country", "location", "dependency", "tags", "vote", "file",
    "mirror", "formula", "auto_number", "item_id", "creation_log", "last_updated", "progress", "button",
    "time_tracking",
)  # fmt: skip
SETTINGS: dict[str, Any] = {
    "status": {"labels": [{"label": "Open"}, {"label": "Done"}, {"id": 7, "label": "Gone", "is_deactivated": True}]},
    "dropdown": {"labels": ["A", "B", "C"], "limit_select": True, "label_limit_count": 2},
}
COLUMNS = [{"id": each, "title": each, "type": each, "settings": SETTINGS.get(each, {})} for each in TYPES]
RELATION = {
    "id": "board_relation",
    "title": "Linked",
    "type": "board_relation",
    "settings": {"boardIds": [int(OTHER)], "allowMultipleItems": False},
}
SEED = {
    "boards": [
        {"id": BOARD, "name": "Everything", "columns": [*COLUMNS, RELATION]},
        {"id": OTHER, "name": "Other", "columns": []},
    ],
    "users": [{"id": "51", "name": "Ann Other", "email": "ann@simulator.example"}],
    "teams": [{"id": "61", "name": "Makers", "users": ["51"]}],
    "tags": [{"id": "71", "name": "Urgent"}, {"id": "72", "name": "Late"}],
}
START = datetime(2026, 3, 21, 8, 36, 10, 897000, tzinfo=UTC)
STAMP = "2026-03-21T08:36:10.897Z"


@pytest.fixture
def client() -> Client:
    return Client(Simulator(load_seed(SEED), clock=VirtualClock(START)))


def create(client: Client, values: dict[str, Any] | None = None, board: str = BOARD, name: str = "x") -> Any:
    query = f"mutation ($v: JSON, $n: String!) {{ create_item(board_id: {board}, item_name: $n, column_values: $v)"
    return client.ask(query + " { id } }", {"v": json.dumps(values or {}), "n": name})


def created(client: Client, values: dict[str, Any] | None = None, board: str = BOARD, name: str = "x") -> str:
    answer = create(client, values, board, name)
    assert "errors" not in answer, answer
    return str(answer["data"]["create_item"]["id"])


def change(client: Client, item: str, values: dict[str, Any]) -> Any:
    query = f"mutation ($v: JSON!) {{ change_multiple_column_values(board_id: {BOARD}, item_id: {item}, column_values:"
    return client.ask(query + " $v) { id } }", {"v": json.dumps(values)})


def simply(client: Client, item: str, column: str, value: str) -> Any:
    return client.ask(
        "mutation ($v: String) { change_simple_column_value("
        f'board_id: {BOARD}, item_id: {item}, column_id: "{column}", value: $v) {{ id }} }}',
        {"v": value},
    )


def read(client: Client, item: str, column: str, fields: str = "") -> Any:
    query = f'{{ items(ids: {item}) {{ column_values(ids: ["{column}"]) {{ __typename text value {fields} }} }} }}'
    return client.data(query)["items"][0]["column_values"][0]


WRITTEN = [
    ("text", "abc", "abc", '"abc"'),
    ("long_text", {"text": "a\nb"}, "a\nb", '{"text":"a\\nb"}'),
    ("long_text", "plain", "plain", '{"text":"plain"}'),
    ("numbers", "42.5", "42.5", '"42.5"'),
    ("rating", {"rating": 5}, "5", '{"rating":5}'),
    ("rating", "3", "3", '{"rating":3}'),
    ("status", {"label": "Done"}, "Done", '{"index":1}'),
    ("status", {"index": 0}, "Open", '{"index":0}'),
    ("status", {"index": 5}, None, None),
    ("dropdown", "A, C", "A, C", '{"ids":[1,3]}'),
    ("dropdown", "3,1", "C, A", '{"ids":[3,1]}'),
    ("checkbox", {"checked": "true"}, "v", '{"checked":true}'),
    ("checkbox", {"checked": "false"}, "", '{"checked":false}'),
    ("date", {"date": "2026-06-15", "time": "09:00:00"}, "2026-06-15 09:00", '{"date":"2026-06-15","time":"09:00:00"}'),
    ("date", "2026-06-15", "2026-06-15", '{"date":"2026-06-15"}'),
    ("timeline", {"from": "2026-03-01", "to": "2026-03-15"}, "2026-03-01 - 2026-03-15",
     '{"to":"2026-03-15","from":"2026-03-01"}'),
    ("timeline", {}, "", None),
    ("hour", {"hour": 14, "minute": 30}, "02:30 PM", '{"hour":14,"minute":30}'),
    ("hour", {"hour": 0, "minute": 5}, "12:05 AM", '{"hour":0,"minute":5}'),
    ("week", {"week": {"startDate": "2026-03-16", "endDate": "2026-03-22"}}, "2026-03-16 - 2026-03-22",
     '{"week":{"startDate":"2026-03-16","endDate":"2026-03-22"}}'),
    ("week", {"startDate": "2026-03-16", "endDate": "2026-03-22"}, "2026-03-16 - 2026-03-22",
     '{"week":{"startDate":"2026-03-16","endDate":"2026-03-22"}}'),
    ("world_clock", {"timezone": "Europe/London"}, "Europe/London", '{"timezone":"Europe/London"}'),
    ("people", {"personsAndTeams": [{"id": 51, "kind": "person"}, {"id": 61, "kind": "team"}]}, "Ann Other, Makers",
     '{"personsAndTeams":[{"id":51,"kind":"person"},{"id":61,"kind":"team"}]}'),
    ("people", f"{USER_ID},51", "Simulated user, Ann Other",
     f'{{"personsAndTeams":[{{"id":{USER_ID},"kind":"person"}},{{"id":51,"kind":"person"}}]}}'),
    ("email", {"email": "a@b.example", "text": "Label"}, "Label - a@b.example",
     '{"email":"a@b.example","text":"Label"}'),
    ("email", "a@b.example some label", "some label - a@b.example", '{"email":"a@b.example","text":"some label"}'),
    ("phone", {"phone": "+12025550169", "countryShortName": "US"}, "+12025550169",
     '{"phone":"+12025550169","countryShortName":"US"}'),
    ("phone", "07975777666 GB", "07975777666", '{"phone":"07975777666","countryShortName":"GB"}'),
    ("link", {"url": "https://a.example", "text": "to a"}, "to a - https://a.example",
     '{"url":"https://a.example","text":"to a"}'),
    ("link", {"url": "https://a.example"}, " - https://a.example", '{"url":"https://a.example","text":""}'),
    ("country", {"countryCode": "US", "countryName": "United States"}, "United States",
     '{"countryCode":"US","countryName":"United States"}'),
    ("location", {"lat": "29.9773", "lng": "31.1325", "address": "Giza"}, "Giza",
     '{"lat":"29.9773","lng":"31.1325","address":"Giza"}'),
    ("location", "29.9 31.1 Giza Pyramid", "Giza Pyramid", '{"lat":"29.9","lng":"31.1","address":"Giza Pyramid"}'),
    ("tags", {"tag_ids": [72, "71"]}, "Late, Urgent", '{"tag_ids":[72,71]}'),
    ("vote", {"anything": 1}, "0", '{"anything":1}'),
]  # fmt: skip


@pytest.mark.parametrize(("column", "written", "text", "value"), WRITTEN)
def test_value_reads_back(client: Client, column: str, written: Any, text: str | None, value: str | None) -> None:
    seen = read(client, created(client, {column: written}), column)
    assert (seen["text"], seen["value"]) == (text, value)


EMPTY = {"status": None, "dropdown": None, "vote": "0"}


@pytest.mark.parametrize("column", sorted({entry[0] for entry in WRITTEN}))
def test_null_clears_every_type(client: Client, column: str) -> None:
    written = next(entry[1] for entry in WRITTEN if entry[0] == column)
    item = created(client, {column: written})
    assert "errors" not in change(client, item, {column: None})
    seen = read(client, item, column)
    assert seen["text"] == EMPTY.get(column, "")
    assert seen["value"] == ('{"checked":false}' if column == "checkbox" else None)


@pytest.mark.parametrize("column", ["status", "hour", "week", "world_clock", "country", "location", "tags", "rating",
                                    "date", "people", "email", "phone", "link", "dropdown", "checkbox"])  # fmt: skip
def test_empty_object_clears(client: Client, column: str) -> None:
    written = next(entry[1] for entry in WRITTEN if entry[0] == column)
    item = created(client, {column: written})
    assert "errors" not in change(client, item, {column: {}})
    assert not read(client, item, column)["text"]


def test_empty_timeline_object_clears_and_leaves_the_moment(client: Client) -> None:
    item = created(client, {"timeline": {"from": "2026-03-01", "to": "2026-03-15"}})
    change(client, item, {"timeline": {}})
    seen = read(client, item, "timeline", "... on TimelineValue { from to }")
    assert (seen["text"], seen["from"], seen["to"]) == ("", None, None)
    assert seen["value"] == f'{{"changed_at":"{STAMP}"}}'


@pytest.mark.parametrize("column", ["text", "numbers", "status", "dropdown", "date", "people", "email", "phone", "link",
                                    "rating", "long_text"])  # fmt: skip
def test_empty_text_clears_as_simple_value(client: Client, column: str) -> None:
    written = next(entry[1] for entry in WRITTEN if entry[0] == column)
    item = created(client, {column: written})
    assert "errors" not in simply(client, item, column, "")
    assert read(client, item, column)["value"] is None


def test_location_is_not_cleared_by_an_empty_text(client: Client) -> None:
    assert code_of(simply(client, created(client), "location", "")) == "ColumnValueException"


@pytest.mark.parametrize(
    ("column", "class_name", "legacy"),
    [
        ("checkbox", "BooleanColumn", "boolean"),
        ("timeline", "TimerangeColumn", "timerange"),
        ("world_clock", "TimezoneColumn", "timezone"),
        ("country", "CountryColumn", "country"),
        ("tags", "TagColumn", "tag"),
        ("vote", "VotesColumn", "votes"),
        ("formula", "FormulaColumn", "formula"),
        ("creation_log", "PulseLogColumn", "pulse-log"),
        ("auto_number", "AutonumberColumn", "autonumber"),
        ("time_tracking", "DurationColumn", "duration"),
        ("board_relation", "BoardRelationColumn", "board-relation"),
    ],
)
def test_type_without_simple_form_refuses_a_simple_value(
    client: Client, column: str, class_name: str, legacy: str
) -> None:
    answer = simply(client, created(client), column, "1")
    error = answer["errors"][0]
    assert error["extensions"]["code"] == "CorrectedValueException"
    assert error["extensions"]["status_code"] == 200
    assert error["extensions"]["error_data"] == {"column_id": column, "column_type": legacy}
    assert f"column type {class_name} is not supporting" in error["message"]


@pytest.mark.parametrize(
    "column", ["mirror", "formula", "auto_number", "item_id", "creation_log", "last_updated", "progress", "button"]
)
def test_calculated_types_cannot_be_written(client: Client, column: str) -> None:
    answer = create(client, {column: {"value": 1}})
    assert code_of(answer) == "ColumnValueException"
    assert "client side auto calculated column" in answer["errors"][0]["message"]


def test_type_that_the_api_does_not_have_says_so(client: Client) -> None:
    answer = create(client, {"time_tracking": {"running": True}})
    assert code_of(answer) == "ColumnValueException"
    assert answer["errors"][0]["extensions"]["error_data"]["actual_type"] == "DurationColumn"


REFUSED = [
    ("text", {"text": "x"}), ("long_text", {"text": "x" * 2001}), ("long_text", {"text": 5}), ("numbers", "1,5"),
    ("rating", {"rating": 6}), ("rating", {"rating": 0}), ("rating", {"rating": "many"}),
    ("status", {"label": "New"}), ("status", {"index": 9}), ("status", {"index": 7}), ("status", {"label": "Gone"}),
    ("status", {"label": "x" * 31}), ("status", True), ("status", {"index": [1]}),
    ("dropdown", {"labels": ["A", "B", "C"]}), ("dropdown", {"labels": ["a"]}), ("dropdown", "A, 1"),
    ("dropdown", {"labels": ["A"], "ids": [1]}), ("dropdown", {"ids": [True]}),
    ("checkbox", "true"), ("checkbox", {"checked": "yes"}), ("checkbox", {"checked": 1}),
    ("date", {"date": "2026-02-30"}), ("date", {"date": "20260203"}), ("date", {"date": "2026-02-03", "time": "25:00"}),
    ("date", {"time": "09:00:00"}), ("date", 5), ("date", "tomorrow"),
    ("timeline", {"from": "2026-03-01"}), ("timeline", {"from": "2026-03-02", "to": "2026-03-01"}),
    ("timeline", "2026-03-01 - 2026-03-02"),
    ("hour", {"hour": 24, "minute": 0}), ("hour", {"minute": 1}), ("hour", {"hour": 1, "minute": 60}), ("hour", "9"),
    ("week", {"week": {"startDate": "2026-03-17", "endDate": "2026-03-23"}}),
    ("week", {"week": {"startDate": "2026-03-16", "endDate": "2026-03-23"}}),
    ("world_clock", {"timezone": "London"}), ("world_clock", "Europe/London"),
    ("people", "Ann Other"), ("people", {"personsAndTeams": [{"id": 51, "kind": "dog"}]}),
    ("people", {"personsAndTeams": "51"}), ("people", {"personsAndTeams": [51]}),
    ("email", "a@b.example"), ("email", {"email": "a@b.example"}), ("email", {"email": "nobody", "text": "x"}),
    ("phone", "+12025550169"), ("phone", {"phone": "+12025550169", "countryShortName": "us"}),
    ("phone", {"phone": "+442079460990", "countryShortName": "US"}), ("phone", {"phone": "1", "countryShortName": "US"}),
    ("phone", {"phone": "call me", "countryShortName": "US"}),
    ("phone", {"phone": "+1202555016912345", "countryShortName": "US"}),
    ("link", "https://a.example"), ("link", {"url": "a.example", "text": "x"}), ("link", {"text": "x"}),
    ("country", {"countryCode": "US"}), ("country", {"countryCode": "US", "countryName": "Uruguay"}),
    ("country", {"countryCode": "XX", "countryName": "Nowhere"}), ("country", "US"),
    ("location", {"lat": "90", "lng": "0"}), ("location", {"lat": "0", "lng": "180.5"}), ("location", {"lat": "0"}),
    ("location", "north south"), ("location", {"lat": "nan", "lng": "0"}),
    ("tags", {"tag_ids": [73]}), ("tags", {"tag_ids": 71}), ("tags", "71"), ("tags", {"ids": [71]}),
    ("dependency", {"item_ids": [5]}), ("board_relation", {"item_ids": [5]}), ("board_relation", "5"),
    ("status", "9" * 5000), ("status", {"index": -1}), ("dropdown", "9" * 5000), ("people", "9" * 5000),
    ("rating", "9" * 5000), ("numbers", "9" * 5000), ("people", {"personsAndTeams": [{"id": 51, "kind": []}]}),
    ("hour", {"hour": 1.5, "minute": 0}), ("week", {"week": []}), ("tags", {"tag_ids": [{}]}),
    ("vote", "5"), ("file", {"files": []}), ("file", "x"),
]  # fmt: skip


@pytest.mark.parametrize(("column", "written"), REFUSED)
def test_value_is_refused(client: Client, column: str, written: Any) -> None:
    answer = create(client, {"text": "kept?", column: written})
    assert code_of(answer) == "ColumnValueException"
    assert answer["data"] == {"create_item": None}
    assert answer["errors"][0]["extensions"]["error_data"]["column_id"] == column


@pytest.mark.parametrize(
    ("kind", "settings"),
    [("status", {"labels": [5]}), ("status", {"labels": [{"label": []}]}), ("status", {"labels": [{"id": "x"}]}),
     ("status", {"labels": [{"label": "a", "color": ["x"]}]}), ("dropdown", {"labels": 5}),
     ("dropdown", {"labels": {"x": "y"}})],
)  # fmt: skip
def test_labels_of_no_sense_are_refused(client: Client, kind: str, settings: Any) -> None:
    query = f'mutation ($d: JSON) {{ create_column(board_id: {BOARD}, title: "T", column_type: {kind}, defaults: $d)'
    assert code_of(client.ask(query + " { id } }", {"d": json.dumps(settings)})) == "InvalidArgumentException"


def test_settings_of_no_sense_do_not_break_the_writing_of_values(client: Client) -> None:
    columns = client.simulator.store.boards[BOARD].columns
    for column in columns:
        column.settings = {**column.settings, "limit": "x", "boardIds": 5, "max_people_allowed": [], "format": 1}
    item = created(client, {"rating": 5, "people": "51", "hour": {"hour": 9, "minute": 0}})
    assert read(client, item, "hour")["text"] == "09:00 AM"
    assert code_of(create(client, {"board_relation": {"item_ids": [item]}})) == "ColumnValueException"


def test_errors_call_types_by_their_older_names(client: Client) -> None:
    error = create(client, {"status": {"label": "New"}})["errors"][0]
    assert error["extensions"]["error_data"]["column_type"] == "color"
    assert error["message"].startswith("invalid value - label does not exist in column. Please check our API")


@pytest.mark.parametrize("entity", [{"id": 99, "kind": "person"}, {"id": 51, "kind": "team"}])
def test_nobody_is_assigned_who_is_not_there(client: Client, entity: Any) -> None:
    answer = create(client, {"people": {"personsAndTeams": [entity]}})
    assert code_of(answer) == "InvalidUserIdException"
    assert answer["errors"][0]["extensions"]["error_data"]["user_ids"] == [entity["id"]]


def test_change_leaves_its_moment_where_creation_leaves_none(client: Client) -> None:
    fields = "... on StatusValue { updated_at } ... on PeopleValue { updated_at }"
    item = created(client, {"status": {"label": "Open"}})
    assert read(client, item, "status", fields)["updated_at"] is None
    change(client, item, {"status": {"label": "Done"}, "people": "51", "text": "x", "dropdown": "A"})
    seen = read(client, item, "status", fields)
    assert seen["value"] == f'{{"index":1,"post_id":null,"changed_at":"{STAMP}"}}'
    assert seen["updated_at"] == "2026-03-21T08:36:10+00:00"
    people = read(client, item, "people", fields)["value"]
    assert people == f'{{"changed_at":"{STAMP}","personsAndTeams":[{{"id":51,"kind":"person"}}]}}'
    assert read(client, item, "text")["value"] == '"x"'
    assert read(client, item, "dropdown")["value"] == '{"ids":[1]}'


TYPED = [
    ("rating", {"rating": 4}, "RatingValue { rating }", {"rating": 4}),
    ("checkbox", {"checked": "true"}, "CheckboxValue { checked }", {"checked": True}),
    ("date", "2026-06-15 09:00:00", "DateValue { date time icon }",
     {"date": "2026-06-15", "time": "09:00", "icon": None}),
    ("timeline", {"from": "2026-03-01", "to": "2026-03-15"}, "TimelineValue { from to visualization_type }",
     {"from": "2026-03-01T00:00:00+00:00", "to": "2026-03-15T00:00:00+00:00", "visualization_type": None}),
    ("hour", {"hour": 9, "minute": 5}, "HourValue { hour minute }", {"hour": 9, "minute": 5}),
    ("week", {"week": {"startDate": "2026-03-16", "endDate": "2026-03-22"}}, "WeekValue { start_date end_date }",
     {"start_date": "2026-03-16", "end_date": "2026-03-22"}),
    ("world_clock", {"timezone": "Asia/Tokyo"}, "WorldClockValue { timezone }", {"timezone": "Asia/Tokyo"}),
    ("people", "51", "PeopleValue { persons_and_teams { id kind } }",
     {"persons_and_teams": [{"id": "51", "kind": "person"}]}),
    ("email", "a@b.example me", "EmailValue { email label }", {"email": "a@b.example", "label": "me"}),
    ("phone", "+12025550169 US", "PhoneValue { phone country_short_name }",
     {"phone": "+12025550169", "country_short_name": "US"}),
    ("link", "https://a.example go", "LinkValue { url url_text }", {"url": "https://a.example", "url_text": "go"}),
    ("country", {"countryCode": "JP", "countryName": "Japan"}, "CountryValue { country { code name } }",
     {"country": {"code": "JP", "name": "Japan"}}),
    ("location", "1.5 2.5 Here", "LocationValue { lat lng address city place_id }",
     {"lat": 1.5, "lng": 2.5, "address": "Here", "city": None, "place_id": None}),
    ("tags", {"tag_ids": [71]}, "TagsValue { tag_ids tags { id name } }",
     {"tag_ids": [71], "tags": [{"id": "71", "name": "Urgent"}]}),
    ("status", {"label": "Done"}, "StatusValue { index label is_done label_style { color } update_id }",
     {"index": 1, "label": "Done", "is_done": True, "label_style": {"color": "#00c875"}, "update_id": None}),
    ("numbers", "4.5", "NumbersValue { number symbol direction }", {"number": 4.5, "symbol": None, "direction": None}),
]  # fmt: skip


@pytest.mark.parametrize(("column", "written", "fragment", "expected"), TYPED)
def test_typed_fields_of_a_value(client: Client, column: str, written: Any, fragment: str, expected: Any) -> None:
    seen = read(client, created(client, {column: written}), column, f"... on {fragment}")
    assert seen["__typename"] == fragment.split()[0]
    assert {name: seen[name] for name in expected} == expected


@pytest.mark.parametrize(("column", "written", "fragment", "expected"), TYPED)
def test_typed_fields_of_an_empty_value(
    client: Client, column: str, written: Any, fragment: str, expected: Any
) -> None:
    seen = read(client, created(client), column, f"... on {fragment}")
    for name in expected:
        assert seen[name] in (None, "", [], False)


def test_links_between_items_are_read_by_their_own_fields(client: Client) -> None:
    there = created(client, board=OTHER, name="There")
    first = created(client, name="First")
    item = created(client, {"board_relation": {"item_ids": [int(there)]}, "dependency": {"item_ids": [first]}})
    fields = "linked_item_ids linked_items { name } display_value }"
    relation = read(client, item, "board_relation", "... on BoardRelationValue { " + fields)
    assert (relation["text"], relation["value"]) == (None, None)
    assert (relation["linked_item_ids"], relation["display_value"]) == ([there], "There")
    dependency = read(client, item, "dependency", "... on DependencyValue { " + fields)
    assert (dependency["text"], dependency["value"], dependency["linked_items"]) == (None, None, [{"name": "First"}])
    client.data(f"mutation {{ delete_item(item_id: {first}) {{ id }} }}")
    assert read(client, item, "dependency", "... on DependencyValue { " + fields)["linked_item_ids"] == []


def test_relation_stays_within_its_connected_boards_and_its_number(client: Client) -> None:
    two = [int(created(client, board=OTHER)) for _ in range(2)]
    assert code_of(create(client, {"board_relation": {"item_ids": two}})) == "ColumnValueException"
    unconnected = create(client, {"board_relation": {"item_ids": [int(created(client))]}})
    assert "not on a board that is connected" in unconnected["errors"][0]["message"]


def test_log_columns_tell_who_and_when(client: Client) -> None:
    item = created(client)
    log = read(client, item, "creation_log", "... on CreationLogValue { created_at creator_id creator { name } }")
    assert log["text"] == "2026-03-21 08:36:10 UTC"
    assert json.loads(log["value"]) == {"created_at": "2026-03-21T08:36:10Z", "creator_id": USER_ID}
    assert (log["creator_id"], log["creator"]["name"]) == (USER_ID, "Simulated user")
    updated = read(client, item, "last_updated", "... on LastUpdatedValue { updated_at updater_id updater { id } }")
    assert (updated["updated_at"], updated["updater"]["id"]) == ("2026-03-21T08:36:10Z", USER_ID)
    assert read(client, item, "item_id")["value"] == f'{{"item_id":"{item}"}}'


def test_what_is_always_empty_reads_as_such(client: Client) -> None:
    item = created(client)
    vote = read(client, item, "vote", "... on VoteValue { vote_count voter_ids voters { id } }")
    assert (vote["vote_count"], vote["voter_ids"], vote["voters"]) == (0, [], [])
    assert read(client, item, "file", "... on FileValue { files { __typename } }")["files"] == []
    assert read(client, item, "button", "... on ButtonValue { label color }")["label"] == "Click me"
    assert read(client, item, "progress")["__typename"] == "ProgressValue"
    assert read(client, item, "time_tracking")["__typename"] == "UnsupportedValue"


def test_automatic_numbers_are_in_no_list_of_values(client: Client) -> None:
    query = f"{{ items(ids: {created(client)}) {{ column_values {{ id }} }} }}"
    assert "auto_number" not in [each["id"] for each in client.data(query)["items"][0]["column_values"]]


def test_file_column_takes_its_clearing(client: Client) -> None:
    item = created(client)
    value = 'value: "{\\"clear_all\\": true}"'
    query = (
        f'mutation {{ change_column_value(board_id: {BOARD}, item_id: {item}, column_id: "file", {value}) {{ id }} }}'
    )
    assert client.data(query)["change_column_value"] == {"id": item}


def test_name_among_the_values_renames_and_is_checked(client: Client) -> None:
    item = created(client)
    assert "errors" not in simply(client, item, "name", "Renamed")
    assert client.data(f"{{ items(ids: {item}) {{ name }} }}")["items"] == [{"name": "Renamed"}]
    assert code_of(create(client, {"name": "x" * 256})) == "ItemNameTooLongException"
    assert code_of(change(client, item, {"name": ""})) == "ItemNameTooLongException"


def test_all_values_of_an_item_hold_64_kilobytes(client: Client) -> None:
    assert "errors" not in create(client, {"text": "x" * 65_000})
    item = created(client, {"text": "x" * 64_000})
    assert code_of(create(client, {"text": "x" * 66_000})) == "ColumnValueException"
    assert code_of(change(client, item, {"long_text": {"text": "y" * 2000}})) == "ColumnValueException"
    assert read(client, item, "long_text")["text"] == ""


def test_seed_names_the_people_of_the_account(client: Client) -> None:
    seen = client.data("{ users { id name kind } teams { id name users { id } } tags { id name } }")
    assert [user["id"] for user in seen["users"]] == [USER_ID, "51"]
    assert seen["teams"] == [{"id": "61", "name": "Makers", "users": [{"id": "51"}]}]
    assert [tag["name"] for tag in seen["tags"]] == ["Urgent", "Late"]


def test_countries_are_those_of_the_standard() -> None:
    assert len(COUNTRIES) == 250
    assert all(len(code) == 2 and code.isupper() and name for code, name in COUNTRIES.items())
    assert (COUNTRIES["US"], COUNTRIES["CI"], COUNTRIES["ZW"]) == ("United States", "Ivory Coast", "Zimbabwe")


@pytest.mark.parametrize(
    ("column", "wanted", "found"),
    [
        ("email", "A@B.example", True), ("email", "label", True), ("email", "label - a@b.example", True),
        ("email", "lab", False), ("phone", "+12025550169", True), ("country", "japan", True), ("country", "JP", False),
        ("people", "ann other", True), ("people", "Ann", False), ("timeline", "2026-03-01 - 2026-03-15", True),
        ("checkbox", "v", True), ("link", "go", True), ("link", "HTTPS://a.example", True), ("hour", "09:05 am", True),
        ("week", "2026-03-16 - 2026-03-22", True), ("long_text", "LONG", True),
    ],
)  # fmt: skip
def test_look_up_finds_whole_texts_of_the_types_it_is_for(
    client: Client, column: str, wanted: str, found: bool
) -> None:
    values = {
        "email": "a@b.example Label", "phone": "+12025550169 US", "people": "51", "checkbox": {"checked": "true"},
        "country": {"countryCode": "JP", "countryName": "Japan"}, "link": "https://a.example go",
        "timeline": {"from": "2026-03-01", "to": "2026-03-15"}, "hour": {"hour": 9, "minute": 5}, "long_text": "Long",
        "week": {"week": {"startDate": "2026-03-16", "endDate": "2026-03-22"}},
    }  # fmt: skip
    item = created(client, values)
    query = (
        f"query ($v: [String]!) {{ items_page_by_column_values(board_id: {BOARD},"
        f' columns: [{{ column_id: "{column}", column_values: $v }}]) {{ items {{ id }} }} }}'
    )
    page = client.data(query, {"v": [wanted]})["items_page_by_column_values"]
    assert page["items"] == ([{"id": item}] if found else [])


@pytest.mark.parametrize(
    "column", ["item_id", "board_relation", "mirror", "tags", "rating", "file", "formula", "auto_number", "location",
               "vote", "time_tracking", "creation_log", "last_updated"]
)  # fmt: skip
def test_look_up_is_refused_for_the_other_types(client: Client, column: str) -> None:
    query = (
        f"{{ items_page_by_column_values(board_id: {BOARD},"
        f' columns: [{{ column_id: "{column}", column_values: ["x"] }}]) {{ items {{ id }} }} }}'
    )
    assert code_of(client.ask(query)) == "InvalidArgumentException"


def test_look_up_by_date_takes_one_value(client: Client) -> None:
    query = (
        f"query ($v: [String]!) {{ items_page_by_column_values(board_id: {BOARD},"
        ' columns: [{ column_id: "date", column_values: $v }]) { items { id } } }'
    )
    item = created(client, {"date": "2026-06-15"})
    found = client.data(query, {"v": ["2026-06-15"]})["items_page_by_column_values"]["items"]
    assert found == [{"id": item}]
    assert code_of(client.ask(query, {"v": ["2026-06-15", "2026-06-16"]})) == "InvalidArgumentException"
