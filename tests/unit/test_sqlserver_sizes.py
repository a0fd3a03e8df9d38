"""What mssql-python is told of bulk parameters: no text is lost, no type refused."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from order_sync.store.sqlserver_sizes import (
    BIGINT,
    BIT,
    DATE,
    DOUBLE,
    LONGEST,
    TIMESTAMP,
    execute_many,
    execute_one,
    sized,
    units,
)

WVARCHAR, VARBINARY, DECIMAL = -9, -3, 3
NUMBER = UUID("6F9619FF-8B86-D011-B42D-00C04FC964FF")
NEEDLE = "\N{SPOOL OF THREAD}"  # two UTF-16 units


class Status(StrEnum):
    PENDING = "PENDING"


@pytest.mark.parametrize(
    ("column", "size"),
    [
        (["longer ascii text", "日本"], (WVARCHAR, 17, 0)),
        (["日本", None, "x"], (WVARCHAR, 2, 0)),
        ([NEEDLE * 3, "four"], (WVARCHAR, 6, 0)),
        ([f"a{NEEDLE}"], (WVARCHAR, 3, 0)),
        (["\ud800"], (WVARCHAR, 1, 0)),
        (["", ""], (WVARCHAR, 1, 0)),
        (["", None], (WVARCHAR, 1, 0)),
        ([None, None], (WVARCHAR, 1, 0)),
        (["x" * LONGEST], (WVARCHAR, LONGEST, 0)),
        ([Status.PENDING], (WVARCHAR, 7, 0)),
        ([True, False, None], BIT),
        ([True, 7], BIGINT),
        ([2**63 - 1, -(2**63)], BIGINT),
        ([0.1, None], DOUBLE),
        ([0.5, 3, True], DOUBLE),
        ([Decimal("28.8600")], (DECIMAL, 8, 4)),
        ([Decimal("-0.1"), Decimal(12345)], (DECIMAL, 8, 1)),
        ([Decimal("0.00001")], (DECIMAL, 7, 5)),
        ([Decimal("1E+5"), Decimal(0)], (DECIMAL, 8, 0)),
        ([Decimal("1E-10"), Decimal("9" * 28)], (DECIMAL, 38, 10)),
        ([Decimal("1.5"), 7], (DECIMAL, 4, 1)),
        ([datetime(2026, 3, 1, 12, 0, 0, 123456)], TIMESTAMP),  # noqa: DTZ001 - as the column takes it
        ([date(2026, 1, 31), None], DATE),
        ([NUMBER, None], (WVARCHAR, 36, 0)),
        ([b"\x00\xff", b""], (VARBINARY, 2, 0)),
        ([b""], (VARBINARY, 1, 0)),
    ],
)
def test_the_size_of_a_column(column: list[Any], size: tuple[int, int, int]) -> None:
    assert sized([(value,) for value in column])[0] == [size]


def test_every_parameter_has_a_size_and_rows_stay_as_they_are() -> None:
    rows = [("日本", 1, None, date(2026, 1, 31)), ("x", None, None, None)]
    sizes, sent = sized(rows)
    assert sizes == [(WVARCHAR, 2, 0), BIGINT, (WVARCHAR, 1, 0), DATE]
    assert sent == rows


def test_values_take_the_form_of_their_column() -> None:
    assert sized([(NUMBER, 3, True, 2), (None, 0.5, 7, Decimal("0.5"))])[1] == [
        ("6f9619ff-8b86-d011-b42d-00c04fc964ff", 3.0, 1, Decimal(2)),
        (None, 0.5, 7, Decimal("0.5")),
    ]


@pytest.mark.parametrize(
    ("column", "says"),
    [
        ([1, "1"], "parameter 1 is of several types: int, str"),
        ([date(2026, 1, 1), datetime(2026, 1, 1)], "several types: date, datetime"),  # noqa: DTZ001
        ([0.5, Decimal("0.5")], "several types: Decimal, float"),
        ([time(12)], "parameter 1 is a time"),
        ([object()], "parameter 1 is a object"),
        ([datetime(2026, 1, 1, tzinfo=UTC)], "lose the zone"),
    ],
)
def test_what_would_be_guessed_is_refused(column: list[Any], says: str) -> None:
    with pytest.raises(TypeError, match=says):
        sized([(value,) for value in column])


@pytest.mark.parametrize("odd", ["NaN", "Infinity"])
def test_a_decimal_that_is_no_number_is_refused(odd: str) -> None:
    with pytest.raises(ValueError, match="no number"):
        sized([(Decimal(odd),)])


def test_a_row_is_never_shorter_than_another() -> None:
    with pytest.raises(ValueError, match="shorter"):
        sized([(1, 2), (1,)])


@given(st.text())
def test_units_are_those_of_utf_16(text: str) -> None:
    assert units(text) == len(text.encode("utf-16-le", "surrogatepass")) // 2


@given(st.lists(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**12), max_value=10**12)))
def test_every_decimal_fits_its_size(column: list[Decimal]) -> None:
    for value in column:
        ((_, precision, scale),) = sized([(each,) for each in column])[0]
        before, _, after = format(abs(value), "f").partition(".")
        assert len(after) <= scale
        assert len(before) <= precision - scale


class Cursor:
    """Writes down what it is asked for, as the driver's would take it."""

    def __init__(self) -> None:
        self.rowcount = -1
        self.sizes: Any = None
        self.calls: list[tuple[str, Any, Any]] = []

    def setinputsizes(self, sizes: Any) -> None:
        self.sizes = sizes

    def executemany(self, statement: str, rows: list[Any]) -> None:
        self.calls.append((statement, self.sizes, rows))
        self.sizes, self.rowcount = None, len(rows)

    def execute(self, statement: str, row: Any) -> None:
        self.calls.append((statement, self.sizes, [row]))
        self.sizes, self.rowcount = None, 1


def test_rows_go_together_and_are_counted() -> None:
    cursor = Cursor()
    execute_many(cursor, "INSERT", [("日",), ("x",)])
    assert cursor.calls == [("INSERT", [(WVARCHAR, 1, 0)], [("日",), ("x",)])]
    assert cursor.rowcount == 2


@pytest.mark.parametrize("long", ["x" * (LONGEST + 1), NEEDLE * (LONGEST // 2) + "x"])
def test_a_row_with_a_text_too_long_for_a_size_goes_alone_in_its_place(long: str) -> None:
    cursor = Cursor()
    rows = [("a", 1), ("b", 2), (long, 3), ("c", 4)]
    execute_many(cursor, "INSERT", rows)
    assert [sent for _, _, sent in cursor.calls] == [rows[:2], [rows[2]], rows[3:]]
    assert [sizes is None for _, sizes, _ in cursor.calls] == [False, True, False]
    assert cursor.rowcount == 4


def test_a_statement_with_a_null_needs_no_question_to_the_server() -> None:
    cursor = Cursor()
    execute_one(cursor, "UPDATE", ("日本", None, 7))
    assert cursor.calls == [("UPDATE", [(WVARCHAR, 2, 0), (WVARCHAR, 1, 0), BIGINT], [("日本", None, 7)])]


def test_a_text_of_any_length_goes_beside_a_null() -> None:
    cursor = Cursor()
    execute_one(cursor, "UPDATE", ("x" * (LONGEST + 1), None))
    assert cursor.calls == [("UPDATE", [(WVARCHAR, 0, 0), (WVARCHAR, 1, 0)], [("x" * (LONGEST + 1), None)])]


def test_4000_units_still_go_together() -> None:
    cursor = Cursor()
    execute_many(cursor, "INSERT", [("x" * LONGEST,), (NEEDLE * (LONGEST // 2),)])
    assert len(cursor.calls) == 1
