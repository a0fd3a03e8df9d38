"""One request on its way through the simulator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from monday_simulator.api.documents import Operation
from monday_simulator.gateway.faults import Rule


@dataclass
class Call:
    """What is known of a request so far; the wire log tells all of it."""

    seq: int
    at: str
    request_id: str
    headers: Mapping[str, str]
    body: bytes
    version: str = ""
    operation: Operation | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)
    fault: Rule | None = None
    cost: int = 0
    applied: bool | None = None
    replayed: bool = False
    other_body: bool = False
    boards: tuple[str, ...] = ()
    made: tuple[str, ...] = ()
    errors: int = 0

    @property
    def key(self) -> str | None:
        """The Idempotency-Key, which only counts on mutations."""
        if self.operation is None or not self.operation.writes:
            return None
        return self.headers.get("idempotency-key") or None

    @property
    def running(self) -> Operation:
        """The operation of a call that has got as far as having one."""
        if self.operation is None:
            raise RuntimeError("the document has not been read yet")
        return self.operation
