"""Which orders a run takes: by customer, purchase order, season and limit; and what `plan` says of it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from tests.small_board import applied, lost_before
from tests.small_world import EVERYTHING, World, order

from order_sync.model.errors import BoardUnavailable, UsageError
from order_sync.reports.forecast import Forecast, Limit
from order_sync.steps.forecast import forecast
from order_sync.steps.select import Plan, Selection

MakeWorld = Callable[..., World]
ROWS = (
    order("A-1", PO="P1", SEASON="SS26"),
    order("A-2", PO="P2", SEASON="FW26"),
    order("A-3", PO=" p1 ", SEASON="FW26", BRAND="Nova Peak (AU)"),
    order("B-1", PO="P1", SEASON="SS26", BRAND="SALT ROAD"),
    order("B-2", PO=None, SEASON=None, BRAND="SALT ROAD"),
)


def chosen(**parts: Any) -> Selection:
    return Selection(**{name: frozenset(values) for name, values in parts.items()})


@pytest.mark.parametrize(
    ("selection", "taken"),
    [
        (chosen(customers=["nova peak"]), ["A-1", "A-2", "A-3"]),
        (chosen(customers=["NOVA PEAK (au) ", "Salt Road"]), ["A-1", "A-2", "A-3", "B-1", "B-2"]),
        (chosen(po=["P1"]), ["A-1", "A-3", "B-1"]),
        (chosen(po=["p2", "P3"]), ["A-2"]),
        (chosen(season=["fw26"]), ["A-2", "A-3"]),
        (chosen(customers=["NOVA PEAK"], po=["P1"]), ["A-1", "A-3"]),
        (chosen(customers=["NOVA PEAK"], po=["P1"], season=["SS26"]), ["A-1"]),
        (chosen(po=["nothing"]), []),
        (Selection(everything=True, limit=2), ["A-1", "A-2"]),
        (Selection(customers=frozenset({"SALT ROAD"}), limit=1), ["B-1"]),
        (EVERYTHING, ["A-1", "A-2", "A-3", "B-1", "B-2"]),
    ],
)
def test_selection(make_world: MakeWorld, selection: Selection, taken: list[str]) -> None:
    world = make_world(*ROWS)
    report = world.run(selection)
    assert report.halted is None
    assert sorted(item.values["text_order"] for item in world.board.items) == taken


def test_no_selection_is_no_selection_of_everything(world: World) -> None:
    with pytest.raises(UsageError, match="say --customer NAME"):
        world.run(Selection())


@pytest.mark.parametrize("name", ["NOVA PEEK", "Somebody Else", ""])
def test_a_customer_that_nobody_knows(world: World, name: str) -> None:
    with pytest.raises(UsageError, match="there is no customer") as refusal:
        world.run(Selection(customers=frozenset({name})))
    assert ("did you mean NOVA PEAK?" in str(refusal.value)) is (name == "NOVA PEEK")


def test_a_customer_whom_only_the_source_knows_may_be_selected(make_world: MakeWorld) -> None:
    world = make_world(order("A-1", BRAND="BRAND NEW"))
    report = world.run(Selection(customers=frozenset({"brand new"})))
    assert report.plan.held == 1


def test_a_plan_of_nothing() -> None:
    assert Plan.nothing("digest").customers == []


# --- what plan says ---


def test_a_forecast_writes_and_sends_nothing(make_world: MakeWorld) -> None:
    world = make_world(*ROWS, order("X", TOTAL=9), order("Y", **{"STYLE NO": None}), order("Z", KIND="CANCELLED"))
    before = world.rows("SELECT * FROM MON_Lease")
    with world.job() as job:
        told = forecast(job, chosen(customers=["NOVA PEAK"]))
    assert (told.source_rows, told.orders, told.sizes, told.left_out) == (8, 3, 6, 2)
    assert told.changes == {"NEW": 6, "UNCHANGED": 0, "CHANGED": 0, "CANCELLED": 1, "HELD": 1, "VANISHED": 0}
    assert [(each.cause, each.rows, each.order_number) for each in told.held] == [
        ("NULL_KEY", 1, "Y"),
        ("SIZES_SUM", 1, "X"),
    ]
    (one,) = told.customers
    assert (one.customer, one.orders, one.groups, one.new_groups) == ("NOVA PEAK", 3, 2, 2)
    assert (one.item_calls, one.size_calls, one.group_calls, one.look_ups, one.calls) == (1, 1, 1, 1, 4)
    assert told.labels_checked
    assert told.notes == ()
    assert world.board.calls == []
    assert world.rows("SELECT * FROM MON_Lease") == before
    assert world.rows("SELECT * FROM ERR_MON_CustMasterSchedule") == []


def test_a_forecast_of_nothing_costs_nothing(world: World) -> None:
    world.run()
    world.board.asked.clear()
    with world.job() as job:
        told = forecast(job, EVERYTHING)
    assert (told.orders, told.cost.calls, told.cost.calls_per_order, told.customers) == (0, 0, None, ())
    assert world.board.asked == []


def test_a_forecast_knows_the_groups_that_are_there_and_what_was_measured(make_world: MakeWorld) -> None:
    world = make_world(order("A-1"))
    world.run()
    world.fill(order("A-1"), order("A-2"), order("A-3", SEASON="FW26"))
    with world.job() as job:
        told = forecast(job, EVERYTHING)
    assert (told.customers[0].groups, told.customers[0].new_groups) == (2, 1)
    assert lane_of(told).told == "0.04 s an order, 0.02 s a size, measured"


@pytest.mark.parametrize(("lanes", "share"), [(1, 1.0), (2, 2 / 3), (4, 2 / 3)])
def test_a_forecast_shares_the_customers_between_lanes(make_world: MakeWorld, lanes: int, share: float) -> None:
    """Two orders of one customer and one of another: the larger one is done by one lane, however many there are."""
    world = make_world(order("A-1"), order("A-2"), order("B-1", BRAND="SALT ROAD"))
    world.with_settings("sending", lanes=1)
    with world.job() as job:
        alone = forecast(job, EVERYTHING)
    world.with_settings("sending", lanes=lanes)
    with world.job() as job:
        told = forecast(job, EVERYTHING)
    assert {each.orders for each in told.customers} == {1, 2}
    assert lane_of(told).minutes == pytest.approx(lane_of(alone).minutes * share)
    assert ("lanes" in lane_of(told).told) is (lanes > 1)


def lane_of(told: Forecast) -> Limit:
    return next(limit for limit in told.cost.limits if limit.name == "lane")


def test_a_forecast_without_the_board_says_so(world: World) -> None:
    world.board.trouble = BoardUnavailable("no answer came", next_step="run again")
    with world.job() as job:
        told = forecast(job, EVERYTHING)
    assert told.orders == 2
    assert not told.labels_checked
    assert told.notes == ("the board could not be asked, so labels and limits are not checked: no answer came",)


def test_a_forecast_that_is_told_not_to_ask_asks_nobody(world: World) -> None:
    with world.job() as job:
        told = forecast(job, EVERYTHING, ask_board=False)
    assert told.orders == 2
    assert world.board.asked == []


def test_a_forecast_names_what_would_stop_the_run(world: World) -> None:
    world.run()
    world.board.plant("somebody's", {})
    kept = (world.folder / "ORDERS_UNIFIED_SNAPSHOT.parquet").read_bytes()
    world.wipe()
    (world.folder / "ORDERS_UNIFIED_SNAPSHOT.parquet").write_bytes(kept)
    with world.job() as job:
        notes = forecast(job, EVERYTHING).notes
    assert any("a run would halt: the snapshot file is newer" in note for note in notes)
    assert any("--accept-foreign-items" in note for note in notes)


def test_a_forecast_counts_what_was_begun(make_world: MakeWorld) -> None:
    world = make_world(order("A-1"), order("A-2"))

    def interrupt(name: str, fields: dict[str, Any]) -> None:
        if name == "item.in_doubt":
            stop.set()

    stop = threading.Event()
    world.board.answers.extend([applied, lost_before])
    world.run(stop=stop, listener=interrupt)
    with world.job() as job:
        told = forecast(job, EVERYTHING)
    assert (told.begun.batches, told.begun.customers, told.begun.orders, told.begun.sizes) == (1, ("NOVA PEAK",), 2, 4)
    assert told.queued == 2
