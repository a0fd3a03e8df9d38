"""The mapping against the columns of the source table."""

from __future__ import annotations

import pytest
from tests.mapping_texts import SMALL, edited

from order_sync.model.mapping_file import load_mapping_file, source_problems, unread_columns

TABLE = [
    "ORDER NO",
    "STYLE NO",
    "CLIENT",
    "PO",
    "SEASON",
    "KIND",
    "PRICE",
    "DUE",
    "COLOUR CODE",
    "S",
    "M",
    "TOTAL",
    "RECORD",
]


def found(columns: list[str], text: str = SMALL) -> list[str]:
    return source_problems(load_mapping_file(text, "m.yaml"), columns)


def test_a_table_as_the_mapping_says_has_no_problem() -> None:
    assert found(TABLE) == []


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ("STYLE NO", "STYLE NR", 'm.yaml:19: columns[STYLE].source: expected a column of the source table called "STYLE NO", found none (did you mean "STYLE NR"?)'),
        ("PO", "po", 'm.yaml:21: columns[PO].source: expected "po" as the table spells it, found "PO": the case differs'),
        ("DUE", "D", 'm.yaml:30: sizes.after: expected a column of the source table called "DUE", found none'),
        ("TOTAL", "Total", 'm.yaml:30: sizes.before: expected "Total" as the table spells it, found "TOTAL": the case differs'),
        ("TOTAL", "Total", 'm.yaml:30: sizes.total: expected "Total" as the table spells it, found "TOTAL": the case differs'),
        ("COLOUR CODE", "COLOR CODE", 'm.yaml:30: sizes.exclude[#1]: expected a column of the source table called "COLOUR CODE", found none (did you mean "COLOR CODE"?)'),
    ],
)  # fmt: skip
def test_a_column_that_is_not_there_is_named_with_the_nearest(old: str, new: str, wanted: str) -> None:
    assert wanted in found([new if name == old else name for name in TABLE])


def test_the_nearest_is_looked_for_first_among_columns_that_nothing_claims() -> None:
    table = [name for name in TABLE if name != "SEASON"]
    assert "did you mean" not in found(table)[0]
    assert 'did you mean "SAISON"' in found([*table, "SAISON"])[0]


def test_markers_in_the_wrong_order_are_told_with_their_places() -> None:
    table = [name for name in TABLE if name != "TOTAL"]
    assert found(["TOTAL", *table]) == [
        'm.yaml:30: sizes.before: expected a column behind "DUE" (column 9), found "TOTAL" (column 1)'
    ]


def test_no_size_between_the_markers_is_a_problem() -> None:
    table = [name for name in TABLE if name not in ("S", "M")]
    assert found(table) == ['m.yaml:30: sizes.before: expected size columns between "DUE" and "TOTAL", found none']


def test_an_empty_table_lists_every_column_in_the_order_of_the_file() -> None:
    problems = found([])
    assert len(problems) == 12
    assert problems == sorted(problems, key=lambda problem: int(problem.split(":")[1]))


def test_columns_that_nobody_mentions_are_unread() -> None:
    mapping = load_mapping_file(SMALL, "m.yaml").mapping
    assert unread_columns(mapping, [*TABLE, "XXL", "REMARK"]) == ["XXL", "REMARK"]
    assert unread_columns(mapping, ["S", "TOTAL", "PO"]) == ["S"]


def test_a_case_that_differs_is_told_even_where_letters_fold_oddly() -> None:
    text = edited(("source: PO,", "source: STRASSE,"), ("po: [PO]", "po: [STRASSE]"))
    assert 'found "STRASSE": the case differs' in found([*TABLE, "Straße"], text)[0]
