"""check: the mapping against the source table."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from tests.mapping_texts import edited

from order_sync.model.mapping import Customer, Customers
from order_sync.model.mapping_file import MappingFile, load_mapping_file
from order_sync.model.rows import SourceRows
from order_sync.reports.findings import Finding, Level
from order_sync.source import Source, SourceColumn
from order_sync.steps.check_source import check_columns, check_rows, listed, needed_labels

CUSTOMERS = Customers(customers=[Customer(name="ACME", aliases=["Acme Ltd"])])
COLUMNS = (
    ("ORDER NO", "NVARCHAR"),
    ("STYLE NO", "NVARCHAR"),
    ("CLIENT", "NVARCHAR"),
    ("PO", "NVARCHAR"),
    ("SEASON", "NVARCHAR"),
    ("KIND", "NVARCHAR"),
    ("PRICE", "NVARCHAR"),
    ("DUE", "DATE"),
    ("COLOUR CODE", "NVARCHAR"),
    ("S", "INT"),
    ("M", "INT"),
    ("TOTAL", "INT"),
    ("RECORD", "UNIQUEIDENTIFIER"),
)


def small(*changes: tuple[str, str]) -> MappingFile:
    return load_mapping_file(edited(*changes), "m.yaml")


def columns_found(
    columns: tuple[tuple[str, str], ...] = COLUMNS, file: MappingFile | None = None
) -> dict[Level, list[Finding]]:
    file = file or small()
    table = Source(None, file.mapping, tuple(SourceColumn(*each) for each in columns))  # type: ignore[arg-type]
    findings = list(check_columns(file, table))
    return {level: [finding for finding in findings if finding.level is level] for level in Level}


def renamed(old: str, new: str) -> tuple[tuple[str, str], ...]:
    return tuple((new if name == old else name, kind) for name, kind in COLUMNS)


def source(*rows: dict[str, Any]) -> SourceRows:
    full = {name: None for name, _ in COLUMNS} | {"ORDER NO": "A-1", "STYLE NO": "T1", "CLIENT": "ACME"}
    schema = {name: pl.Int64 if kind == "INT" else pl.String for name, kind in COLUMNS}
    return SourceRows.pack(list(schema), [pl.DataFrame([full | row for row in rows], schema=schema)])


def rows_found(made: SourceRows, file: MappingFile | None = None) -> list[Finding]:
    return list(check_rows(file or small(), CUSTOMERS, made))


def test_a_table_that_fits_is_told_in_three_lines() -> None:
    found = columns_found()
    assert found[Level.ERROR] == found[Level.WARNING] == []
    assert [finding.what for finding in found[Level.OK]] == [
        "all 8 columns that are read are there",
        "2 size columns between 'DUE' and 'TOTAL', from S to M",
    ]


def test_a_missing_column_is_an_error_with_line_and_nearest_name() -> None:
    found = columns_found(renamed("STYLE NO", "STYLE NR"))
    (error,) = [each for each in found[Level.ERROR] if "columns" in each.what]
    assert error.where.startswith("m.yaml:")
    assert '(did you mean "STYLE NR"?)' in error.what


def test_another_case_is_an_error() -> None:
    found = columns_found(renamed("PRICE", "Price"))
    assert any("the case differs" in each.what for each in found[Level.ERROR])


def test_a_type_that_cannot_hold_what_is_read() -> None:
    columns = tuple((name, "INT" if name == "DUE" else kind) for name, kind in COLUMNS)
    (error,) = columns_found(columns)[Level.ERROR]
    assert error.what == "'DUE' is INT in the source, DATE in our tables"


def test_no_size_and_columns_that_are_none() -> None:
    texts = tuple((name, "NVARCHAR" if name in "SM" else kind) for name, kind in COLUMNS)
    (error,) = columns_found(texts)[Level.ERROR]
    assert "no size column between 'DUE' and 'TOTAL'" in error.what
    one = tuple((name, "NVARCHAR" if name == "M" else kind) for name, kind in COLUMNS)
    (warning,) = columns_found(one)[Level.WARNING]
    assert warning.what == "1 column between 'DUE' and 'TOTAL' without whole numbers, so no sizes: M"


def test_columns_that_the_mapping_does_not_know() -> None:
    (warning,) = columns_found((*COLUMNS, ("NEWER", "INT")))[Level.WARNING]
    assert warning.what == "1 column neither read nor ignored: NEWER"


def test_an_empty_source_is_a_warning() -> None:
    (finding,) = rows_found(source())
    assert (finding.level, finding.what) == (Level.WARNING, "the source table has no rows")


def test_keys_that_tell_all_rows_apart() -> None:
    found = rows_found(source({}, {"STYLE NO": "T2"}))
    assert {finding.level for finding in found} == {Level.OK}


def test_blank_and_shared_keys_are_counted_and_what_would_help_named() -> None:
    found = rows_found(source({"PO": "1"}, {"PO": "2"}, {"STYLE NO": " "}))
    told = [finding.what for finding in found if finding.level is Level.WARNING]
    assert told == [
        "1 row with a blank part in the key ORDER NO, STYLE NO",
        "2 rows with the key of another; with PO every key would be unique",
    ]


def test_keys_that_nothing_tells_apart() -> None:
    found = rows_found(source({}, {}))
    assert "no further column helps" in found[1].what


@pytest.mark.parametrize(("policy", "fate"), [("hold", "their orders are held"), ("pass", "under the name they have")])
def test_customers_that_no_entry_has(policy: str, fate: str) -> None:
    file = small(("pipeline: small\n", f"pipeline: small\nunknown_customer: {policy}\n"))
    found = rows_found(source({"CLIENT": "acme ltd"}, {"CLIENT": "BOLT", "STYLE NO": "T2"}), file)
    (warning,) = [finding for finding in found if finding.level is Level.WARNING]
    assert warning.what == "1 name in 1 row not in customers.yaml: BOLT (1)"
    assert fate in warning.fix


def test_labels_are_counted_as_the_board_would_get_them() -> None:
    rows = source(
        {"CLIENT": "acme ltd", "SEASON": " SP26 "},
        {"CLIENT": "ACME", "SEASON": "SP26"},
        {"CLIENT": "NOBODY"},
        {"CLIENT": "ACME", "SEASON": "FW25", "KIND": "cancelled"},
    )
    needed = needed_labels(small().mapping, CUSTOMERS, rows, ["S", "M"])
    assert needed == {"dropdown_c": {"ACME": 2}, "dropdown_s": {"SP26": 2}, "dropdown_size": {"S": 0, "M": 0}}


def test_long_lists_are_cut() -> None:
    assert listed([str(at) for at in range(10)]) == "0, 1, 2, 3, 4, 5, 6, 7 and 2 more"
