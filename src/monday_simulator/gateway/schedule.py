"""How long a document takes, and how much of it is done when the server gives up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import accumulate


@dataclass(frozen=True)
class Schedule:
    """wait: until the answer. done: root fields that are finished by then. is_over: whether the server gave up."""

    wait: timedelta
    done: int
    is_over: bool


def schedule(times: Sequence[timedelta], longest: timedelta) -> Schedule:
    """Root fields run one after the other; what has begun when the time is over is not done."""
    ends = list(accumulate(times))
    total = ends[-1] if ends else timedelta(0)
    if total <= longest:
        return Schedule(total, len(ends), is_over=False)
    return Schedule(longest, sum(end <= longest for end in ends), is_over=True)
