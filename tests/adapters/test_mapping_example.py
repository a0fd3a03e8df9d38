"""The shipped example says what was settled about the Customer Master Schedule."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from tests.mapping_texts import EXAMPLE, SHARED

from order_sync.model.mapping import ColumnType, Customers, LabelPolicy, Mapping, TooLong
from order_sync.model.mapping_file import (
    MappingFile,
    load_customers,
    load_mapping_file,
    source_problems,
    unread_columns,
)
from order_sync.model.mapping_sql import parse_sql_type

COLUMN = re.compile(r"`([^`]+)`")


@pytest.fixture(scope="module")
def loaded() -> MappingFile:
    return load_mapping_file((EXAMPLE / "mapping.yaml").read_text(encoding="utf-8"), "mapping.yaml")


@pytest.fixture(scope="module")
def mapping(loaded: MappingFile) -> Mapping:
    return loaded.mapping


@pytest.fixture(scope="module")
def customers() -> Customers:
    return load_customers((EXAMPLE / "customers.yaml").read_text(encoding="utf-8"), "customers.yaml")


@pytest.fixture(scope="module")
def domain() -> str:
    page = SHARED / "domain.md"
    if not page.exists():
        pytest.skip("the notes on the data are not beside the repository")
    return page.read_text(encoding="utf-8")


def test_44_columns_are_written(mapping: Mapping) -> None:
    assert len(mapping.sent_columns) == len(mapping.columns) == 44
    kinds = Counter(column.board.type for column in mapping.columns if column.board)
    assert kinds == {
        ColumnType.TEXT: 12,
        ColumnType.LONG_TEXT: 5,
        ColumnType.NUMBERS: 16,
        ColumnType.DROPDOWN: 7,
        ColumnType.STATUS: 1,
        ColumnType.DATE: 3,
    }


@pytest.mark.parametrize(
    ("target", "source", "sql", "column_id", "kind"),
    [
        ("STYLE", "CUSTOMER STYLE", "NVARCHAR(MAX)", "text_mkstyle1", "text"),
        ("COLOR", "CUSTOMER COLOUR DESCRIPTION", "NVARCHAR(MAX)", "long_text_mkcolor1", "long_text"),
        ("HS CODE", "HS CODE", "NVARCHAR(MAX)", "text_mkhscode1", "text"),
        ("FREIGHT", "FREIGHT", "FLOAT", "numeric_mksfr0r2", "numbers"),
        ("HANDLING", "HANDLING", "FLOAT", "text_mkr5s3tm", "text"),
        ("FINAL PRICES Y/N", "FINAL PRICES Y/N", "NVARCHAR(MAX)", "text_mkr5ptvg", "text"),
        ("ALIAS RELATED ITEM", "ALIAS/RELATED ITEM", "NVARCHAR(MAX)", "text_mkrhra2c", "text"),
        ("RANGE / COLLECTION", "RANGE / COLLECTION", "NVARCHAR(MAX)", "long_text_mks0vs1p", "long_text"),
        ("CUSTOMER REQ IN DC DATE", "ETA CUSTOMER WAREHOUSE DATE", "DATE", "date_mkr554yz", "date"),
    ],
)
def test_open_points_are_settled(
    mapping: Mapping, target: str, source: str, sql: str, column_id: str, kind: str
) -> None:
    column = mapping.by_target(target)
    assert column is not None
    assert column.board is not None
    assert (column.source, column.sql, column.board.id, column.board.type) == (source, sql, column_id, kind)


def test_labels_are_made_only_where_a_typo_does_no_harm(mapping: Mapping) -> None:
    made = {c.target for c in mapping.sent_columns if c.board and c.board.labels is LabelPolicy.CREATE}
    assert made == {"AAG SEASON", "CUSTOMER SEASON", "DROP", "CATEGORY", "DELIVERY TERMS"}
    size = next(column for column in mapping.subitems.columns if column.role == "size")
    assert size.board is not None
    assert size.board.labels is LabelPolicy.CREATE


def test_the_key_and_the_customer_are_required_and_nothing_else(mapping: Mapping) -> None:
    assert {c.source for c in mapping.columns if c.required} == {*mapping.source.key, "CUSTOMER NAME"}
    assert mapping.source.key == ["AAG ORDER NUMBER", "CUSTOMER STYLE", "CUSTOMER COLOUR DESCRIPTION"]
    assert [c.source for c in mapping.columns if c.canonical_customer] == ["CUSTOMER NAME"]


def test_remarks_are_cut_and_codes_are_held(mapping: Mapping) -> None:
    cut = {column.target for column in mapping.columns if column.too_long is TooLong.CUT}
    assert cut == {"NOTES", "NOTES FOR PRICE", "STYLE DESCRIPTION", "RANGE / COLLECTION"}
    assert all(column.too_long in (TooLong.CUT, TooLong.HOLD) for column in mapping.columns)


def test_staging_is_bounded(mapping: Mapping) -> None:
    every = [parse_sql_type(c.staging_sql or c.sql) for c in (*mapping.columns, *mapping.table_columns)]
    assert not [str(kind) for kind in every if str(kind) == "NVARCHAR(MAX)"]


def test_values_and_rules_of_the_business(mapping: Mapping) -> None:
    values = {column.target: column.values for column in mapping.columns if column.values}
    assert values == {
        "ORDER TYPE": {"ACTIVE": "RECEIVED", "CANCELLED": "CANCELLED"},
        "US TARIFF RATE": {"TRUE": "0"},
    }
    assert mapping.changes.cancelled is not None
    assert mapping.changes.cancelled.column == "ORDER TYPE"
    assert mapping.board.group.season == ["CUSTOMER SEASON", "AAG SEASON"]
    assert (mapping.board.id, mapping.subitems.board_id) == ("9200000001", "9200000002")
    assert (mapping.board.sync_key, mapping.subitems.sync_key) == ("text_mksynckey1", "text_mksubkey1")


def test_what_monday_computes_is_never_written(mapping: Mapping) -> None:
    computed = {c.target for c in mapping.table_columns if not c.writable}
    assert {"ORDER QTY", "Net Demand", "REVENUE (FOB)", "PLANNING BOARD", "FACTORY"} <= computed
    kinds = {c.board_type for c in mapping.table_columns if not c.writable}
    assert kinds == {"mirror", "formula", "board_relation", "subtasks", "item_id"}
    assert {c.role: c.target for c in mapping.table_columns if c.role} == {
        "title": "Title",
        "update_date": "UpdateDate",
        "group": "Group",
        "item_id": "Item ID",
    }


def test_subitems_start_with_size_and_quantity_and_zeros(mapping: Mapping) -> None:
    sent = {c.target: (c.role, c.value) for c in mapping.subitems.columns if c.board}
    assert sent == {
        "Size": ("size", None),
        "Order Qty": ("quantity", None),
        "Packed Qty": ("constant", "0"),
        "Shipped Qty": ("constant", "0"),
    }
    assert len(mapping.subitems.columns) == 13


@pytest.mark.shared
def test_the_production_table_is_as_its_owners_know_it(mapping: Mapping, domain: str) -> None:
    order = domain.split("Order of the columns: ")[1].split(".\n")[0].split(", ")
    assert mapping.production_order == [*order, "RANGE / COLLECTION"]
    sql = {column.target: column.sql for column in (*mapping.columns, *mapping.table_columns)}
    for line in domain.split("### 1.2")[1].split("Order of the columns")[0].splitlines():
        row = re.match(r"\| ([A-Z(]+\)?) \(\d+\) \|", line)
        for name in COLUMN.findall(line) if row else ():
            assert sql[name] == row[1], name


@pytest.mark.shared
def test_subitem_columns_are_as_their_owners_know_them(mapping: Mapping, domain: str) -> None:
    names = COLUMN.findall(domain.split("### 1.3")[1].split("###")[0])
    assert [column.target for column in mapping.subitems.columns] == names


@pytest.mark.shared
def test_every_source_column_is_read_or_left_out_by_name(loaded: MappingFile, domain: str) -> None:
    columns = source_columns(domain)
    assert len(columns) == 268
    assert source_problems(loaded, columns) == []
    assert unread_columns(loaded.mapping, columns) == []
    left_out = set(loaded.mapping.source.ignored)
    assert left_out <= set(columns)
    assert len(left_out) == len(loaded.mapping.source.ignored) == 61


@pytest.mark.shared
def test_column_ids_are_those_of_the_board(mapping: Mapping, domain: str) -> None:
    ids = {column.board.id for column in mapping.columns if column.board}
    ids |= {column.board.id for column in mapping.subitems.columns if column.board}
    ids |= {column.board_id for column in mapping.subitems.columns if column.board_id}
    assert {one for one in ids if one not in domain} == {
        "text_mkstyle1",
        "text_mkhscode1",
        "long_text_mkcolor1",
    }


def source_columns(domain: str) -> list[str]:
    section = domain.split("### 1.1")[1].split("Oddities")[0]
    before, sizes = section.split("Positions 51")
    sizes, after = sizes.split("Positions 212")
    numbered = re.compile(r"\d+ `([^`]+)`")
    return [*numbered.findall(before), *COLUMN.findall(sizes.split(":\n", 1)[1]), *numbered.findall(after)]


def test_34_customers_have_every_kind_of_alias(customers: Customers) -> None:
    assert len(customers.customers) == 34
    pairs = [(c.name, alias) for c in customers.customers for alias in c.aliases]
    assert all(customer.aliases for customer in customers.customers)
    assert sum(alias.endswith(("(AU)", "(US)", "(NZ)")) for _, alias in pairs) >= 10
    assert sum("PRIVATE LABEL" in alias or alias.endswith("PL") for _, alias in pairs) >= 5
    assert any(name.replace("'", "") == alias for name, alias in pairs)
    assert any(name.replace(" ", "_") == alias for name, alias in pairs)
    assert any(name.replace(" ", "") == alias for name, alias in pairs)
    assert any(name.replace("9", "NINE") == alias for name, alias in pairs if "9" in name)
    assert any(alias.endswith(("LLC", "INC", "PTY LTD")) for _, alias in pairs)


def test_one_brand_lies_inside_another_and_both_are_found(customers: Customers) -> None:
    lookup = customers.lookup()
    assert lookup["northweir"] == "NORTHWEIR"
    assert lookup["northweir outfitters"] == "NORTHWEIR OUTFITTERS"
    assert lookup["northweiroutfitters"] == "NORTHWEIR OUTFITTERS"


@pytest.mark.shared
def test_no_brand_of_the_notes_is_used(customers: Customers, domain: str) -> None:
    assert not [name for name in customers.lookup() if name in domain.lower()]
