"""How fast the account lets us go: points, calls, and the waits that the server has asked for."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from types import MappingProxyType
from typing import Final, Literal

from order_sync.clock import Clock
from order_sync.model.outcomes import ErrorClass, Halted, Retryable
from order_sync.monday.codes import spelled
from order_sync.monday.errors import Delivery
from order_sync.monday.replies import Complexity, Reply, rate_limits

Binding = Literal["points", "calls", "lane"]

_WINDOW: Final = 60.0  # seconds, of the points as of the calls
_ROUNDING: Final = 2.0  # seconds by which two tellings of one reset may differ
_FORGOTTEN: Final = 120.0  # seconds after which a booking that was never used is dropped
_LONGEST_WAIT: Final = timedelta(minutes=15)  # whatever a hint or a count says, short of the daily limit
_UNHINTED: Final = MappingProxyType(
    {
        ErrorClass.THROTTLED: timedelta(seconds=10),
        ErrorClass.LOCKED: timedelta(seconds=5),
        ErrorClass.BLOCKED_BY_API: timedelta(seconds=60),
    }
)
WAITING: Final = frozenset({*_UNHINTED, ErrorClass.DAILY_LIMIT})
_LOCK_SPREAD: Final = timedelta(seconds=25)
_DAY_SPREAD: Final = timedelta(seconds=120)
_OTHER_SPREAD: Final = 0.1  # of the wait itself


@dataclass(frozen=True, slots=True)
class PlanLimits:
    """What a plan allows; the server's own figures replace them as soon as it gives any."""

    points_per_minute: int = 1_000_000
    calls_per_minute: int = 1_000
    calls_per_day: int = 1_000
    concurrency: int = 40


_SMALL: Final = PlanLimits(10_000_000, 1_000, 1_000, 40)
PLANS: Final = MappingProxyType(
    {
        "free": PlanLimits(),
        "basic": _SMALL,
        "standard": _SMALL,
        "pro": PlanLimits(10_000_000, 2_500, 10_000, 100),
        "enterprise": PlanLimits(10_000_000, 5_000, 25_000, 250),
    }
)


def plan_limits(tier: str | None, *, trial: bool = False) -> PlanLimits:
    """The limits of a plan by its tier's name; an unknown one is taken for the smallest."""
    return PlanLimits() if trial else PLANS.get((tier or "").casefold(), PlanLimits())


@dataclass(frozen=True, slots=True)
class _Booking:
    due: float
    cost: int
    points: float  # `cost` at the price learned for its operation


class Budget:
    """One account's budget, shared by boards and threads. `scale` is of our default waits, not of hints."""

    def __init__(self, clock: Clock, limits: PlanLimits | None = None, scale: float = 1.0) -> None:
        self.limits = limits or PlanLimits()
        self._clock = clock
        self._scale = scale
        self._lock = threading.Lock()
        self._points_limit = float(self.limits.points_per_minute)
        self._points = self._points_limit
        self._resets_at: float | None = None  # monotonic seconds; None: no window is open
        self._booked: list[_Booking] = []
        self._calls_limit = float(self.limits.calls_per_minute)
        self._calls: deque[float] = deque()  # when each call of the last minute was booked for
        self.calls = 0  # booked so far: questions, changes, and every repetition of a question
        self._not_before: dict[Binding, float] = {}
        self._prices: dict[str, float] = {}  # operation -> points charged per point predicted
        self._waited: dict[Binding, float] = {"points": 0.0, "calls": 0.0}
        self._waited_until = 0.0

    @property
    def binding(self) -> Binding:
        """Which limit has held us back most so far; the lane, where none of the account's has."""
        with self._lock:
            longest = max(self._waited, key=lambda limit: self._waited[limit])
            return longest if self._waited[longest] > 0 else "lane"

    def wait_for(self, cost: int, operation: str = "") -> timedelta:
        """Book a call of `cost` predicted points and say how long to wait before making it.

        Ask once a call: what is booked counts against the others until the answer is noted.
        """
        with self._lock:
            now = self._clock.monotonic()
            self._roll(now)
            points = cost * self._prices.get(operation, 1.0)
            latest = now + _LONGEST_WAIT.total_seconds()
            by_points = max(min(self._points_due(now, points), latest), self._not_before.get("points", 0.0))
            by_calls = max(min(self._calls_due(now), latest), self._not_before.get("calls", 0.0))
            due = max(now, by_points, by_calls)
            self._booked.append(_Booking(due, cost, points))
            self._calls.append(due)
            self.calls += 1
            self._count("points" if by_points >= by_calls else "calls", now, due)
            return timedelta(seconds=due - now)

    def affordable(self, cost_each: int, operation: str = "") -> int:
        """How many mutations of `cost_each` predicted points this window still pays, bookings taken off."""
        with self._lock:
            self._roll(self._clock.monotonic())
            left = self._points - sum(booking.points for booking in self._booked)
            return max(0, int(left // max(1.0, cost_each * self._prices.get(operation, 1.0))))

    def note(self, reply: Reply, complexity: Complexity | None = None, *, operation: str = "", cost: int = 0) -> None:
        """Take over what the server says of its counts; `operation` and `cost` are those of the booking."""
        policy = rate_limits(reply.headers.get("ratelimit-policy", ""))
        state = rate_limits(reply.headers.get("ratelimit", ""))
        with self._lock:
            now = self._clock.monotonic()
            self._roll(now)
            self._release(cost)
            self._note_calls(policy.get("minuterate", {}), state.get("minuterate", {}))
            points = state.get("complexityminute", {})
            if complexity is not None:
                self._note_limit(complexity.before)
                self._note_points(now, complexity.after, complexity.reset_in_x_seconds)
                if cost > 0 and complexity.query > 0:
                    self._prices[operation] = complexity.query / cost
            elif "r" in points:
                self._note_points(now, points["r"], points.get("t"))
            self._points_limit = policy.get("complexityminute", {}).get("q", 0) or self._points_limit

    def unanswered(self, *, operation: str = "", cost: int = 0, sent: bool) -> None:
        """A booked call without an answer: its points are gone if it was sent."""
        with self._lock:
            now = self._clock.monotonic()
            self._roll(now)
            self._release(cost)
            if sent:
                self._note_points(now, self._points - cost * self._prices.get(operation, 1.0), None)

    def throttled(self, delivery: Delivery) -> timedelta:
        """How long the refused rows of a delivery are to wait; zero where none was refused by a limit."""
        for outcome in delivery.outcomes.values():
            if isinstance(outcome, Retryable | Halted) and outcome.problem.error_class in WAITING:
                return self.refused(outcome.problem.error_class, delivery.wait, delivery.code)
        return timedelta(0)

    def refused(self, error_class: ErrorClass, hint: timedelta | None, code: str | None = None) -> timedelta:
        """The hint made sane, or our default, and a random share on top: not all may come back at once."""
        if error_class is ErrorClass.DAILY_LIMIT:
            return (hint or self._until_midnight()) + _DAY_SPREAD * self._clock.random()
        wait = min(hint, _LONGEST_WAIT) if hint else _UNHINTED[error_class] * self._scale
        if error_class is ErrorClass.LOCKED:
            return wait + _LOCK_SPREAD * self._scale * self._clock.random()
        wait += wait * _OTHER_SPREAD * self._clock.random()
        if error_class is ErrorClass.THROTTLED:
            with self._lock:
                self._hold("points" if "complexity" in spelled(code or "") else "calls", wait)
        return wait

    def _hold(self, limit: Binding, wait: timedelta) -> None:
        now = self._clock.monotonic()
        until = now + wait.total_seconds()
        self._not_before[limit] = max(until, self._not_before.get(limit, 0.0))
        self._count(limit, now, until)

    def _until_midnight(self) -> timedelta:
        now = self._clock.now().astimezone(UTC)
        return datetime.combine(now.date() + timedelta(days=1), time(), UTC) - now

    def _roll(self, now: float) -> None:
        """Open what has passed: the points window, calls older than it, bookings that nobody used."""
        if self._resets_at is not None and now >= self._resets_at:
            self._points, self._resets_at = self._points_limit, None
        while self._calls and self._calls[0] <= now - _WINDOW:
            self._calls.popleft()
        self._booked = [booking for booking in self._booked if booking.due > now - _FORGOTTEN]

    def _points_due(self, now: float, points: float) -> float:
        booked = sum(booking.points for booking in self._booked)
        if booked + points <= self._points or (not booked and self._points >= self._points_limit):
            return now
        resets_at = self._resets_at if self._resets_at is not None else now + _WINDOW
        ahead = sum(booking.points for booking in self._booked if booking.due >= resets_at)
        return resets_at + _WINDOW * (ahead // max(self._points_limit, 1.0))

    def _calls_due(self, now: float) -> float:
        limit = max(1, int(self._calls_limit))
        return now if len(self._calls) < limit else self._calls[-limit] + _WINDOW

    def _note_points(self, now: float, left: float, reset_in: float | None) -> None:
        known = self._resets_at if self._resets_at is not None else now + _WINDOW
        resets_at = known if reset_in is None else now + min(max(reset_in, 0.0), _WINDOW)
        same_window = self._resets_at is not None and abs(resets_at - known) < _ROUNDING
        # Answers overtake one another: within a window the points only go down.
        self._points = max(0.0, min(left, self._points) if same_window else left)
        self._resets_at = resets_at

    def _note_limit(self, before: float) -> None:
        """What a call found is the whole of a window that it opened, else at most the whole."""
        self._points_limit = before if self._resets_at is None else max(self._points_limit, before)

    def _note_calls(self, policy: dict[str, float], state: dict[str, float]) -> None:
        self._calls_limit = policy.get("q", 0) or self._calls_limit
        if state.get("r", 1) <= 0:
            self._hold("calls", timedelta(seconds=min(state.get("t", _WINDOW), _WINDOW)))

    def _release(self, cost: int) -> None:
        for at, booking in enumerate(self._booked):
            if booking.cost == cost:
                del self._booked[at]
                return

    def _count(self, limit: Binding, now: float, until: float) -> None:
        """Waits of several callers overlap; each second is counted once."""
        if until > now:
            self._waited[limit] += max(0.0, until - max(now, self._waited_until))
            self._waited_until = max(self._waited_until, until)
