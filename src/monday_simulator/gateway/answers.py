"""What goes back over the wire, and the forms of answers that are not the result of an execution."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec


@dataclass(frozen=True)
class Answer:
    """One HTTP response. `code` is the error code inside the body, for the wire log; it is not sent."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    code: str | None = field(default=None, compare=False)

    def json(self) -> Any:
        """The body decoded; raises msgspec.DecodeError for a body that is not JSON."""
        return msgspec.json.decode(self.body)


class ConnectionDropped(Exception):
    """The client gets no (whole) answer.

    applied: whether the request had taken effect when the connection went away.
    partial: the answer of which only the first half of the body arrives; None when not a byte does.
    kind: the fault that did it.
    """

    def __init__(self, applied: bool, kind: str, partial: Answer | None = None) -> None:
        super().__init__(f"{kind}: {'applied' if applied else 'not applied'}, answer lost")
        self.applied = applied
        self.kind = kind
        self.partial = partial


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


def html_502() -> Answer:
    """What a proxy in front says: no JSON, no request id."""
    body = (
        b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n"
        b"<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n"
    )
    return Answer(502, {"Content-Type": "text/html; charset=UTF-8"}, body, "BAD_GATEWAY")
