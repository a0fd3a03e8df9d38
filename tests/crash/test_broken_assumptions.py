"""What is left of the promise when one of its assumptions does not hold: a second item may appear, nothing is lost, and
the sweeper archives that item and no other. A look-up that lags alone makes none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import httpx2
import pytest
from tests.campaign.worlds import small_world

from monday_simulator.gateway.answers import Answer
from monday_simulator.gateway.faults import Kind as ServiceFault
from monday_simulator.gateway.faults import Rule
from order_sync.drill.invariants import check
from order_sync.drill.line import Line
from order_sync.drill.orders import order
from order_sync.drill.scenarios import sync
from order_sync.drill.trial import live, recover
from order_sync.drill.world import World
from order_sync.steps.sweep_board import sweep_surplus
from order_sync.steps.verify import verify

LONG = 3 * 3600  # seconds: far beyond T, L, and a successor's whole cycle


@pytest.fixture
def world() -> Iterator[World]:
    """With one order promoted long ago, and another that is new."""
    world = small_world()
    world.begin(world.empty, seed=1)
    made = world.project
    world.fill([order(made.mapping, made.customers, 1, 0, (2, 1))])
    sync(world)
    world.schedule.sleep(timedelta(seconds=2 * LONG))
    world.fill([*world.rows, order(made.mapping, made.customers, 2, 0, (3,))])
    with world.striking():
        yield world


def sweep(world: World) -> None:
    """`order-sync verify --sweep`."""
    with world.process() as job:
        found = verify(job)
        sweep_surplus(job, found.items, found.sizes)


def the_second_item(world: World) -> int:
    """Of the one order that is on the board twice when all has come to rest."""
    recover(world)
    world.schedule.sleep(timedelta(seconds=2 * LONG))
    with world.process() as job:
        job.board.me()  # the service does what is due before it answers
    ((second,),) = world.look().ask(
        "SELECT b.id FROM item b JOIN identity i ON i.key = b.key WHERE b.state = 'active' AND b.id <> i.item_id"
    )
    return int(second)


def only_that_one_is_archived(world: World, second: int) -> None:
    sweep(world)
    found = world.look()
    assert found.ask("SELECT id, state FROM item WHERE state <> 'active'") == [(second, "archived")]
    assert found.ask("SELECT count(*) FROM production") == [(2,)]
    assert [str(each) for each in check(found, quiescent=True)] == []


def test_the_second_item_of_a_request_applied_long_after_t_is_archived(world: World) -> None:
    world.serve_with([Rule(ServiceFault.LATE_APPLY, on="create_item", nth=1, after_seconds=LONG)])
    only_that_one_is_archived(world, the_second_item(world))


def test_what_a_look_up_misses_long_after_l_the_second_proof_finds(world: World) -> None:
    # The filter by key lags, the pages of the board do not.
    world.simulator.limits = replace(world.simulator.limits, read_lag=timedelta(seconds=LONG))
    world.simulator.store.past.lag = timedelta(seconds=LONG)
    world.serve_with([Rule(ServiceFault.LOST_AFTER, on="create_item", nth=1)])
    recover(world)
    told = {what.partition(":")[0] for *_, what in world.told.lines}
    assert "item.in_doubt" in told
    assert "item.found" in told
    found = world.look()
    assert found.ask("SELECT count(*) FROM item WHERE parent IS NULL") == [(2,)]
    assert [str(each) for each in check(found, quiescent=True)] == []


def test_the_second_item_of_a_process_that_froze_before_it_wrote_is_archived(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered, frozen = Line._answer, []

    def freezes_once(line: Line, request: httpx2.Request) -> Answer:
        if b"create_item" in request.content and not frozen:
            frozen.append(world.schedule.current)
            world.lives[-1].paused_until = world.schedule.passed + LONG
            world.schedule.sleep(timedelta(seconds=LONG))
        return answered(line, request)

    def works() -> None:
        live(world, sync)

    def takes_over() -> None:
        world.schedule.sleep(timedelta(seconds=100))
        live(world, sync)

    monkeypatch.setattr(Line, "_answer", freezes_once)
    world.schedule.run([works, takes_over])
    assert frozen == [0]
    only_that_one_is_archived(world, the_second_item(world))
