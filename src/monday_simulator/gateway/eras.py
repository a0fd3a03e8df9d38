"""How errors were told before today's form. What each form is known from:

| form | since | known from |
| --- | --- | --- |
| 2024-07 | - | recordings of 2024, changelog: the error alone, at the top level, with its own HTTP status |
| 2024-10 | 2024-10 | changelog: the same, and `errors` beside it |
| 2025-01 | 2025-01 | error page: `errors` and `data`, HTTP 200, some codes in their old names |
| 2025-07 | 2025-07 | recordings of 2025: today's form |
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Any

import msgspec

from monday_simulator.gateway.answers import Answer

OLDER_CODES = {"USER_UNAUTHORIZED": "UserUnauthorizedException"}
OLDEST_CODES = {**OLDER_CODES, "COMPLEXITY_BUDGET_EXHAUSTED": "ComplexityException"}
ACCOUNT_ID = 26114203
JSON_REFUSED = "Syntax error in JSON input"


class ErrorFormat(StrEnum):
    """Named by the API version that brought it."""

    UNTIL_2024_07 = "2024-07"
    V2024_10 = "2024-10"
    V2025_01 = "2025-01"
    CURRENT = "2025-07"

    @property
    def is_older(self) -> bool:
        """Of the time when the error stood at the top level."""
        return self in (ErrorFormat.UNTIL_2024_07, ErrorFormat.V2024_10)


def in_format(form: ErrorFormat, answer: Answer) -> Answer:
    """An answer of today as it was told then. What is no JSON was the same."""
    if form is ErrorFormat.CURRENT or not answer.headers.get("Content-Type", "").startswith("application/json"):
        return answer
    content = answer.json()
    if form is ErrorFormat.V2025_01:
        return _answer(answer, answer.status, _renamed(content))
    status, older = _older(content, answer.status)
    if form is ErrorFormat.V2024_10 and "error_code" in older:
        older = {"errors": _renamed(content)["errors"], **older}
    headers = {**answer.headers, "Content-Type": "application/json; charset=utf-8"}
    return _answer(replace(answer, headers=headers), status, older)


def _answer(answer: Answer, status: int, content: object) -> Answer:
    return replace(answer, status=status, body=msgspec.json.encode(content))


def _renamed(content: Mapping[str, Any]) -> dict[str, Any]:
    errors = [_with_older_code(each) for each in content.get("errors", ())]
    return {**content, "errors": errors} if errors else dict(content)


def _with_older_code(error: Mapping[str, Any]) -> dict[str, Any]:
    extensions = dict(error.get("extensions") or {})
    if extensions.get("code") in OLDER_CODES:
        extensions["code"] = OLDER_CODES[extensions["code"]]
    return {**error, "extensions": extensions} if extensions else dict(error)


def _older(content: Mapping[str, Any], status: int) -> tuple[int, dict[str, Any]]:
    """HTTP status and body of the time when the error stood at the top level."""
    if status == 401:
        return 401, {"errors": ["Not Authenticated"]}
    errors = content.get("errors")
    if not errors:
        return status, {"data": content.get("data"), "account_id": ACCOUNT_ID}
    first, extensions = errors[0], errors[0].get("extensions") or {}
    if "problems" in extensions:
        data = {"json": str(extensions.get("value"))}
        return 400, _top(400, JSON_REFUSED, "JsonParseException", data)
    if extensions.get("error_code"):
        return 500, _top(500, first["message"], extensions["error_code"], {})
    if not extensions.get("status_code") and status == 200:
        return status, {"errors": errors, "account_id": ACCOUNT_ID}
    return _told(first["message"], extensions, status)


def _told(message: str, extensions: Mapping[str, Any], status: int) -> tuple[int, dict[str, Any]]:
    code = OLDEST_CODES.get(extensions["code"], extensions["code"])
    inside = int(extensions.get("status_code", status))
    older = _top(inside, message, code, extensions.get("error_data", {}))
    if code == "ComplexityException":
        return 200, {**older, "errors": [message]}
    return inside, older


def _top(status: int, message: str, code: str, data: object) -> dict[str, Any]:
    return {
        "error_code": code,
        "status_code": status,
        "error_message": message,
        "error_data": data,
        "account_id": ACCOUNT_ID,
    }
