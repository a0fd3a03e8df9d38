"""Staging meets rows that are open already: each status has its own rule, and no order is staged twice."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from tests.small_board import applied, rejecting
from tests.small_world import EVERYTHING, World, order

from order_sync.steps.detect import detect
from order_sync.steps.select import Selection, prepare
from order_sync.steps.stage import stage
from order_sync.store.leases import Lease

MakeWorld = Callable[..., World]
ORDERS, SIZES = "STG_MON_CustMasterSchedule", "STG_MON_CustMasterSchedule_Subitems"


def stage_only(world: World, selection: Selection = EVERYTHING) -> int:
    """Detect and stage, send nothing. How many batches got something."""
    works = []
    with world.job() as job:
        plan = prepare(job, detect(job), selection)
        for customer in sorted({*plan.orders["customer"], *plan.withdrawn["customer"]}):
            lease = job.store.leases.acquire(f"customer:{customer}")
            assert isinstance(lease, Lease)
            works += stage(job, plan, customer, lease, [])
    return len(works)


def status(world: World, to: str, table: str = ORDERS, **more: Any) -> None:
    values = ", ".join([f"stg_status = '{to}'", *(f"{name} = {value!r}" for name, value in more.items())])
    world.change(f"UPDATE {table} SET {values}")


@pytest.fixture
def staged(make_world: MakeWorld) -> World:
    """One order, staged and not sent."""
    world = make_world(order("A-1"))
    stage_only(world)
    return world


def version(world: World) -> list[Any]:
    """What is staged of the order: price, status, tries; and its sizes."""
    sizes = world.sizes("stg_size_label", "stg_order_qty_numeric", "stg_status")
    return [*world.orders("PRICE", "stg_status", "stg_retry_count"), sorted(sizes)]


def test_a_new_order_has_everything_that_sending_needs(staged: World) -> None:
    ((title, group, sync_key, payload, row, customer, size_count),) = staged.orders(
        '"Title"', '"Group"', "stg_sync_key", "stg_payload", "stg_source_row", "stg_customer_batch",
        f"(SELECT COUNT(*) FROM {SIZES} WHERE stg_parent_stg_id = stg_id)",
    )  # fmt: skip
    assert (title, group, customer, size_count) == ("ST-A-1 A-1", "NOVA PEAK SS26", "NOVA PEAK", 2)
    assert json.loads(payload) == {
        "text_key": sync_key, "text_order": "A-1", "text_style": "ST-A-1", "dropdown_brand": {"labels": ["NOVA PEAK"]},
        "dropdown_season": {"labels": ["SS26"]}, "dropdown_kind": {"labels": ["RECEIVED"]}, "numeric_price": "9.5",
    }  # fmt: skip
    assert json.loads(row)["S"] == 2
    size_key, payload = staged.sizes("stg_sync_key", "stg_payload")[0]
    assert json.loads(payload) == {
        "text_subkey": size_key, "dropdown_size": {"labels": ["S"]}, "numeric_qty": "2", "numeric_packed": "0",
    }  # fmt: skip
    assert staged.sizes("stg_status") == [("BLOCKED",)] * 2
    keys = staged.rows("SELECT sync_key, size_label, state FROM MON_SyncIdentity ORDER BY sync_id")
    assert keys == [(sync_key, None, "ASSIGNED"), *((key, label, "ASSIGNED")
                    for key, label in staged.sizes("stg_sync_key", "stg_size_label"))]  # fmt: skip


def test_an_order_that_is_staged_as_it_is_stays_as_it_is(staged: World) -> None:
    before = version(staged)
    assert stage_only(staged) == 0
    assert version(staged) == before
    assert staged.rows("SELECT COUNT(*) FROM MON_BatchProcessing") == [(1,)]


def test_a_pending_order_takes_the_new_version_in_place(staged: World) -> None:
    key = staged.orders("stg_id", "stg_sync_key", "stg_batch_id")
    staged.fill(order("A-1", PRICE="11", S=None, L=7))
    stage_only(staged)
    assert version(staged) == [(11.0, "PENDING", 0), [("L", 7, "BLOCKED"), ("M", 3, "BLOCKED")]]
    assert staged.orders("stg_id", "stg_sync_key", "stg_batch_id") == key
    assert staged.events("order.restaged") == [{"count": 1, "customer": "NOVA PEAK"}]
    staged.run()
    assert staged.board.items[0].values["numeric_price"] == "11"
    assert sorted(size.name for size in staged.board.items[0].subitems) == ["Size L", "Size M"]


def test_an_order_given_up_starts_anew_with_another_payload(staged: World) -> None:
    status(staged, "API_FAILED", stg_max_retries_reached=1, stg_retry_count=4)
    staged.fill(order("A-1", PRICE="11"))
    stage_only(staged)
    assert version(staged)[0] == (11.0, "PENDING", 0)
    staged.run()
    assert len(staged.board.items) == 1


def test_an_order_given_up_stays_so_where_nothing_that_is_sent_has_changed(staged: World) -> None:
    status(staged, "API_FAILED", stg_max_retries_reached=1, stg_retry_count=4)
    staged.fill(order("A-1", PO="another"))  # in the tables, not on the board
    stage_only(staged)
    assert version(staged)[0] == (9.5, "API_FAILED", 4)
    assert staged.orders("PO", "stg_max_retries_reached") == [("another", 1)]
    staged.run()
    assert staged.board.items == []


@pytest.mark.parametrize("open_status", ["SENDING", "IN_DOUBT", "ROLLING_BACK"])
def test_what_may_be_on_its_way_keeps_its_version(staged: World, open_status: str) -> None:
    status(staged, open_status)
    before = version(staged)
    staged.fill(order("A-1", PRICE="11", L=7))
    with staged.job() as job:
        lease = job.store.leases.acquire("customer:NOVA PEAK")
        assert isinstance(lease, Lease)
        plan = prepare(job, detect(job), EVERYTHING)
        assert plan.orders.is_empty()
        assert plan.queued == 1
        assert stage(job, plan, "NOVA PEAK", lease, []) == []
    assert version(staged) == before


def test_an_order_that_began_to_be_sent_since_the_plan_keeps_its_version(staged: World) -> None:
    staged.fill(order("A-1", PRICE="11"))
    with staged.job() as job:
        lease = job.store.leases.acquire("customer:NOVA PEAK")
        assert isinstance(lease, Lease)
        plan = prepare(job, detect(job), EVERYTHING)
        assert plan.orders.height == 1
        status(staged, "SENDING")
        assert stage(job, plan, "NOVA PEAK", lease, []) == []
    assert version(staged)[0] == (9.5, "SENDING", 0)


def test_what_another_run_staged_or_promoted_since_the_plan_is_not_staged_again(make_world: MakeWorld) -> None:
    world = make_world(order("A-1"), order("A-2"))
    with world.job() as job:
        plan = prepare(job, detect(job), EVERYTHING)
        world.run(Selection(po=frozenset({"PO-A-1"})))
        stage_only(world, Selection(po=frozenset({"PO-A-2"})))
        lease = job.store.leases.acquire("customer:NOVA PEAK")
        assert isinstance(lease, Lease)
        assert stage(job, plan, "NOVA PEAK", lease, []) == []
    world.run()
    assert sorted(item.name for item in world.board.items) == ["ST-A-1 A-1", "ST-A-2 A-2"]


def test_an_order_that_moved_to_another_customer_is_withdrawn_and_then_staged_anew(staged: World) -> None:
    staged.fill(order("A-1", BRAND="SALT ROAD"))
    assert stage_only(staged) == 1
    assert staged.orders("stg_customer_batch", "stg_status") == [("NOVA PEAK", "CANCELLED")]
    assert staged.run().halted is None
    assert [item.values["dropdown_brand"] for item in staged.board.items] == [{"labels": ["SALT ROAD"]}]
    assert staged.rows("SELECT customer_name, status FROM MON_BatchProcessing ORDER BY customer_name") == [
        ("NOVA PEAK", "COMPLETED"),
        ("SALT ROAD", "COMPLETED"),
    ]


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param((order("A-1", TOTAL=99),), id="held"),
        pytest.param((order("A-1", KIND="CANCELLED"),), id="cancelled"),
        pytest.param((order("A-9"),), id="gone"),
    ],
)
@pytest.mark.parametrize("open_status", ["PENDING", "API_FAILED"])
def test_a_staged_order_that_the_source_no_longer_asks_for_is_withdrawn(
    staged: World, rows: tuple[Any, ...], open_status: str
) -> None:
    status(staged, open_status)
    staged.fill(*rows)
    staged.run()
    assert ("CANCELLED",) in staged.rows("SELECT stg_status FROM ARC_STG_MON_CustMasterSchedule")
    assert "ST-A-1 A-1" not in [item.name for item in staged.board.items]


def test_an_empty_source_withdraws_nothing(staged: World) -> None:
    staged.fill()
    assert stage_only(staged) == 0
    assert staged.orders("stg_status") == [("PENDING",)]


@pytest.fixture
def half(make_world: MakeWorld) -> World:
    """An order whose item is on the board, with one size made (S), one refused (M), one never sent (L)."""
    world = make_world(order("A-1", L=4))
    world.board.answers.extend([applied, applied, rejecting(1, 2)])
    world.run()
    world.change(f"UPDATE {SIZES} SET stg_status = 'PENDING', stg_max_retries_reached = 0 WHERE stg_size_label = 'L'")
    assert version(world) == [
        (9.5, "API_SUCCESS", 0), [("L", 4, "PENDING"), ("M", 3, "API_FAILED"), ("S", 2, "API_SUCCESS")],
    ]  # fmt: skip
    return world


def test_with_the_item_made_unsent_sizes_take_their_new_quantities(half: World) -> None:
    half.fill(order("A-1", M=30, L=40))
    stage_only(half)
    assert version(half)[1] == [("L", 40, "PENDING"), ("M", 30, "PENDING"), ("S", 2, "API_SUCCESS")]
    half.run()
    shown = {size.name: size.values["numeric_qty"] for size in half.board.items[0].subitems}
    assert shown == {"Size S": "2", "Size M": "30", "Size L": "40"}
    stored = dict(half.rows('SELECT "Size", "Order Qty" FROM MON_CustMasterSchedule_Subitems'))
    assert stored == {"S": "2", "M": "30", "L": "40"}


def test_with_the_item_made_sizes_that_are_gone_are_cancelled(half: World) -> None:
    half.fill(order("A-1", M=None, L=None))
    stage_only(half)
    assert version(half)[1] == [("L", 4, "CANCELLED"), ("M", 3, "CANCELLED"), ("S", 2, "API_SUCCESS")]
    half.run()
    assert half.rows('SELECT "Size" FROM MON_CustMasterSchedule_Subitems') == [("S",)]
    assert half.rows("SELECT status FROM MON_BatchProcessing") == [("COMPLETED",)]


def test_with_the_item_made_new_sizes_are_added(half: World) -> None:
    half.fill(order("A-1", M=None, L=4, XL=6))
    stage_only(half)
    assert version(half)[1] == [
        ("L", 4, "PENDING"), ("M", 3, "CANCELLED"), ("S", 2, "API_SUCCESS"), ("XL", 6, "PENDING"),
    ]  # fmt: skip
    half.run()
    assert [size.name for size in half.board.items[0].subitems] == ["Size S", "Size L", "Size XL"]
    assert half.rows("SELECT COUNT(*) FROM MON_SyncIdentity WHERE state = 'PROMOTED'") == [(4,)]


def test_a_size_that_was_cancelled_and_comes_back_is_sent(half: World) -> None:
    half.fill(order("A-1", M=None, L=None))
    stage_only(half)
    half.fill(order("A-1", L=5))
    half.run()
    shown = {size.name: size.values["numeric_qty"] for size in half.board.items[0].subitems}
    assert shown == {"Size S": "2", "Size M": "3", "Size L": "5"}


def test_an_order_whose_batch_had_ended_is_taken_up_under_it(make_world: MakeWorld) -> None:
    world = make_world(order("A-1"))
    world.board.answers.extend([applied, rejecting(0)])
    world.run()
    assert world.rows("SELECT status FROM MON_BatchProcessing") == [("FAILED",)]
    world.fill(order("A-1", PRICE="11"))
    report = world.run()
    assert report.open_errors == 0
    assert world.rows("SELECT status FROM MON_BatchProcessing") == [("COMPLETED",)]
    assert world.board.items[0].values["numeric_price"] == "11"


def test_a_key_keeps_its_identity_for_ever(make_world: MakeWorld) -> None:
    world = make_world(order("A-1"))
    world.run()
    keys = world.rows("SELECT sync_key FROM MON_SyncIdentity ORDER BY sync_id")
    world.change("DELETE FROM MON_OrderSnapshot")
    world.run()
    assert world.rows("SELECT sync_key FROM MON_SyncIdentity ORDER BY sync_id") == keys
    assert len(world.board.items) == 1


def test_a_value_problem_is_kept_with_its_order(make_world: MakeWorld) -> None:
    world = make_world(order("A-1", PRICE="ask"))
    world.run()
    assert world.rows("SELECT order_number, source_column, cause, severity, MON_Issue.found FROM MON_Issue") == [
        ("A-1", "PRICE", "NOT_A_NUMBER", "warning", "ask")
    ]
    assert "numeric_price" not in world.board.items[0].values
