from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from order_sync.model.errors import SourceError
from order_sync.model.mapping import Severity, SizesMapping
from order_sync.model.sizes import (
    LARGEST_QUANTITY,
    Unpivoted,
    frame_size_columns,
    merge_labels,
    size_columns,
    size_issues,
    size_lists,
    unpivot,
)

TABLE = [
    ("STYLE", "NVARCHAR(MAX)"),
    ("UNIT", "NVARCHAR(MAX)"),
    ("SHADE", "NVARCHAR"),
    ("30", "int"),
    ("30/30", None),
    ("30X30", "BIGINT"),
    ("EXTRA", "INT"),
    ("TOTAL", "INT"),
    ("LATER", "INT"),
]


def rules(**changes: Any) -> SizesMapping:
    return SizesMapping(**{"after": "UNIT", "before": "TOTAL", "exclude": ["EXTRA"], "total": "TOTAL", **changes})


def rows(**columns: list[Any]) -> pl.DataFrame:
    height = len(next(iter(columns.values())))
    return pl.DataFrame({"__row": pl.Series(range(height), dtype=pl.UInt32), **columns})


def found(frame: pl.DataFrame, sizes: SizesMapping | None = None) -> Unpivoted:
    return unpivot(frame, [name for name in frame.columns if name != "__row"], sizes or rules())


def issues(frame: pl.DataFrame, totals: list[str | None], sizes: SizesMapping | None = None) -> list[tuple[Any, ...]]:
    sizes = sizes or rules()
    table = size_issues(frame["__row"], found(frame, sizes), pl.Series(totals, dtype=pl.String), sizes)
    return table.select("__row", "column", "severity", "cause", "found").rows()


def test_sizes_stand_between_the_markers_hold_integers_and_are_not_excluded() -> None:
    assert size_columns(TABLE, rules()) == ("30", "30/30", "30X30")
    assert size_columns([(name, None) for name, _ in TABLE], rules()) == ("SHADE", "30", "30/30", "30X30")


def test_a_missing_marker_is_named() -> None:
    with pytest.raises(SourceError, match="no column FIRST and no column LAST"):
        size_columns(TABLE, rules(after="FIRST", before="LAST"))


def test_markers_the_wrong_way_round_are_named() -> None:
    with pytest.raises(SourceError, match="TOTAL comes after UNIT"):
        size_columns(TABLE, rules(after="TOTAL", before="UNIT"))


def test_neighbouring_markers_hold_no_size() -> None:
    assert size_columns(TABLE, rules(after="UNIT", before="SHADE")) == ()


def test_a_frame_tells_its_sizes_by_its_types() -> None:
    frame = pl.DataFrame(
        {
            "__row": [0],
            "UNIT": ["x"],
            "S": [1],
            "M": ["text"],
            "L": [None],
            "XL": [1.0],
            "ON": [True],
            "TOTAL": [1],
        }
    )

    assert frame_size_columns(frame, rules(exclude=[])) == ("S", "M", "L", "XL")


def test_each_size_above_zero_becomes_a_row_in_source_order() -> None:
    frame = rows(XS=[0, 3, None], S=[5, None, None], M=[7, 1, 0])

    sizes = found(frame, rules(synonyms={"M": "MEDIUM"})).sizes

    assert sizes.rows() == [
        (0, 1, "S", "S", 5),
        (0, 2, "MEDIUM", "M", 7),
        (1, 0, "XS", "XS", 3),
        (1, 2, "MEDIUM", "M", 1),
    ]
    assert sizes.schema == {
        "__row": pl.UInt32,
        "position": pl.Int64,
        "label": pl.String,
        "column": pl.String,
        "quantity": pl.Int64,
    }


@pytest.mark.parametrize("dtype", [pl.Int8, pl.Int32, pl.UInt8, pl.UInt64, pl.Int64])
def test_every_integer_type_is_read(dtype: pl.DataType) -> None:
    frame = rows(S=[5, 0, None]).with_columns(pl.col("S").cast(dtype))

    assert found(frame).sizes["quantity"].to_list() == [5]
    assert found(frame).invalid.is_empty()


def test_text_where_sqlite_keeps_it_is_read_as_the_number_it_says() -> None:
    unpivoted = found(rows(S=["12", " 7.0 ", "1,200", "none", "", None, "0"]))

    assert unpivoted.sizes["quantity"].to_list() == [12, 7, 1200]
    assert unpivoted.invalid.is_empty()


def test_cells_that_are_no_quantity_are_named() -> None:
    frame = rows(S=["abc", "1.5", "-3", "1e30", "3"], M=[-5, LARGEST_QUANTITY + 1, LARGEST_QUANTITY, None, 1])

    unpivoted = found(frame)

    assert unpivoted.invalid.select("__row", "column", "found", "negative").rows() == [
        (0, "S", "abc", False),
        (0, "M", "-5", True),
        (1, "S", "1.5", False),
        (1, "M", str(LARGEST_QUANTITY + 1), False),
        (2, "S", "-3", True),
        (3, "S", "1e30", False),
    ]
    assert unpivoted.sizes.select("__row", "column", "quantity").rows() == [
        (2, "M", LARGEST_QUANTITY),
        (4, "S", 3),
        (4, "M", 1),
    ]


def test_faults_that_all_stand_in_a_later_piece_of_the_frame_are_named() -> None:
    first, later = rows(S=[5] * 10), rows(S=[-5, -6])
    frame = pl.concat([first.drop("__row"), later.drop("__row")], rechunk=False).with_row_index("__row")

    assert frame["S"].n_chunks() == 2  # as a long source is read
    assert [issue[1:] for issue in issues(frame, ["5"] * 10 + [None] * 2)] == [
        ("S", "error", "SIZE_NEGATIVE", "-5"),
        ("S", "error", "SIZE_NEGATIVE", "-6"),
    ]


def test_no_rows_and_no_size_columns_are_no_fault() -> None:
    empty = rows(S=[1]).head(0)

    assert found(empty).sizes.is_empty()
    assert unpivot(rows(S=[1]), [], rules()).sizes.is_empty()
    assert size_lists(empty["__row"], found(empty)).to_list() == []
    assert issues(empty, []) == []


def test_the_list_of_sizes_does_not_depend_on_where_they_stand() -> None:
    frame = rows(M=[1, 0, 2], XS=[2, None, None], **{"10": [3, 0, 0]})
    turned = frame.select("__row", "10", "M", "XS")

    assert size_lists(frame["__row"], found(frame)).to_list() == ["2:10=3;1:M=1;2:XS=2;", "", "1:M=2;"]
    assert size_lists(frame["__row"], found(turned)).to_list() == ["2:10=3;1:M=1;2:XS=2;", "", "1:M=2;"]


def test_a_new_size_column_changes_nothing_for_rows_without_it() -> None:
    frame = rows(S=[1, 2])
    wider = frame.with_columns(pl.Series("XXL", [None, 4]))

    before, after = (size_lists(each["__row"], found(each)) for each in (frame, wider))

    assert (before == after).to_list() == [True, False]


def test_a_cell_that_is_no_quantity_shows_in_the_list() -> None:
    frame = rows(S=["abc", None, "-2"], M=[1, 1, 1])

    assert size_lists(frame["__row"], found(frame)).to_list() == ["1:M=1;1:S!abc;", "1:M=1;", "1:M=1;1:S!-2;"]


def test_labels_that_meet_are_added_at_the_first_place() -> None:
    frame = rows(OS=[2, 2], M=[1, 1], **{"ONE SIZE": [3, None]})
    sizes = rules(synonyms={"OS": "ONE SIZE"})

    assert merge_labels(found(frame, sizes).sizes).rows() == [
        (0, 0, "ONE SIZE", "OS", 5),
        (0, 1, "M", "M", 1),
        (1, 0, "ONE SIZE", "OS", 2),
        (1, 1, "M", "M", 1),
    ]
    assert issues(frame, ["6", "3"], sizes) == [(0, "ONE SIZE", "error", "SIZE_DUPLICATE_LABEL", "OS, ONE SIZE")]


def test_sizes_that_add_up_are_no_issue() -> None:
    frame = rows(S=[5, 0, None], M=[7, 0, None])

    assert issues(frame, ["12", "0", "0.0"]) == []


def test_sums_unlike_the_total_are_issues_on_the_total() -> None:
    frame = rows(S=[5, 5, 5, None, None, None])

    assert issues(frame, ["6", None, "abc", "5", None, "0"]) == [
        (3, "TOTAL", "error", "NO_SIZES", "5"),
        (4, "TOTAL", "error", "NO_SIZES", None),
        (0, "TOTAL", "error", "SIZES_SUM", "6"),
        (1, "TOTAL", "error", "SIZES_SUM", None),
        (2, "TOTAL", "error", "SIZES_SUM", "abc"),
    ]


def test_messages_say_both_figures() -> None:
    frame = rows(S=[5, None, -1])

    table = size_issues(frame["__row"], found(frame), pl.Series(["6", None, "1"]), rules())

    assert sorted(table["message"]) == [
        "no size is above zero, TOTAL is blank",
        'size S: "-1" is below zero',
        'the sizes add up to 5, TOTAL says "6"',
    ]


def test_a_wrong_cell_is_the_one_cause_where_it_holds_the_row() -> None:
    frame = rows(S=["abc", "-5"], M=[2, 2])

    assert issues(frame, ["9", "2"]) == [
        (0, "S", "error", "SIZE_INVALID", "abc"),
        (1, "S", "error", "SIZE_NEGATIVE", "-5"),
    ]


def test_where_a_wrong_cell_only_warns_the_sum_is_looked_at() -> None:
    sizes = rules(invalid=Severity.WARNING, mismatch=Severity.WARNING)

    assert issues(rows(S=["abc"], M=[2]), ["9"], sizes) == [
        (0, "S", "warning", "SIZE_INVALID", "abc"),
        (0, "TOTAL", "warning", "SIZES_SUM", "9"),
    ]
