"""Every boundary, struck by a crash and by an error, once and from then on, in every scenario."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Final

from order_sync import failpoints
from order_sync.drill.scenarios import SCENARIOS, Scenario
from order_sync.drill.strikes import Kind, Strike
from order_sync.drill.trial import Result, keeps_its_token, stands_still, trial
from tests.campaign.figures import Figures, Part, Violation
from tests.campaign.remembered import remembering
from tests.campaign.worlds import beginning, shown_again, small_world

KINDS: Final = ((Kind.CRASH, False), (Kind.CRASH, True), (Kind.ERROR, False), (Kind.ERROR, True))
# By every other trial recovery comes at once; by the others when leases and quarantines are over.
WAITS: Final = (timedelta(0), timedelta(minutes=7))


@dataclass(frozen=True)
class Passage:
    """Where a trial is struck: the `at`-th place that a worker passes in a scenario."""

    scenario: Scenario
    worker: int
    at: int
    place: str


@cache
def passages() -> tuple[Passage, ...]:
    """The first passage of each place by each worker in each scenario; after all of these the last ones."""
    first: dict[tuple[str, int, str], Passage] = {}
    last: dict[tuple[str, int, str], Passage] = {}
    for scenario in SCENARIOS:
        for worker, at, place in beginning(scenario).passages:
            key, passage = (scenario.name, worker, place), Passage(scenario, worker, at, place)
            first.setdefault(key, passage)
            last[key] = passage
    again = (passage for key, passage in last.items() if passage.at != first[key].at)
    return (*first.values(), *again)


@cache
def anywhere() -> dict[str, Passage]:
    """Where each place is passed first, in whichever scenario."""
    found: dict[str, Passage] = {}
    for passage in passages():
        found.setdefault(passage.place, passage)
    return found


def figures_of(result: Result, promise: str, again: str) -> Figures:
    """A trial as figures."""
    figures = Figures(runs=1)
    figures.faults = Counter(str(strike.kind) for strike, _ in result.struck) + result.served
    figures.boundaries = Counter(place for _, place in result.struck)
    figures.outcomes[f"recovered in {result.rounds} runs"] += 1
    figures.violations = [Violation(promise, each, again) for each in result.broken]
    return figures


def boundaries(first: int) -> Iterator[Figures]:
    """A unit is one passage in one scenario, struck in all four ways; after the last one the first follows."""
    number = first
    while True:
        again = shown_again("boundaries", number)
        yield _one(passages()[number % len(passages())], number, again)
        number += 1


def places(first: int) -> Iterator[Figures]:
    """A unit is one registered place, struck in all four ways: all of them take minutes, in every pass."""
    number = first
    while True:
        place = failpoints.registered()[number % len(failpoints.registered())]
        passage = anywhere().get(place)
        again = shown_again("places", number)
        if passage is None:
            yield Figures(violations=[Violation(place, "no scenario passes it", again)])
        else:
            yield _one(passage, number, again)
        number += 1


def _one(passage: Passage, number: int, again: str) -> Figures:
    figures = Figures()
    for way, (kind, sticky) in enumerate(KINDS):
        with remembering():
            result = trial(
                small_world(),
                beginning(passage.scenario),
                [Strike(passage.worker, passage.at, kind, sticky)],
                wait_before=WAITS[(number + way) % len(WAITS)],
                judges=[stands_still, *([keeps_its_token] if number % 10 == 0 else [])],
            )
        told = f"{passage.scenario.name}: {kind}{' from then on' if sticky else ''} at {passage.place}"
        figures.add(figures_of(result, told, again))
        if not result.struck:
            figures.violations.append(Violation(told, "was never struck", again))
    return figures


def never_struck(boundaries_struck: Counter[str]) -> list[str]:
    """Registered places that no trial has struck."""
    return [place for place in failpoints.registered() if not boundaries_struck[place]]


PLACES: Final = Part(
    "places",
    "a fault at every place that is registered, wherever it is passed first",
    len(failpoints.registered()),
    places,
)
PART: Final = Part(
    "boundaries",
    "one fault at any boundary, once or from then on: recovery loses, doubles and halves nothing",
    2_041,
    boundaries,
)
