"""Values as monday wants them inside `column_values`: one by one, and vectorised over a frame."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Final

import polars as pl

from order_sync.model.errors import MappingError
from order_sync.model.mapping import BoardColumn, ColumnType

# Types that a board can have and that nobody can write.
READ_ONLY: Final = frozenset(
    {
        "mirror",
        "formula",
        "auto_number",
        "item_id",
        "creation_log",
        "last_updated",
        "progress",
        "subtasks",
        "button",
        "vote",
        "time_tracking",
    }
)


def refuse(type_name: str, column_id: str) -> MappingError:
    """The error for a column type that has no encoder."""
    written = ", ".join(sorted(kind.value for kind in ColumnType))
    if type_name in READ_ONLY:
        what = f"column {column_id} is of type {type_name}, which monday.com fills itself: it cannot be written"
        step = "list it under `table_columns` with `writable: false`, not under `columns`"
    else:
        what = f"column {column_id} is of type {type_name}, which Order Sync does not write yet"
        step = f"use a board column of one of the types {written}"
    return MappingError(what, where=f"board column {column_id}", next_step=step)


def encode(column: BoardColumn, value: object) -> object:
    """One value as it stands under its column's id; None where there is nothing to write.

    Raises MappingError for a type that is not written, TypeError for a value that is no text, number or date.
    """
    encoder = _ENCODERS.get(column.type)
    if encoder is None:
        raise refuse(str(column.type), column.id)
    text = _text(value)
    return None if text is None else encoder(text)


def column_values_expr(
    columns: Iterable[tuple[BoardColumn, str]], extra: Sequence[tuple[BoardColumn, pl.Expr]] = ()
) -> pl.Expr:
    """The JSON text of `column_values`, one a row: keys in the given order, columns without a value left out.

    `columns` pairs a board column with the frame's column of its values, `extra` with an expression.
    """
    pairs = [(column, pl.col(source)) for column, source in columns]
    members = [_member(column, source) for column, source in [*pairs, *extra]]
    if not members:
        return pl.lit("{}")
    inside = pl.concat_str(members, separator=",", ignore_nulls=True)
    return pl.concat_str([pl.lit("{"), inside, pl.lit("}")])


def _text(value: object) -> str | None:
    """The canonical text of a value; blank is nothing: a blank number would be written as 0."""
    match value:
        case None | "":
            return None
        case str():
            return value
        case bool():
            raise TypeError(f"a truth value has no text on a board: {value!r}")
        case int():
            return str(value)
        case Decimal():
            return format(value, "f")
        case datetime():
            return value.date().isoformat()
        case date():
            return value.isoformat()
        case _:
            raise TypeError(f"no value for a board column: {type(value).__name__}")


_ENCODERS: Final[Mapping[ColumnType, Callable[[str], object]]] = MappingProxyType(
    {
        ColumnType.TEXT: lambda text: text,
        ColumnType.LONG_TEXT: lambda text: {"text": text},
        ColumnType.NUMBERS: lambda text: text,
        ColumnType.STATUS: lambda text: {"label": text},
        # The array form: a label with a comma in it would be two in the short form.
        ColumnType.DROPDOWN: lambda text: {"labels": [text]},
        ColumnType.DATE: lambda text: {"date": text[:10]},
    }
)

_EXPRESSIONS: Final[Mapping[ColumnType, Callable[[pl.Expr], pl.Expr]]] = MappingProxyType(
    {
        ColumnType.TEXT: lambda text: text,
        ColumnType.LONG_TEXT: lambda text: pl.struct(text.alias("text")),
        ColumnType.NUMBERS: lambda text: text,
        ColumnType.STATUS: lambda text: pl.struct(text.alias("label")),
        ColumnType.DROPDOWN: lambda text: pl.struct(pl.concat_list(text).alias("labels")),
        ColumnType.DATE: lambda text: pl.struct(text.str.slice(0, 10).alias("date")),
    }
)


def _member(column: BoardColumn, source: pl.Expr) -> pl.Expr:
    """`"<id>":<value>`, NULL where there is no value. Escaping is left to the JSON writer of polars."""
    shape = _EXPRESSIONS.get(column.type)
    if shape is None:
        raise refuse(str(column.type), column.id)
    text = source.cast(pl.String)
    single = pl.struct(shape(text).alias(column.id)).struct.json_encode()
    member = single.str.strip_prefix("{").str.strip_suffix("}")
    return pl.when(text.is_null() | (text == "")).then(None).otherwise(member)
