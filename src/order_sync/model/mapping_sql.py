"""The SQL types a mapping may name, and what kind of value each holds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from order_sync.model.mapping_problems import nearest

_WIDEST = 4000  # NVARCHAR(n) of SQL Server: UTF-16 units; beyond it only MAX
_FORM = re.compile(r"\s*([A-Z0-9]+)\s*(?:\(\s*(\d+|MAX)\s*\))?\s*", re.IGNORECASE | re.ASCII)


class SqlKind(StrEnum):
    """What a column of a type holds."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    DATE = "date"
    TIME = "time"
    FLAG = "flag"
    UUID = "uuid"


_KINDS = {
    "NVARCHAR": SqlKind.TEXT,
    "BIGINT": SqlKind.INTEGER,
    "INT": SqlKind.INTEGER,
    "FLOAT": SqlKind.NUMBER,
    "DATE": SqlKind.DATE,
    "DATETIME2": SqlKind.TIME,
    "BIT": SqlKind.FLAG,
    "UNIQUEIDENTIFIER": SqlKind.UUID,
}

ALLOWED = "NVARCHAR(1..4000), NVARCHAR(MAX), BIGINT, INT, FLOAT, DATE, DATETIME2, BIT or UNIQUEIDENTIFIER"


@dataclass(frozen=True)
class SqlType:
    """A parsed type. `width` counts UTF-16 units and is None for MAX and for every type but NVARCHAR."""

    name: str
    kind: SqlKind
    width: int | None = None

    def __str__(self) -> str:
        if self.kind is not SqlKind.TEXT:
            return self.name
        return f"{self.name}({self.width or 'MAX'})"


def parse_sql_type(text: str) -> SqlType | None:
    """The type that `text` names in any case and spacing, or None if a mapping may not name it."""
    form = _FORM.fullmatch(text)
    if form is None:
        return None
    name, size = form[1].upper(), (form[2] or "").upper()
    kind = _KINDS.get(name)
    if kind is None or (kind is SqlKind.TEXT) != bool(size):
        return None
    if size in ("", "MAX"):
        return SqlType(name, kind)
    width = int(size)
    return SqlType(name, kind, width) if 1 <= width <= _WIDEST else None


def nearest_sql_type(text: str) -> str | None:
    """The allowed type that was probably meant: its own size kept where it has a legal one."""
    form = _FORM.match(text)
    name = nearest(form[1], _KINDS) if form else None
    if name != "NVARCHAR":
        return name
    sized = parse_sql_type(f"NVARCHAR({form[2]})") if form else None
    return str(sized or SqlType(name, SqlKind.TEXT))
