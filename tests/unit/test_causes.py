from __future__ import annotations

import polars as pl

from order_sync.model.causes import FOUND_LENGTH, ISSUE_SCHEMA, MEANING, Cause, IssueList
from order_sync.model.mapping import Severity

ROWS = pl.Series("__row", [3, 1, 2], dtype=pl.UInt32)


def mask(*values: bool) -> pl.Series:
    return pl.Series(values)


def test_every_cause_has_a_meaning() -> None:
    assert set(MEANING) == set(Cause)


def test_issues_come_sorted_by_row_with_what_was_found() -> None:
    issues = IssueList(ROWS)
    found = pl.Series(["x\x00y", None, "z" * 300])

    issues.add(
        mask(True, True, False),
        Cause.NOT_A_DATE,
        Severity.WARNING,
        lambda text: f"<{text}>",
        column="A",
        found=found,
    )
    issues.add(mask(False, True, True), Cause.TOO_LONG, Severity.ERROR, "too long", column="A", found=found)
    issues.add(mask(False, False, False), Cause.NO_SIZES, Severity.ERROR, "never")
    issues.add(mask(False, True, False), Cause.NAME_EMPTY, Severity.ERROR, "no name")

    assert issues.frame().rows() == [
        (1, "A", "warning", "NOT_A_DATE", None, "<>"),
        (1, "A", "error", "TOO_LONG", None, "too long"),
        (1, None, "error", "NAME_EMPTY", None, "no name"),
        (2, "A", "error", "TOO_LONG", "z" * FOUND_LENGTH, "too long"),
        (3, "A", "warning", "NOT_A_DATE", "xy", "<xy>"),
    ]


def test_no_issue_is_an_empty_table_of_the_same_shape() -> None:
    assert IssueList(ROWS).frame().schema == dict(ISSUE_SCHEMA)
