"""Real processes on one SQLite file, with a board behind a socket: killed at any moment, killed again while they
recover, paused until another has taken over, and eight of them at once."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count

import order_sync.cli  # noqa: F401 - registers every place of a run
from order_sync import failpoints
from tests.campaign.child import ANSWERED, CHANGES, EVENT, PLACE, Strike
from tests.campaign.figures import Figures, Part, Violation
from tests.campaign.nursery import KILL, STOP, Broken, Run, running
from tests.campaign.pauses import paused_and_overtaken
from tests.campaign.site import Site, a_site, template, too_late, troubles
from tests.campaign.worlds import shown_again

KILLS, ROUNDS, CROWD = 6, 5, 8
Unit = Callable[[Site, random.Random, Figures], None]
_ROWS, _CUSTOMERS = 72, 3
_TRIES = 8  # runs that a recovery may take: those of a crowd may find a customer held
_NOT_OF_A_RUN = ("retry", "requeue", "canary", "drill", "rollback")


def kills(first: int) -> Iterator[Figures]:
    """Units of KILLS kills on one installation."""
    if not KILL:
        return _skipped("kills a process from within")
    return _units("kills", first, _killed_again_and_again)


def pauses(first: int) -> Iterator[Figures]:
    """Units of one pause, or two at once."""
    if not STOP:
        return _skipped("pauses a process")
    return _units("pauses", first, paused_and_overtaken)


def crowd(first: int) -> Iterator[Figures]:
    """Units of ROUNDS rounds of CROWD processes at once on one installation."""
    return _units("crowd", first, _rounds)


def _skipped(what: str) -> Iterator[Figures]:
    yield Figures(outcomes=Counter([f"skipped: this system has no signal that {what}"]))


def _units(part: str, first: int, unit: Unit) -> Iterator[Figures]:
    for seed in count(first):
        yield one_unit(part, seed, unit)


def one_unit(part: str, seed: int, unit: Unit) -> Figures:
    """The figures of one seed. What happened on a machine too slow for the times of the protocol is told, and proves
    nothing."""
    figures = Figures()
    with a_site(template(_ROWS, _CUSTOMERS)) as site:
        site.reveal(8)
        found = _found(site, random.Random(f"{part}/{seed}"), figures, unit)
        if found and too_late(site):
            figures.outcomes[f"beyond A1 or A3, a request came too late: {found[0].partition(':')[0]}"] += 1
        elif found:
            again = shown_again(part, seed)
            figures.violations.append(Violation(f"{part}: none lost, none twice, none half", "; ".join(found), again))
    return figures


def _found(site: Site, chance: random.Random, figures: Figures, unit: Unit) -> list[str]:
    """What is not as it must be after the unit and its recovery."""
    try:
        unit(site, chance, figures)
    except (Broken, TimeoutError) as broken:
        return [str(broken)]
    return [*recovered(site, figures), *troubles(site), *_runs_once_more(site)]


def recovered(site: Site, figures: Figures) -> list[str]:
    """Undisturbed runs until one has nothing left to do; what the last one said if that never comes."""
    for _ in range(_TRIES):
        with running(site.config, site.next_log()) as run:
            code, words = run.ended(), run.words
        figures.outcomes[f"recovery: exit {code}"] += 1
        if code == 0:
            return []
    return [f"still exit {code} after {_TRIES} runs:\n{words}"]


def _runs_once_more(site: Site) -> list[str]:
    """Without work: it changes nothing, on the board or in the tables."""
    sent, stored = len(site.mutations), site.checksum()
    with running(site.config, site.next_log()) as run:
        code = run.ended()
    found = [] if code == 0 else [f"a run without work: exit {code}\n{run.words}"]
    found += ["a run without work changed the board"] if len(site.mutations) != sent else []
    return found + (["a run without work changed the tables"] if site.checksum() != stored else [])


def _killed_again_and_again(site: Site, chance: random.Random, figures: Figures) -> None:
    """Most kills fall into the recovery from the one before; a run that comes through gets new orders to do."""
    while figures.runs < KILLS:
        if _lives_through(site, chance, figures):
            site.reveal(2)


def _lives_through(site: Site, chance: random.Random, figures: Figures) -> bool:
    """One life, with a kill somewhere on its way or after its end."""
    strike = _moment(chance)
    within = chance.random() < 0.75
    with running(site.config, site.next_log(), strike if within else None) as run:
        where = _kill_from_within(run) if within else _kill_from_without(run, strike)
        if where:
            figures.runs += 1
            figures.faults[f"kill -9 from {'within' if within else 'without'}"] += 1
            figures.boundaries[where] += 1
        return not where


def _kill_from_within(run: Run) -> str:
    code = run.ended()
    if code not in (-KILL, 0, 1):
        raise Broken(f"a run that nobody disturbed ended with {code}:\n{run.words}")
    return run.struck


def _kill_from_without(run: Run, strike: Strike) -> str:
    """At once after it told something; where exactly that is only the machine knows."""
    kind = EVENT if strike.at not in (CHANGES, ANSWERED) else strike.at
    if not run.until(kind, strike.nth) or not run.process.is_alive():
        run.ended()
        return ""
    run.kill()
    return f"after {run.told()[-1]}"


def _moment(chance: random.Random) -> Strike:
    """A third each: at any failpoint by its number, at a failpoint by its name, and around requests and events."""
    kind = chance.choice(("number", "name", "told"))
    if kind == "number":
        return Strike(PLACE, chance.randint(1, 120), KILL)
    if kind == "name":
        return Strike(chance.choice(places_of_a_run()), chance.randint(1, 2), KILL)
    return Strike(chance.choice((CHANGES, ANSWERED, EVENT)), chance.randint(1, 12), KILL)


def places_of_a_run() -> list[str]:
    """Failpoints that `run` can pass, as far as their names tell."""
    return [name for name in failpoints.registered() if not any(word in name for word in _NOT_OF_A_RUN)]


def _rounds(site: Site, chance: random.Random, figures: Figures) -> None:
    for _ in range(ROUNDS):
        _round(site, chance, figures)
        site.reveal(chance.randint(2, 5))
    figures.runs += ROUNDS


def _round(site: Site, chance: random.Random, figures: Figures) -> None:
    """CROWD processes at once; in two rounds of three some of them are killed."""
    doomed = chance.sample(range(CROWD), chance.choice((0, 2, 5)) if KILL else 0)
    strikes = [_moment(chance) if at in doomed else None for at in range(CROWD)]
    with ExitStack() as stack:
        runs = [stack.enter_context(running(site.config, site.next_log(), strike)) for strike in strikes]
        for run in runs:
            code = run.ended()
            figures.outcomes["killed" if code == -KILL else f"one of eight: exit {code}"] += 1
            if code == -KILL:
                figures.faults["kill -9 of one of eight"] += 1
                figures.boundaries[run.struck] += 1


PARTS = (
    Part("kills", "A run killed at any moment, again and again, ends with each order once on the board.", 50, kills),
    Part("pauses", "A run paused until another has taken over changes nothing when it goes on.", 60, pauses),
    Part("crowd", "Eight runs at once share the work: none lost, none twice, none half.", 10, crowd),
)
