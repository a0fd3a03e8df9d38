"""What a person does about an error: by its cause, in words and as a command."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from order_sync.model.causes import Cause
from order_sync.model.outcomes import ErrorClass

CORRECT_SOURCE: Final = "correct the source; the next run takes it"

HELD: Final[Mapping[str, str]] = MappingProxyType(
    {
        Cause.NULL_KEY: "fill the key's columns in the source; the next run takes it",
        Cause.DUPLICATE_KEY: "correct the source, or add a column to source.key (order-sync check tells)",
        Cause.UNKNOWN_CUSTOMER: "add the name to customers.yaml as an alias; the next run takes it",
        Cause.GUARDED_LABEL: "correct the source, or add the label to the board; the next run takes it",
    }
)

FAILED: Final[Mapping[str, str]] = MappingProxyType(
    {
        ErrorClass.REJECTED_VALUE: "correct the value in the source, or the board's column; then retry",
        ErrorClass.REJECTED_ROW: "see the message, correct the board or the source, then retry",
        ErrorClass.CONFIGURATION: "order-sync check names what differs; correct it, then retry",
        ErrorClass.AUTHENTICATION: "give ORDER_SYNC_TOKEN a token that may edit the board, then retry",
        ErrorClass.BOARD_FULL: "archive items of the board or raise its limit, then retry",
        ErrorClass.DAILY_LIMIT: "retry after 00:00 UTC",
    }
)


def held_step(cause: str) -> str:
    """For an order that has no staging row: there is nothing to retry."""
    return HELD.get(cause, CORRECT_SOURCE)


def failed_step(cause: str) -> str:
    """Before the retry."""
    return FAILED.get(cause, "correct what the message says, then retry")


def retry_command(order_number: str | None, batch_id: str | None) -> str | None:
    """The command that sends the row again; None where nothing names it."""
    if order_number:
        return f'order-sync retry --order "{order_number}"'
    return None if batch_id is None else f"order-sync retry --batch {batch_id}"
