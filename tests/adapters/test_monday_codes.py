"""The table from what the server says to what it means, a test for each entry."""

from __future__ import annotations

import pytest

from order_sync.model.outcomes import ErrorClass
from order_sync.monday.codes import CODES, MESSAGES, classify, spelled
from order_sync.monday.replies import Complaint

WRITTEN = {
    ErrorClass.THROTTLED: [
        "COMPLEXITY_BUDGET_EXHAUSTED",
        "complexityBudgetExhausted",
        "ComplexityException",
        "MINUTE_RATE_LIMIT_EXCEEDED",
        "maxConcurrencyExceeded",
        "MAX_CONCURRENCY_EXCEEDED",
        "Rate Limit Exceeded",
        "RATE_LIMIT_EXCEEDED",
        "IP_RATE_LIMIT_EXCEEDED",
        "FIELD_LIMIT_EXCEEDED",
        "tooManyRequests",
        "Minute limit rate exceeded",
        "Concurrency limit exceeded",
    ],
    ErrorClass.DAILY_LIMIT: ["DAILY_LIMIT_EXCEEDED", "dailyLimitExceeded"],
    ErrorClass.BLOCKED_BY_API: ["API_TEMPORARILY_BLOCKED"],
    ErrorClass.AUTHENTICATION: [
        "NOT_AUTHENTICATED",
        "USER_UNAUTHORIZED",
        "UserUnauthorizedException",
        "USER_ACCESS_DENIED",
        "missingRequiredPermissions",
        "UNAUTHORIZED_FIELD_OR_TYPE",
    ],
    ErrorClass.CONFIGURATION: [
        "InvalidBoardIdException",
        "InvalidColumnIdException",
        "invalid_column_id",
        "InvalidVersionException",
        "GRAPHQL_VALIDATION_FAILED",
        "GRAPHQL_PARSE_FAILED",
        "undefinedField",
    ],
    ErrorClass.BOARD_FULL: ["ItemsLimitationException", "ITEMS_LIMITATION"],
    ErrorClass.REJECTED_VALUE: [
        "ColumnValueException",
        "columnvalue",
        "CorrectedValueException",
        "ItemNameTooLongException",
        "InvalidUserIdException",
    ],
    ErrorClass.REJECTED_ROW: [
        "InvalidItemIdException",
        "InvalidArgumentException",
        "JsonParseException",
        "RecordInvalidException",
        "CreateBoardException",
    ],
    ErrorClass.SERVER_ERROR: ["INTERNAL_SERVER_ERROR", "InternalServerError"],
    ErrorClass.AMBIGUOUS: ["IDEMPOTENCY_CONFLICT", "TIMEOUT_EXCEEDED", "SomethingNobodyHasSeen", "", "💥"],
}


@pytest.mark.parametrize(("error_class", "code"), [(kind, code) for kind, codes in WRITTEN.items() for code in codes])
def test_each_spelling_of_a_code(error_class: ErrorClass, code: str) -> None:
    assert classify(Complaint("said", code=code), 200) is error_class
    assert classify(Complaint("said", code=code.upper()), 200) is error_class


def test_every_code_of_the_table_is_written_above() -> None:
    tried = {spelled(code) for codes in WRITTEN.values() for code in codes}
    others = {"fieldminuteratelimitexceeded", "dailyratelimitexceeded", "youripisrestricted", "unauthorized"}
    others |= {"argumentnotaccepted", "argumentliteralsincompatible", "resourcelocked", "locked"}
    others |= {"resourcenotfound", "deletelastgroup"}
    assert set(CODES) - tried == others


SPOKEN = [
    ("Daily limit exceeded", ErrorClass.DAILY_LIMIT),
    ("Complexity budget exhausted, query cost 30001 budget remaining 19986", ErrorClass.THROTTLED),
    ("Rate limit already blocked for board-columns-errors", ErrorClass.THROTTLED),
    ("Rate limit exceeded for board-columns", ErrorClass.THROTTLED),
    ("Minute rate limit exceeded", ErrorClass.THROTTLED),
    ("Minute limit rate exceeded", ErrorClass.THROTTLED),
    ("IP rate limit exceeded", ErrorClass.THROTTLED),
    ("Too many concurrent requests", ErrorClass.THROTTLED),
    ("Concurrency limit exceeded for the field", ErrorClass.THROTTLED),
    ("Not Authenticated", ErrorClass.AUTHENTICATION),
    ("Your ip is restricted", ErrorClass.AUTHENTICATION),
    ("User unauthorized to perform action", ErrorClass.AUTHENTICATION),
    ("Resource is currently locked, please try again later", ErrorClass.LOCKED),
    ('Cannot query field "x" on type "Board".', ErrorClass.CONFIGURATION),
    ('Unknown argument "z" on field "Mutation.create_group".', ErrorClass.CONFIGURATION),
    ('Enum "BoardKind" cannot represent non-enum value: "y".', ErrorClass.CONFIGURATION),
    ('Field "create_item" argument "board_id" of type "ID!" is required', ErrorClass.CONFIGURATION),
    ("Syntax Error: Expected Name, found }", ErrorClass.CONFIGURATION),
    ("You have reached the labels limit of this column", ErrorClass.CONFIGURATION),
    ("Variable $board of type ID! was provided invalid value", ErrorClass.CONFIGURATION),
    ("Variable $v3 of type JSON! was provided invalid value", ErrorClass.REJECTED_ROW),
    ('Variable "$n12" got invalid value 5', ErrorClass.REJECTED_ROW),
    ("Internal server error", ErrorClass.SERVER_ERROR),
    ("no such luck", ErrorClass.AMBIGUOUS),
]


@pytest.mark.parametrize(("message", "error_class"), SPOKEN)
def test_messages_decide_where_no_code_does(message: str, error_class: ErrorClass) -> None:
    assert classify(Complaint(message), 200) is error_class


def test_every_message_pattern_is_spoken_above() -> None:
    assert all(any(pattern.search(message) for message, _ in SPOKEN) for pattern, _ in MESSAGES)


def test_a_code_wins_over_a_message() -> None:
    assert classify(Complaint("Not authenticated", code="ColumnValueException"), 200) is ErrorClass.REJECTED_VALUE


@pytest.mark.parametrize(
    ("status", "code", "error_class"),
    [
        (429, "ColumnValueException", ErrorClass.THROTTLED),
        (429, None, ErrorClass.THROTTLED),
        (429, "DAILY_LIMIT_EXCEEDED", ErrorClass.DAILY_LIMIT),
        (401, "ColumnValueException", ErrorClass.AUTHENTICATION),
        (500, "ColumnValueException", ErrorClass.SERVER_ERROR),
        (502, "ColumnValueException", ErrorClass.AMBIGUOUS),
        (503, "TIMEOUT_EXCEEDED", ErrorClass.AMBIGUOUS),
        (423, None, ErrorClass.LOCKED),
        (409, "IDEMPOTENCY_CONFLICT", ErrorClass.AMBIGUOUS),
        (409, "SomethingElse", ErrorClass.AMBIGUOUS),
        (409, "DeleteLastGroupException", ErrorClass.REJECTED_ROW),
        (403, "USER_ACCESS_DENIED", ErrorClass.AUTHENTICATION),
        (403, None, ErrorClass.AMBIGUOUS),
        (400, "JsonParseException", ErrorClass.REJECTED_ROW),
        (422, "RecordInvalidException", ErrorClass.REJECTED_ROW),
    ],
)
def test_the_http_status_decides_first(status: int, code: str | None, error_class: ErrorClass) -> None:
    assert classify(Complaint("said", code=code), status) is error_class


@pytest.mark.parametrize(
    ("inside", "error_class"),
    [
        (429, ErrorClass.THROTTLED),
        (423, ErrorClass.LOCKED),
        (401, ErrorClass.AUTHENTICATION),
        (500, ErrorClass.SERVER_ERROR),
        (403, ErrorClass.AMBIGUOUS),
    ],
)
def test_the_status_inside_the_body_helps_an_unknown_code(inside: int, error_class: ErrorClass) -> None:
    assert classify(Complaint("said", code="Novel", status_code=inside), 200) is error_class


@pytest.mark.parametrize(
    ("message", "data", "error_class"),
    [
        ("Group not found", {"resource_type": "group", "group_id": "g"}, ErrorClass.GROUP_GONE),
        ("Group not found", None, ErrorClass.GROUP_GONE),
        ("Board not found", {"resource_type": "board"}, ErrorClass.CONFIGURATION),
        ("Column not found", {}, ErrorClass.CONFIGURATION),
        ("Item not found", {"resource_type": "item", "group_id": "g"}, ErrorClass.REJECTED_ROW),
    ],
)
def test_what_was_not_found(message: str, data: dict[str, object] | None, error_class: ErrorClass) -> None:
    assert classify(Complaint(message, code="ResourceNotFoundException", data=data), 200) is error_class
