"""Single kinds of dirt: what stands in the source, and what must become of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
import yaml

from order_sync.demo_data import Dirt, Expectation, Fate, generate

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "customer_master_schedule" / "customers.yaml"


class Rows:
    """The rows of a very dirty table by their kind: (raw row, expectation)."""

    def __init__(self, rows: int) -> None:
        self.by_kind: dict[str, list[tuple[dict[str, object], Expectation]]] = {}
        customers = yaml.safe_load(EXAMPLE.read_text(encoding="utf-8"))["customers"]
        self.names = [(customer["name"], customer["aliases"]) for customer in customers]
        (part,) = generate(self.names, rows=rows, customers=6, seed=1, dirt=0.33)
        dirty = [told for told in part.expected() if told.dirt]
        raws = part.frame[[told.row for told in dirty]].to_dicts()
        for raw, told in zip(raws, dirty, strict=True):
            self.by_kind.setdefault(told.dirt[0], []).append((raw, told))

    def __getitem__(self, kind: Dirt) -> list[tuple[dict[str, object], Expectation]]:
        return self.by_kind[kind.value]


@pytest.fixture(scope="module")
def rows() -> Rows:
    return Rows(3_000)


def test_fates_of_the_kinds(rows: Rows) -> None:
    held = {
        Dirt.LONG_PO: ["TOO_LONG"],
        Dirt.LONG_NAME: ["NAME_TOO_LONG"],
        Dirt.NULL_ORDER_NUMBER: ["NULL_KEY"],
        Dirt.NULL_STYLE: ["NULL_KEY"],
        Dirt.NULL_COLOUR: ["NULL_KEY"],
        Dirt.BLANK_KEY_PART: ["NULL_KEY"],
        Dirt.NULL_WORD_KEY_PART: ["NULL_KEY"],
        Dirt.BLANK_ROW: ["NULL_KEY"],
        Dirt.DUPLICATE_KEY: ["DUPLICATE_KEY"],
        Dirt.DUPLICATE_KEY_CASE: ["DUPLICATE_KEY"],
        Dirt.DUPLICATE_KEY_SPACES: ["DUPLICATE_KEY"],
        Dirt.DUPLICATE_KEY_UNICODE: ["DUPLICATE_KEY"],
        Dirt.UNKNOWN_CUSTOMER: ["UNKNOWN_CUSTOMER"],
        Dirt.UNKNOWN_LOOKALIKE: ["UNKNOWN_CUSTOMER"],
        Dirt.CUSTOMER_MISSING: ["REQUIRED_MISSING"],
        Dirt.GUARDED_ORDER_TYPE: ["GUARDED_LABEL"],
        Dirt.GUARDED_UNIT: ["GUARDED_LABEL"],
        Dirt.LONG_LABEL: ["LABEL_TOO_LONG"],
        Dirt.SIZES_SUM: ["SIZES_SUM"],
        Dirt.TOTAL_MISSING: ["SIZES_SUM"],
        Dirt.NEGATIVE_SIZE: ["SIZE_NEGATIVE"],
        Dirt.NO_SIZES: ["NO_SIZES"],
        Dirt.SEVERAL_FAULTS: ["UNKNOWN_CUSTOMER", "SIZES_SUM"],
    }
    for kind in Dirt:
        for _, told in rows[kind]:
            assert told.causes == held.get(kind, []), kind
            if kind not in held:
                assert told.fate is (Fate.CANCELLED if kind is Dirt.CANCELLED_CASE else Fate.CREATED), kind


def test_spaces_and_controls_never_reach_the_board(rows: Rows) -> None:
    for kind in (Dirt.SPACES_AROUND, Dirt.CONTROL_CHARACTERS, Dirt.LINE_ENDS_AROUND):
        for raw, told in rows[kind]:
            assert raw["CUSTOMER COLOUR DESCRIPTION"] != told.columns["COLOR"]
            assert told.columns["COLOR"] in str(told.name)


def test_lines_are_kept_where_a_cell_has_lines(rows: Rows) -> None:
    for _, told in rows[Dirt.LINE_BREAKS]:
        assert told.columns["NOTES"].count("\n") == 2
        assert told.columns["DESTINATION"] == "LOS ANGELES"


def test_words_for_nothing_are_no_values(rows: Rows) -> None:
    for kind in (Dirt.NULL_WORD, Dirt.EMPTY_STRING):
        for raw, told in rows[kind]:
            assert raw["PO NUMBER"] is not None
            assert "PO NUMBER" not in told.columns
            assert not told.dropped
    for raw, told in rows[Dirt.SEASON_NULL_WORD]:
        assert raw["CUSTOMER SEASON"] is not None
        assert told.group == f"{told.customer} 2025 FALL"
    for _, told in rows[Dirt.SEASONS_BLANK]:
        assert told.group == f"{told.customer} UNKNOWN_SEASON"


_SHOWN_AS_IT_IS = (
    Dirt.QUOTES,
    Dirt.EMOJI,
    Dirt.BRACKETS,
    Dirt.SQL_IN_TEXT,
    Dirt.GRAPHQL_IN_TEXT,
    Dirt.TEMPLATE_BRACES,
    Dirt.MOJIBAKE,
    Dirt.RIGHT_TO_LEFT,
    Dirt.MARKUP,
    Dirt.BARS,
    Dirt.DECOMPOSED_LETTERS,
    Dirt.PERCENT_SIGNS,
)


@pytest.mark.parametrize("kind", _SHOWN_AS_IT_IS)
def test_odd_text_is_shown_letter_for_letter(rows: Rows, kind: Dirt) -> None:
    for raw, told in rows[kind]:
        assert told.columns["COLOR"] == raw["CUSTOMER COLOUR DESCRIPTION"]
        assert told.name == f"{told.columns['STYLE']} {told.columns['COLOR']} {told.columns['AAG ORDER NUMBER']}"


def test_text_too_long_is_cut_only_where_a_beginning_is_worth_having(rows: Rows) -> None:
    for kind, length in ((Dirt.NOTES_4K, 4_000), (Dirt.NOTES_10K, 10_000)):
        for raw, told in rows[kind]:
            assert len(str(raw["NOTES"])) >= length
            assert told.columns["NOTES"] == str(raw["NOTES"])[:2_000]
            assert told.cut == ["NOTES"]
    for _, told in rows[Dirt.LONG_DESCRIPTION]:
        assert len(told.columns["STYLE DESCRIPTION"]) == len(told.columns["RANGE / COLLECTION"]) == 500
        assert told.cut == ["STYLE DESCRIPTION"]
    assert all(len(str(told.name)) == 255 for _, told in rows[Dirt.FULL_NAME])


def test_unreadable_numbers_are_left_out_with_a_warning(rows: Rows) -> None:
    for kind in (
        Dirt.DECIMAL_COMMA,
        Dirt.WORD_FOR_NUMBER,
        Dirt.CURRENCY_SIGN,
        Dirt.PERCENT_RATE,
        Dirt.TRUE_ELSEWHERE,
    ):
        for raw, told in rows[kind]:
            (target,) = told.dropped
            assert raw[target] is not None
            assert target not in told.columns


def test_readable_numbers_are_shown_plainly(rows: Rows) -> None:
    plain = {
        "1,234.50": "1234.5",
        "1e3": "1000",
        " 12.5 ": "12.5",
        "28.860": "28.86",
        "-0.00": "0",
        "TRUE": "0",
    }
    seen = set()
    for kind in (
        Dirt.THOUSANDS,
        Dirt.EXPONENT,
        Dirt.PADDED_NUMBER,
        Dirt.TRAILING_ZEROS,
        Dirt.NEGATIVE_NUMBER,
    ):
        for raw, told in rows[kind]:
            if raw["HANDLING"] in plain:
                seen.add(raw["HANDLING"])
                assert told.columns["HANDLING"] == plain[str(raw["HANDLING"])]
    assert len(seen) > 2
    assert all(told.columns["US TARIFF RATE"] == "0" for _, told in rows[Dirt.TRUE_TARIFF])


def test_sentinel_dates_are_no_dates(rows: Rows) -> None:
    for raw, told in rows[Dirt.SENTINEL_DATE]:
        assert raw["ETA CUSTOMER WAREHOUSE DATE"] == date(1900, 1, 1)
        assert "CUSTOMER REQ IN DC DATE" not in told.columns


def test_customers_are_looked_up_whole(rows: Rows) -> None:
    canonical = {name for name, _ in rows.names}
    for kind in (Dirt.CUSTOMER_ALIAS, Dirt.CUSTOMER_CASE, Dirt.CUSTOMER_SPACES, Dirt.CUSTOMER_WITHIN_ANOTHER):
        assert all(told.customer in canonical for _, told in rows[kind])
    known = {each.strip().casefold() for name, aliases in rows.names for each in (name, *aliases)}
    for kind in (Dirt.UNKNOWN_CUSTOMER, Dirt.UNKNOWN_LOOKALIKE):
        for raw, told in rows[kind]:
            assert told.customer is None
            assert str(raw["CUSTOMER NAME"]).strip().casefold() not in known


def test_sizes_that_only_look_odd_are_all_there(rows: Rows) -> None:
    assert all(len(told.sizes) == 40 for _, told in rows[Dirt.MANY_SIZES])
    assert all(told.sizes == [] for _, told in rows[Dirt.ZERO_TOTAL])
    assert all(told.sizes == [["M", 1_500_000_000], ["L", 600_000_000]] for _, told in rows[Dirt.HUGE_QUANTITY])
    for raw, told in rows[Dirt.ZERO_SIZES]:
        assert raw["60"] is not None
        assert 1 <= len(told.sizes) <= 6
    for raw, told in rows[Dirt.NUMERIC_COLOUR_CODE]:
        assert str(raw["INFOR COLOUR CODE"]).isdigit()
        assert "INFOR COLOUR CODE" not in dict(told.sizes)


def test_alike_is_not_the_same(rows: Rows) -> None:
    names = [told.name for _, told in rows[Dirt.SAME_ITEM_NAME]]
    assert len(set(names)) * 2 == len(names)
    keys = [tuple(told.key) for _, told in rows[Dirt.NEAR_DUPLICATE_KEY]]
    assert len(set(keys)) == len(keys)
    assert len({tuple(str(part).replace(" ", "") for part in key) for key in keys}) * 2 == len(keys)


def test_blank_rows_are_wholly_blank(rows: Rows) -> None:
    for raw, told in rows[Dirt.BLANK_ROW]:
        assert not any(value is not None for value in raw.values())
        assert told.key == [None, None, None]


def test_brands_without_aliases_or_pairs_will_do() -> None:
    names = [("BIRCH", []), ("ELM", []), ("桜", [])]
    parts = list(generate(names, rows=300, customers=3, seed=1))
    told = [each for part in parts for each in part.expected()]
    assert {each.customer for each in told} == {"BIRCH", "ELM", "桜", None}
    assert pl.concat([part.frame for part in parts])["CUSTOMER NAME"].null_count() < 10
