"""What goes back over the wire, and the forms of answers that are not the result of an execution."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import msgspec


@dataclass(frozen=True)
class Answer:
    """One HTTP response.

    code: the error code inside the body, for the wire log; it is not sent. takes: how long its bytes trickle.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    code: str | None = field(default=None, compare=False)
    takes: timedelta = timedelta(0)

    @property
    def is_json(self) -> bool:
        return self.headers.get("Content-Type", "").startswith("application/json")

    def json(self) -> Any:
        """The body decoded; raises msgspec.DecodeError for a body that is not JSON."""
        return msgspec.json.decode(self.body)


class ConnectionDropped(Exception):
    """The client gets no (whole) answer.

    applied: whether the request had taken effect when the connection went away.
    partial: the answer of whose body only the first `arrived` bytes arrive; None when not a byte does.
    kind: the fault that did it.
    """

    def __init__(self, applied: bool, kind: str, partial: Answer | None = None, arrived: int = 0) -> None:
        super().__init__(f"{kind}: {'applied' if applied else 'not applied'}, answer lost")
        self.applied = applied
        self.kind = kind
        self.partial = partial
        self.arrived = arrived


def json_answer(
    status: int, content: object, headers: Mapping[str, str] | None = None, code: str | None = None
) -> Answer:
    return Answer(status, {"Content-Type": "application/json", **(headers or {})}, msgspec.json.encode(content), code)


def gateway_error(status: int, message: str, code: str, request_id: str, retry_in_seconds: int | None = None) -> Answer:
    """An error of the gateway: the current form, with Retry-After where a wait is given."""
    extensions: dict[str, Any] = {"code": code}
    headers = {"X-Request-Id": request_id}
    if retry_in_seconds is not None:
        extensions["retry_in_seconds"] = retry_in_seconds
        headers["Retry-After"] = str(retry_in_seconds)
    content = {
        "errors": [{"message": message, "extensions": extensions}],
        "extensions": {"request_id": request_id},
    }
    return json_answer(status, content, headers, code)


def not_authenticated() -> Answer:
    error = {"message": "Not authenticated", "extensions": {"code": "NOT_AUTHENTICATED"}}
    headers = {"Content-Type": "application/json; charset=utf-8"}
    return json_answer(401, {"errors": [error]}, headers, "NOT_AUTHENTICATED")


def bad_request(request_id: str) -> Answer:
    return gateway_error(400, "Bad request", "JsonParseException", request_id)


def idempotency_conflict(request_id: str, retry_in_seconds: int) -> Answer:
    """The wait is in the header alone, as documented."""
    message = "A request with this idempotency key is currently being processed"
    answer = gateway_error(409, message, "IDEMPOTENCY_CONFLICT", request_id)
    return Answer(409, {**answer.headers, "Retry-After": str(retry_in_seconds)}, answer.body, "IDEMPOTENCY_CONFLICT")


def locked(request_id: str) -> Answer:
    message = "Resource is currently locked, please try again later"
    return gateway_error(423, message, "RESOURCE_LOCKED", request_id)


def timed_out(request_id: str) -> Answer:
    """The server gave up after its longest time; the body has no request id."""
    code, message = "TIMEOUT_EXCEEDED", "Request processing timeout exceeded"
    content = {"errors": [{"message": message, "extensions": {"code": code}}]}
    return json_answer(503, content, {"X-Request-Id": request_id}, code)


def internal_error_500(request_id: str) -> Answer:
    """HTTP 500: the code stands under `error_code`, not `code`."""
    code, message = "INTERNAL_SERVER_ERROR", "Internal server error"
    content = {
        "status_code": 500,
        "error_message": message,
        "error_code": code,
        "errors": [{"message": message, "extensions": {"status_code": 500, "error_code": code}}],
        "extensions": {"request_id": request_id},
    }
    return json_answer(500, content, {"X-Request-Id": request_id}, code)


def internal_error_200(request_id: str) -> Answer:
    """The same inside HTTP 200: no data at all, and an empty path."""
    code, message = "INTERNAL_SERVER_ERROR", "Internal server error"
    extensions = {"status_code": 500, "error_code": code, "service": "monolith"}
    error = {"message": message, "path": [], "extensions": extensions}
    content = {"data": None, "errors": [error], "extensions": {"request_id": request_id}}
    return json_answer(200, content, {"X-Request-Id": request_id}, code)


def bulk_limit(request_id: str, retry_in_seconds: int) -> Answer:
    """The limit of jobs tells its wait in milliseconds, under a name of its own."""
    code = "RATE_LIMIT_EXCEEDED"
    error = {"message": "Rate limit exceeded", "extensions": {"code": code, "retryAfterMs": retry_in_seconds * 1000}}
    content = {"errors": [error], "extensions": {"request_id": request_id}}
    headers = {"X-Request-Id": request_id, "Retry-After": str(retry_in_seconds)}
    return json_answer(429, content, headers, code)


def complexity_until_2024(cost: int, retry_in_seconds: int) -> Answer:
    """The older form: HTTP 200, no data, errors that are texts."""
    code = "ComplexityException"
    message = (
        f"Complexity budget exhausted, query cost {cost} budget remaining {max(0, cost - 1)} out of 10000000"
        f" reset in {retry_in_seconds} seconds"
    )
    content = {
        "error_code": code,
        "status_code": 429,
        "error_message": message,
        "error_data": {},
        "errors": [message],
        "account_id": 1,
    }
    return json_answer(200, content, code=code)


def html_502() -> Answer:
    return _html(502, "502 Bad Gateway", "BAD_GATEWAY")


def html_504() -> Answer:
    return _html(504, "504 Gateway Time-out", "GATEWAY_TIMEOUT")


def _html(status: int, title: str, code: str) -> Answer:
    """What a proxy in front says: no JSON, no request id."""
    body = (
        f"<html>\r\n<head><title>{title}</title></head>\r\n"
        f"<body>\r\n<center><h1>{title}</h1></center>\r\n</body>\r\n</html>\r\n"
    )
    return Answer(status, {"Content-Type": "text/html; charset=UTF-8"}, body.encode(), code)
