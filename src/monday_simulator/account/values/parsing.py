"""A whole `column_values`, or one plain text: parsed into the stored form, or refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from monday_simulator.account.errors import FieldError, column_not_found, column_value_refused
from monday_simulator.account.state import Board, Column
from monday_simulator.account.values.kinds import KINDS, Kind, kind_of
from monday_simulator.account.values.target import Account, Parsed, Target

VALUES_BYTES_MAX = 65_536
_CALCULATED = "This column type can not be updated or created (client side auto calculated column)"
_UNCLEARABLE = frozenset({"location"})


def parse_values(account: Account, board: Board, raw: Mapping[str, Any], create_labels: bool) -> Parsed:
    """Raises FieldError at the first column that refuses its value."""
    parsed = Parsed({}, {})
    columns = {column.id: column for column in board.columns}
    for column_id, value in raw.items():
        if column_id == "name" and isinstance(value, str):
            parsed.name = value
            continue
        column = columns.get(column_id)
        if column is None or column.archived:
            raise column_not_found(column_id, board.id)
        kind = KINDS.get(column.type)
        if kind is None or kind.parse is None:
            raise _not_written(column)
        target = Target(account, board.id, column, kind.legacy, create_labels, parsed)
        parsed.values[column_id] = None if value is None else kind.parse(target, value)
    return parsed


def parse_simple(account: Account, board: Board, column_id: str, text: str | None, create_labels: bool) -> Parsed:
    """What `change_simple_column_value` takes: an empty text clears, of a number too."""
    column = board.column(column_id)
    if column is None or column.archived:
        raise column_not_found(column_id, board.id)
    if column.type == "name":
        return Parsed({}, {}, name=text or "")
    kind = kind_of(column.type)
    if not kind.simple:
        raise _not_simple(column, kind)
    if not text and column.type in _UNCLEARABLE:
        raise column_value_refused("the column cannot be cleared with a simple value", column.id, kind.legacy)
    return parse_values(account, board, {column_id: text or None}, create_labels)


def _not_simple(column: Column, kind: Kind) -> FieldError:
    message = (
        f"column type {kind.class_name} is not supporting changing the column value with simple column value, "
        "please check our API documentation for the correct data structure for this column."
    )
    return FieldError(message, "CorrectedValueException", {"column_id": column.id, "column_type": kind.legacy})


def _not_written(column: Column) -> FieldError:
    kind = kind_of(column.type)
    if column.type in KINDS:
        data = {"column_id": column.id, "column_type": kind.legacy}
        return FieldError(_CALCULATED, "ColumnValueException", data)
    message = "This column type is not supported yet in the API"
    data = {"column_id": column.id, "actual_type": kind.class_name}
    return FieldError(message, "ColumnValueException", data)


def check_size(values: Mapping[str, Any]) -> None:
    """All values of an item hold about 64 KB together."""
    size = len(msgspec.json.encode(values))
    if size > VALUES_BYTES_MAX:
        message = f"invalid value - the values of an item hold at most {VALUES_BYTES_MAX} bytes together"
        raise FieldError(message, "ColumnValueException", {"size": size})
