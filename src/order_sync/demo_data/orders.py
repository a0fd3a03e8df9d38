"""Ordinary orders, many rows at a time: what the source holds and, beside it, what the board must show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

import polars as pl

from order_sync.demo_data import pools
from order_sync.demo_data.board import TARGETS
from order_sync.demo_data.brands import SEASON_SLOTS, SPELLINGS, Brand
from order_sync.demo_data.draws import Draws, mix, salt
from order_sync.demo_data.pools import Pool
from order_sync.demo_data.table import COLUMNS, DATES, FAMILIES, INTEGERS, SIZES, UUID

BLOCK = 12  # rows of a customer that are split into orders together
SPLITS = ((12,), (8, 4), (5, 4, 3), (6, 1, 3, 2), (3, 3, 3, 3), (1, 2, 1, 4, 1, 3), (1,) * 12, (4, 7, 1))
DTYPES = {name: pl.Int64 if name in INTEGERS else pl.Date if name in DATES else pl.String for name in COLUMNS}
CANCELLED = ("CANCELLED", "CANCELLED", "Cancelled", "cancelled")
_NEXT_COLOUR = 37  # places on in the list: lines of one style differ, and look it


@dataclass(frozen=True)
class Orders:
    """`raw`: the 268 columns. `shown`: the board's text by target (NULL: no value) and `cancelled`."""

    raw: pl.DataFrame
    shown: pl.DataFrame


@dataclass(frozen=True)
class _Lines:
    """Which customer, order and line each row is. All UInt64 but `brand`."""

    row: pl.Series
    brand: pl.Series  # position among the brands
    order: pl.Series  # number of the order within its customer
    line: pl.Series  # within its order
    order_key: pl.Series  # tells orders of all customers apart


@cache
def _splits() -> tuple[pl.Series, pl.Series]:
    """Of each split and each place in its block: which order, which line of it."""
    orders = [n for split in SPLITS for n, lines in enumerate(split) for _ in range(lines)]
    lines = [k for split in SPLITS for lines in split for k in range(lines)]
    return pl.Series(orders, dtype=pl.UInt64), pl.Series(lines, dtype=pl.UInt64)


class OrderBook:
    """All ordinary orders of a table, any slice of which can be made without the others."""

    def __init__(self, brands: Sequence[Brand], draws: Draws) -> None:
        self._brands = brands
        self._draws = draws
        self._ends = list(accumulate(brand.lines for brand in brands))
        self.rows = self._ends[-1]

    def orders(self, start: int, stop: int) -> Orders:
        """Rows start .. stop-1."""
        lines = self._lines(start, stop)
        raw: dict[str, pl.Series] = {UUID: self._uuids(start, stop)}
        shown: dict[str, pl.Series] = {}
        for name, (value, text) in {**self._keys(lines), **self._names(lines)}.items():
            raw[name], shown[TARGETS[name]] = value, text
        for name, (value, text) in self._cells(pools.mapped(), lines).items():
            raw[name], shown[TARGETS[name]] = value, text
        raw["ORDER TYPE"], shown["ORDER TYPE"], shown["cancelled"] = self._order_types(lines)
        raw.update({name: value for name, (value, _) in self._cells(pools.unmapped(), lines).items()})
        raw.update(self._sizes(lines))
        return Orders(_table(raw, stop - start), pl.DataFrame(shown))

    def _lines(self, start: int, stop: int) -> _Lines:
        brand: list[int] = []
        within: list[int] = []
        for position, end in enumerate(self._ends):
            first = end - self._brands[position].lines
            rows = range(max(first, start), min(end, stop))
            brand += [position] * len(rows)
            within += range(rows.start - first, rows.stop - first)
        brands = pl.Series(brand, dtype=pl.UInt64)
        place = pl.Series(within, dtype=pl.UInt64)
        block = place // BLOCK
        split = self._draws.column("split", block + brands * (1 << 40), len(SPLITS))
        entry = split * BLOCK + place % BLOCK
        order_of, line_of = _splits()
        order = block * BLOCK + order_of.gather(entry)
        row = pl.int_range(start, stop, dtype=pl.UInt64, eager=True)
        return _Lines(row, brands, order, line_of.gather(entry), order + brands * (1 << 40))

    def _draw(self, purpose: str, by: pl.Series, below: int) -> pl.Series:
        return self._draws.column(purpose, by, below)

    def _uuids(self, start: int, stop: int) -> pl.Series:
        high, low = salt(self._draws.seed, "uuid high"), salt(self._draws.seed, "uuid low")
        digits = (f"{mix(high ^ row):016X}{mix(low ^ row):016X}" for row in range(start, stop))
        return pl.Series([f"{d[:8]}-{d[8:12]}-4{d[13:16]}-A{d[17:20]}-{d[20:]}" for d in digits])

    def _cells(self, cells: dict[str, Pool], lines: _Lines) -> dict[str, tuple[pl.Series, pl.Series]]:
        """Of each column what the source has and what the board shows; all draws in one go."""
        frame = pl.DataFrame({"row": lines.row, "order": lines.order_key})
        entries = frame.select(self._entry(name, pool).alias(name) for name, pool in cells.items())
        return {
            name: (pool.raw.gather(entries[name]), pool.on_board.gather(entries[name])) for name, pool in cells.items()
        }

    def _entry(self, name: str, pool: Pool) -> pl.Expr:
        """The position in the pool, or NULL."""
        entry = self._draws.expression(name, pl.col(pool.by), len(pool.raw))
        there = self._draws.expression(f"empty {name}", pl.col(pool.by), 1000) >= pool.empty
        return pl.when(there).then(entry)

    def _keys(self, lines: _Lines) -> dict[str, tuple[pl.Series, pl.Series]]:
        """Order number, style and colour: together unique by construction.

        Three lines of an order share a style and differ in colour; styles of an order are numbered on.
        """
        which = lines.brand * 2 + (self._draw("odd prefix", lines.order_key, 12) == 0).cast(pl.UInt64)
        prefixes = pl.Series([prefix for brand in self._brands for prefix in brand.prefixes])
        digits = lines.order // 100_000 * 100_000 + (lines.order * 7 + lines.brand * 1_303) % 100_000
        number = prefixes.gather(which) + "-" + digits.cast(pl.String).str.zfill(5)
        style = self._styles(lines)
        colours = pools.colours()
        first = self._draw("colour", lines.order_key * BLOCK + lines.line // 3, len(colours))
        colour = colours.gather((first + lines.line % 3 * _NEXT_COLOUR) % len(colours))
        space = pl.Series(["", " "]).gather(self._draw("colour space", lines.row, 20) // 19)
        return {
            "AAG ORDER NUMBER": (number, number),
            "CUSTOMER STYLE": (style, style),
            "CUSTOMER COLOUR DESCRIPTION": (colour + space, colour),
        }

    def _styles(self, lines: _Lines) -> pl.Series:
        group = lines.line // 3
        number = self._draw("style", lines.order_key, 8_900) + 1_000 + group
        digits, form = number.cast(pl.String), self._draw("style form", lines.order_key, 100)
        return pl.select(
            pl.when((form < 2) & (group == 0))
            .then(pl.lit("TBD"))
            .when(form < 35)
            .then(pl.concat_str(pl.lit("MSP25B"), digits))
            .when(form < 60)
            .then(pl.concat_str(pl.lit("BBMP0"), digits, pl.lit("-736B")))
            .when(form < 80)
            .then((number + 610_000).cast(pl.String))
            .otherwise(pl.concat_str(pl.lit("REVPNT_"), digits))
            .alias("style")
        ).to_series()

    def _names(self, lines: _Lines) -> dict[str, tuple[pl.Series, pl.Series]]:
        spelled = lines.brand * SPELLINGS + self._draw("spelling", lines.row, SPELLINGS)
        spellings = pl.Series([name for brand in self._brands for name in brand.spellings])
        names = pl.Series([brand.name for brand in self._brands])
        seasons = [season for brand in self._brands for season in brand.seasons]
        slot = lines.brand * SEASON_SLOTS + self._draw("season", lines.order_key, SEASON_SLOTS)
        own = pl.Series([season.customer for season in seasons], dtype=pl.String).gather(slot)
        regular = pl.Series([season.aag for season in seasons], dtype=pl.String).gather(slot)
        return {
            "CUSTOMER NAME": (spellings.gather(spelled), names.gather(lines.brand)),
            "CUSTOMER SEASON": (own, own),
            "AAG SEASON": (regular, regular),
        }

    def _order_types(self, lines: _Lines) -> tuple[pl.Series, pl.Series, pl.Series]:
        entry = self._draw("order type", lines.row, 100)
        cancelled = entry < 3
        raw = pl.Series([*CANCELLED[1:], *["ACTIVE"] * 97]).gather(entry)
        shown = pl.Series([*["CANCELLED"] * 3, *["RECEIVED"] * 97]).gather(entry)
        return raw, shown, cancelled

    def _sizes(self, lines: _Lines) -> dict[str, pl.Series]:
        """3-6 neighbouring sizes of one family per row (one of the one-size family)."""
        families = list(FAMILIES.values())
        weight = [0] * 7 + [1] * 4 + [2] * 3 + [3, 4, 4, 5, 5, 6, 7, 8, 9]
        family = pl.Series(weight, dtype=pl.UInt64).gather(self._draw("family", lines.order_key, len(weight)))
        lengths = pl.Series([len(members) for members in families], dtype=pl.UInt64).gather(family)
        count = self._draw("sizes", lines.row, 4) + 3
        count = count.set(count > lengths, 5).set(lengths < 5, 1)
        first = self._draw("first size", lines.row, 1 << 32) % (lengths - count + 1)
        quantities = {f"q{n}": self._draw(f"quantity {n}", lines.row, 90).cast(pl.Int64) + 12 for n in range(6)}
        frame = pl.DataFrame({"family": family, "count": count, "first": first, **quantities})
        sized = frame.select(_size_column(*place) for place in _places(families))
        total = sized.sum_horizontal().alias("TOTAL QTY")
        return {**{s.name: s for s in sized}, "TOTAL QTY": total, "Sum of TOTAL QTY": total}


def _places(families: Sequence[Sequence[str]]) -> list[tuple[str, int, int]]:
    """(size, number of its family, place in it), in source order."""
    found = {size: (f, j) for f, members in enumerate(families) for j, size in enumerate(members)}
    return [(size, *found[size]) for size in SIZES]


def _size_column(size: str, family: int, place: int) -> pl.Expr:
    """The quantity where the row's run of sizes covers this one, else NULL."""
    offset = pl.lit(place, pl.Int64) - pl.col("first").cast(pl.Int64)
    quantity: pl.Expr = pl.lit(None, pl.Int64)
    for n in range(6):
        quantity = pl.when(offset == n).then(pl.col(f"q{n}")).otherwise(quantity)
    covered = (pl.col("family") == family) & (offset >= 0) & (offset < pl.col("count").cast(pl.Int64))
    return pl.when(covered).then(quantity).alias(size)


def _table(raw: dict[str, pl.Series], height: int) -> pl.DataFrame:
    """All 268 columns in the order of the table; those nobody filled are NULL."""
    missing = {name: pl.repeat(None, height, dtype=DTYPES[name], eager=True) for name in COLUMNS if name not in raw}
    return pl.DataFrame({**raw, **missing}).select(COLUMNS).cast(DTYPES)  # type: ignore[arg-type]
