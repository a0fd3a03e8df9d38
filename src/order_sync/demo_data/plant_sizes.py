"""Dirt in sizes: whatever does not add up is held; whatever only looks odd is not."""

from __future__ import annotations

from order_sync.demo_data.dirt import Dirt
from order_sync.demo_data.line import Line
from order_sync.demo_data.plant_names import unknown_customer
from order_sync.demo_data.plant_text import Planter
from order_sync.demo_data.table import SIZES

_LOOKALIKES = (
    ("OS", "ONE SIZE"),
    ("XXL", "XXXL", "2XL", "3XL"),
    ("30/30", "30", "30-30L", "30X30"),
    ("0", "10", "0w", "10w"),
)


def numeric_colour_code(line: Line) -> None:
    """It stands where the sizes begin; 100 is a colour here."""
    line.raw["INFOR COLOUR CODE"] = line.pick("100", "942", "001")


def lookalike_sizes(line: Line) -> None:
    sizes = dict.fromkeys(line.pick(*_LOOKALIKES), 25)
    line.give_sizes(sizes, sum(sizes.values()))


def many_sizes(line: Line) -> None:
    """Forty sizes of all families, in more than one request."""
    sizes = {size: 5 + place for place, size in enumerate(SIZES[:160:4])}
    line.give_sizes(sizes, sum(sizes.values()))


def zero_sizes(line: Line) -> None:
    """0 in every size that nobody ordered."""
    ordered = line.sizes
    line.give_sizes({**dict.fromkeys(SIZES, 0), **ordered}, sum(ordered.values()))


def zero_total(line: Line) -> None:
    line.give_sizes(line.pick({}, {"S": 0, "M": 0}), 0)


def huge_quantity(line: Line) -> None:
    line.give_sizes({"M": 1_500_000_000, "L": 600_000_000}, 2_100_000_000)


def sizes_sum(line: Line) -> None:
    line.raw["TOTAL QTY"] += line.pick(-1, 1, 100)
    line.hold("SIZES_SUM")


def total_missing(line: Line) -> None:
    line.raw["TOTAL QTY"] = None
    line.hold("SIZES_SUM")


def negative_size(line: Line) -> None:
    """The others add up to the total."""
    ordered = line.sizes
    free = next(size for size in ("XXS", "60", "OS") if size not in ordered)
    line.give_sizes({**ordered, free: -5}, sum(ordered.values()))
    line.hold("SIZE_NEGATIVE")


def no_sizes(line: Line) -> None:
    line.give_sizes({}, 120)
    line.hold("NO_SIZES")


def several_faults(line: Line) -> None:
    """Each is named; mending one does not hide the other."""
    unknown_customer(line)
    sizes_sum(line)


PLANTERS: dict[Dirt, Planter] = {
    Dirt.NUMERIC_COLOUR_CODE: numeric_colour_code,
    Dirt.LOOKALIKE_SIZES: lookalike_sizes,
    Dirt.MANY_SIZES: many_sizes,
    Dirt.ZERO_SIZES: zero_sizes,
    Dirt.ZERO_TOTAL: zero_total,
    Dirt.HUGE_QUANTITY: huge_quantity,
    Dirt.SIZES_SUM: sizes_sum,
    Dirt.TOTAL_MISSING: total_missing,
    Dirt.NEGATIVE_SIZE: negative_size,
    Dirt.NO_SIZES: no_sizes,
    Dirt.SEVERAL_FAULTS: several_faults,
}
