"""Some requests in a row to an account of their own."""

from __future__ import annotations

from collections import Counter

from tests.fuzz.account import simulated
from tests.fuzz.choices import Choices
from tests.fuzz.play import play
from tests.fuzz.requests import Request, request

from monday_simulator import Rule
from monday_simulator.api.schema import executable_schema
from monday_simulator.gateway.faults import Kind

LONGEST = 12
_FAULTS = (
    Kind.RESET_BEFORE, Kind.LOST_AFTER, Kind.HALF_ANSWER, Kind.LATE_APPLY, Kind.DUPLICATE, Kind.ERROR_500_BEFORE,
    Kind.ERROR_500_AFTER, Kind.ERROR_200_BEFORE, Kind.LOCKED_423, Kind.THROTTLE_429, Kind.HTML_502_AFTER,
)  # fmt: skip


def requests(choices: Choices) -> list[Request]:
    return [request(choices, executable_schema()) for _ in range(choices.number(1, LONGEST))]


def faults(choices: Choices) -> tuple[Rule, ...]:
    """None for most sessions, else one kind that meets every other request."""
    return (Rule(choices.pick(_FAULTS), every=2),) if choices.chance(20) else ()


def run(sent: list[Request], rules: tuple[Rule, ...], figures: Counter[str] | None = None) -> None:
    with simulated(rules) as simulator:
        play(simulator, sent, figures)
