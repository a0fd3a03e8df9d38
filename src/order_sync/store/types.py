"""Column types that mean the same on SQLite and on SQL Server."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from typing import Any, Final

from sqlalchemy import BigInteger, Boolean, Date, Float, Integer, Numeric, Text, Uuid
from sqlalchemy.dialects import mssql
from sqlalchemy.engine import Dialect
from sqlalchemy.types import CHAR, NVARCHAR, VARCHAR, TypeDecorator, TypeEngine

# Keys are compared byte by byte; a server's default collation would call `30x30` and `30X30` one size.
BINARY: Final = "Latin1_General_BIN2"


def utc_text(moment: datetime) -> str:
    """How SQLite stores an aware datetime: UTC, microseconds, fixed width: text order is time order."""
    if moment.tzinfo is None:
        raise ValueError(f"naive datetime {moment!r}: times in the store are aware UTC")
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


class UtcDateTime(TypeDecorator[datetime]):
    """Takes and returns aware UTC datetimes; DATETIME2(6) on SQL Server, ISO text on SQLite."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "mssql":
            return dialect.type_descriptor(mssql.DATETIME2(precision=6))  # type: ignore[no-untyped-call]
        return dialect.type_descriptor(Text())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        text = utc_text(value)
        return datetime.fromisoformat(text).replace(tzinfo=None) if dialect.name == "mssql" else text

    def process_result_value(self, value: Any, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment: datetime = value if isinstance(value, datetime) else datetime.fromisoformat(value)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


class ExactDecimal(TypeDecorator[Decimal]):
    """A Decimal kept as text on SQLite, which has no exact decimals of its own."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Decimal | str | None, _dialect: Dialect) -> str | None:
        return None if value is None else str(value)

    def process_result_value(self, value: Any, _dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(str(value))


# Types are shared: SQLAlchemy does not change them, and a thousand columns would copy one each.
@cache
def unbounded() -> TypeEngine[str]:
    """NVARCHAR(MAX)."""
    return Text().with_variant(mssql.NVARCHAR(None), "mssql")


@cache
def identity() -> TypeEngine[int]:
    """BIGINT that counts by itself as a single primary key; SQLite does so for INTEGER only."""
    return BigInteger().with_variant(Integer(), "sqlite")


@cache
def digest() -> TypeEngine[str]:
    """SHA-256 as 64 hex characters."""
    return CHAR(64).with_variant(CHAR(64, collation=BINARY), "mssql")


@cache
def key_text(length: int) -> TypeEngine[str]:
    """Text of ours that is compared binary: sync keys, ids."""
    return VARCHAR(length).with_variant(VARCHAR(length, collation=BINARY), "mssql")


@cache
def key_name(length: int) -> TypeEngine[str]:
    """A name out of the data that is compared binary: size labels, group titles, resources."""
    return NVARCHAR(length).with_variant(NVARCHAR(length, collation=BINARY), "mssql")


@cache
def calendar_date() -> TypeEngine[Any]:
    """DATE also where no server tells its version: SQLAlchemy would write DATETIME into the script."""
    return Date().with_variant(mssql.DATE(), "mssql")


_PLAIN: Final[dict[str, Callable[[], TypeEngine[Any]]]] = {
    "DATE": calendar_date,
    "BIGINT": BigInteger,
    "INT": Integer,
    "INTEGER": Integer,
    "FLOAT": Float,
    "BIT": Boolean,
    "UNIQUEIDENTIFIER": Uuid,
    "DATETIME2": UtcDateTime,
}
_FORM: Final = re.compile(r"\s*([A-Z0-9]+)\s*(?:\(\s*(MAX|\d+)\s*(?:,\s*(\d+)\s*)?\))?\s*", re.IGNORECASE)
SQL_TYPES: Final = ("NVARCHAR(MAX)", "NVARCHAR(n)", "VARCHAR(n)", "DECIMAL(p, s)", *_PLAIN)


@cache
def sql_type(text: str) -> TypeEngine[Any]:
    """The type that a mapping writes as text, e.g. `NVARCHAR(200)`. ValueError names the accepted forms."""
    form = _FORM.fullmatch(text)
    if form is not None:
        name, width, scale = form[1].upper(), (form[2] or "").upper(), form[3]
        if name in ("NVARCHAR", "VARCHAR") and width == "MAX":
            return unbounded()
        if name in ("NVARCHAR", "VARCHAR") and width and not scale:
            return NVARCHAR(int(width)) if name == "NVARCHAR" else VARCHAR(int(width))
        if name in ("DECIMAL", "NUMERIC") and width.isdigit():
            return Numeric(int(width), int(scale or 0)).with_variant(ExactDecimal(), "sqlite")
        if name in _PLAIN and not width:
            return _PLAIN[name]()
    raise ValueError(f"SQL type {text!r} is not known; expected one of {', '.join(SQL_TYPES)}")


def is_unbounded(text: str) -> bool:
    """Whether SQL Server could not index such a column."""
    return "MAX" in text.upper()
