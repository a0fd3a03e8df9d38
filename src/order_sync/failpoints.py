"""Places where a test lets the process die or an operation fail. Each registers itself; off, it costs a comparison."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

Striker = Callable[[str], None]
"""Hears the name of each place that is passed; may raise what is to go wrong there."""

_places: Final[dict[str, None]] = {}
_strikers: Final[list[Striker]] = []  # one at most


def register(name: str) -> str:
    """Make a place known, e.g. at import. Returns the name."""
    _places[name] = None
    return name


def registered() -> tuple[str, ...]:
    """Every place that is known so far, in the order of registration."""
    return tuple(_places)


def reach(name: str) -> None:
    """The process is here. Nothing happens unless somebody strikes."""
    if _strikers:
        _strikers[0](name)


def strike_with(striker: Striker | None) -> None:
    """Let `striker` hear of every place from now on; None turns all of them off."""
    _strikers[:] = [] if striker is None else [striker]


def are_on() -> bool:
    """Whether somebody strikes, where asking costs less than being ready to be asked."""
    return bool(_strikers)
