"""Hunting a mutant: seed after seed until a promise is seen broken, and the same seed again without the mutant."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import perf_counter
from typing import Any, Final
from unittest.mock import patch

from sqlalchemy import select

from monday_simulator.gateway.idempotency import IdempotencyWindow
from monday_simulator.seed import load_seed
from order_sync.cli.board_seed import board_seed
from order_sync.drill.lives import Life, seeded
from order_sync.drill.orders import source_columns
from order_sync.drill.scenarios import Scenario
from order_sync.drill.strikes import Died
from order_sync.drill.trial import Beginning, ready, stands_still, trial
from order_sync.drill.world import TOKEN, World
from order_sync.reports.chain import check_chain
from order_sync.settings import Times
from tests.campaign.mutations.mutant import Case, Mutant
from tests.campaign.worlds import project

SEEDS: Final = 200
_PASSAGES: Final = 6_000  # of one trial: a mutant that turns in a circle ends here


@dataclass(frozen=True, slots=True)
class Caught:
    """`broken`: what was seen of the mutant with this seed, the promise that was to notice it first; `sound`: what the
    product itself breaks with it."""

    mutant: str
    seed: int
    broken: tuple[str, ...]
    sound: tuple[str, ...]
    seconds: float

    @property
    def promise(self) -> str:
        """Which one."""
        return _promise(self.broken[0])


class Theatre:
    """Worlds on the small mapping, one for each settings of times, with the scenarios that were made ready in them."""

    def __init__(self, folder: Path) -> None:
        os.environ.setdefault("POLARS_MAX_THREADS", "1")  # a dozen rows: threads only cost
        self._folder = folder
        self._stages: dict[str, Stage] = {}

    def stage(self, times: Times) -> Stage:
        key = repr(times)
        if key not in self._stages:
            folder = self._folder / str(len(self._stages))
            folder.mkdir()
            self._stages[key] = Stage(_small(folder, times))
        return self._stages[key]

    def close(self) -> None:
        for stage in self._stages.values():
            stage.world.close()


@dataclass
class Stage:
    """A world and what was made ready in it, by the sound product."""

    world: World
    beginnings: dict[str, Beginning] = field(default_factory=dict)
    beforehand: dict[str, frozenset[str]] = field(default_factory=dict)

    def beginning(self, scenario: Scenario) -> Beginning:
        """Together with the promises that its preparation breaks on purpose: a restored database has forgotten calls."""
        if scenario.name not in self.beginnings:
            made = self.beginnings[scenario.name] = ready(self.world, scenario)
            broken = attempt(self.world, made, Case(), 0, nullcontext())
            self.beforehand[scenario.name] = frozenset(map(_promise, broken))
        return self.beginnings[scenario.name]

    def tried(self, beginning: Beginning, case: Case, seed: int, patched: AbstractContextManager[Any]) -> list[str]:
        """What is broken beyond that."""
        known = self.beforehand[beginning.scenario.name]
        found = attempt(self.world, beginning, case, seed, patched)
        return [each for each in found if _promise(each) not in known]


def hunt(theatre: Theatre, mutant: Mutant, seeds: Sequence[int] = range(1, SEEDS + 1)) -> Caught | None:
    """None where no seed shows it."""
    stage = theatre.stage(mutant.settings)
    began = perf_counter()
    for seed in seeds:
        chance = seeded(mutant.name, seed)
        beginning = stage.beginning(chance.choice(list(mutant.search.scenarios)))
        case = mutant.search.draw(chance, beginning)
        broken = stage.tried(beginning, case, seed, mutant.patched(stage.world))
        noticed = [each for each in broken if _promise(each) in mutant.noticed_by]
        if noticed:
            sound = stage.tried(beginning, case, seed, nullcontext())
            rest = [each for each in broken if each not in noticed]
            return Caught(mutant.name, seed, (*noticed, *rest), tuple(sound), perf_counter() - began)
    return None


def attempt(
    world: World, beginning: Beginning, case: Case, seed: int, patched: AbstractContextManager[Any]
) -> list[str]:
    """What is broken. An error that no code of ours has foreseen is told as what it is."""
    judges = (_nothing_twice, _chain_is_whole, _token_is_nowhere, stands_still)
    memory = _forgetful() if case.forgets else nullcontext()
    with patched, memory, _not_for_ever(world):
        try:
            result = trial(
                *(world, beginning, case.strikes),
                faults=case.faults,
                lag=case.lag,
                seed=seed,
                judges=judges,
                lives=case.lives,
            )
        except Exception as error:  # noqa: BLE001 - a mutant may break anything
            return [f"{type(error).__name__} {error}"]
    return result.broken


def _nothing_twice(world: World) -> Iterator[str]:
    """Not even for a while: the sweeper is for what breaks the assumptions, and no fault of a hunt does."""
    query = """SELECT key || ': ' || group_concat(id || ' ' || state, ', ') FROM item
               WHERE key IS NOT NULL AND NOT by_people GROUP BY key HAVING count(*) > 1"""
    for (found,) in world.look().ask(query):
        yield f"twice {found}"


def _chain_is_whole(world: World) -> Iterator[str]:
    with world.engines.read.connect() as conn:
        for each in check_chain(conn, world.tables).breaks:
            yield f"chain {each.what}"
        kept = conn.scalars(select(world.tables.call_bodies.c.sha256)).all()
        called = conn.scalars(select(world.tables.calls.c.body_sha256)).all()
    # Bodies may be purged, but not by a run.
    yield from (f"chain body {digest} is not kept" for digest in sorted({*called} - {*kept}))


def _token_is_nowhere(world: World) -> Iterator[str]:
    """In no row: what is left of an earlier trial in the pages of the file is none of this one's."""
    with world.engines.read.connect() as conn:
        lines = conn.connection.driver_connection.iterdump()  # type: ignore[union-attr]
        yield from ("I22 secrets: " + line[:80] for line in lines if TOKEN in line)


def _forgetful() -> AbstractContextManager[Any]:
    return patch.object(IdempotencyWindow, "_enter", lambda *_: None)


def _promise(broken: str) -> str:
    return broken.split(" ", 1)[0]


def _not_for_ever(world: World) -> AbstractContextManager[Any]:
    passed = 0
    sound = world._pass

    def counted(life: Life, place: str) -> None:
        nonlocal passed
        passed += 1
        if passed > _PASSAGES:
            life.dead = True
            raise Died(place)
        sound(life, place)

    return patch.object(world, "_pass", counted)


def _small(folder: Path, times: Times) -> World:
    made = project()
    made = replace(made, settings=made.settings.model_copy(update={"times": times}))
    seed = load_seed(board_seed(made.mapping, made.customers))
    return World(folder, made, seed, source_columns(made.mapping))
