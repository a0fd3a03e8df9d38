"""Promotion: complete orders only, each once, by name of column, with the snapshot of what was sent; and the sweep."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.small_board import applied, rejecting
from tests.small_world import World, order

from order_sync.model.detection import Change
from order_sync.model.errors import LostLease
from order_sync.model.ids import BatchId
from order_sync.steps.detect import detect
from order_sync.steps.job import Work
from order_sync.steps.promote import promote
from order_sync.steps.requeue import reopen
from order_sync.store.leases import Lease

MakeWorld = Callable[..., World]


def promoted(world: World) -> list[Any]:
    return world.rows('SELECT "Title" FROM MON_CustMasterSchedule ORDER BY "Title"')


@pytest.fixture
def incomplete(world: World) -> World:
    """Two orders; the second size of the first was refused."""
    world.board.answers.extend([applied, applied, rejecting(1)])
    world.run()
    return world


def test_an_order_with_a_missing_size_stays_and_its_neighbour_goes(incomplete: World) -> None:
    assert promoted(incomplete) == [("ST-A-2 A-2",)]
    assert incomplete.orders('"Title"', "stg_status") == [("ST-A-1 A-1", "API_SUCCESS")]
    assert incomplete.rows("SELECT COUNT(*) FROM MON_OrderSnapshot") == [(1,)]
    assert incomplete.rows("SELECT generation FROM MON_SnapshotState") == [(1,)]


def test_one_batch_may_have_two_promotions_and_an_order_is_in_one(incomplete: World) -> None:
    assert incomplete.requeue() == 1
    assert incomplete.run().open_errors == 0
    assert promoted(incomplete) == [("ST-A-1 A-1",), ("ST-A-2 A-2",)]
    assert incomplete.rows("SELECT generation FROM MON_SnapshotState") == [(2,)]
    counts = incomplete.rows(
        "SELECT status, total_records, successful_records, failed_records, orders_processed, subitems_processed, "
        "api_calls_made, retries_attempted FROM MON_BatchProcessing"
    )
    assert counts == [("COMPLETED", 6, 6, 0, 2, 4, 4, 1)]


def test_nothing_complete_writes_nothing(incomplete: World) -> None:
    with incomplete.job() as job:
        lease = job.store.leases.acquire("customer:NOVA PEAK")
        assert isinstance(lease, Lease)
        (batch,) = [BatchId(row) for (row,) in _batches(job)]
        assert promote(job, Work(batch, "NOVA PEAK", lease), "digest") == 0
        reopen(job, Work(batch, "NOVA PEAK", lease))
    assert incomplete.rows("SELECT generation FROM MON_SnapshotState") == [(1,)]
    assert incomplete.rows("SELECT status FROM MON_BatchProcessing") == [("COMPLETED_WITH_ERRORS",)]


def _batches(job: Any) -> list[Any]:
    with job.store.reading() as conn:
        return list(
            conn.execute(job.store.tables.batches.select().with_only_columns(job.store.tables.batches.c.batch_id))
        )


def test_an_identity_that_is_promoted_already_is_not_inserted_twice(make_world: MakeWorld) -> None:
    world = make_world(order("A-1"))
    world.run()
    world.change("DELETE FROM MON_OrderSnapshot")
    assert world.run().halted is None
    assert promoted(world) == [("ST-A-1 A-1",)]
    assert world.rows("SELECT COUNT(*) FROM MON_CustMasterSchedule_Subitems") == [(2,)]
    assert world.rows("SELECT COUNT(*) FROM MON_OrderSnapshot") == [(1,)]


def test_a_production_table_with_further_columns_in_another_order(make_world: MakeWorld) -> None:
    world = make_world(order("A-1"))
    world.change("DROP TABLE MON_CustMasterSchedule")
    world.change(
        'CREATE TABLE MON_CustMasterSchedule ("added later" NVARCHAR(9) DEFAULT \'x\', "UpdateDate" NVARCHAR(40), '
        '"Item ID" NVARCHAR(20), "PO" NVARCHAR(20), "PRICE" FLOAT, "KIND" NVARCHAR(20), "SEASON" NVARCHAR(20), '
        '"CUSTOMER" NVARCHAR(20), "STYLE" NVARCHAR(20), "ORDER" NVARCHAR(20), "another" INT, "Group" NVARCHAR(20), '
        '"Title" NVARCHAR(20))'
    )
    world.run()
    item = str(world.board.items[0].id)
    assert world.rows(
        'SELECT "added later", "another", "Title", "Group", "ORDER", "STYLE", "CUSTOMER", "SEASON", "KIND", "PRICE", '
        '"PO", "Item ID", "UpdateDate" FROM MON_CustMasterSchedule'
    ) == [("x", None, "ST-A-1 A-1", "NOVA PEAK SS26", "A-1", "ST-A-1", "NOVA PEAK", "SS26", "RECEIVED", 9.5, "PO-A-1",
           item, "2026-11-02T05:00:00Z")]  # fmt: skip


def test_the_snapshot_holds_what_was_sent_not_what_the_source_has_by_now(make_world: MakeWorld) -> None:
    world = make_world(order("A-1"))

    def correct(name: str, fields: dict[str, Any]) -> None:
        if name == "item.created":
            world.fill(order("A-1", PRICE="11"))

    world.run(listener=correct)
    with world.job() as job:
        assert detect(job).count(Change.CHANGED) == 1


def test_promoted_rows_are_archived_at_the_end_of_their_batch(world: World) -> None:
    world.run()
    assert world.orders("stg_id") == []
    assert world.rows("SELECT stg_status FROM ARC_STG_MON_CustMasterSchedule") == [("PROMOTED",)] * 2
    assert len(world.rows("SELECT 1 FROM ARC_STG_MON_CustMasterSchedule_Subitems")) == 4


def test_or_kept_for_some_days(world: World) -> None:
    world.with_settings("sweeping", keep_days=3)
    world.run()
    assert world.orders("stg_status") == [("PROMOTED",)] * 2
    assert world.rows("SELECT status, orders_processed FROM MON_BatchProcessing") == [("COMPLETED", 2)]
    calls = len(world.board.calls)
    world.run()
    assert len(world.board.calls) == calls


def test_a_lease_that_is_gone_promotes_nothing(incomplete: World) -> None:
    with incomplete.job() as job:
        lease = job.store.leases.acquire("customer:NOVA PEAK")
        assert isinstance(lease, Lease)
        incomplete.change("UPDATE MON_Lease SET fence = fence + 1 WHERE resource = 'customer:NOVA PEAK'")
        (batch,) = [BatchId(row) for (row,) in _batches(job)]
        with pytest.raises(LostLease):
            promote(job, Work(batch, "NOVA PEAK", lease), "digest")
