"""A long life: a run each hour for ninety days of virtual time while one request in a hundred meets a fault, runs die,
stand still and overlap, days run out of calls, and people and the source do what they do. Nothing may drift or grow.

`python -m tests.campaign.days` lives one life and prints its days.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Final

from sqlalchemy import func, select

from monday_simulator.gateway.faults import FaultScript, Rule
from monday_simulator.gateway.faults import Kind as ServiceFault
from monday_simulator.seed import load_seed
from order_sync.cli.board_seed import board_seed
from order_sync.drill.breaches import Breach
from order_sync.drill.comparisons import converged
from order_sync.drill.evidence import Evidence
from order_sync.drill.invariants import INVARIANTS, check
from order_sync.drill.lives import seeded
from order_sync.drill.orders import source_columns
from order_sync.drill.scenarios import Act, retry, sync
from order_sync.drill.strikes import Kind, Strike
from order_sync.drill.trial import INTENT_FIRST, is_over, keeps_its_token, live, recover, stands_still
from order_sync.drill.world import World
from order_sync.run import RunReport
from order_sync.store.ledger.staging import PARTLY_SENT
from tests.campaign.days_record import Day, bytes_each, calls_each, day_of, drift
from tests.campaign.days_source import Orders, People
from tests.campaign.figures import Figures, Part, Violation
from tests.campaign.worlds import project

DAYS: Final = 90
HOURS: Final = 24
_FAULTS: Final = 0.02  # share of requests that a rule means: not every kind fits each, so half of them meet one
_STRUCK, _STRUCK_AT_WORK = 0.01, 0.1  # share of runs with nothing new, and with something
_PLACES, _PLACES_AT_WORK = 25, 150  # about so many places does such a run pass
_OVERLAPPING: Final = 0.02  # share of hours in which a second run begins beside the first
_SHORT_OF_CALLS: Final = 15  # one day in so many has only _FEW_CALLS
_FEW_CALLS: Final = 8
_RETRIES_AT: Final = 9  # o'clock: somebody has read the morning's report
_BEGINS_AT: Final = 5  # o'clock
_KINDS: Final = tuple(kind for kind in ServiceFault if kind is not ServiceFault.RESET_UNREAD)
_ON: Final = {ServiceFault.BAD_ALIAS, ServiceFault.THROTTLE_FIELD, ServiceFault.LATE_APPLY, ServiceFault.REST_LATE,
              ServiceFault.DUPLICATE}  # fmt: skip
_LAGS: Final = (0, 0, 2, 20, 59)  # seconds for which a look-up may miss what is there; below L
_LATEST: Final = 119  # seconds after which a late request is applied; below T


class LongLife:
    """One installation from its first hour on. `days`: those that it has lived."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.days: list[Day] = []
        self._folder = tempfile.TemporaryDirectory(prefix="days-")
        self.world = _new_world(Path(self._folder.name), number)
        self.orders = Orders(self.world.project.mapping, self.world.project.customers)
        self.people = People()
        self._chance = seeded("days", number)
        self._told: set[tuple[int, str]] = set()
        self._excused: set[str] = set()

    def close(self) -> None:
        self.world.close()
        self._folder.cleanup()

    def day(self) -> Figures:
        """The next one."""
        world, number, figures = self.world, len(self.days), Figures()
        self._set_limits(number)
        before, served, struck = len(world.simulator.wire_log), Counter(world.served), len(world.struck)
        reports: list[RunReport | None] = []
        with world.striking():
            for hour in range(number * HOURS, (number + 1) * HOURS):
                reports = self._hour(hour, figures)
            world.heal()
        figures.runs += HOURS
        figures.faults += world.served - served
        for strike, place in world.struck[struck:]:
            figures.faults[str(strike.kind)] += 1
            figures.boundaries[place] += 1
        at_rest = all(report is not None and is_over(report) for report in reports)
        found = world.look(self.people.items)
        jumped = any(strike.kind is Kind.JUMP for strike, _ in world.struck[struck:])
        self._judge(figures, self._broken(found, at_rest=at_rest, jumped=jumped))
        calls = len(world.simulator.wire_log) - before
        self.days.append(day_of(number, world, found, calls, at_rest=at_rest))
        figures.outcomes["days at rest" if at_rest else "days not at rest"] += 1
        return figures

    def end(self, window: int) -> Figures:
        """Nothing strikes any more: what must hold then."""
        figures = Figures()
        self._judge(figures, drift(self.days, window) if window > 1 else ())
        self._judge(figures, self._recovered())
        return figures

    def _judge(self, figures: Figures, broken: Iterator[str] | Sequence[str]) -> None:
        again = f"python -m tests.campaign.days --life {self.number} --days {len(self.days) + 1}"
        figures.violations += [Violation("nothing drifts in a long life", each, again) for each in broken]

    # an hour

    def _hour(self, hour: int, figures: Figures) -> list[RunReport | None]:
        world, chance, of_day = self.world, self._chance, (_BEGINS_AT + hour) % HOURS
        world.schedule.sleep(timedelta(seconds=hour * 3600 - world.schedule.passed))
        news = self.orders.live_through(chance, hour, of_day)
        if news:
            world.fill(self.orders.rows)
        figures.outcomes.update(self.people.live_through(world, chance, of_day))
        workers = 2 if chance.random() < _OVERLAPPING else 1
        world.strike_anew(_strikes(chance, workers, news=news))
        world.simulator.faults = FaultScript(_rules(chance, hour))
        act = retry if of_day == _RETRIES_AT and self._failed() else sync
        return self._runs(act, workers, figures)

    def _runs(self, act: Act, workers: int, figures: Figures) -> list[RunReport | None]:
        reports: list[RunReport | None] = []

        def worker() -> None:
            report = live(self.world, act)
            reports.append(report)
            figures.outcomes[_end_of(report, self.world.told.lines[-1][3])] += 1

        self.world.schedule.run([worker] * workers)
        figures.outcomes["a person retries"] += act is retry
        figures.outcomes["two at once"] += workers > 1
        return reports

    def _failed(self) -> bool:
        tables = self.world.tables
        with self.world.engines.read.connect() as conn:
            return any(
                conn.scalar(select(func.count()).select_from(table).where(table.c.stg_status == "API_FAILED"))
                for table in (tables.staging, tables.staging_subitems)
            )

    def _set_limits(self, number: int) -> None:
        """Of this day: its calls, and how long a look-up misses what is new."""
        simulator, short = self.world.simulator, number % _SHORT_OF_CALLS == _SHORT_OF_CALLS // 2
        lag = timedelta(seconds=self._chance.choice(_LAGS))
        simulator.limits = replace(simulator.limits, calls_per_day=_FEW_CALLS if short else 25_000, read_lag=lag)
        simulator.meter.limits = simulator.limits
        simulator.store.past.lag = lag

    # what must hold

    def _broken(self, found: Evidence, *, at_rest: bool, jumped: bool = False) -> Iterator[str]:
        """What had not been told on an earlier day."""
        early = {each for one in INVARIANTS[INTENT_FIRST - 1].checks for each in one.examples(found)}
        if jumped:  # written down by a clock that was set, the moment of an intent says nothing of its order
            self._excused |= early
        for breach in check(found, quiescent=at_rest):
            if breach.invariant.number == INTENT_FIRST and early <= self._excused:
                continue
            if not self._known(breach):
                yield str(breach)

    def _known(self, breach: Breach) -> bool:
        key = breach.invariant.number, breach.examples[0]
        known = key in self._told
        self._told.add(key)
        return known

    def _recovered(self) -> Iterator[str]:
        world = self.world
        world.heal()
        self._set_limits(0)
        world.schedule.sleep(timedelta(days=1))
        code, rounds = recover(world, act=retry)
        if code == -1:
            yield f"recovery did not come to its end in {rounds} runs"
        found = world.look(self.people.items)
        yield from self._broken(found, at_rest=True)
        if left := day_of(len(self.days), world, found, 0, at_rest=True).open_rows:
            yield f"{left} rows are open at the end"
        yield from map(str, converged(self._twin(found), found, self._otherwise(found)))
        yield from stands_still(world)
        yield from keeps_its_token(world)

    def _otherwise(self, found: Evidence) -> set[str]:
        """Orders that are rightly not as in a life without faults: put away by people, or corrected when half sent."""
        half = found.ask(f"SELECT order_key FROM snapshot WHERE payload_hash = '{PARTLY_SENT}'")
        return self.people.orders | {str(key) for (key,) in half}

    def _twin(self, found: Evidence) -> Evidence:
        """A life without faults: each order comes as it was when it was sent, then everything is as it is now."""
        sent = set(found.ask("SELECT order_key, source_hash FROM snapshot"))
        with tempfile.TemporaryDirectory(prefix="twin-") as folder:
            world = _new_world(Path(folder), self.number)
            first: dict[str, dict[str, object]] = {}
            for rows in self.orders.generations():
                world.fill(rows)
                asked = world.look().ask("SELECT order_key, fingerprint FROM wanted ORDER BY rowid")
                first |= {each[0]: row for each, row in zip(asked, rows, strict=True) if each in sent}
            for rows in (list(first.values()), self.orders.rows):
                world.fill(rows)
                recover(world)
            evidence = world.look()
            world.close()
        return evidence


def _new_world(folder: Path, seed: int) -> World:
    made = project()
    seeded_board = load_seed(board_seed(made.mapping, made.customers))
    world = World(folder, made, seeded_board, source_columns(made.mapping))
    world.begin(world.empty, seed=seed)
    return world


def _rules(chance: Random, hour: int) -> list[Rule]:
    """Every kind of fault."""
    late = float(chance.randint(1, _LATEST))
    return [
        Rule(
            kind,
            on="write" if kind in _ON else "any",
            share=_FAULTS / len(_KINDS),
            seed=hour * len(_KINDS) + at,
            after_seconds=late if "after_seconds" in kind.own_fields else None,
        )
        for at, kind in enumerate(_KINDS)
    ]


def _strikes(chance: Random, workers: int, *, news: bool) -> list[Strike]:
    if chance.random() >= (_STRUCK_AT_WORK if news else _STRUCK):
        return []
    kind = chance.choices((Kind.CRASH, Kind.ERROR, Kind.PAUSE, Kind.JUMP), (5, 2, 2, 1))[0]
    # Longer than a successor's whole cycle only where there is none: that is the third assumption.
    pauses = (1.0, 50.0, 70.0, 300.0, *([4000.0] if workers == 1 else []))
    lengths = {Kind.PAUSE: pauses, Kind.JUMP: (-3600.0, -90.0, 90.0, 3600.0)}
    passage = chance.randrange(_PLACES_AT_WORK if news else _PLACES)
    return [Strike(chance.randrange(workers), passage, kind, seconds=chance.choice(lengths.get(kind, (0.0,))))]


def _end_of(report: RunReport | None, last_word: str) -> str:
    """`last_word`: of the run that gave no report."""
    if report is None:
        _, ended, why = last_word.partition("ended: ")
        return f"run: ended by {why.partition(':')[0]}" if ended else "run: died"
    if report.halted is not None:
        return f"run: halted by {type(report.halted).__name__}"
    return "run: done" if is_over(report) else "run: left something to the next"


_ALIVE: dict[int, LongLife] = {}


def days(first: int) -> Iterator[Figures]:
    """Unit by unit a day, the first of life n being number n * DAYS. Who begins in the middle of a life goes on where
    this process left it; another process lives the days before again."""
    number, day = divmod(first, DAYS)
    while True:
        life = _life_at(number, day)
        while len(life.days) < DAYS:
            figures = life.day()
            if len(life.days) == DAYS:
                figures.add(life.end(DAYS // 3))
                _ALIVE.pop(number).close()
            yield figures
        number, day = number + 1, 0


def _life_at(number: int, day: int) -> LongLife:
    life = _ALIVE.get(number)
    if life is None or len(life.days) > day:
        life = _ALIVE[number] = LongLife(number)
    while len(life.days) < day:
        life.day()
    return life


PART: Final = Part("days", "Ninety days of hourly runs, and nothing drifts or grows.", DAYS, days)


def main(arguments: Sequence[str] | None = None, tell: Callable[[str], None] = print) -> int:
    """Live one life and tell its days."""
    parser = argparse.ArgumentParser(prog="python -m tests.campaign.days")
    parser.add_argument("--life", type=int, default=0, help="which one: the same number lives the same")
    parser.add_argument("--days", type=int, default=DAYS)
    given = parser.parse_args(arguments)
    life, total = LongLife(given.life), Figures()
    for _ in range(given.days):
        total.add(life.day())
        tell(_line(life.days[-1]))
    total.add(life.end(given.days // 3))
    for line in _summary(life, total):
        tell(line)
    life.close()
    return 0 if total.held else 1


def _line(day: Day) -> str:
    return (
        f"day {day.number + 1:3}: {day.promoted} orders, {day.open_rows} rows open, {day.in_doubt} in doubt, "
        f"{day.errors} errors, {day.orphans} orphans, {day.leases} leases, {day.calls} calls, {day.size} bytes"
    )


def _summary(life: LongLife, total: Figures) -> Iterator[str]:
    window = max(2, len(life.days) // 3)
    for name, part in (("first", life.days[:window]), ("last", life.days[-window:])):
        yield f"{name} {window} days: {calls_each(part):.2f} calls and {bytes_each(part):.0f} bytes for each order"
    yield f"{total.runs} runs, {sum(total.faults.values())} faults: {dict(total.faults.most_common())}"
    yield f"struck at {len(total.boundaries)} places; {dict(total.outcomes.most_common())}"
    yield from map(str, total.violations)
    yield f"{len(total.violations)} violations"


if __name__ == "__main__":
    sys.exit(main())
