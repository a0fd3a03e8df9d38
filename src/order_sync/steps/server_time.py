"""How long the server takes for one mutation, measured, so that no request runs into its time limit."""

from __future__ import annotations

import threading
from datetime import timedelta

UNKNOWN_SUBITEMS = (
    10  # the first subitem request where nothing is measured: they were seen four times slower than items
)
QUICK = timedelta(milliseconds=250)  # a server this quick with items is trusted with full requests of subitems


class ServerTime:
    """A moving average of milliseconds a mutation, by operation."""

    def __init__(self) -> None:
        self._ms: dict[str, float] = {}
        self._lock = threading.Lock()

    def measured(self, operation: str, mutations: int, elapsed: timedelta) -> None:
        """Take a request's time into the average; recent ones weigh more, slow ones at once."""
        each = elapsed.total_seconds() * 1000 / max(1, mutations)
        with self._lock:
            old = self._ms.get(operation)
            self._ms[operation] = each if old is None or each > old else 0.7 * old + 0.3 * each

    def most(self, operation: str, largest: int, limit: timedelta) -> int:
        """How many mutations of this kind fit into `limit` of server time, at most `largest`, at least one."""
        with self._lock:
            ms = self._ms.get(operation)
            items = self._ms.get("create_items")
        if ms is None:
            quick = items is not None and items <= QUICK.total_seconds() * 1000
            return largest if operation != "create_subitems" or quick else min(largest, UNKNOWN_SUBITEMS)
        if ms <= 0:
            return largest
        return max(1, min(largest, int(limit.total_seconds() * 1000 / ms)))
