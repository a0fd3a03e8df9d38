"""One drill from its first word to its report."""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Final

from monday_simulator.seed import load_seed
from order_sync.cli.board_seed import board_seed
from order_sync.cli.drill_progress import Watched, watched
from order_sync.cli.drill_report import Broken, Report
from order_sync.cli.drill_text import markdown, show, to_json
from order_sync.cli.exits import ExitCode
from order_sync.cli.interrupt import interruptible
from order_sync.cli.session import Session
from order_sync.cli.terminal import Terminal
from order_sync.clock import SystemClock
from order_sync.drill.orders import source_columns, with_labels
from order_sync.drill.random_trial import shortest
from order_sync.drill.series import JUDGES, SITUATIONS, Figures, Series, Sort, Tried
from order_sync.drill.trial import Beginning, ready
from order_sync.drill.world import World
from order_sync.model.errors import OrderSyncError, UsageError
from order_sync.wiring import Project

_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
_HELD: Final = "SELECT type, original FROM error WHERE source_rows IS NOT NULL AND resolved IS NULL"
TRIES: Final = 40  # to shorten the story of a broken trial
_STOPPING: Final = "stopping: the trial that runs is being finished, then comes the report. Ctrl-C again leaves at once"


@dataclass(frozen=True)
class Order:
    """What was asked for. `only`: the one trial to do; None with `trials`: until the minutes are over."""

    seed: int
    trials: int | None = None
    minutes: float | None = None
    only: int | None = None


def conduct(
    session: Session, project: Project, order: Order, *, example: bool, as_json: bool, file: Path | None
) -> ExitCode:
    """Say what will be done, do it, and report it."""
    terminal = session.terminal
    _announce(terminal, example)
    stop = threading.Event()
    with (
        interruptible(stop, lambda: terminal.note((_STOPPING, "yellow"))),
        watched(terminal.err, order.trials) as shown,
        _world(project) as world,
    ):
        report = _Course(world, project, order, stop, shown, example).report()
    if file is not None:
        file.write_text(markdown(report), encoding="utf-8", newline="\n")
    if as_json:
        terminal.json(to_json(report))
    else:
        show(terminal, report)
        if file is not None:
            terminal.note(("report: ", "dim"), str(file))
    if report.broken:
        return ExitCode.ATTENTION
    return ExitCode.DONE if report.put_to_the_proof and not report.stopped else ExitCode.HALTED


def _announce(terminal: Terminal, example: bool) -> None:
    whose = "the shipped example's mapping" if example else "your mapping, customers and settings"
    terminal.note(("drill: ", "dim"), f"{whose}; orders are invented")
    terminal.note(("where: ", "dim"), "a temporary folder and a simulated board; no database, token or board of yours")


@contextmanager
def _world(project: Project) -> Iterator[World]:
    """In memory where the system has a folder there: nothing has to outlast the drill."""
    room = _MEMORY if os.access(_MEMORY, os.W_OK) else None
    mapping = project.mapping
    seed = with_labels(mapping, board_seed(mapping, project.customers))
    with tempfile.TemporaryDirectory(prefix="order-sync-drill-", dir=room) as folder:
        world = World(Path(folder), project, load_seed(seed), source_columns(mapping))
        try:
            yield world
        finally:
            world.close()


@dataclass
class _Course:
    world: World
    project: Project
    order: Order
    stop: threading.Event
    shown: Watched
    example: bool

    def report(self) -> Report:
        clock = SystemClock()
        began = clock.monotonic()
        beginnings, never = self._beginnings()
        series = Series(beginnings, self.order.seed, self.world.project.settings.times)
        figures = Figures()
        for number in self._numbers(series, began) if beginnings else ():
            self.shown.now(series.plan(number))
            figures.add(series.try_out(self.world, number))
            self.shown.did(figures)
        first = self._shortened(figures.failed[0]) if figures.failed else None
        seconds = clock.monotonic() - began
        return Report(
            self.world.project,
            series,
            figures,
            never,
            first,
            seconds,
            self.stop.is_set(),
            self.example,
            self.order.only,
        )

    def _beginnings(self) -> tuple[list[Beginning], list[Broken]]:
        """Every scenario that comes to its end without faults, and those that do not."""
        made, never = [], []
        for scenario in SITUATIONS:
            if self.stop.is_set():
                break
            self.shown.prepares(scenario.name)
            try:
                beginning = ready(self.world, scenario)
            except (RuntimeError, OrderSyncError) as problem:
                never.append(Broken(scenario.name, str(problem)))
                continue
            _refuse_held(beginning)
            made.append(beginning)
        return made, never

    def _numbers(self, series: Series, began: float) -> Iterator[int]:
        """The trials that there is time for."""
        clock, order = SystemClock(), self.order
        for number in count() if order.only is None else (order.only,):
            faulty = number - series.plain
            late = order.minutes is not None and clock.monotonic() - began >= order.minutes * 60
            enough = order.trials is not None and faulty >= order.trials
            if self.stop.is_set() or (order.only is None and faulty >= 0 and (late or enough)):
                return
            yield number

    def _shortened(self, tried: Tried) -> Tried:
        if tried.sort is not Sort.RANDOM:
            return tried
        self.shown.shortens(tried.name)
        plan, result = shortest(self.world, tried.plan, JUDGES, tries=TRIES, stopped=self.stop.is_set)
        return Tried(tried.name, tried.sort, plan, result) if result.broken else tried


def _refuse_held(beginning: Beginning) -> None:
    """An order that is held is not sent: the drill would prove nothing."""
    held = beginning.expected.ask(_HELD)
    if held:
        raise UsageError(
            f"an invented order is held back by the mapping's own rules: {held[0][0]}",
            where=str(held[0][1])[:300],
            next_step="no valid order could be invented for this mapping; please tell us, with the mapping's columns",
        )
