"""Answers in the recordings' form, of operations that no recording beside the repository has: they would agree."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.conformance.recordings import AGREED, OFFICIAL, RECORDED, Replay, official_schema

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not RECORDED.exists(), reason="the official schema is not beside the repository"),
]

BOARD, ITEM = "18265908449", "18265908506"
GOOD: list[tuple[str, Any]] = [
    ("query{users{account {id name}}}", {"users": [{"account": {"id": "1", "name": "A"}}]}),
    (
        f"query{{boards(ids: {BOARD}){{activity_logs{{id event data}}}}}}",
        {"boards": [{"activity_logs": [{"id": "a", "event": "create_pulse", "data": "{}"}]}]},
    ),
    (
        f'mutation{{update_board(board_id: {BOARD}, board_attribute: description, new_value: "New")}}',
        {"update_board": '{"success":true}'},
    ),
    (
        f"mutation{{duplicate_board(board_id: {BOARD}, duplicate_type: duplicate_board_with_structure){{board{{id name description}}}}}}",
        {"duplicate_board": {"board": {"id": "2", "name": "Duplicate of X", "description": None}}},
    ),
    (f"mutation{{archive_board(board_id: {BOARD}){{id}}}}", {"archive_board": {"id": BOARD}}),
    (
        f'mutation{{delete_subscribers_from_board(board_id: {BOARD}, user_ids: ["63448757"]){{id}}}}',
        {"delete_subscribers_from_board": [{"id": "63448757"}]},
    ),
    (
        f'query{{boards(ids: "{BOARD}"){{columns{{id title description}}}}}}',
        {"boards": [{"columns": [{"id": "name", "title": "Name", "description": None}]}]},
    ),
    (
        f'mutation{{change_column_title(board_id: "{BOARD}", column_id: "text_mkx1", title: "T"){{id title description}}}}',
        {"change_column_title": {"id": "text_mkx1", "title": "T", "description": None}},
    ),
    (
        f'mutation{{change_column_metadata(board_id: "{BOARD}", column_id: "status", column_property: description, value: "D"){{id title description}}}}',
        {"change_column_metadata": {"id": "status", "title": "Status", "description": "D"}},
    ),
    (
        f'mutation{{change_simple_column_value(board_id: "{BOARD}", item_id: "{ITEM}", column_id: "status", value: "Waiting"){{id name}}}}',
        {"change_simple_column_value": {"id": ITEM, "name": "I"}},
    ),
    (
        f'mutation{{change_column_value(board_id: "{BOARD}", item_id: "{ITEM}", column_id: "date4", value: "{{\\"date\\": \\"2025-01-01\\"}}"){{id name}}}}',
        {"change_column_value": {"id": ITEM, "name": "I"}},
    ),
    (
        f'mutation{{change_multiple_column_values(board_id: "{BOARD}", item_id: "{ITEM}", column_values: "{{\\"text_mkx1\\": \\"a\\", \\"status\\": {{\\"label\\": \\"Waiting\\"}}}}"){{id name}}}}',
        {"change_multiple_column_values": {"id": ITEM, "name": "I"}},
    ),
    (
        f'mutation{{delete_column(board_id: "{BOARD}", column_id: "text_mkx1"){{id}}}}',
        {"delete_column": {"id": "text_mkx1"}},
    ),
    (
        f"query{{boards(ids: {BOARD}){{items_page{{items{{id name column_values{{id text value type}}}}}}}}}}",
        {
            "boards": [
                {
                    "items_page": {
                        "items": [
                            {
                                "id": ITEM,
                                "name": "I",
                                "column_values": [{"id": "text_1", "text": "a", "value": '"a"', "type": "text"}],
                            }
                        ]
                    }
                }
            ]
        },
    ),
    (
        f'mutation{{duplicate_group(board_id: "{BOARD}", group_id: "group_mk1", add_to_top: true, group_title: "C"){{id title}}}}',
        {"duplicate_group": {"id": "group_mk2", "title": "C"}},
    ),
    (
        f'mutation{{archive_group(board_id: "{BOARD}", group_id: "topics"){{id archived}}}}',
        {"archive_group": {"id": "topics", "archived": True}},
    ),
    (
        f'query{{items(ids: ["{ITEM}"]){{subitems{{id name created_at}}}}}}',
        {"items": [{"subitems": [{"id": "9", "name": "S", "created_at": "2025-10-27T02:14:40Z"}]}]},
    ),
    (
        f'mutation{{create_subitem(parent_item_id: "{ITEM}", item_name: "S"){{id name created_at}}}}',
        {"create_subitem": {"id": "9", "name": "S", "created_at": "2025-10-27T02:14:40Z"}},
    ),
    (
        f'query{{boards(ids: "{BOARD}"){{tags{{id name color}}}}}}',
        {"boards": [{"tags": [{"id": "7", "name": "t", "color": "#00ff00"}]}]},
    ),
    (
        f'mutation{{create_or_get_tag(tag_name: "t", board_id: {BOARD}){{id name}}}}',
        {"create_or_get_tag": {"id": "7", "name": "t"}},
    ),
    ("query{teams{id name users{id}}}", {"teams": []}),
    ("query{teams(ids: 5){id name}}", {"teams": [{"id": "5", "name": "T"}]}),
    (
        "query{updates(limit: 10){id body created_at}}",
        {"updates": [{"id": "3", "body": "b", "created_at": "2025-10-27T02:14:40Z"}]},
    ),
    (
        f'mutation{{create_update(item_id: "{ITEM}", body: "b"){{id body created_at}}}}',
        {"create_update": {"id": "3", "body": "b", "created_at": "2025-10-27T02:14:40Z"}},
    ),
    ('mutation{like_update(update_id: "3"){id}}', {"like_update": {"id": "3"}}),
    ("mutation{delete_update(id: 3){id}}", {"delete_update": {"id": "3"}}),
    (f"mutation{{clear_item_updates(item_id: {ITEM}){{id}}}}", {"clear_item_updates": {"id": ITEM}}),
    ("query{users(limit: 2){id name email}}", {"users": [{"id": "1", "name": "n", "email": "e"}]}),
    (
        f'mutation{{create_webhook(board_id: "{BOARD}", url: "https://x.example", event: create_item){{id board_id}}}}',
        {"create_webhook": {"id": "4", "board_id": BOARD}},
    ),
    (
        f"query{{webhooks(board_id: {BOARD}){{id event board_id config}}}}",
        {"webhooks": [{"id": "4", "event": "create_item", "board_id": BOARD, "config": None}]},
    ),
    ("mutation{delete_webhook(id: 4){id board_id}}", {"delete_webhook": {"id": "4", "board_id": BOARD}}),
    ("query{workspaces{id name description}}", {"workspaces": [{"id": "6", "name": "W", "description": None}]}),
    (
        'mutation{create_workspace(name: "W", kind: open, description: "d"){id name description}}',
        {"create_workspace": {"id": "6", "name": "W", "description": "d"}},
    ),
    ("mutation{delete_workspace(workspace_id: 6){id}}", {"delete_workspace": {"id": "6"}}),
    ('mutation{create_folder(workspace_id: 6, name: "F"){id name}}', {"create_folder": {"id": "8", "name": "F"}}),
    ('mutation{update_folder(folder_id: 8, name: "G"){id name}}', {"update_folder": {"id": "8", "name": "G"}}),
    ("mutation{delete_folder(folder_id: 8){id}}", {"delete_folder": {"id": "8"}}),
    ("query{folders(workspace_ids: 6){id name}}", {"folders": [{"id": "8", "name": "F"}]}),
    ("query{docs(limit: 3){id name url}}", {"docs": [{"id": "8", "name": "F", "url": "u"}]}),
    (
        'mutation{create_doc(location: {workspace: {workspace_id: 6, name: "D", kind: public}}){id}}',
        {"create_doc": {"id": "8"}},
    ),
    (
        'mutation{create_doc_block(type: normal_text, doc_id: 8, content: "{}"){id type}}',
        {"create_doc_block": {"id": "a-b", "type": "normal_text"}},
    ),
    ('mutation{delete_doc_block(block_id: "a-b"){id}}', {"delete_doc_block": {"id": "a-b"}}),
    (
        "mutation{add_users_to_team(team_id: 5, user_ids: [6]){successful_users{id name}}}",
        {"add_users_to_team": {"successful_users": [{"id": "6", "name": "n"}]}},
    ),
    (
        f'query{{items_page_by_column_values(board_id: {BOARD}, limit: 5, columns: [{{column_id: "status", column_values: ["Waiting"]}}]){{cursor items{{id name}}}}}}',
        {"items_page_by_column_values": {"cursor": None, "items": [{"id": ITEM, "name": "I"}]}},
    ),
    (
        f'query{{boards(ids: {BOARD}){{items_page(limit: 1, query_params: {{rules: [{{column_id: "status", compare_value: [1]}}]}}){{cursor items{{id column_values(ids: ["status"]){{id text ... on StatusValue{{index label}}}}}}}}}}}}',
        {
            "boards": [
                {
                    "items_page": {
                        "cursor": None,
                        "items": [
                            {
                                "id": ITEM,
                                "column_values": [{"id": "status", "text": "Done", "index": 1, "label": "Done"}],
                            }
                        ],
                    }
                }
            ]
        },
    ),
    (
        'query{next_items_page(limit: 2, cursor: "MSwxODI2NTkwODQ0OSw2UjR5M1Jva084RUJDa0N0V2lSejQsMTMsNSx8NTg3MDM1Mjg5"){cursor items{id}}}',
        {
            "next_items_page": {
                "cursor": "MSwxODI2NTkwODQ0OSw2UjR5M1Jva084RUJDa0N0V2lSejQsMTMsNyx8NTg3MDM1Mjg5",
                "items": [{"id": "1"}, {"id": "2"}],
            }
        },
    ),
    ("query{account{id name}}", {"account": {"id": "1", "name": "A"}}),
    ("query{me{id name email}}", {"me": {"id": "1", "name": "A", "email": "e"}}),
    ("query{boards(ids: [7]){id}}", {"boards": []}),
    ("query{items(ids: [7]){id}}", {"items": []}),
]
BAD: list[tuple[str, str, Any]] = [
    ("delete_board(board_id: 123){id}", "InvalidBoardIdException", {"board_id": 123}),
    ("archive_board(board_id: 123){id}", "USER_UNAUTHORIZED", {}),
    ('create_item(board_id: 123, item_name: "x"){id}', "InvalidBoardIdException", {"board_id": 123}),
    ("delete_item(item_id: 123){id}", "InvalidItemIdException", {"item_id": 123}),
    ('create_subitem(parent_item_id: 123, item_name: "x"){id}', "InvalidItemIdException", {"item_id": 123}),
    (
        f'delete_group(board_id: {BOARD}, group_id: "nope"){{id}}',
        "ResourceNotFoundException",
        {"resource_type": "group", "group_id": "nope", "board_id": int(BOARD), "error_reason": "x"},
    ),
    (
        f'change_column_title(board_id: {BOARD}, column_id: "nope", title: "T"){{id}}',
        "InvalidColumnIdException",
        {"column_id": "nope", "board_id": int(BOARD), "error_reason": "x"},
    ),
]
STATUS_CODES = {"USER_UNAUTHORIZED": 403, "ResourceNotFoundException": 404}


@pytest.fixture(scope="module")
def judging() -> Replay:
    return Replay(official_schema(OFFICIAL))


def recorded(query: str, body: Any) -> dict[str, Any]:
    return {
        "recorded_at": "Fri, 24 Oct 2025 16:11:23 GMT",
        "case": "plausible",
        "operation": query,
        "request": {"query": query},
        "authorized": True,
        "status": 200,
        "headers": {"api-version": "2025-07"},
        "body": json.dumps({**body, "extensions": {"request_id": "x"}}),
    }


@pytest.mark.parametrize(("query", "data"), GOOD, ids=[each[0][:60] for each in GOOD])
def test_good_answer_has_the_shape(judging: Replay, query: str, data: Any) -> None:
    verdict = judging.judge(recorded(query, {"data": data}))
    assert (verdict.kind, verdict.why) == (AGREED, ())


@pytest.mark.parametrize(("mutation", "code", "about"), BAD, ids=[each[0][:60] for each in BAD])
def test_refusal_has_the_shape(judging: Replay, mutation: str, code: str, about: Any) -> None:
    extensions = {"code": code, "status_code": STATUS_CODES.get(code, 200), "error_data": about, "service": "monolith"}
    name = mutation.partition("(")[0]
    error = {"message": "m", "locations": [{"line": 1, "column": 12}], "path": [name], "extensions": extensions}
    verdict = judging.judge(recorded(f"mutation{{{mutation}}}", {"data": {name: None}, "errors": [error]}))
    assert (verdict.kind, verdict.why) == (AGREED, ())


def test_file_is_sent_in_parts(judging: Replay) -> None:
    query = (
        f'mutation($file: File!){{add_file_to_column(item_id: {ITEM}, column_id: "file_mk1", file: $file){{id name}}}}'
    )
    data = {"add_file_to_column": {"id": "5", "name": "a.txt"}}
    verdict = judging.judge(recorded(query, {"data": data, "account_id": 1}))
    assert (verdict.kind, verdict.why) == (AGREED, ())


def test_a_recording_that_cannot_be_set_up_is_told_not_suffered(judging: Replay) -> None:
    odd = recorded("query{boards{id}}", {"data": {"boards": [{"groups": 5, "columns": [1], "id": "x"}]}})
    assert judging.judge(odd).kind != AGREED
