from __future__ import annotations

from datetime import UTC, date, datetime

import polars as pl
import pytest

from order_sync.model.causes import Cause
from order_sync.model.mapping import TooLong
from order_sync.model.texts import Limit, Unit, casefold, casefold_one, change_distinct, clean, shorten

TEN = Limit(10, Unit.UTF16, Cause.TOO_LONG, "NVARCHAR(10)")


def cleaned(*values: object, lines: bool = False, dtype: pl.DataType | None = None) -> list[str | None]:
    frame = pl.DataFrame({"a": pl.Series(values, dtype=dtype)})
    return clean(frame, ["a"], ["a"] if lines else []).to_series().to_list()


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("  MSP25B50\u00a0 ", "MSP25B50"),
        ("RED\r\n", "RED"),
        ("LOS\r\nANGELES", "LOS ANGELES"),
        ("A \t\n  B", "A B"),
        ("A  B", "A  B"),
        ("a\x00b\x07c\x1b", "abc"),
        ("\x01 A \x9d", "A"),
        ("A\u2028B\x85C", "A B C"),
        ("", None),
        ("\x00", None),
        (" \t ", None),
        ("NaN", None),
        (" none ", None),
        ("NULL", None),
        ("N/A", "N/A"),
        ("nano", "nano"),
        (None, None),
        ("日本 👩‍👧", "日本 👩‍👧"),
        ("cafe\u0301", "cafe\u0301"),
    ],
)
def test_text_is_trimmed_and_freed_of_controls(raw: str | None, text: str | None) -> None:
    assert cleaned(raw, dtype=pl.String()) == [text]


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("A\r\nB\rC\x0bD\u2029E", "A\nB\nC\nD\nE"),
        ("\n A\tB \x00\n", "A B"),
        ("A\n\nB", "A\n\nB"),
        ("\nnull\n", None),
    ],
)
def test_long_text_keeps_its_lines(raw: str, text: str | None) -> None:
    assert cleaned(raw, lines=True) == [text]


def test_other_types_become_the_text_a_person_would_write() -> None:
    assert cleaned(date(2026, 1, 31), None) == ["2026-01-31", None]
    assert cleaned(datetime(2026, 1, 31, 10, 5, tzinfo=UTC)) == ["2026-01-31 10:05:00"]
    assert cleaned(4755.0, 1.5, float("nan")) == ["4755", "1.5", None]
    assert cleaned(12, None) == ["12", None]
    assert cleaned(None, dtype=pl.Null()) == [None]
    assert cleaned(True) == ["true"]


def test_columns_are_cleaned_together_and_keep_their_order() -> None:
    frame = pl.DataFrame({"a": ["x\n"], "b": ["y\nz"], "c": [1]})

    assert clean(frame, ["b", "a"], ["b"]).to_dict(as_series=False) == {"b": ["y\nz"], "a": ["x"]}


@pytest.mark.parametrize(
    ("one", "other"),
    [("STRASSE", "straße"), ("CAFÉ", "cafe\u0301"), ("ΣΑΣ", "σας"), ("PEAK", "peak"), ("K", "\u212a")],
)
def test_case_folding_joins_what_people_read_as_one(one: str, other: str) -> None:
    folded = casefold(pl.Series("a", [one, other, None]))

    assert folded[0] == folded[1] == casefold_one(one)
    assert folded[2] is None


def test_only_marked_values_are_changed_and_each_once() -> None:
    seen: list[str] = []

    def change(text: str) -> str | None:
        seen.append(text)
        return None if text == "b" else text.upper()

    column = pl.Series("a", ["a", "b", "c", "a", None, "b"])

    changed = change_distinct(column, column.is_in(["a", "b"]), change)

    assert changed.to_list() == ["A", None, "c", "A", None, None]
    assert sorted(seen) == ["a", "b"]
    assert change_distinct(column, column == "z", change) is column


def test_a_width_of_sql_counts_an_emoji_twice() -> None:
    texts = pl.Series("a", ["1234567890", "123456789é", "12345678👍", "123456789👍", "12345678901", None])

    assert TEN.exceeded_by(texts).to_list() == [False, False, False, True, True, False]
    assert TEN.cut("123456789👍") == "123456789"
    assert TEN.cut("12345678  90") == "12345678"


def test_a_limit_of_the_board_counts_characters() -> None:
    three = Limit(3, Unit.CHARACTERS, Cause.LABEL_TOO_LONG, "a status label")

    assert three.exceeded_by(pl.Series(["👍👍👍", "👍👍👍👍"])).to_list() == [False, True]
    assert three.cut("👍👍👍👍") == "👍👍👍"
    assert three.cut("ab cd") == "ab"
    assert three.says == "the 3 characters of a status label"


def test_each_policy_leaves_what_it_promises() -> None:
    texts = pl.Series("a", ["short", "12345678901234", None])
    four = Limit(4, Unit.CHARACTERS, Cause.LABEL_TOO_LONG, "a label")

    held, concerned = shorten(texts, [four, TEN], TooLong.HOLD)
    dropped, _ = shorten(texts, [TEN], TooLong.DROP)
    cut, _ = shorten(texts, [TEN], TooLong.CUT)

    assert held.to_list() == texts.to_list()
    assert [(limit.size, mask.to_list()) for limit, mask in concerned] == [
        (4, [True, True, False]),
        (10, [False, False, False]),
    ]
    assert dropped.to_list() == ["short", None, None]
    assert cut.to_list() == ["short", "1234567890", None]


def test_a_text_within_all_limits_concerns_nobody() -> None:
    texts = pl.Series("a", ["1234567890"])

    assert shorten(texts, [TEN], TooLong.CUT)[1] == []
