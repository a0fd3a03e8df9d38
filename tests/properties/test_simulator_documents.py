"""Documents are read the way the library reads them, and counted once however their fragments multiply."""

from __future__ import annotations

from graphql import GraphQLError, parse
from graphql.language import DocumentNode
from hypothesis import given
from hypothesis import strategies as st
from tests.simulator.simulator_client import simulated

from monday_simulator import Limits
from monday_simulator.api.documents import Documents, Operation, formatted
from monday_simulator.api.schema import executable_schema

PIECES = st.sampled_from(["\\", '"', "\\\\", '\\"', "\\n", "\\/", "\\u0041", "\\u{1F600}", "\\ud83d\\ude00", "\\x", "\n", "\t", "\x00", "é", "😀", "\ud800", "a"])  # fmt: skip
DEEP = 30


@given(st.lists(PIECES | st.characters(), max_size=8).map("".join))
def test_strings_are_read_as_the_library_reads_them(inside: str) -> None:
    text = f'{{ items_page_by_column_values(board_id: "{inside}") {{ cursor }} }}'
    ours = Documents(executable_schema()).operation(text, None)
    theirs = read_by_the_library(text)
    if isinstance(theirs, GraphQLError):
        assert ours == [formatted(theirs)]
    else:
        assert isinstance(ours, Operation)
        assert ours.document.to_dict(locations=True) == theirs.to_dict(locations=True)


def read_by_the_library(text: str) -> DocumentNode | GraphQLError:
    try:
        return parse(text)
    except GraphQLError as error:
        return error


def test_fragments_that_double_at_each_level_are_counted_in_time() -> None:
    doubled = [f"fragment f{at} on Item {{ ...f{at + 1} ...f{at + 1} }}" for at in range(DEEP)]
    text = "{ items(ids: [1]) { ...f0 } } " + " ".join(doubled) + f" fragment f{DEEP} on Item {{ id }}"
    client = simulated(limits=Limits(complexity_per_minute=10**12, complexity_per_query=10**12))
    assert client.data(text) == {"items": []}
    assert next(iter(client.simulator.wire_log)).cost == 2**DEEP
