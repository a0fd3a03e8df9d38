"""The documents: variables only, one alias a row, the body frozen."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from order_sync.model.ids import BoardId, ColumnId, GroupId, ItemId, SyncKey
from order_sync.monday import documents
from order_sync.monday.documents import Call, GroupToCreate, ItemToCreate, Query, SubitemToCreate

BOARD = BoardId("77")
NASTY = "quote \" brace }){ back \\ line \n \u2028 😀 \x00 $n0 {{x}} '; DROP"


def body(document: Call | Query) -> dict[str, dict[str, object]]:
    read: dict[str, dict[str, object]] = json.loads(document.body)
    return read


def test_items() -> None:
    call = documents.create_items(
        [
            ItemToCreate(7, BOARD, GroupId("g1"), NASTY, '{"text":"a"}', False),
            ItemToCreate(3, BOARD, GroupId("g2"), "plain", "{}", True),
        ]
    )
    assert call.operation == "create_items"
    assert call.board_id == BOARD
    assert call.refs == (("r0", 7), ("r1", 3))
    assert call.cost == 2 * 30_001
    assert body(call)["variables"] == {
        "board": "77",
        "g0": "g1", "n0": NASTY, "v0": '{"text":"a"}', "l0": False,
        "g1": "g2", "n1": "plain", "v1": "{}", "l1": True,
    }  # fmt: skip


def test_subitems() -> None:
    call = documents.create_subitems(BOARD, [SubitemToCreate(1, ItemId(12345678901), NASTY, "{}", False)])
    assert (call.operation, call.board_id) == ("create_subitems", BOARD)
    assert body(call)["variables"] == {"p0": "12345678901", "n0": NASTY, "v0": "{}", "l0": False}


def test_groups() -> None:
    call = documents.create_groups([GroupToCreate(1, BOARD, NASTY), GroupToCreate(2, BOARD, "B")])
    assert call.operation == "create_groups"
    assert body(call)["variables"] == {"board": "77", "t0": NASTY, "t1": "B"}


@given(name=st.text(max_size=40), title=st.text(max_size=40))
def test_the_text_does_not_depend_on_the_values(name: str, title: str) -> None:
    plain = documents.create_items([ItemToCreate(0, BOARD, GroupId("g"), "x", "{}", False)])
    other = documents.create_items([ItemToCreate(0, BoardId("9"), GroupId(title), name, json.dumps(title), True)])
    assert body(plain)["query"] == body(other)["query"]


def test_the_same_call_has_the_same_bytes() -> None:
    rows = [ItemToCreate(at, BOARD, GroupId("g"), f"n{at}", "{}", False) for at in range(25)]
    assert documents.create_items(rows).body == documents.create_items(rows).body


def test_only_ids_are_selected_and_the_points_are_asked_for() -> None:
    text = str(body(documents.create_items([ItemToCreate(0, BOARD, GroupId("g"), "n", "{}", False)]))["query"])
    assert text.count("{ id }") == 1
    assert "complexity { query before after reset_in_x_seconds }" in text


@pytest.mark.parametrize("count", [0, 51])
def test_a_request_has_a_size(count: int) -> None:
    with pytest.raises(ValueError, match="1 to 50"):
        documents.create_subitems(BOARD, [SubitemToCreate(at, ItemId(1), "n", "{}", False) for at in range(count)])


def test_refs_differ() -> None:
    with pytest.raises(ValueError, match="own ref"):
        documents.create_groups([GroupToCreate(1, BOARD, "A"), GroupToCreate(1, BOARD, "B")])


def test_one_board_a_request() -> None:
    with pytest.raises(ValueError, match="one board, not 2"):
        documents.create_groups([GroupToCreate(1, BOARD, "A"), GroupToCreate(2, BoardId("78"), "B")])
    with pytest.raises(ValueError, match="one board, not 0"):
        documents.create_groups([])


def test_row_variables_end_in_the_number_of_their_alias() -> None:
    call = documents.create_items([ItemToCreate(at, BOARD, GroupId("g"), "n", "{}", False) for at in range(12)])
    named = {name for name in body(call)["variables"] if name != "board"}
    numbers = {int(documents.ROW_VARIABLE.fullmatch(f"${name}")[1]) for name in named}  # type: ignore[index]
    assert numbers == set(range(12))
    assert documents.ROW_VARIABLE.search("$board ") is None


def test_a_look_up_with_its_control() -> None:
    key = SyncKey("k-g1")
    query = documents.find_by_key(BOARD, ColumnId("text_key"), [key], ItemId(5))
    assert body(query)["variables"] == {
        "board": "77",
        "filter": [{"column_id": "text_key", "column_values": ["k-g1"]}],
        "columns": ["text_key"],
        "control": ["5"],
    }
    assert "control" not in documents.find_by_key(BOARD, ColumnId("text_key"), [key], None).body.decode()


def test_without_columns_no_empty_list_is_sent() -> None:
    for query in (
        documents.items_by_id([ItemId(1)], []),
        documents.subitems_of([ItemId(1)], []),
        documents.scan(BOARD, []),
        documents.next_page("c", []),
    ):
        assert "columns" not in body(query)["variables"]
        assert "column_values" not in str(body(query)["query"])
