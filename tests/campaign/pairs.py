"""A second fault during the recovery from a first one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from typing import Final

from order_sync.drill.scenarios import SMALLEST
from order_sync.drill.strikes import Kind, Strike
from order_sync.drill.trial import trial
from tests.campaign.boundaries import figures_of
from tests.campaign.figures import Figures, Part
from tests.campaign.remembered import remembering
from tests.campaign.worlds import beginning, shown_again, small_world

SINGLE: Final = (Kind.CRASH, Kind.ERROR)
STRIDE: Final = 37  # between two second faults of the same first one; no divisor of what a recovery passes
WAIT: Final = timedelta(seconds=65)  # the dead one's lease is over: recovery gets to work


def pairs(first: int) -> Iterator[Figures]:
    """A unit is one pair: each first fault in turn, then each again with another second one."""
    firsts = [Strike(worker, at, kind) for worker, at, _ in beginning(SMALLEST).passages for kind in SINGLE]
    number = first
    while True:
        lap, which = divmod(number, len(firsts))
        yield _pair(firsts[which], _places(firsts[which]), lap, number)
        number += 1


@cache
def _places(first: Strike) -> int:
    """How many places the recovery from this fault passes."""
    with remembering():
        found = trial(small_world(), beginning(SMALLEST), [first], recovery_strikes=(), wait_before=WAIT)
    return len(found.recovery)


def _pair(first: Strike, places: int, lap: int, number: int) -> Figures:
    at = (number * STRIDE + lap) % max(1, places)
    second = Strike(0, at, SINGLE[(number // 2 + lap) % 2])
    with remembering():
        result = trial(small_world(), beginning(SMALLEST), [first], recovery_strikes=(second,), wait_before=WAIT)
    again = shown_again("pairs", number)
    return figures_of(result, f"{first}, then {second.kind} at passage {at} of recovery", again)


PART: Final = Part(
    "pairs", "a second fault during recovery from the first: nothing is lost, doubled or halved", 10_000, pairs
)
