"""Look before create: what is on the board is adopted, and absence is believed only beside a control."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.small_board import SOMEBODY, US
from tests.small_world import MAPPING, World, order

from order_sync.model.errors import BoardUnavailable, ForeignItems
from order_sync.model.ids import ItemId, SyncKey
from order_sync.monday.items import BoardItem
from order_sync.steps.check import accept_foreign
from order_sync.steps.look_up import pick

MakeWorld = Callable[..., World]


def promoted(world: World) -> list[Any]:
    return world.rows('SELECT "Title", "Item ID" FROM MON_CustMasterSchedule ORDER BY "Title"')


def shown(world: World) -> list[Any]:
    return sorted((item.name, int(item.id)) for item in world.board.items if item.state == "active")


@pytest.fixture
def forgotten(world: World) -> World:
    """A world whose database forgot what it sent."""
    world.run()
    world.wipe()
    return world


def test_what_we_made_is_adopted_with_its_sizes(forgotten: World) -> None:
    report = forgotten.run()
    assert report.halted is None
    assert forgotten.board.calls == []
    assert promoted(forgotten) == shown(forgotten)
    assert forgotten.rows("SELECT COUNT(*) FROM MON_CustMasterSchedule_Subitems") == [(4,)]
    assert forgotten.events("item.adopted") == [{"count": 2}]


def test_sizes_that_are_missing_beside_an_adopted_item_are_made(forgotten: World) -> None:
    forgotten.board.items[0].subitems.pop()
    forgotten.run()
    assert [call.operation for call in forgotten.board.calls] == ["create_subitems"]
    assert len(forgotten.board.calls[0].refs) == 1
    assert promoted(forgotten) == shown(forgotten)


def test_sizes_without_a_key_column_are_adopted_by_their_names(make_world: MakeWorld) -> None:
    world = make_world(order("A-1"), mapping=MAPPING.replace("  sync_key: text_subkey\n", ""))
    world.run()
    world.wipe()
    assert world.run().halted is None
    assert world.board.calls == []


def test_an_item_of_another_user_of_ours_is_adopted_where_the_settings_name_him(forgotten: World) -> None:
    for item in forgotten.board.items:
        item.creator = SOMEBODY
    forgotten.with_settings("monday", known_creators=[SOMEBODY])
    forgotten.run()
    assert forgotten.board.calls == []
    assert promoted(forgotten) == shown(forgotten)


def test_a_strangers_copy_is_neither_adopted_nor_doubled(forgotten: World) -> None:
    forgotten.board.items[0].creator = SOMEBODY
    report = forgotten.run()
    assert report.open_errors == 1
    errors = forgotten.rows("SELECT error_type, error_message, max_retries_reached FROM ERR_MON_CustMasterSchedule")
    assert errors[0][0::2] == ("REJECTED_ROW", 1)
    assert "was made by user 88: name that user in monday.known_creators" in errors[0][1]
    assert forgotten.board.calls == []
    assert [title for title, _ in promoted(forgotten)] == ["ST-A-2 A-2"]


def test_of_two_items_with_one_key_the_lowest_is_adopted_and_the_other_noted(forgotten: World) -> None:
    first = forgotten.board.items[0]
    copy = forgotten.board.plant(first.name, dict(first.values), first.group, creator=US)
    forgotten.run()
    assert (first.name, int(first.id)) in promoted(forgotten)
    assert forgotten.rows("SELECT item_id, reason FROM MON_OrphanItem") == [(copy.id, "same key on the board")]


def test_an_item_that_a_person_removed_is_not_made_again(world: World) -> None:
    world.run()
    world.board.items[0].state = "archived"
    world.change("DELETE FROM MON_OrderSnapshot")
    report = world.run()
    assert len(world.board.sent("create_items")) == 1
    assert report.open_errors == 1
    (message,) = world.rows("SELECT error_message FROM ERR_MON_CustMasterSchedule")[0]
    assert "is no longer on the board" in message


def test_without_a_recorded_item_the_whole_board_is_read(world: World) -> None:
    world.run()
    assert "scan" in world.board.asked
    assert "find_by_key" not in world.board.asked


def test_beside_a_recorded_item_the_filter_does(world: World) -> None:
    world.run()
    world.board.asked.clear()
    world.fill(order("A-1"), order("A-2"), order("A-3"))
    world.run()
    assert "find_by_key" in world.board.asked
    assert "scan" not in world.board.asked


def test_a_control_that_is_gone_is_replaced_by_another(world: World) -> None:
    world.run()
    world.board.items[0].state = "archived"
    world.board.asked.clear()
    world.fill(order("A-1"), order("A-2"), order("A-3"))
    world.run()
    assert world.board.asked.count("find_by_key") == 2
    assert "scan" not in world.board.asked
    assert world.board.named("ST-A-3 A-3").state == "active"


def test_a_filter_that_finds_nothing_proves_nothing(world: World) -> None:
    world.run()
    world.board.blind = True
    world.fill(order("A-1"), order("A-2"), order("A-3"))
    world.change("DELETE FROM MON_OrderSnapshot")
    world.run()
    assert world.board.asked.count("find_by_key") == 2  # as many as items are recorded
    assert "scan" in world.board.asked
    assert sorted(item.name for item in world.board.items) == ["ST-A-1 A-1", "ST-A-2 A-2", "ST-A-3 A-3"]


def test_a_scan_that_reads_less_than_the_board_counts_proves_nothing(world: World) -> None:
    world.board.counted.extend([3, 3, 3])
    report = world.run()
    assert isinstance(report.halted, BoardUnavailable)
    assert "the board counts 3 items and 0 could be read" in str(report.halted)
    assert world.board.sent("create_items") == []


def test_a_count_that_was_out_of_date_is_asked_again(world: World) -> None:
    world.board.counted.append(3)
    report = world.run()
    assert report.halted is None
    assert len(world.board.items) == 2


@pytest.mark.parametrize(
    ("creators", "picked"),
    [((US,), 1), ((SOMEBODY,), None), ((SOMEBODY, US), 2), ((US, US), 1), ((None,), 1), ((), None)],
)
def test_the_lowest_of_ours_is_picked(creators: tuple[str | None, ...], picked: int | None) -> None:
    items = [BoardItem(ItemId(at), "", "active", SyncKey("k"), None, user) for at, user in enumerate(creators, 1)]
    assert pick(items[::-1], {US}) == picked


def test_a_second_database_on_one_board_finds_what_the_first_one_made(make_world: MakeWorld) -> None:
    first = make_world(order("A-1"))
    first.run()
    second = make_world(order("A-1"), order("A-2"))
    second.board = first.board
    second.run()
    assert len(first.board.items) == 2
    assert promoted(second) == shown(second)


def test_a_board_with_items_of_others_is_left_alone_until_somebody_says_what_they_are(world: World) -> None:
    foreign = world.board.plant("somebody's own", {})
    report = world.run()
    assert isinstance(report.halted, ForeignItems)
    assert f'e.g. item {foreign.id} "somebody\'s own"' in str(report.halted)
    assert world.board.calls == []
    with world.job() as job:
        assert accept_foreign(job, "somebody") == 1
    assert world.run().halted is None
    assert len(world.board.items) == 3
