from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from tests.transform_samples import customers

from order_sync.model.errors import MappingError
from order_sync.model.mapping import GroupRule
from order_sync.model.naming import (
    canonical_customers,
    group_names,
    item_names,
    parse_template,
    template_fields,
)


def named(template: str, **values: object) -> list[str | None]:
    return item_names(template, {name: pl.Series([value]) for name, value in values.items()}).to_list()


@pytest.mark.parametrize(
    ("style", "colour", "name"),
    [
        ("ST1", "RED", "ST1 RED"),
        ("ST1", None, "ST1"),
        (None, "RED", "RED"),
        ("ST1", "  ", "ST1"),
        (None, None, None),
        ("", " ", None),
        ("ST  1", "RED\nTRIM", "ST 1 RED TRIM"),
        ("{B}", "%s", "{B} %s"),
    ],
)
def test_blank_parts_are_skipped_with_their_space(style: str | None, colour: str | None, name: str | None) -> None:
    assert named("{A} {B}", A=style, B=colour) == [name]


def test_text_before_a_blank_part_goes_with_it() -> None:
    template = "PO {A} - {B} (ours)"

    assert named(template, A="1", B="2") == ["PO 1 - 2 (ours)"]
    assert named(template, A="1", B=None) == ["PO 1 (ours)"]


def test_dates_and_numbers_are_shown_as_people_write_them() -> None:
    assert named("{A} {B} {C}", A=date(2026, 1, 31), B=12, C="28.86") == ["2026-01-31 12 28.86"]


@pytest.mark.parametrize("template", ["", "STYLE", "{A", "{A} }", "{{A}}"])
def test_what_is_no_template_is_refused(template: str) -> None:
    with pytest.raises(MappingError, match="no name template"):
        parse_template(template)


def test_fields_come_in_their_order() -> None:
    assert template_fields("{STYLE} {COLOR}-{AAG ORDER NUMBER}") == ["STYLE", "COLOR", "AAG ORDER NUMBER"]


def group(customer: str | None, *seasons: object, **rule: str) -> str | None:
    series = [pl.Series([season]) for season in seasons]
    names = group_names(GroupRule(season=[], **rule), pl.Series([customer], dtype=pl.String), series)
    return names[0]


def test_the_group_takes_the_first_season_that_is_not_blank() -> None:
    assert group("GREYMARE CLOTHIERS", None, "2025 FALL") == "GREYMARE CLOTHIERS 2025 FALL"
    assert group("NOVA", "SP26", "2025 FALL") == "NOVA SP26"
    assert group("NOVA", " ", "2025  FALL ") == "NOVA 2025 FALL"


def test_without_a_season_the_fallback_serves() -> None:
    assert group("NOVA", None, None) == "NOVA UNKNOWN_SEASON"
    assert group("NOVA", None, fallback="") == "NOVA"
    assert group("NOVA", fallback="check") == "NOVA check"


def test_the_group_has_a_template_too() -> None:
    assert group("NOVA", "SP26", name="{SEASON}: {CUSTOMER}") == "SP26: NOVA"


def test_without_a_customer_there_is_no_group() -> None:
    assert group(None, "SP26") is None


@pytest.mark.parametrize(
    ("name", "canonical"),
    [
        ("NOVA PEAK", "NOVA PEAK"),
        ("nova peak (au)", "NOVA PEAK"),
        ("Cafe\u0301 Nova", "NOVA PEAK"),
        ("PEAK", "PEAK"),
        ("NOVA PEAK CANADA", None),
        ("NOVA", None),
        (None, None),
    ],
)
def test_customers_are_looked_up_whole_and_never_guessed(name: str | None, canonical: str | None) -> None:
    assert canonical_customers(pl.Series([name, "peak"]), customers()).to_list() == [canonical, "PEAK"]
