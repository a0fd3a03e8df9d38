"""Parameters as the drivers must be told of them.

Left to itself mssql-python's executemany goes by the longest text of a column: where that is ASCII, every other
character of the column arrives as a question mark, and nothing says so. A size for each parameter prevents that.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Any, Final
from uuid import UUID

Row = Sequence[Any]
Size = tuple[int, int, int]  # ODBC's number of the type, length or precision, scale

LONGEST: Final = 4_000  # UTF-16 units: what NVARCHAR(n) and a parameter of known size can hold

BIT: Final = (-7, 0, 0)
BIGINT: Final = (-5, 0, 0)
DOUBLE: Final = (8, 0, 0)
DATE: Final = (91, 0, 0)
TIMESTAMP: Final = (93, 26, 6)
_WVARCHAR: Final = -9
NULL: Final = (_WVARCHAR, 1, 0)  # SQL Server makes any type of it that we have
UNBOUNDED: Final = (_WVARCHAR, 0, 0)
_VARBINARY: Final = -3
_DECIMAL: Final = 3
_PRECISION: Final = 38  # SQL Server's largest

# In this order: a bool is an int too, and a datetime a date.
_KINDS: Final = (bool, int, float, Decimal, datetime, date, UUID, bytes, str)

_NARROWER: Final[dict[type, set[type]]] = {float: {bool, int}, Decimal: {bool, int}, int: {bool}}


def execute_many(cursor: Any, statement: str, rows: Sequence[Row]) -> None:
    """The driver's executemany with every parameter sized; `rowcount` is that of all rows.

    A row with a text too long for a size goes alone, where the driver looks at each text by itself.
    """
    done = 0
    for long, run in groupby(rows, _is_long):
        if long:
            for row in run:
                cursor.execute(statement, tuple(row))
                done += cursor.rowcount
        else:
            sizes, sent = sized(list(run))
            cursor.setinputsizes(sizes)
            cursor.executemany(statement, sent)
            done += cursor.rowcount
    cursor.rowcount = done


def execute_one(cursor: Any, statement: str, row: Row) -> None:
    """The driver's execute with every parameter sized, to be called where one is NULL.

    For a NULL without a size a driver asks the server what it may be: a round trip more, and on a server that cannot
    tell, the whole transaction was seen to be undone without an error.
    """
    columns = [_alone(number, value) for number, value in enumerate(row)]
    cursor.setinputsizes([size for size, _ in columns])
    cursor.execute(statement, tuple(value for _, value in columns))


def _alone(number: int, value: Any) -> tuple[Size, Any]:
    if _is_long((value,)):
        return UNBOUNDED, value
    size, (given,) = _column(number, (value,))
    return size, given


def sized(rows: Sequence[Row]) -> tuple[list[Size], list[tuple[Any, ...]]]:
    """The size of each parameter, and the rows in types that these sizes take.

    TypeError: a column mixes types, or has one that was never tried.
    """
    columns = [_column(number, column) for number, column in enumerate(zip(*rows, strict=True))]
    return [size for size, _ in columns], list(zip(*(values for _, values in columns), strict=True))


def units(text: str) -> int:
    """Its length as SQL Server counts: an emoji is two."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def _is_long(row: Row) -> bool:
    return any(isinstance(value, str) and len(value) * 2 > LONGEST and units(value) > LONGEST for value in row)


def _column(number: int, values: Sequence[Any]) -> tuple[Size, Sequence[Any]]:
    said = [value for value in values if value is not None]
    kinds = {_kind(number, each) for each in set(map(type, said))}
    if not kinds:
        return NULL, values
    if len(kinds) > 1:
        kinds, values = _one_kind(number, kinds, values)
        said = [value for value in values if value is not None]
    (kind,) = kinds
    if kind is UUID:
        values = [None if value is None else str(value) for value in values]
    return _SIZES[kind](said), values


def _kind(number: int, given: type) -> type:
    for kind in _KINDS:
        if issubclass(given, kind):
            return kind
    raise TypeError(f"parameter {number + 1} is a {given.__name__}, for which no size is known")


def _one_kind(number: int, kinds: set[type], values: Sequence[Any]) -> tuple[set[type], Sequence[Any]]:
    """Numbers of several types become the widest of them."""
    for widest, narrower in _NARROWER.items():
        if kinds - narrower == {widest}:
            return {widest}, [None if value is None else widest(value) for value in values]
    names = ", ".join(sorted(kind.__name__ for kind in kinds))
    raise TypeError(f"parameter {number + 1} is of several types: {names}")


def _text(values: Sequence[str]) -> Size:
    return _WVARCHAR, max(1, *map(units, values)), 0


def _decimal(values: Sequence[Decimal]) -> Size:
    """Room for the most digits on either side of the point, and two more, without which the driver refused some."""
    parts = [_digits(value) for value in values]
    before, scale = max(before for before, _ in parts), max(after for _, after in parts)
    return _DECIMAL, min(before + scale + 2, _PRECISION), scale


def _digits(value: Decimal) -> tuple[int, int]:
    """Digits before and after the point. ValueError: not a number that SQL Server has."""
    _, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int):
        raise ValueError(f"{value} is no number of SQL Server's")
    return max(len(digits) + exponent, 0), max(-exponent, 0)


def _timestamp(values: Sequence[datetime]) -> Size:
    if any(value.tzinfo is not None for value in values):
        raise TypeError("a datetime with a zone: the column would keep its figures and lose the zone")
    return TIMESTAMP


def _bytes(values: Sequence[bytes]) -> Size:
    return _VARBINARY, max(1, *map(len, values)), 0


def _always(size: Size) -> Callable[[Sequence[Any]], Size]:
    return lambda _values: size


_SIZES: Final[dict[type, Callable[[Sequence[Any]], Size]]] = {
    bool: _always(BIT),
    int: _always(BIGINT),
    float: _always(DOUBLE),
    Decimal: _decimal,
    datetime: _timestamp,
    date: _always(DATE),
    UUID: lambda _values: (_WVARCHAR, 36, 0),
    bytes: _bytes,
    str: _text,
}
