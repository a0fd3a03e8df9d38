"""What all reports have in common: they are records, and JSON with stable keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID


class Report:
    """A frozen dataclass that a program can read too. Times are ISO 8601 in UTC, spans are seconds."""

    __slots__ = ()

    def to_json(self) -> dict[str, Any]:
        """Its fields by name, in their order."""
        return {each.name: plain(getattr(self, each.name)) for each in fields(self)}  # type: ignore[arg-type]


def plain(value: Any) -> Any:
    """`value` in what JSON knows."""
    match value:
        case Report():
            return value.to_json()
        case Enum():
            return value.value
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        case timedelta():
            return value.total_seconds()
        case UUID() | Decimal():
            return str(value)
        case Mapping():
            return {str(plain(key)): plain(each) for key, each in value.items()}
        case list() | tuple() | set() | frozenset():
            return [plain(each) for each in value]
        case _:
            return value
