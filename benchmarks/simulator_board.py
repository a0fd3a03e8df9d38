"""A board of 40 columns as orders have them, empty, and what its items hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

BOARD = "9200517329"
LABELS = ("PCE", "BOX", "SET")
_KINDS = ("text",) * 22 + ("long_text",) * 2 + ("numbers",) * 6 + ("date",) * 4 + ("status",) * 4 + ("dropdown",) * 2
COLUMNS = tuple((kind, f"{kind}_mk{at}") for at, kind in enumerate(_KINDS))
_SENT = {"text_mk0", "text_mk1", "text_mk2", "text_mk3", "long_text_mk22"}
_SENT |= {"numbers_mk24", "numbers_mk25", "date_mk30", "status_mk34", "dropdown_mk38"}

_MADE: Mapping[str, Callable[[int], Any]] = {
    "text": lambda at: f"text of order {at}",
    "long_text": lambda at: f"Deliver order {at} to the warehouse, not to the shop.",
    "numbers": lambda at: str(at / 2),
    "date": lambda at: {"date": f"2026-{at % 12 + 1:02}-{at % 28 + 1:02}"},
    "status": lambda at: {"label": LABELS[at % 3]},
    "dropdown": lambda at: {"labels": [LABELS[at % 3]]},
}


def board_of() -> dict[str, Any]:
    """A seed with one board that takes any number of items."""
    settings = {"labels": list(LABELS)}
    columns = [
        {"id": column, "title": column, "type": kind, "settings": settings if kind in ("status", "dropdown") else {}}
        for kind, column in COLUMNS
    ]
    return {"boards": [{"id": BOARD, "name": "Orders", "columns": columns, "items_limit": 10_000_000}]}


def all_values(at: int) -> dict[str, Any]:
    """A value in each column."""
    return {column: _MADE[kind](at) for kind, column in COLUMNS}


def some_values(at: int) -> dict[str, Any]:
    """Values of ten columns, of every kind that orders use."""
    return {column: _MADE[kind](at) for kind, column in COLUMNS if column in _SENT}
