"""What a long life leaves behind each day, and whether any of it grows."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Final

from order_sync.drill.evidence import Evidence
from order_sync.drill.history import HISTORY
from order_sync.drill.world import World
from order_sync.model.states import OPEN

_OPEN: Final = ", ".join(f"'{status}'" for status in OPEN)
_COUNTS: Final = {
    "open_rows": f"SELECT count(*) FROM staged WHERE status IN ({_OPEN})",
    "in_doubt": "SELECT count(*) FROM staged WHERE status IN ('SENDING', 'IN_DOUBT')",
    "leases": "SELECT count(*) FROM lease",
    "orphans": "SELECT count(*) FROM orphan WHERE resolution IS NULL OR resolution IN ('ARCHIVING', 'LEFT')",
    "errors": "SELECT count(*) FROM error WHERE resolved IS NULL",
    "promoted": "SELECT count(*) FROM snapshot",
}
_MORE_ROWS: Final = 1.0  # by which the mean of a count may be higher at the end: chance has that much
_DEARER: Final = 1.25  # how many times what an order costs may be more at the end


@dataclass(frozen=True, slots=True)
class Day:
    """At its end, but for `calls`: those of this day. `size`: bytes of the database without what only the drill keeps."""

    number: int
    open_rows: int
    in_doubt: int
    leases: int
    orphans: int
    errors: int
    promoted: int
    size: int
    calls: int
    at_rest: bool


def day_of(number: int, world: World, found: Evidence, calls: int, *, at_rest: bool) -> Day:
    counts = {name: int(found.ask(query)[0][0]) for name, query in _COUNTS.items()}
    return Day(number, size=_size(world), calls=calls, at_rest=at_rest, **counts)


def _size(world: World) -> int:
    """Of a packed copy, so that free pages do not blur it."""
    copy = sqlite3.connect(":memory:", isolation_level=None)
    copy.deserialize(world.keep().database)
    for table in (HISTORY, world.project.mapping.source.table):
        copy.execute(f'DROP TABLE IF EXISTS "{table}"')
    for (trigger,) in copy.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        copy.execute(f'DROP TRIGGER "{trigger}"')
    copy.execute("VACUUM")
    pages, page = (copy.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size"))
    copy.close()
    return int(pages * page)


def drift(days: Sequence[Day], window: int) -> Iterator[str]:
    """What grew between the first `window` days and the last."""
    first, last = days[:window], days[-window:]
    for name in ("open_rows", "in_doubt", "leases", "orphans", "errors"):
        before, after = (fmean(getattr(day, name) for day in part) for part in (first, last))
        if after > before + _MORE_ROWS:
            yield f"{name}: {before:.2f} a day in the first {window} days, {after:.2f} in the last"
    costs: dict[str, Callable[[Sequence[Day]], float]] = {
        "calls for each order": calls_each,
        "bytes of the database for each order": bytes_each,
    }
    for name, cost in costs.items():
        if cost(last) > cost(first) * _DEARER:
            yield f"{name}: {cost(first):.1f} in the first {window} days, {cost(last):.1f} in the last"


def calls_each(days: Sequence[Day]) -> float:
    """Of the orders promoted after the first of these days."""
    return sum(day.calls for day in days[1:]) / _promoted(days)


def bytes_each(days: Sequence[Day]) -> float:
    """By how much the database grew for each of them."""
    return (days[-1].size - days[0].size) / _promoted(days)


def _promoted(days: Sequence[Day]) -> int:
    return max(1, days[-1].promoted - days[0].promoted)
