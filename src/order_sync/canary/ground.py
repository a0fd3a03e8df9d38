"""What must be true of a board before a survey may work on it, and what the survey will cost there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from order_sync.canary.bench import BAD_VALUES, Columns
from order_sync.canary.documents import POINTS
from order_sync.canary.probes.late import REQUESTS
from order_sync.canary.probes.visible import ITEMS, SUBITEMS
from order_sync.model.errors import BoardMismatch, UsageError
from order_sync.model.ids import BoardId, ColumnId
from order_sync.monday.board import BoardDescription
from order_sync.monday.documents import GROUP_POINTS, ITEM_POINTS, SUBITEM_POINTS
from order_sync.monday.items import LiveColumn

MOST_ITEMS: Final = 300  # one page must hold them beside ours; a board with more is no sandbox


@dataclass(frozen=True, slots=True)
class Forecast:
    """Calls and points where everything shows at once; what lags is asked about again."""

    calls: int
    points: int
    subitems: bool


def forecast(rounds: int, *, subitems: bool, long: bool) -> Forecast:
    """Of the survey and its clearing up."""
    a_round = 5 if subitems else 3
    look_up, replay, aliases, removal, values, costs = 4, 6, 3, 3, 3, 1
    late = REQUESTS + 1
    calls = rounds * a_round + look_up + replay + aliases + removal + values + costs + late
    calls += 2 if subitems else 0
    calls += 1 + 2  # the group; deleting it, and looking whether anything is left
    items = (
        rounds * ITEMS + 2 + 3 + 1 + REQUESTS
    )  # of A2, A4, A5, A9 and A1; what is answered from memory costs nothing
    points = items * ITEM_POINTS + GROUP_POINTS + 5 * POINTS
    points += rounds * SUBITEMS * SUBITEM_POINTS if subitems else 0
    return Forecast(calls + long, points + long * ITEM_POINTS, subitems)


def require_sandbox(described: BoardDescription, orders: BoardId | None, *, yes: bool) -> None:
    """UsageError unless the board is a sandbox. `orders`: the board of the mapping, where there is one."""
    held = described.items_count or 0
    where = f"board {described.id} {described.name!r}"
    if described.state != "active":
        raise UsageError(f"the board is {described.state}", where=where, next_step="name an active board")
    if described.id == orders and (held or not yes):
        what = "this is the board of the orders" + (f", and it holds {held:,} items" if held else "")
        step = "name a sandbox board" + ("" if held else ", or say --yes: nothing is on it yet")
        raise UsageError(what, where=where, next_step=step)
    if held > MOST_ITEMS:
        step = f"make a board of its own for this, or clear it: at most {MOST_ITEMS} items"
        raise UsageError(f"the board holds {held:,} items: that is no sandbox", where=where, next_step=step)


def columns_of(described: BoardDescription, key: str, subitem_key: str | None) -> Columns:
    """The columns of the mapping where the board has them, else the first ones of the type."""
    item_key = _text(described.columns, key)
    if item_key is None:
        where, step = f"board {described.id}", "add a column of the type text to it: the keys go there"
        raise BoardMismatch("the board has no text column", where=where, next_step=step)
    below = _text(described.subitem_columns, subitem_key or "")
    fussy = [each for each in described.columns if each.type in BAD_VALUES and not each.archived]
    bad = min(fussy, key=lambda each: list(BAD_VALUES).index(each.type), default=None)
    if bad is None:
        where, step = f"board {described.id}", "add a column of numbers to it: one probe writes a bad value there"
        raise BoardMismatch("the board has no column that could refuse a value", where=where, next_step=step)
    return Columns(item_key, below, described.subitem_board_id, bad.id, bad.type, BAD_VALUES[bad.type])


def _text(columns: tuple[LiveColumn, ...], wanted: str) -> ColumnId | None:
    texts = [each.id for each in columns if each.type == "text" and not each.archived]
    return next((each for each in texts if each == wanted), texts[0] if texts else None)
