"""What can become of one mutation of one request: a closed set, decided once, at the edge to the network."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from order_sync.model.ids import BoardId, ItemId


class ErrorClass(StrEnum):
    """error_type in the ERR_ tables and stg_error_class: why, sorted by what to do about it."""

    NOT_SENT = "NOT_SENT"  # no byte left this machine: try again
    THROTTLED = "THROTTLED"  # refused by a limit, not processed: wait as told
    LOCKED = "LOCKED"  # 423, not applied: wait a little
    GROUP_GONE = "GROUP_GONE"  # the group is to be looked up or made again
    AMBIGUOUS = "AMBIGUOUS"  # may have been applied: settled by evidence only
    SERVER_ERROR = "SERVER_ERROR"  # HTTP 500: ambiguous, and permanent when twice proven absent
    REJECTED_VALUE = "REJECTED_VALUE"  # this row's value, label or name
    REJECTED_ROW = "REJECTED_ROW"  # this row otherwise: parent or item not found, invalid argument
    CONFIGURATION = "CONFIGURATION"  # board, column or permission: concerns every row
    AUTHENTICATION = "AUTHENTICATION"  # token refused
    DAILY_LIMIT = "DAILY_LIMIT"  # nothing more before 00:00 UTC
    BOARD_FULL = "BOARD_FULL"  # the board's item limit
    BLOCKED_BY_API = "BLOCKED_BY_API"  # API_TEMPORARILY_BLOCKED


class Halt(StrEnum):
    """What a Halted outcome stops."""

    AUTH = "AUTH"  # the whole run
    CONFIG = "CONFIG"  # this board
    BOARD_FULL = "BOARD_FULL"  # this board
    DAILY_LIMIT = "DAILY_LIMIT"  # the whole run, until the stated time
    API_BLOCKED = "API_BLOCKED"  # the whole run


@dataclass(frozen=True, slots=True)
class Problem:
    """What the server or the network said, in a form a person can read."""

    error_class: ErrorClass
    message: str
    code: str | None = None  # monday's extensions.code, or the class of a network error
    http_status: int | None = None
    column_id: str | None = None  # where the server names one


@dataclass(frozen=True, slots=True)
class Created:
    """Applied, with its id. `warning` holds what the server complained about beside it."""

    item_id: ItemId
    board_id: BoardId | None = None  # of a subitem: the board it lives on
    warning: Problem | None = None


@dataclass(frozen=True, slots=True)
class GroupCreated:
    """A group was made."""

    group_id: str


@dataclass(frozen=True, slots=True)
class Archived:
    """An item was archived."""

    item_id: ItemId


@dataclass(frozen=True, slots=True)
class Rejected:
    """Not applied and never will be as it stands: the row needs a person."""

    problem: Problem


@dataclass(frozen=True, slots=True)
class Retryable:
    """Proven not applied; the same row may go again after `wait`. `consumes_attempt` is False for throttling and for
    connections that never carried a byte."""

    problem: Problem
    wait: timedelta | None = None  # None: the ledger's own backoff decides
    consumes_attempt: bool = True


@dataclass(frozen=True, slots=True)
class InDoubt:
    """May or may not have been applied. Never sent again on a guess."""

    problem: Problem


@dataclass(frozen=True, slots=True)
class Halted:
    """Not applied, and no other row would fare better."""

    problem: Problem
    halt: Halt
    wait: timedelta | None = None


Outcome = Created | GroupCreated | Archived | Rejected | Retryable | InDoubt | Halted


def problem_class(outcome: Outcome) -> ErrorClass | None:
    """Why the outcome is what it is; None where nothing went wrong."""
    match outcome:
        case Created(warning=warning):
            return None if warning is None else warning.error_class
        case GroupCreated() | Archived():
            return None
        case _:
            return outcome.problem.error_class
