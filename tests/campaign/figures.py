"""What a part of the campaign brings home: how much was run, what was injected, what broke."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Violation:
    """A promise that did not hold: which, with what was found, and the command that shows it again."""

    promise: str
    found: str
    again: str

    def __str__(self) -> str:
        return f"{self.promise}: {self.found}\n  again: {self.again}"


@dataclass
class Figures:
    """Counts of one or many runs. `faults`: injected, by kind; `boundaries`: how often each was where a fault struck;
    `outcomes`: how the runs or requests ended, by kind."""

    runs: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    boundaries: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    violations: list[Violation] = field(default_factory=list)
    never_hit: Sequence[str] = ()

    def add(self, other: Figures) -> None:
        self.runs += other.runs
        self.faults += other.faults
        self.boundaries += other.boundaries
        self.outcomes += other.outcomes
        self.violations += other.violations
        self.never_hit = sorted({*self.never_hit, *other.never_hit})

    @property
    def held(self) -> bool:
        """Every promise held and every boundary was reached."""
        return not self.violations and not self.never_hit


@dataclass(frozen=True)
class Part:
    """One kind of proof. `run` yields the figures of one unit of work after the other for seeds from `first` on, so
    that it can be stopped after any of them and resumed at the next seed; a full pass is `units` of them."""

    name: str
    promises: str
    units: int
    run: Callable[[int], Iterator[Figures]]
