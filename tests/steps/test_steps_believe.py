"""An answer whose ids belong to something else: nothing is recorded for it but the doubt, which the board resolves."""

from __future__ import annotations

from pathlib import Path

from tests.small_board import SmallBoard, applied, delivery
from tests.small_world import order, small_world

from order_sync.model.ids import ItemId
from order_sync.model.outcomes import Created, GroupCreated
from order_sync.monday.documents import Call
from order_sync.monday.errors import Delivery
from order_sync.run import exit_code


def _with_the_parents_id(board: SmallBoard, call: Call) -> Delivery:
    board.apply(call)
    return delivery(call, {ref: Created(ItemId(board.items[0].id)) for _, ref in call.refs})


def _with_the_other_groups_id(board: SmallBoard, call: Call) -> Delivery:
    board.apply(call)
    return delivery(call, {ref: GroupCreated(board.groups[-1].id) for _, ref in call.refs})


def test_a_size_that_is_given_its_orders_id_is_looked_up(tmp_path: Path) -> None:
    world = small_world(tmp_path, order(M=None))
    world.board.answers.extend([applied, applied, _with_the_parents_id])
    assert exit_code(world.run()) == 0
    assert len(world.events("subitem.in_doubt")) == 1
    (item,) = world.board.items
    (size,) = item.subitems
    assert world.rows("SELECT subitem_id FROM MON_CustMasterSchedule_Subitems") == [(str(size.id),)]
    world.close()


def test_a_group_that_is_given_another_groups_id_is_looked_up(tmp_path: Path) -> None:
    world = small_world(tmp_path, order())
    world.run()
    world.fill(order(), order("B-2", SEASON="FW26"))
    world.board.answers.append(_with_the_other_groups_id)
    assert exit_code(world.run()) == 0
    first, second = world.board.items
    assert first.group != second.group
    assert len(world.board.groups) == 2
    world.close()
