"""Random trials: scenario, workers and 5 to 50 faults are drawn from the seed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from order_sync.drill.random_trial import Plan, carried_out, drawn, shortest
from order_sync.drill.scenarios import SIX
from order_sync.drill.trial import Result, stands_still
from order_sync.drill.words import story
from tests.campaign.boundaries import figures_of
from tests.campaign.figures import Figures, Part, Violation
from tests.campaign.remembered import remembering
from tests.campaign.worlds import beginning, shown_again, small_world

AGAIN_EVERY: Final = 100  # how often a seed is done twice: the same must happen


def seeds(first: int) -> Iterator[Figures]:
    """A unit is one seed; one that breaks a promise is told as the shortest story that still does."""
    seed = first
    while True:
        with remembering():
            found = _one(seed)
        yield found
        seed += 1


def _one(seed: int) -> Figures:
    world = small_world()
    plan = drawn([beginning(scenario) for scenario in SIX], seed)
    result = carried_out(world, plan, [stands_still])
    again = shown_again("seeds", seed)
    figures = figures_of(result, f"seed {seed}, {plan.beginning.scenario.name}, {plan.workers} workers", again)
    figures.outcomes[f"{plan.workers} workers"] += 1
    if seed % AGAIN_EVERY == 0:
        figures.outcomes["done twice, alike"] += 1
        if carried_out(world, plan, [stands_still]).trace != result.trace:
            figures.violations.append(Violation(f"seed {seed}", "went another way the second time", again))
    if result.broken:
        smaller, found = shortest(world, plan, [stands_still])
        figures.violations.append(Violation("the shortest story", told_as_story(smaller, found), again))
    return figures


def told_as_story(plan: Plan, result: Result) -> str:
    """The faults that are needed, what is broken, and what each process did."""
    lines = [f"{plan.beginning.scenario.name}, {plan.workers} workers, look-ups {plan.lag} s late, seed {plan.seed}"]
    lines += [f"  fault: {strike}" for strike in plan.strikes]
    lines += [f"  fault of the service: {rule.kind} on {rule.on}, number {rule.nth}" for rule in plan.faults]
    lines += [f"  broken: {each}" for each in result.broken]
    lines += [f"  {moment.at} {moment.process} {moment.what}" for moment in story(result.told)]
    return "\n".join(lines)


PART: Final = Part(
    "seeds", "2 to 4 workers and 5 to 50 random faults: nothing is lost, doubled or halved", 3_000, seeds
)
