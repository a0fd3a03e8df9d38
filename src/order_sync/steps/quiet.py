"""After a lost answer the board gets no mutation until the doubt is over: a late one could overtake the next."""

from __future__ import annotations

import threading
from datetime import timedelta

from order_sync.clock import Clock
from order_sync.model.ids import RequestId


class QuietBoard:
    """Since when each request has been in doubt, on this process's own monotonic clock, and how long that keeps the
    board quiet. Kept in memory on purpose: a new process starts every wait anew."""

    def __init__(self, clock: Clock, quiet: timedelta) -> None:
        self._clock = clock
        self._quiet = quiet.total_seconds()
        self._since: dict[RequestId, float] = {}
        self._silent_until: dict[RequestId, float] = {}
        self._lock = threading.Lock()

    def doubt(self, request: RequestId, *, silent: bool) -> None:
        """The request's answer is unknown from now on; `silent`: nothing at all came back."""
        with self._lock:
            now = self._clock.monotonic()
            self._since.setdefault(request, now)
            if silent:
                # Only the first time: a doubt that is over, or proven once, silences nobody again.
                self._silent_until.setdefault(request, now + self._quiet)

    def over(self, request: RequestId) -> None:
        """All rows of the request were found."""
        with self._lock:
            self._silent_until[request] = self._clock.monotonic()

    def age(self, request: RequestId) -> timedelta:
        """How long this process has known of the doubt; it begins with the first question."""
        with self._lock:
            since = self._since.setdefault(request, self._clock.monotonic())
            return timedelta(seconds=self._clock.monotonic() - since)

    def restart(self, request: RequestId) -> None:
        """Count the doubt anew, e.g. between two proofs."""
        with self._lock:
            self._since[request] = self._clock.monotonic()

    def remaining(self) -> timedelta:
        """How long the board must stay quiet still."""
        with self._lock:
            left = max(self._silent_until.values(), default=0.0) - self._clock.monotonic()
            return timedelta(seconds=max(0.0, left))
