"""From an answer to one outcome per row."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from tests.monday_fakes import BOARD, complaint, items, outcomes, reply

from order_sync.model.ids import ItemId
from order_sync.model.outcomes import (
    Created,
    ErrorClass,
    GroupCreated,
    Halt,
    Halted,
    InDoubt,
    Outcome,
    Problem,
    Rejected,
    Retryable,
    problem_class,
)
from order_sync.monday.codes import GRAVEST_FIRST, gravest
from order_sync.monday.documents import GroupToCreate, create_groups
from order_sync.monday.errors import as_outcome, not_delivered, outcomes_of
from order_sync.monday.replies import MOST_OBJECTS


def classes(found: list[Outcome]) -> list[ErrorClass | None]:
    return [None if isinstance(each, Created | GroupCreated) else each.problem.error_class for each in found]


def test_every_class_has_an_outcome_and_a_rank() -> None:
    assert set(GRAVEST_FIRST) == set(ErrorClass)
    kinds = {kind: as_outcome(Problem(kind, "said"), timedelta(seconds=3)) for kind in ErrorClass}
    assert {kind for kind, found in kinds.items() if isinstance(found, InDoubt)} == {
        ErrorClass.AMBIGUOUS,
        ErrorClass.SERVER_ERROR,
    }
    assert {found.halt for found in kinds.values() if isinstance(found, Halted)} == set(Halt)
    free = {kind for kind, found in kinds.items() if isinstance(found, Retryable) and not found.consumes_attempt}
    assert free == {ErrorClass.NOT_SENT, ErrorClass.THROTTLED, ErrorClass.LOCKED}
    assert gravest([ErrorClass.REJECTED_VALUE, ErrorClass.AMBIGUOUS, ErrorClass.THROTTLED]) is ErrorClass.AMBIGUOUS


# One row at a time.


def test_ids_come_back_by_alias() -> None:
    found = outcomes({"data": {"r2": {"id": "30"}, "r0": {"id": 10}, "r1": {"id": "20"}}})
    assert found == [Created(ItemId(10)), Created(ItemId(20)), Created(ItemId(30))]


def test_a_bad_row_among_good_ones() -> None:
    body = {
        "data": {"r0": {"id": "1"}, "r1": None, "r2": {"id": "3"}},
        "errors": [complaint("ColumnValueException", ["r1"], error_data={"column_id": "status9"})],
    }
    first, second, third = outcomes(body)
    assert isinstance(first, Created)
    assert isinstance(third, Created)
    assert second == Rejected(Problem(ErrorClass.REJECTED_VALUE, "said", "ColumnValueException", 200, "status9"))


def test_an_id_beside_an_error_is_made_with_a_warning() -> None:
    body = {"data": {"r0": {"id": "1"}}, "errors": [complaint("ColumnValueException", ["r0", "id"])]}
    (made,) = outcomes(body, count=1)
    assert isinstance(made, Created)
    assert made.warning is not None
    assert made.warning.code == "ColumnValueException"


def test_an_error_below_a_mutation_without_an_id_is_in_doubt() -> None:
    body = {"data": {"r0": None}, "errors": [complaint("tooManyRequests", ["r0", "id"])]}
    assert classes(outcomes(body, count=1)) == [ErrorClass.AMBIGUOUS]


def test_a_mutation_throttled_by_itself_was_not_applied() -> None:
    body = {"data": {"r0": None}, "errors": [complaint("FIELD_LIMIT_EXCEEDED", ["r0"], retry_in_seconds=15)]}
    assert outcomes(body, count=1) == [
        Retryable(Problem(ErrorClass.THROTTLED, "said", "FIELD_LIMIT_EXCEEDED", 200), timedelta(seconds=15), False)
    ]


def test_of_several_complaints_doubt_wins() -> None:
    errors = [complaint("ColumnValueException", ["r0"]), complaint("INTERNAL_SERVER_ERROR", ["r0"])]
    assert classes(outcomes({"data": {"r0": None}, "errors": errors}, count=1)) == [ErrorClass.SERVER_ERROR]


@pytest.mark.parametrize(
    "entry",
    [
        {"id": "NaN"},
        {"id": 1.5},
        {"id": True},
        {"id": "-5"},
        {"id": "0"},
        {"id": str(2**63)},
        {"id": "٣"},
        {"id": None},
        {},
        [],
        "7",
        7,
        {"id": " 7"},
        {"id": "1" * 400},
    ],
)
def test_no_usable_id_is_in_doubt(entry: Any) -> None:
    assert classes(outcomes({"data": {"r0": entry}}, count=1)) == [ErrorClass.AMBIGUOUS]


def test_an_id_given_twice_is_believed_for_neither() -> None:
    found = outcomes({"data": {"r0": {"id": "5"}, "r1": {"id": "6"}, "r2": {"id": "5"}}})
    assert classes(found) == [ErrorClass.AMBIGUOUS, None, ErrorClass.AMBIGUOUS]


def test_fields_that_nobody_asked_for_belong_to_another_request() -> None:
    found = outcomes({"data": {"r0": {"id": "5"}, "r1": {"id": "6"}, "r2": {"id": "7"}, "r7": {"id": "8"}}})
    assert classes(found) == [ErrorClass.AMBIGUOUS] * 3


def test_a_missing_alias_is_in_doubt_and_harms_no_other() -> None:
    assert classes(outcomes({"data": {"r0": {"id": "5"}, "r2": {"id": "7"}}})) == [
        None,
        ErrorClass.AMBIGUOUS,
        None,
    ]


def test_groups() -> None:
    call = create_groups([GroupToCreate(1, BOARD, "A"), GroupToCreate(2, BOARD, "B")])
    made = outcomes_of(reply({"data": {"r0": {"id": "group_a"}, "r1": {"id": " "}}}), call).outcomes
    assert made[1] == GroupCreated("group_a")
    assert isinstance(made[2], InDoubt)


# The whole request.


@pytest.mark.parametrize(
    ("body", "error_class"),
    [
        ({"errors": [complaint("COMPLEXITY_BUDGET_EXHAUSTED")]}, ErrorClass.THROTTLED),
        (
            {
                "error_code": "ComplexityException",
                "status_code": 429,
                "error_message": "Complexity budget",
                "error_data": {},
                "errors": ["Complexity budget exhausted"],
            },
            ErrorClass.THROTTLED,
        ),
        ({"errors": ["Not Authenticated"]}, ErrorClass.AUTHENTICATION),
        ({"errors": [{"message": 'Cannot query field "x" on type "Item".'}]}, ErrorClass.CONFIGURATION),
        ({"errors": [complaint("InvalidBoardIdException")], "data": None}, ErrorClass.CONFIGURATION),
        ({"errors": [complaint("ItemsLimitationException")]}, ErrorClass.BOARD_FULL),
        ({"errors": [complaint("API_TEMPORARILY_BLOCKED")]}, ErrorClass.BLOCKED_BY_API),
        (
            {
                "data": None,
                "errors": [
                    {
                        "message": "Internal server error",
                        "path": [],
                        "extensions": {"status_code": 500, "error_code": "INTERNAL_SERVER_ERROR"},
                    }
                ],
            },
            ErrorClass.SERVER_ERROR,
        ),
        # Throttled somewhere within: which rows had run before is not said.
        ({"data": None, "errors": [complaint("tooManyRequests")]}, ErrorClass.AMBIGUOUS),
        ({"errors": [complaint("NobodyKnows")]}, ErrorClass.AMBIGUOUS),
        ({"data": {}}, ErrorClass.AMBIGUOUS),
        ({}, ErrorClass.AMBIGUOUS),
        ({"data": "text"}, ErrorClass.AMBIGUOUS),
        ([], ErrorClass.AMBIGUOUS),
        (b"<html>Bad gateway</html>", ErrorClass.AMBIGUOUS),
        (b"", ErrorClass.AMBIGUOUS),
        (b'{"data":{"r0":{"id":NaN}}}', ErrorClass.AMBIGUOUS),
        (b'{"data":{"r0":{"id":"1"},', ErrorClass.AMBIGUOUS),
        (b'\xff\xfe{"data"', ErrorClass.AMBIGUOUS),
        (b'{"data":' + b"[" * 50_000, ErrorClass.AMBIGUOUS),
        (b'{"errors":' + b"[" * 50_000 + b"]" * 50_000 + b"}", ErrorClass.AMBIGUOUS),
    ],
)
def test_answers_about_the_whole_request(body: Any, error_class: ErrorClass) -> None:
    assert classes(outcomes(body)) == [error_class] * 3


@pytest.mark.parametrize(
    ("status", "error_class"),
    [
        (401, ErrorClass.AUTHENTICATION),
        (423, ErrorClass.LOCKED),
        (429, ErrorClass.THROTTLED),
        (500, ErrorClass.SERVER_ERROR),
        (502, ErrorClass.AMBIGUOUS),
        (503, ErrorClass.AMBIGUOUS),
        (504, ErrorClass.AMBIGUOUS),
        (520, ErrorClass.AMBIGUOUS),
        (403, ErrorClass.AMBIGUOUS),
        (404, ErrorClass.AMBIGUOUS),
        (302, ErrorClass.AMBIGUOUS),
        (200, ErrorClass.AMBIGUOUS),
    ],
)
def test_a_status_with_html(status: int, error_class: ErrorClass) -> None:
    assert classes(outcomes(b"<html>", status)) == [error_class] * 3


@pytest.mark.parametrize("status", [423, 429, 500])
def test_ids_in_a_refusal_are_kept_and_the_rest_is_in_doubt(status: int) -> None:
    found = outcomes({"data": {"r0": {"id": "5"}}, "errors": [complaint()]}, status)
    assert isinstance(found[0], Created)
    assert classes(found[1:]) == [ErrorClass.AMBIGUOUS] * 2


def test_a_named_variable_rejects_its_row_and_frees_the_others() -> None:
    body = {"errors": [complaint(message="Variable $v1 of type JSON! was provided invalid value")]}
    first, second, third = outcomes(body)
    assert isinstance(second, Rejected)
    assert isinstance(first, Retryable)
    assert not first.consumes_attempt
    assert isinstance(third, Retryable)


def test_a_rejection_that_names_no_row_is_nobodys_until_it_stands_alone() -> None:
    body = {"errors": [complaint("JsonParseException")]}
    assert all(isinstance(found, InDoubt) for found in outcomes(body))
    assert isinstance(outcomes(body, count=1)[0], Rejected)


@pytest.mark.parametrize(
    ("headers", "body", "seconds"),
    [
        ({"retry-after": "30"}, {}, 30),
        ({"retry-after": "30"}, {"retry_in_seconds": 58}, 58),
        ({"retry-after": "90"}, {"retry_in_seconds": "58"}, 90),
        ({}, {"retryAfterMs": 1500}, 1.5),
        ({"ratelimit": '"minuteRate";r=0;t=7, "complexityMinute";r=0;t=45'}, {}, 45),
        ({"ratelimit": '"minuteRate";r=0;t=7, "complexityMinute";r=4950000;t=45'}, {}, 7),
        ({"retry-after": "-5"}, {"retry_in_seconds": -1}, None),
        ({"retry-after": "1e9"}, {}, 86_400),
        ({"retry-after": "nan"}, {"retry_in_seconds": "soon"}, None),
        ({"retry-after": "9" * 5_000}, {}, None),
        ({"retry-after": "Wed, 21 Oct 2026 07:28:10 GMT", "date": "Wed, 21 Oct 2026 07:28:00 GMT"}, {}, 10),
        ({"retry-after": "Wed, 21 Oct 2026 07:28:10 GMT"}, {}, None),
        ({"retry-after": "Wed, 21 Oct 2020 07:28:10 GMT", "date": "Wed, 21 Oct 2026 07:28:00 GMT"}, {}, None),
        ({"retry-after": "\x00,;", "ratelimit": '";;"=;t="'}, {}, None),
    ],
)
def test_hints_how_long_to_wait(headers: dict[str, str], body: dict[str, Any], seconds: float | None) -> None:
    delivery = outcomes_of(reply({"errors": [complaint("RATE_LIMIT_EXCEEDED", **body)]}, 429, headers), items(1))
    assert delivery.wait == (None if seconds is None else timedelta(seconds=seconds))


def test_the_old_form_tells_its_wait_in_words() -> None:
    body = {
        "error_code": "ComplexityException",
        "error_message": "Complexity budget exhausted reset in 3 seconds",
    }
    assert outcomes_of(reply(body), items(1)).wait == timedelta(seconds=3)


def test_what_a_delivery_tells_beside_its_outcomes() -> None:
    body = {
        "data": {
            "r0": {"id": "1"},
            "complexity": {"query": 30001, "before": 9, "after": 8, "reset_in_x_seconds": 7},
        },
        "extensions": {"request_id": "inside"},
    }
    headers = {"idempotency-replayed": "TRUE", "x-request-id": "outside"}
    delivery = outcomes_of(reply(body, 200, headers), items(1))
    assert (delivery.complexity, delivery.monday_request_id, delivery.replayed) == (30001, "inside", True)
    assert (delivery.http_status, delivery.lost, delivery.code) == (200, False, None)
    assert outcomes_of(reply(b"", 502, headers), items(1)).monday_request_id == "outside"


@pytest.mark.parametrize("odd", [5, "text", {"query": "x"}, {"query": 1}, [1], 1e300])
def test_odd_complexity_spoils_nothing(odd: Any) -> None:
    delivery = outcomes_of(reply({"data": {"r0": {"id": "1"}, "complexity": odd}}), items(1))
    assert delivery.outcomes == {10: Created(ItemId(1))}
    assert delivery.complexity is None


def test_without_an_answer() -> None:
    problem = Problem(ErrorClass.NOT_SENT, "refused", "ConnectError")
    unsent = not_delivered(problem, items(2), timedelta(0))
    assert unsent.outcomes == {ref: Retryable(problem, None, consumes_attempt=False) for ref in (10, 11)}
    assert not unsent.lost
    lost = not_delivered(Problem(ErrorClass.AMBIGUOUS, "reset", "ReadError"), items(2), timedelta(0))
    assert lost.lost
    assert all(isinstance(found, InDoubt) for found in lost.outcomes.values())
    assert (lost.http_status, lost.code) == (None, "ReadError")


# Whatever comes.


@pytest.mark.parametrize(
    "body",
    [
        b'{"data":{"r0":{"id":"1"},"r0":{"id":"2"}}}',
        b'{"data":{"r0":{"id":"1","id":"2"}}}',
        b'{"data":null,"data":{"r0":{"id":"1"}}}',
        b'{"errors":[{"message":"boom","path":["r0"]}],"data":{"r0":{"id":"1"}},"errors":[]}',
        b'{"data":{"r0":{"id":"1"}},"more":"\xff"}',
        b'{"data":{"r0":{"id":"1"}},"more":NaN}',
    ],
)
def test_an_answer_that_can_be_read_in_two_ways_is_in_doubt(body: bytes) -> None:
    assert [problem_class(each) for each in outcomes(body, count=1)] == [ErrorClass.AMBIGUOUS]


def test_an_answer_of_countless_objects_is_not_read() -> None:
    body = b'{"data":{"r0":{"id":"1"}},"more":[' + b"{}," * MOST_OBJECTS + b"1]}"
    assert [problem_class(each) for each in outcomes(body, count=1)] == [ErrorClass.AMBIGUOUS]


@pytest.mark.parametrize("group", ["", " ", "a b", "tail ", "nul\x00", "9" * 65, 7, None])
def test_what_is_no_group_id_is_in_doubt(group: Any) -> None:
    call = create_groups([GroupToCreate(5, BOARD, "A")])
    found = outcomes_of(reply({"data": {"r0": {"id": group}}}), call).outcomes[5]
    assert isinstance(found, InDoubt)


def test_names_are_kept_no_longer_than_their_columns() -> None:
    told = [complaint("ColumnValueException" + " " * 300, ["r0"], error_data={"column_id": "c" * 300})]
    found = outcomes_of(reply({"data": {"r0": None}, "errors": told}, 200, {"x-request-id": "i" * 300}), items(1))
    assert (len(found.code or ""), len(found.monday_request_id or "")) == (100, 100)
    outcome = found.outcomes[10]
    assert isinstance(outcome, Rejected)
    assert len(outcome.problem.column_id or "") == 100


@pytest.mark.parametrize("points", [-1, 10**10, 2**63, 10**400])
def test_points_beyond_measure_are_none(points: int) -> None:
    counted = {"query": points, "before": 1, "after": points, "reset_in_x_seconds": 1}
    told = outcomes_of(reply({"data": {"r0": {"id": "1"}, "complexity": counted}}), items(1))
    assert (told.outcomes[10], told.complexity) == (Created(ItemId(1)), None)


def test_half_an_answer_creates_nothing() -> None:
    whole = json.dumps({"data": {"r0": {"id": "1"}, "r1": {"id": "2"}, "r2": None}, "errors": []}).encode()
    for length in range(len(whole)):
        assert classes(outcomes(whole[:length])) == [ErrorClass.AMBIGUOUS] * 3
