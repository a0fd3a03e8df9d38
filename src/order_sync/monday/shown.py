"""What was sent for an item, against what the board shows of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec

from order_sync.model.ids import ColumnId
from order_sync.monday.items import BoardItem
from order_sync.monday.values import READ_ONLY

NAME = "name"


@dataclass(frozen=True, slots=True)
class Sent:
    """One mutation of a stored body: the item's name and its values as texts."""

    name: str
    values: Mapping[ColumnId, str]


def sent_row(body: str, alias: str) -> Sent | None:
    """What a stored body asked for under `alias`; None where it cannot be told."""
    try:
        variables = msgspec.json.decode(body)["variables"]
        at = alias.removeprefix("r")
        values = msgspec.json.decode(variables[f"v{at}"])
        return Sent(variables[f"n{at}"], {ColumnId(column): _text(value) for column, value in values.items()})
    except (msgspec.DecodeError, KeyError, TypeError, AttributeError):
        return None


def _text(value: Any) -> str:
    """The text that monday shows for a value of ours."""
    match value:
        case {"text": str(text)} | {"label": str(text)} | {"date": str(text)}:
            return text
        case {"labels": list(labels)}:
            return ", ".join(map(str, labels))
        case _:
            return str(value)


def differences(sent: Sent, item: BoardItem) -> list[str]:
    """The columns, and the name, that show something else than was sent."""
    found = [] if _alike(sent.name, item.name) else [NAME]
    return found + [str(column) for column, text in sent.values.items() if not _alike(text, item.values.get(column))]


def only_here(item: BoardItem, other: BoardItem, types: Mapping[str, str]) -> list[str]:
    """The columns that a person can fill where `item` shows something that `other` does not. `types`: of the columns
    by id."""
    return [
        str(column)
        for column, text in item.values.items()
        if types.get(column) not in READ_ONLY and not _alike(text, other.values.get(column))
    ]


def _alike(one: str, other: str | None) -> bool:
    mine, theirs = " ".join(one.split()), " ".join((other or "").split())
    if mine == theirs:
        return True
    try:
        return Decimal(mine) == Decimal(theirs)
    except InvalidOperation:
        return False
