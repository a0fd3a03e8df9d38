"""Every error of the catalogue in its present form, and how a client meets it: by its natural cause, else by a fault."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from simulator_client import BOARD, TOKEN, Client, simulated

from monday_simulator import Answer, ConnectionDropped, Latency, Limits, load_faults
from monday_simulator.gateway.faults import FaultError

CREATE = f'mutation {{ create_item(board_id: {BOARD}, item_name: "x") {{ id }} }}'
READ = "{ me { id } }"
BOARDS = f"{{ boards(ids: {BOARD}) {{ id columns {{ id }} }} }}"
ANY: Any = ...


def create(arguments: str) -> str:
    return f"mutation {{ create_item({arguments}) {{ id }} }}"


@dataclass(frozen=True)
class Met:
    """A request and how it is answered.

    first: requests before it. code: of the first error; None for one that has none. inside: its status_code.
    error: further parts of its extensions. message: how it begins. keys: of the body. applied: whether the item
    is on the board afterwards.
    """

    query: str
    status: int
    code: str | None
    message: str
    inside: int | None = None
    error: dict[str, Any] = field(default_factory=dict)
    keys: frozenset[str] = frozenset({"data", "errors", "extensions"})
    retry: int | None = None
    applied: bool = False
    first: tuple[str, ...] = ()
    wait: float = 0.0
    fault: dict[str, Any] | None = None
    settings: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    variables: dict[str, Any] = field(default_factory=dict)


GATEWAY = frozenset({"errors", "extensions"})
BARE = frozenset({"errors"})
CLASSIC = frozenset({"errors", "extensions", "status_code", "error_message", "error_code"})


def natural(query: str, status: int, code: str | None, message: str, **more: Any) -> Met:
    return Met(query, status, code, message, **more)


def by_fault(kind: str, query: str, status: int, code: str | None, message: str, **more: Any) -> Met:
    """rule: further fields of the fault."""
    return Met(query, status, code, message, fault={"kind": kind, "nth": 1, **more.pop("rule", {})}, **more)


def throttled(code: str, message: str, wait: int) -> Met:
    rule = {"code": code, "retry_in_seconds": wait}
    told = {"retry_in_seconds": wait}
    return by_fault("throttle_429", CREATE, 429, code, message, rule=rule, keys=GATEWAY, retry=wait, error=told)


def of_a_field(code: str, inside: int, message: str) -> Met:
    return by_fault("bad_alias", CREATE, 200, code, message, rule={"code": code}, inside=inside)


UNKNOWN_BOARD = {"error_data": {"board_id": 1}}
CATALOGUE = {
    "no token": natural(READ, 401, "NOT_AUTHENTICATED", "Not authenticated", headers={"Authorization": ""}, keys=BARE),
    "restricted address": by_fault(
        "refused", CREATE, 401, None, "Your ip is restricted", rule={"code": "IP_RESTRICTED"}, keys=BARE
    ),
    "access denied": by_fault("refused", CREATE, 403, "USER_ACCESS_DENIED", "User access denied", keys=GATEWAY),
    "invalid record": by_fault(
        *("refused", CREATE, 422, "RecordInvalidException", "Record invalid"),
        rule={"code": "RecordInvalidException"},
        keys=GATEWAY,
    ),
    "no right to the board": natural(
        *("mutation { archive_board(board_id: 1) { id } }", 200, "USER_UNAUTHORIZED", "User unauthorized"), inside=403
    ),
    "scope": of_a_field("missingRequiredPermissions", 403, "Missing required permissions"),
    "field of another scope": of_a_field("UNAUTHORIZED_FIELD_OR_TYPE", 403, "Unauthorized field or type"),
    "unknown field": natural("{ boards { x } }", 200, None, 'Cannot query field "x" on type "Board".', keys=GATEWAY),
    "unknown enum": natural(
        *('mutation { create_board(board_name: "x", board_kind: "y") { id } }', 200, None),
        'Enum "BoardKind" cannot represent non-enum value: "y".',
        keys=GATEWAY,
    ),
    "unknown argument": natural(
        *('mutation { create_group(board_id: 1, group_name: "x", z: 1) { id } }', 200, None),
        'Unknown argument "z" on field "Mutation.create_group".',
        keys=GATEWAY,
    ),
    "syntax": natural("{ me { id ", 200, None, "Syntax Error", keys=GATEWAY),
    "no query": natural(" ", 400, "JsonParseException", "Bad request", keys=GATEWAY),
    "version": natural(
        *(READ, 200, "InvalidVersionException", "Invalid API version"), headers={"API-Version": "2023"}, keys=GATEWAY
    ),
    "board": natural(
        *(create('board_id: 1, item_name: "x"'), 200, "InvalidBoardIdException"),
        "The board does not exist. Please check your board ID and try again",
        inside=200,
        error=UNKNOWN_BOARD,
    ),
    "item": natural(
        *("mutation { archive_item(item_id: 1) { id } }", 200, "InvalidItemIdException", "Item not found"),
        inside=200,
        error={"error_data": {"item_id": 1}},
    ),
    "column": natural(
        *(create(f'board_id: {BOARD}, item_name: "x", column_values: "{{\\"nope\\": 1}}"'), 200),
        *("InvalidColumnIdException", "This column ID doesn't exist for the board"),
        inside=200,
    ),
    "group": natural(
        *(create(f'board_id: {BOARD}, item_name: "x", group_id: "g"'), 200, "ResourceNotFoundException"),
        "Group not found",
        inside=404,
    ),
    "label": natural(
        *(create(f'board_id: {BOARD}, item_name: "x", column_values: "{{\\"color_mk1\\": \\"None\\"}}"'), 200),
        *("ColumnValueException", "invalid value"),
        inside=200,
    ),
    "corrected value": of_a_field("CorrectedValueException", 200, "Invalid value"),
    "user id": of_a_field("InvalidUserIdException", 200, "User ids are invalid"),
    "board that cannot be made": of_a_field("CreateBoardException", 200, "The board could not be created"),
    "argument": natural(
        *("query ($ids: [ID!]) { items(ids: $ids) { id } }", 200, "InvalidArgumentException", "At most 100"),
        variables={"ids": [str(each) for each in range(101)]},
        inside=200,
    ),
    "long name": natural(
        *(create(f'board_id: {BOARD}, item_name: "{"x" * 256}"'), 200, "ItemNameTooLongException", "Item name"),
        inside=200,
    ),
    "full board": natural(
        *(CREATE, 200, "ItemsLimitationException", "Board has reached its limit"),
        settings={"limits": Limits(items_per_board=1)},
        first=(CREATE,),
        inside=200,
        applied=True,
    ),
    "last group": natural(
        f'mutation {{ delete_group(board_id: {BOARD}, group_id: "group_mksecond") {{ id }} }}',
        *(409, "DeleteLastGroupException", ""),
        first=(f'mutation {{ delete_group(board_id: {BOARD}, group_id: "group_mkfirst") {{ id }} }}',),
        inside=409,
    ),
    "variable that is no JSON": natural(
        *('mutation ($v: JSON!) { create_item(board_id: 1, item_name: "x", column_values: $v) { id } }', 200, None),
        "Variable $v of type JSON! was provided invalid value",
        variables={"v": "not-valid-json"},
        keys=GATEWAY,
    ),
    "key in use": natural(
        *(CREATE, 409, "IDEMPOTENCY_CONFLICT", "A request with this idempotency key is currently being processed"),
        first=(CREATE,),
        fault={"kind": "late_apply", "nth": 1, "after_seconds": 9},
        headers={"Idempotency-Key": "k"},
        keys=GATEWAY,
        retry=5,
    ),
    "lock": by_fault(
        *("locked_423", CREATE, 423, ANY, "Resource is currently locked, please try again later"), keys=GATEWAY
    ),
    "points": natural(
        *(CREATE, 429, "COMPLEXITY_BUDGET_EXHAUSTED", "Complexity budget exhausted"),
        settings={"limits": Limits(complexity_per_minute=30_000)},
        error={"retry_in_seconds": 60},
        keys=GATEWAY,
        retry=60,
    ),
    "points by fault": throttled("COMPLEXITY_BUDGET_EXHAUSTED", "Complexity budget exhausted", 22),
    "minute": throttled("MINUTE_RATE_LIMIT_EXCEEDED", "Minute rate limit exceeded", 58),
    "at once": throttled("MAX_CONCURRENCY_EXCEEDED", "Too many concurrent requests", 15),
    "day": throttled("DAILY_LIMIT_EXCEEDED", "Daily limit exceeded", 3599),
    "address": throttled("IP_RATE_LIMIT_EXCEEDED", "IP rate limit exceeded", 30),
    "jobs": by_fault(
        *("throttle_429", CREATE, 429, "RATE_LIMIT_EXCEEDED", "Rate limit exceeded"),
        rule={"code": "RATE_LIMIT_EXCEEDED", "retry_in_seconds": 7},
        error={"retryAfterMs": 7000},
        keys=GATEWAY,
        retry=7,
    ),
    "subgraph of a read": by_fault(
        *("throttle_subgraph", BOARDS, 200, "tooManyRequests", "Rate limit already blocked for board-columns-errors"),
        inside=400,
        error={"service": "data-structure"},
    ),
    "subgraph below a write": by_fault(
        *("throttle_subgraph", CREATE.replace("{ id }", "{ id board { id } }"), 200, "tooManyRequests", "Rate limit"),
        inside=400,
        applied=True,
    ),
    "field": by_fault(
        *("throttle_field", CREATE, 200, "FIELD_LIMIT_EXCEEDED", "Concurrency limit exceeded for the field"),
        rule={"retry_in_seconds": 15},
        error={"retry_in_seconds": 15},
        inside=429,
    ),
    "blocked": by_fault(
        *("throttle_200", CREATE, 200, "API_TEMPORARILY_BLOCKED", "API temporarily blocked"),
        rule={"code": "API_TEMPORARILY_BLOCKED"},
        keys=GATEWAY,
    ),
    "points as until 2024": by_fault(
        *("throttle_200", CREATE, 200, None, "Complexity budget exhausted, query cost"),
        keys=frozenset({"error_code", "status_code", "error_message", "error_data", "errors", "account_id"}),
    ),
    "500 before": by_fault(
        *("error_500_before", CREATE, 500, "INTERNAL_SERVER_ERROR", "Internal server error"), inside=500, keys=CLASSIC
    ),
    "500 after": by_fault(
        *("error_500_after", CREATE, 500, "INTERNAL_SERVER_ERROR", "Internal server error"),
        inside=500,
        keys=CLASSIC,
        applied=True,
    ),
    "500 inside 200": natural(
        *('mutation { archive_item(item_id: "x") { id } }', 200, "INTERNAL_SERVER_ERROR", "Internal server error"),
        inside=500,
    ),
    "timeout": natural(
        *(CREATE, 503, "TIMEOUT_EXCEEDED", "Request processing timeout exceeded"),
        settings={"latency": Latency(per_mutation_ms=60_001)},
        keys=BARE,
    ),
    "expired cursor": natural(
        *("query ($c: String!) { next_items_page(cursor: $c, limit: 1) { cursor } }", 200, "CursorException"),
        "The cursor provided for pagination has expired",
        inside=200,
        wait=3600.0,
        applied=True,
        first=(
            CREATE,
            CREATE,
            f"{{ boards(ids: {BOARD}) {{ items_page(limit: 1) {{ cursor }} }} }}",
        ),
    ),
}


def asked(client: Client, query: str, variables: dict[str, Any], headers: dict[str, str]) -> Answer:
    body = json.dumps({"query": query, "variables": variables}).encode()
    return client.simulator.handle("POST", "/v2", {"Authorization": TOKEN, **headers}, body)


def cursor_in(answer: Answer | None) -> dict[str, str]:
    """The cursor for the next request, where the answer has one."""
    boards = answer.json()["data"].get("boards") if answer is not None and answer.status == 200 else None
    return {"c": boards[0]["items_page"]["cursor"]} if boards else {}


def answered(met: Met) -> tuple[Client, Answer]:
    faults = load_faults([met.fault]) if met.fault else ()
    client = simulated(faults=faults, **met.settings)
    last: Answer | None = None
    for each in met.first:
        try:
            last = asked(client, each, {}, met.headers)
        except ConnectionDropped:
            last = None
    client.simulator.clock.sleep(timedelta(seconds=met.wait))
    return client, asked(client, met.query, {**met.variables, **cursor_in(last)}, met.headers)


@pytest.mark.parametrize("name", CATALOGUE)
def test_error_has_its_form(name: str) -> None:
    met = CATALOGUE[name]
    client, answer = answered(met)
    body = answer.json()
    assert (answer.status, frozenset(body)) == (met.status, met.keys)
    error = body["errors"][0]
    extensions = {} if isinstance(error, str) else error.get("extensions", {})
    if met.code is not ANY:
        assert extensions.get("code", extensions.get("error_code")) == met.code
    assert (error if isinstance(error, str) else error["message"]).startswith(met.message)
    assert extensions.get("status_code") == met.inside
    assert met.error.items() <= extensions.items()
    assert answer.headers.get("Retry-After") == (None if met.retry is None else str(met.retry))
    assert ("x" in client.names()) is met.applied


@pytest.mark.parametrize("name", CATALOGUE)
def test_answer_has_the_headers_of_its_kind(name: str) -> None:
    """The limits on whatever the service says to somebody it knows; no version before a document was understood."""
    met = CATALOGUE[name]
    _, answer = answered(met)
    is_known = name != "no token"
    assert ("RateLimit" in answer.headers) is ("RateLimit-Policy" in answer.headers) is is_known
    assert answer.is_json
    if answer.status == 401 or (met.keys == GATEWAY and met.code is None and not met.variables):
        assert "API-Version" not in answer.headers
    if "extensions" in answer.json():
        assert answer.headers["X-Request-Id"] == answer.json()["extensions"]["request_id"]


@pytest.mark.parametrize(
    ("kind", "status", "applied"),
    [
        ("html_502_before", 502, False),
        ("html_502_after", 502, True),
        ("gateway_504_before", 504, False),
        ("gateway_504_after", 504, True),
        ("wrong_json", 200, True),
    ],
)
def test_answer_that_is_no_json(kind: str, status: int, applied: bool) -> None:
    client = simulated(faults=load_faults([{"kind": kind, "nth": 1}]))
    answer = client.send(CREATE)
    assert answer.status == status
    with pytest.raises(msgspec.DecodeError):
        answer.json()
    assert (client.names() == ["x"]) is applied


@pytest.mark.parametrize(
    ("kind", "applied"),
    [("reset_unread", False), ("reset_before", False), ("lost_after", True), ("half_answer", True)],
)
def test_no_whole_answer(kind: str, applied: bool) -> None:
    client = simulated(faults=load_faults([{"kind": kind, "nth": 1}]))
    client.drop(CREATE)
    assert (client.names() == ["x"]) is applied


def test_reply_without_the_alias_and_without_an_error() -> None:
    client = simulated(faults=load_faults([{"kind": "missing_alias", "nth": 1}]))
    assert set(client.ask(CREATE)) == {"data", "extensions"}
    assert client.names() == ["x"]


def test_code_that_refuses_no_request_is_no_script() -> None:
    with pytest.raises(FaultError, match="RecordInvalidException"):
        load_faults([{"kind": "refused", "nth": 1, "code": "InvalidItemIdException"}])
