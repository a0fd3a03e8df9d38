"""What an invariant is made of, and what is told when it does not hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum

from order_sync.drill.evidence import Evidence


class When(Enum):
    """At what moments a query must find nothing."""

    ALWAYS = "always"
    AT_REST = "at rest"  # recovery came to its end: nothing is left that a run over everything would do


class Needs(Enum):
    """What a query reads beside database, board and source; where that is not there it is left out."""

    NOTHING = ""
    WIRE = "the simulator's wire log"
    HISTORY = "the history of changes"
    OUTPUTS = "outputs and a canary token"


@dataclass(frozen=True, slots=True)
class Check:
    """`find`: a query, or a function of the evidence; examples of what breaks the promise."""

    find: str | Callable[[Evidence], Iterable[str]]
    when: When = When.ALWAYS
    needs: Needs = Needs.NOTHING

    def applies(self, evidence: Evidence, *, at_rest: bool) -> bool:
        there = {Needs.WIRE: evidence.has_wire, Needs.HISTORY: evidence.has_history}
        there[Needs.OUTPUTS] = evidence.token is not None
        return (at_rest or self.when is When.ALWAYS) and there.get(self.needs, True)

    def examples(self, evidence: Evidence) -> list[str]:
        found = (str(row[0]) for row in evidence.ask(self.find)) if isinstance(self.find, str) else self.find(evidence)
        return sorted(set(found))


@dataclass(frozen=True, slots=True)
class Invariant:
    """`compared`: the function of `comparisons.py` that checks it on two runs, where one moment cannot show it."""

    number: int
    name: str
    promise: str
    checks: Sequence[Check] = field(default=())
    compared: str = ""

    def __str__(self) -> str:
        return f"I{self.number} {self.name}"


@dataclass(frozen=True, slots=True)
class Breach:
    """An invariant that does not hold. `examples`: the first few of `count`."""

    invariant: Invariant
    examples: tuple[str, ...]
    count: int

    def __str__(self) -> str:
        more = f" and {self.count - len(self.examples)} more" if self.count > len(self.examples) else ""
        return f"{self.invariant}: {'; '.join(self.examples)}{more}"
