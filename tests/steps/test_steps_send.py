"""Sending: one outcome a row, halts that leave everything as it was, and the ways in which a call can fail."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tests import databases
from tests.small_board import (
    SmallBoard,
    applied,
    failing,
    halting,
    lost_after,
    lost_before,
    rejecting,
    throttled,
    unsent,
    warning,
)
from tests.small_world import World, order

from order_sync.model.errors import AuthenticationHalted, DailyLimitReached, Halted, LostLease, StoreBusy
from order_sync.model.ids import ItemId, OrderKey, StgId, SyncKey
from order_sync.model.outcomes import ErrorClass, Halt
from order_sync.model.states import RowStatus
from order_sync.monday.documents import Call
from order_sync.monday.errors import Delivery
from order_sync.reports.errors import ErrorFilter, error_report
from order_sync.steps.select import Selection
from order_sync.steps.send import _requests, _subitem
from order_sync.store.leases import Held
from order_sync.store.ledger.rows import StagedSize

MakeWorld = Callable[..., World]
PRODUCTION = "SELECT COUNT(*) FROM MON_CustMasterSchedule"


def a_size(at: int, doubts: int = 0, parent: int | None = 1) -> StagedSize:
    item = None if parent is None else ItemId(parent)
    return StagedSize(
        StgId(at), SyncKey(f"k{at}"), OrderKey("o"), f"Size {at}", "{}", False, RowStatus.PENDING, 0, doubts, 0, None,
        None, 0, None, StgId(1), item,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("halt", "error_class", "kind", "next_step"),
    [
        (Halt.AUTH, ErrorClass.AUTHENTICATION, AuthenticationHalted, "ORDER_SYNC_TOKEN"),
        (Halt.CONFIG, ErrorClass.CONFIGURATION, Halted, "order-sync check"),
        (Halt.DAILY_LIMIT, ErrorClass.DAILY_LIMIT, DailyLimitReached, "00:00 UTC"),
        (Halt.BOARD_FULL, ErrorClass.BOARD_FULL, Halted, "archive items"),
    ],
)
@pytest.mark.parametrize("before", [1, 2])
def test_a_halt_leaves_the_rows_pending_and_stops(
    world: World, halt: Halt, error_class: ErrorClass, kind: type[Halted], next_step: str, before: int
) -> None:
    world.board.answers.extend([applied] * before)
    world.board.answers.append(halting(halt, error_class))
    report = world.run()
    assert type(report.halted) is kind
    assert next_step in str(report.halted)
    assert len(world.board.calls) == before + 1
    staged = world.orders("stg_status") if before == 1 else world.sizes("stg_status")
    assert {status for (status,) in staged} == {"PENDING"}
    assert world.rows("SELECT error_summary FROM MON_BatchProcessing") == [(f"no more: {halt.value}",)]
    world.clock.sleep(timedelta(days=1))
    assert world.run().halted is None
    assert world.rows(PRODUCTION) == [(2,)]
    assert len(world.board.items) == 2


def test_a_rejected_row_keeps_its_cause_and_its_neighbours_go_on(world: World) -> None:
    world.board.answers.extend([applied, rejecting(0)])
    report = world.run()
    assert report.open_errors == 1
    assert world.orders("stg_status", "stg_max_retries_reached", "stg_error_class") == [
        ("API_FAILED", 1, "REJECTED_VALUE")
    ]
    assert world.sizes("stg_status") == [("BLOCKED",)] * 2
    (status, payload, original) = world.rows(
        "SELECT http_status_code, api_payload, original_data FROM ERR_MON_CustMasterSchedule"
    )[0]
    assert (status, json.loads(payload)["text_order"], json.loads(original)["NUMBER"]) == (200, "A-1", "A-1")
    assert world.rows("SELECT status FROM MON_BatchProcessing") == [("COMPLETED_WITH_ERRORS",)]
    assert world.run().open_errors == 1
    assert len(world.board.calls) == 3


def test_a_complaint_beside_a_made_item_is_kept_as_a_warning(world: World) -> None:
    world.board.answers.extend([applied, warning])
    assert world.run().open_errors == 0
    kept = world.rows("SELECT error_type, err_severity FROM ERR_MON_CustMasterSchedule")
    assert kept == [("REJECTED_VALUE", "warning")] * 2
    assert world.rows(PRODUCTION) == [(2,)]


def test_a_step_that_is_completed_after_the_first_promotion_has_its_time_too(world: World) -> None:
    world.board.answers.extend([applied, applied, lost_before])
    world.with_settings("sending", wave=1)
    report = world.run()
    assert (report.halted, report.unsettled) == (None, 0)
    done = "items_creation_completed, subitems_creation_completed, promotion_completed"
    ((status, *times),) = world.rows(f"SELECT status, {done} FROM MON_BatchProcessing")
    assert status == "COMPLETED"
    assert None not in times


def test_throttling_costs_no_attempt(world: World) -> None:
    world.board.answers.extend([applied, *[throttled] * 10])
    assert world.run().unsettled == 0
    assert world.rows("SELECT DISTINCT stg_retry_count FROM ARC_STG_MON_CustMasterSchedule") == [(0,)]
    assert world.clock.monotonic() >= 200
    assert world.rows(PRODUCTION) == [(2,)]


def test_failures_that_count_are_given_up_after_the_last_try(make_world: MakeWorld) -> None:
    world = make_world(order("A-1"))
    world.board.answers.extend([applied, *[failing] * 10])
    report = world.run()
    tries = world.settings.sending.max_retries + 1
    assert len(world.board.sent("create_items")) == tries
    assert world.orders("stg_retry_count", "stg_max_retries_reached") == [(tries, 1)]
    assert world.events("item.failed") == [{"count": 1}] * tries
    assert world.events("item.refused") == [{"count": 1}]
    assert report.open_errors == tries
    with world.job() as job, job.store.reading() as conn:
        (entry,) = error_report(conn, job.store.tables, ErrorFilter()).entries
        history = error_report(conn, job.store.tables, ErrorFilter(resolved=True)).entries
        other = error_report(conn, job.store.tables, ErrorFilter(cause="NULL_KEY"))
    assert (entry.retries, len(history), other.entries, other.others) == (tries, tries, (), 1)
    assert world.rows("SELECT status FROM MON_BatchProcessing") == [("FAILED",)]


def test_a_row_that_made_it_in_the_end_has_no_open_error(make_world: MakeWorld) -> None:
    world = make_world(order("A-1"))
    world.board.answers.extend([applied, failing, failing])
    assert world.run().open_errors == 0
    assert world.rows("SELECT COUNT(*), COUNT(resolved_date) FROM ERR_MON_CustMasterSchedule") == [(2, 2)]


def test_what_never_left_this_machine_is_tried_again(world: World) -> None:
    world.board.answers.extend([applied, unsent, applied, unsent])
    assert world.run().unsettled == 0
    assert world.rows(PRODUCTION) == [(2,)]
    assert world.rows("SELECT MAX(stg_retry_count), MAX(stg_attempt) FROM ARC_STG_MON_CustMasterSchedule") == [(0, 2)]


def test_one_answer_in_between_starts_the_count_anew(make_world: MakeWorld) -> None:
    world = make_world(*(order(f"A-{at}") for at in range(8)))
    world.with_settings("sending", wave=1)
    # group and four orders; four waves lost; one item with its sizes; three waves lost, which are due again later
    world.board.answers.extend([*[applied] * 9, *[unsent] * 4, applied, applied, *[unsent] * 3])
    assert world.run().halted is None
    assert world.events("breaker.opened") == []
    assert world.rows(PRODUCTION) == [(8,)]


def test_after_a_lost_answer_nothing_is_sent_until_the_doubt_is_over(make_world: MakeWorld) -> None:
    world = make_world(*(order(f"A-{at}") for at in range(6)))
    world.with_settings("sending", wave=2)
    sent_at: list[float] = []

    def note(name: str, _fields: object) -> None:
        if name == "call.done":
            sent_at.append(world.clock.monotonic())

    world.board.answers.extend([applied, lost_after])
    world.run(listener=note)
    assert sent_at[2] - sent_at[1] >= 2
    assert world.rows(PRODUCTION) == [(6,)]


@pytest.mark.parametrize("answer", [lost_after, lost_before])
@pytest.mark.parametrize("batch_size", [1, 2])
def test_the_rest_of_a_wave_waits_too(make_world: MakeWorld, answer: Any, batch_size: int) -> None:
    world = make_world(order("A-1"), order("A-2"), order("A-3"))
    world.with_settings("sending", batch_size=batch_size)
    world.board.answers.extend([applied, answer, applied, applied, answer])
    assert world.run().unsettled == 0
    assert world.rows(PRODUCTION) == [(3,)]
    assert len(world.board.items) == 3


def test_waits_for_the_budget_before_the_deadline_starts(world: World) -> None:
    world.board.budget.wait = timedelta(seconds=40)
    world.run()
    assert world.events("budget.waited_for") == [{"seconds": 40.0, "limit": "points"}]
    assert world.rows(PRODUCTION) == [(2,)]


def test_new_labels_are_asked_for_only_where_they_are_needed(world: World) -> None:
    columns = world.board.columns
    at = next(at for at, column in enumerate(columns) if column.id == "dropdown_season")
    world.run()
    variables = json.loads(world.board.sent("create_items")[0].body)["variables"]
    assert variables["l0"] is True
    columns[at] = replace(columns[at], labels=("SS26",))
    world.fill(order("A-1"), order("A-2"), order("A-3"))
    world.run()
    variables = json.loads(world.board.sent("create_items")[1].body)["variables"]
    assert variables["l0"] is False


def test_a_lease_that_is_lost_during_the_call_leaves_a_note_of_what_was_made(world: World) -> None:
    def steal(board: SmallBoard, call: Call) -> Delivery:
        world.change("UPDATE MON_Lease SET fence = fence + 1, owner = 'somebody' WHERE resource = 'board:42'")
        return applied(board, call)

    world.board.answers.extend([applied, steal])
    report = world.run()
    assert [each.customer for each in report.interrupted] == ["NOVA PEAK"]
    noted = world.rows("SELECT item_id, reason FROM MON_OrphanItem ORDER BY item_id")
    assert noted == [(item.id, "the lease was lost before the answer came") for item in world.board.items]
    assert world.orders("stg_status") == [("SENDING",)] * 2
    world.change("UPDATE MON_Lease SET owner = NULL")
    world.clock.sleep(timedelta(days=2))
    assert world.run().unsettled == 0
    assert len(world.board.items) == 2
    assert world.rows(PRODUCTION) == [(2,)]


def test_rows_sent_under_an_older_fence_are_put_in_doubt_by_whoever_gets_the_board(make_world: MakeWorld) -> None:
    world = make_world(order("A-1"), order("B-1", BRAND="SALT ROAD"))

    def die(name: str, fields: dict[str, Any]) -> None:
        if name == "call.done" and fields["operation"] == "create_items":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        world.run(Selection(customers=frozenset({"NOVA PEAK"})), listener=die)
    assert world.orders("stg_status") == [("SENDING",)]
    world.clock.sleep(timedelta(days=2))
    world.run(Selection(customers=frozenset({"SALT ROAD"})))
    assert ("IN_DOUBT",) in world.orders("stg_status")
    assert world.run().unsettled == 0
    assert len(world.board.items) == 2


def test_a_board_that_another_process_changes_is_waited_for(world: World) -> None:
    with world.job() as other:
        taken = other.store.leases.acquire("board:42")
        waited = 0

        def let_go(name: str, _fields: object) -> None:
            nonlocal waited
            waited += name == "board.waited_for"
            if waited == 3:
                other.store.leases.release(taken)  # type: ignore[arg-type]

        assert world.run(listener=let_go).halted is None
    assert waited == 3
    assert world.rows(PRODUCTION) == [(2,)]


def test_stopped_while_it_waits_for_the_board_a_run_ends(world: World) -> None:
    stop = threading.Event()
    with world.job() as other:
        assert not isinstance(other.store.leases.acquire("board:42"), Held)

        def ctrl_c(name: str, _fields: object) -> None:
            if name == "board.waited_for":
                stop.set()

        report = world.run(stop=stop, listener=ctrl_c)
    assert "stopped while waiting for the board" in str(report.interrupted[0].why)
    assert world.board.calls == []


def test_a_size_without_its_item_is_never_sent() -> None:
    with pytest.raises(LostLease, match="has no item"):
        _subitem(a_size(1, parent=None))
    assert _subitem(a_size(1)).parent_item_id == 1


def test_requests_keep_rows_of_like_history_together(world: World) -> None:
    rows = [a_size(at, doubts) for at, doubts in enumerate([0] * 3 + [1] * 13 + [2] * 7 + [3] * 2 + [5])]
    with world.job() as job:
        sizes = [[row.doubts for row in part] for part in _requests(job, "create_items", rows)]
    assert sizes == [[0] * 3, [1] * 12, [1], [2] * 6, [2], [3], [3], [5]]


def test_a_slow_server_gets_small_requests(world: World) -> None:
    with world.job() as job:
        job.server_time.measured("create_subitems", 1, timedelta(seconds=5))
        parts = list(_requests(job, "create_subitems", [a_size(at) for at in range(12)]))
    assert [len(part) for part in parts] == [5, 5, 2]


def test_no_order_is_sent_before_its_key_was_looked_for_however_many_wait_before_it(make_world: MakeWorld) -> None:
    many = [order(f"A-{at:03}", SEASON="FW26") for at in range(200)]
    world = make_world(*many, *(order(f"B-{at}") for at in range(3)))
    world.run(Selection(season=frozenset({"SS26"})))
    assert len(world.board.items) == 3
    world.wipe()
    world.board.answers.append(lost_before)  # the group of the many is in doubt: they wait, the three do not
    assert world.run().unsettled == 0
    assert len(world.board.items) == 203


@pytest.mark.parametrize("free_after", [1, 4, None])
def test_an_answer_in_hand_is_recorded_as_soon_as_the_database_lets_us(
    world: World, monkeypatch: pytest.MonkeyPatch, free_after: int | None
) -> None:
    if databases.on_server():
        pytest.skip("a transaction that has only begun locks nothing on a server")
    other, tries = world.engines.write.connect(), 0

    def lock(name: str, fields: dict[str, Any]) -> None:
        if name == "call.done" and fields["operation"] == "create_items":
            other.begin()

    def free(_wait: timedelta) -> None:
        nonlocal tries
        tries += 1
        if tries == free_after:
            other.rollback()

    monkeypatch.setattr(world.clock, "sleep", free)
    report = world.run(listener=lock)
    other.close()
    if free_after is None:
        assert isinstance(report.halted, StoreBusy)
        assert world.orders("stg_status") == [("SENDING",)] * 2
    else:
        assert report.halted is None
        assert world.rows(PRODUCTION) == [(2,)]
    assert len(world.board.sent("create_items")) == 1


@pytest.mark.parametrize("waits", [1, 2, 3])
def test_stopped_while_it_waits_for_the_budget_nothing_more_is_sent(world: World, waits: int) -> None:
    stop = threading.Event()

    def pace(name: str, _fields: object) -> None:
        if name in ("run.planned", "call.done"):
            world.board.budget.wait = timedelta(seconds=5)
        if name == "budget.waited_for" and len(world.events("budget.waited_for")) == waits:
            stop.set()

    assert world.run(listener=pace, stop=stop).stopped
    assert len(world.board.calls) == waits - 1
    assert world.run().halted is None
    assert world.rows(PRODUCTION) == [(2,)]
