"""The account's calls of a day: not asked for in vain, and the last of them kept for doubts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from tests.harness import House, VirtualClock, build_house
from tests.proof import differences
from tests.small_board import applied, lost_after
from tests.small_world import World, order

from monday_simulator.gateway.faults import Kind, Rule
from monday_simulator.limits import Limits
from order_sync.drill.lives import Inline
from order_sync.model.errors import DailyLimitReached
from order_sync.model.ids import BoardId
from order_sync.reports.status import status_report
from order_sync.run import exit_code, run_unfinished
from order_sync.store.ledger.daily import add_calls, read_day, set_resume

MakeWorld = Callable[..., World]
DAY = date(2026, 11, 2)
MIDNIGHT = datetime(2026, 11, 3, tzinfo=UTC)


def refused_once(folder: Path, on: str) -> House:
    """The server says once, at the first call of a kind, that the day's calls are used up."""
    to_midnight = 19 * 3_600
    fault = Rule(Kind.THROTTLE_429, on=on, nth=1, code="DAILY_LIMIT_EXCEEDED", retry_in_seconds=to_midnight)
    return build_house(folder, rows=6, customers=1, faults=[fault])


def stored(house: House) -> datetime:
    with house.job() as job, job.store.reading() as conn:
        resume_at = read_day(conn, job.store.tables, job.board_id, DAY).resume_at
    assert resume_at is not None
    return resume_at


@pytest.mark.parametrize("on", ["create_item", "create_subitem", "me"])
def test_a_run_before_the_stored_time_makes_no_call_and_one_after_it_goes_on(tmp_path: Path, on: str) -> None:
    house = refused_once(tmp_path, on)
    report = house.run()
    assert isinstance(report.halted, DailyLimitReached)
    assert exit_code(report) == 1
    assert MIDNIGHT <= stored(house) <= MIDNIGHT + timedelta(seconds=121)
    calls = len(house.simulator.wire_log)
    assert house.clock is not None
    while house.clock.now() + timedelta(hours=2) < stored(house):
        house.clock.sleep(timedelta(hours=2))
        with pytest.raises(DailyLimitReached, match="takes none before 2026-11-03 00:0") as caught:
            house.run()
        assert "--ignore-daily-limit" in str(caught.value.next_step)
    with house.job() as job, pytest.raises(DailyLimitReached):
        run_unfinished(job, [], Inline())
    assert len(house.simulator.wire_log) == calls
    house.clock.sleep(timedelta(hours=2))
    assert exit_code(house.run()) == 0
    assert differences(house) == []


def test_status_says_until_when_and_how_many(tmp_path: Path) -> None:
    house = refused_once(tmp_path, "create_item")
    house.run()
    with house.job() as job:
        today = status_report(job.store, job.board_id).today
    assert today.no_call_before == stored(house)
    assert today.calls == len(house.simulator.wire_log)
    assert today.limit == 25_000


def test_a_person_may_go_on_at_once(tmp_path: Path) -> None:
    house = refused_once(tmp_path, "create_item")
    house.run()
    with house.job() as job:
        job.daily.ignored = True
        house.run_with(job)
    assert differences(house) == []
    assert exit_code(house.run()) == 0


def test_the_last_calls_of_each_day_are_kept_until_all_is_sent(tmp_path: Path) -> None:
    clock = VirtualClock()
    house = build_house(
        tmp_path, rows=90, customers=3, clock=clock, limits=Limits(calls_per_day=20), settings="[sending]\nwave = 5\n"
    )
    days = []
    for _ in range(20):
        before = len(house.simulator.wire_log)
        report = house.run()
        days.append(len(house.simulator.wire_log) - before)
        if report.halted is None:
            break
        assert "19 of the account's 20 calls" in report.halted.what or "20 of the account's 20" in report.halted.what
        assert exit_code(report) == 1
        with pytest.raises(DailyLimitReached, match="are kept for looking up rows in doubt"):
            house.run()
        clock.sleep(timedelta(days=1))
    assert len(days) > 2
    assert max(days) <= 20
    assert all(record.status == 200 for record in house.simulator.wire_log)
    assert differences(house) == []


def test_doubts_are_settled_from_the_reserve_and_nothing_new_is_sent(make_world: MakeWorld) -> None:
    world = make_world(*(order(f"A-{at}") for at in range(4)))
    world.with_settings("sending", wave=2)
    world.board.daily_calls = 6
    world.board.answers.extend([applied, lost_after])
    report = world.run()
    assert isinstance(report.halted, DailyLimitReached)
    assert world.board.budget.calls > 5
    assert sorted(world.orders("stg_status")) == [("API_SUCCESS",)] * 2 + [("PENDING",)] * 2
    assert [call.operation for call in world.board.calls] == ["create_groups", "create_items"]
    world.clock.sleep(timedelta(days=1))
    world.board.daily_calls = 1_000
    assert exit_code(world.run()) == 0
    assert world.rows("SELECT COUNT(*) FROM MON_CustMasterSchedule") == [(4,)]
    assert len(world.board.items) == 4


def test_where_the_server_tells_no_limit_there_is_no_reserve(world: World) -> None:
    def spend(name: str, _fields: object) -> None:
        if name == "run.planned":
            world.board.budget.calls += 10**6

    assert exit_code(world.run(listener=spend)) == 0
    ((calls, limit),) = world.rows("SELECT calls, calls_limit FROM MON_DailyCalls")
    assert calls > 10**6
    assert limit is None


def test_a_run_without_work_writes_no_count(world: World) -> None:
    world.run()
    before = world.rows("SELECT * FROM MON_DailyCalls")
    world.clock.sleep(timedelta(days=1))
    world.run()
    assert world.rows("SELECT * FROM MON_DailyCalls") == before


def test_boards_of_one_account_count_together(world: World) -> None:
    ours, other, foreign = BoardId("42"), BoardId("77"), BoardId("88")
    with world.job() as job:
        tables = job.store.tables
        with job.store.engines.write.begin() as conn:
            add_calls(conn, tables, ours, DAY, 5, "1", 1_000)
            add_calls(conn, tables, other, DAY, 7, "1", None)
            add_calls(conn, tables, other, DAY, 1, None, None)
            add_calls(conn, tables, foreign, DAY, 50, "2", 200)
            assert read_day(conn, tables, ours, DAY).calls == 13
            assert read_day(conn, tables, ours, DAY + timedelta(days=1)).calls == 0
            set_resume(conn, tables, other, MIDNIGHT)
            assert read_day(conn, tables, ours, DAY).resume_at == MIDNIGHT
            assert read_day(conn, tables, foreign, DAY).resume_at is None
            set_resume(conn, tables, ours, None)
            assert read_day(conn, tables, other, DAY).resume_at is None
