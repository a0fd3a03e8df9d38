"""How long the service takes before it answers."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Final

# Milliseconds of server time by root field: medians of recorded answers of 2025 (B), some of them of few.
_CHANGE: Final = 423.0
MEDIANS: Final[Mapping[str, float]] = MappingProxyType(
    {
        "create_item": 829.0,
        "create_subitem": 3_285.0,
        "change_column_value": _CHANGE,
        "change_simple_column_value": _CHANGE,
        "change_multiple_column_values": _CHANGE,
        "create_group": 730.0,
        "update_group": 951.0,
        "archive_group": 331.0,
        "create_column": 440.0,
        "create_board": 1_432.0,
        "delete_board": 820.0,
        "delete_item": 1_032.0,
        "archive_item": 627.0,
        "duplicate_item": 654.0,
        "move_item_to_group": 471.0,
        "boards": 594.0,
        "next_items_page": 594.0,
        "items_page_by_column_values": 559.0,
        "items": 268.0,
    }
)
OTHER_WRITE, OTHER_READ = _CHANGE, 268.0
# create_item is the only one with enough recordings for more than a median: the others get its shape (D).
_MEDIAN, _P95, _MAX = 829.0, 1_114.0, 3_459.0
_P95_SIGMAS: Final = 1.6448536269514722
_SIGMA: Final = math.log(_P95 / _MEDIAN) / _P95_SIGMAS
_LONGEST: Final = _MAX / _MEDIAN


@dataclass(frozen=True)
class Latency:
    """Milliseconds of server time: once per request, and for each root field of a mutation.

    medians: where given, each root field has a time of its own instead, drawn around its median. seed: of those
    draws; the simulator's own where there is none.
    """

    per_request_ms: float = 0.0
    per_mutation_ms: float = 0.0
    medians: Mapping[str, float] | None = None
    seed: int | None = None

    @classmethod
    def recorded(cls, seed: int | None = None, *, medians: Mapping[str, float] | None = None) -> Latency:
        """The distribution of recorded answers: log-normal, cut at the longest. medians: before the recorded ones."""
        return cls(medians=MappingProxyType({**MEDIANS, **(medians or {})}), seed=seed)

    def of(self, fields: Sequence[str], *, writes: bool, seed: int, number: int) -> tuple[timedelta, ...]:
        """The time of each field, one after the other. number: of the request, the only other thing a draw hangs on."""
        if self.medians is None:
            each = self.per_mutation_ms if writes else 0.0
            times = [each] * len(fields)
        else:
            own = seed if self.seed is None else self.seed
            chance = random.Random(f"latency/{own}/{number}")  # noqa: S311 - a simulation, no secret
            times = [self._drawn(name, writes, chance) for name in fields]
        first, *others = times or [0.0]
        return tuple(timedelta(milliseconds=ms) for ms in (first + self.per_request_ms, *others))

    def _drawn(self, name: str, writes: bool, chance: random.Random) -> float:
        assert self.medians is not None  # noqa: S101 - for the type checker
        median = self.medians.get(name, OTHER_WRITE if writes else OTHER_READ)
        return median * min(math.exp(chance.gauss(0.0, _SIGMA)), _LONGEST)
