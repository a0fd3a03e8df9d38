"""What is stored comes back as itself."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Dialect
from sqlalchemy.dialects import mssql, sqlite

from order_sync.store.types import (
    ExactDecimal,
    UtcDateTime,
    sql_type,
    utc_text,
)

SQLITE: Dialect = sqlite.dialect()


SERVER: Dialect = mssql.dialect()


MOMENTS = st.datetimes(timezones=st.timezones() | st.just(UTC), allow_imaginary=False)


NEAR = MOMENTS.filter(lambda moment: 2 < moment.year < 9998)


@given(NEAR)
def test_a_moment_comes_back_as_itself_in_utc(moment: datetime) -> None:
    kind = UtcDateTime()
    for dialect in (SQLITE, SERVER):
        stored = kind.process_bind_param(moment, dialect)
        back = kind.process_result_value(stored, dialect)
        assert back == moment.astimezone(UTC)  # within one zone: Python calls no two ambiguous moments of two equal
        assert back is not None
        assert back.utcoffset() == timedelta(0)


@given(NEAR, NEAR)
def test_text_order_is_time_order(one: datetime, other: datetime) -> None:
    assert (utc_text(one) < utc_text(other)) == (one < other)
    assert len(utc_text(one)) == 27


@given(st.text(max_size=12))
def test_no_text_breaks_the_reading_of_types(written: str) -> None:
    with suppress(ValueError):
        assert sql_type(written).compile(SQLITE)


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_a_decimal_comes_back_as_itself(value: Decimal) -> None:
    kind = ExactDecimal()
    stored = kind.process_bind_param(value, SQLITE)
    assert kind.process_result_value(stored, SQLITE) == value
    assert kind.process_bind_param(None, SQLITE) is None
    assert kind.process_result_value(None, SQLITE) is None
