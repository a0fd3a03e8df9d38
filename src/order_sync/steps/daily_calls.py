"""What one process knows of its account's day of calls."""

from __future__ import annotations

import threading
from datetime import date

from order_sync.store.ledger.daily import DayOfCalls


class DailyCalls:
    """Thread-safe. `made`: all calls of this process so far. Calls of other programs of the account are not known here:
    only the server counts those too."""

    def __init__(self) -> None:
        self.ignored = False  # a person said so
        self.withheld = False  # something could be sent, and was not
        self._lock = threading.Lock()
        self._day: date | None = None
        self._before = 0  # of that day, by earlier processes
        self._made_before = 0  # by this one, when that day began
        self._noted = 0
        self._limit: int | None = None

    def begin(self, known: DayOfCalls, made: int, today: date) -> None:
        """A run begins: take over what is stored."""
        with self._lock:
            self._day, self._before, self._limit = today, known.calls, known.limit
            self._made_before = self._noted = made

    def spent(self, made: int, today: date) -> int:
        """Calls of today; another day starts from none."""
        with self._lock:
            if today != self._day:
                self._day, self._before, self._made_before = today, 0, made
            return self._before + made - self._made_before

    def limit(self, told: int | None) -> int | None:
        """The last limit that the server told; None where it never did."""
        with self._lock:
            self._limit = self._limit if told is None else told
            return self._limit

    def take(self, made: int) -> int:
        """How many calls nobody has noted yet; from now on they are."""
        with self._lock:
            fresh, self._noted = made - self._noted, made
            return fresh

    def unnoted(self, made: int) -> int:
        with self._lock:
            return made - self._noted
