"""What a run has done so far, counted from its events."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Tally:
    """A listener. Names of counts are those of the events, e.g. item.created; writing calls are call.done."""

    counts: Counter[str] = field(default_factory=Counter)
    waited: float = 0.0  # seconds
    customers: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, name: str, fields: dict[str, Any]) -> None:
        with self._lock:
            self.counts[name] += _amount(name, fields)
            self.waited += float(fields["seconds"]) if name.endswith(".waited_for") and "seconds" in fields else 0.0
            if name in ("order.staged", "batch.promoted"):
                self.customers.add(str(fields["customer"]))

    def __getitem__(self, name: str) -> int:
        with self._lock:
            return self.counts[name]

    def sent(self, kind: str) -> int:
        """Items or subitems that are on the board by now: made, found again, adopted."""
        return sum(self[f"{kind}.{what}"] for what in ("created", "found", "adopted"))


def _amount(name: str, fields: dict[str, Any]) -> int:
    if name == "call.done":
        return 1
    amount = fields.get("count", fields.get("orders", fields.get("rows", 1)))
    return int(amount)
