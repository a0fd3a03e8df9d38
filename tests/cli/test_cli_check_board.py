"""check: the mapping against a live board, one difference at a time."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.mapping_texts import SMALL, edited

from order_sync.model.ids import BoardId, ColumnId, GroupId
from order_sync.model.mapping_file import MappingFile, load_mapping_file
from order_sync.monday.items import BoardDescription, LiveColumn, LiveGroup, Me
from order_sync.reports.findings import Finding, Level
from order_sync.steps.check_board import Needed, check_account, check_board


def live(column_id: str, kind: str, title: str = "", **more: object) -> LiveColumn:
    return LiveColumn(ColumnId(column_id), title or column_id, kind, **more)  # type: ignore[arg-type]


ITEM_COLUMNS = (
    live("text_key", "text"),
    live("text_order", "text", "ORDER"),
    live("text_style", "text", "STYLE"),
    live("dropdown_c", "dropdown", "CUSTOMER", labels=("ACME", "Bolt")),
    live("text_po", "text", "PO"),
    live("dropdown_s", "dropdown", "SEASON", labels=("SP26",)),
    live("numeric_p", "numbers", "PRICE"),
    live("date_due", "date", "DUE"),
    live("subtasks_x", "subtasks"),
)
SIZE_COLUMNS = (
    live("text_subkey", "text"),
    live("dropdown_size", "dropdown", "Size"),
    live("numeric_q", "numbers"),
    live("numeric_packed", "numbers"),
)
BOARD = BoardDescription(
    id=BoardId("77"),
    name="Orders",
    state="active",
    columns=ITEM_COLUMNS,
    groups=(LiveGroup(GroupId("g1"), "ACME SP26"),),
    items_count=10,
    items_limit=10_000,
    subitem_board_id=BoardId("78"),
    subitem_columns=SIZE_COLUMNS,
)


def with_column(board: BoardDescription, column_id: str, **changes: object) -> BoardDescription:
    columns = tuple(
        replace(column, **changes) if column.id == column_id else column  # type: ignore[arg-type]
        for column in board.columns
    )
    return replace(board, columns=columns)


def without(board: BoardDescription, column_id: str) -> BoardDescription:
    return replace(board, columns=tuple(column for column in board.columns if column.id != column_id))


def small(*changes: tuple[str, str]) -> MappingFile:
    return load_mapping_file(edited(*changes), "m.yaml")


def found(board: BoardDescription, needed: Needed | None = None, file: MappingFile | None = None) -> list[Finding]:
    findings = check_board(file or small(), board, needed or {})
    return [finding for finding in findings if finding.level is not Level.OK]


def test_a_board_that_fits_has_nothing_to_find() -> None:
    assert found(BOARD) == []
    told = [finding.what for finding in check_board(small(), BOARD, {})]
    assert told == [
        "all 7 columns that are written are there and can be written",
        "there is room: 10 of 10,000 items",
    ]


def test_a_column_that_is_missing_is_named_with_its_line_and_the_one_of_its_title() -> None:
    renamed = with_column(BOARD, "text_style", id=ColumnId("text_mk9"))
    (finding,) = found(renamed)
    line = (
        SMALL.splitlines().index(
            "  - {source: STYLE NO, target: STYLE, sql: NVARCHAR(200), board: {id: text_style, type: text}}"
        )
        + 1
    )
    assert finding.level is Level.ERROR
    assert finding.what == "the board has no column text_style for 'STYLE'"
    assert finding.where == f"m.yaml:{line}: columns[STYLE].board.id"
    assert finding.fix == "did you mean text_mk9?"


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"archived": True}, "column text_style for 'STYLE' is archived"),
        ({"type": "formula"}, "column text_style for 'STYLE' is of type formula, which nobody can write"),
        ({"type": "mirror"}, "column text_style for 'STYLE' is of type mirror, which nobody can write"),
        ({"type": "long_text"}, "column text_style for 'STYLE' is of type long_text, not text"),
    ],
)
def test_a_column_that_cannot_be_written_so(change: dict[str, object], what: str) -> None:
    (finding,) = found(with_column(BOARD, "text_style", **change))
    assert (finding.level, finding.what) == (Level.ERROR, what)


def test_labels_that_may_not_be_made_are_counted_and_their_likes_named() -> None:
    needed = {"dropdown_c": {"ACME": 4, "bolt": 2, "NEW ONE": 1, "Bolt": 3}}
    (finding,) = found(BOARD, needed)
    assert finding.level is Level.WARNING
    assert finding.what == (
        "'CUSTOMER' has no label 'bolt' (2 orders, there is 'Bolt'), 'NEW ONE' (1 order), and none may be made"
    )


def test_a_deactivated_label_is_told_as_such() -> None:
    board = with_column(BOARD, "dropdown_c", deactivated=("OLD",))
    (finding,) = found(board, {"dropdown_c": {"OLD": 1}})
    assert "'OLD' (1 order, deactivated)" in finding.what


@pytest.mark.parametrize(
    ("labels", "level"), [(448, None), (449, Level.WARNING), (499, Level.WARNING), (500, Level.ERROR)]
)
def test_a_column_that_fills_up_is_told_before_it_is_full(labels: int, level: Level | None) -> None:
    board = with_column(BOARD, "dropdown_s", labels=tuple(f"S{at}" for at in range(labels)))
    findings = found(board, {"dropdown_s": {"S1": 5, "ONE MORE": 1}})
    assert [finding.level for finding in findings] == ([] if level is None else [level])


def test_the_columns_of_our_keys_must_be_there_and_be_text() -> None:
    assert "column for our key, text_key, is missing" in found(without(BOARD, "text_key"))[0].what
    assert "is of type numbers, not text" in found(with_column(BOARD, "text_key", type="numbers"))[0].what
    assert "is archived" in found(with_column(BOARD, "text_key", archived=True))[0].what
    (finding,) = found(replace(BOARD, subitem_columns=SIZE_COLUMNS[1:]))
    assert finding.what == "the subitem board's column for our key, text_subkey, is missing"


def test_sizes_without_keys_are_a_warning() -> None:
    (finding,) = found(BOARD, file=small(("  sync_key: text_subkey\n", "")))
    assert finding.level is Level.WARNING
    assert "sizes carry no key" in finding.what


def test_a_board_without_subitems_is_told_how_to_get_them() -> None:
    (finding,) = found(replace(BOARD, subitem_board_id=None, subitem_columns=()))
    assert finding.level is Level.ERROR
    assert "by hand" in finding.fix


def test_another_subitem_board_or_column_than_the_mapping_says() -> None:
    (finding,) = found(with_column(BOARD, "subtasks_x", id=ColumnId("subtasks_y")))
    assert finding.fix == "did you mean subtasks_y?"
    other = small(("  subtasks_column: subtasks_x\n", "  subtasks_column: subtasks_x\n  board_id: 99\n"))
    (finding,) = found(BOARD, file=other)
    assert finding.what == "the subitem board is 78, not 99"


def test_a_board_that_is_archived_or_nearly_full() -> None:
    assert found(replace(BOARD, state="archived"))[0].what == "the board is archived"
    (finding,) = found(replace(BOARD, items_count=9_500))
    assert (finding.level, finding.what) == (Level.WARNING, "the board is nearly full: 9,500 of 10,000 items")
    assert found(replace(BOARD, items_count=None)) == []


def test_groups_of_one_title_are_told() -> None:
    twice = (*BOARD.groups, LiveGroup(GroupId("g2"), "acme sp26 "))
    (finding,) = found(replace(BOARD, groups=twice))
    assert "acme sp26" in finding.what


def test_the_account_is_named_as_far_as_the_token_sees_it() -> None:
    everything = Me("7", "Ann", "1", "Garments", "pro", trial=True)
    assert check_account(everything).what == "the token works: user Ann of Garments, plan pro (trial)"
    assert check_account(Me("7", "")).what == "the token works: user 7"
