"""Chains of pages: what they hold, how long, and what they share."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.simulator.simulator_client import BOARD, Client, simulated

from monday_simulator import VirtualClock
from monday_simulator.account.errors import FieldError
from monday_simulator.account.ids import IdMaker
from monday_simulator.api import cursors
from monday_simulator.api.cursors import Cursors

FIRST = f"{{ boards(ids: {BOARD}) {{ items_page(limit: 2) {{ cursor items {{ name }} }} }} }}"
NEXT = "query ($cursor: String!) { next_items_page(limit: 2, cursor: $cursor) { cursor items { name } } }"
HOUR = timedelta(minutes=60)


def chains() -> Cursors:
    return Cursors(VirtualClock(), IdMaker(1), HOUR)


def begun(kept: Cursors, ids: tuple[str, ...], limit: int = 2) -> str:
    _, cursor = kept.first(ids, limit, "1")
    assert cursor is not None
    return cursor


def refused(kept: Cursors, cursor: str) -> str:
    with pytest.raises(FieldError) as error:
        kept.following(cursor, 2)
    return str(error.value.message)


def read_on(client: Client, cursor: str | None) -> list[str]:
    names = []
    while cursor is not None:
        page = client.data(NEXT, {"cursor": cursor})["next_items_page"]
        names += [item["name"] for item in page["items"]]
        cursor = page["cursor"]
    return names


def test_a_chain_reads_the_board_as_it_was_at_its_first_page() -> None:
    client = simulated()
    made = [client.created(f"item {at}") for at in range(5)]
    page = client.data(FIRST)["boards"][0]["items_page"]
    client.created("too late")
    client.created("elsewhere", group="group_mksecond")
    client.data(f'mutation {{ move_item_to_group(item_id: {made[2]}, group_id: "group_mksecond") {{ id }} }}')
    assert read_on(client, page["cursor"]) == ["item 2", "item 3", "item 4"]


def test_a_new_chain_sees_every_change_of_the_order() -> None:
    client = simulated()
    made = [client.created(f"item {at}") for at in range(3)]
    assert client.names() == ["item 0", "item 1", "item 2"]
    client.data(f'mutation {{ move_item_to_group(item_id: {made[0]}, group_id: "group_mksecond") {{ id }} }}')
    assert client.names() == ["item 1", "item 2", "item 0"]
    client.data(f"mutation {{ delete_item(item_id: {made[1]}) {{ id }} }}")
    assert client.names() == ["item 2", "item 0"]
    beside = f'create_item(board_id: {BOARD}, item_name: "first", relative_to: {made[2]}, position_relative_method: before_at)'
    client.data(f"mutation {{ {beside} {{ id }} }}")
    assert client.names() == ["first", "item 2", "item 0"]
    client.data(f'mutation {{ create_group(board_id: {BOARD}, group_name: "top") {{ id }} }}')
    client.data(f'mutation {{ create_item(board_id: {BOARD}, item_name: "topmost") {{ id }} }}')
    assert client.names() == ["topmost", "first", "item 2", "item 0"]


def test_the_order_is_shared_until_it_changes() -> None:
    client = simulated()
    client.created("one")
    store = client.simulator.store
    board = store.board(BOARD)
    order = store.board_items(board)
    assert store.board_items(board) is order
    client.created("two")
    assert len(order) == 1
    assert len(store.board_items(board)) == 2


@pytest.mark.parametrize("cursor", ["", "MSwx", "%%%", "é", "MSw5OTk=", "1,1,abc,5,2,|2", "\ud800"])
def test_what_is_no_cursor_is_refused(cursor: str) -> None:
    assert "is not valid" in refused(chains(), cursor)


def test_a_cursor_with_another_end_is_refused() -> None:
    kept = chains()
    cursor = begun(kept, ("1", "2", "3"))
    other = begun(chains(), ("1", "2", "3", "4"))
    assert kept.following(cursor, 2) == (("3",), None)
    assert "is not valid" in refused(kept, other)


def test_the_oldest_chains_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cursors, "KEPT", 3)
    kept = chains()
    begun_ones = [begun(kept, ("1", "2", "3")) for _ in range(4)]
    assert "is not valid" in refused(kept, begun_ones[0])
    assert kept.following(begun_ones[1], 2) == (("3",), None)


def test_orders_are_held_within_their_budget_and_shared_ones_count_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cursors, "KEPT_IDS", 6)
    kept, shared = chains(), ("1", "2", "3")
    begun_ones = [begun(kept, shared) for _ in range(10)]
    begun(kept, ("4", "5", "6"))
    assert kept.following(begun_ones[0], 2) == (("3",), None)
    begun(kept, ("7", "8", "9"))
    assert "is not valid" in refused(kept, begun_ones[0])
    assert "is not valid" in refused(kept, begun_ones[9])
