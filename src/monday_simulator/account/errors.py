"""Errors of one field: null in data, the code under extensions, HTTP 200."""

from __future__ import annotations

from graphql import GraphQLError

INTERNAL = "INTERNAL_SERVER_ERROR"
LONGEST_NUMBER = 19


class FieldError(GraphQLError):
    """A refusal in monday's own form. error_data: what the refusal is about, as the service names it.

    http_status: that of the whole answer where the refused field was the only one.
    """

    http_status = 200

    def __init__(self, message: str, code: str, error_data: object = None, status_code: int = 200) -> None:
        extensions = {
            "code": code,
            "status_code": status_code,
            "error_data": {} if error_data is None else error_data,
            "service": "monolith",
        }
        super().__init__(message, extensions=extensions)
        self.code = code


class LastGroupError(FieldError):
    """The one refusal of a field that has an HTTP status of its own."""

    http_status = 409

    def __init__(self, board_id: str, group_id: str) -> None:
        data = {"board_id": number(board_id), "group_id": group_id}
        message = "Cannot delete the last group in the board"
        super().__init__(message, "DeleteLastGroupException", data, self.http_status)


class InternalError(GraphQLError):
    """An id that is no number fails the whole request: data is null, the path is empty."""

    def __init__(self) -> None:
        extensions = {"status_code": 500, "error_code": INTERNAL, "service": "monolith"}
        super().__init__("Internal server error", extensions=extensions)


def number(text: str) -> int:
    """An id as the service repeats it in error_data."""
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER):
        raise InternalError
    return int(text)


def board_not_found(board_id: str) -> FieldError:
    message = "The board does not exist. Please check your board ID and try again"
    return FieldError(message, "InvalidBoardIdException", {"board_id": number(board_id)})


def item_not_found(item_id: str) -> FieldError:
    return FieldError("Item not found", "InvalidItemIdException", {"item_id": number(item_id)})


def original_not_found(item_id: str) -> FieldError:
    """As duplicating says it: the id itself is the data."""
    return FieldError("Item not found", "InvalidItemIdException", number(item_id))


def unauthorized() -> FieldError:
    """Also the answer for a board or a group that cannot be archived because there is none."""
    return FieldError("User unauthorized to perform action", "USER_UNAUTHORIZED", status_code=403)


def record_not_found(resource: str, record_id: str) -> FieldError:
    data = {"resource_type": resource, f"{resource}_id": number(record_id)}
    return FieldError(f"{resource.capitalize()} not found", "ResourceNotFoundException", data, status_code=404)


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
    message = (
        f"invalid value - {reason}. Please check our API documentation for the correct data structure for this"
        " column. https://developer.monday.com/api-reference/docs/change-column-values"
    )
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
