"""A trial whose scenario, workers, faults and their moments are drawn from a seed; and the shortest story of one that
broke a promise."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random
from typing import Final

from monday_simulator.gateway.faults import Kind as ServiceFault
from monday_simulator.gateway.faults import Rule
from order_sync.drill.lives import seeded
from order_sync.drill.strikes import Kind, Strike
from order_sync.drill.trial import Beginning, Judge, Result, trial
from order_sync.drill.world import World

FEWEST, MOST = 5, 50  # faults of a trial
LIVES: Final = 6  # that a worker has before faults end
LONGEST_LATE: Final = 119  # seconds: what is applied later than T breaks the first assumption, not the product
_LAGS: Final = (0, 0, 2, 20, 59)  # seconds for which a look-up may miss what is there; below L
_SERVICE: Final = tuple(kind for kind in ServiceFault if kind is not ServiceFault.RESET_UNREAD)
_FIELDS: Final = ("write", "create_item", "create_subitem", "create_group", "read")


@dataclass(frozen=True)
class Plan:
    """Everything that is drawn: with the same plan the same happens."""

    beginning: Beginning
    seed: int
    strikes: tuple[Strike, ...]
    faults: tuple[Rule, ...]
    workers: int
    lag: int
    wait_before: float
    lives: int = LIVES

    @property
    def size(self) -> int:
        return len(self.strikes) + len(self.faults)


def drawn(beginnings: Sequence[Beginning], seed: int) -> Plan:
    """The plan of a seed."""
    random = seeded("trial", seed)
    beginning = random.choice(beginnings)
    workers = random.randint(2, 4)
    wanted = random.randint(FEWEST, MOST)
    of_service = random.randint(0, wanted // 2)
    longest = max(len(places) for places in beginning.places.values())
    strikes = [_strike(random, workers, longest) for _ in range(wanted - of_service)]
    faults = [_rule(random, number) for number in range(of_service)]
    wait = random.choice((0.0, 30.0, 400.0))
    return Plan(beginning, seed, tuple(strikes), tuple(faults), workers, random.choice(_LAGS), wait)


def carried_out(world: World, plan: Plan, judges: Sequence[Judge] = ()) -> Result:
    """What becomes of the plan."""
    scenario = replace(plan.beginning.scenario, workers=plan.workers)
    return trial(
        world,
        replace(plan.beginning, scenario=scenario),
        plan.strikes,
        faults=plan.faults,
        lag=timedelta(seconds=plan.lag),
        seed=plan.seed,
        wait_before=timedelta(seconds=plan.wait_before),
        judges=judges,
        lives=plan.lives,
    )


def random_trial(world: World, beginnings: Sequence[Beginning], seed: int, judges: Sequence[Judge] = ()) -> Result:
    """The trial of a seed."""
    return carried_out(world, drawn(beginnings, seed), judges)


def shortest(
    world: World,
    plan: Plan,
    judges: Sequence[Judge] = (),
    tries: int = 60,
    stopped: Callable[[], bool] = lambda: False,
) -> tuple[Plan, Result]:
    """The same plan with as many faults left out as can be while a promise stays broken, in at most so many tries.

    `stopped`: asked before each round of tries; what is shortest by then is returned.
    """
    best, result = plan, carried_out(world, plan, judges)
    step = max(1, plan.size // 2)
    while tries > 0 and result.broken and not stopped():
        found = _smaller(world, best, judges, step, tries)
        tries -= found[2]
        if found[0] is None:
            if step == 1:
                break
            step //= 2
        else:
            best, result = found[0], found[1]
    return best, result


def _smaller(
    world: World, plan: Plan, judges: Sequence[Judge], step: int, tries: int
) -> tuple[Plan | None, Result, int]:
    """The first plan without `step` neighbouring faults that still breaks a promise, and how many were tried."""
    everything: list[Strike | Rule] = [*plan.strikes, *plan.faults]
    for number, at in enumerate(range(0, len(everything), step), 1):
        left = everything[:at] + everything[at + step :]
        smaller = replace(
            plan,
            strikes=tuple(each for each in left if isinstance(each, Strike)),
            faults=tuple(each for each in left if isinstance(each, Rule)),
        )
        result = carried_out(world, smaller, judges)
        if result.broken:
            return smaller, result, number
        if number >= tries:
            break
    return None, Result(), max(1, min(tries, -(-len(everything) // step)))


def _strike(random: Random, workers: int, passages: int) -> Strike:
    # Early ones are likelier: a worker that meets another one's lease has soon passed all it will.
    worker, passage = random.randrange(workers), int(passages * random.random() ** 2)
    kind = random.choices((Kind.CRASH, Kind.ERROR, Kind.PAUSE, Kind.JUMP), (4, 6, 2, 1))[0]
    seconds: dict[Kind, Callable[[], float]] = {
        Kind.PAUSE: lambda: random.choice((1.0, 50.0, 70.0, 300.0)),
        Kind.JUMP: lambda: random.choice((-3600.0, -90.0, 90.0, 3600.0)),
    }
    return Strike(worker, passage, kind, seconds=seconds.get(kind, lambda: 0.0)())


def _rule(random: Random, number: int) -> Rule:
    kind = random.choice(_SERVICE)
    field = random.choice([each for each in _FIELDS if each != "read" or not _only_writes(kind)])
    late = float(random.randint(1, LONGEST_LATE)) if "after_seconds" in kind.own_fields else None
    return Rule(kind, on=field, nth=random.randint(1, 6), seed=number, after_seconds=late)


def _only_writes(kind: ServiceFault) -> bool:
    return kind in (
        ServiceFault.BAD_ALIAS,
        ServiceFault.THROTTLE_FIELD,
        ServiceFault.LATE_APPLY,
        ServiceFault.REST_LATE,
        ServiceFault.DUPLICATE,
    )
