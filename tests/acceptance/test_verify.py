"""verify: record, ledger, production and board, each way in which they can disagree."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.acceptance.test_second_items import with_its_second
from tests.cli_calls import called, json_of, real_house, served
from tests.harness import House, build_house

from monday_simulator.account.lookup import Lookup
from order_sync.reports.verification import Discrepancy
from order_sync.steps.verify import Verified, verify

pytestmark = pytest.mark.usefixtures("each_database")


@pytest.fixture
def house(tmp_path: Path) -> House:
    house = build_house(tmp_path, rows=5, customers=1)
    assert house.run().halted is None
    return house


def verified(house: House) -> Verified:
    with house.job() as job:
        return verify(job)


def found(house: House) -> tuple[Discrepancy, ...]:
    return verified(house).report.findings


def change(house: House, sql: str) -> None:
    with house.job() as job, job.store.engines.write.begin() as conn:
        conn.exec_driver_sql(sql)


def an_order(house: House) -> Any:
    """The simulator's item of some recorded order."""
    ((item,),) = house.rows("SELECT min(live_item_id) FROM MON_SyncIdentity WHERE size_label IS NULL")
    return house.simulator.store.items[str(item)]


def a_size(house: House) -> Any:
    ((item,),) = house.rows("SELECT min(live_item_id) FROM MON_SyncIdentity WHERE size_label IS NOT NULL")
    return house.simulator.store.items[str(item)]


def set_key(house: House, item: Any, key: str | None) -> None:
    column = house.project.mapping.board.sync_key
    if key is None:
        item.values.pop(column, None)
    else:
        item.values[column] = key
    house.simulator.store.lookup = Lookup()


def test_after_a_good_run_everything_agrees(house: House) -> None:
    before = house.contents()
    mutations = len(house.mutations)
    seen = verified(house)
    assert seen.report.findings == ()
    assert seen.report.comparison.notes == ()
    ((orders, sizes),) = house.rows("SELECT COUNT(*) - COUNT(size_label), COUNT(size_label) FROM MON_SyncIdentity")
    compared = seen.report.comparison
    assert (compared.orders, compared.sizes, compared.on_board) == (orders, sizes, 5)
    assert house.contents() == before
    assert len(house.mutations) == mutations


@pytest.mark.parametrize("state", ["archived", "deleted"])
def test_a_recorded_item_that_a_person_removed(house: House, state: str) -> None:
    item = an_order(house)
    sizes = len(house.simulator.store.subitems(item.id))
    house.simulator.store.retire_item(item, state)
    gone = found(house)
    assert [each.disagreement for each in gone] == ["gone"] * (1 + sizes)
    assert (gone[0].kind, gone[0].item_id) == ("order", int(item.id))
    assert state in gone[0].what
    assert "restore it" in gone[0].fix


def test_a_recorded_size_that_a_person_removed(house: House) -> None:
    item = a_size(house)
    house.simulator.store.retire_item(item, "deleted")
    assert [(each.disagreement, each.kind, each.item_id) for each in found(house)] == [("gone", "size", int(item.id))]


@pytest.mark.parametrize("key", [None, "somebody-elses"])
def test_a_recorded_item_without_its_key(house: House, key: str | None) -> None:
    item = an_order(house)
    set_key(house, item, key)
    names = [(each.disagreement, each.item_id) for each in found(house)]
    assert ("key", int(item.id)) in names
    assert len(names) == (1 if key is None else 2)  # a key that is nobody's is named too


def test_an_item_of_which_nothing_is_recorded(house: House) -> None:
    item = an_order(house)
    change(house, f"UPDATE MON_SyncIdentity SET live_item_id = NULL WHERE live_item_id = {item.id}")
    names = {(each.disagreement, each.item_id) for each in found(house)}
    assert ("unrecorded", int(item.id)) in names
    assert ("production_only", int(item.id)) in names


def test_an_item_whose_order_is_on_its_way_is_not_judged(house: House) -> None:
    item = an_order(house)
    change(house, f"UPDATE MON_SyncIdentity SET live_item_id = NULL, state = NULL WHERE live_item_id = {item.id}")
    change(house, f'DELETE FROM MON_CustMasterSchedule WHERE "Item ID" = {item.id}')
    names = _columns(house)
    listed = ", ".join(f'"{name}"' for name in sorted(names))
    change(
        house,
        f"INSERT INTO STG_MON_CustMasterSchedule ({listed}) SELECT {listed} FROM ARC_STG_MON_CustMasterSchedule "
        f"WHERE stg_monday_item_id = {item.id}",
    )
    change(house, "UPDATE STG_MON_CustMasterSchedule SET stg_status = 'IN_DOUBT'")
    seen = verified(house).report
    assert [each for each in seen.findings if each.kind == "order"] == []
    assert seen.comparison.notes[0].startswith("orders on their way: 1")


def _columns(house: House) -> list[str]:
    """Of staging, but for the number that a row gets by itself."""
    with house.job() as job:
        return [column.name for column in job.store.tables.staging.columns if not column.primary_key]


def test_an_item_whose_key_this_database_never_gave(house: House) -> None:
    item = an_order(house)
    change(house, f"DELETE FROM MON_SyncIdentity WHERE parent_sync_id IN ({_sync_id(item)})")
    change(house, f"DELETE FROM MON_SyncIdentity WHERE live_item_id = {item.id}")
    assert ("unknown_key", int(item.id)) in {(each.disagreement, each.item_id) for each in found(house)}


def _sync_id(item: Any) -> str:
    return f"SELECT sync_id FROM MON_SyncIdentity WHERE live_item_id = {item.id}"


def test_production_that_lost_a_row_and_has_another_twice(house: House) -> None:
    item = an_order(house)
    table = "MON_CustMasterSchedule"
    change(
        house,
        f'INSERT INTO {table} SELECT * FROM {table} AS t WHERE "Item ID" = '
        f'(SELECT MIN(o."Item ID") FROM {table} AS o WHERE o."Item ID" > {item.id})',
    )
    change(house, f'DELETE FROM {table} WHERE "Item ID" = {item.id}')
    assert {each.disagreement.value for each in found(house)} == {"not_in_production", "twice_in_production"}


def test_rows_of_older_programs_in_production_are_a_note(house: House) -> None:
    change(house, 'INSERT INTO MON_CustMasterSchedule ("Item ID") VALUES (5)')
    seen = verified(house).report
    assert seen.findings == ()
    assert seen.comparison.notes == ("orders in production that this database did not make: 1, e.g. item 5",)


def test_a_record_that_was_altered(house: House) -> None:
    change(
        house,
        "UPDATE MON_ApiCallResult SET http_status = 500 "
        "WHERE request_id = (SELECT MIN(r.request_id) FROM MON_ApiCallResult AS r WHERE r.seq = 1) AND seq = 1",
    )
    (broken,) = found(house)
    assert (broken.disagreement, broken.kind) == ("record", "call")
    assert "answer 1 was altered" in broken.what


def test_a_second_item_is_named_with_the_reason_why_it_was_left(tmp_path: Path) -> None:
    house, first, second = with_its_second(tmp_path)
    msgspec.structs.force_setattr(second, "creator_id", "88")
    seen = verified(house)
    (finding,) = seen.report.findings
    assert (finding.disagreement, finding.item_id) == ("second", int(second.id))
    assert first.id in finding.what
    assert [item for item, _ in seen.items] == [int(second.id)]


def test_the_command_reports_sweeps_and_then_agrees(tmp_path: Path) -> None:
    house = real_house(tmp_path, rows=4, customers=1)
    with served(house) as board:
        assert called(house, "run", "--all", **board).exit_code == 0
        agreed = called(house, "verify", **board)
        assert agreed.exit_code == 0, agreed.stderr
        assert "agree" in agreed.stdout
        item = an_order(house)
        store = house.simulator.store
        twin = msgspec.structs.replace(item, id=str(int(item.id) + 500_000), values=dict(item.values))
        store.add_item(twin)
        found = called(house, "verify", "--json", **board)
        assert found.exit_code == 1
        said = json_of(found)
        assert said["ok"] is False
        assert [(each["disagreement"], each["item_id"]) for each in said["findings"]] == [("second", int(twin.id))]
        assert "--sweep" in said["findings"][0]["fix"]
        assert said["chain"]["breaks"] == []
        assert twin.state == "active"
        assert "carries the key of item" in called(house, "verify", **board).stdout
        swept = called(house, "verify", "--sweep", "--json", **board)
        assert swept.exit_code == 0, swept.stdout
        assert json_of(swept)["swept"]["archived"] == [int(twin.id)]
        assert (item.state, twin.state) == ("active", "archived")
