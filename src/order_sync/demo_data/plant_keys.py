"""Dirt in keys: rows that cannot be told from others are held; rows that merely look alike are not."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

from order_sync.demo_data.board import KEY
from order_sync.demo_data.dirt import Dirt
from order_sync.demo_data.line import COLOUR, ORDER, STYLE, Line
from order_sync.demo_data.plant_text import Planter
from order_sync.demo_data.table import UUID

PairPlanter = Callable[[Line, Line], None]


def _without(part: str) -> Planter:
    def planter(line: Line) -> None:
        line.empty(part)
        line.hold("NULL_KEY")

    return planter


def blank_key_part(line: Line) -> None:
    line.empty(line.pick(*KEY), line.pick("", "   ", "\t"))
    line.hold("NULL_KEY")


def null_word_key_part(line: Line) -> None:
    line.empty(line.pick(*KEY), line.pick("None", "nan", "NULL", " null "))
    line.hold("NULL_KEY")


def blank_row(line: Line) -> None:
    line.blank()
    line.hold("NULL_KEY")


def _twice(first: Line, second: Line) -> None:
    """The same order line again, as a sheet has it that was loaded twice: another uuid, another delivery."""
    uuid = second.raw[UUID]
    second.raw, second.shown = dict(first.raw), dict(first.shown)
    second.raw[UUID] = uuid
    if first.pick(True, False):
        second.put("PLANNED DELIVERY METHOD", "AIR")
        second.put("PO NUMBER", "8148-01")
    for line in (first, second):
        line.hold("DUPLICATE_KEY")


def duplicate_key_case(first: Line, second: Line) -> None:
    first.put(COLOUR, f"{first.text(COLOUR)} STRASSE")
    _twice(first, second)
    second.put(ORDER, first.text(ORDER).lower())
    second.put(COLOUR, first.text(COLOUR).lower().replace("strasse", first.pick("strasse", "straße")))


def duplicate_key_spaces(first: Line, second: Line) -> None:
    _twice(first, second)
    for part in KEY:
        second.put(part, f" {first.text(part)}  ", first.text(part))


def duplicate_key_unicode(first: Line, second: Line) -> None:
    first.put(COLOUR, f"{first.text(COLOUR)} CAFÉ")
    _twice(first, second)
    second.put(COLOUR, unicodedata.normalize("NFD", first.text(COLOUR)))


def near_duplicate_key(first: Line, second: Line) -> None:
    """One blank apart: two orders."""
    second.put(ORDER, first.text(ORDER))
    second.put(STYLE, first.text(STYLE))
    first.put(COLOUR, f"{first.text(COLOUR)}/ECRU")
    second.put(COLOUR, f"{first.text(COLOUR).removesuffix('/ECRU')} / ECRU")


def same_item_name(first: Line, second: Line) -> None:
    """Two keys, one name: the name is no key."""
    style, colour = first.text(STYLE), first.text(COLOUR)
    second.put(ORDER, first.text(ORDER))
    first.put(STYLE, f"{style} DUO")
    second.put(STYLE, style)
    second.put(COLOUR, f"DUO {colour}")
    first.put(COLOUR, colour)


PLANTERS: dict[Dirt, Planter] = {
    Dirt.NULL_ORDER_NUMBER: _without(ORDER),
    Dirt.NULL_STYLE: _without(STYLE),
    Dirt.NULL_COLOUR: _without(COLOUR),
    Dirt.BLANK_KEY_PART: blank_key_part,
    Dirt.NULL_WORD_KEY_PART: null_word_key_part,
    Dirt.BLANK_ROW: blank_row,
}
PAIR_PLANTERS: dict[Dirt, PairPlanter] = {
    Dirt.DUPLICATE_KEY: _twice,
    Dirt.DUPLICATE_KEY_CASE: duplicate_key_case,
    Dirt.DUPLICATE_KEY_SPACES: duplicate_key_spaces,
    Dirt.DUPLICATE_KEY_UNICODE: duplicate_key_unicode,
    Dirt.NEAR_DUPLICATE_KEY: near_duplicate_key,
    Dirt.SAME_ITEM_NAME: same_item_name,
}
