"""Texts in a JSON document for OPENJSON in which nothing needs an escape of JSON's.

Not every server that has OPENJSON undoes those: one gave `\\"` for `"`. So a character that would need one travels as a
tilde and a code, and the statement itself turns it back.
"""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence
from typing import Final

import polars as pl
from sqlalchemy import TextualSelect, column, text

from order_sync.store.types import BINARY

MARK: Final = "~"
# All that JSON escapes but U+0000, which REPLACE does not know.
_ESCAPED: Final = ('"', "\\", *map(chr, range(1, 32)))
_CODES: Final = {
    character: MARK + code
    for character, code in zip((MARK, *_ESCAPED), string.digits + string.ascii_uppercase, strict=False)
}
_ANY: Final = r'["\\~\x01-\x1f]'


def special_characters(texts: pl.Series) -> str:
    """The characters of these texts that travel as a code."""
    if not texts.str.contains(_ANY).any():
        return ""
    return "".join(each for each in _CODES if texts.str.contains(each, literal=True).any())


def coded(value: pl.Expr) -> pl.Expr:
    """Twice as long at most."""
    return value.str.replace_many(list(_CODES), list(_CODES.values()))


def opened(columns: Mapping[str, str], texts: Mapping[str, str]) -> TextualSelect:
    """The rows of the parameter :document, an array of objects. `columns`: types by name, names of ours. `texts`: the
    special characters of each that holds any."""
    shape = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    wanted = ", ".join(_decoded(name, texts.get(name, "")) for name in columns)
    found = text(f"SELECT {wanted} FROM OPENJSON(:document) WITH ({shape})")
    return found.columns(*map(column, columns))


def _decoded(name: str, characters: Sequence[str]) -> str:
    if not characters:
        return name
    # Binary: other collations find a wide tilde, or nothing at all, to be equal to ours.
    said = f"{name} COLLATE {BINARY}"
    for each in [*(c for c in characters if c != MARK), MARK]:  # the mark last: ~01 is ~1
        said = f"REPLACE({said}, N'{_CODES[each]}', NCHAR({ord(each)}))"
    return f"{said} AS {name}"
