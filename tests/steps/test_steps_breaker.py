"""A board that fails whatever is sent to it is left alone, asked once, and in the end given up for now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.harness import build_house
from tests.lanes import SharedClock
from tests.small_board import SmallBoard, applied, delivery, halting, lost_before, server_error, unsent
from tests.small_world import World, order

from monday_simulator import LaneExecutor
from monday_simulator.gateway.faults import Kind, Rule
from order_sync.model.errors import Halted
from order_sync.model.outcomes import ErrorClass, Halt, InDoubt, Problem
from order_sync.monday.documents import Call
from order_sync.monday.errors import Delivery
from order_sync.run import exit_code

MakeWorld = Callable[..., World]


def names(world: World, *wanted: str) -> list[str]:
    return [name for name, _ in world.seen if name in wanted]


def many(make_world: MakeWorld, count: int = 8) -> World:
    world = make_world(*(order(f"A-{at}") for at in range(count)))
    world.with_settings("sending", wave=1)
    return world


def test_after_five_failures_nothing_is_sent_until_a_question_was_answered(make_world: MakeWorld) -> None:
    world = many(make_world)
    world.board.answers.extend([applied, *[unsent] * 5])
    at: list[tuple[str, float]] = []

    def note(name: str, _fields: object) -> None:
        if name in ("call.done", "breaker.opened", "breaker.closed"):
            at.append((name, world.clock.monotonic()))

    assert exit_code(world.run(listener=note)) == 0
    (opened,) = [when for name, when in at if name == "breaker.opened"]
    (closed,) = [when for name, when in at if name == "breaker.closed"]
    assert closed - opened == 60
    assert [name for name, when in at if opened < when < closed] == []
    assert world.board.asked.count("reachable") == 1
    assert world.rows("SELECT COUNT(*) FROM MON_CustMasterSchedule") == [(8,)]


def test_a_question_without_an_answer_makes_the_next_pause_longer(make_world: MakeWorld) -> None:
    world = many(make_world)
    world.with_settings("sending", wave=1, breaker_openings=4)
    world.board.answers.extend([applied, *[unsent] * 5])
    world.board.reaches.extend([False, False])
    assert exit_code(world.run()) == 0
    assert [fields["seconds"] for fields in world.events("breaker.waited_for")] == [60, 120, 240]
    assert [fields["openings"] for fields in world.events("breaker.opened")] == [1, 2, 3]


@pytest.mark.parametrize("answers", [True, False])
def test_a_board_that_stays_as_it_is_halts_the_run_and_loses_nothing(make_world: MakeWorld, answers: bool) -> None:
    world = many(make_world)
    world.board.answers.extend([applied, *[unsent] * 100])
    world.board.reaches.extend([answers] * 10)
    report = world.run()
    assert isinstance(report.halted, Halted)
    assert "failed again and again" in report.halted.what
    assert exit_code(report) == 3
    assert len(world.board.sent("create_items")) == (15 if answers else 5)
    assert world.clock.monotonic() < 300
    world.board.answers.clear()
    world.board.reaches.clear()
    world.clock.sleep(timedelta(hours=1))
    assert exit_code(world.run()) == 0
    assert world.rows("SELECT COUNT(*) FROM MON_CustMasterSchedule") == [(8,)]


def test_an_account_that_is_blocked_for_a_while_is_asked_after_a_minute(world: World) -> None:
    world.board.answers.extend([applied, halting(Halt.API_BLOCKED, ErrorClass.BLOCKED_BY_API)])
    assert exit_code(world.run()) == 0
    assert names(world, "breaker.opened", "breaker.closed") == ["breaker.opened", "breaker.closed"]
    assert world.clock.monotonic() >= 60
    assert world.rows("SELECT COUNT(*) FROM MON_CustMasterSchedule") == [(2,)]


def gateway_error(_board: SmallBoard, call: Call) -> Delivery:
    problem = Problem(ErrorClass.AMBIGUOUS, "bad gateway", None, 502)
    return delivery(call, {ref: InDoubt(problem) for _, ref in call.refs}, 502)


@pytest.mark.parametrize(("answer", "opens"), [(gateway_error, True), (server_error, True), (lost_before, False)])
def test_server_errors_to_orders_that_never_failed_before_open_it(
    make_world: MakeWorld, answer: Any, opens: bool
) -> None:
    """After a lost answer the board is quiet anyway, and what then is sent again counts on."""
    world = many(make_world)
    world.board.answers.extend([applied, *[answer] * 5])
    assert exit_code(world.run()) in (0, 1)
    assert bool(world.events("breaker.opened")) is opens or answer is lost_before
    assert world.rows("SELECT COUNT(*) FROM MON_CustMasterSchedule") == [(8,)]


def poisonous(*wrong: str) -> Callable[[SmallBoard, Call], Delivery]:
    """500, nothing made, whenever one of these names is in the request."""

    def answer(board: SmallBoard, call: Call) -> Delivery:
        bad = any(name.encode() in call.body for name in wrong)
        return server_error(board, call) if bad else applied(board, call)

    return answer


def test_orders_that_the_server_never_takes_do_not_stop_the_others(make_world: MakeWorld) -> None:
    world = make_world(*(order(f"A-{at:02}") for at in range(60)))
    wrong = [f"ST-A-{at:02}" for at in range(0, 30, 2)]
    world.board.answers.extend([poisonous(*wrong)] * 1_000)
    for _ in range(10):
        report = world.run()
        assert report.halted is None
        if not report.unsettled:
            break
    assert len(world.board.items) == 45
    assert world.orders("stg_status", "stg_max_retries_reached") == [("API_FAILED", 1)] * 15
    assert names(world, "breaker.opened") == []


def test_a_customer_of_such_orders_only_is_given_up_row_by_row(make_world: MakeWorld) -> None:
    world = make_world(*(order(f"A-{at:02}") for at in range(12)))
    world.board.answers.extend([applied, *[server_error] * 1_000])
    for _ in range(10):
        report = world.run()
        assert report.halted is None
        if not report.unsettled:
            break
    assert world.orders("stg_status") == [("API_FAILED",)] * 12
    assert names(world, "breaker.opened") == []


def test_lanes_leave_the_board_alone_together_and_one_asks(tmp_path: Path) -> None:
    clock = SharedClock()
    house = build_house(tmp_path, rows=6, customers=1, clock=clock)
    with house.job() as job, LaneExecutor(clock, 3, 3) as lanes:
        for _ in range(5):
            job.breaker.read(False)
        for lane in [lanes.submit(job.wait_for_breaker) for _ in range(3)]:
            lane.result()
        assert job.breaker.is_closed
    assert len(house.simulator.wire_log) == 1
    assert [name for name, _ in house.seen] == ["breaker.opened", *["breaker.waited_for"] * 3, "breaker.closed"]


def test_reads_that_fail_are_counted_too(tmp_path: Path) -> None:
    faults = [Rule(Kind.GATEWAY_504_BEFORE, on="me", nth=nth) for nth in range(1, 6)]
    house = build_house(tmp_path, rows=6, customers=1, faults=faults)
    with house.job() as job:
        for _ in range(4):
            assert job.board.reachable() is False
            assert job.breaker.is_closed
        assert job.board.reachable() is False
        assert not job.breaker.is_closed
        job.wait_for_breaker()
        assert job.breaker.is_closed
