"""python -m tests.fuzz.long_run [COUNT] [--seed N]: the fuzz at length; prints what was answered, 1 after a failure."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Sequence

from tests.fuzz import sessions
from tests.fuzz.choices import Seeded
from tests.fuzz.play import FuzzFailure

COUNT = 100_000
MOST_FAILURES = 20


def main(words: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(words)
    figures: Counter[str] = Counter()
    failures: list[str] = []
    began, session = time.monotonic(), options.first
    while figures["requests"] < options.count and len(failures) < MOST_FAILURES:
        try:
            _play(f"{options.seed}/{session}", figures)
        except FuzzFailure as failure:
            failures.append(f"session {session}: {failure}")
            print(f"\n{failures[-1]}", file=sys.stderr, flush=True)
        session += 1
    _show(figures, session - options.first, time.monotonic() - began, len(failures))
    return 1 if failures else 0


def _play(seed: str, figures: Counter[str]) -> None:
    choices = Seeded(seed)
    sent = sessions.requests(choices)
    sessions.run(sent, sessions.faults(choices), figures)


def _parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="python dev.py fuzz", description=__doc__)
    made.add_argument("count", nargs="?", type=int, default=COUNT, help=f"requests; {COUNT:,} without")
    made.add_argument("--seed", type=int, default=0, help="another seed, other requests")
    made.add_argument("--first", type=int, default=0, help="begin with this session, to repeat a failure")
    return made


def _show(figures: Counter[str], count: int, seconds: float, failures: int) -> None:
    print(f"{figures['requests']:,} requests in {count:,} sessions, {seconds:,.0f} s, {failures} failures")
    for name, found in sorted(figures.items()):
        if name != "requests":
            print(f"  {found:8,}  {name}")


if __name__ == "__main__":
    sys.exit(main())
