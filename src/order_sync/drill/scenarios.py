"""What a process is doing when the fault comes: six situations, each with a beginning and what a worker does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import select

from monday_simulator.gateway.faults import FaultScript, Rule
from monday_simulator.gateway.faults import Kind as ServiceFault
from order_sync.drill.orders import cancelled, changed, order
from order_sync.drill.strikes import Died, Kind
from order_sync.drill.world import Inline, World
from order_sync.model.ids import BatchId
from order_sync.run import RunReport, run, run_unfinished
from order_sync.steps.requeue import requeue
from order_sync.steps.select import Selection

EVERYTHING = Selection(everything=True)
Act = Callable[[World], RunReport]


@dataclass(frozen=True)
class Scenario:
    """`prepare` leads from an empty installation to the beginning; `act` is one life of a worker."""

    name: str
    prepare: Callable[[World], None]
    act: Act
    workers: int = 1


def sync(world: World) -> RunReport:
    """`order-sync run --all`."""
    with world.process() as job:
        return run(job, EVERYTHING, Inline())


def retry(world: World) -> RunReport:
    """`order-sync retry --all`, then what is left as in any run."""
    with world.process() as job:
        with job.store.reading() as conn:
            batches = [BatchId(key) for key in conn.scalars(select(job.store.tables.batches.c.batch_id))]
        requeue(job, batches, None)
        return run_unfinished(job, batches, Inline())


def _order(world: World, number: int, customer: int, sizes: Sequence[int]) -> dict[str, Any]:
    return order(world.project.mapping, world.project.customers, number, customer, sizes)


def _new(world: World) -> None:
    world.fill([_order(world, 1, 0, (2, 1)), _order(world, 2, 0, (3,)), _order(world, 3, 1, (1,))])


def _one(world: World) -> None:
    world.fill([_order(world, 1, 0, (2, 1))])


def _started(world: World) -> None:
    """Two orders promoted, two more staged by a process that died then."""
    world.fill([_order(world, 1, 0, (2, 1)), _order(world, 2, 1, (1,))])
    sync(world)
    world.fill([*world.rows, _order(world, 3, 0, (4, 1)), _order(world, 4, 0, (1,))])
    _die_at(world, "db:stage.load:after")


def _changed(world: World) -> None:
    _started(world)
    mapping = world.project.mapping
    world.fill([changed(mapping, row) if at in (0, 2) else row for at, row in enumerate(world.rows)])


def _cancelled(world: World) -> None:
    _started(world)
    mapping = world.project.mapping
    world.fill([(cancelled(mapping, row) or row) if at in (0, 2) else row for at, row in enumerate(world.rows)])


def _refused(world: World) -> None:
    """One order and one size refused by the board, which takes them now."""
    world.fill([_order(world, 1, 0, (2, 1)), _order(world, 2, 0, (3,))])
    rules = [
        Rule(ServiceFault.BAD_ALIAS, on=each, nth=1, alias=1, code="ColumnValueException")
        for each in ("create_item", "create_subitem")
    ]
    world.simulator.faults = FaultScript(rules, 0)
    sync(world)
    world.simulator.faults = FaultScript((), 0)


def _in_doubt(world: World) -> None:
    """A process died while the answer to its items was on the way."""
    _new(world)
    _die_at(world, "api:write:awaited")


def _die_at(world: World, place: str) -> None:
    """Another minute, so that the next process need not wait for the lease of the dead one."""
    world.strike_at(place, Kind.CRASH)
    with world.striking(), suppress(Died):
        sync(world)
    world.heal()
    world.schedule.sleep(timedelta(minutes=2))


NEW = Scenario("new", _new, sync)
UPDATE = Scenario("update", _changed, sync)
CANCEL = Scenario("cancel", _cancelled, sync)
RETRY = Scenario("retry", _refused, retry)
RESUME = Scenario("resume", _in_doubt, sync)
OVERLAP = Scenario("overlap", _new, sync, workers=2)
SMALLEST = Scenario("smallest", _one, sync)

SCENARIOS: Final = (NEW, UPDATE, CANCEL, RETRY, RESUME, OVERLAP)
