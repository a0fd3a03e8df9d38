"""Where a generator takes its decisions from: Hypothesis, which can shrink them, or a seed, which is quick."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar

from hypothesis import strategies as st

T = TypeVar("T")
ODD = "aZ09_ \"'\\{}[]()$@#:,!.|&\n\r\t\x00\x1f\u00e9\u00df\u0130\u2028\ufeff\uffff\U0001f600%"


class Choices(Protocol):
    def number(self, low: int, high: int) -> int: ...
    def pick(self, options: Sequence[T]) -> T: ...
    def chance(self, percent: int) -> bool: ...
    def text(self) -> str: ...


class Drawn:
    """Of one Hypothesis example."""

    def __init__(self, draw: Callable[[st.SearchStrategy[Any]], Any]) -> None:
        self._draw = draw

    def number(self, low: int, high: int) -> int:
        return int(self._draw(st.integers(low, high)))

    def pick(self, options: Sequence[T]) -> T:
        return options[self.number(0, len(options) - 1)]

    def chance(self, percent: int) -> bool:
        return self.number(0, 99) >= 100 - percent

    def text(self) -> str:
        return str(self._draw(st.text(st.sampled_from(ODD) | st.characters(), max_size=12)))


class Seeded:
    """The same for the same seed, always."""

    def __init__(self, seed: str) -> None:
        self._random = random.Random(seed)

    def number(self, low: int, high: int) -> int:
        return self._random.randint(low, high)

    def pick(self, options: Sequence[T]) -> T:
        return options[self._random.randrange(len(options))]

    def chance(self, percent: int) -> bool:
        return self._random.randrange(100) < percent

    def text(self) -> str:
        length = self._random.choice((0, 1, 3, 12, 300))
        return "".join(self._random.choices(ODD, k=length))
