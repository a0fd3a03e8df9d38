"""Errors of one field: null in data, the code under extensions, HTTP 200."""

from __future__ import annotations

from typing import Any

from graphql import GraphQLError

INTERNAL = "INTERNAL_SERVER_ERROR"


class FieldError(GraphQLError):
    """A refusal in monday's own form. error_data: what the refusal is about, as the service names it."""

    def __init__(
        self, message: str, code: str, error_data: dict[str, Any] | None = None, status_code: int = 200
    ) -> None:
        extensions = {
            "code": code,
            "status_code": status_code,
            "error_data": error_data or {},
            "service": "monolith",
        }
        super().__init__(message, extensions=extensions)
        self.code = code


class InternalError(GraphQLError):
    """An id that is no number fails the whole request: data is null, the path is empty."""

    def __init__(self) -> None:
        extensions = {"status_code": 500, "error_code": INTERNAL, "service": "monolith"}
        super().__init__("Internal server error", extensions=extensions)


def number(text: str) -> int:
    """An id as the service repeats it in error_data."""
    if not (text.isascii() and text.isdigit()):
        raise InternalError
    return int(text)


def board_not_found(board_id: str) -> FieldError:
    message = "The board does not exist. Please check your board ID and try again"
    return FieldError(message, "InvalidBoardIdException", {"board_id": number(board_id)})


def item_not_found(item_id: str) -> FieldError:
    return FieldError("Item not found", "InvalidItemIdException", {"item_id": number(item_id)})


def column_not_found(column_id: str, board_id: str) -> FieldError:
    data = {
        "column_id": column_id,
        "board_id": number(board_id),
        "error_reason": "store.monday.automation.error.missing_column",
    }
    return FieldError("This column ID doesn't exist for the board", "InvalidColumnIdException", data)


def group_not_found(group_id: str, board_id: str) -> FieldError:
    data = {
        "resource_type": "group",
        "group_id": group_id,
        "board_id": number(board_id),
        "error_reason": "store.monday.automation.error.missing_group",
    }
    return FieldError("Group not found", "ResourceNotFoundException", data, status_code=404)


def column_value_refused(reason: str, column_id: str, column_type: str) -> FieldError:
    message = f"invalid value - {reason}. Please check our API documentation for the correct data structure."
    return FieldError(message, "ColumnValueException", {"column_id": column_id, "column_type": column_type})


def item_name_refused(name: str) -> FieldError:
    message = "Item name must be between 1 and 255 characters long"
    return FieldError(message, "ItemNameTooLongException", {"item_name_length": len(name)})


def items_limit_reached(board_id: str, limit: int) -> FieldError:
    message = f"Board has reached its limit of {limit} items"
    return FieldError(message, "ItemsLimitationException", {"board_id": number(board_id), "items_limit": limit})


def argument_refused(message: str, **data: object) -> FieldError:
    return FieldError(message, "InvalidArgumentException", dict(data))


def cursor_refused(message: str) -> FieldError:
    return FieldError(message, "CursorException")
