"""A second item with the key of a recorded one: archived where it is ours, left to a person where it is not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests import databases
from tests.harness import House, build_house
from tests.proof import differences

from monday_simulator.gateway.faults import Kind, Rule
from order_sync.clock import Clock
from order_sync.model.ids import ColumnId, ItemId
from order_sync.reports.chain import check_chain
from order_sync.steps import sweep_board
from order_sync.steps.sweep_board import Swept, sweep_after_run, sweep_orphans, sweep_surplus

pytestmark = pytest.mark.usefixtures("each_database")

LATE = 1_000.0  # seconds: beyond every wait of the protocol
ORPHANS = "SELECT item_id, kind, resolution FROM MON_OrphanItem ORDER BY orphan_id"
ARCHIVES = "SELECT request_id FROM MON_ApiCall WHERE op = 'archive_items'"


def late_house(folder: Path, on: str = "create_item", **more: Any) -> House:
    """Its first call of the kind is answered by nobody and happens when it has long been sent again."""
    fault = Rule(kind=Kind.LATE_APPLY, on=on, nth=1, after_seconds=LATE)
    return build_house(folder, rows=3, customers=1, faults=(fault,), settings="[sending]\nbatch_size = 1\n", **more)


def pass_time(clock: Clock | None, seconds: float) -> None:
    assert clock is not None
    clock.seconds += seconds  # type: ignore[attr-defined]


def with_its_second(folder: Path, on: str = "create_item") -> tuple[House, Any, Any]:
    """A house whose late call has happened by now: with the recorded item, and the second one."""
    house = late_house(folder, on)
    assert house.run().halted is None
    pass_time(house.clock, 2 * LATE)
    with house.job() as job:
        job.board.me()  # the simulator does what is due before it answers
    key = house.project.mapping.board.sync_key if on == "create_item" else house.project.mapping.subitems.sync_key
    by_key: dict[Any, list[Any]] = {}
    for item in house.simulator.store.items.values():
        by_key.setdefault(item.values.get(key), []).append(item)
    (pair,) = [items for found, items in by_key.items() if found is not None and len(items) > 1]
    recorded = {str(item) for (item,) in house.rows("SELECT live_item_id FROM MON_SyncIdentity")}
    (first,) = [item for item in pair if item.id in recorded]
    (second,) = [item for item in pair if item.id not in recorded]
    return house, first, second


def swept(house: House) -> Swept:
    with house.job() as job:
        return sweep_after_run(job)


def whole(house: House) -> None:
    with house.job() as job, job.store.reading() as conn:
        assert check_chain(conn, job.store.tables).breaks == ()


def test_an_item_that_came_long_after_its_call_is_archived_and_the_recorded_one_stays(tmp_path: Path) -> None:
    house, first, second = with_its_second(tmp_path)
    found = swept(house)
    assert found == Swept(archived=(int(second.id),))
    assert (first.state, second.state) == ("active", "archived")
    assert house.rows(ORPHANS) == [(int(second.id), "item", "ARCHIVED")]
    assert differences(house) == []
    whole(house)


def test_the_intent_to_archive_stands_before_the_call_under_its_key(tmp_path: Path) -> None:
    house, _, second = with_its_second(tmp_path)
    swept(house)
    ((request,),) = house.rows(ARCHIVES)
    (sent,) = [record for record in house.mutations if "archive_item" in record.fields]
    assert sent.idempotency_key == request
    ((classes, ids),) = house.rows(f"SELECT class, ids FROM MON_ApiCallResult WHERE request_id = '{request}'")
    assert (classes, list(json.loads(ids).values())) == ("Archived", [int(second.id)])


def test_a_size_that_came_late_is_archived_likewise(tmp_path: Path) -> None:
    house, first, second = with_its_second(tmp_path, "create_subitem")
    assert swept(house) == Swept(archived=(int(second.id),))
    assert (first.state, second.state) == ("active", "archived")
    assert house.rows(ORPHANS) == [(int(second.id), "subitem", "ARCHIVED")]


def test_the_next_run_that_has_work_archives_it(tmp_path: Path) -> None:
    house, first, second = with_its_second(tmp_path)
    with databases.working_on("sqlite"):  # on a server there is one house at a time
        more = build_house(tmp_path / "more", rows=6, customers=1).frame
    house.fill(more)
    report = house.run()
    assert report.swept.archived == (int(second.id),)
    assert (first.state, second.state) == ("active", "archived")


def test_a_sweep_that_has_swept_asks_nothing_more_of_what_it_archived(tmp_path: Path) -> None:
    house, _, second = with_its_second(tmp_path)
    swept(house)
    before = len(house.mutations)
    assert swept(house) == Swept()
    assert second.state == "archived"
    assert len(house.mutations) == before


def test_a_run_that_finds_nothing_to_do_makes_no_call(tmp_path: Path) -> None:
    house, _, second = with_its_second(tmp_path)
    before = len(house.simulator.wire_log)
    house.run()
    assert len(house.simulator.wire_log) == before
    assert second.state == "active"


def test_a_run_without_a_doubt_has_nothing_to_sweep(tmp_path: Path) -> None:
    house = build_house(tmp_path, rows=3, customers=1)
    house.run()
    before = len(house.simulator.wire_log)
    assert swept(house) == Swept()
    assert len(house.simulator.wire_log) == before


def test_a_copy_that_a_person_made_under_our_own_token_stays(tmp_path: Path) -> None:
    house = build_house(tmp_path, rows=3, customers=1)
    house.run()
    ((item,),) = house.rows("SELECT min(live_item_id) FROM MON_SyncIdentity WHERE size_label IS NULL")
    query = "mutation($b: ID!, $i: ID!) { duplicate_item(board_id: $b, item_id: $i) { id } }"
    body = {"query": query, "variables": {"b": house.project.mapping.board.id, "i": str(item)}}
    headers = {"authorization": "token-of-the-house", "content-type": "application/json"}
    answer = house.simulator.handle("POST", "/v2", headers, json.dumps(body).encode()).json()
    copy = int(answer["data"]["duplicate_item"]["id"])
    with house.job() as job:
        key = next(each.key for each in job.board.scan(ColumnId(job.mapping.board.sync_key)) if each.id == copy)
        assert key is not None
        (left,) = sweep_surplus(job, [(ItemId(copy), key)], []).left
    assert left.item_id == copy
    assert house.simulator.store.items[str(copy)].state == "active"


MINE_NOT = {
    "made by somebody else": ("creator_id", "88", "made by user 88"),
    "another name": ("name", "mine now", "differs from what was sent in name"),
}


@pytest.mark.parametrize("what", MINE_NOT)
def test_what_a_person_made_or_edited_is_reported_and_stays(tmp_path: Path, what: str) -> None:
    house, first, second = with_its_second(tmp_path)
    attribute, value, told = MINE_NOT[what]
    msgspec.structs.force_setattr(second, attribute, value)
    (left,) = swept(house).left
    assert (left.item_id, told in left.why) == (int(second.id), True)
    assert (first.state, second.state) == ("active", "active")
    assert house.rows(ORPHANS) == [(int(second.id), "item", "LEFT")]
    assert house.rows(ARCHIVES) == []


def test_a_value_that_a_person_changed_keeps_it_on_the_board(tmp_path: Path) -> None:
    house, _, second = with_its_second(tmp_path)
    column = _text_column(house, second)
    second.values[column] = "by hand"
    (left,) = swept(house).left
    assert column in left.why
    assert second.state == "active"


def test_a_note_in_a_column_that_we_do_not_write_keeps_it_on_the_board(tmp_path: Path) -> None:
    house, first, second = with_its_second(tmp_path)
    column = _text_column(house, second)
    _purge_bodies(house)
    first.values.pop(column)
    (left,) = swept(house).left
    assert column in left.why
    assert second.state == "active"


def test_with_its_body_purged_it_is_compared_with_the_recorded_item(tmp_path: Path) -> None:
    house, _, second = with_its_second(tmp_path)
    _purge_bodies(house)
    assert swept(house) == Swept(archived=(int(second.id),))


def _text_column(house: House, item: Any) -> str:
    mapping = house.project.mapping
    texts = [column.board.id for column in mapping.columns if column.board and column.board.type.value == "text"]
    return next(column for column in texts if item.values.get(column))


def _purge_bodies(house: House) -> None:
    with house.job() as job, job.store.engines.write.begin() as conn:
        conn.exec_driver_sql("DELETE FROM MON_ApiBody")


@pytest.mark.parametrize("state", ["archived", "deleted"])
def test_nothing_is_archived_when_a_person_removed_the_recorded_item(tmp_path: Path, state: str) -> None:
    house, first, second = with_its_second(tmp_path)
    house.simulator.store.retire_item(first, state)
    found = swept(house)
    assert found.archived == ()
    assert second.state == "active"
    assert house.rows(ARCHIVES) == []


def test_an_orphan_that_became_the_recorded_item_is_never_touched(tmp_path: Path) -> None:
    house, first, _ = with_its_second(tmp_path)
    with house.job() as job, job.store.engines.write.begin() as conn:
        conn.exec_driver_sql(
            "INSERT INTO MON_OrphanItem (board, item_id, sync_key, kind, reason, created_date) "
            f"SELECT board, live_item_id, sync_key, 'item', 'lost', '2026-01-01T00:00:00.000000Z' "
            f"FROM MON_SyncIdentity WHERE live_item_id = {first.id}"
        )
    swept(house)
    assert first.state == "active"
    assert (int(first.id), "item", "RECORDED") in house.rows(ORPHANS)


class Died(BaseException):
    """The process is gone."""


@pytest.mark.parametrize("where", ["before the call", "after the call"])
def test_the_next_sweep_completes_what_a_dead_one_began(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    house, first, second = with_its_second(tmp_path)

    def die(*_: Any, **__: Any) -> None:
        raise Died

    with monkeypatch.context() as patched, pytest.raises(Died):
        if where == "before the call":
            patched.setattr("order_sync.monday.board.Board.deliver", die)
        else:
            patched.setattr(sweep_board, "_record", die)
        swept(house)
    assert house.rows(ORPHANS) == [(int(second.id), "item", "ARCHIVING")]
    assert second.state == ("active" if where == "before the call" else "archived")
    assert swept(house).archived == (int(second.id),)
    assert (first.state, second.state) == ("active", "archived")
    assert house.rows(ORPHANS) == [(int(second.id), "item", "ARCHIVED")]
    whole(house)


@pytest.mark.parametrize("kind", [Kind.LOST_AFTER, Kind.ERROR_500_AFTER, Kind.WRONG_JSON])
def test_a_lost_answer_is_settled_by_the_items_state(tmp_path: Path, kind: Kind) -> None:
    house, first, second = with_its_second(tmp_path)
    house.simulator.faults.add(Rule(kind=kind, on="archive_item", nth=1))
    assert swept(house).archived == (int(second.id),)
    assert len(house.rows(ARCHIVES)) == 1
    assert (first.state, second.state) == ("active", "archived")


def test_a_call_that_never_arrived_is_made_again_by_the_next_sweep(tmp_path: Path) -> None:
    house, first, second = with_its_second(tmp_path)
    house.simulator.faults.add(Rule(kind=Kind.RESET_BEFORE, on="archive_item", nth=1))
    assert swept(house) == Swept(put_off=1)
    assert second.state == "active"
    assert swept(house).archived == (int(second.id),)
    assert (first.state, second.state) == ("active", "archived")


def test_a_person_who_archives_it_first_is_noticed(tmp_path: Path) -> None:
    house, _, second = with_its_second(tmp_path)
    msgspec.structs.force_setattr(second, "creator_id", "88")
    swept(house)
    house.simulator.store.retire_item(second, "archived")
    with house.job() as job:
        sweep_orphans(job, left=True)
    assert house.rows(ORPHANS) == [(int(second.id), "item", "GONE")]
