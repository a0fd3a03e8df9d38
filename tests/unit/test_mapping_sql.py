"""SQL types that a mapping may name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from order_sync.model.mapping_sql import SqlKind, SqlType, nearest_sql_type, parse_sql_type


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("NVARCHAR(200)", SqlType("NVARCHAR", SqlKind.TEXT, 200)),
        (" nvarchar ( 4000 ) ", SqlType("NVARCHAR", SqlKind.TEXT, 4000)),
        ("NVARCHAR(MAX)", SqlType("NVARCHAR", SqlKind.TEXT)),
        ("BigInt", SqlType("BIGINT", SqlKind.INTEGER)),
        ("INT", SqlType("INT", SqlKind.INTEGER)),
        ("FLOAT", SqlType("FLOAT", SqlKind.NUMBER)),
        ("DATE", SqlType("DATE", SqlKind.DATE)),
        ("DATETIME2", SqlType("DATETIME2", SqlKind.TIME)),
        ("BIT", SqlType("BIT", SqlKind.FLAG)),
        ("UNIQUEIDENTIFIER", SqlType("UNIQUEIDENTIFIER", SqlKind.UUID)),
    ],
)
def test_an_allowed_type_is_parsed(text: str, wanted: SqlType) -> None:
    assert parse_sql_type(text) == wanted


@pytest.mark.parametrize(
    "text",
    ["", "NVARCHAR", "NVARCHAR()", "NVARCHAR(0)", "NVARCHAR(4001)", "NVARCHAR(-1)", "VARCHAR(20)",
     "FLOAT(53)", "DECIMAL(18,2)", "DATE; DROP TABLE X", "INT NOT NULL", "INT\x00", "NVARCHAR(２００)"],
)  # fmt: skip
def test_any_other_type_is_none(text: str) -> None:
    assert parse_sql_type(text) is None


@given(st.integers(1, 4000))
def test_a_type_reads_back_as_itself(width: int) -> None:
    for parsed in (
        SqlType("NVARCHAR", SqlKind.TEXT, width),
        SqlType("NVARCHAR", SqlKind.TEXT),
        SqlType("INT", SqlKind.INTEGER),
    ):
        assert parse_sql_type(str(parsed)) == parsed


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("VARCHAR(20)", "NVARCHAR(20)"),
        ("NVARCHAR(9000)", "NVARCHAR(MAX)"),
        ("NVARCHAR", "NVARCHAR(MAX)"),
        ("INTEGER", "INT"),
        ("DATETIME", "DATETIME2"),
        ("XML", None),
        ("", None),
        ("(3)", None),
    ],
)
def test_the_type_that_was_meant(text: str, wanted: str | None) -> None:
    assert nearest_sql_type(text) == wanted
