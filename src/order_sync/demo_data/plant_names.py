"""Dirt in customers, seasons and labels: looked up whole or held, never guessed."""

from __future__ import annotations

from order_sync.demo_data.brands import Brand, folded
from order_sync.demo_data.dirt import Dirt
from order_sync.demo_data.line import Line
from order_sync.demo_data.plant_text import Planter

_CUSTOMER, _OWN, _REGULAR = "CUSTOMER NAME", "CUSTOMER SEASON", "AAG SEASON"
_TYPE, _UNIT = "ORDER TYPE", "UNIT OF MEASURE"


def _brand(line: Line) -> Brand:
    return next(brand for brand in line.market.brands if brand.name == line.text(_CUSTOMER))


def customer_alias(line: Line) -> None:
    brand = _brand(line)
    line.put(_CUSTOMER, line.pick(*(brand.aliases or (brand.name,))), brand.name)


def customer_case(line: Line) -> None:
    name = _brand(line).name
    mixed = "".join(c.lower() if i % 2 else c for i, c in enumerate(name))
    line.put(_CUSTOMER, mixed if folded(mixed) == folded(name) else name, name)


def customer_spaces(line: Line) -> None:
    name = _brand(line).name
    line.put(_CUSTOMER, f"  {name}\u00a0 ", name)


def customer_within_another(line: Line) -> None:
    """A name that lies inside another's belongs to the one it names whole."""
    if line.market.inner:
        line.put(_CUSTOMER, line.pick(*line.market.inner))


def _unknown(line: Line, name: str) -> None:
    while folded(name) in line.market.known:
        name += " BIS"
    line.empty(_CUSTOMER, name)
    line.hold("UNKNOWN_CUSTOMER")


def unknown_customer(line: Line) -> None:
    _unknown(line, line.pick("PLUMTHISTLE & DAUGHTERS", "ZOLLVERANE", "TBC"))


def unknown_lookalike(line: Line) -> None:
    """A known name with something before, behind or missing is no known name."""
    name = line.text(_CUSTOMER)
    _unknown(line, line.pick(f"{name} CANADA", f"THE {name}", name[:-1]))


def customer_missing(line: Line) -> None:
    line.empty(_CUSTOMER, line.pick(None, "", "None"))
    line.hold("REQUIRED_MISSING")


def seasons_blank(line: Line) -> None:
    line.empty(_OWN, line.pick(None, "", "  "))
    line.empty(_REGULAR)


def season_null_word(line: Line) -> None:
    line.empty(_OWN, line.pick("nan", "None", "NULL", " none "))
    line.put(_REGULAR, "2025 FALL")


def order_type_missing(line: Line) -> None:
    line.empty(_TYPE, line.pick(None, "", "nan"))


def order_type_unlisted(line: Line) -> None:
    """No rule names it, and the board has that label."""
    line.put(_TYPE, "FORECAST")


def guarded_order_type(line: Line) -> None:
    line.put(_TYPE, line.pick("SAMPLE", "REORDER"))
    line.hold("GUARDED_LABEL")


def guarded_unit(line: Line) -> None:
    line.put(_UNIT, line.pick("DOZ", "PACK"))
    line.hold("GUARDED_LABEL")


def long_label(line: Line) -> None:
    line.put(_UNIT, "PIECES, EACH COUNTED BY HAND TWICE OVER")
    line.hold("LABEL_TOO_LONG")


def cancelled_case(line: Line) -> None:
    line.put(_TYPE, line.pick("Cancelled", "cancelled", " CANCELLED "), "CANCELLED")
    line.cancel()


PLANTERS: dict[Dirt, Planter] = {
    Dirt.CUSTOMER_ALIAS: customer_alias,
    Dirt.CUSTOMER_CASE: customer_case,
    Dirt.CUSTOMER_SPACES: customer_spaces,
    Dirt.CUSTOMER_WITHIN_ANOTHER: customer_within_another,
    Dirt.UNKNOWN_CUSTOMER: unknown_customer,
    Dirt.UNKNOWN_LOOKALIKE: unknown_lookalike,
    Dirt.CUSTOMER_MISSING: customer_missing,
    Dirt.SEASONS_BLANK: seasons_blank,
    Dirt.SEASON_NULL_WORD: season_null_word,
    Dirt.ORDER_TYPE_MISSING: order_type_missing,
    Dirt.ORDER_TYPE_UNLISTED: order_type_unlisted,
    Dirt.GUARDED_ORDER_TYPE: guarded_order_type,
    Dirt.GUARDED_UNIT: guarded_unit,
    Dirt.LONG_LABEL: long_label,
    Dirt.CANCELLED_CASE: cancelled_case,
}
