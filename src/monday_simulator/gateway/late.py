"""What is applied after the client has gone: in the order in which it is due."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator

from monday_simulator.clock import Clock


class Late:
    """Not thread-safe: the simulator holds a lock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._waiting: list[tuple[float, int, Callable[[], object]]] = []
        self._count = 0

    def put(self, seconds: float, apply: Callable[[], object]) -> None:
        self._count += 1
        heapq.heappush(self._waiting, (self._clock.monotonic() + seconds, self._count, apply))

    def due(self) -> Iterator[Callable[[], object]]:
        """Taken out one by one, so that what is applied may put off more."""
        while self._waiting and self._waiting[0][0] <= self._clock.monotonic():
            yield heapq.heappop(self._waiting)[2]
