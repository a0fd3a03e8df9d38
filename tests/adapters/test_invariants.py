"""The invariants: a run with faults breaks none of them, and each planted breach is told under its own number."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import msgspec
import pytest
from tests.harness import House, build_house

from monday_simulator.account.state import Item
from monday_simulator.gateway.faults import Rule
from monday_simulator.gateway.faults.kinds import Kind
from monday_simulator.gateway.wire import WireRecord
from order_sync.drill.board_contents import InProcess, ThroughApi
from order_sync.drill.breaches import Breach
from order_sync.drill.evidence import Evidence, Scene, look
from order_sync.drill.history import record_history
from order_sync.drill.invariants import INVARIANTS, check, checked

STG, ARC, PROD = "STG_MON_CustMasterSchedule", "ARC_STG_MON_CustMasterSchedule", "MON_CustMasterSchedule"
FAULTS = [Rule(Kind.BAD_ALIAS, on="create_item", nth=1), Rule(Kind.LOST_AFTER, on="create_subitem", nth=2)]
TOKEN = "a-token-that-is-nowhere"


@dataclass
class Stage:
    """A house after a run, to be damaged by one test. `wire`: a copy."""

    house: House
    scene: Scene
    wire: list[WireRecord]
    by_people: set[int] = field(default_factory=set)
    outputs: dict[str, bytes] = field(default_factory=dict)

    def sql(self, *statements: str, noted: bool = False) -> None:
        """`noted`: as somebody would who changes the tables while the triggers watch."""
        with closing(sqlite3.connect(self.house.folder / "orders.db")) as conn, conn:
            last = conn.execute("SELECT max(seq) FROM DRILL_History").fetchone()[0]
            for each in statements:
                assert conn.execute(each).rowcount != 0, f"changed nothing: {each}"
            if not noted:
                conn.execute("DELETE FROM DRILL_History WHERE seq > ?", [last])

    def one(self, query: str) -> Any:
        return self.house.rows(query)[0][0]

    @property
    def live(self) -> str:
        """The item of the first promoted order."""
        return str(self.one(f'SELECT "Item ID" FROM {PROD} ORDER BY "Item ID"'))

    @property
    def key(self) -> str:
        """The sync key of the first promoted order."""
        return str(self.one(f"SELECT sync_key FROM MON_SyncIdentity WHERE live_item_id = {self.live}"))

    def item(self, key: str | None = None) -> Item:
        return self.house.simulator.store.items[key or self.live]

    def size(self) -> Item:
        """The first subitem of that order."""
        return next(each for each in self.house.simulator.store.items.values() if each.parent_id == self.live)

    def add(self, item: Item, **changes: Any) -> None:
        """A further item on the board, like another."""
        items = self.house.simulator.store.items
        copy = msgspec.structs.replace(item, id=str(max(map(int, items)) + 1), **changes)
        items[copy.id] = copy

    def change_wire(self, at: int, **changes: Any) -> None:
        """One of the requests that asked for a change."""
        writes = [number for number, each in enumerate(self.wire) if each.operation == "mutation"]
        self.wire[writes[at]] = msgspec.structs.replace(self.wire[writes[at]], **changes)

    def look(self, **more: Any) -> Evidence:
        board = InProcess(self.house.simulator, self.house.project.mapping)
        return look(
            self.scene, board, wire=self.wire, by_people=self.by_people, outputs=self.outputs, token=TOKEN, **more
        )

    def breaches(self) -> list[Breach]:
        return check(self.look(), quiescent=True)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[House, Scene]:
    house = build_house(tmp_path_factory.mktemp("house"), rows=14, customers=2, dirt=0.25, faults=FAULTS)
    with house.job() as job, job.store.engines.write.begin() as conn:
        record_history(conn, job.store.tables, str(job.board_id))
    house.run()
    with house.job() as job:
        return house, Scene.of(job)


@pytest.fixture
def stage(built: tuple[House, Scene]) -> Iterator[Stage]:
    house, scene = built
    store = house.simulator.store
    kept, items = house.keep_database(), {key: msgspec.structs.replace(item) for key, item in store.items.items()}
    groups = {key: list(board.groups) for key, board in store.boards.items()}
    yield Stage(house, scene, list(house.simulator.wire_log))
    scene.engines.dispose()
    house.restore_database(kept)
    store.items = items
    for key, board in store.boards.items():
        board.groups = groups[key]


def test_run_with_faults_breaks_none(stage: Stage) -> None:
    assert stage.breaches() == []


def test_world_has_something_for_each_invariant_to_look_at(stage: Stage) -> None:
    evidence = stage.look()
    failed = evidence.ask("SELECT count(*) FROM staged WHERE status = 'API_FAILED'")
    doubted = evidence.ask("SELECT count(*) FROM staged WHERE doubts > 0")
    held = evidence.ask("SELECT count(*) FROM error WHERE source_rows IS NOT NULL AND resolved IS NULL")
    assert min(failed[0][0], doubted[0][0], held[0][0]) > 0
    assert [each.number for each in checked(evidence, quiescent=True)] == [
        each.number for each in INVARIANTS if each.checks
    ]


def test_stranger_reading_through_the_api_finds_the_same(stage: Stage) -> None:
    with stage.house.job() as job:
        board = ThroughApi(job.board, job.mapping)
        evidence = look(stage.scene, board, wire=stage.wire)
    assert check(evidence, quiescent=True) == []
    mine, theirs = (
        one.ask("SELECT item.id, item.key, grp, target, text FROM item JOIN shown ON item = item.id ORDER BY 1, 4")
        for one in (stage.look(), evidence)
    )
    assert mine == theirs


def test_numbers_run_from_1_to_24() -> None:
    assert [each.number for each in INVARIANTS] == list(range(1, 25))


# Every plant breaks one promise; `also` are promises that cannot but break with it.
Plant = Callable[[Stage], None]
PLANTS: list[Any] = []


def plant(number: int, *also: int) -> Callable[[Plant], Plant]:
    def register(do: Plant) -> Plant:
        PLANTS.append(pytest.param(number, also, do, id=f"I{number}-{do.__name__}"))
        return do

    return register


@plant(1)
def item_twice(stage: Stage) -> None:
    stage.add(stage.item())


@plant(1)
def subitem_twice(stage: Stage) -> None:
    stage.add(stage.size())


@plant(1)
def group_twice(stage: Stage) -> None:
    board = stage.house.simulator.store.boards[stage.house.project.mapping.board.id]
    made = stage.one("SELECT group_id FROM MON_Group WHERE request_id IS NOT NULL")
    group = next(each for each in board.groups if each.id == made)
    board.groups = [*board.groups, msgspec.structs.replace(group, id="copy", title=group.title.swapcase())]


@plant(2)
def promoted_item_is_gone(stage: Stage) -> None:
    stage.item().state = "deleted"


@plant(2)
def promoted_item_has_another_key(stage: Stage) -> None:
    stage.item().values = {**stage.item().values, stage.house.project.mapping.board.sync_key: "none-of-ours"}


@plant(2)
def production_row_twice(stage: Stage) -> None:
    stage.sql(f'INSERT INTO {PROD} SELECT * FROM {PROD} WHERE "Item ID" = {stage.live}')


@plant(3)
def stray_item(stage: Stage) -> None:
    key = stage.house.project.mapping.board.sync_key
    stage.add(stage.item(), values={**stage.item().values, key: "0-0-g1"})


@plant(4, 7)
def order_lost(stage: Stage) -> None:
    stage.sql(f"DELETE FROM {STG} WHERE stg_status = 'API_FAILED'", f"DELETE FROM {STG}_Subitems")


@plant(4)
def held_row_forgotten(stage: Stage) -> None:
    stage.sql("DELETE FROM ERR_MON_CustMasterSchedule WHERE err_source_rows IS NOT NULL")


@plant(5)
def snapshot_of_what_is_not_in_production(stage: Stage) -> None:
    stage.sql("INSERT INTO MON_OrderSnapshot SELECT 'ff', customer, source_hash, payload_hash, encoding_version, "
              "batch_id, promoted_at, mapping_hash FROM MON_OrderSnapshot LIMIT 1")  # fmt: skip


@plant(5)
def snapshot_of_another_version(stage: Stage) -> None:
    stage.sql(
        "UPDATE MON_OrderSnapshot SET source_hash = 'ff' WHERE rowid = (SELECT min(rowid) FROM MON_OrderSnapshot)"
    )


@plant(5, 4)
def snapshot_row_lost(stage: Stage) -> None:
    stage.sql("DELETE FROM MON_OrderSnapshot WHERE rowid = (SELECT min(rowid) FROM MON_OrderSnapshot)")


@plant(6)
def other_quantity_in_production(stage: Stage) -> None:
    stage.sql(f"UPDATE {PROD}_Subitems SET \"Order Qty\" = '77777' WHERE subitem_id = '{stage.size().id}'")


@plant(6, 20)
def other_quantity_on_the_board(stage: Stage) -> None:
    stage.size().values = {**stage.size().values, "numeric_mkra7j8e": "77777"}


@plant(6, 2)
def size_missing_in_production(stage: Stage) -> None:
    stage.sql(f"DELETE FROM {PROD}_Subitems WHERE subitem_id = '{stage.size().id}'")


@plant(6, 7)
def order_promoted_before_its_size(stage: Stage) -> None:
    stage.sql(f"UPDATE {ARC}_Subitems SET stg_status = 'PENDING' WHERE stg_monday_subitem_id = {stage.size().id}")


@plant(7)
def counter_off_by_one(stage: Stage) -> None:
    stage.sql("UPDATE MON_BatchProcessing SET successful_records = successful_records + 1")


@plant(8)
def call_lost(stage: Stage) -> None:
    stage.change_wire(0, idempotency_key="nobody-wrote-this-down")


@plant(8)
def call_without_a_key(stage: Stage) -> None:
    stage.change_wire(-1, idempotency_key=None)


@plant(8)
def result_lost(stage: Stage) -> None:
    stage.sql("DELETE FROM MON_ApiCallResult WHERE http_status = 200")


@plant(9)
def call_written_afterwards(stage: Stage) -> None:
    stage.sql("UPDATE MON_ApiCall SET created_at = '2099-01-01 00:00:00.000000' WHERE op = 'create_groups'")


@plant(9, 24)
def applied_although_the_call_names_another_row(stage: Stage) -> None:
    stage.sql(f"UPDATE MON_ApiCallRow SET sync_key = 'another' WHERE sync_key = '{stage.key}'")


@plant(10)
def call_above_its_lease(stage: Stage) -> None:
    stage.sql("UPDATE MON_ApiCall SET fence = 99999 WHERE op = 'create_groups'")


@plant(10)
def fence_falls(stage: Stage) -> None:
    change = "UPDATE MON_Lease SET fence = fence {} WHERE resource LIKE 'board%'"
    stage.sql(change.format("+ 2"), change.format("- 1"), noted=True)


@plant(10)
def claimed_under_an_old_fence(stage: Stage) -> None:
    stage.sql("UPDATE DRILL_History SET fence = lease - 1 WHERE becomes = 'SENDING'")


@plant(11)
def two_open_rows(stage: Stage) -> None:
    index = stage.one(
        f"SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = '{STG}_Subitems' AND name LIKE '%open'"
    )
    columns = [row[1] for row in stage.house.rows(f'PRAGMA table_info("{STG}_Subitems")')]
    names = ", ".join(f'"{name}"' for name in columns if name != "stg_subitem_id")
    stage.sql(f'DROP INDEX "{index}"',
              f"INSERT INTO {STG}_Subitems ({names}) SELECT {names} FROM {STG}_Subitems WHERE stg_status = 'BLOCKED'",
              "UPDATE MON_BatchProcessing SET total_records = (SELECT sum(n) FROM ("
              + " UNION ALL ".join(f"SELECT count(*) AS n FROM {table} WHERE stg_batch_id = batch_id"
                                   for table in (STG, f"{STG}_Subitems", ARC, f"{ARC}_Subitems")) + "))")  # fmt: skip


@plant(11)
def two_requests_in_flight(stage: Stage) -> None:
    stage.change_wire(0, took_ms=1_000_000_000)


@plant(12)
def illegal_transition(stage: Stage) -> None:
    stage.sql(f"UPDATE {STG} SET stg_status = 'BLOCKED' WHERE stg_status = 'API_FAILED'",
              f"UPDATE {STG} SET stg_status = 'PENDING' WHERE stg_status = 'BLOCKED'",
              f"UPDATE {STG} SET stg_status = 'API_FAILED' WHERE stg_status = 'PENDING'", noted=True)  # fmt: skip


@plant(12)
def illegal_transition_of_a_batch(stage: Stage) -> None:
    stage.sql("UPDATE DRILL_History SET was = 'FAILED' WHERE what = 'batch' AND becomes = 'PROMOTED'")


@plant(12)
def row_begins_as_sent(stage: Stage) -> None:
    stage.sql("UPDATE DRILL_History SET becomes = 'API_SUCCESS' WHERE was IS NULL AND what = 'item'")


@plant(12, 7)
def unknown_status(stage: Stage) -> None:
    stage.sql(f"UPDATE {ARC} SET stg_status = 'LIMBO' WHERE stg_monday_item_id = {stage.live}")


@plant(13, 7)
def doubt_without_end(stage: Stage) -> None:
    stage.sql(f"UPDATE {STG} SET stg_status = 'IN_DOUBT' WHERE stg_status = 'API_FAILED'")


@plant(13)
def group_left_sending(stage: Stage) -> None:
    stage.sql("UPDATE MON_Group SET status = 'SENDING'")


@plant(14)
def failure_without_an_entry(stage: Stage) -> None:
    stage.sql("DELETE FROM ERR_MON_CustMasterSchedule WHERE err_source_rows IS NULL")


@plant(14)
def one_byte_of_the_original_is_wrong(stage: Stage) -> None:
    stage.sql("UPDATE ERR_MON_CustMasterSchedule SET original_data = original_data || ' ' "
              "WHERE err_source_rows IS NULL")  # fmt: skip


@plant(15)
def production_edited(stage: Stage) -> None:
    stage.sql(f'UPDATE {PROD} SET "NOTES" = \'edited\' WHERE "Item ID" = {stage.live}')


@plant(15)
def production_written_outside_promotion(stage: Stage) -> None:
    stage.sql(f'UPDATE {PROD} SET "Title" = "Title"', noted=True)


@plant(16, 7)
def rolled_back_and_still_live(stage: Stage) -> None:
    batch = "(SELECT batch_id FROM MON_OrderSnapshot LIMIT 1)"
    stage.sql(f"UPDATE MON_BatchProcessing SET status = 'ROLLED_BACK' WHERE batch_id = {batch}")


@plant(20)
def other_value_on_the_board(stage: Stage) -> None:
    stage.item().values = {**stage.item().values, "text_mkr5wya6": "another number"}


@plant(20)
def other_name_on_the_board(stage: Stage) -> None:
    stage.item().name = "another name"


@plant(20)
def value_that_nobody_asked_for(stage: Stage) -> None:
    blank = "text_mkrh94rx"
    item = next(each for each in stage.house.simulator.store.items.values()
                if each.parent_id is None and blank not in each.values)  # fmt: skip
    item.values = {**item.values, blank: "from nowhere"}


@plant(21)
def too_many_tries(stage: Stage) -> None:
    stage.sql(f"UPDATE {STG} SET stg_retry_count = 5 WHERE stg_status = 'API_FAILED'")


@plant(21)
def claimed_before_it_was_due(stage: Stage) -> None:
    stage.sql("UPDATE DRILL_History SET due = '2099-01-01 00:00:00.000000' WHERE becomes = 'SENDING'")


@plant(21)
def calls_in_vain(stage: Stage) -> None:
    refused = next(each for each in reversed(stage.wire) if each.applied and each.fault is None)
    stage.wire += [
        msgspec.structs.replace(refused, seq=90_000 + at, applied=False, took_ms=0, made=(), boards=())
        for at in range(20)
    ]


@plant(22)
def token_in_a_log(stage: Stage) -> None:
    stage.outputs["run.log"] = b'{"authorization": "' + TOKEN.encode() + b'"}'


@plant(23, 2, 20)
def recorded_item_swept_away(stage: Stage) -> None:
    request = stage.one(f"SELECT request_id FROM MON_ApiCallRow WHERE sync_key = '{stage.key}'")
    stage.sql(f"UPDATE MON_ApiCall SET op = 'archive_items' WHERE request_id = '{request}'")
    stage.item().state = "archived"


@plant(23)
def recorded_item_is_to_be_swept_away(stage: Stage) -> None:
    stage.sql("INSERT INTO MON_OrphanItem (item_id, sync_key, reason, resolution, created_date) VALUES "
              f"({stage.live}, '{stage.key}', 'test', 'ARCHIVING', '2026-11-02 05:00:00.000000')")  # fmt: skip


@plant(24)
def source_row_forgotten(stage: Stage) -> None:
    stage.sql(f"UPDATE {ARC} SET stg_source_row = NULL WHERE stg_monday_item_id = {stage.live}")


@plant(24, 8)
def call_forgotten(stage: Stage) -> None:
    request = stage.one(f"SELECT request_id FROM MON_ApiCallRow WHERE sync_key = '{stage.key}'")
    stage.sql(f"DELETE FROM MON_ApiCall WHERE request_id = '{request}'")


@pytest.mark.parametrize(("number", "also", "do"), PLANTS)
def test_planted_breach_is_told_under_its_number(stage: Stage, number: int, also: tuple[int, ...], do: Plant) -> None:
    do(stage)
    breaches = stage.breaches()
    assert number in {each.invariant.number for each in breaches}
    assert {each.invariant.number for each in breaches} <= {number, *also}, "\n".join(map(str, breaches))
    assert all(each.examples and each.count >= len(each.examples) for each in breaches)
