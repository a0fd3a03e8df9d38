"""The Idempotency-Key window: a request is answered once, its repetitions get the same answer."""

from __future__ import annotations

import hashlib
from collections import Counter, OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from itertools import takewhile
from typing import Final

import msgspec

from monday_simulator.clock import Clock
from monday_simulator.gateway.answers import Answer
from monday_simulator.limits import Limits

TOLD_ANEW: Final = frozenset({"RateLimit", "RateLimit-Policy"})


class Standing(Enum):
    FRESH = "fresh"
    RUNNING = "running"


class KeptAnswer(msgspec.Struct, frozen=True):
    """An answer as it is written down. ends_at: seconds since 1970. body: the digest of the request's."""

    scope: str
    key: str
    ends_at: float
    body: bytes
    status: int
    headers: dict[str, str]
    content: bytes
    code: str | None

    @property
    def id(self) -> str:
        return f"{self.scope}/{self.key}"


@dataclass(frozen=True)
class _Entry:
    ends: float
    body: bytes
    answer: Answer


Name = tuple[str, str]


class IdempotencyWindow:
    """Keeps answers of mutations by scope (whose token) and key. Not thread-safe: the simulator holds a lock.

    An answer that is too long, or for which the scope's memory has no room, is not kept: the key is free
    again, and a repetition executes. The same key with another body gets the first answer all the same.
    """

    def __init__(self, clock: Clock, limits: Limits) -> None:
        self._clock = clock
        self._limits = limits
        self._running: dict[Name, bytes] = {}
        self._kept: OrderedDict[Name, _Entry] = OrderedDict()
        self._used: Counter[str] = Counter()
        self._changes: dict[str, KeptAnswer | None] = {}

    def begin(self, scope: str, key: str, body: bytes) -> Answer | Standing:
        """Take the key, or say what came of it so far."""
        self._expire()
        name = scope, key
        if name in self._kept:
            return self._kept[name].answer
        if name in self._running:
            return Standing.RUNNING
        self._running[name] = hashlib.sha256(body).digest()
        return Standing.FRESH

    def is_other_body(self, scope: str, key: str, body: bytes) -> bool:
        entry = self._kept.get((scope, key))
        known = self._running.get((scope, key)) if entry is None else entry.body
        return known is not None and known != hashlib.sha256(body).digest()

    def keep(self, scope: str, key: str, answer: Answer) -> None:
        """The window begins with the answer."""
        self._expire()
        body = self._running.pop((scope, key), b"")
        size = len(answer.body)
        if size > self._limits.idempotency_answer or self._used[scope] + size > self._limits.idempotency_memory:
            return
        headers = {name: value for name, value in answer.headers.items() if name not in TOLD_ANEW}
        kept = Answer(answer.status, headers, answer.body, answer.code)
        seconds = self._limits.idempotency_window.total_seconds()
        self._enter((scope, key), _Entry(self._clock.monotonic() + seconds, body, kept))
        ends_at = self._clock.now().timestamp() + seconds
        written = KeptAnswer(scope, key, ends_at, body, answer.status, headers, answer.body, answer.code)
        self._changes[written.id] = written

    def changes(self) -> dict[str, KeptAnswer | None]:
        """What is new and, without an answer, what is gone since this was last asked, by the id it is kept under."""
        changes, self._changes = self._changes, {}
        return changes

    def _enter(self, name: Name, entry: _Entry) -> None:
        self._kept[name] = entry
        self._used[name[0]] += len(entry.answer.body)

    def release(self, scope: str, key: str) -> None:
        """The request is over; unless its answer was kept, its key may be used again."""
        self._running.pop((scope, key), None)

    def _expire(self) -> None:
        """Answers stand in the order in which their windows end."""
        now = self._clock.monotonic()
        for name in [name for name, _ in takewhile(lambda each: each[1].ends <= now, self._kept.items())]:
            self._used[name[0]] -= len(self._kept.pop(name).answer.body)
            self._changes["/".join(name)] = None

    def restore(self, written: Iterable[KeptAnswer]) -> None:
        """Answers of an earlier process, each for what is left of its time."""
        passed = self._clock.now().timestamp() - self._clock.monotonic()
        for each in sorted(written, key=lambda each: (each.ends_at, each.id)):
            answer = Answer(each.status, each.headers, each.content, each.code)
            self._enter((each.scope, each.key), _Entry(each.ends_at - passed, each.body, answer))
