"""The Idempotency-Key window: a request is answered once, its repetitions get the same answer."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from itertools import takewhile

from monday_simulator.clock import Clock
from monday_simulator.gateway.answers import Answer

LARGEST_KEPT = 1_000_000
BUDGET = 64_000_000


class Standing(Enum):
    FRESH = "fresh"
    RUNNING = "running"


@dataclass
class _Entry:
    """answer: None while the first request runs."""

    ends: float
    body: bytes
    answer: Answer | None = None


class IdempotencyWindow:
    """Keeps answers of mutations by key. Not thread-safe: the simulator holds a lock.

    An answer above LARGEST_KEPT bytes, or one for which the budget has no room, is not kept: the key is free
    again, and a repetition executes. The same key with another body gets the first answer all the same.
    """

    def __init__(self, clock: Clock, window: timedelta) -> None:
        self._clock = clock
        self._window = window
        self._entries: OrderedDict[str, _Entry] = OrderedDict()
        self._kept = 0

    def begin(self, key: str, body: bytes) -> Answer | Standing:
        """Take the key, or say what came of it so far."""
        self._expire()
        entry = self._entries.get(key)
        if entry is None:
            ends = self._clock.monotonic() + self._window.total_seconds()
            self._entries[key] = _Entry(ends, hashlib.sha256(body).digest())
            return Standing.FRESH
        return Standing.RUNNING if entry.answer is None else entry.answer

    def is_other_body(self, key: str, body: bytes) -> bool:
        entry = self._entries.get(key)
        return entry is not None and entry.body != hashlib.sha256(body).digest()

    def keep(self, key: str, answer: Answer) -> None:
        size = len(answer.body)
        if size > LARGEST_KEPT or self._kept + size > BUDGET:
            self.forget(key)
            return
        entry = self._entries.get(key)
        if entry is not None:
            entry.answer = answer
            self._kept += size

    def forget(self, key: str) -> None:
        """The request had no effect: its key may be used again."""
        entry = self._entries.pop(key, None)
        if entry is not None and entry.answer is not None:
            self._kept -= len(entry.answer.body)

    def _expire(self) -> None:
        """Keys stand in the order in which their windows end."""
        now = self._clock.monotonic()
        for key, entry in list(takewhile(lambda each: each[1].ends <= now, self._entries.items())):
            if entry.answer is not None:
                self.forget(key)
