"""A drafted mapping reads back, whatever the columns are called."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from order_sync.model.mapping_draft import draft_mapping
from order_sync.model.mapping_findings import findings_of
from order_sync.model.mapping_problems import PLACEHOLDER
from order_sync.model.mapping_yaml import parse

# A column that is called as the mark for what a person has to fill in cannot be told from it: `init` asks for a name.
NAME = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12).filter(lambda name: name != PLACEHOLDER)


TYPE = st.sampled_from(["int", "text", "date", "money"])


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(NAME, TYPE), max_size=6, unique_by=lambda column: column[0].casefold()), NAME)
def test_any_names_are_quoted_so_that_they_read_back(columns: list[tuple[str, str]], table: str) -> None:
    document = parse(draft_mapping(columns, table), "m.yaml")
    assert not document.problems
    read = {document.text(*entry, "source") for entry in document.entries("columns")}
    read |= {name for _, name in document.texts("source", "ignored")}
    found = findings_of(columns)
    assert {name for name, _ in columns} - {*found.sizes.columns, found.sizes.total} == read
