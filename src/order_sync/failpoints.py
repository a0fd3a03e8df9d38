"""Places where a test lets the process die or an operation fail. Each registers itself; off, it costs a comparison."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

Striker = Callable[[str], None]
"""Hears the name of each place that is passed; may raise what is to go wrong there."""

_places: Final[dict[str, None]] = {}
_striker: Striker | None = None


def register(name: str) -> str:
    """Make a place known, e.g. at import. Returns the name."""
    _places[name] = None
    return name


def registered() -> tuple[str, ...]:
    """Every place that is known so far, in the order of registration."""
    return tuple(_places)


def reach(name: str) -> None:
    """The process is here. Nothing happens unless somebody strikes."""
    if _striker is not None:
        _striker(name)


def strike_with(striker: Striker | None) -> None:
    """Let `striker` hear of every place from now on; None turns all of them off."""
    global _striker  # noqa: PLW0603 - one process has one
    _striker = striker


def are_on() -> bool:
    """Whether somebody strikes, where asking costs less than being ready to be asked."""
    return _striker is not None
