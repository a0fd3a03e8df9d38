"""What a drill has to tell: promise, trials, what held, and the story of what did not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from order_sync import failpoints
from order_sync.cli.terminal import duration, number, plural
from order_sync.drill.invariants import INVARIANTS, checked
from order_sync.drill.series import Figures, Series, Sort, Tried
from order_sync.drill.words import SERVICE, STRIKES, Moment, story, strike_in_words
from order_sync.wiring import Project

_NUMBERED: Final = re.compile(r"I(\d+) ")
_BY_JUDGES: Final = frozenset({18, 19, 22})  # running again, agreement with a world without faults, secrets
_SHOWN: Final = 5
FAULT: Final = "!"  # marks the lines of a story that tell a fault


@dataclass(frozen=True)
class Broken:
    """A scenario that does not come to its end even without faults."""

    scenario: str
    why: str


@dataclass(frozen=True)
class Section:
    """A heading, sentences, and a table without headings whose last column takes the room that is left."""

    title: str
    sentences: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()


@dataclass(frozen=True)
class Report:
    """`never`: scenarios that fail without faults; `first`: the first broken trial, as short as it could be made."""

    project: Project
    series: Series
    figures: Figures
    never: Sequence[Broken]
    first: Tried | None
    seconds: float
    stopped: bool
    example: bool
    only: int | None

    @property
    def broken(self) -> bool:
        return bool(self.never or self.figures.failed)

    @property
    def put_to_the_proof(self) -> bool:
        """Whether any trial was done that can tell something: one with faults, or the one that was asked for."""
        trials = self.figures.trials
        return bool(trials.total() if self.only is not None else trials.total() - trials[Sort.PLAIN])

    @property
    def verdict(self) -> str:
        """The last line."""
        trials = self.figures.trials
        tried = plural(trials.total(), "trial")
        if self.broken:
            return f"broken: {plural(len(self.figures.failed) + len(self.never), 'trial')} of {tried}"
        if not self.put_to_the_proof:
            return (
                f"nothing was put to the proof: {'stopped' if self.stopped else 'the time was over'} before any fault"
            )
        if self.only is None:
            tried = f"{plural(trials.total() - trials[Sort.PLAIN], 'trial')} with faults"
        if self.stopped:
            return f"held so far: {tried}, then stopped before its end"
        return f"held: {tried}, no order lost, none twice, none half"

    @property
    def looked_at(self) -> frozenset[int]:
        """Numbers of the invariants that every trial was judged by."""
        if not self.series.beginnings:
            return frozenset()
        seen = checked(self.series.beginnings[0].expected, quiescent=True)
        return frozenset(each.number for each in seen) | _BY_JUDGES

    @property
    def violated(self) -> frozenset[int]:
        found = (_NUMBERED.match(text) for tried in self.figures.failed for text in tried.result.broken)
        return frozenset(int(match[1]) for match in found if match)

    def command(self, trial: str) -> str:
        """What replays it."""
        return f"order-sync drill --replay {trial}{' --example' if self.example else ''}"


def sections(report: Report) -> Iterator[Section]:
    """The report from top to bottom, but for its verdict."""
    yield _promise(report)
    yield _tried(report)
    yield _faults(report)
    yield _held(report)
    if report.broken:
        yield _violations(report)
    if report.first is not None:
        yield _story(report.first)


def _promise(report: Report) -> Section:
    times = report.project.settings.times
    late, hidden, gone = (
        f"{times.of(name).total_seconds():g} s" for name in ("server_apply", "visibility", "lease_ttl")
    )
    return Section(
        "What is promised",
        ("No order lost, none twice, none half, whatever dies and whenever; as long as three things hold:",),
        (
            ("A1", f"what the service has not done {late} after it was sent, it never does"),
            ("A2", f"what the service has done, a look-up finds {hidden} later"),
            (
                "A3",
                f"no process stands still between its last look at the clock and its sending for longer than {gone}",
            ),
            ("", f"and then the {duration(times.quarantine.total_seconds())} that its successor waits"),
        ),
    )


def _tried(report: Report) -> Section:
    figures, series = report.figures, report.series
    struck = len(figures.struck & set(series.places))
    rows = [
        (number(figures.trials[Sort.PLAIN]), "situations without a fault"),
        (number(figures.trials[Sort.SINGLE]), "trials with one fault: a crash or an error, once or every time"),
        (number(figures.trials[Sort.RANDOM]), "trials with 5 to 50 faults and 2 to 4 processes at once"),
        (number(struck), f"of {len(series.places)} places struck that these situations lead to"),
    ]
    elsewhere = len(set(failpoints.registered()) - set(series.places) - figures.struck)
    if elsewhere:
        rows.append((number(elsewhere), "further places known that no trial came to"))
    how = f"Seed {series.seed}, {duration(report.seconds)}."
    names = ", ".join(each.scenario.name for each in series.beginnings)
    sentences = (f"{how} Stopped before its end." if report.stopped else how, f"Situations: {names}.")
    return Section("What was tried", [*sentences, *_asked_for(report)], rows)


def _asked_for(report: Report) -> Iterator[str]:
    """What the one trial is that was asked for."""
    if report.only is not None and report.series.beginnings:
        plan = report.series.plan(report.only)
        many = plural(plan.workers, "process", "processes")
        faults = f"{plural(plan.size, 'fault')} planned" if plan.size else "no fault"
        yield f"Trial {report.series.seed}-{report.only}: situation {plan.beginning.scenario.name!r}, {many}, {faults}."


def _faults(report: Report) -> Section:
    figures = report.figures
    rows = [(number(figures.strikes[kind]), words) for kind, words in STRIKES.items() if figures.strikes[kind]]
    served = sorted(figures.served.items(), key=lambda each: (-each[1], each[0]))
    rows += [(number(times), f"service: {SERVICE.get(kind, kind)}") for kind, times in served]
    total = figures.strikes.total() + figures.served.total()
    return Section(f"Faults that happened: {number(total)}", rows=rows)


def _held(report: Report) -> Section:
    if not report.figures.trials:
        return Section("What was checked", ("Nothing: no trial was done.",))
    looked_at, violated = report.looked_at, report.violated
    rows = [
        ("BROKEN" if each.number in violated else "held", f"I{each.number}", each.promise)
        for each in INVARIANTS
        if each.number in looked_at
    ]
    not_here = [f"I{each.number} {each.name}" for each in INVARIANTS if each.number not in looked_at]
    left = f"Not looked at here: {', '.join(not_here)}." if not_here else ""
    clocks = "I9 is left out of trials in which a clock was set: it compares moments that this clock wrote."
    return Section("What was checked after each trial", [each for each in (left, clocks) if each], rows)


def _violations(report: Report) -> Section:
    rows = [("", f"{each.scenario}, without faults", each.why) for each in report.never]
    for tried in report.figures.failed[:_SHOWN]:
        rows += [(tried.name, tried.plan.beginning.scenario.name, text) for text in tried.result.broken]
    more = len(report.figures.failed) - _SHOWN
    sentences = [f"{more} more trials broke a promise."] if more > 0 else []
    if report.figures.failed:
        sentences.append(f"To see the first again: {report.command(report.figures.failed[0].name)}")
    return Section("What broke", sentences, rows)


def _story(first: Tried) -> Section:
    scenario = first.plan.beginning.scenario.name
    happened = [strike_in_words(strike.kind, place, sticky=strike.sticky) for strike, place in first.result.struck]
    happened += [
        f"service: {SERVICE.get(rule.kind, rule.kind)} ({rule.on}, no. {rule.nth})" for rule in first.plan.faults
    ]
    faults = "; ".join(dict.fromkeys(happened)) or "none"
    sentences = (
        f"Trial {first.name}, situation {scenario!r}, with as few faults as still break it. Faults: {faults}.",
        "Time is virtual, minutes and seconds. A1 is the first process of worker A, A2 the one that follows it.",
    )
    return Section("How it happened", sentences, [_row(moment) for moment in story(first.result.told)])


def _row(moment: Moment) -> tuple[str, str, str, str]:
    return moment.at, moment.process, FAULT if moment.fault else "", moment.what
