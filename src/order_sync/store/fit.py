"""Whether a column that is there can hold what we put into it."""

from __future__ import annotations

import re
from typing import Any, Final

from sqlalchemy import Column, Date, Dialect
from sqlalchemy.types import TypeEngine

from order_sync.model.mapping_findings import kind_of
from order_sync.model.mapping_sql import SqlKind
from order_sync.store.shape import FoundColumn
from order_sync.store.types import UtcDateTime

_WIDTH: Final = re.compile(r"\(\s*(\d+)")
_RANKS: Final = ("TINYINT", "SMALLINT", "INT", "BIGINT")
_WHOLE: Final = {"INTEGER": "INT"}


def wanted_type(column: Column[Any], dialect: Dialect) -> str:
    """The type as the database writes it."""
    compiled = str(column.type.compile(dialect)).partition(" COLLATE ")[0]
    return _WHOLE.get(compiled, compiled).upper() if dialect.name == "mssql" else compiled


def narrower(found: str, wanted: str, dialect: Dialect) -> bool:
    """Whether a text column takes less than it should. SQLite keeps no width unless one is declared."""
    has, needs = _WIDTH.search(found), _WIDTH.search(wanted)
    if has is None or kind_of(found) is not kind_of(wanted) or "CHAR" not in found.upper():
        return False
    if needs is None:
        return dialect.name == "mssql" or "TEXT" in wanted.upper()
    return int(has[1]) < int(needs[1])


def unlike(found: FoundColumn, column: Column[Any], dialect: Dialect) -> bool:
    """Whether values would be changed or refused on their way in or out, whatever their length."""
    if dialect.name == "sqlite":
        return _affinity(found.type) not in _takes(column.type, dialect)
    wanted = wanted_type(column, dialect)
    kinds = kind_of(found.type), kind_of(wanted)
    if None in kinds or kinds[0] is not kinds[1]:
        return found.type != wanted
    if kinds[0] is SqlKind.INTEGER:
        return _rank(found.type) < _rank(wanted)
    # What is no NVARCHAR turns letters outside its code page into question marks, and says nothing.
    return kinds[0] is SqlKind.TEXT and wanted.startswith("N") and not found.type.startswith("N")


def _rank(sql: str) -> int:
    return _RANKS.index(sql) if sql in _RANKS else len(_RANKS)


def _affinity(declared: str) -> str:
    """SQLite's own rules, in its order."""
    name = declared.upper()
    for affinity, words in (
        ("INTEGER", ("INT",)),
        ("TEXT", ("CHAR", "CLOB", "TEXT")),
        ("BLOB", ("BLOB",)),
        ("REAL", ("REAL", "FLOA", "DOUB")),
    ):
        if any(word in name for word in words):
            return affinity
    return "NUMERIC" if name else "BLOB"


_NUMBERS: Final = frozenset({"INTEGER", "NUMERIC", "REAL", "BLOB"})
_TEXTS: Final = frozenset({"TEXT", "BLOB"})


def _takes(wanted: TypeEngine[Any], dialect: Dialect) -> frozenset[str]:
    """The affinities that leave our values as they are: digits in a text must not become a number."""
    if isinstance(wanted, UtcDateTime | Date):
        return _TEXTS | {"NUMERIC"}
    affinity = _affinity(str(wanted.compile(dialect)))
    if affinity == "TEXT":
        return _TEXTS
    return _NUMBERS if affinity == "REAL" else _NUMBERS - {"REAL"}
