"""Which status may follow which, from the one table that decides it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import TypeVar

from order_sync.model.states import (
    BATCH_FINAL,
    BATCH_TRANSITIONS,
    OPEN,
    ROW_TRANSITIONS,
    BatchStatus,
    RowStatus,
)
from reference.markdown import code, table

S = TypeVar("S", bound=Enum)


def row_transitions() -> str:
    rows = [[code(each), _yes(each in OPEN), _next(each, ROW_TRANSITIONS)] for each in RowStatus]
    return table(["status", "open", "may become"], rows)


def batch_transitions() -> str:
    rows = [[code(each), _yes(BATCH_FINAL[each]), _next(each, BATCH_TRANSITIONS)] for each in BatchStatus]
    return table(["status", "final", "may become"], rows)


def _next(status: S, transitions: Mapping[S, frozenset[S]]) -> str:
    order = list(type(status))
    return ", ".join(code(each.value) for each in sorted(transitions[status], key=order.index)) or "nothing"


def _yes(value: bool) -> str:
    return "yes" if value else ""
