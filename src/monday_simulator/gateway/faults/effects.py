"""What a client gets to see of a fault: instead of an execution, or of the answer to one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import msgspec
from graphql import GraphQLError

from monday_simulator.gateway import answers
from monday_simulator.gateway.answers import Answer, ConnectionDropped
from monday_simulator.gateway.faults.kinds import Kind
from monday_simulator.gateway.faults.rules import USUAL_REFUSAL, Rule
from monday_simulator.gateway.naming import field_meant
from monday_simulator.gateway.refusals import OF_FIELDS, refusal
from monday_simulator.gateway.requests import Call

_THROTTLES = {
    "COMPLEXITY_BUDGET_EXHAUSTED": "Complexity budget exhausted",
    "MINUTE_RATE_LIMIT_EXCEEDED": "Minute rate limit exceeded",
    "MAX_CONCURRENCY_EXCEEDED": "Too many concurrent requests",
    "DAILY_LIMIT_EXCEEDED": "Daily limit exceeded",
    "IP_RATE_LIMIT_EXCEEDED": "IP rate limit exceeded",
}

_INVALID_VALUE = "invalid value - refused by a scripted fault. Please check our API documentation."


def instead(call: Call, fault: Rule) -> Answer:
    """The answer to a request that is never executed; raises ConnectionDropped where there is none."""
    match fault.kind:
        case Kind.ERROR_500_BEFORE:
            return answers.internal_error_500(call.request_id)
        case Kind.ERROR_200_BEFORE:
            return answers.internal_error_200(call.request_id)
        case Kind.HTML_502_BEFORE:
            return answers.html_502()
        case Kind.GATEWAY_504_BEFORE:
            return answers.html_504()
        case Kind.LOCKED_423:
            return answers.locked(call.request_id)
        case Kind.REFUSED:
            return refusal(fault.code or USUAL_REFUSAL, call.request_id)
        case Kind.THROTTLE_429:
            return _throttled(call, fault)
        case Kind.THROTTLE_200:
            return _throttled_inside_200(call, fault)
        case _:
            raise ConnectionDropped(applied=False, kind=fault.kind)


def _throttled(call: Call, fault: Rule) -> Answer:
    code = fault.code or "COMPLEXITY_BUDGET_EXHAUSTED"
    if code == "RATE_LIMIT_EXCEEDED":  # of bulk jobs: the wait stands under another name, in milliseconds
        return answers.bulk_limit(call.request_id, fault.retry_in_seconds)
    message = _THROTTLES.get(code, "Rate limit exceeded")
    return answers.gateway_error(429, message, code, call.request_id, fault.retry_in_seconds)


def _throttled_inside_200(call: Call, fault: Rule) -> Answer:
    code = fault.code or "ComplexityException"
    if code == "ComplexityException":
        return answers.complexity_until_2024(call.cost or 30_001, fault.retry_in_seconds)
    return answers.gateway_error(200, _THROTTLES.get(code, "API temporarily blocked"), code, call.request_id)


def error_of_one_field(fault: Rule) -> GraphQLError | None:
    """What the field at the rule's `alias` answers instead of being applied; None for a fault of another sort."""
    extensions: dict[str, Any] = {"service": "monolith"}
    if fault.kind is Kind.THROTTLE_FIELD:
        extensions |= {"code": "FIELD_LIMIT_EXCEEDED", "status_code": 429, "error_data": {"entity": "items"}}
        extensions |= {"retry_in_seconds": fault.retry_in_seconds}
        return GraphQLError("Concurrency limit exceeded for the field", extensions=extensions)
    if fault.kind is Kind.BAD_ALIAS:
        code = fault.code or "ColumnValueException"
        status, message = OF_FIELDS.get(code, (200, _INVALID_VALUE))
        extensions |= {"code": code, "status_code": status, "error_data": {}}
        return GraphQLError(message, extensions=extensions)
    return None


def made_of(answer: Answer, call: Call, fault: Rule) -> Answer:
    """What arrives of a finished answer; raises ConnectionDropped where not all of it does."""
    match fault.kind:
        case Kind.LOST_AFTER:
            raise ConnectionDropped(bool(call.applied), fault.kind)
        case Kind.HALF_ANSWER:
            raise ConnectionDropped(bool(call.applied), fault.kind, answer, fault.cut(len(answer.body)))
        case Kind.SLOW_ANSWER:
            return replace(answer, takes=timedelta(seconds=fault.over_seconds))
        case Kind.ERROR_500_AFTER:
            return answers.internal_error_500(call.request_id)
        case Kind.ERROR_200_AFTER:
            return answers.internal_error_200(call.request_id)
        case Kind.HTML_502_AFTER:
            return answers.html_502()
        case Kind.GATEWAY_504_AFTER:
            return answers.html_504()
        case Kind.WRONG_JSON:
            wrong = answer.body[: len(answer.body) // 2] if fault.body is None else fault.body.encode()
            return replace(answer, body=wrong)
        case Kind.MISSING_ALIAS | Kind.THROTTLE_SUBGRAPH:
            return _with_other_data(answer, call, fault)
        case _:
            return answer


def _with_other_data(answer: Answer, call: Call, fault: Rule) -> Answer:
    """An answer without data, such as a refusal, stays as it is."""
    try:
        content = answer.json()
    except msgspec.DecodeError:
        return answer
    data = content.get("data") if isinstance(content, dict) else None
    if not isinstance(data, dict) or not call.running.keys:
        return answer
    key = field_meant(call, fault)
    if fault.kind is Kind.MISSING_ALIAS:
        data.pop(key, None)
        return replace(answer, body=msgspec.json.encode(content))
    path = _first_nested(data.get(key), [key])
    if path is None:
        return answer
    content.setdefault("errors", []).append(_blocked(data, path))
    return replace(answer, body=msgspec.json.encode(content), code="tooManyRequests")


def _first_nested(value: object, path: list[str | int]) -> list[str | int] | None:
    """The path to the first selection below a root field."""
    if isinstance(value, list):
        return _first_nested(value[0], [*path, 0]) if value else None
    if not isinstance(value, dict):
        return None
    return next(([*path, name] for name, inner in value.items() if isinstance(inner, dict | list)), None)


def _blocked(data: Any, path: list[str | int]) -> dict[str, Any]:
    """Take the value at the path away, and say so as a subgraph does: 200 outside, 400 inside."""
    for step in path[:-1]:
        data = data[step]
    data[path[-1]] = None
    extensions = {"code": "tooManyRequests", "status_code": 400, "service": "data-structure"}
    message = f"Rate limit already blocked for board-{path[-1]}-errors"
    return {"message": message, "path": path, "extensions": extensions}
