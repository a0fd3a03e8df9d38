"""What holds for the account after every request."""

from __future__ import annotations

from collections import defaultdict

import msgspec

from monday_simulator.account.reading import search_terms
from monday_simulator.account.state import ACTIVE
from monday_simulator.account.store import Store

Snapshot = dict[tuple[str, str], bytes]


def snapshot(store: Store) -> Snapshot:
    """Everything that is kept of boards and items."""
    kept = [("board", each.id, each) for each in store.boards.values()]
    kept += [("item", each.id, each) for each in store.items.values()]
    return {(kind, record_id): msgspec.msgpack.encode(record) for kind, record_id, record in kept}


def check_account(store: Store) -> None:
    """Raises AssertionError where lists, counts and indexes do not say the same."""
    _check_lists(store)
    _check_order(store)
    _check_index(store)


def _check_lists(store: Store) -> None:
    members: dict[tuple[str, str], set[str]] = defaultdict(set)
    for item in store.items.values():
        if item.state == ACTIVE:
            members[item.board_id, item.group_id].add(item.id)
    for board in store.boards.values():
        counted = 0
        for group in board.groups:
            listed = store.group_items(board.id, group.id)
            assert len(listed) == len(set(listed)) == store.group_count(board.id, group.id)
            assert set(listed) == members.pop((board.id, group.id), set()), f"group {group.id} of board {board.id}"
            counted += len(listed)
        assert counted == store.items_count(board)
        assert len({column.id for column in board.columns}) == len(board.columns), f"columns of board {board.id}"
    assert not members, f"items in groups that are not there: {dict(members)}"


def _check_order(store: Store) -> None:
    for board in store.boards.values():
        ordered = store.board_items(board)
        shown = [item for group in board.groups_in_order() for item in store.group_items(board.id, group.id)]
        assert list(ordered) == shown
        for group in board.groups:
            places = [store.items[item].place for item in store.group_items(board.id, group.id)]
            assert places == sorted(places), f"group {group.id} of board {board.id}"


def _check_index(store: Store) -> None:
    """A look-up by any text that an item has finds it, and nothing that is not there."""
    for board in store.boards.values():
        for column in board.columns:
            terms: dict[str, set[str]] = defaultdict(set)
            for item_id in store.board_items(board):
                for term in search_terms(column, store.items[item_id]):
                    terms[term].add(item_id)
            for term, holders in terms.items():
                assert set(store.find_items(board, column, [term])) == holders, f"{column.id}: {term!r}"
