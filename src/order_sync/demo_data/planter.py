"""Where dirt goes: a plan of rows and kinds, and the hand that carries it out on one frame."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from order_sync.demo_data import plant_keys, plant_names, plant_sizes, plant_text, plant_values
from order_sync.demo_data.dirt import PAIRS, WEIGHTED, Dirt
from order_sync.demo_data.draws import Draws
from order_sync.demo_data.line import Line, Market
from order_sync.demo_data.orders import DTYPES, Orders

PLANTERS = {
    **plant_text.PLANTERS,
    **plant_values.PLANTERS,
    **plant_keys.PLANTERS,
    **plant_names.PLANTERS,
    **plant_sizes.PLANTERS,
}
ROOM = 3  # rows for each kind at least: itself, perhaps a second one, and a clean one
ENOUGH_ROWS = 300  # from here on every kind occurs


def plan(rows: int, dirt: float, chunk: int, draws: Draws) -> dict[int, Dirt]:
    """Row -> kind. A pair's second row follows its first in the same chunk; no row belongs to two kinds."""
    count = round(rows * dirt)
    if dirt > 0 and rows >= ENOUGH_ROWS:
        count = max(count, len(Dirt))
    count = min(count, rows // ROOM)
    first = draws.shuffled("kinds", tuple(Dirt))
    planned: dict[int, Dirt] = {}
    for pick in range(count):
        kind = first[pick] if pick < len(first) else draws.one_of("kind", pick, WEIGHTED)
        start, end = pick * rows // count, (pick + 1) * rows // count
        row = start + draws.number("place", pick, end - start - 1)
        if row % chunk == chunk - 1:
            row += 1 if row + 2 < end else -1
        planned[row] = kind
    return planned


def plant(
    orders: Orders, start: int, planned: dict[int, Dirt], draws: Draws, market: Market
) -> tuple[pl.DataFrame, dict[int, Line]]:
    """The frame with the planned rows changed, and these rows' lines by row number."""
    height = orders.raw.height
    here = {row: kind for row, kind in planned.items() if start <= row < start + height}
    touched = sorted({r for row, kind in here.items() for r in ((row, row + 1) if kind in PAIRS else (row,))})
    lines = _lines(orders, start, touched, draws, market)
    for row, kind in here.items():
        if kind in PAIRS:
            plant_keys.PAIR_PLANTERS[kind](lines[row], lines[row + 1])
            lines[row + 1].dirt.append(kind.value)
        else:
            PLANTERS[kind](lines[row])
        lines[row].dirt.append(kind.value)
    return _with_lines(orders.raw, start, lines), lines


def _lines(orders: Orders, start: int, rows: Sequence[int], draws: Draws, market: Market) -> dict[int, Line]:
    places = [row - start for row in rows]
    raws = orders.raw[places].to_dicts()
    shown = orders.shown.drop("cancelled")[places].to_dicts()
    lines = {}
    for row, raw, texts in zip(rows, raws, shown, strict=True):
        lines[row] = Line(row, raw, {t: text for t, text in texts.items() if text is not None}, draws, market)
        lines[row].put("ORDER TYPE", "ACTIVE", "RECEIVED")
    return lines


def _with_lines(raw: pl.DataFrame, start: int, lines: dict[int, Line]) -> pl.DataFrame:
    if not lines:
        return raw
    places = [row - start for row in lines]
    changed = pl.DataFrame([line.raw for line in lines.values()], schema=DTYPES)
    return raw.with_columns(column.clone().scatter(places, changed[column.name]) for column in raw)
