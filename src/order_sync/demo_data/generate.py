"""A table of orders as a garment maker has it, any number of rows, and what must become of each of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from order_sync.demo_data.board import KEY, TARGETS
from order_sync.demo_data.brands import choose_brands, folded, inner_pair
from order_sync.demo_data.dirt import Dirt
from order_sync.demo_data.draws import Draws
from order_sync.demo_data.expected import Expectation, Fate
from order_sync.demo_data.line import Line, Market, group_name, item_name
from order_sync.demo_data.orders import OrderBook, Orders
from order_sync.demo_data.planter import ROOM, plan, plant
from order_sync.demo_data.table import SIZES, UUID

CHUNK = 10_000  # rows of a frame; part of what a seed means


@dataclass(frozen=True)
class Planted:
    """Some rows of the table in order. `frame`: the 268 columns. `start`: number of its first row, from 0."""

    start: int
    frame: pl.DataFrame
    _ordinary: Orders
    _lines: dict[int, Line]

    def expected(self) -> Iterator[Expectation]:
        """One for each row of `frame`, in its order; made when asked for."""
        shown = self._ordinary.shown.iter_rows(named=True)
        sources = self.frame.select(UUID, *KEY).rows()
        sizes = self.frame.select(SIZES).iter_rows()
        for place, (texts, source, quantities) in enumerate(zip(shown, sources, sizes, strict=True)):
            line = self._lines.get(self.start + place)
            yield line.expectation() if line else _ordinary(self.start + place, texts, source, quantities)


def _ordinary(
    row: int, texts: dict[str, str | None], source: tuple[str | None, ...], quantities: tuple[int | None, ...]
) -> Expectation:
    columns = {target: text for target in TARGETS.values() if (text := texts[target]) is not None}
    told = Expectation(row, source[0], list(source[1:]), columns["CUSTOMER"])
    if texts["cancelled"]:
        told.fate = Fate.CANCELLED
        return told
    told.name, told.group, told.columns = item_name(columns), group_name(columns), columns
    told.sizes = [[size, quantity] for size, quantity in zip(SIZES, quantities, strict=True) if quantity]
    return told


def generate(
    names: Sequence[tuple[str, Sequence[str]]], *, rows: int, customers: int, seed: int, dirt: float = 0.03
) -> Iterator[Planted]:
    """Frames of at most CHUNK rows.

    `names`: canonical name and aliases of every customer there is; `customers` of them get orders. `dirt`:
    share of rows with a planted oddity, 0 to 1/3; unless it is 0, each kind occurs in a table of 300 rows.
    The same arguments give the same bytes everywhere. ValueError for impossible arguments.
    """
    _refuse(names, rows, customers, dirt)
    draws = Draws(seed)
    brands = choose_brands(names, rows, customers, draws)
    known = frozenset(folded(each) for name, aliases in names for each in (name, *aliases))
    market = Market(brands, known, inner_pair([brand.name for brand in brands]))
    book, planned = OrderBook(brands, draws), plan(rows, dirt, CHUNK, draws)
    for start in range(0, rows, CHUNK):
        ordinary = book.orders(start, min(rows, start + CHUNK))
        frame, lines = plant(ordinary, start, planned, draws, market)
        yield Planted(start, frame, ordinary, lines)


def _refuse(names: Sequence[tuple[str, Sequence[str]]], rows: int, customers: int, dirt: float) -> None:
    if rows < 0:
        raise ValueError(f"rows must be 0 or more, not {rows}")
    if not 1 <= customers <= len(names):
        raise ValueError(f"customers must be 1 to {len(names)}, the names there are, not {customers}")
    if not 0 <= dirt <= 1 / ROOM:
        raise ValueError(f"dirt must be 0 to 1/{ROOM} of the rows, not {dirt}")


def kinds(expected: Sequence[Expectation]) -> dict[Dirt, int]:
    """How often each kind of dirt was planted."""
    counts = dict.fromkeys(Dirt, 0)
    for expectation in expected:
        for kind in expectation.dirt:
            counts[Dirt(kind)] += 1
    return counts
