from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest
from tests.transform_samples import customers, frame, mapping

from order_sync.model.causes import ISSUE_SCHEMA
from order_sync.model.errors import SourceError
from order_sync.model.mapping import Mapping
from order_sync.model.transform import Transformed, normalise, row_fingerprints, sources_of, transform


def run(*rows: dict[str, Any], by: Mapping | None = None) -> Transformed:
    return transform(frame(*rows), by or mapping(), customers())


def causes(result: Transformed) -> list[tuple[Any, ...]]:
    return result.issues.select("__row", "column", "severity", "cause").rows()


def test_a_good_order_arrives_typed_named_and_complete() -> None:
    result = run({})

    assert result.orders.to_dicts() == [
        {
            "__row": 0,
            "CUSTOMER": "NOVA PEAK",
            "ORDER NUMBER": "NOV-00001",
            "STYLE": "ST1",
            "COLOR": "RED",
            "OWN SEASON": "FW25",
            "SEASON": "2025 FALL",
            "KIND": "RECEIVED",
            "PRICE": "28.86",
            "RATE": "10",
            "DUE": date(2026, 1, 31),
            "QTY": 12,
            "Title": "ST1 RED NOV-00001",
            "Group": "NOVA PEAK FW25",
            "customer": "NOVA PEAK",
            "order_number": "NOV-00001",
        }
    ]
    assert result.sizes.select("__row", "position", "label", "quantity").rows() == [
        (0, 1, "S", 5),
        (0, 2, "M", 7),
    ]
    assert result.issues.is_empty()
    assert result.held.is_empty()


def test_no_rows_give_the_same_shape() -> None:
    some, none = run({}), transform(frame({}).head(0), mapping(), customers())

    assert none.orders.schema == some.orders.schema
    assert none.sizes.schema == some.sizes.schema
    assert none.issues.schema == dict(ISSUE_SCHEMA)


def test_missing_columns_are_all_named() -> None:
    lacking = frame({}).drop("STYLE", "DUE")

    with pytest.raises(SourceError, match=r"2 mapped column\(s\): STYLE, DUE"):
        transform(lacking, mapping(), customers())
    with pytest.raises(SourceError, match="STYLE, DUE"):
        normalise(lacking, mapping())


def test_a_bad_row_changes_no_other() -> None:
    bad = {"BRAND": None, "STYLE": "S" * 11, "PRICE": "x", "DUE": "x", "TOTAL": 1, "COLOUR": "\x00"}

    together = run({}, bad, {})

    assert together.orders.row(0)[1:] == together.orders.row(2)[1:] == run({}).orders.row(0)[1:]
    assert together.held.to_list() == [1]
    assert causes(together) == [
        (1, "BRAND", "error", "REQUIRED_MISSING"),
        (1, "STYLE", "error", "TOO_LONG"),
        (1, "PRICE", "warning", "NOT_A_NUMBER"),
        (1, "DUE", "warning", "NOT_A_DATE"),
        (1, "TOTAL", "error", "SIZES_SUM"),
    ]


def test_warnings_do_not_hold() -> None:
    result = run({"PRICE": "28,86"})

    assert result.held.is_empty()
    assert result.orders["PRICE"].to_list() == [None]


def test_an_unknown_customer_is_held_under_its_own_name() -> None:
    result = run({"BRAND": " Nova "})

    assert causes(result) == [(0, "BRAND", "error", "UNKNOWN_CUSTOMER")]
    assert result.orders["customer"].to_list() == ["Nova"]
    assert '"Nova"' in result.issues["message"][0]


def test_an_unknown_customer_passes_where_the_mapping_says_so() -> None:
    result = run({"BRAND": "Nova"}, by=mapping(unknown_customer="pass"))

    assert causes(result) == [(0, "BRAND", "warning", "UNKNOWN_CUSTOMER")]
    assert result.orders.select("CUSTOMER", "Group").rows() == [("Nova", "Nova FW25")]


def test_an_order_without_a_customer_is_held_although_no_column_requires_one() -> None:
    result = run({"BRAND": " none "}, by=mapping({"CUSTOMER": {"required": False}}))

    assert causes(result) == [(0, "BRAND", "error", "REQUIRED_MISSING")]
    assert result.orders.select("customer", "Group").rows() == [(None, None)]


def test_another_column_may_be_looked_up_in_the_customers_too() -> None:
    by = mapping({"OWN SEASON": {"canonical_customer": True}})

    result = run({"OWN SEASON": "nova peak (au)"}, {"OWN SEASON": "FW25"}, by=by)

    assert result.orders["OWN SEASON"].to_list() == ["NOVA PEAK", "FW25"]


def test_seasons_follow_each_other() -> None:
    result = run({"OWN SEASON": " nan "}, {"OWN SEASON": None, "SEASON": ""})

    assert result.orders["Group"].to_list() == ["NOVA PEAK 2025 FALL", "NOVA PEAK UNKNOWN_SEASON"]


def test_a_season_may_be_a_source_column_or_an_unmapped_one() -> None:
    renamed = mapping({"OWN SEASON": {"target": "THEIRS"}})
    unmapped = mapping(board={"group": {"season": ["UNIT"]}})

    assert run({}, by=renamed).orders["Group"].to_list() == ["NOVA PEAK FW25"]
    assert run({}, by=unmapped).orders["Group"].to_list() == ["NOVA PEAK PCE"]
    assert "UNIT" in sources_of(unmapped)


def test_a_name_without_parts_holds() -> None:
    assert causes(run({"STYLE": None, "COLOUR": "", "NUMBER": "nan"})) == [(0, None, "error", "NAME_EMPTY")]


@pytest.mark.parametrize(
    ("policy", "length", "severity"),
    [("hold", 265, "error"), ("drop", 265, "error"), ("cut", 255, "warning")],
)
def test_a_long_name_is_held_or_cut(policy: str, length: int, severity: str) -> None:
    result = run({"NUMBER": "N" * 257}, by=mapping(board={"name_too_long": policy}))

    assert causes(result) == [(0, None, severity, "NAME_TOO_LONG")]
    assert result.orders["Title"].str.len_chars().to_list() == [length]


def test_a_name_wider_than_its_table_column_is_too_long() -> None:
    narrow = {"target": "Title", "sql": "NVARCHAR(MAX)", "staging_sql": "NVARCHAR(12)", "role": "title"}

    assert causes(run({}, by=mapping(table_columns=[narrow]))) == [(0, None, "error", "NAME_TOO_LONG")]


def test_a_group_name_is_never_cut() -> None:
    by = mapping({"OWN SEASON": {"too_long": "cut"}}, board={"name_too_long": "cut"})

    result = run({"OWN SEASON": "S" * 300}, by=by)

    assert causes(result) == [(0, None, "error", "NAME_TOO_LONG"), (0, "OWN SEASON", "warning", "LABEL_TOO_LONG")][::-1]
    assert "group name" in result.issues["message"][1]


def test_lines_stay_in_long_text_and_not_in_names() -> None:
    result = run({"COLOUR": "RED\r\nTRIM", "NUMBER": "NOV\n1"})

    assert result.orders.select("COLOR", "ORDER NUMBER", "Title", "order_number").rows() == [
        ("RED\nTRIM", "NOV 1", "ST1 RED TRIM NOV 1", "NOV 1")
    ]


def test_given_size_columns_win_over_the_types_of_the_frame() -> None:
    result = transform(frame({"SHADE": "100"}), mapping(), customers(), ["M"])

    assert result.sizes["label"].to_list() == ["M"]
    assert causes(result) == [(0, "TOTAL", "error", "SIZES_SUM")]


def test_text_in_a_size_holds_the_order_only() -> None:
    result = run({"S": "five"}, {"S": "5"})

    assert causes(result) == [(0, "S", "error", "SIZE_INVALID")]
    assert result.sizes.select("__row", "quantity").rows() == [(0, 7), (1, 5), (1, 7)]


def test_sizes_that_share_a_label_are_added_where_that_only_warns() -> None:
    by = mapping(sizes={"synonyms": {"OS": "ONE SIZE"}, "duplicate_label": "warning"})

    result = run({"S": None, "M": None, "OS": 5, "ONE SIZE": 7}, by=by)

    assert causes(result) == [(0, "ONE SIZE", "warning", "SIZE_DUPLICATE_LABEL")]
    assert result.sizes.select("label", "column", "quantity").rows() == [("ONE SIZE", "OS", 12)]


def test_normalised_rows_hold_what_people_would_call_the_same() -> None:
    one = {"PRICE": "28.86", "DUE": "2026-01-31", "STYLE": "ST1", "TOTAL": 12}
    other = {"PRICE": " 28.860 ", "DUE": "20260131", "STYLE": " ST1\x07 ", "TOTAL": "12.0"}

    rows = normalise(frame(one, other), mapping())

    assert rows.columns == ["__row", *sources_of(mapping())]
    assert rows.drop("__row").row(0) == rows.drop("__row").row(1)
    assert set(rows.drop("__row").dtypes) == {pl.String()}


def test_what_cannot_be_read_shows_in_the_normalised_row() -> None:
    rows = normalise(frame({"PRICE": "28,86", "DUE": "soon"}, {"PRICE": "nan", "DUE": "1900-01-01"}), mapping())

    assert rows.select("PRICE", "DUE").rows() == [("28,86", "soon"), (None, None)]


@pytest.mark.parametrize(
    "change",
    [
        {"PRICE": "28.87"},
        {"PRICE": None},
        {"PRICE": "28,86"},
        {"STYLE": "st1"},
        {"COLOUR": "RED\nTRIM"},
        {"DUE": None},
        {"S": 6},
        {"S": "six"},
        {"S": None, "XS": 5},
        {"KIND": "CANCELLED"},
        {"TOTAL": None},
        {"BRAND": "NOVA PEAK"},
    ],
)
def test_a_change_of_anything_sent_changes_the_fingerprint(change: dict[str, Any]) -> None:
    before, after = row_fingerprints(frame({}, change), mapping())

    assert before != after


@pytest.mark.parametrize("change", [{"SHADE": "200"}, {"ONE SIZE": None}, {"XS": 0}, {"UNIT": "PCS"}, {"S": "5"}])
def test_a_change_of_nothing_sent_does_not(change: dict[str, Any]) -> None:
    before, after = row_fingerprints(frame({}, change), mapping())

    assert before == after


def test_a_source_of_two_readings_is_fingerprinted_as_it_stands() -> None:
    twice = [
        {"source": "PRICE", "target": "AS NUMBER", "sql": "FLOAT"},
        {"source": "PRICE", "target": "AS RATE", "sql": "FLOAT", "number": {"percent": "fraction"}},
    ]
    both = mapping(columns=twice, board={"item_name": "{AS NUMBER}"})

    first, second = row_fingerprints(frame({"PRICE": "10"}, {"PRICE": "10.0"}), both)

    assert first != second


def test_values_that_tell_numbers_apart_by_their_spelling_keep_the_spelling() -> None:
    by = mapping({"PRICE": {"values": {"0.00": "99"}}})

    rows = frame({"PRICE": "0"}, {"PRICE": "0.00"})

    assert transform(rows, by, customers()).orders["PRICE"].to_list() == ["0", "99"]
    assert row_fingerprints(rows, by).n_unique() == 2


def test_without_a_cancel_rule_its_column_does_not_matter() -> None:
    by = mapping(columns=[{"source": "STYLE", "target": "STYLE", "sql": "NVARCHAR(50)"}], changes={"cancelled": None})

    assert "KIND" not in sources_of(by)
    assert "KIND" in sources_of(mapping())
