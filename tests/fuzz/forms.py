"""What an answer may look like: the envelopes and codes that are known of the real service, and no others."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

# Codes of one field, inside HTTP 200 or with a status of their own.
FIELD_CODES = frozenset(
    {
        "USER_UNAUTHORIZED", "USER_ACCESS_DENIED", "missingRequiredPermissions", "UNAUTHORIZED_FIELD_OR_TYPE",
        "InvalidBoardIdException", "InvalidItemIdException", "InvalidColumnIdException", "ResourceNotFoundException",
        "ColumnValueException", "CorrectedValueException", "InvalidUserIdException", "InvalidArgumentException",
        "ItemNameTooLongException", "CreateBoardException", "ItemsLimitationException", "DeleteLastGroupException",
        "RecordInvalidException", "tooManyRequests", "FIELD_LIMIT_EXCEEDED", "API_TEMPORARILY_BLOCKED",
        "CursorExpiredError", "CursorException",
    }
)  # fmt: skip
THROTTLES = frozenset(
    {
        "MINUTE_RATE_LIMIT_EXCEEDED", "MAX_CONCURRENCY_EXCEEDED", "DAILY_LIMIT_EXCEEDED",
        "COMPLEXITY_BUDGET_EXHAUSTED", "IP_RATE_LIMIT_EXCEEDED", "RATE_LIMIT_EXCEEDED",
    }
)  # fmt: skip
# Told by the simulator, though nothing that we hold of the service has them. Whoever adds one has to say so here.
UNCATALOGUED: Mapping[str, str] = {
    "maxComplexityExceeded": "a single query above its maximum: the limit is documented, its code is not",
    "RESOURCE_LOCKED": "a locked board: status and message are documented, the code is not",
    "NOT_FOUND": "an address outside the API: nothing is known of it",
}
# By HTTP status: the codes of a request that never became an execution.
GATEWAY_CODES: Mapping[int, frozenset[str]] = {
    200: frozenset({"InvalidVersionException"}),
    400: frozenset({"JsonParseException"}),
    404: frozenset({"NOT_FOUND"}),
    409: frozenset({"IDEMPOTENCY_CONFLICT"}),
    423: frozenset({"RESOURCE_LOCKED"}),
    429: THROTTLES | {"maxComplexityExceeded"},
    503: frozenset({"TIMEOUT_EXCEEDED"}),
}
# Waiting does not help against these: an answer that named a wait would send its caller round in circles.
HOPELESS = frozenset({"maxComplexityExceeded"})
OWN_STATUSES = (200, 403, 404, 409, 422)
INTERNAL = "INTERNAL_SERVER_ERROR"
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_POLICY = re.compile(r'"\w+";q=\d+(;w=\d+)?(;qu="[\w-]+")?')
_LEFT = re.compile(r'"\w+";r=\d+(;t=\d+)?')


def is_known_form(status: int, headers: Mapping[str, str], body: bytes) -> bool:
    return not any(unknown_parts(status, headers, body))


def unknown_parts(status: int, headers: Mapping[str, str], body: bytes) -> Iterator[str]:
    """What is wrong with an answer; nothing for one of a known form."""
    named = {name.lower(): value for name, value in headers.items()}
    kind = named.get("content-type", "").partition(";")[0]
    if status in (502, 504) and kind == "text/html":
        return
    if kind != "application/json":
        yield f"content type {kind!r}"
        return
    try:
        content = json.loads(body.decode("utf-8"), parse_constant=_no_constant)
    except ValueError as error:
        yield f"not JSON: {error}"
        return
    yield from _unknown_headers(named)
    yield from _unknown_content(status, content, named)


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _unknown_headers(headers: Mapping[str, str]) -> Iterator[str]:
    for name, form in (("ratelimit-policy", _POLICY), ("ratelimit", _LEFT)):
        if name in headers and not all(form.fullmatch(part) for part in headers[name].split(", ")):
            yield f"{name}: {headers[name]}"


def _unknown_content(status: int, content: Any, headers: Mapping[str, str]) -> Iterator[str]:
    if status == 401:
        if content != {"errors": [{"message": "Not authenticated", "extensions": {"code": "NOT_AUTHENTICATED"}}]}:
            yield f"a 401 of another form: {content}"
    elif not isinstance(content, dict):
        yield "not an object"
    elif status == 500:
        yield from _unknown_500(content)
    else:
        yield from _unknown_request_id(content, headers)
        yield from _unknown_result(status, content, headers)


def _unknown_500(content: Mapping[str, Any]) -> Iterator[str]:
    error = {"message": "Internal server error", "extensions": {"status_code": 500, "error_code": INTERNAL}}
    told = {"status_code": 500, "error_message": "Internal server error", "error_code": INTERNAL, "errors": [error]}
    if {name: value for name, value in content.items() if name != "extensions"} != told:
        yield f"a 500 of another form: {content}"


def _unknown_request_id(content: Mapping[str, Any], headers: Mapping[str, str]) -> Iterator[str]:
    request_id = (content.get("extensions") or {}).get("request_id", "")
    if not _UUID.fullmatch(request_id) or headers.get("x-request-id") != request_id:
        yield f"request id {request_id!r} in the body, {headers.get('x-request-id')!r} in the headers"


def _unknown_result(status: int, content: Mapping[str, Any], headers: Mapping[str, str]) -> Iterator[str]:
    odd = content.keys() - {"data", "errors", "extensions", "account_id"}
    if odd:
        yield f"unknown keys {sorted(odd)}"
    errors = content.get("errors", [])
    if not isinstance(errors, list) or ("errors" in content and not errors):
        yield "errors is no list of something"
        return
    if "data" not in content:
        yield from _unknown_refusal(status, errors)
        hopeless = any(error.get("extensions", {}).get("code") in HOPELESS for error in errors)
        if status in (409, 429) and headers.get("retry-after", "").isdecimal() is hopeless:
            yield f"Retry-After: {headers.get('retry-after')} where waiting {'cannot' if hopeless else 'does'} help"
        if status == 200 and "api-version" in headers and not any(map(_is_told_by_the_execution, errors)):
            yield "an API version with a document that is not valid"
        return
    if status not in OWN_STATUSES:
        yield f"data in HTTP {status}"
    if "api-version" not in headers and content["data"] is not None:
        yield "no API version"
    yield from _unknown_execution(status, content["data"], errors)


def _is_told_by_the_execution(error: Any) -> bool:
    return str(error.get("message")).startswith("Variable") or "code" in error.get("extensions", {})


def _unknown_refusal(status: int, errors: list[Any]) -> Iterator[str]:
    """Nothing was executed: a document or variables that are not valid have no code, the gateway's errors have one."""
    if not errors:
        yield "neither data nor errors"
    for error in errors:
        yield from _unknown_error(error)
        extensions = error.get("extensions", {})
        code = extensions.get("code")
        if code is None and status != 200:
            yield f"no code in HTTP {status}"
        if code is not None and code not in GATEWAY_CODES.get(status, ()):
            yield f"code {code} in HTTP {status}"
        waits = {"retry_in_seconds", "retryAfterMs"} & extensions.keys()
        if status == 429 and bool(waits) is (code in HOPELESS):
            yield f"waits {sorted(waits)} in a 429 with code {code}"


def _unknown_execution(status: int, data: Any, errors: list[Any]) -> Iterator[str]:
    if not (data is None or isinstance(data, dict)) or (data is None and not errors):
        yield "data is neither an object nor null with a reason"
    for error in errors:
        yield from _unknown_error(error)
        yield from _unknown_field_error(data, error)
    if status != 200 and not any(error.get("extensions", {}).get("code") in FIELD_CODES for error in errors):
        yield f"HTTP {status} without a refused field"


def _unknown_error(error: Any) -> Iterator[str]:
    if not isinstance(error, dict) or not isinstance(error.get("message"), str) or not error["message"]:
        yield f"an error without a message: {error}"
        return
    if error.keys() - {"message", "locations", "path", "extensions"}:
        yield f"unknown keys in an error: {sorted(error)}"
    for place in error.get("locations", []):
        if place.keys() != {"line", "column"} or min(place.values()) < 1:
            yield f"a location of another form: {place}"
    if re.search(r"(?:^|\s)'\w+'", error["message"]):
        yield f"names in single quotes: {error['message'][:200]}"


def _unknown_field_error(data: Any, error: Mapping[str, Any]) -> Iterator[str]:
    """Of one field: what it is about under extensions, null at its path or above."""
    extensions, path = error.get("extensions", {}), error.get("path", [])
    if "error_code" in extensions:
        if extensions != {"status_code": 500, "error_code": INTERNAL, "service": "monolith"}:
            yield f"an internal error of another form: {error}"
    elif "problems" in extensions:
        if extensions.keys() != {"value", "problems", "service"}:
            yield f"invalid JSON told in another form: {error}"
    elif extensions and extensions.get("code") not in FIELD_CODES:
        yield f"code {extensions.get('code')} of a field"
    if not _is_null_at(data, path):
        yield f"a value at {path} in spite of its error"


def _is_null_at(data: Any, path: list[Any]) -> bool:
    for step in path:
        if data is None:
            return True
        data = data[step]
    return data is None
