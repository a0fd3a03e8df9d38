"""How long the service takes before it answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Latency:
    """Milliseconds of server time: once per request, and for each root field of a mutation."""

    per_request_ms: float = 0.0
    per_mutation_ms: float = 0.0

    def of(self, mutations: int) -> timedelta:
        return timedelta(milliseconds=self.per_request_ms + self.per_mutation_ms * mutations)
