"""Tokens, versions, bodies and documents that the simulator takes or refuses."""

from __future__ import annotations

import json

import pytest
from graphql import build_client_schema, get_introspection_query
from simulator_client import BOARD, TOKEN, code_of, simulated

ME = json.dumps({"query": "{ me { id } }"}).encode()


@pytest.mark.parametrize("headers", [{}, {"Authorization": ""}, {"Authorization": "Bearer "}])
def test_without_token_nobody_is_let_in(headers: dict[str, str]) -> None:
    answer = simulated().simulator.handle("POST", "/v2", headers, ME)
    assert answer.status == 401
    assert answer.json() == {"errors": [{"message": "Not authenticated", "extensions": {"code": "NOT_AUTHENTICATED"}}]}
    assert "API-Version" not in answer.headers


def test_only_the_configured_token_is_accepted() -> None:
    simulator = simulated(token=TOKEN).simulator
    assert simulator.handle("POST", "/v2", {"authorization": TOKEN}, ME).status == 200
    assert simulator.handle("POST", "/v2", {"authorization": f"Bearer {TOKEN}"}, ME).status == 200
    assert simulator.handle("POST", "/v2", {"authorization": "another"}, ME).status == 401


@pytest.mark.parametrize(
    ("asked", "served"),
    [
        (None, "2026-10"),
        ("2026-10", "2026-10"),
        ("2026-07", "2026-07"),
        ("2027-01", "2027-01"),
        ("dev", "dev"),
        ("2025-04", "2026-07"),
        ("2024-02", "2026-10"),
        ("2031-01", "2026-10"),
    ],
)
def test_version_is_the_one_documented(asked: str | None, served: str) -> None:
    client = simulated()
    headers = {} if asked is None else {"API_Version": asked}
    answer = client.send("{ version { value } }", **headers)
    assert answer.headers["API-Version"] == served
    assert answer.json()["data"]["version"]["value"] == served


OLDER = "{ me { is_admin enabled is_guest is_pending is_view_only join_date photo_tiny photo_url { tiny } } }"


@pytest.mark.parametrize("asked", ["2026-07", "2026-01", "2024-10"])
def test_fields_that_were_taken_away_are_there_for_whoever_asks_for_a_version_before(asked: str) -> None:
    me = simulated().data(OLDER, API_Version=asked)["me"]
    assert (me["is_admin"], me["enabled"], me["is_guest"]) == (True, True, False)
    assert me["photo_tiny"] == me["photo_url"]["tiny"]


def test_fields_that_were_taken_away_are_unknown_today() -> None:
    messages = [error["message"] for error in simulated().ask(OLDER, API_Version="2026-10")["errors"]]
    assert 'Cannot query field "is_admin" on type "User".' in messages


def test_fields_that_came_with_today_are_unknown_before() -> None:
    query = "{ platform_api { daily_limit { addon { quantity } } } }"
    client = simulated()
    assert client.data(query, API_Version="2026-10")
    assert 'Cannot query field "addon"' in client.ask(query, API_Version="2026-07")["errors"][0]["message"]


def test_malformed_version_is_refused() -> None:
    assert code_of(simulated().ask("{ me { id } }", API_Version="2023")) == "InvalidVersionException"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"\xff\xfe",
        b'{"query": ""}',
        b'{"query": 5}',
        b'{"query": "{ me { id } }", "variables": "{}"}',
        b'{"query": "{ me { id } }", "operationName": 5}',
        b"[" * 100_000,
    ],
)
def test_body_that_is_no_request_is_a_bad_request(body: bytes) -> None:
    answer = simulated().simulator.handle("POST", "/v2", {"Authorization": TOKEN}, body)
    assert answer.status == 400
    assert code_of(answer.json()) == "JsonParseException"


def test_other_methods_and_paths_are_refused() -> None:
    simulator = simulated().simulator
    assert simulator.handle("GET", "/v2", {"Authorization": TOKEN}, b"").status == 400
    assert simulator.handle("POST", "/v1", {"Authorization": TOKEN}, ME).status == 404


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("{ items { invalid_field } }", 'Cannot query field "invalid_field" on type "Item".'),
        (
            'mutation { create_group(board_id: 1, group_name: "x", zzzz: 1) { id } }',
            'Unknown argument "zzzz" on field "Mutation.create_group".',
        ),
        (
            'mutation { create_board(board_name: "x", board_kind: "y") { id } }',
            'Enum "BoardKind" cannot represent non-enum value: "y".',
        ),
        (
            "mutation { create_group(board_id: 1) { id } }",
            ('Field "create_group" argument "group_name" of type "String!" is required, but it was not provided.'),
        ),
        ("{ me { id ", "Syntax Error: Expected Name, found <EOF>."),
    ],
)
def test_invalid_document_is_refused_in_the_services_wording(query: str, message: str) -> None:
    client = simulated()
    answer = client.send(query)
    assert answer.status == 200
    assert set(answer.json()) == {"errors", "extensions"}
    error = answer.json()["errors"][0]
    assert error["message"] == message
    assert set(error) == {"message", "locations"}
    assert "API-Version" not in answer.headers


def test_missing_variable_is_refused() -> None:
    query = f"mutation ($n: String!) {{ create_item(board_id: {BOARD}, item_name: $n) {{ id }} }}"
    answer = simulated().ask(query)
    assert answer["errors"][0]["message"] == 'Variable "$n" of required type "String!" was not provided.'
    assert "data" not in answer


def test_operation_is_chosen_by_its_name() -> None:
    client = simulated()
    query = "query A { me { id } } query B { account { id } }"
    body = {"query": query, "operationName": "B"}
    answer = client.simulator.handle("POST", "/v2", {"Authorization": TOKEN}, json.dumps(body).encode())
    assert set(answer.json()["data"]) == {"account"}
    assert "operation name" in client.ask(query)["errors"][0]["message"]


def test_deep_nesting_is_refused_not_suffered() -> None:
    depth = 3_000
    answer = simulated().send("{" + "a{" * depth + "b" + "}" * depth + "}")
    assert answer.status == 200
    assert "errors" in answer.json()


def test_good_answer_names_request_version_and_limits() -> None:
    client = simulated()
    answer = client.send("{ me { id } }")
    assert answer.headers["X-Request-Id"] == answer.json()["extensions"]["request_id"]
    assert answer.headers["Content-Type"] == "application/json"
    assert '"complexityMinute";q=10000000;w=60' in answer.headers["RateLimit-Policy"]
    assert answer.headers["RateLimit"].startswith('"minuteRate";r=4999')


def test_schema_can_be_asked_for() -> None:
    answer = simulated().data(get_introspection_query())
    described = build_client_schema(answer)
    assert described.mutation_type is not None
    assert "create_item" in described.mutation_type.fields


def test_headers_of_a_client_that_nobody_knows_do_no_harm() -> None:
    answer = simulated().send("{ me { id } }", Api_Sdk_Version="14.0.0", X_Anything="else")
    assert answer.status == 200
