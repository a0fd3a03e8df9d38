"""The trials of a seed, one after another: seed and number of a trial alone settle which fault comes when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from functools import cached_property
from typing import Final

from msgspec.structs import replace as altered

from order_sync.drill.lives import seeded
from order_sync.drill.random_trial import Plan, carried_out, drawn
from order_sync.drill.scenarios import RARE, SIX
from order_sync.drill.strikes import Kind, Strike
from order_sync.drill.trial import Beginning, Judge, Result, keeps_its_token, stands_still
from order_sync.drill.world import World
from order_sync.settings import Times

JUDGES: Final[tuple[Judge, ...]] = (stands_still, keeps_its_token)
_VARIANTS: Final = ((Kind.CRASH, False), (Kind.ERROR, False), (Kind.CRASH, True), (Kind.ERROR, True))
# Not those that break an assumption, as a service that acts after T does, nor a restored ledger, which knows nothing of
# the calls since its backup.
_WITHIN: Final = ("neighbour", "group gone", "overtaken", "foreign items")
SITUATIONS: Final = (*SIX, *(scenario for scenario in RARE if scenario.name in _WITHIN))
"""What is drilled: all that a mapping can meet while the assumptions of the promise hold."""
_OFTEN: Final = frozenset(scenario.name for scenario in SIX)


class Sort(StrEnum):
    """What a trial is like."""

    PLAIN = "without faults"
    SINGLE = "one fault"
    RANDOM = "many faults"


@dataclass(frozen=True)
class Tried:
    """A trial that is over. `name`: what replays it."""

    name: str
    sort: Sort
    plan: Plan
    result: Result


@dataclass(frozen=True)
class Series:
    """First each scenario without faults, then one fault and many faults by turns, without end.

    The single faults go through all places in an order of the seed's, before any place has its second one.
    """

    beginnings: Sequence[Beginning]
    seed: int
    times: Times

    @property
    def plain(self) -> int:
        """How many trials are without faults."""
        return len(self.beginnings)

    @cached_property
    def places(self) -> tuple[str, ...]:
        """Every place that is passed without faults, in the order in which they are struck."""
        found = sorted({place for beginning in self.beginnings for _, _, place in beginning.passages})
        seeded("places", self.seed).shuffle(found)
        return tuple(found)

    def sort(self, number: int) -> Sort:
        """What the trial of this number is like."""
        if number < self.plain:
            return Sort.PLAIN
        return Sort.RANDOM if (number - self.plain) % 2 else Sort.SINGLE

    def plan(self, number: int) -> Plan:
        """What happens in the trial of this number."""
        turn = (number - self.plain) // 2
        match self.sort(number):
            case Sort.PLAIN:
                return _plan(self.beginnings[number], ())
            case Sort.SINGLE:
                return self._single(turn)
            case Sort.RANDOM:
                often = [each for each in self.beginnings if each.scenario.name in _OFTEN] or self.beginnings
                number = seeded("random", self.seed, turn).getrandbits(48)
                return within(drawn(often, number), self.times)

    def try_out(self, world: World, number: int) -> Tried:
        """The trial of this number, done."""
        plan = self.plan(number)
        return Tried(f"{self.seed}-{number}", self.sort(number), plan, carried_out(world, plan, JUDGES))

    def _single(self, turn: int) -> Plan:
        round_, at = divmod(turn, len(self.places))
        kind, sticky = _VARIANTS[(at + round_) % len(_VARIANTS)]
        passages = list(self._passages(self.places[at]))
        beginning, worker, passage = seeded("single", self.seed, turn).choice(passages)
        return _plan(beginning, (Strike(worker, passage, kind, sticky),))

    def _passages(self, place: str) -> Iterator[tuple[Beginning, int, int]]:
        for beginning in self.beginnings:
            for worker, passage, passed in beginning.passages:
                if passed == place:
                    yield beginning, worker, passage


def _plan(beginning: Beginning, strikes: tuple[Strike, ...]) -> Plan:
    """With the seed of the preparation: the same places are passed."""
    return Plan(beginning, 0, strikes, (), beginning.scenario.workers, 0, 0.0, lives=1)


def within(plan: Plan, times: Times) -> Plan:
    """Nothing is applied later than T, nor hidden for longer than L: a service beyond that breaks what is assumed."""
    latest = max(0.0, times.of("server_apply").total_seconds() - 1)
    hidden = max(0, int((times.of("visibility") - timedelta(seconds=1)).total_seconds()))
    faults = tuple(
        each if each.after_seconds is None else altered(each, after_seconds=min(each.after_seconds, latest))
        for each in plan.faults
    )
    return replace(plan, faults=faults, lag=min(plan.lag, hidden))


@dataclass
class Figures:
    """What was tried so far."""

    trials: Counter[Sort] = field(default_factory=Counter)
    strikes: Counter[Kind] = field(default_factory=Counter)
    served: Counter[str] = field(default_factory=Counter)
    struck: set[str] = field(default_factory=set)
    failed: list[Tried] = field(default_factory=list)

    def add(self, tried: Tried) -> None:
        self.trials[tried.sort] += 1
        self.strikes.update(strike.kind for strike, _ in tried.result.struck)
        self.served.update({kind: count for kind, count in tried.result.served.items() if count})
        self.struck |= {place for _, place in tried.result.struck}
        if tried.result.broken:
            self.failed.append(tried)
