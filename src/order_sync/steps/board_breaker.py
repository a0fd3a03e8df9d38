"""The breaker of one board, shared by the lanes of a process: fed by every call, asked before every change."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

from order_sync.clock import Clock
from order_sync.events import Events
from order_sync.model.breaker import Breaker, Rules, State
from order_sync.model.outcomes import Created, GroupCreated, Halt, Halted
from order_sync.monday.errors import Delivery

_LATE = "SEND_DEADLINE"  # our own deadline: it says nothing about the server


class BoardBreaker:
    """Thread-safe."""

    def __init__(self, clock: Clock, events: Events, rules: Rules) -> None:
        self._clock = clock
        self._events = events
        self._breaker = Breaker(rules)
        self._lock = threading.Lock()

    @property
    def is_closed(self) -> bool:
        """Whether the board may be changed now."""
        with self._lock:
            return self._breaker.state is State.CLOSED

    @property
    def has_given_up(self) -> bool:
        with self._lock:
            return self._breaker.given_up

    @property
    def openings(self) -> int:
        """Since something was last made."""
        with self._lock:
            return self._breaker.openings

    def read(self, well: bool) -> None:
        """A question was answered, or not."""
        self._change(lambda breaker, now: breaker.heard(not well, now))

    def delivered(self, delivery: Delivery, *, suspected: bool) -> None:
        """A change was attempted. `suspected`: rows in it were in doubt before, so a 500 may be about them."""
        outcomes = delivery.outcomes.values()
        if any(isinstance(each, Created | GroupCreated) for each in outcomes):
            self._change(lambda breaker, _now: breaker.progressed())
        blocked = [each for each in outcomes if isinstance(each, Halted) and each.halt is Halt.API_BLOCKED]
        if blocked:
            wait = blocked[0].wait or timedelta(0)
            self._change(lambda breaker, now: breaker.opened(now, wait))
        elif (failed := _failed(delivery, suspected)) is not None:
            self._change(lambda breaker, now: breaker.heard(failed, now))

    def pause(self) -> timedelta | None:
        """How long to wait before asking again: zero for whoever is to put the question now, None when another does."""
        with self._lock:
            if self._breaker.state is State.HALF_OPEN:
                return None
            left = self._breaker.pause_left(self._clock.monotonic())
            if not left:
                self._breaker = self._breaker.asking()
            return left

    def answered(self, well: bool) -> None:
        """The answer to the question that `pause` gave leave to put."""
        self._change(lambda breaker, now: breaker.answered(well, now))

    def _change(self, change: Callable[[Breaker, float], Breaker]) -> None:
        with self._lock:
            was, now = self._breaker, self._clock.monotonic()
            self._breaker = after = change(was, now)
        if after.state is State.OPEN and after.openings > was.openings:
            seconds = after.pause_left(now).total_seconds()
            self._events.emit("breaker.opened", openings=after.openings, seconds=seconds)
        elif after.state is State.CLOSED and was.state is not State.CLOSED:
            self._events.emit("breaker.closed")


def _failed(delivery: Delivery, suspected: bool) -> bool | None:
    """None where it says nothing about the server. A 500 hits every request of a server in trouble, and each request
    with a row that monday does not take; such rows are isolated by ever smaller requests, and must not stop the
    others. Failures of the way there, and of a gateway, are nobody's but the server's."""
    status = delivery.http_status
    if status is None:
        return None if delivery.code == _LATE else True
    if status == 500 and suspected:
        return None
    return status >= 500
