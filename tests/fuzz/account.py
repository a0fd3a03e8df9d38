"""The account that is fuzzed: a board with a column of every type, items, subitems, and the ids of all of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from graphql import GraphQLEnumType

from monday_simulator import Limits, Rule, Seed, Simulator, VirtualClock, load_seed
from monday_simulator.api.schema import executable_schema

BOARD, OTHER = "9200517329", "9200517400"
USER_ID = "59821734"
ENOUGH = 2**31 - 1
LIMITS = Limits(
    complexity_per_minute=ENOUGH,
    complexity_per_query=ENOUGH,
    requests_per_minute=ENOUGH,
    calls_per_day=ENOUGH,
    items_per_board=60,
    subitems_per_item=5,
)
_LABELLED = ("status", "dropdown")


@dataclass(frozen=True)
class Known:
    """Ids that a request may name, so that not every one is refused: those of one board. columns: type and id."""

    board: str
    items: tuple[str, ...]
    groups: tuple[str, ...]
    columns: tuple[tuple[str, str], ...]


def column_types() -> tuple[str, ...]:
    found = executable_schema().type_map["ColumnType"]
    assert isinstance(found, GraphQLEnumType)
    return tuple(found.values)


@cache
def seed() -> Seed:
    return load_seed({"boards": [_board(BOARD, "Orders"), _board(OTHER, "Other orders")]})


def _board(board_id: str, name: str) -> dict[str, Any]:
    columns = [
        {"id": f"{kind}_mk1", "title": kind, "type": kind, "settings": {"labels": ["A", "B"]} if kind in _LABELLED else {}}
        for kind in column_types()
        if kind != "name"
    ]  # fmt: skip
    groups = [{"id": f"group_mk{at}", "title": f"Group {at}"} for at in range(3)]
    items = [
        {"name": f"Item {at}", "group": f"group_mk{at % 3}", "values": {"text_mk1": f"t{at}", "status_mk1": "A"}}
        for at in range(6)
    ]
    items[0]["subitems"] = [{"name": "Sub 0"}, {"name": "Sub 1"}]
    return {"id": board_id, "name": name, "columns": columns, "groups": groups, "items": items}


def simulated(faults: tuple[Rule, ...] = (), **settings: Any) -> Simulator:
    return Simulator(seed(), limits=LIMITS, clock=VirtualClock(), faults=faults, **settings)


@cache
def known() -> tuple[Known, ...]:
    """Of each board. The ids are the same in every new account."""
    with simulated() as simulator:
        store = simulator.store
        return tuple(
            Known(
                board.id,
                tuple(item.id for item in store.items.values() if item.board_id == board.id),
                tuple(group.id for group in board.groups),
                tuple((column.type, column.id) for column in board.columns),
            )
            for board in store.boards.values()
            if store.board_items(board)
        )
