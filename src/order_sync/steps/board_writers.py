"""The right of this process to change one board, shared by its lanes; and the turn of the one that looks."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final

from order_sync.clock import Clock
from order_sync.model.errors import LostLease
from order_sync.store.leases import Held, Lease, Leases

LONGEST: Final = timedelta(seconds=60)


class BoardWriters:
    """One lease for all lanes: other processes are kept out, and at most `lanes` requests change the board at once.

    `longest`: after it no lane joins any more, so that another process gets its chance between two bursts.
    """

    def __init__(
        self, leases: Leases, clock: Clock, stop: threading.Event, lanes: int = 1, longest: timedelta = LONGEST
    ) -> None:
        self._leases = leases
        self._clock = clock
        self._stop = stop
        self._lanes = lanes
        self._longest = longest.total_seconds()
        self._guard = threading.Lock()
        self._lease: Lease | None = None
        self._users = 0
        self._since = 0.0
        self._turn = threading.Lock()

    @contextmanager
    def lease(self, resource: str, wait: timedelta, waiting: Callable[[Held], None]) -> Iterator[Lease]:
        """For one burst of requests. `waiting` hears of another process that has the board; LostLease on a stop."""
        while not isinstance(found := self._join(resource), Lease):
            if found is not None:
                waiting(found)
            self._rest(resource, wait)
        try:
            yield found
        finally:
            self._leave()

    @contextmanager
    def turn(self, resource: str, wait: timedelta) -> Iterator[None]:
        """Alone among the lanes: whoever looks what is on the board, or makes groups, that all may want."""
        while not self._turn.acquire(blocking=False):
            self._rest(resource, wait)
        try:
            yield
        finally:
            self._turn.release()

    def _rest(self, resource: str, wait: timedelta) -> None:
        """Waiting goes through the clock: a lock that is held over a call may be held for long."""
        if self._stop.is_set():
            raise LostLease("stopped while waiting for the board", where=resource)
        self._clock.sleep(wait)

    def _join(self, resource: str) -> Lease | Held | None:
        """None: our own lanes have the board for themselves at present."""
        with self._guard:
            if self._lease is None:
                found = self._leases.acquire(resource)
                if isinstance(found, Held):
                    return found
                self._lease, self._since = found, self._clock.monotonic()
            elif not self._may_join(self._lease):
                return None
            self._users += 1
            return self._lease

    def _may_join(self, lease: Lease) -> bool:
        fresh = self._clock.monotonic() - self._since < self._longest
        return fresh and self._users < self._lanes and lease in self._leases.held()

    def _leave(self) -> None:
        with self._guard:
            self._users -= 1
            if self._users == 0 and self._lease is not None:
                done, self._lease = self._lease, None
                self._leases.release(done)
