"""The meter that counts what the account uses, and refuses what is over a limit."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta

from monday_simulator.clock import Clock
from monday_simulator.limits import Charge, Limits

WINDOW_SECONDS = 60.0


@dataclass(frozen=True)
class Refusal:
    """A limit that is reached. retry_in_seconds: when it opens again."""

    message: str
    code: str
    retry_in_seconds: int


class _Window:
    """Opens at the first use, and anew at the first use after its end."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ends = -math.inf
        self.used = 0

    def touch(self) -> None:
        if self._clock.monotonic() >= self._ends:
            self._ends = self._clock.monotonic() + WINDOW_SECONDS
            self.used = 0

    def seconds_left(self) -> int:
        return max(1, math.ceil(self._ends - self._clock.monotonic()))


class Meter:
    """Counts requests and complexity. Not thread-safe: the simulator holds a lock."""

    def __init__(self, limits: Limits, clock: Clock) -> None:
        self.limits = limits
        self.in_flight = 0
        self._clock = clock
        self._minute = _Window(clock)
        self._complexity = _Window(clock)
        self._day = clock.now().date()
        self._calls_today = 0.0
        self._exceeded = False

    @property
    def calls_today(self) -> float:
        return self._calls_today

    def arrive(self) -> Refusal | None:
        """Count a request, or refuse it; a refused one counts a tenth of a call."""
        self._new_day()
        self._minute.touch()
        refusal = self._refusal()
        self._calls_today += 1.0 if refusal is None else 0.1
        if refusal is None:
            self._minute.used += 1
        return refusal

    def _refusal(self) -> Refusal | None:
        limits = self.limits
        if self._calls_today + 1 > limits.calls_per_day:
            return Refusal("Daily limit exceeded", "DAILY_LIMIT_EXCEEDED", self._seconds_to_midnight())
        if self._minute.used >= limits.requests_per_minute:
            wait = self._minute.seconds_left()
            return Refusal("Minute rate limit exceeded", "MINUTE_RATE_LIMIT_EXCEEDED", wait)
        if self.in_flight > limits.concurrency:
            return Refusal("Too many concurrent requests", "MAX_CONCURRENCY_EXCEEDED", 15)
        return None

    def _new_day(self) -> None:
        today = self._clock.now().date()
        if today != self._day:
            self._day, self._calls_today = today, 0.0

    def _seconds_to_midnight(self) -> int:
        now = self._clock.now()
        midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
        return max(1, math.ceil((midnight - now).total_seconds()))

    def charge(self, cost: int) -> Charge | Refusal:
        """Take the cost from the minute's budget, or refuse without taking anything."""
        self._complexity.touch()
        before = self.limits.complexity_per_minute - self._complexity.used
        left = self._complexity.seconds_left()
        if cost > self.limits.complexity_per_query:
            most = self.limits.complexity_per_query
            message = f"Query has complexity of {cost}, which exceeds max complexity of {most}"
            return Refusal(message, "maxComplexityExceeded", left)
        self._exceeded = cost > before
        if self._exceeded:
            return Refusal("Complexity budget exhausted", "COMPLEXITY_BUDGET_EXHAUSTED", left)
        self._complexity.used += cost
        return Charge(before, cost, before - cost, left)

    def complexity_left(self) -> int:
        """Points that the present minute still has."""
        self._complexity.touch()
        return max(0, self.limits.complexity_per_minute - self._complexity.used)

    def headers(self) -> dict[str, str]:
        """RateLimit-Policy and RateLimit; t, the seconds to wait, stands only with an exceeded limit."""
        limits = self.limits
        self._minute.touch()
        complexity_left = self.complexity_left()
        minute_left = max(0, limits.requests_per_minute - self._minute.used)
        minute_wait = "" if minute_left else f";t={self._minute.seconds_left()}"
        complexity_wait = f";t={self._complexity.seconds_left()}" if self._exceeded or not complexity_left else ""
        return {
            "RateLimit-Policy": (
                f'"minuteRate";q={limits.requests_per_minute};w=60, '
                f'"concurrency";q={limits.concurrency};qu="concurrent-requests", '
                f'"complexityMinute";q={limits.complexity_per_minute};w=60;qu="content-bytes"'
            ),
            "RateLimit": (
                f'"minuteRate";r={minute_left}{minute_wait}, '
                f'"concurrency";r={max(0, limits.concurrency - self.in_flight)}, '
                f'"complexityMinute";r={complexity_left}{complexity_wait}'
            ),
        }
