"""A house whose run dies where it is told to: at any transaction, request or event. Dead means dead: nothing of that
run is written or sent any more, no lease is given back."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
from sqlalchemy import event

from monday_simulator.answers import Answer
from monday_simulator.faults import Rule
from monday_simulator.seed import Seed, load_seed
from monday_simulator.simulator import Simulator
from order_sync.cli.board_seed import board_seed
from order_sync.demo_data import generate
from order_sync.model.sizes import size_columns
from order_sync.model.transform import sources_of
from order_sync.run import RunReport
from order_sync.steps.job import Job
from tests.harness import House, VirtualClock, build_house
from tests.proof import differences

CUSTOMERS = 2


class Died(BaseException):
    """The process is gone; no `except Exception` hears of it."""


class Life:
    """Counts the boundaries that a run passes, and ends it at one of them. `at` counts from 0; None lives for ever."""

    def __init__(self, at: int | None = None, kinds: frozenset[str] | None = None) -> None:
        self.passed: list[str] = []
        self.dead = False
        self._at = at
        self._kinds = kinds

    def reach(self, kind: str, what: str = "") -> None:
        """Die here, or go on. Whoever is dead already dies again at once, whatever the boundary."""
        if self.dead:
            raise Died(f"{kind} {what} after death")
        if self._kinds is not None and kind not in self._kinds:
            return
        self.passed.append(f"{kind} {what}".strip())
        if len(self.passed) - 1 == self._at:
            self.dead = True
            raise Died(self.passed[-1])


class Line:
    """The simulator as a dying process reaches it: the request may not leave, or the answer not be heard."""

    def __init__(self, simulator: Simulator, life: Life, lost_ones: Callable[[Simulator], None] | None = None) -> None:
        self._simulator = simulator
        self._life = life
        self._lost_ones = lost_ones

    def __getattr__(self, name: str) -> Any:
        return getattr(self._simulator, name)

    def handle(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        fields = "mutation" if b"mutation" in body[:40] else "query"
        self._life.reach("before sending", fields)
        answer = self._simulator.handle(method, path, headers, body)
        self._life.reach("before the answer", fields)
        return answer


def watch(job: Job, life: Life) -> None:
    """Let every write transaction and every event of the job be a boundary."""
    engine = job.store.engines.write
    commit = engine.dialect.do_commit

    def begins(_conn: Any) -> None:
        life.reach("before begin")

    def commits(connection: Any) -> None:
        life.reach("before commit")
        commit(connection)
        life.reach("after commit")

    event.listen(engine, "begin", begins, insert=True)
    engine.dialect.do_commit = commits  # type: ignore[method-assign]
    job.events.listen(lambda name, _fields: life.reach("event", name))


class SmallHouse:
    """A house that is reset between two deaths instead of being built anew."""

    def __init__(self, folder: Path, *, rows: int, dirt: float = 0.0) -> None:
        self.house = build_house(folder, rows=rows, customers=CUSTOMERS, seed=3, dirt=dirt)
        self._narrow()
        self._kept = self.house.keep_database()
        project = self.house.project
        self._seed: Seed = load_seed(board_seed(project.mapping, project.customers))

    def _narrow(self) -> None:
        """Without the columns that no order of this house fills: hundreds of runs read the source."""
        house, mapping = self.house, self.house.project.mapping
        names = [(name, None) for name in house.frame.columns]
        filled = {
            name for name in size_columns(names, mapping.sizes) if house.frame[name].is_not_null().any()
        }
        kept = {*sources_of(mapping), *mapping.source.po, *mapping.source.season, *filled}
        kept |= {mapping.sizes.after, mapping.sizes.before}
        house.frame = house.frame.select([name for name in house.frame.columns if name in kept])
        house.fill(house.frame)

    def reset(self, faults: tuple[Rule, ...] = ()) -> House:
        house = self.house
        (house.folder / "ORDERS_UNIFIED_SNAPSHOT.parquet").unlink(missing_ok=True)
        house.restore_database(self._kept)
        house.clock = VirtualClock()
        house.simulator = Simulator(self._seed, faults=faults, clock=house.clock)
        return house


@contextmanager
def _dying_line(house: House, life: Life) -> Iterator[None]:
    simulator = house.simulator
    house.simulator = Line(simulator, life)  # type: ignore[assignment]
    try:
        yield
    finally:
        house.simulator = simulator
