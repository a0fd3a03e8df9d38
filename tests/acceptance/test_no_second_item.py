"""Whatever the database forgot, lost or was restored from: what is on the board already is not made once more."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.harness import House, build_house
from tests.proof import differences

from monday_simulator.account.lookup import Lookup
from monday_simulator.gateway.faults import Kind, Rule
from monday_simulator.limits import Limits
from order_sync.model.errors import BoardUnavailable, RestoredDatabase
from order_sync.monday.board import Board
from order_sync.steps.restored import accept_restore
from order_sync.store.deploy import deploy
from order_sync.wiring import load_project

pytestmark = pytest.mark.usefixtures("each_database")

ITEMS = "SELECT COUNT(*) FROM MON_CustMasterSchedule"
SIZES = "SELECT COUNT(*) FROM MON_CustMasterSchedule_Subitems"


def stop_at(event: str, count: int = 1) -> tuple[threading.Event, Any]:
    """A stop flag, and the listener that sets it at the n-th such event."""
    stop, left = threading.Event(), [count]

    def listen(name: str, _fields: object) -> None:
        left[0] -= name == event
        if left[0] == 0:
            stop.set()

    return stop, listen


def change(house: House, sql: str) -> None:
    with house.job() as job, job.store.engines.write.begin() as conn:
        conn.exec_driver_sql(sql)


def accept_creator(house: House, user: str) -> None:
    path = house.folder / "order-sync.toml"
    text = path.read_text(encoding="utf-8").replace("[monday]", f'[monday]\nknown_creators = ["{user}"]')
    path.write_text(text, encoding="utf-8")
    house.project = load_project(path)


def give_to(house: House, user: str) -> None:
    """Everything on the board was made by that user."""
    for item in house.simulator.store.items.values():
        msgspec.structs.force_setattr(item, "creator_id", user)


def top_items(house: House) -> list[Any]:
    return [item for item in house.simulator.store.items.values() if item.parent_id is None]


def empty_key_column(house: House) -> None:
    for item in top_items(house):
        item.values.pop(house.project.mapping.board.sync_key, None)
    house.simulator.store.lookup = Lookup()


def test_every_order_of_a_large_batch_is_looked_for_before_it_is_made(tmp_path: Path) -> None:
    # One look-up asks for 99 keys: the wave is as large as the look-up, the batch larger.
    house = build_house(tmp_path, rows=130, customers=1, settings="[sending]\nwave = 100\n")
    house.run()
    house.wipe()
    before = len(house.mutations)
    report = house.run()
    assert report.halted is None
    assert len(house.mutations) == before
    assert differences(house) == []


def test_sizes_that_could_not_be_read_hold_back_the_adoption_of_their_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = build_house(tmp_path, rows=12, customers=1)
    house.run()
    house.wipe()
    before = len(house.mutations)
    with monkeypatch.context() as patched:
        patched.setattr(Board, "subitems_of", _unanswered)
        assert isinstance(house.run().halted, BoardUnavailable)
    assert house.run().halted is None
    assert len(house.mutations) == before
    assert differences(house) == []


def _unanswered(*_: object) -> None:
    raise BoardUnavailable("the question was not answered", next_step="run again")


@pytest.mark.parametrize("where", ["before the sizes are read", "after the orders were adopted"])
def test_a_process_that_dies_while_adopting_makes_no_size_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    house = build_house(tmp_path, rows=12, customers=1)
    house.run()
    house.wipe()
    before = len(house.mutations)
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        if where == "before the sizes are read":
            patched.setattr(Board, "subitems_of", _die)
        house.run(listener=lambda name, _: _die() if name == "item.adopted" else None)
    assert house.run().halted is None
    assert len(house.mutations) == before
    assert differences(house) == []


def _die(*_: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("calls", [1, 2, 3])
def test_a_backup_from_the_middle_of_a_batch_finds_what_was_made_after_it(tmp_path: Path, calls: int) -> None:
    house = build_house(tmp_path, rows=40, customers=1)
    stop, listener = stop_at("call.done", calls)
    house.run(stop=stop, listener=listener)
    kept = house.keep_database()
    house.run()
    before = len(house.mutations)
    house.restore_database(kept)
    with pytest.raises(RestoredDatabase):
        house.run()
    with house.job() as job:
        accept_restore(job)
    assert house.run().halted is None
    assert len(house.mutations) == before
    assert differences(house) == []


def test_an_order_refused_for_its_creator_is_adopted_once_he_is_known(tmp_path: Path) -> None:
    house = build_house(tmp_path, rows=8, customers=1)
    house.run()
    house.wipe()
    give_to(house, "777")
    before = len(house.mutations)
    assert house.run().open_errors == len(house.expected)
    accept_creator(house, "777")
    house.requeue_everything()
    assert house.run().open_errors == 0
    assert len(house.mutations) == before
    assert differences(house) == []


def test_an_order_refused_for_its_creator_is_refused_again_while_nobody_knows_him(tmp_path: Path) -> None:
    house = build_house(tmp_path, rows=8, customers=1)
    house.run()
    house.wipe()
    give_to(house, "777")
    before = len(house.mutations)
    for _ in range(2):
        house.run()
        house.requeue_everything()
    assert len(house.mutations) == before
    assert house.rows(ITEMS) == [(0,)]


def test_a_lost_snapshot_does_not_double_production(tmp_path: Path) -> None:
    house = build_house(tmp_path, rows=10, customers=1)
    house.run()
    before, calls = (house.rows(ITEMS), house.rows(SIZES)), len(house.mutations)
    change(house, "DELETE FROM MON_OrderSnapshot")
    assert house.run().open_errors == 0
    assert (house.rows(ITEMS), house.rows(SIZES)) == before
    assert len(house.mutations) == calls
    assert differences(house) == []


@pytest.mark.not_on_babelfish("a table under a view cannot be dropped there")
def test_tables_made_anew_beside_a_surviving_production_table_do_not_double_it(tmp_path: Path) -> None:
    house = build_house(tmp_path, rows=10, customers=1)
    house.run()
    before, calls = (house.rows(ITEMS), house.rows(SIZES)), len(house.mutations)
    with house.job() as job:
        engines, tables = job.store.engines, job.store.tables
        lost = [table for table in tables.all() if table not in tables.customer_owned()]
        with engines.write.begin() as conn:
            tables.metadata.drop_all(conn, lost)
        deploy(engines, tables)
    (house.folder / "ORDERS_UNIFIED_SNAPSHOT.parquet").unlink()
    assert house.run().halted is None
    assert (house.rows(ITEMS), house.rows(SIZES)) == before
    assert len(house.mutations) == calls
    assert differences(house) == []


def test_an_emptied_key_column_proves_no_absence(tmp_path: Path) -> None:
    fault = Rule(Kind.LOST_AFTER, on="create_item", nth=2)
    house = build_house(tmp_path, rows=40, customers=1, faults=[fault])
    stop, listener = stop_at("item.in_doubt")
    house.run(stop=stop, listener=listener)
    empty_key_column(house)
    before, items = len(house.mutations), len(top_items(house))
    for _ in range(2):
        assert isinstance(house.run().halted, BoardUnavailable)
    assert len(house.mutations) == before
    assert len(top_items(house)) == items


def test_a_board_that_does_not_count_its_items_proves_no_absence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = build_house(tmp_path, rows=6, customers=1)
    described = Board.describe

    def uncounted(*args: Any) -> Any:
        return replace(described(*args), items_count=None)

    monkeypatch.setattr(Board, "describe", uncounted)
    assert isinstance(house.run().halted, BoardUnavailable)
    assert house.mutations == []


@pytest.mark.parametrize("on", ["create_group", "create_item", "create_subitem"])
def test_a_restarted_process_keeps_the_board_quiet_for_what_an_earlier_one_left_in_doubt(
    tmp_path: Path, on: str
) -> None:
    # Two customers: the one that has nothing in doubt must wait as well.
    fault = Rule(Kind.LATE_APPLY, on=on, nth=1, after_seconds=119)
    house = build_house(tmp_path, rows=30, customers=2, faults=[fault])
    stop = threading.Event()
    house.run(stop=stop, listener=lambda name, _: stop.set() if name == "call.done" and _lost(house) else None)
    assert house.clock is not None
    restarted = house.clock.monotonic()
    made: list[float] = []

    def note(name: str, fields: dict[str, Any]) -> None:
        if name == "call.done" and fields["operation"].startswith("create"):
            made.append(house.clock.monotonic() - restarted)  # type: ignore[union-attr]

    report = house.run(listener=note)
    assert report.unsettled == 0
    assert made[0] >= house.project.settings.times.quiet.total_seconds()
    assert differences(house) == []


def _lost(house: House) -> bool:
    return any(record.fault for record in house.simulator.wire_log)


def test_what_is_not_visible_yet_is_not_made_again(tmp_path: Path) -> None:
    house = build_house(tmp_path, rows=60, customers=2, limits=Limits(read_lag=timedelta(seconds=12)))
    assert house.run().unsettled == 0
    assert differences(house) == []
