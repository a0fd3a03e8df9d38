"""Errors as they were told before today's form."""

from __future__ import annotations

from typing import Any

import pytest
from simulator_client import BOARD, simulated

from monday_simulator import ErrorFormat, Limits, Simulator, VirtualClock

OLDEST, OLD, EARLY = ErrorFormat.UNTIL_2024_07, ErrorFormat.V2024_10, ErrorFormat.V2025_01
ARCHIVE = "mutation { archive_board(board_id: 123) { id } }"
TOP = {"error_code", "status_code", "error_message", "error_data", "account_id"}


def told(form: ErrorFormat, query: str, variables: Any = None, **settings: Any) -> tuple[int, Any]:
    answer = simulated(error_format=form, **settings).send(query, variables)
    return answer.status, answer.json()


def test_without_a_token_2024_said_one_text() -> None:
    simulator = Simulator(clock=VirtualClock(), error_format=OLDEST)
    answer = simulator.handle("POST", "/v2", {}, b"{}")
    assert (answer.status, answer.json()) == (401, {"errors": ["Not Authenticated"]})


@pytest.mark.parametrize("form", [OLDEST, OLD])
def test_good_answer_of_2024_names_the_account(form: ErrorFormat) -> None:
    status, body = told(form, "{ me { name } }")
    assert status == 200
    assert set(body) == {"data", "account_id"}


def test_error_stood_at_the_top_with_a_status_of_its_own() -> None:
    status, body = told(OLDEST, ARCHIVE)
    assert (status, set(body)) == (403, TOP)
    assert (body["error_code"], body["status_code"]) == ("UserUnauthorizedException", 403)


def test_2024_10_told_it_twice() -> None:
    status, body = told(OLD, ARCHIVE)
    assert (status, set(body)) == (403, {"errors", *TOP})
    assert body["errors"][0]["extensions"]["code"] == "UserUnauthorizedException"


def test_2025_01_told_it_as_today_under_the_older_code() -> None:
    status, body = told(EARLY, ARCHIVE)
    assert (status, set(body)) == (200, {"data", "errors", "extensions"})
    assert body["errors"][0]["extensions"]["code"] == "UserUnauthorizedException"
    assert told(ErrorFormat.CURRENT, ARCHIVE)[1]["errors"][0]["extensions"]["code"] == "USER_UNAUTHORIZED"


def test_internal_error_had_its_status() -> None:
    status, body = told(OLDEST, 'mutation { delete_item(item_id: "x") { id } }')
    assert (status, body["error_code"], body["status_code"]) == (500, "INTERNAL_SERVER_ERROR", 500)


def test_json_that_is_none_was_a_bad_request() -> None:
    query = f'mutation ($v: JSON!) {{ create_item(board_id: {BOARD}, item_name: "x", column_values: $v) {{ id }} }}'
    status, body = told(OLDEST, query, {"v": "{"})
    assert (status, body["error_code"], body["error_data"]) == (400, "JsonParseException", {"json": "{"})


def test_exhausted_complexity_was_told_in_a_200() -> None:
    status, body = told(OLDEST, "{ me { name } }", limits=Limits(complexity_per_minute=0))
    assert (status, body["status_code"], body["error_code"]) == (200, 429, "ComplexityException")
    assert body["errors"] == [body["error_message"]]


@pytest.mark.parametrize(
    ("query", "message", "path", "extensions"),
    [
        (
            "query { items { invalid_field } }",
            "Field 'invalid_field' doesn't exist on type 'Item'",
            ["query", "items", "invalid_field"],
            {"code": "undefinedField", "typeName": "Item", "fieldName": "invalid_field"},
        ),
        (
            'mutation { create_group(board_id: 1, group_name: "x", zzzz: 1) { id } }',
            "Field 'create_group' doesn't accept argument 'zzzz'",
            ["mutation", "create_group", "zzzz"],
            {"code": "argumentNotAccepted", "name": "create_group", "typeName": "Field", "argumentName": "zzzz"},
        ),
        (
            "mutation M { a: create_group(board_id: 1) { id } }",
            "Field 'create_group' is missing required arguments: group_name",
            ["mutation M", "a"],
            {
                "code": "missingRequiredArguments",
                "className": "Field",
                "name": "create_group",
                "arguments": "group_name",
            },
        ),
        (
            'mutation { create_board(board_name: "x", board_kind: "y") { id } }',
            "Argument 'board_kind' on Field 'create_board' has an invalid value (\"y\"). Expected type 'BoardKind'.",
            ["mutation", "create_board", "board_kind"],
            {"code": "argumentLiteralsIncompatible", "typeName": "Field", "argumentName": "board_kind"},
        ),
        (
            "{ boards }",
            "Field must have selections (field 'boards' returns Board but has no selections. Did you mean 'boards { ... }'?)",
            ["query", "boards"],
            {"code": "selectionMismatch", "nodeName": "field 'boards'", "typeName": "Board"},
        ),
    ],
)
def test_refused_document_was_told_in_single_quotes_with_a_code(
    query: str, message: str, path: list[str], extensions: dict[str, str]
) -> None:
    status, body = told(OLDEST, query)
    assert (status, set(body)) == (200, {"errors", "account_id"})
    (error,) = body["errors"]
    assert (error["message"], error["path"], error["extensions"]) == (message, path, extensions)


def test_text_that_is_no_document_was_a_parse_error() -> None:
    error = told(OLDEST, "{ me { id ")[1]["errors"][0]
    assert error["message"].startswith("Parse error at [1, ")
    assert set(error) == {"message", "locations"}
