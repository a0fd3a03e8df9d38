"""Why a row is held or goes without a value: a closed set of words, and the list that is filled with them."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from types import MappingProxyType
from typing import Final

import polars as pl

from order_sync.model.mapping import Severity

FOUND_LENGTH: Final = 200  # characters of the offending value that an issue keeps

_UNPRINTABLE: Final = r"[\x00-\x08\x0b-\x1f\x7f-\x{9f}]"  # tab and line feed may be what is wrong: they stay


class Cause(StrEnum):
    """error_type of a held row, and the cause of an issue."""

    NULL_KEY = "NULL_KEY"
    DUPLICATE_KEY = "DUPLICATE_KEY"
    REQUIRED_MISSING = "REQUIRED_MISSING"
    NOT_A_NUMBER = "NOT_A_NUMBER"
    NOT_A_DATE = "NOT_A_DATE"
    TOO_LONG = "TOO_LONG"
    NAME_TOO_LONG = "NAME_TOO_LONG"
    NAME_EMPTY = "NAME_EMPTY"
    UNKNOWN_CUSTOMER = "UNKNOWN_CUSTOMER"
    SIZES_SUM = "SIZES_SUM"
    SIZE_INVALID = "SIZE_INVALID"
    SIZE_NEGATIVE = "SIZE_NEGATIVE"
    SIZE_DUPLICATE_LABEL = "SIZE_DUPLICATE_LABEL"
    NO_SIZES = "NO_SIZES"
    GUARDED_LABEL = "GUARDED_LABEL"
    LABEL_TOO_LONG = "LABEL_TOO_LONG"


MEANING: Final = MappingProxyType(
    {
        Cause.NULL_KEY: "a part of the order's key is blank",
        Cause.DUPLICATE_KEY: "several source rows share this key",
        Cause.REQUIRED_MISSING: "a required value is blank",
        Cause.NOT_A_NUMBER: "the value is not one of the accepted number forms",
        Cause.NOT_A_DATE: "the value is not an ISO date",
        Cause.TOO_LONG: "the value does not fit its column",
        Cause.NAME_TOO_LONG: "the item or group name is longer than monday.com takes",
        Cause.NAME_EMPTY: "every part of the item name is blank",
        Cause.UNKNOWN_CUSTOMER: "no name or alias in customers.yaml matches",
        Cause.SIZES_SUM: "the sizes do not add up to the total",
        Cause.SIZE_INVALID: "a size is not a whole number",
        Cause.SIZE_NEGATIVE: "a size is below zero",
        Cause.SIZE_DUPLICATE_LABEL: "two size columns of one order have the same label",
        Cause.NO_SIZES: "no size is above zero although the total is not 0",
        Cause.GUARDED_LABEL: "the board does not have this label and it may not be made",
        Cause.LABEL_TOO_LONG: "the label is longer than monday.com takes",
    }
)

ISSUE_SCHEMA: Final = MappingProxyType(
    {
        "__row": pl.UInt32(),
        "column": pl.String(),
        "severity": pl.String(),
        "cause": pl.String(),
        "found": pl.String(),
        "message": pl.String(),
    }
)


class IssueList:
    """Collects issues on rows of one source frame; `frame()` hands them over sorted by row."""

    def __init__(self, rows: pl.Series) -> None:
        self._rows = rows
        self._parts: list[pl.DataFrame] = []

    def add(
        self,
        where: pl.Series,
        cause: Cause,
        severity: Severity,
        message: Callable[[str], str] | str,
        *,
        column: str | None = None,
        found: pl.Series | None = None,
    ) -> None:
        """One issue for each row that `where` marks. A callable `message` gets what was found, or ''."""
        rows = self._rows.filter(where)
        if rows.is_empty():
            return
        values = pl.repeat(None, len(rows), dtype=pl.String, eager=True) if found is None else found.filter(where)
        shown = values.str.replace_all(_UNPRINTABLE, "").str.slice(0, FOUND_LENGTH)
        distinct = shown.fill_null("").unique()
        texts = pl.Series(
            [message if isinstance(message, str) else message(value) for value in distinct], dtype=pl.String
        )
        self._parts.append(
            pl.DataFrame({"__row": rows, "found": shown}).select(
                pl.col("__row").cast(pl.UInt32),
                pl.lit(column, dtype=pl.String).alias("column"),
                pl.lit(severity.value).alias("severity"),
                pl.lit(cause.value).alias("cause"),
                "found",
                pl.col("found").fill_null("").replace_strict(distinct, texts, return_dtype=pl.String).alias("message"),
            )
        )

    def add_rows(self, issues: pl.DataFrame) -> None:
        """Issues that already have ISSUE_SCHEMA."""
        self._parts.append(issues.select(pl.col(name).cast(dtype) for name, dtype in ISSUE_SCHEMA.items()))

    def frame(self) -> pl.DataFrame:
        """All of them with ISSUE_SCHEMA, sorted by row, within a row in the order they were found."""
        empty = pl.DataFrame(schema=dict(ISSUE_SCHEMA))
        return pl.concat([empty, *self._parts]).sort("__row", maintain_order=True)
