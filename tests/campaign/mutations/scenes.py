"""Further situations: those that show what the usual ones never come near."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any, Final

from monday_simulator.gateway.faults import Kind as ServiceFault
from monday_simulator.gateway.faults import Rule
from order_sync.drill.lives import Inline
from order_sync.drill.orders import changed, order
from order_sync.drill.scenarios import EVERYTHING, RARE, SMALLEST, Scenario, retry, sync
from order_sync.drill.strikes import Died, Kind
from order_sync.drill.world import World
from order_sync.events import Events
from order_sync.run import RunReport, run


def _new(world: World) -> None:
    mapping, customers = world.project.mapping, world.project.customers
    world.fill([order(mapping, customers, at, at // 2, sizes) for at, sizes in enumerate(((2, 1), (3,), (1,)), 1)])


def _an_hour_later(world: World) -> None:
    """Some orders promoted long ago, so that look-ups have a control that everybody sees; and two fresh ones."""
    mapping, customers = world.project.mapping, world.project.customers
    world.fill([order(mapping, customers, 1, 0, (2, 1)), order(mapping, customers, 2, 1, (1,))])
    sync(world)
    world.schedule.sleep(timedelta(hours=1))
    world.fill([*world.rows, order(mapping, customers, 3, 0, (4, 1)), order(mapping, customers, 4, 1, (1,))])


def _sync_one_after_the_other(world: World) -> RunReport:
    """The second worker begins when the lease of a first one that stands still is over, or a moment after it began."""
    if world.schedule.current:
        after = (70, 100) if world.schedule.random() < 0.7 else (0, 1)
        world.schedule.sleep(timedelta(seconds=after[0] + (after[1] - after[0]) * world.schedule.random()))
    return sync(world)


def _sync_a_moment_later(world: World) -> RunReport:
    if world.schedule.current:
        world.schedule.sleep(timedelta(seconds=0.1 + 0.4 * world.schedule.random()))
    return sync(world)


def _sync_while_the_source_moves_on(world: World) -> RunReport:
    """The order changes after its item was made."""
    seen: list[str] = []

    def move_on(name: str, _fields: Mapping[str, Any]) -> None:
        if name == "item.created" and not seen:
            seen.append(name)
            world.fill([changed(world.project.mapping, row) for row in world.rows])

    with world.process(Events(world.hear, move_on)) as job:
        return run(job, EVERYTHING, Inline())


def _sent_and_dead(world: World) -> None:
    """Nobody knows that the items are still to be made: their process is dead, and the server is slow."""
    _new(world)
    world.serve_with([Rule(ServiceFault.LATE_APPLY, on="create_item", nth=1, after_seconds=110)])
    world.strike_at("db:send.outcome:begin", Kind.CRASH)
    with world.striking(), suppress(Died):
        sync(world)
    world.serve_with(())
    world.heal()


def _group_of_a_person(world: World) -> None:
    """Somebody has made the group, and writes it in capitals."""
    _new(world)
    with world.process() as job:
        report = run(job, EVERYTHING, Inline())
    titles = report.plan.orders["Group"].unique().to_list()
    world.begin(world.empty)
    for title in sorted(titles):
        world.person(
            "mutation($b: ID!, $t: String!) { create_group(board_id: $b, group_name: $t) { id } }",
            b=world.project.mapping.board.id,
            t=title.upper(),
        )
    _new(world)


def _rare(name: str) -> Scenario:
    return next(each for each in RARE if each.name == name)


RELAY: Final = Scenario("relay", _new, _sync_one_after_the_other, workers=2)
HANDOVER: Final = Scenario("handover", SMALLEST.prepare, _sync_a_moment_later, workers=2)
MOVING: Final = Scenario("moving source", SMALLEST.prepare, _sync_while_the_source_moves_on)
SENT: Final = Scenario("sent and dead", _sent_and_dead, retry)
CAPITALS: Final = Scenario("group in capitals", _group_of_a_person, sync)
LATER: Final = Scenario("an hour later", _an_hour_later, sync)
RESTORED: Final = _rare("restored")
HALF_RESTORED: Final = _rare("half restored")
# Without the person who has the whole board compared afterwards: a run has to find it.
SECOND_ITEM: Final = Scenario("second item, unaided", _rare("second item").prepare, sync)
OVERTAKEN: Final = _rare("overtaken")
