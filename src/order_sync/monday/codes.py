"""The server's error codes, messages and statuses, each with its class: what to do about it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from order_sync.model.outcomes import ErrorClass
from order_sync.monday.replies import Complaint


def spelled(code: str) -> str:
    """A code without case, separators and the endings that come and go between API versions."""
    bare = re.sub(r"[^a-z0-9]", "", code.casefold())
    return bare.removesuffix("exception").removesuffix("error")


def _table(rows: Mapping[ErrorClass, tuple[str, ...]]) -> Mapping[str, ErrorClass]:
    return MappingProxyType({spelled(code): error_class for error_class, codes in rows.items() for code in codes})


CODES: Final = _table(
    {
        ErrorClass.THROTTLED: (
            "COMPLEXITY_BUDGET_EXHAUSTED",
            "ComplexityException",
            "MINUTE_RATE_LIMIT_EXCEEDED",
            "Minute limit rate exceeded",
            "MAX_CONCURRENCY_EXCEEDED",
            "Concurrency limit exceeded",
            "RATE_LIMIT_EXCEEDED",
            "IP_RATE_LIMIT_EXCEEDED",
            "FIELD_LIMIT_EXCEEDED",
            "tooManyRequests",
            "FIELD_MINUTE_RATE_LIMIT_EXCEEDED",
        ),
        ErrorClass.DAILY_LIMIT: ("DAILY_LIMIT_EXCEEDED", "Daily limit exceeded", "DAILY_RATE_LIMIT_EXCEEDED"),
        ErrorClass.BLOCKED_BY_API: ("API_TEMPORARILY_BLOCKED",),
        ErrorClass.AUTHENTICATION: (
            "NOT_AUTHENTICATED",
            "USER_UNAUTHORIZED",
            "UserUnauthorizedException",
            "USER_ACCESS_DENIED",
            "missingRequiredPermissions",
            "UNAUTHORIZED_FIELD_OR_TYPE",
            "Your ip is restricted",
            "Unauthorized",
        ),
        ErrorClass.CONFIGURATION: (
            "InvalidBoardIdException",
            "InvalidColumnIdException",
            "InvalidVersionException",
            "GRAPHQL_VALIDATION_FAILED",
            "GRAPHQL_PARSE_FAILED",
            "undefinedField",
            "argumentNotAccepted",
            "argumentLiteralsIncompatible",
        ),
        ErrorClass.BOARD_FULL: ("ItemsLimitationException",),
        ErrorClass.LOCKED: ("RESOURCE_LOCKED", "Locked"),
        ErrorClass.REJECTED_VALUE: (
            "ColumnValueException",
            "CorrectedValueException",
            "ItemNameTooLongException",
            "InvalidUserIdException",
        ),
        ErrorClass.REJECTED_ROW: (
            "InvalidItemIdException",
            "ResourceNotFoundException",
            "InvalidArgumentException",
            "JsonParseException",
            "RecordInvalidException",
            "CreateBoardException",
            "DeleteLastGroupException",
        ),
        ErrorClass.SERVER_ERROR: ("INTERNAL_SERVER_ERROR",),
        ErrorClass.AMBIGUOUS: ("IDEMPOTENCY_CONFLICT", "TIMEOUT_EXCEEDED"),
    }
)

# Messages decide only where no known code does: validation failures carry none, old bodies are bare strings.
MESSAGES: Final = tuple(
    (re.compile(pattern, re.IGNORECASE), error_class)
    for pattern, error_class in (
        (r"^daily limit exceeded", ErrorClass.DAILY_LIMIT),
        (r"^complexity budget exhausted", ErrorClass.THROTTLED),
        (r"^(minute |ip )?rate limit (exceeded|already blocked)", ErrorClass.THROTTLED),
        (r"^minute limit rate exceeded|^too many concurrent requests", ErrorClass.THROTTLED),
        (r"^concurrency limit exceeded", ErrorClass.THROTTLED),
        (r"^not authenticated|^your ip is restricted|^user unauthorized", ErrorClass.AUTHENTICATION),
        (r"^resource is currently locked", ErrorClass.LOCKED),
        (r"^cannot query field |^unknown (argument|type|directive) |^syntax error", ErrorClass.CONFIGURATION),
        (r"^enum \S+ cannot represent |^field \S+ .*is required", ErrorClass.CONFIGURATION),
        (r"\blabels? limit\b|maximum number of labels|too many labels", ErrorClass.CONFIGURATION),
        (r"^variable \"?\$[a-z]+\d{1,2}\b", ErrorClass.REJECTED_ROW),
        (r"^variable \"?\$[a-z]+\b", ErrorClass.CONFIGURATION),
        (r"^internal server error", ErrorClass.SERVER_ERROR),
    )
)

STATUSES: Final = MappingProxyType(
    {
        401: ErrorClass.AUTHENTICATION,
        423: ErrorClass.LOCKED,
        429: ErrorClass.THROTTLED,
        500: ErrorClass.SERVER_ERROR,
    }
)

# Among several complaints about one row the first of these decides: doubt before all, then what stops most.
GRAVEST_FIRST: Final = (
    ErrorClass.AMBIGUOUS,
    ErrorClass.SERVER_ERROR,
    ErrorClass.AUTHENTICATION,
    ErrorClass.DAILY_LIMIT,
    ErrorClass.BLOCKED_BY_API,
    ErrorClass.CONFIGURATION,
    ErrorClass.BOARD_FULL,
    ErrorClass.THROTTLED,
    ErrorClass.LOCKED,
    ErrorClass.GROUP_GONE,
    ErrorClass.REJECTED_ROW,
    ErrorClass.REJECTED_VALUE,
    ErrorClass.NOT_SENT,
)


def classify(complaint: Complaint, status: int) -> ErrorClass:
    """The class of one complaint in an answer of HTTP `status`. A 429 is decided before any code."""
    known = CODES.get(spelled(complaint.code)) if complaint.code else None
    if known is None:
        known = next((found for pattern, found in MESSAGES if pattern.search(complaint.message)), None)
    if status == 429:
        return ErrorClass.DAILY_LIMIT if known is ErrorClass.DAILY_LIMIT else ErrorClass.THROTTLED
    if status == 401:
        return ErrorClass.AUTHENTICATION
    if status >= 500:
        return STATUSES.get(status, ErrorClass.AMBIGUOUS)
    if status == 409 and known is not ErrorClass.REJECTED_ROW:
        return ErrorClass.AMBIGUOUS
    if known is None:
        return STATUSES.get(complaint.status_code or 0, STATUSES.get(status, ErrorClass.AMBIGUOUS))
    return _not_found(complaint) if spelled(complaint.code or "") == _NOT_FOUND else known


_NOT_FOUND: Final = spelled("ResourceNotFoundException")


def _not_found(complaint: Complaint) -> ErrorClass:
    """A missing group is made again, a missing board or column concerns every row, anything else the row."""
    kind = str((complaint.data or {}).get("resource_type", "")).casefold()
    message = complaint.message.casefold()
    if kind == "group" or message.startswith("group"):
        return ErrorClass.GROUP_GONE
    if kind in {"board", "column"} or message.startswith(("board", "column")):
        return ErrorClass.CONFIGURATION
    return ErrorClass.REJECTED_ROW


def gravest(classes: Iterable[ErrorClass]) -> ErrorClass:
    """The class that decides among several."""
    return min(classes, key=GRAVEST_FIRST.index)
