"""Whatever is done to a board, every item stands in one place, and a file that is read again says the same."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from monday_simulator import Limits, Simulator, VirtualClock

NUMBER = st.integers(0, 7)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "create", "subitem", "archive", "delete", "duplicate", "move", "before", "after", "top", "away",
                "new group", "copy group", "retire group", "group after", "copy board",
            ]
        ),
        NUMBER,
        NUMBER,
    ),
    max_size=15,
)  # fmt: skip
READ = (
    "{ boards(state: all) { id state items_count groups { id items_page(limit: 500) { items { id } } }"
    " items_page(limit: 500) { items { id name state group { id } board { id } subitems { id } } } } }"
)


NO_LIMITS = Limits(complexity_per_minute=10**12, complexity_per_query=10**12)


class Account:
    """Does the steps; ids are chosen among those that there are."""

    def __init__(self, state: Path) -> None:
        self._state = state
        self.simulator = Simulator(clock=VirtualClock(), limits=NO_LIMITS, state=state)
        for name in ("A", "B"):
            self.ask(f'mutation {{ create_board(board_name: "{name}", board_kind: public) {{ id }} }}')

    def ask(self, query: str) -> Any:
        body = json.dumps({"query": query}).encode()
        return self.simulator.handle("POST", "/v2", {"Authorization": "t"}, body).json()

    def read(self) -> Any:
        return self.ask(READ)["data"]["boards"]

    def open_again(self) -> None:
        self.simulator.close()
        self.simulator = Simulator(clock=VirtualClock(), limits=NO_LIMITS, state=self._state)

    def do(self, step: str, one: int, other: int) -> None:
        boards = [each for each in self.read() if each["groups"]]
        board = boards[one % len(boards)]
        group = board["groups"][other % len(board["groups"])]["id"]
        item = _chosen(board, one)
        beside = _chosen(board, other)
        away = boards[other % len(boards)]
        answer = self.ask(f"mutation {{ {_mutation(step, board['id'], group, item, beside, away)} }}")
        assert "INTERNAL" not in json.dumps(answer)


def _chosen(board: Any, at: int) -> str:
    items = board["items_page"]["items"]
    return str(items[at % len(items)]["id"]) if items else "1"


def _mutation(step: str, board: str, group: str, item: str, beside: str, away: Any) -> str:
    place = f"change_item_position(item_id: {item}, "
    return {
        "create": f'create_item(board_id: {board}, group_id: "{group}", item_name: "n") {{ id }}',
        "subitem": f'create_subitem(parent_item_id: {item}, item_name: "s") {{ id }}',
        "archive": f"archive_item(item_id: {item}) {{ id }}",
        "delete": f"delete_item(item_id: {item}) {{ id }}",
        "duplicate": f"duplicate_item(board_id: {board}, item_id: {item}) {{ id }}",
        "move": f'move_item_to_group(item_id: {item}, group_id: "{group}") {{ id }}',
        "before": f"{place} relative_to: {beside}, position_relative_method: before_at) {{ id }}",
        "after": f"{place} relative_to: {beside}) {{ id }}",
        "top": f'{place} group_id: "{group}", group_top: true) {{ id }}',
        "away": f'move_item_to_board(board_id: {away["id"]}, group_id: "{away["groups"][0]["id"]}", item_id: {item}) {{ id }}',
        "new group": f'create_group(board_id: {board}, group_name: "g") {{ id }}',
        "copy group": f'duplicate_group(board_id: {board}, group_id: "{group}") {{ id }}',
        "retire group": f'delete_group(board_id: {board}, group_id: "{group}") {{ id }}',
        "group after": f'update_group(board_id: {board}, group_id: "{group}", group_attribute: relative_position_after, new_value: "{away["groups"][0]["id"]}") {{ id }}',
        "copy board": f"duplicate_board(board_id: {board}, duplicate_type: duplicate_board_with_pulses) {{ board {{ id }} }}",
    }[step]


def check(boards: Any) -> None:
    seen: list[str] = []
    for board in boards:
        items = board["items_page"]["items"]
        seen += [each["id"] for each in items]
        assert board["items_count"] == len(items)
        assert [each["id"] for group in board["groups"] for each in group["items_page"]["items"]] == [
            each["id"] for each in items
        ]
        for each in items:
            assert (each["board"]["id"], each["state"]) == (board["id"], "active")
            assert each["group"]["id"] in {group["id"] for group in board["groups"]}
    assert len(seen) == len(set(seen))
    assert {
        child["id"] for board in boards for each in board["items_page"]["items"] for child in each["subitems"]
    } <= set(seen)


@given(STEPS)
@settings(max_examples=25, deadline=None)
def test_items_stand_in_one_place_and_stay_there(steps: list[tuple[str, int, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        account = Account(Path(folder) / "state.db")
        for step, one, other in steps:
            account.do(step, one, other)
            check(account.read())
        before = account.read()
        account.open_again()
        assert account.read() == before
        account.simulator.close()
