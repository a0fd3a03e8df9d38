"""One request on its way through the simulator."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from monday_simulator.api.documents import Operation
from monday_simulator.gateway.faults import Kind, Rule


class Greeted(dict[str, str]):
    """Headers, by lower-case names, of a request that was let in: its body may be read."""

    @classmethod
    def of(cls, headers: Mapping[str, str]) -> Greeted:
        """Half a pair of surrogates, which no bytes on a wire can be and no file can keep, becomes a question mark."""
        return cls({name.lower(): value.encode(errors="replace").decode() for name, value in headers.items()})

    @property
    def key(self) -> str | None:
        return self.get("idempotency-key")

    @property
    def boards(self) -> frozenset[str]:
        return frozenset()

    def holds(self, _text: str, /) -> bool:
        return False


@dataclass
class Call:
    """What is known of a request so far; the wire log tells most of it.

    came: when, as the clock's monotonic seconds. second_of: the fault for which a proxy delivers it once more.
    arrived: bytes of the answer's body that got through before the connection broke.
    address: the client's, where there is a socket. known: whether its token was accepted. of_files: at the
    address for files, whose answers name the account.
    """

    seq: int
    at: str
    request_id: str
    headers: Greeted
    body: bytes
    came: float = 0.0
    address: str | None = None
    known: bool = False
    version: str = ""
    operation: Operation | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)
    fault: Rule | None = None
    second_of: Rule | None = None
    of_files: bool = False
    arrived: int = 0
    cost: int = 0
    applied: bool | None = None
    replayed: bool = False
    other_body: bool = False
    boards: tuple[str, ...] = ()
    made: tuple[str, ...] = ()
    errors: int = 0

    @property
    def token(self) -> str:
        return self.headers.get("authorization", "").removeprefix("Bearer ").strip()

    @property
    def scope(self) -> str:
        """Whose keys these are: the token, unreadable, for it may be written down."""
        return hashlib.sha256(self.token.encode()).hexdigest()[:16]

    @property
    def key(self) -> str | None:
        """The Idempotency-Key, which only counts on mutations."""
        if self.operation is None or not self.operation.writes:
            return None
        return self.headers.get("idempotency-key") or None

    @property
    def is_delivered_twice(self) -> bool:
        """A proxy repeats what it saw no answer to, so nothing that was refused or replayed."""
        return self.fault is not None and self.fault.kind is Kind.DUPLICATE and self.applied is True

    @property
    def is_lost_by_proxy(self) -> bool:
        return self.is_delivered_twice and self.fault is not None and not self.fault.delay

    @property
    def running(self) -> Operation:
        """The operation of a call that has got as far as having one."""
        if self.operation is None:
            raise RuntimeError("the document has not been read yet")
        return self.operation
