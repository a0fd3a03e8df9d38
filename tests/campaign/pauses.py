"""A process that is paused, with a request on its way or without, until another has taken over its work."""

from __future__ import annotations

import random
import signal
import sqlite3
from contextlib import ExitStack, closing
from datetime import UTC, datetime

from tests.campaign.child import ANSWERED, ASKS, CHANGES, EVENT, Strike
from tests.campaign.figures import Figures
from tests.campaign.nursery import CONTINUE, STOP, Broken, Run, eventually, running
from tests.campaign.site import Site

_ENDINGS = (0, 1, 3)  # done before it mattered, interrupted, halted: all of them with words, none with a traceback


def paused_and_overtaken(site: Site, chance: random.Random, figures: Figures) -> None:
    """One sleeper, in a third of the units a second one that took over from the first; then one that gets through."""
    with ExitStack() as stack:
        sleepers = []
        for _ in range(chance.choice((1, 1, 2))):
            sleeper = stack.enter_context(running(site.config, site.next_log(), _moment(chance)))
            if _falls_asleep(site, sleeper, figures):
                sleepers.append(sleeper)
                _leases_run_out(site)
        awake_early = chance.random() < 0.4
        successor = stack.enter_context(running(site.config, site.next_log()))
        if awake_early:
            successor.until("", chance.randint(1, 25))
            figures.outcomes["woken while its successor works"] += len(sleepers)
            _wake(sleepers)
        _ends_well(successor, figures, "successor")
        _woken_in_vain(site, sleepers, figures, late=not awake_early)


def _moment(chance: random.Random) -> Strike:
    """Mostly around a request that changes the board: there a second item could come from."""
    kind = chance.choice((CHANGES, CHANGES, CHANGES, ANSWERED, ASKS, EVENT))
    return Strike(kind, chance.randint(1, 8), STOP)


def _falls_asleep(site: Site, run: Run, figures: Figures) -> bool:
    """Outside of any transaction: within one it would keep the database locked for everybody, as SQLite does. False
    where it ended before."""

    def asleep() -> bool:
        return run.stands_still or not run.process.is_alive()

    eventually("the process pauses", asleep)
    while run.process.is_alive() and not _is_free(site):
        run.send(CONTINUE)
        eventually("the database is free for a moment", lambda: not run.process.is_alive() or _is_free(site))
        if run.process.is_alive():
            run.send(STOP)
            eventually("the process pauses again", asleep)
    if not run.process.is_alive():
        figures.outcomes["ended before its pause"] += 1
        return False
    figures.runs += 1
    figures.faults["SIGSTOP"] += 1
    figures.boundaries[run.struck] += 1
    return True


def _is_free(site: Site) -> bool:
    """Whether somebody else may write."""
    with closing(sqlite3.connect(site.folder / "orders.db", timeout=0.2, isolation_level=None)) as conn:
        try:
            conn.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return False
        conn.execute("ROLLBACK")
        return True


def _leases_run_out(site: Site) -> None:
    def over() -> bool:
        rows = site.rows("SELECT expires_at FROM MON_Lease WHERE owner IS NOT NULL")
        return all(datetime.fromisoformat(expires) < datetime.now(UTC) for (expires,) in rows)

    eventually("the sleeper's leases have run out", over)


def _wake(sleepers: list[Run]) -> None:
    for sleeper in sleepers:
        sleeper.send(CONTINUE)


def _woken_in_vain(site: Site, sleepers: list[Run], figures: Figures, *, late: bool) -> None:
    """Woken after the successor has done everything, they change nothing any more, neither board nor tables."""
    made, stored = _made(site), site.checksum()
    if late:
        figures.outcomes["slept longer than its successor's whole work"] += len(sleepers)
        _wake(sleepers)
    for sleeper in sleepers:
        _ends_well(sleeper, figures, "sleeper")
    if late and (_made(site) != made or site.checksum() != stored):
        raise Broken("a sleeper changed something:\n" + "\n".join(each.words for each in sleepers))


def _made(site: Site) -> int:
    return sum(record.applied is True for record in site.simulator.wire_log)


def _ends_well(run: Run, figures: Figures, who: str) -> None:
    code = run.ended()
    figures.outcomes[f"{who}: exit {code}"] += 1
    if code not in _ENDINGS or "Traceback" in run.words:
        raise Broken(f"a {who} ended with {signal.Signals(-code).name if code < 0 else code}:\n{run.words}")
