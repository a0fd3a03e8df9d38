"""The protocol is needed, each rule of it: without any one the campaign sees a promise broken, within 200 seeds."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.campaign.figures import Figures, Part, Violation
from tests.campaign.mutations import MUTANTS
from tests.campaign.mutations.hunt import SEEDS, Caught, Theatre, hunt
from tests.campaign.mutations.mutant import Mutant
from tests.campaign.worlds import MEMORY


@contextmanager
def theatre() -> Iterator[Theatre]:
    """In memory where the system has such a folder: a database that is on a disk waits for it all the time."""
    place = MEMORY if os.access(MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="mutants-", dir=place, ignore_cleanup_errors=True) as folder:
        made = Theatre(Path(folder))
        try:
            yield made
        finally:
            made.close()


def run(first: int) -> Iterator[Figures]:
    """One mutant a unit, in the order of the list, again and again with other seeds."""
    with theatre() as made:
        number = first
        while True:
            rounds, at = divmod(number, len(MUTANTS))
            yield figures_of(made, MUTANTS[at], range(rounds * SEEDS + 1, (rounds + 1) * SEEDS + 1))[1]
            number += 1


def figures_of(made: Theatre, mutant: Mutant, seeds: Sequence[int]) -> tuple[Caught | None, Figures]:
    """The hunt and what it brings home: `runs` are the seeds that it took."""
    caught = hunt(made, mutant, seeds)
    figures = Figures(runs=len(seeds) if caught is None else seeds.index(caught.seed) + 1)
    figures.faults[f"mutant: {mutant.name}"] += 1
    again = f"python -m tests.campaign.mutants {mutant.name!r}"
    if caught is None:
        figures.outcomes["survived"] += 1
        figures.violations.append(
            Violation("every mutant is caught", f"{mutant.name} survived {len(seeds)} seeds", again)
        )
        return None, figures
    figures.outcomes[f"caught by {caught.promise}"] += 1
    for broken in caught.sound:
        figures.violations.append(Violation("the product itself", f"seed {caught.seed}: {broken}", again))
    return caught, figures


PART = Part("mutants", "each rule of the protocol is needed, and the campaign sees it missing", len(MUTANTS), run)


def main(names: Sequence[str]) -> int:
    """Hunt the mutants whose names hold one of these words, or all; a line for each."""
    survived = 0
    with theatre() as made:
        for number, mutant in enumerate(MUTANTS, 1):
            if names and not any(name in mutant.name for name in names):
                continue
            caught, figures = figures_of(made, mutant, range(1, SEEDS + 1))
            survived += bool(figures.violations)
            sys.stdout.write(f"{number:3}  {mutant.name:36} {_told(caught, figures)}\n")
            sys.stdout.flush()
    return 1 if survived else 0


def _told(caught: Caught | None, figures: Figures) -> str:
    if caught is None:
        return f"SURVIVED {figures.runs} seeds"
    what = f"{caught.promise:10} seed {caught.seed:3} {caught.seconds:6.1f} s   {caught.broken[0][:90]}"
    return what if not caught.sound else f"{what}\n     THE PRODUCT ITSELF: {caught.sound[0]}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
