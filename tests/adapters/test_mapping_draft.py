"""A drafted mapping proposes what the table tells and asks, by name and line, for the rest."""

from __future__ import annotations

import re
from itertools import count

import pytest
from tests.mapping_texts import EXAMPLE, problems_of

from order_sync.model.mapping_draft import draft_mapping
from order_sync.model.mapping_file import load_mapping, load_mapping_file, source_problems, unread_columns
from order_sync.model.mapping_findings import findings_of
from order_sync.model.mapping_yaml import parse

TABLE = [
    ("Order No", "varchar(20)"),
    ("Client.Remark", "text"),
    ("Brand", "nvarchar(50)"),
    ("Season", "nvarchar(9)"),
    ("Customer PO", "nvarchar(MAX)"),
    ("item id", "int"),
    ("Ship: day # 1", "date"),
    ("changed", "datetime2"),
    ("S", "int"),
    ("M", "INTEGER"),
    ("10", "bigint"),
    ("TOTAL QTY", "int"),
    ("price {net}", "decimal(10,2)"),
    ("record", "uniqueidentifier"),
    ("open", "bit"),
]  # fmt: skip
NAMES = [name for name, _ in TABLE]


def filled(draft: str) -> str:
    """The draft as its owner would complete it."""
    text = draft.replace("key: [FILL_IN]", "key: [Order No]").replace("\n  id: FILL_IN", "\n  id: 77")
    numbers = count()
    return re.sub("FILL_IN", lambda _: f"col_{next(numbers)}", text)


def test_every_problem_of_a_draft_is_a_place_to_fill_in() -> None:
    problems = problems_of(draft_mapping(TABLE, "SALES"))
    assert all("found the placeholder FILL_IN: fill it in" in problem for problem in problems)
    assert any("board.id: expected the number in the board's address" in problem for problem in problems)
    assert any("source.key[#1]: expected the real value" in problem for problem in problems)
    assert any("columns[Brand].board.id: expected the id of the column on the board" in p for p in problems)


def test_a_filled_in_draft_fits_its_table() -> None:
    loaded = load_mapping_file(filled(draft_mapping(TABLE, "erp.SALES lines")), "m.yaml")
    mapping = loaded.mapping
    assert source_problems(loaded, NAMES) == []
    assert unread_columns(mapping, NAMES) == []
    assert (mapping.source.db_schema, mapping.source.table) == ("erp", "SALES lines")
    assert mapping.pipeline == "sales-lines"
    assert mapping.tables.production_subitems == "MON_SALES_lines_Subitems"


def test_what_the_names_tell_is_proposed() -> None:
    mapping = load_mapping(filled(draft_mapping(TABLE, "SALES")), "m.yaml")
    assert (mapping.source.customer, mapping.source.order_number) == ("Brand", "Order No")
    assert (mapping.source.po, mapping.source.season) == (["Customer PO"], ["Season"])
    assert mapping.board.item_name == "{Order No}"
    assert (mapping.sizes.after, mapping.sizes.before, mapping.sizes.total) == (
        "changed",
        "TOTAL QTY",
        "TOTAL QTY",
    )
    assert mapping.source.ignored == ["record", "open"]
    brand = mapping.by_target("Brand")
    assert brand is not None
    assert brand.canonical_customer


def test_a_column_with_a_dot_is_read_and_gets_a_target_without() -> None:
    mapping = load_mapping(filled(draft_mapping(TABLE, "SALES")), "m.yaml")
    column = mapping.by_target("Client Remark")
    assert column is not None
    assert column.source == "Client.Remark"


def test_kinds_follow_the_types_of_the_table() -> None:
    mapping = load_mapping(filled(draft_mapping(TABLE, "SALES")), "m.yaml")
    kinds = {column.source: (column.sql, column.board.type.value) for column in mapping.columns if column.board}
    assert kinds["Order No"] == ("NVARCHAR(MAX)", "text")
    assert kinds["item id"] == ("BIGINT", "numbers")
    assert kinds["price {net}"] == ("FLOAT", "numbers")
    assert kinds["Ship: day # 1"] == kinds["changed"] == ("DATE", "date")


def test_a_column_named_like_one_of_ours_gets_another_target() -> None:
    mapping = load_mapping(filled(draft_mapping(TABLE, "SALES")), "m.yaml")
    assert mapping.by_target("item id (source)") is not None
    findings = findings_of([("customer", "text"), ("CUSTOMER (Source)", "text"), ("stg_id", "int"), ("title", "text")])
    assert [column.target for column in findings.read] == [
        "customer (source)",
        "CUSTOMER (Source) (source)",
        "source stg_id",
        "title (source)",
    ]


def test_a_table_that_tells_nothing_gets_placeholders() -> None:
    document = parse(draft_mapping([("a", "xml")], "?"), "m.yaml")
    assert document.at(("sizes", "total")) == document.at(("source", "customer")) == "FILL_IN"
    assert document.at(("pipeline",)) == document.at(("board", "item_name")) == "FILL_IN"


@pytest.mark.parametrize(
    ("kinds", "sizes", "after", "before", "total"),
    [
        ("tiiit", ("b", "c", "d"), "a", "e", None),
        ("iit", ("a", "b"), None, "c", None),
        ("tii", ("b", "c"), "a", None, None),
        ("tiitiiit", ("e", "f", "g"), "d", "h", None),
        ("tit", (), None, None, None),
        ("", (), None, None, None),
    ],
)
def test_sizes_are_the_longest_run_of_integer_columns(
    kinds: str, sizes: tuple[str, ...], after: str | None, before: str | None, total: str | None
) -> None:
    columns = [(name, "int" if kind == "i" else "text") for name, kind in zip("abcdefgh", kinds, strict=False)]
    found = findings_of(columns).sizes
    assert (found.columns, found.after, found.before, found.total) == (sizes, after, before, total)


def test_a_table_like_the_example_gets_the_example_without_its_board_numbers() -> None:
    example = (EXAMPLE / "mapping.yaml").read_text(encoding="utf-8")
    original = load_mapping(example, "m.yaml")
    columns = [(column.source, "nvarchar(max)") for column in original.columns if column.source != "DROP"]
    draft = draft_mapping(columns, "sales.ORDERS 2027", example)
    assert "# It has no column DROP: correct or take out its entry below." in draft
    problems = problems_of(draft)
    assert len(problems) == 2
    assert all("the number in the board's address" in problem for problem in problems)
    mapping = load_mapping(draft.replace(": FILL_IN", ": 77"), "m.yaml")
    assert (mapping.source.db_schema, mapping.source.table) == ("sales", "ORDERS 2027")
    assert mapping.columns == original.columns
    assert "id: FILL_IN  # the number in the board's address" in draft


def test_another_table_gets_no_example() -> None:
    example = (EXAMPLE / "mapping.yaml").read_text(encoding="utf-8")
    assert draft_mapping(TABLE, "SALES", example) == draft_mapping(TABLE, "SALES")


def test_an_example_that_cannot_be_edited_by_line_is_not_used() -> None:
    example = "source: {table: X}\nboard: {id: 9200000001}\ncolumns: [{source: A}]\n"
    assert "9200000001" not in draft_mapping([("A", "int")], "SALES", example)


def test_only_what_the_example_has_is_replaced() -> None:
    example = "source:\n  table: X # its name\nboard:\n  id: 9200000001\ncolumns: [{source: A}]\n"
    draft = draft_mapping([("A", "int")], "SALES", example)
    assert draft.endswith("\nsource:\n  table: SALES # its name\nboard:\n  id: FILL_IN\ncolumns: [{source: A}]\n")
