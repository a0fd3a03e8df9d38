"""numbers and rating."""

from __future__ import annotations

import math
import re
from decimal import Decimal

from monday_simulator.account.values.target import Target

RATING_LIMIT = 5
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")


def parse_numbers(target: Target, raw: object) -> str:
    """An empty text writes 0; only null clears."""
    if raw == "":
        return "0"
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        raise target.refuse("a numbers column takes a number in a string")
    text = str(raw).strip()
    if not _NUMBER.fullmatch(text) or not math.isfinite(float(text)):
        raise target.refuse("not a number")
    return as_double(text)


def as_double(text: str) -> str:
    """The shortest text of the nearest double: what a service written in JavaScript keeps of a number."""
    plain = format(Decimal(repr(float(text))), "f")
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return "0" if plain in ("-0", "") else plain


def parse_rating(target: Target, raw: object) -> dict[str, int] | None:
    """From 1 to the column's limit, 5 unless its settings say otherwise."""
    given = raw.get("rating") if isinstance(raw, dict) else raw
    if given is None or given == "":
        return None
    rating, limit = target.number(given, "rating"), target.settings.get("limit")
    most = limit if isinstance(limit, int) else RATING_LIMIT
    if not 1 <= rating <= most:
        raise target.refuse(f"a rating is between 1 and {most}")
    return {"rating": rating}
