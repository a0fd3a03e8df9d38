"""Held rows: one open entry for each key and cause, until the first run that no longer finds it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests import databases
from tests.small_world import World, order

from order_sync.steps.select import Selection

MakeWorld = Callable[..., World]


def entries(world: World, more: str = "WHERE resolved_date IS NULL") -> list[Any]:
    return world.rows(
        f"SELECT order_number, error_type, err_source_rows FROM ERR_MON_CustMasterSchedule {more} ORDER BY err_id"
    )


HELD = {
    "SIZES_SUM": order("X", TOTAL=99),
    "NO_SIZES": order("X", S=None, M=None, TOTAL=4),
    "SIZE_NEGATIVE": order("X", S=-2, M=7, TOTAL=5),
    "SIZE_INVALID": order("X", S="two", TOTAL=3),
    "UNKNOWN_CUSTOMER": order("X", BRAND="NOBODY"),
    "REQUIRED_MISSING": order("X", BRAND=None),
    "GUARDED_LABEL": order("X", KIND="ODD"),
    "NULL_KEY": order("X", **{"STYLE NO": " nan "}),
    "TOO_LONG": order("X", **{"STYLE NO": "s" * 101}),
}


@pytest.mark.parametrize("cause", HELD)
def test_a_held_row_is_not_staged_and_its_neighbour_is(make_world: MakeWorld, cause: str) -> None:
    if cause == "SIZE_INVALID" and databases.on_server():
        pytest.skip("an INT column of a server takes no text")
    world = make_world(HELD[cause], order("A-1"))
    report = world.run()
    assert entries(world) == [("X", cause, 1)]
    assert report.open_errors == 1
    assert report.plan.held == 1
    assert [item.name for item in world.board.items] == ["ST-A-1 A-1"]


def test_the_same_cause_keeps_one_entry_whatever_the_runs(make_world: MakeWorld) -> None:
    world = make_world(HELD["SIZES_SUM"])
    for _ in range(3):
        world.run()
    assert entries(world, "") == [("X", "SIZES_SUM", 1)]
    assert world.board.calls == []


def test_an_entry_is_brought_up_to_date(make_world: MakeWorld) -> None:
    world = make_world(order("X", TOTAL=99))
    world.run()
    world.fill(order("X", TOTAL=98))
    world.run()
    (message, original) = world.rows("SELECT error_message, original_data FROM ERR_MON_CustMasterSchedule")[0]
    assert "98" in message
    assert '"TOTAL": 98' in original


def test_several_rows_of_one_key_are_one_entry_that_counts_them(make_world: MakeWorld) -> None:
    world = make_world(order("X"), order("x ", **{"STYLE NO": "ST-X"}), order("X", PRICE="1"))
    world.run()
    assert entries(world) == [("X", "DUPLICATE_KEY", 3)]


def test_rows_without_a_key_are_told_apart_by_their_content(make_world: MakeWorld) -> None:
    without = {"STYLE NO": None}
    world = make_world(order("X", **without), order("Y", **without), order("X", **without))
    world.run()
    assert sorted(entries(world)) == [("X", "NULL_KEY", 2), ("Y", "NULL_KEY", 1)]


def test_two_causes_are_two_entries_and_are_resolved_one_by_one(make_world: MakeWorld) -> None:
    world = make_world(order("X", TOTAL=99, KIND="ODD"), order("A-1"))
    world.run()
    # The board's labels are asked for only where a row is not held anyway.
    assert entries(world) == [("X", "SIZES_SUM", 1)]
    world.fill(order("X", KIND="ODD"), order("A-1"))
    world.run()
    assert entries(world) == [("X", "GUARDED_LABEL", 1)]
    world.fill(order("X"), order("A-1"))
    assert world.run().open_errors == 0
    assert len(entries(world, "WHERE resolved_by = 'order-sync run'")) == 2
    assert len(world.board.items) == 2


@pytest.mark.parametrize(
    ("cause", "column"),
    [
        ("REQUIRED_MISSING", "BRAND"),
        ("UNKNOWN_CUSTOMER", "BRAND"),
        ("SIZE_NEGATIVE", "size S"),
        ("NULL_KEY", "STYLE NO"),
    ],
)
def test_a_message_names_its_column_once(make_world: MakeWorld, cause: str, column: str) -> None:
    world = make_world(HELD[cause])
    world.run()
    ((message,),) = world.rows("SELECT error_message FROM ERR_MON_CustMasterSchedule")
    assert message.count(column) == 1
    assert not message.startswith("S:")


def test_what_a_run_does_not_look_into_stays_as_it_is(make_world: MakeWorld) -> None:
    world = make_world(order("X", TOTAL=99), order("B-1", BRAND="SALT ROAD"))
    world.run()
    world.run(Selection(customers=frozenset({"SALT ROAD"})))
    world.fill(order("X", TOTAL=99), order("B-2", BRAND="SALT ROAD"))
    world.run(Selection(customers=frozenset({"SALT ROAD"})))
    assert entries(world) == [("X", "SIZES_SUM", 1)]


def test_rows_that_are_gone_from_the_source_are_held_no_longer(make_world: MakeWorld) -> None:
    world = make_world(order("X", TOTAL=99), order("A-1"))
    world.run()
    world.fill(order("A-1"))
    assert world.run().open_errors == 0


def test_a_run_beside_another_leaves_the_entries_to_it(make_world: MakeWorld) -> None:
    world = make_world(HELD["SIZES_SUM"])
    with world.job() as other:
        other.store.leases.acquire("held")
        world.run()
    assert entries(world) == []
