"""The judge of the fuzz can say no."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.fuzz.forms import FIELD_CODES, GATEWAY_CODES, UNCATALOGUED, is_known_form

ID = "0c5ba2a8-3e7c-4b0e-9a0e-0d8f3b1c2d4e"
HEADERS = {"Content-Type": "application/json", "API-Version": "2026-10", "X-Request-Id": ID}
TOLD = {"request_id": ID}


def field_error(**more: Any) -> dict[str, Any]:
    extensions = {"code": "InvalidItemIdException", "status_code": 200, "error_data": {}, "service": "monolith"}
    return {"message": "Item not found", "path": ["a"], "extensions": extensions, **more}


def known(content: Any, status: int = 200, **headers: str) -> bool:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return is_known_form(status, {**HEADERS, **named}, json.dumps(content).encode())


def test_good_answers_are_known() -> None:
    assert known({"data": {"a": {"id": "1"}}, "extensions": TOLD})
    assert known({"data": {"a": None}, "errors": [field_error()], "extensions": TOLD})


@pytest.mark.parametrize(
    "content",
    [
        [],
        {},
        {"data": {"a": 1}},
        {"data": {"a": 1}, "extensions": {"request_id": "1"}},
        {"data": {"a": 1}, "extensions": TOLD, "error_code": "X"},
        {"data": {"a": 1}, "errors": [], "extensions": TOLD},
        {"data": None, "extensions": TOLD},
        {"data": {"a": 1}, "errors": [field_error()], "extensions": TOLD},
        {"data": {"a": None}, "errors": ["Item not found"], "extensions": TOLD},
        {"data": {"a": None}, "errors": [field_error(message="")], "extensions": TOLD},
        {"data": {"a": None}, "errors": [field_error(hint="x")], "extensions": TOLD},
        {"data": {"a": None}, "errors": [field_error(extensions={"code": "Unheard"})], "extensions": TOLD},
        {"data": {"a": None}, "errors": [field_error(locations=[{"line": 0, "column": 1}])], "extensions": TOLD},
        {"data": {"a": None}, "errors": [field_error(message="Field 'a' is unknown")], "extensions": TOLD},
        {"errors": [{"message": "Cannot query field", "extensions": {"code": "Unheard"}}], "extensions": TOLD},
    ],
)
def test_answers_of_another_form_are_not(content: Any) -> None:
    assert not known(content)


def test_status_and_headers_are_judged_too() -> None:
    good = {"data": {"a": 1}, "extensions": TOLD}
    throttled = {"code": "MINUTE_RATE_LIMIT_EXCEEDED", "retry_in_seconds": 5}
    refused = {"errors": [{"message": "Minute rate limit exceeded", "extensions": throttled}], "extensions": TOLD}
    assert known(refused, 429, Retry_After="5")
    assert not known(refused, 429)
    assert not known(refused, 400, Retry_After="5")
    assert not known(good, 418)
    assert not known(good, Content_Type="text/plain")
    assert not known(good, RateLimit="many")
    assert not is_known_form(200, HEADERS, b'{"data": NaN}')
    assert not is_known_form(200, HEADERS, b"\xff")
    assert not is_known_form(500, HEADERS, b"Internal Server Error")


def test_what_the_catalogue_lacks_is_named() -> None:
    gateway = frozenset().union(*GATEWAY_CODES.values())
    assert UNCATALOGUED.keys() <= gateway
    assert not UNCATALOGUED.keys() & FIELD_CODES
