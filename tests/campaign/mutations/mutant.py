"""What a mutant is: the product with one rule of its protocol taken away, and where to look for what then breaks."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from unittest.mock import patch

from monday_simulator.gateway.faults import Rule
from order_sync.drill.scenarios import Scenario
from order_sync.drill.strikes import Kind, Strike
from order_sync.drill.trial import Beginning
from order_sync.drill.world import World
from order_sync.settings import Times

Patch = Callable[[World], AbstractContextManager[Any]]
FaultMaker = Callable[[random.Random], Rule]


@dataclass(frozen=True, slots=True)
class Case:
    """What one seed tries. `forgets`: the service remembers no idempotency key."""

    strikes: tuple[Strike, ...] = ()
    faults: tuple[Rule, ...] = ()
    lag: timedelta = timedelta(0)
    lives: int = 1
    forgets: bool = False


@dataclass(frozen=True, slots=True)
class Search:
    """`draw`: one seed's case, from the chance of that seed and one of the scenarios made ready."""

    scenarios: Sequence[Scenario]
    draw: Callable[[random.Random, Beginning], Case]


@dataclass(frozen=True, slots=True)
class Mutant:
    """`patched`: the product without its rule, as long as the context lasts; AttributeError where the product has moved
    on. `noticed_by`: the promises of which one must be seen broken, as a trial names them. `times`: other settings than
    the usual ones, where the usual ones leave room that hides the mutant."""

    name: str
    breaks: str
    patched: Patch
    search: Search
    noticed_by: tuple[str, ...]
    times: Mapping[str, Any] = field(default_factory=dict)

    @property
    def settings(self) -> Times:
        return Times(**self.times)


def wherever(
    *scenarios: Scenario,
    at: str = "",
    kinds: Sequence[Kind] = (Kind.CRASH,),
    most: int = 2,
    seconds: tuple[float, float] = (0.0, 0.0),
    faults: Sequence[FaultMaker] = (),
    lag: float = 0.0,
    lives: int = 1,
    forgets: bool = False,
) -> Search:
    """Up to `most` strikes of these kinds at places that match `at` (none where it is blank), beside all the faults.
    `seconds`: of a pause or a jump, from and to; `lag`: seconds for which look-ups miss what is new."""

    def draw(chance: random.Random, beginning: Beginning) -> Case:
        fitting = [passage for passage in beginning.passages if at and re.search(at, passage[2])]
        struck = chance.sample(fitting, k=min(len(fitting), chance.randint(1, most)))
        strikes = tuple(
            Strike(worker, passage, chance.choice(list(kinds)), seconds=chance.uniform(*seconds))
            for worker, passage, _ in struck
        )
        return Case(strikes, tuple(make(chance) for make in faults), timedelta(seconds=lag), lives, forgets)

    return Search(scenarios, draw)


def replaced(target: Any, name: str, make: Callable[[Any], Any]) -> Patch:
    """The attribute is what `make` makes of the sound one."""
    return lambda _world: patch.object(target, name, make(getattr(target, name)))


def instead(target: Any, name: str, value: Any) -> Patch:
    """The attribute is this."""
    return lambda _world: patch.object(target, name, value)


def both(*patches: Patch, statements: Sequence[Any] = ()) -> Patch:
    """All of them together. `statements`: functions that keep what they once made, and so have to forget it."""

    @contextmanager
    def patched(world: World) -> Iterator[None]:
        for made in statements:
            made.cache_clear()
        try:
            with _all(world, patches):
                yield
        finally:
            for made in statements:
                made.cache_clear()

    return patched


@contextmanager
def _all(world: World, patches: Sequence[Patch]) -> Iterator[None]:
    if not patches:
        yield
        return
    with patches[0](world), _all(world, patches[1:]):
        yield
