"""Every fault of mapping.yaml is told at once: its line, what was expected, what was found, what was meant."""

from __future__ import annotations

import pytest
from tests.mapping_texts import SMALL, edited, problems_of

from order_sync.model.errors import MappingError
from order_sync.model.mapping_file import load_mapping, load_mapping_file

TEN = (  # old, new, the problem
    (
        "pipeline: small",
        "pipelin: small",
        'm.yaml:2: pipelin: expected a known name, found "pipelin" (did you mean "pipeline"?)',
    ),
    (
        "key: [ORDER NO, STYLE NO]",
        "key: [ORDER NO, STYLE NR]",
        'm.yaml:5: source.key[#2]: expected the source of an entry of columns, found "STYLE NR" (did you mean "STYLE NO"?)',
    ),
    (
        '"{STYLE} {ORDER}"',
        '"{STYLES} {ORDER}"',
        'm.yaml:15: board.item_name: expected targets of columns in braces, found {STYLES} (did you mean "STYLE"?)',
    ),
    (
        '"{CUSTOMER} {SEASON}"',
        '"{CUSTOMER} {SEASONS}"',
        'm.yaml:16: board.group.name: expected CUSTOMER or SEASON in braces, found {SEASONS} (did you mean "SEASON"?)',
    ),
    (
        "staging_sql: NVARCHAR(200), board: {id: text_order",
        "staging_sql: VARCHAR(200), board: {id: text_order",
        (
            "m.yaml:18: columns[ORDER].staging_sql: expected NVARCHAR(1..4000), NVARCHAR(MAX), BIGINT, INT, FLOAT, DATE, "
            'DATETIME2, BIT or UNIQUEIDENTIFIER, found "VARCHAR(200)" (did you mean "NVARCHAR(200)"?)'
        ),
    ),
    (
        "id: text_style, type: text",
        "id: text_style, type: texts",
        (
            "m.yaml:19: columns[STYLE].board.type: expected text, long_text, numbers, dropdown, status or date "
            '(the column types that are written now), found "texts" (did you mean "text"?)'
        ),
    ),
    (
        "id: text_po, type: text",
        "id: text_po, type: text, labels: create",
        "m.yaml:21: columns[PO].board.labels: expected labels on a dropdown or status column only, found them on a text column",
    ),
    (
        "target: DUE",
        "target: PRICE",
        'm.yaml:25: columns[PRICE].target: expected each target once, found "PRICE" again (first in line 24)',
    ),
    (
        "{id: date_due, type: date}",
        "{id: text_po, type: date}",
        'm.yaml:25: columns[PRICE].board.id: expected each column of the board once, found "text_po" again (first in line 21)',
    ),
    (
        "column: KIND",
        "column: KINDS",
        'm.yaml:40: changes.cancelled.column: expected the source of an entry of columns, found "KINDS" (did you mean "KIND"?)',
    ),
)


def test_ten_faults_at_once_are_all_named_with_line_and_nearest_name() -> None:
    problems = problems_of(edited(*((old, new) for old, new, _ in TEN)))
    assert {wanted for _, _, wanted in TEN} <= set(problems)
    assert [int(problem.split(":")[1]) for problem in problems] == sorted(int(p.split(":")[1]) for p in problems)


FAULTS = (
    ("version: 1", "version: 2", 'version: expected 1, found "2"'),
    ("version: 1", "version: one", "version: expected a whole number"),
    ("pipeline: small", "pipeline: ' '", "pipeline: expected a name, found an empty one"),
    ("pipeline: small\n", "", "pipeline: expected a value here, found nothing"),
    ("pipeline: small", "pipeline:", "pipeline: expected text, found nothing"),
    ("pipeline: small", "pipeline: [a, b]", "pipeline: expected text, found a list of 2"),
    ("table: ORDERS", "table: dbo.ORDERS", 'source.table: expected a name without ".", found "dbo.ORDERS"'),
    ("key: [ORDER NO, STYLE NO]", "key: []", "source.key: expected at least 1 entry"),
    ("key: [ORDER NO, STYLE NO]", "key: ORDER NO", 'source.key: expected a list, found "ORDER NO"'),
    ("key: [ORDER NO, STYLE NO]", "key: [ORDER NO, ORDER NO]", "source.key: expected each key column once"),
    ("customer: CLIENT", "customer: CLINT", 'source.customer: expected the source of an entry of columns, found "CLINT" (did you mean "CLIENT"?)'),
    ("ignored: [RECORD]", "ignored: [PO]", 'source.ignored[#1]: expected a column that is not read, found "PO"'),
    ("production: X", "production: stg_x", 'tables.production: expected a table of its own, found "stg_x", as in tables.staging'),
    ("production: X", "production: orders", 'tables.production: expected a table of its own, found "orders", as in source.table'),
    ("production: X", "errors: MON_CustMasterSchedule", 'tables.errors: expected a table of its own, found "MON_CustMasterSchedule", as in tables.production'),
    ("id: 77", "id: seventy", 'board.id: expected the number of a board (digits, from its address), found "seventy"'),
    ("id: 77", "id: FILL_IN", "board.id: expected the number in the board's address, found the placeholder FILL_IN: fill it in"),
    ("sync_key: text_key", "sync_key: text-key", "board.sync_key: expected the id of a board column"),
    ("sync_key: text_key", "sync_key: text_po", 'board.sync_key: expected each column of the board once, found "text_po" again'),
    ('"{STYLE} {ORDER}"', '"{STYLE} {ORDER"', "board.item_name: expected braces in pairs"),
    ('"{STYLE} {ORDER}"', '""', "board.item_name: expected a template with targets of columns in braces"),
    ("name: \"{CUSTOMER} {SEASON}\"", "name: all", 'board.group.name: expected a template with CUSTOMER or SEASON in braces, found "all"'),
    ("id: text_order", "id: Text Order", 'columns[ORDER].board.id: expected the id of a board column (a-z, 0-9 and _, e.g. text_mkr5wya6), found "Text Order"'),
    ("staging_sql: NVARCHAR(200)", "staging_sql: INT", 'columns[ORDER].staging_sql: expected a type that holds text as in production, found "INT"'),
    ("target: STYLE,", "target: STYLE.NO,", 'columns[STYLE.NO].target: expected a name without "."'),
    ("target: STYLE,", "target: '',", "columns[STYLE NO].target: expected a name, found an empty one"),
    ("target: STYLE,", "target: stg_style,", 'columns[stg_style].target: expected a name that does not begin with "stg_"'),
    ("target: STYLE,", "target: customer,", 'columns[customer].target: expected another name: this one is ours, found "customer"'),
    ("target: STYLE,", "target: STYLES,", 'production_order[#3]: expected the target of an entry of columns or table_columns, found "STYLE" (did you mean "STYLES"?)'),
    ("target: STYLE,", "target: STYLES,", 'columns[STYLES].target: expected a name that production_order lists too, found "STYLES" (did you mean "STYLE"?)'),
    ("canonical_customer: true", "canonical_customer: perhaps", 'columns[CUSTOMER].canonical_customer: expected true or false, found "perhaps"'),
    ("target: PO,", "target: PO, canonical_customer: true,", "columns[PO].canonical_customer: expected one column that is looked up in customers.yaml, found another"),
    ("customer: CLIENT", "customer: PO", 'columns[CUSTOMER].canonical_customer: expected canonical_customer on "PO"'),
    ("labels: create}}\n  - {source: KIND", "labels: make}}\n  - {source: KIND", 'columns[SEASON].board.labels: expected never or create, found "make"'),
    ("values: {ACTIVE: RECEIVED}", "values: {ACTIVE: RECEIVED, active: X}", 'columns[KIND].values.active: expected each value once, in whatever case, found "active" again'),
    ("values: {ACTIVE: RECEIVED}", "values: {ACTIVE: }", "columns[KIND].values.ACTIVE: expected text, found nothing"),
    ("values: {ACTIVE: RECEIVED}", "number: {percent: number}", "columns[KIND].number: expected number rules on a column of numbers only, found a type that holds text"),
    ("sql: FLOAT", "sql: DATE", "columns[PRICE].sql: expected FLOAT, BIGINT or INT for a numbers column, found a type that holds date"),
    ("sql: DATE", "sql: NVARCHAR(20)", "columns[DUE].sql: expected DATE or DATETIME2 for a date column, found a type that holds text"),
    ("sql: DATE", "sql: DATETIME", '(did you mean "DATETIME2"?)'),
    ("role: title", "role: titel", 'table_columns[Title].role: expected title, group, item_id or update_date, found "titel" (did you mean "title"?)'),
    ("role: item_id", "role: title", 'table_columns[Item ID].role: expected each role once, found "title" again'),
    ("DUE, Item ID]", "DUE, Item ID, PO]", 'production_order[#11]: expected each production column once, found "PO" again (first in line 29)'),
    ("after: DUE", "after: TOTAL", 'sizes.before: expected another column than sizes.after, found "TOTAL"'),
    ("total: TOTAL}", "total: TOTAL, name: Size}", 'sizes.name: expected a template with SIZE in braces, found "Size"'),
    ("total: TOTAL}", "total: TOTAL, mismatch: eror}", 'sizes.mismatch: expected error or warning, found "eror" (did you mean "error"?)'),
    ("role: size", "role: sizes", 'subitems.columns[Size].role: expected size, quantity, constant, item_id, parent_id or board_id, found "sizes" (did you mean "size"?)'),
    ("role: size, ", "", "subitems.columns: expected one column with role size, found none"),
    ("role: quantity", "role: size", 'subitems.columns[Order Qty].role: expected each of size and quantity once, found "size" again'),
    ("value: 0, ", "", "subitems.columns[Packed Qty].role: expected a value for this constant, found none"),
    ("role: quantity", "role: quantity, value: 1", 'subitems.columns[Order Qty].value: expected a value only where role is constant, found "1"'),
    ("id: numeric_packed", "id: numeric_cut", 'subitems.columns[Cut Qty].board_id: expected each column of the board once, found "numeric_cut" again'),
    ("board_id: numeric_cut", "board_id: numeric_cut, board: {id: x, type: text}", "subitems.columns[Cut Qty].board_id: expected either board (written) or board_id (known, not written), found both"),
    ("subtasks_column: subtasks_x", "subtasks_column: Sub Items", "subitems.subtasks_column: expected the id of a board column"),
    ("values: [CANCELLED]}", "values: [CANCELLED]}\n  vanished: archived", 'changes.vanished: expected keep, zero or archive, found "archived" (did you mean "archive"?)'),
    ("values: [CANCELLED]}", "values: [CANCELLED]}\n  breaker_share: 0", 'changes.breaker_share: expected a number above 0'),
    ("values: [CANCELLED]}", "values: [CANCELLED]}\n  breaker_share: 2", "changes.breaker_share: expected a number of at most 1"),
    ("values: [CANCELLED]}", "values: [CANCELLED]}\n  breaker_min: 0", "changes.breaker_min: expected a number of at least 1"),
    ("values: [CANCELLED]}", "values: [CANCELLED]}\n  breaker_share: few", 'changes.breaker_share: expected a number, found "few"'),
    ("  cancelled:", "  canceled:", '(did you mean "cancelled"?)'),
    ("  cancelled:", "  when:", "expected a known name (cancelled, vanished, breaker_share or breaker_min)"),
    ("- {target: Title,", "- {targt: Title,", 'table_columns[#1].targt: expected a known name, found "targt" (did you mean "target"?)'),
    ("group: {name", "group: {nam", 'board.group.nam: expected a known name, found "nam" (did you mean "name"?)'),
    ("{id: text_po, type: text}", "text_po", 'columns[PO].board: expected names and values, found "text_po"'),
    ("id: text_po, type: text", "id: text_po, typ: text", 'columns[PO].board.typ: expected a known name, found "typ" (did you mean "type"?)'),
    ('  item_name: "{STYLE} {ORDER}"\n', "", "board.item_name: expected a value here, found nothing"),
    ("tables: {staging: STG_X, production: X}", "tables: []", "tables: expected names and values, found a list of 0"),
)  # fmt: skip


@pytest.mark.parametrize(("old", "new", "wanted"), FAULTS)
def test_a_fault_is_named(old: str, new: str, wanted: str) -> None:
    problems = problems_of(edited((old, new)))
    assert any(wanted in problem for problem in problems), problems
    assert all(problem.startswith("m.yaml:") for problem in problems)


def test_the_small_mapping_is_right() -> None:
    mapping = load_mapping(SMALL, "m.yaml")
    assert mapping.board.id == "77"
    assert mapping.by_target("PRICE").values == {"TRUE": "0"}
    assert [column.target for column in mapping.sent_columns] == [
        "ORDER",
        "STYLE",
        "CUSTOMER",
        "PO",
        "SEASON",
        "PRICE",
        "DUE",
    ]


def test_a_fault_of_the_text_does_not_hide_the_others() -> None:
    problems = problems_of(
        edited(("pipeline: small", "pipeline: small\npipeline: large"), ("after: DUE", "after: TOTAL"))
    )
    assert [problem.split(":")[1] for problem in problems] == ["3", "31"]


def test_the_error_counts_its_problems_and_says_what_to_do() -> None:
    with pytest.raises(MappingError, match=r"m\.yaml has 1 problem\n  next: correct these lines") as caught:
        load_mapping(edited(("id: 77", "id: x")), "m.yaml")
    assert str(caught.value).count("\n  - m.yaml:13: ") == 1


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", "m.yaml:1: expected names and values, found an empty file (0 bytes)"),
        ("# only words\n", "m.yaml:1: expected names and values, found nothing but comments or blanks"),
        ("~", "m.yaml:1: expected names and values, found nothing but comments or blanks"),
        ("- a\n- b\n", "m.yaml:1: expected names and values, found a list of 2"),
        ("orders", 'm.yaml:1: expected names and values, found "orders"'),
        ("a: 1\nb: [1, 2\nc: 3\n", "m.yaml:3: column 2: expected readable YAML, found a syntax error"),
    ],
)
def test_a_file_that_is_no_mapping_is_refused(text: str, wanted: str) -> None:
    assert problems_of(text)[0].startswith(wanted)


def test_parts_know_their_lines() -> None:
    loaded = load_mapping_file(SMALL, "m.yaml")
    assert loaded.line_of("columns", 3, "board", "id") == 21
    assert loaded.line_of("columns", 3, "nothing", "such") == 21
    assert loaded.where("columns", 3, "board", "id") == "m.yaml:21: columns[PO].board.id"
    assert loaded.file == "m.yaml"
