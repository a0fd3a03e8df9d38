"""Text as board and tables take it: trimmed, no control characters, blank words as NULL, of a bounded length.

In most columns a run of white space that holds a line break or a tab becomes one space. long_text keeps its
lines: every kind of line break becomes a line feed there, a tab a space. All other control characters go.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from enum import Enum
from itertools import product
from typing import Final

import polars as pl

from order_sync.model.causes import Cause
from order_sync.model.mapping import TooLong

NULL_WORDS: Final = ("", "nan", "none", "null")  # in any case, after trimming

_NULL_FORMS: Final = ["".join(form) for word in NULL_WORDS for form in product(*({c, c.upper()} for c in word))]
_CONTROLS: Final = r"[\x00-\x1f\x7f-\x{9f}\x{2028}\x{2029}]"
_INVISIBLE: Final = r"[\x00-\x08\x0e-\x1f\x7f-\x{84}\x{86}-\x{9f}]"
_BROKEN: Final = r"\s*[\t\n\x0b\x0c\r\x{85}\x{2028}\x{2029}]\s*"
_LINE_BREAK: Final = r"\r\n?|[\x0b\x0c\x{85}\x{2028}\x{2029}]"
_ASTRAL: Final = r"[\x{10000}-\x{10ffff}]"


def as_text(name: str, dtype: pl.DataType) -> pl.Expr:
    """The column as text: ISO dates, whole floats without `.0`."""
    column = pl.col(name)
    if dtype == pl.Date:
        return column.dt.to_string("%Y-%m-%d")
    if dtype == pl.Datetime:
        return column.dt.to_string("%Y-%m-%d %H:%M:%S")
    if dtype.is_float():
        return column.cast(pl.String).str.replace(r"\.0$", "")
    return column.cast(pl.String, strict=False)


def clean(frame: pl.DataFrame, columns: Iterable[str], lines: Collection[str] = ()) -> pl.DataFrame:
    """The columns as String: trimmed, controls out, blank words NULL. Those in `lines` keep line breaks."""
    schema = frame.schema
    texts = frame.select(as_text(name, schema[name]).str.strip_chars() for name in columns)
    odd = texts.select(pl.all().str.contains(_CONTROLS).any()).to_dicts()
    tidied = [_without_controls(texts[name], name in lines) for each in odd for name in each if each[name]]
    texts = texts.with_columns(tidied)
    return texts.select(pl.when(~pl.col(name).is_in(_NULL_FORMS)).then(name) for name in texts.columns)


def _without_controls(column: pl.Series, keep_lines: bool) -> pl.Series:
    """Only the values that have one are rewritten: few in a column, where there are any."""
    odd = column.str.contains(_CONTROLS).fill_null(False)
    texts = column.filter(odd).str.replace_all(_INVISIBLE, "")
    if keep_lines:
        texts = texts.str.replace_all(_LINE_BREAK, "\n").str.replace_all("\t", " ", literal=True)
    else:
        texts = texts.str.replace_all(_BROKEN, " ")
    return column.clone().scatter(odd.arg_true(), texts.str.strip_chars())


def change_distinct(column: pl.Series, odd: pl.Series, change: Callable[[str], str | None]) -> pl.Series:
    """`change` applied to the values that `odd` marks, once each. `odd` must depend on the value alone."""
    distinct = column.filter(odd).unique()
    if distinct.is_empty():
        return column
    changed = pl.Series([change(value) for value in distinct], dtype=pl.String)
    return column.replace(distinct, changed)


def casefold(column: pl.Series) -> pl.Series:
    """NFC and full case folding. Lower case does for ASCII; Python sees the distinct values beyond it."""
    odd = column.str.len_bytes() != column.str.len_chars()
    if not odd.any():
        return column.str.to_lowercase()
    folded = change_distinct(column, odd, casefold_one)
    return pl.select(pl.when(odd).then(folded).otherwise(column.str.to_lowercase())).to_series().alias(column.name)


def casefold_one(text: str) -> str:
    """NFC again after folding: folding may leave letters and marks apart."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


class Unit(Enum):
    """What a limit counts. SQL Server's NVARCHAR(n) counts UTF-16 units: an emoji is two."""

    CHARACTERS = "characters"
    UTF16 = "UTF-16 units"


@dataclass(frozen=True, slots=True)
class Limit:
    """The longest text that a place takes; `place` is where."""

    size: int
    unit: Unit
    cause: Cause
    place: str

    @property
    def says(self) -> str:
        """E.g. `the 30 characters of a status label`."""
        return f"the {self.size} {self.unit.value} of {self.place}"

    def exceeded_by(self, column: pl.Series) -> pl.Series:
        """Mask of the values that are too long; False for NULL."""
        longest = column.str.len_bytes().max()
        # No text has more characters or UTF-16 units than UTF-8 bytes: most columns need no counting.
        if longest is None or longest <= self.size:  # type: ignore[operator]
            return pl.repeat(False, len(column), eager=True)
        length = column.str.len_chars()
        if self.unit is Unit.UTF16:
            length = length + column.str.count_matches(_ASTRAL)
        return (length > self.size).fill_null(False)

    def cut(self, text: str) -> str:
        """The longest beginning that fits, without trailing white space and never half a character."""
        if self.unit is Unit.CHARACTERS:
            return text[: self.size].rstrip()
        return text.encode("utf-16-le")[: 2 * self.size].decode("utf-16-le", errors="ignore").rstrip()


def shorten(
    texts: pl.Series, limits: Iterable[Limit], policy: TooLong
) -> tuple[pl.Series, list[tuple[Limit, pl.Series]]]:
    """The texts as the policy leaves them, and for each limit the mask of rows it was first to concern."""
    seen = pl.repeat(False, len(texts), dtype=pl.Boolean, eager=True)
    concerned = []
    for limit in limits:
        long = limit.exceeded_by(texts)
        if not long.any():
            continue
        concerned.append((limit, long & ~seen))
        seen |= long
        if policy is TooLong.CUT:
            texts = change_distinct(texts, long, limit.cut)
        elif policy is TooLong.DROP:
            texts = texts.set(long, None)
    return texts, concerned
