"""Column types: aware UTC in and out, binary keys, and the SQL types that a mapping may write."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import Dialect
from sqlalchemy.dialects import mssql, sqlite

from order_sync.store.types import (
    SQL_TYPES,
    UtcDateTime,
    digest,
    identity,
    is_unbounded,
    key_name,
    key_text,
    sql_type,
    unbounded,
    utc_text,
)

SQLITE: Dialect = sqlite.dialect()
SERVER: Dialect = mssql.dialect()


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        utc_text(datetime(2026, 3, 1))  # noqa: DTZ001
    with pytest.raises(ValueError, match="naive"):
        UtcDateTime().process_bind_param(datetime(2026, 3, 1), SERVER)  # noqa: DTZ001


def test_no_moment_stays_none() -> None:
    assert UtcDateTime().process_bind_param(None, SQLITE) is None
    assert UtcDateTime().process_result_value(None, SQLITE) is None


def test_a_moment_with_another_offset_is_told_in_utc() -> None:
    moment = datetime(2026, 3, 1, 1, 30, tzinfo=timezone(timedelta(hours=2)))
    assert utc_text(moment) == "2026-02-28T23:30:00.000000Z"


@pytest.mark.parametrize(
    ("written", "server", "file"),
    [
        ("NVARCHAR(MAX)", "NVARCHAR(max)", "TEXT"),
        ("varchar( max )", "NVARCHAR(max)", "TEXT"),
        ("NVARCHAR(200)", "NVARCHAR(200)", "NVARCHAR(200)"),
        ("VARCHAR(10)", "VARCHAR(10)", "VARCHAR(10)"),
        ("DATE", "DATE", "DATE"),
        ("BIGINT", "BIGINT", "BIGINT"),
        ("int", "INTEGER", "INTEGER"),
        ("FLOAT", "FLOAT", "FLOAT"),
        ("BIT", "BIT", "BOOLEAN"),
        ("DECIMAL(18, 4)", "NUMERIC(18, 4)", "TEXT"),
        ("NUMERIC(9)", "NUMERIC(9, 0)", "TEXT"),
        ("DATETIME2", "DATETIME2(6)", "TEXT"),
        ("UNIQUEIDENTIFIER", "UNIQUEIDENTIFIER", "CHAR(32)"),
    ],
)
def test_a_mappings_types_on_both_databases(written: str, server: str, file: str) -> None:
    assert sql_type(written).compile(SERVER) == server
    assert sql_type(written).compile(SQLITE) == file


@pytest.mark.parametrize(
    "written",
    [
        "",
        "TEXT",
        "NVARCHAR",
        "NVARCHAR(0x)",
        "NVARCHAR(1,2)",
        "DECIMAL",
        "DECIMAL(MAX)",
        "DATE(3)",
        "INT; --",
    ],
)
def test_an_unknown_type_is_refused_with_the_known_ones(written: str) -> None:
    with pytest.raises(ValueError, match="expected one of") as told:
        sql_type(written)
    assert all(known in str(told.value) for known in SQL_TYPES)


def test_keys_are_compared_byte_by_byte_on_the_server() -> None:
    for kind in (digest(), key_text(50), key_name(50)):
        assert str(kind.compile(SERVER)).endswith("COLLATE Latin1_General_BIN2")
        assert "COLLATE" not in str(kind.compile(SQLITE))
    assert identity().compile(SQLITE) == "INTEGER"
    assert identity().compile(SERVER) == "BIGINT"
    assert unbounded().compile(SERVER) == "NVARCHAR(max)"


def test_unbounded_is_told_by_max() -> None:
    assert is_unbounded("nvarchar(max)")
    assert not is_unbounded("NVARCHAR(200)")
