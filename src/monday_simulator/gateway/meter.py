"""The meter that counts what the account uses, and refuses what is over a limit."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import msgspec

from monday_simulator.clock import Clock
from monday_simulator.gateway.windows import Window, WindowRecord
from monday_simulator.limits import Charge, Limits

MINUTE, ADDRESS_SECONDS = 60.0, 10.0
CONCURRENCY_WAIT, ADDRESS_WAIT = 15, 30
ADDRESSES_KEPT = 10_000
CALL, TENTH = 10, 1


@dataclass(frozen=True)
class Refusal:
    """A limit that is reached. retry_in_seconds: when it opens again; None where waiting does not help."""

    message: str
    code: str
    retry_in_seconds: int | None


class Usage(msgspec.Struct, frozen=True):
    """What was used, as it is written down. tenths: of calls, on that day."""

    day: str
    tenths: int
    windows: dict[str, WindowRecord]


class Meter:
    """Counts requests and complexity. Not thread-safe: the simulator holds a lock."""

    def __init__(self, limits: Limits, clock: Clock) -> None:
        self.limits = limits
        self.in_flight = 0
        self._clock = clock
        self._windows: defaultdict[str, Window] = defaultdict(lambda: Window(clock, MINUTE))
        self._addresses: dict[str, Window] = {}
        self._day = clock.now().date()
        self._tenths = 0

    @property
    def calls_today(self) -> float:
        return self._tenths / CALL

    @property
    def requests_this_minute(self) -> int:
        return self._windows["minute"].used

    # requests

    def knock(self, address: str | None) -> Refusal | None:
        """Count a request of an address, before anybody knows whose it is."""
        most = self.limits.requests_per_address
        if most is None or address is None:
            return None
        if len(self._addresses) >= ADDRESSES_KEPT:
            self._addresses = {each: window for each, window in self._addresses.items() if not window.has_ended()}
        window = self._addresses.setdefault(address, Window(self._clock, ADDRESS_SECONDS)).touch()
        window.take(1)
        if window.used <= most:
            return None
        return Refusal("IP rate limit exceeded", "IP_RATE_LIMIT_EXCEEDED", ADDRESS_WAIT)

    def arrive(self) -> Refusal | None:
        """Count a request, or refuse it; a refused one counts a tenth of a call."""
        self._new_day()
        minute = self._windows["minute"].touch()
        refusal = self._refusal(minute)
        self._tenths += CALL if refusal is None else TENTH
        minute.take(1)
        return refusal

    def _refusal(self, minute: Window) -> Refusal | None:
        limits = self.limits
        if self._tenths + CALL > limits.calls_per_day * CALL:
            return Refusal("Daily limit exceeded", "DAILY_LIMIT_EXCEEDED", self._seconds_to_midnight())
        if minute.used >= limits.requests_per_minute:
            return Refusal("Minute rate limit exceeded", "MINUTE_RATE_LIMIT_EXCEEDED", minute.seconds_left())
        if self.in_flight > limits.concurrency:
            return Refusal("Too many concurrent requests", "MAX_CONCURRENCY_EXCEEDED", CONCURRENCY_WAIT)
        return None

    def make_light(self) -> None:
        """The request that was counted as a call is one of those that count a tenth."""
        self._tenths = max(0, self._tenths - CALL + TENTH)

    def _new_day(self) -> None:
        today = self._clock.now().date()
        if today != self._day:
            self._day, self._tenths = today, 0

    def _seconds_to_midnight(self) -> int:
        now = self._clock.now()
        midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
        return max(1, math.ceil((midnight - now).total_seconds()))

    # what a document asks for

    def charge(self, cost: int, fields: Sequence[str] = (), *, writes: bool = True) -> Charge | Refusal:
        """Take the cost and the fields from the minute's budgets, or refuse without taking anything."""
        refusal = self._too_dear(cost) or self._too_many(fields) or self._exhausted(cost, writes)
        if refusal is not None:
            self.make_light()
            return refusal
        for name in fields:
            if name in self.limits.fields_per_minute:
                self._windows[f"field {name}"].touch().take(1)
        window = self._points(writes).touch()
        before = self.limits.complexity_per_minute - window.used
        window.take(cost)
        return Charge(before, cost, before - cost, window.seconds_left())

    def _points(self, writes: bool) -> Window:
        if not self.limits.reads_and_writes_apart:
            return self._windows["points"]
        return self._windows["points for writes" if writes else "points for reads"]

    def _too_dear(self, cost: int) -> Refusal | None:
        most = self.limits.complexity_per_query
        if cost <= most:
            return None
        message = f"Query has complexity of {cost}, which exceeds max complexity of {most}"
        return Refusal(message, "maxComplexityExceeded", None)

    def _too_many(self, fields: Sequence[str]) -> Refusal | None:
        """Which form this refusal has is not documented; the minute's is the nearest (D)."""
        for name, asked in Counter(fields).items():
            most = self.limits.fields_per_minute.get(name)
            if most is not None:
                window = self._windows[f"field {name}"].touch()
                if window.used + asked > most:
                    return Refusal("Minute rate limit exceeded", "MINUTE_RATE_LIMIT_EXCEEDED", window.seconds_left())
        return None

    def _exhausted(self, cost: int, writes: bool) -> Refusal | None:
        window = self._points(writes).touch()
        if window.used + cost <= self.limits.complexity_per_minute:
            return None
        window.refuse()
        return Refusal("Complexity budget exhausted", "COMPLEXITY_BUDGET_EXHAUSTED", window.seconds_left())

    def complexity_left(self, *, writes: bool = True) -> int:
        """Points that the present minute still has."""
        return max(0, self.limits.complexity_per_minute - self._points(writes).used)

    # what is told and kept

    def headers(self, *, writes: bool = True) -> dict[str, str]:
        """RateLimit-Policy and RateLimit; t, the seconds to wait, stands only with an exceeded limit."""
        limits = self.limits
        minute, points = self._windows["minute"], self._points(writes)
        minute_left = max(0, limits.requests_per_minute - minute.used)
        points_left = self.complexity_left(writes=writes)
        exceeded = points.exceeded or not points_left
        minute_wait = "" if minute_left else f";t={minute.seconds_left()}"
        return {
            "RateLimit-Policy": (
                f'"minuteRate";q={limits.requests_per_minute};w=60, '
                f'"concurrency";q={limits.concurrency};qu="concurrent-requests", '
                f'"complexityMinute";q={limits.complexity_per_minute};w=60;qu="content-bytes"'
            ),
            "RateLimit": (
                f'"minuteRate";r={minute_left}{minute_wait}, '
                f'"concurrency";r={max(0, limits.concurrency - self.in_flight)}, '
                f'"complexityMinute";r={points_left}{f";t={points.seconds_left()}" if exceeded else ""}'
            ),
        }

    def usage(self) -> Usage:
        windows = {name: record for name, window in self._windows.items() if (record := window.record()) is not None}
        return Usage(self._day.isoformat(), self._tenths, windows)

    def restore(self, usage: Usage) -> None:
        """Go on where another process stopped; what has ended since then is forgotten."""
        if usage.day == self._day.isoformat():
            self._tenths = usage.tenths
        for name, record in usage.windows.items():
            self._windows[name].restore(record)
