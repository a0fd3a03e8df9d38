from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest
from tests.transform_samples import column

from order_sync.model.causes import IssueList
from order_sync.model.columns import Kind, keeps_lines, kind_of, limits_of, read_column
from order_sync.model.texts import clean


def board(kind: str) -> dict[str, str]:
    return {"id": "some_column", "type": kind}


def read(found: list[str | None], **changes: Any) -> tuple[pl.Series, list[tuple[Any, ...]]]:
    """The target's values, and (row, severity, cause, found) of each issue."""
    frame = pl.DataFrame({"A": pl.Series(found, dtype=pl.String)})
    issues = IssueList(pl.Series("__row", range(len(found)), dtype=pl.UInt32))
    result = read_column(column(**changes), clean(frame, ["A"])["A"], frame["A"], issues)
    return result, issues.frame().select("__row", "severity", "cause", "found").rows()


@pytest.mark.parametrize(
    ("sql", "on_board", "kind"),
    [
        ("NVARCHAR(MAX)", None, Kind.TEXT),
        ("NVARCHAR(MAX)", "dropdown", Kind.TEXT),
        ("UNIQUEIDENTIFIER", None, Kind.TEXT),
        ("SOMETHING ELSE", None, Kind.TEXT),
        ("FLOAT", "text", Kind.NUMBER),
        ("NVARCHAR(50)", "numbers", Kind.NUMBER),
        ("BIGINT", "numbers", Kind.WHOLE),
        ("int", None, Kind.WHOLE),
        ("BIT", None, Kind.WHOLE),
        ("DATE", None, Kind.DATE),
        ("DATETIME2", "date", Kind.DATE),
        ("NVARCHAR(50)", "date", Kind.DATE),
    ],
)
def test_the_kind_follows_the_table_then_the_board(sql: str, on_board: str | None, kind: Kind) -> None:
    assert kind_of(column(sql=sql, board=on_board and board(on_board))) is kind


def test_only_long_text_keeps_lines() -> None:
    assert keeps_lines(column(board=board("long_text")))
    assert not keeps_lines(column(board=board("text")))
    assert not keeps_lines(column())


def test_the_tightest_place_comes_first() -> None:
    both = column(sql="NVARCHAR(4000)", staging_sql="NVARCHAR(200)", board=board("long_text"))

    assert [limit.says for limit in limits_of(both)] == [
        "the 200 UTF-16 units of NVARCHAR(200)",
        "the 2000 characters of a long_text column of the board",
        "the 4000 UTF-16 units of NVARCHAR(4000)",
    ]
    assert [limit.size for limit in limits_of(column(board=board("status")))] == [30]
    assert [limit.size for limit in limits_of(column(board=board("dropdown")))] == [255]
    assert limits_of(column(sql="FLOAT")) == []


def test_values_are_replaced_in_any_case_before_they_are_read() -> None:
    values = {"ACTIVE": "RECEIVED", " cancelled ": "CANCELLED", "tbd": "", "CAFÉ": "BAR"}

    texts, issues = read(["Active", "CANCELLED", "TBD", "cafe\u0301", "OTHER", None], values=values)
    numbers, _ = read([" True ", "5"], sql="FLOAT", values={"TRUE": "0"})

    assert texts.to_list() == ["RECEIVED", "CANCELLED", None, "BAR", "OTHER", None]
    assert numbers.to_list() == ["0", "5"]
    assert issues == []


def test_an_entry_for_blank_fills_blanks() -> None:
    assert read(["nan", None, "x"], values={"": "RECEIVED"})[0].to_list() == ["RECEIVED", "RECEIVED", "x"]


def test_what_is_no_number_goes_missing_with_a_warning() -> None:
    values, issues = read(["28.86", "28,86", "inf", "nan", None], sql="FLOAT")

    assert values.to_list() == ["28.86", None, None, None, None]
    assert issues == [(1, "warning", "NOT_A_NUMBER", "28,86"), (2, "warning", "NOT_A_NUMBER", "inf")]


def test_what_is_no_number_holds_the_row_where_the_column_is_required() -> None:
    _, issues = read(["abc", "none", None, "1"], sql="FLOAT", required=True)

    assert issues == [
        (0, "error", "NOT_A_NUMBER", "abc"),
        (1, "error", "REQUIRED_MISSING", "none"),
        (2, "error", "REQUIRED_MISSING", None),
    ]


def test_the_rule_of_the_column_is_used() -> None:
    values, _ = read(["10%", "$5"], sql="FLOAT", number={"percent": "fraction", "currency": True})

    assert values.to_list() == ["0.1", "5"]


@pytest.mark.parametrize(
    ("sql", "taken", "refused"),
    [
        ("INT", ["2147483647", "-2147483648", "12.0", "1,200"], ["2147483648", "1.5", "x"]),
        ("BIGINT", ["9223372036854775807"], ["9223372036854775808", "1e30"]),
        ("BIT", ["0", "1"], ["2", "-1", "TRUE"]),
    ],
)
def test_whole_numbers_stay_within_their_type(sql: str, taken: list[str], refused: list[str]) -> None:
    values, issues = read([*taken, *refused], sql=sql)

    assert values.dtype == pl.Int64
    assert values.null_count() == len(refused)
    assert [(cause, found) for _, _, cause, found in issues] == [("NOT_A_NUMBER", text) for text in refused]


def test_dates_are_dates_and_sentinels_are_none() -> None:
    values, issues = read(["2026-01-31", "1900-01-01", "31/01/26"], sql="DATE")

    assert values.to_list() == [date(2026, 1, 31), None, None]
    assert issues == [(2, "warning", "NOT_A_DATE", "31/01/26")]


def test_a_required_sentinel_is_missing() -> None:
    assert read(["1900-01-01"], sql="DATE", required=True)[1] == [(0, "error", "REQUIRED_MISSING", "1900-01-01")]


@pytest.mark.parametrize(
    ("policy", "required", "value", "severity"),
    [
        ("hold", False, "12345 789", "error"),
        ("drop", False, None, "warning"),
        ("drop", True, None, "error"),
        ("cut", True, "12345", "warning"),
    ],
)
def test_what_is_too_long_is_held_dropped_or_cut(policy: str, required: bool, value: str | None, severity: str) -> None:
    values, issues = read(["12345 789"], staging_sql="NVARCHAR(6)", too_long=policy, required=required)

    assert values.to_list() == [value]
    assert issues == [(0, severity, "TOO_LONG", "12345 789")]


def test_a_label_too_long_for_two_places_is_one_issue() -> None:
    _, issues = read(["x" * 300], staging_sql="NVARCHAR(200)", board=board("status"))

    assert [(severity, cause) for _, severity, cause, _ in issues] == [("error", "LABEL_TOO_LONG")]


def test_messages_name_column_value_and_consequence() -> None:
    issues = IssueList(pl.Series("__row", [0], dtype=pl.UInt32))
    texts = pl.Series("A", ["28,86"])

    read_column(column(sql="FLOAT"), texts, texts, issues)

    assert issues.frame()["message"].to_list() == [
        'A: "28,86" has a comma that does not group thousands; the order goes without it'
    ]
