"""Values inside `column_values`: the vectorised form says the same as the single one."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import polars as pl
import pytest

from order_sync.model.errors import MappingError
from order_sync.model.mapping import BoardColumn, ColumnType
from order_sync.monday.values import READ_ONLY, column_values_expr, encode, refuse

COLUMNS = {kind: BoardColumn(id=f"{kind.value}_mk1", type=kind) for kind in ColumnType}


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        (ColumnType.TEXT, 'a "quoted" \\ text', 'a "quoted" \\ text'),
        (ColumnType.TEXT, 7, "7"),
        (ColumnType.LONG_TEXT, "a\nb", {"text": "a\nb"}),
        (ColumnType.NUMBERS, "42.5", "42.5"),
        (ColumnType.NUMBERS, 42, "42"),
        (ColumnType.NUMBERS, Decimal("1E+3"), "1000"),
        (ColumnType.STATUS, "Done", {"label": "Done"}),
        (ColumnType.DROPDOWN, "A, B", {"labels": ["A, B"]}),
        (ColumnType.DATE, date(2026, 6, 15), {"date": "2026-06-15"}),
        (ColumnType.DATE, datetime(2026, 6, 15, 23, 59), {"date": "2026-06-15"}),  # noqa: DTZ001 - as databases give it
        (ColumnType.DATE, "2026-06-15", {"date": "2026-06-15"}),
        (ColumnType.DATE, date(1, 1, 1), {"date": "0001-01-01"}),
    ],
)
def test_one_value(kind: ColumnType, value: object, expected: object) -> None:
    assert encode(COLUMNS[kind], value) == expected


@pytest.mark.parametrize("kind", ColumnType)
@pytest.mark.parametrize("nothing", [None, ""])
def test_nothing_is_not_written(kind: ColumnType, nothing: object) -> None:
    """A blank number would be written as 0."""
    assert encode(COLUMNS[kind], nothing) is None


@pytest.mark.parametrize("value", [True, 1.5, float("nan"), b"bytes", ["a"]])
def test_values_of_other_kinds_are_refused(value: object) -> None:
    with pytest.raises(TypeError):
        encode(COLUMNS[ColumnType.TEXT], value)


def test_a_type_without_an_encoder_is_refused_by_name() -> None:
    column = BoardColumn.model_construct(id="people_1", type="people", labels=None)
    with pytest.raises(MappingError, match=r"people_1 is of type people, which Order Sync does not write yet"):
        encode(column, "x")
    with pytest.raises(MappingError, match="people_1"):
        column_values_expr([(column, "a")])


@pytest.mark.parametrize("kind", sorted(READ_ONLY))
def test_what_monday_fills_itself_is_refused_by_name(kind: str) -> None:
    assert "cannot be written" in refuse(kind, "c1").what
    assert refuse(kind, "c1").next_step


def test_whole_numbers_dates_as_text_and_extra_expressions() -> None:
    frame = pl.DataFrame({"n": [5, None], "d": ["2026-01-31", None], "k": ["k1", "k2"]})
    key = BoardColumn(id="text_key", type=ColumnType.TEXT)
    expression = column_values_expr(
        [(COLUMNS[ColumnType.NUMBERS], "n"), (COLUMNS[ColumnType.DATE], "d")],
        extra=[(key, pl.col("k")), (COLUMNS[ColumnType.STATUS], pl.lit("Made"))],
    )
    assert frame.select(expression.alias("json"))["json"].to_list() == [
        '{"numbers_mk1":"5","date_mk1":{"date":"2026-01-31"},"text_key":"k1","status_mk1":{"label":"Made"}}',
        '{"text_key":"k2","status_mk1":{"label":"Made"}}',
    ]


def test_nothing_to_write_is_an_empty_object() -> None:
    frame = pl.DataFrame({"a": [None, ""]}, schema={"a": pl.String})
    values = frame.select(column_values_expr([(COLUMNS[ColumnType.TEXT], "a")]).alias("json"))["json"]
    assert values.to_list() == ["{}", "{}"]
    assert frame.with_columns(column_values_expr([]).alias("json"))["json"].to_list() == ["{}", "{}"]
    assert frame.clear().select(column_values_expr([(COLUMNS[ColumnType.TEXT], "a")]).alias("json")).height == 0
