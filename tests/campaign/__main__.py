"""The campaign: every part until its units or the time are used up, in as many processes as there are cores.

`python dev.py campaign --hours 1` goes on where the ledger ends; `python dev.py campaign seeds --first 7`
shows one unit again. With `--server` the parts in virtual time run on the database that ORDER_SYNC_TEST_MSSQL_URL names,
which they empty.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime

from tests import databases
from tests.campaign.boundaries import never_struck
from tests.campaign.figures import Figures, Part
from tests.campaign.ledger import Line, append, commit, machine, next_unit, struck_before
from tests.campaign.parts import ON_SERVER, PARTS, SHARES
from tests.campaign.passes import in_this_process, units_of


def main(words: Sequence[str]) -> int:
    asked = _asked(words)
    if asked.server:
        with databases.working_on("server"):
            return _campaign(asked, [PARTS[name] for name in asked.part or ON_SERVER])
    return _campaign(asked, [PARTS[name] for name in asked.part or PARTS])


def _campaign(asked: argparse.Namespace, chosen: Sequence[Part]) -> int:
    if asked.first is not None:
        return _show_again(chosen[0], asked.first, asked.units or 1)
    ends = time.monotonic() + asked.hours * 3600
    share = sum(SHARES[part.name] for part in chosen)
    whole = Figures()
    for part in chosen:
        left = max(0.0, ends - time.monotonic())
        seconds = left * SHARES[part.name] / share
        share -= SHARES[part.name]
        whole.add(_pass(part, asked.units or part.units, seconds, asked.processes, keep=not asked.dry))
    if asked.part is None and not asked.server:
        whole.never_hit = never_struck(whole.boundaries + struck_before())
    _tell("the whole pass", whole)
    return 0 if whole.held else 1


def _asked(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python dev.py campaign", description=__doc__)
    parser.add_argument("part", nargs="*", choices=[*PARTS, []], help="by default all of them")
    parser.add_argument("--hours", type=float, default=1.0, help="for all parts together")
    parser.add_argument("--first", type=int, help="show units from this one on again, in this process")
    parser.add_argument("--units", type=int, help="of each part; by default those of a full pass")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--server", action="store_true", help=f"on a server; parts: {', '.join(ON_SERVER)}")
    parser.add_argument("--dry", action="store_true", help="leave the ledger alone")
    asked = parser.parse_args(words)
    asked.part = asked.part or None
    if asked.server and not set(asked.part or ()) <= set(ON_SERVER):
        parser.error(f"on a server there are only {', '.join(ON_SERVER)}")
    if asked.first is not None and (asked.part is None or len(asked.part) != 1):
        parser.error("--first needs the one part that it is about")
    return asked


def _show_again(part: Part, first: int, units: int) -> int:
    found, last = in_this_process(part.name, first, units)
    _tell(f"{part.name} {first} to {last}", found)
    return 0 if not found.violations else 1


def _pass(part: Part, units: int, seconds: float, processes: int, *, keep: bool) -> Figures:
    """One part, from where the ledger ends."""
    first, began = next_unit(part.name, database=databases.name()), time.monotonic()
    if databases.on_server():
        # One database is one world.
        found, last = in_this_process(part.name, first, units, seconds)
    else:
        found, last = units_of(part, first, units, seconds, processes)
    took = time.monotonic() - began
    _tell(f"{part.name}, units {first} to {last}, {took:.0f} s", found)
    if keep and last >= first:
        append(_line(part, (first, last), took, found))
    return found


def _line(part: Part, seeds: tuple[int, int], took: float, found: Figures) -> Line:
    return Line(
        datetime.now(UTC).strftime("%Y-%m-%dT%H:%MZ"),
        commit(),
        machine(),
        part.name,
        seeds,
        found.runs,
        round(took, 1),
        dict(sorted(found.faults.items())),
        len(found.boundaries),
        dict(sorted(found.outcomes.items())),
        len(found.violations),
        dict(sorted(found.boundaries.items())),
        databases.name(),
    )


def _tell(what: str, found: Figures) -> None:
    print(
        f"\n== {what}: {found.runs:,} runs, {sum(found.faults.values()):,} faults at {len(found.boundaries)} boundaries"
    )
    for name, counts in (("faults", found.faults), ("outcomes", found.outcomes)):
        if counts:
            print(f"   {name}: " + ", ".join(f"{kind} {count:,}" for kind, count in sorted(counts.items())))
    for place in found.never_hit:
        print(f"   NEVER STRUCK: {place}")
    for violation in found.violations[:20]:
        print(f"   BROKEN: {violation}")
    print(f"   {len(found.violations)} violations", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
