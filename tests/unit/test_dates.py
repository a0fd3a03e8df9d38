from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from order_sync.model.dates import parse_dates


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-31",
        "20260131",
        "2026-01-31 00:00:00",
        "2026-01-31T23:59",
        "2026-01-31 10:20:30.1234567",
    ],
)
def test_iso_forms_are_read(text: str) -> None:
    parsed = parse_dates(pl.Series("due", [text]))

    assert parsed.values.to_list() == [date(2026, 1, 31)]
    assert parsed.values.name == "due"
    assert not parsed.unreadable.any()


@pytest.mark.parametrize(
    "text",
    [
        "31/01/2026",
        "2026-1-31",
        "2026-02-30",
        "20261301",
        "0000-01-01",
        "2026-01-31 24:00:00",
        "2026-01-31T10:00:00Z",
        "45321",
        "tomorrow",
        "2026-01-31 x",
        "12026-01-31",
    ],
)
def test_everything_else_is_no_date(text: str) -> None:
    parsed = parse_dates(pl.Series("due", [text]))

    assert parsed.values.to_list() == [None]
    assert parsed.unreadable.to_list() == [True]


@pytest.mark.parametrize(
    "text", ["1900-01-01", "19000101", "1900-01-01 00:00:00", "1899-12-30", "9999-12-31", "0001-01-01"]
)
def test_a_sentinel_is_no_date_and_no_fault(text: str) -> None:
    parsed = parse_dates(pl.Series("due", [text]))

    assert parsed.values.to_list() == [None]
    assert not parsed.unreadable.any()


def test_null_stays_null_and_empty_columns_are_dates() -> None:
    parsed = parse_dates(pl.Series("due", [None, "2000-02-29"], dtype=pl.String))

    assert parsed.values.to_list() == [None, date(2000, 2, 29)]
    assert parsed.unreadable.to_list() == [False, False]
    assert parse_dates(pl.Series("due", [], dtype=pl.String)).values.dtype == pl.Date
