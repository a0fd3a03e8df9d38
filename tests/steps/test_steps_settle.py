"""Rows in doubt: found at any time, absent only after the quarantine and a second proof."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from tests.small_board import SOMEBODY, applied, lost_after, lost_before, server_error
from tests.small_world import World, order

from order_sync.model.errors import BoardUnavailable

MakeWorld = Callable[..., World]


def whole(world: World) -> bool:
    """Each order once on the board with its sizes, and in production."""
    names = sorted(item.name for item in world.board.items)
    rows = world.rows('SELECT "Title" FROM MON_CustMasterSchedule ORDER BY "Title"')
    return [(name,) for name in names] == rows and all(len(item.subitems) == 2 for item in world.board.items)


def items_lost(*answers: Any) -> list[Any]:
    """The group is made as it should be; then come these."""
    return [applied, *answers]


def test_what_was_made_is_found_by_the_first_polls(world: World) -> None:
    world.board.answers.extend(items_lost(lost_after))
    assert world.run().unsettled == 0
    assert whole(world)
    assert world.clock.monotonic() < 5
    assert world.events("item.found") == [{"count": 2}]
    assert world.rows("SELECT DISTINCT resolved_by FROM ERR_MON_CustMasterSchedule") == [("found on the board",)]


def test_what_was_not_made_is_sent_again_after_two_proofs_and_no_earlier(world: World) -> None:
    world.board.answers.extend(items_lost(lost_before))
    assert world.run().unsettled == 0
    assert whole(world)
    times = world.settings.times
    assert world.clock.monotonic() >= (times.quarantine + times.of("second_proof")).total_seconds()
    assert world.events("item.absent") == [{"count": 2}]
    assert len(world.board.sent("create_items")) == 2


def test_the_second_proof_comes_by_another_path_than_the_first(make_world: MakeWorld) -> None:
    world = make_world(order("A-1"))
    world.run()
    world.fill(order("A-1"), order("A-2"))
    world.board.asked.clear()
    world.board.answers.append(lost_before)
    world.run()
    assert world.board.asked.count("scan") == 1
    assert world.board.asked.count("find_by_key") >= 3
    assert whole(world)


def test_an_item_that_comes_to_light_between_the_proofs_is_adopted(world: World) -> None:
    late: list[Any] = []

    def apply_later(board: Any, call: Any) -> Any:
        late.append(call)
        return lost_before(board, call)

    def appear(name: str, _fields: object) -> None:
        if name == "rows.waited_for" and world.clock.monotonic() >= 200 and late:
            world.board.apply(late.pop())

    world.board.answers.extend(items_lost(apply_later))
    assert world.run(listener=appear).unsettled == 0
    assert whole(world)
    assert len(world.board.sent("create_items")) == 1


def test_sizes_are_found_through_their_parents(world: World) -> None:
    world.board.answers.extend(items_lost(applied, lost_after))
    assert world.run().unsettled == 0
    assert whole(world)
    assert world.events("subitem.found") == [{"count": 4}]


def test_sizes_that_were_not_made_are_sent_again(world: World) -> None:
    world.board.answers.extend(items_lost(applied, lost_before))
    assert world.run().unsettled == 0
    assert whole(world)
    assert world.events("subitem.absent") == [{"count": 4}]


@pytest.mark.parametrize("answer", [lost_after, lost_before])
def test_sizes_of_a_parent_that_was_archived_are_given_to_a_person(world: World, answer: Any) -> None:
    def archive(name: str, fields: dict[str, Any]) -> None:
        if name == "item.created":
            world.board.items[0].state = "archived"

    world.board.answers.extend(items_lost(applied, answer))
    report = world.run(listener=archive)
    assert report.unsettled == 0
    assert report.open_errors > 0
    messages = world.sizes("stg_status", "stg_error_message")
    assert [status for status, text in messages if "was archived or deleted" in (text or "")] == ["API_FAILED"] * 2
    assert world.rows('SELECT "Title" FROM MON_CustMasterSchedule') == [("ST-A-2 A-2",)]
    assert world.clock.monotonic() >= world.settings.times.quarantine.total_seconds()
    world.board.items[0].state = "active"
    assert world.requeue() == 2
    assert world.run().open_errors == 0
    assert whole(world)


def test_two_server_errors_each_proven_absent_are_given_up(make_world: MakeWorld) -> None:
    world = make_world(order("A-1"))
    world.board.answers.extend(items_lost(server_error, server_error))
    report = world.run()
    assert report.open_errors >= 1
    assert world.orders("stg_status", "stg_max_retries_reached") == [("API_FAILED", 1)]
    messages = world.rows("SELECT error_message FROM ERR_MON_CustMasterSchedule WHERE max_retries_reached = 1")
    assert messages == [("the server answered 500 and made nothing each time: it does not take this row",)]
    assert world.board.items == []


def test_one_server_error_is_one_attempt(make_world: MakeWorld) -> None:
    world = make_world(order("A-1"))
    world.board.answers.extend(items_lost(server_error))
    assert world.run().unsettled == 0
    assert whole(world)


def test_a_strangers_item_with_our_key_is_no_proof_that_ours_was_made(make_world: MakeWorld) -> None:
    world = make_world(order("A-1"))

    def copied(board: Any, call: Any) -> Any:
        gone = lost_after(board, call)
        board.items[-1].creator = SOMEBODY
        return gone

    world.board.answers.extend(items_lost(copied))
    world.run()
    assert world.orders("stg_monday_item_id") != [(world.board.items[0].id,)]


def test_a_board_that_cannot_be_asked_proves_nothing(world: World) -> None:
    def fall_silent(name: str, fields: dict[str, Any]) -> None:
        if name == "item.in_doubt":
            world.board.trouble = BoardUnavailable("no answer", next_step="run again")

    world.board.answers.extend(items_lost(lost_before))
    report = world.run(listener=fall_silent)
    assert isinstance(report.halted, BoardUnavailable)
    assert world.orders("stg_status", "stg_absent_proofs") == [("IN_DOUBT", 0)] * 2
    world.board.trouble = None
    assert world.run().unsettled == 0
    assert whole(world)


def test_a_new_process_starts_the_quarantine_anew(world: World) -> None:
    def die(name: str, fields: dict[str, Any]) -> None:
        if name == "rows.waited_for" and world.clock.monotonic() > 50:
            raise KeyboardInterrupt

    world.board.answers.extend(items_lost(lost_before))
    with pytest.raises(KeyboardInterrupt):
        world.run(listener=die)
    world.clock.sleep(timedelta(days=2))  # the dead one's leases
    began = world.clock.monotonic()
    assert world.run().unsettled == 0
    assert world.clock.monotonic() - began >= world.settings.times.quarantine.total_seconds()
    assert whole(world)


def test_rows_that_were_in_doubt_share_ever_smaller_requests(make_world: MakeWorld) -> None:
    world = make_world(*(order(f"A-{at:02}") for at in range(25)))
    world.board.answers.extend(items_lost(lost_before, lost_before, lost_before, lost_before))
    world.run()
    assert [len(call.refs) for call in world.board.sent("create_items")][:3] == [25, 12, 12]
    assert whole(world)
