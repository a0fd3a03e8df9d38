"""One trial: from a beginning through faults to the end of recovery, and what must hold then."""

from __future__ import annotations

import gc
import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from monday_simulator.gateway.faults import Rule
from order_sync.drill.comparisons import converged, idempotent_rerun, secrets
from order_sync.drill.evidence import Evidence
from order_sync.drill.invariants import check
from order_sync.drill.lives import Start
from order_sync.drill.scenarios import Act, Scenario, retry, sync
from order_sync.drill.strikes import Died, Injected, Kind, Strike
from order_sync.drill.world import TOKEN, World
from order_sync.model.errors import OrderSyncError
from order_sync.run import RunReport, exit_code

ROUNDS: Final = 12  # runs that recovery may take
BETWEEN: Final = timedelta(seconds=65)  # a lease of a dead process is over by then
# One that was taken while the wall clock stood an hour ahead is not, nor is the day of a used up limit.
PATIENT: Final = timedelta(hours=4)
IMPATIENT_ROUNDS: Final = 6
STILL_COMING: Final = timedelta(minutes=3)  # whatever the service has put off is applied by then, and judged
INTENT_FIRST: Final = 9
LIVES: Final = 3  # of a worker that dies at a sticky crash again and again

Judge = Callable[[World], Iterator[str]]
"""Further promises, told as what is broken; asked when recovery has come to its end."""


@dataclass(frozen=True)
class Beginning:
    """A scenario made ready: where it starts, what it comes to without faults, and the places on the way."""

    scenario: Scenario
    start: Start
    expected: Evidence
    code: int
    places: dict[int, tuple[str, ...]]

    @property
    def passages(self) -> list[tuple[int, int, str]]:
        """(worker, number, place) of every place that is passed without faults."""
        return [(worker, at, place) for worker, places in self.places.items() for at, place in enumerate(places)]


@dataclass
class Result:
    """What became of a trial. `trace` is the same whenever the trial is the same."""

    broken: list[str] = field(default_factory=list)
    struck: list[tuple[Strike, str]] = field(default_factory=list)
    served: Counter[str] = field(default_factory=Counter)
    told: list[tuple[float, int, int, str]] = field(default_factory=list)
    recovery: tuple[str, ...] = ()
    rounds: int = 0
    trace: str = ""


def ready(world: World, scenario: Scenario, seed: int = 0) -> Beginning:
    """Prepare the scenario and let it happen once without faults. RuntimeError where it breaks a promise even so."""
    world.begin(world.empty, seed=seed)
    scenario.prepare(world)
    start = world.keep()
    world.begin(start, seed=seed)
    codes: list[int] = []
    with world.striking():
        _lives(world, scenario, codes)
        places = {worker: tuple(passed) for worker, passed in world.passages.items()}
        code, _ = recover(world, act=scenario.recovery or sync)
    expected = world.look()
    if code == -1:
        raise RuntimeError(f"the scenario {scenario.name!r} does not come to its end even without faults")
    return Beginning(scenario, start, expected, code, places)


def trial(
    world: World,
    beginning: Beginning,
    strikes: Sequence[Strike] = (),
    *,
    recovery_strikes: Sequence[Strike] | None = None,
    faults: Sequence[Rule] = (),
    lag: timedelta = timedelta(0),
    seed: int = 0,
    wait_before: timedelta = timedelta(0),
    judges: Sequence[Judge] = (),
    lives: int = 1,
) -> Result:
    """Begin, be struck, recover, judge. `recovery_strikes` count passages from the beginning of recovery, whose
    first life they strike; it is told what that one passes."""
    world.begin(beginning.start, seed=seed, strikes=strikes, faults=faults, lag=lag)
    sticky = any(strike.sticky for strike in strikes)
    with world.striking():
        _lives(world, beginning.scenario, [], LIVES if sticky else lives)
        if recovery_strikes is not None:
            world.strike_anew(recovery_strikes)
            world.schedule.sleep(wait_before)
            live(world, beginning.scenario.recovery or sync)
        recovery_places = tuple(world.passages.get(0, ()))
        world.heal()
        world.schedule.sleep(wait_before)
        code, rounds = recover(world, beginning.code, beginning.scenario.recovery or sync)
        world.schedule.sleep(STILL_COMING)
        broken = list(judged(world, beginning, code, judges))
    told = world.told.lines
    return Result(broken, list(world.struck), world.served, list(told), recovery_places, rounds, _digest(told))


def live(world: World, act: Act) -> RunReport | None:
    """One life of the worker that runs; None where it did not come to its end."""
    try:
        return act(world)
    except Died:
        pass
    except (OrderSyncError, Injected, OSError) as error:
        world.note(f"ended: {type(error).__name__}: {error.args[0] if error.args else error}")
        return None
    # The cursor of a statement in the middle of which the process died would hold the database's lock till then.
    gc.collect()
    return None


def _lives(world: World, scenario: Scenario, codes: list[int], lives: int = 1) -> None:
    def worker() -> None:
        for number in range(lives):
            if number:
                world.schedule.sleep(BETWEEN)
            report = live(world, scenario.act)
            if report is not None:
                codes.append(exit_code(report))
                if is_over(report):
                    return

    world.schedule.run([worker] * scenario.workers)


def recover(world: World, wanted: int | None = None, act: Act = sync) -> tuple[int, int]:
    """Runs without faults until one has nothing left to wait for; where its exit code is not the wanted one, a person
    retries what was given up. Returns the exit code, -1 where no end came, and how many runs it took."""
    retried = False
    for number in range(1, ROUNDS + 1):
        report = live(world, act)
        act = sync if act is retry else act
        if report is None or not is_over(report):
            world.schedule.sleep(BETWEEN if number <= IMPATIENT_ROUNDS else PATIENT)
            continue
        if wanted is None or exit_code(report) == wanted or retried:
            return exit_code(report), number
        act, retried = retry, True
    return -1, ROUNDS


def is_over(report: RunReport) -> bool:
    return not (report.skipped or report.interrupted or report.halted or report.stopped or report.unsettled)


def judged(world: World, beginning: Beginning, code: int, judges: Sequence[Judge]) -> Iterator[str]:
    """What is broken: the end of recovery, the invariants, the agreement with a world without faults."""
    if code == -1:
        yield f"recovery did not come to its end in {ROUNDS} runs"
    elif code != beginning.code:
        yield f"exit code {code} after recovery, {beginning.code} without faults"
    found = world.look()
    jumped = any(strike.kind is Kind.JUMP for strike, _ in world.struck)
    for breach in check(found, quiescent=True):
        # Written down by a clock that was set, the moment of an intent says nothing of its order.
        if not (jumped and breach.invariant.number == INTENT_FIRST):
            yield str(breach)
    yield from map(str, converged(beginning.expected, found))
    for judge in judges:
        yield from judge(world)


def stands_still(world: World) -> Iterator[str]:
    """A run with nothing to do sends nothing and changes nothing."""
    sent, before = len(world.simulator.wire_log), world.look()
    if live(world, sync) is None:
        yield "a further run did not come to its end"
    if len(world.simulator.wire_log) != sent:
        yield f"a further run sent {len(world.simulator.wire_log) - sent} requests"
    yield from map(str, idempotent_rerun(before, world.look()))


def keeps_its_token(world: World) -> Iterator[str]:
    """Nothing that was written holds the token."""
    return map(str, secrets(world.outputs(), TOKEN))


def _digest(told: Sequence[tuple[float, int, int, str]]) -> str:
    return hashlib.sha256("\n".join(map(repr, told)).encode()).hexdigest()
