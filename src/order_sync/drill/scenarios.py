"""What a process is doing when the fault comes: six situations, each with a beginning and what a worker does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import select

from monday_simulator.gateway.faults import Kind as ServiceFault
from monday_simulator.gateway.faults import Rule
from order_sync.drill.lives import Inline
from order_sync.drill.orders import cancelled, changed, order
from order_sync.drill.strikes import Died, Kind
from order_sync.drill.world import World
from order_sync.events import Events, Listener
from order_sync.model.ids import BatchId
from order_sync.run import RunReport, run, run_unfinished
from order_sync.steps.check import accept_foreign
from order_sync.steps.requeue import requeue
from order_sync.steps.restored import accept_restore
from order_sync.steps.select import Selection
from order_sync.steps.sweep_board import sweep_surplus
from order_sync.steps.verify import verify

EVERYTHING = Selection(everything=True)
Act = Callable[[World], RunReport]


@dataclass(frozen=True)
class Scenario:
    """`prepare` leads from an empty installation to the beginning; `act` is one life of a worker; `recovery` is what a
    person does once it is clear that the act did not come to its end."""

    name: str
    prepare: Callable[[World], None]
    act: Act
    workers: int = 1
    recovery: Act | None = None


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
    world.serve_with(rules)
    sync(world)
    world.serve_with(())


def _in_doubt(world: World) -> None:
    """A process died while its items were on the way; nothing of them arrived."""
    _new(world)
    _die_at(world, "api:write:written")


def _neighbour(world: World) -> None:
    """A process died in the middle of one customer's items; the run is for the other one only."""
    _new(world)
    world.strike_at("db:send.intent:after", Kind.CRASH)
    _die(world)


def _restored(world: World) -> None:
    """The database is from before the last run; the board and the snapshot file are not."""
    world.fill([_order(world, 1, 0, (2, 1)), _order(world, 2, 1, (1,))])
    sync(world)
    world.keep_database()
    world.fill([*world.rows, _order(world, 3, 0, (4, 1))])
    sync(world)
    rows = world.rows
    world.restore_database()
    world.fill(rows)


def _half_restored(world: World) -> None:
    """The same, and the backup was made between an order's item and its sizes."""
    _one(world)
    items: list[str] = []

    def die_before_the_sizes(name: str, _fields: Mapping[str, Any]) -> None:
        if name == "item.created" and not items:
            items.append(name)
            world.strike_next("db:send.intent:begin", Kind.CRASH)

    with world.striking(), suppress(Died):
        _sync_heard(world, die_before_the_sizes)
    world.keep_database()
    world.schedule.sleep(timedelta(minutes=2))
    sync(world)
    rows = world.rows
    world.restore_database()
    world.fill(rows)


def _second_item(world: World) -> None:
    """A request was applied long after nobody believed in it any more."""
    _one(world)
    late = [
        Rule(ServiceFault.LATE_APPLY, on=each, nth=1, after_seconds=900) for each in ("create_item", "create_subitem")
    ]
    world.serve_with(late)
    sync(world)
    world.serve_with(())
    world.schedule.sleep(timedelta(minutes=20))
    world.fill([*world.rows, _order(world, 2, 0, (3,))])


def _foreign(world: World) -> None:
    """The board holds an item that is nobody's order."""
    world.person(
        'mutation($b: ID!) { create_item(board_id: $b, item_name: "a note") { id } }',
        b=world.project.mapping.board.id,
    )
    _one(world)


def _die_at(world: World, place: str) -> None:
    world.strike_at(place, Kind.CRASH)
    _die(world)


def _die(world: World) -> None:
    """Another minute, so that the next process need not wait for the lease of the dead one."""
    with world.striking(), suppress(Died):
        sync(world)
    world.heal()
    world.schedule.sleep(timedelta(minutes=2))


def _sync_heard(world: World, listener: Listener) -> RunReport:
    with world.process(Events(world.hear, listener)) as job:
        return run(job, EVERYTHING, Inline())


def _sync_without_its_group(world: World) -> RunReport:
    """A person deletes the new group before the run has put its items there."""
    seen: list[str] = []

    def delete_group(name: str, _fields: Mapping[str, Any]) -> None:
        if name == "groups.made" and not seen and len(world.lives) == 1:
            seen.append(name)
            world.person(
                "mutation($b: ID!, $g: String!) { delete_group(board_id: $b, group_id: $g) { id } }",
                b=world.project.mapping.board.id,
                g=world.newest_group(),
            )

    return _sync_heard(world, delete_group)


def _overtaken_after(event: str) -> Act:
    """The first worker stands still between the request after that event and its answer, until the second has all
    that it had."""

    def act(world: World) -> RunReport:
        def stand_still(name: str, _fields: Mapping[str, Any]) -> None:
            if name == event and len(world.lives) == 1:
                world.strike_next("api:write:awaited", Kind.PAUSE, 600)

        if world.schedule.current:
            world.schedule.sleep(timedelta(seconds=100))
            return sync(world)
        return _sync_heard(world, stand_still)

    return act


def _served_with(rule: Rule) -> Act:
    """The first process meets that fault of the service."""

    def act(world: World) -> RunReport:
        if not world.lives:
            world.serve_with([rule])
        return sync(world)

    return act


def _sync_in_spite_of_the_limit(world: World) -> RunReport:
    """The account's calls of the day are used up in the middle; a person knows better."""
    if not world.lives:
        world.serve_with([USED_UP])
        sync(world)
    with world.process() as job:
        job.daily.ignored = True
        return run(job, EVERYTHING, Inline())


def _sync_the_last(world: World) -> RunReport:
    """A run for the last customer of the source alone."""
    name = world.rows[-1][world.project.mapping.source.customer]
    with world.process() as job:
        return run(job, Selection(customers=frozenset({name})), Inline())


def _rebuild_and_sync(world: World) -> RunReport:
    """`order-sync snapshot rebuild`, as the halted run has said, then the run."""
    with world.process() as job:
        accept_restore(job)
    return sync(world)


def _sync_and_sweep(world: World) -> RunReport:
    """A run, then `order-sync verify --sweep`: what a death has kept from being noted, the whole board tells."""
    report = sync(world)
    with world.process() as job:
        found = verify(job)
        sweep_surplus(job, found.items, found.sizes)
    return report


def _accept_and_sync(world: World) -> RunReport:
    """`order-sync check --accept-foreign-items`, then the run."""
    with world.process() as job:
        accept_foreign(job, "a planner")
    return sync(world)


NEW = Scenario("new", _new, sync)
UPDATE = Scenario("update", _changed, sync)
CANCEL = Scenario("cancel", _cancelled, sync)
RETRY = Scenario("retry", _refused, retry)
RESUME = Scenario("resume", _in_doubt, sync)
OVERLAP = Scenario("overlap", _new, sync, workers=2)
SMALLEST = Scenario("smallest", _one, sync)

SIX: Final = (NEW, UPDATE, CANCEL, RETRY, RESUME, OVERLAP)
"""What a process is mostly doing."""

UNAUTHORISED: Final = Rule(ServiceFault.REFUSED, on="create_item", nth=1, code="USER_ACCESS_DENIED")
USED_UP: Final = Rule(ServiceFault.THROTTLE_429, on="create_item", nth=1, code="DAILY_LIMIT_EXCEEDED")
ARCHIVED_UNHEARD: Final = Rule(ServiceFault.LOST_AFTER, on="archive_item", nth=1)

RARE: Final = (
    Scenario("neighbour", _neighbour, _sync_the_last),
    Scenario("group gone", _one, _sync_without_its_group),
    Scenario("overtaken", _new, _overtaken_after("groups.made"), workers=2),
    Scenario("halted", _one, _served_with(UNAUTHORISED)),
    Scenario("daily limit", _one, _sync_in_spite_of_the_limit),
    Scenario("half restored", _half_restored, _rebuild_and_sync, recovery=_rebuild_and_sync),
    Scenario("restored", _restored, _rebuild_and_sync, recovery=_rebuild_and_sync),
    Scenario("second item", _second_item, sync, recovery=_sync_and_sweep),
    Scenario("second item in doubt", _second_item, _served_with(ARCHIVED_UNHEARD), recovery=_sync_and_sweep),
    Scenario("second item overtaken", _second_item, _overtaken_after("item.second_found"), 2, _sync_and_sweep),
    Scenario("foreign items", _foreign, _accept_and_sync, recovery=_accept_and_sync),
)
"""What brings a process to the places that the others never pass."""

SCENARIOS: Final = (*SIX, *RARE)
