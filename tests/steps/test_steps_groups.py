"""Groups: found by title, made where there is none, under the same protocol as items."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from tests.small_board import (
    SmallBoard,
    delivery,
    halting,
    lost_after,
    lost_before,
    throttled,
)
from tests.small_world import World, order

from order_sync.model.ids import GroupId
from order_sync.model.outcomes import Created, ErrorClass, Halt, InDoubt, Problem, Rejected, Retryable
from order_sync.monday.documents import Call
from order_sync.monday.errors import Delivery
from order_sync.monday.items import LiveGroup
from order_sync.steps import groups

MakeWorld = Callable[..., World]
TITLE = "NOVA PEAK SS26"


def known(world: World) -> list[tuple[str, str, str | None]]:
    return world.rows("SELECT title, status, group_id FROM MON_Group ORDER BY title_key")


def done(world: World) -> bool:
    return world.rows("SELECT COUNT(*) FROM MON_CustMasterSchedule") == [(len(world.rows("SELECT 1 FROM ORDERS")),)]


def rejected(_board: SmallBoard, call: Call) -> Delivery:
    problem = Problem(ErrorClass.REJECTED_VALUE, "the name is not taken", "InvalidArgument", 200)
    return delivery(call, {ref: Rejected(problem) for _, ref in call.refs})


def test_the_first_group_by_position_among_equal_titles_is_used_whatever_its_case(world: World) -> None:
    titles = ("Else", "nova peak ss26", TITLE)
    world.board.groups = [LiveGroup(GroupId(f"g{at}"), title) for at, title in enumerate(titles)]
    world.run()
    assert {item.group for item in world.board.items} == {"g1"}
    assert world.board.sent("create_groups") == []
    assert known(world) == [(TITLE, "API_SUCCESS", "g1")]


def test_a_recorded_group_is_not_looked_for_again(world: World) -> None:
    world.run()
    (first,) = world.board.groups
    world.board.groups.insert(0, LiveGroup(GroupId("upper"), TITLE))
    world.fill(order("A-1"), order("A-2"), order("A-3"))
    world.run()
    assert world.board.named("ST-A-3 A-3").group == first.id


def test_new_groups_end_in_alphabetical_order(make_world: MakeWorld) -> None:
    world = make_world(*(order(f"A-{season}", SEASON=season) for season in ("FW26", "AW25", "SS26")))
    world.run()
    assert [group.title for group in world.board.groups] == [
        f"NOVA PEAK {season}" for season in ("AW25", "FW26", "SS26")
    ]
    assert len(world.board.sent("create_groups")) == 1


def test_many_new_groups_take_several_requests(make_world: MakeWorld) -> None:
    world = make_world(*(order(f"A-{at}", SEASON=f"S{at:02}") for at in range(5)))
    world.with_settings("sending", batch_size=2)
    world.run()
    assert [len(call.refs) for call in world.board.sent("create_groups")] == [2, 2, 1]
    assert done(world)


def test_a_group_that_was_made_although_no_answer_came_is_found(world: World) -> None:
    world.board.answers.append(lost_after)
    report = world.run()
    assert report.unsettled == 0
    assert [group.title for group in world.board.groups] == [TITLE]
    assert done(world)


def test_a_group_that_was_not_made_is_made_after_two_proofs(world: World) -> None:
    world.board.answers.append(lost_before)
    world.run()
    assert [group.title for group in world.board.groups] == [TITLE]
    assert world.clock.monotonic() >= (world.settings.times.quarantine + timedelta(seconds=30)).total_seconds()
    assert done(world)


def test_while_a_group_is_in_doubt_its_orders_wait_and_others_go_on(make_world: MakeWorld) -> None:
    world = make_world(order("A-1"), order("A-2", SEASON="FW26"))
    world.board.groups = [LiveGroup(GroupId("there"), "NOVA PEAK FW26")]
    world.board.answers.append(lost_before)
    world.run()
    assert [item.name for item in world.board.items] == ["ST-A-2 A-2", "ST-A-1 A-1"]
    assert done(world)


def test_the_rest_of_the_groups_is_not_sent_while_the_board_must_be_quiet(make_world: MakeWorld) -> None:
    world = make_world(*(order(f"A-{at}", SEASON=f"S{at}") for at in range(3)))
    world.with_settings("sending", batch_size=1)
    world.board.answers.append(lost_after)
    world.run()
    assert sorted(group.title for group in world.board.groups) == [f"NOVA PEAK S{at}" for at in range(3)]
    assert done(world)


def test_a_throttled_group_waits_as_it_is_told(world: World) -> None:
    world.board.answers.append(throttled)
    world.run()
    assert world.clock.monotonic() >= 20
    assert done(world)


def test_a_rejected_group_gives_its_orders_to_a_person(make_world: MakeWorld) -> None:
    world = make_world(order("A-1"), order("A-2", SEASON="FW26"), order("A-3"))
    world.board.groups = [LiveGroup(GroupId("there"), "NOVA PEAK FW26")]
    world.board.answers.append(rejected)
    report = world.run()
    assert (report.unsettled, report.open_errors) == (0, 2)
    assert (
        world.orders("stg_status", "stg_max_retries_reached", "stg_error_message")
        == [("API_FAILED", 1, f"group '{TITLE}': the name is not taken")] * 2
    )
    assert known(world)[1] == (TITLE, "API_FAILED", None)
    assert [item.name for item in world.board.items] == ["ST-A-2 A-2"]
    assert world.requeue() == 2
    assert world.run().open_errors == 0
    assert done(world)


def test_a_halt_at_a_group_leaves_everything_as_it_was(world: World) -> None:
    world.board.answers.append(halting(Halt.CONFIG, ErrorClass.CONFIGURATION))
    report = world.run()
    assert "no more: CONFIG" in str(report.halted)
    assert known(world) == [(TITLE, "PENDING", None)]
    assert world.orders("stg_status") == [("PENDING",), ("PENDING",)]


def test_a_group_that_vanished_is_made_again(world: World) -> None:
    world.run()
    world.board.groups.clear()
    world.fill(order("A-1"), order("A-2"), order("A-3"))
    report = world.run()
    assert report.unsettled == 0
    assert [group.title for group in world.board.groups] == [TITLE]
    assert world.board.named("ST-A-3 A-3").group == world.board.groups[0].id
    assert done(world)


def test_a_group_left_by_a_process_that_died_is_looked_for(world: World) -> None:
    def die(name: str, _fields: object) -> None:
        if name == "call.done":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        world.run(listener=die)
    assert known(world) == [(TITLE, "SENDING", None)]
    world.clock.sleep(timedelta(days=2))  # the dead one's leases
    assert world.run().unsettled == 0
    assert len(world.board.groups) == 1
    assert done(world)


def test_an_outcome_of_an_item_is_none_of_a_group(world: World) -> None:
    with world.job() as job, pytest.raises(TypeError, match="not an outcome of a group"):
        groups._verdict(Created(1), job)  # type: ignore[arg-type]


def test_each_outcome_of_a_group_has_its_status(world: World) -> None:
    problem = Problem(ErrorClass.AMBIGUOUS, "")
    with world.job() as job:
        assert groups._verdict(InDoubt(problem), job) == ("IN_DOUBT", None, None)
        status, group, wait = groups._verdict(Retryable(problem), job)
    assert (status, group) == ("PENDING", None)
    assert wait is not None
    assert wait > timedelta(0)
