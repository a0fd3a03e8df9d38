"""One line of a script, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import msgspec

from monday_simulator.gateway.faults.kinds import ONLY_WRITES, Boundary, Kind
from monday_simulator.gateway.refusals import OF_REQUESTS

LATE_SECONDS = 5.0
USUAL_REFUSAL = "USER_ACCESS_DENIED"
_OWN = ("retry_in_seconds", "code", "after_seconds", "alias", "at_byte", "at_share", "over_seconds", "body")


class FaultError(ValueError):
    """A script that cannot be followed. The message names every rule that is wrong."""


class Details(Protocol):
    """What rules with `board`, `text` or `key` look at; asked only by those."""

    @property
    def key(self) -> str | None: ...

    @property
    def boards(self) -> frozenset[str]: ...

    def holds(self, text: str, /) -> bool: ...


@dataclass(frozen=True)
class NoDetails:
    """Of a request that is known by its fields alone."""

    key: str | None = None
    boards: frozenset[str] = field(default_factory=frozenset)

    def holds(self, _text: str, /) -> bool:
        return False


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One line of a script.

    Which: on is "any", "read", "write" or the name of a root field; board an id that the request names, itself
    or through an item; text stands in its variables or in its document; key is its Idempotency-Key.
    How often: of the requests that match, the `nth` (from 1), every `every`-th, or a `share` drawn from `seed`
    meets the fault; at most `times` of them (1 for `nth`, else no end).

    retry_in_seconds: of the throttles. code: of a throttle, a bad_alias or a refused request. after_seconds:
    until a late_apply happens, or the rest of a document that ran out of server time (5 without), or the second
    delivery of a duplicate (at once without). alias: the position of the root field that fails or is missing,
    from 0; without it, where the rule has a text, the field that has it in its arguments. at_byte, at_share:
    where a half_answer is cut (in the middle without). over_seconds: what the bytes of a slow_answer take.
    body: of a wrong_json, instead of half of it.
    """

    kind: Kind
    on: str = "any"
    board: str | None = None
    text: str | None = None
    key: str | None = None
    nth: int | None = None
    every: int | None = None
    share: float | None = None
    seed: int = 0
    times: int | None = None
    retry_in_seconds: int = 5
    code: str | None = None
    after_seconds: float | None = None
    alias: int = 0
    at_byte: int | None = None
    at_share: float | None = None
    over_seconds: float = 5.0
    body: str | None = None

    def __post_init__(self) -> None:
        # rules made in Python may give the kind as plain text
        msgspec.structs.force_setattr(self, "kind", Kind(self.kind))

    @property
    def delay(self) -> float:
        """Seconds until a postponed request is applied."""
        if self.after_seconds is not None:
            return self.after_seconds
        return 0.0 if self.kind is Kind.DUPLICATE else LATE_SECONDS

    def cut(self, length: int) -> int:
        """How many bytes of a body this long arrive; never all of them."""
        at = (
            self.at_byte
            if self.at_byte is not None
            else int(length * (0.5 if self.at_share is None else self.at_share))
        )
        return max(0, min(at, length - 1))

    def problem(self) -> str | None:
        return ", and ".join(self._problems()) or None

    def _problems(self) -> Iterator[str]:
        given = [name for name in ("nth", "every", "share") if getattr(self, name) is not None]
        if len(given) != 1:
            yield f"give exactly one of nth, every, share; found {', '.join(given) or 'none'}"
        for name in ("share", "at_share"):
            value = getattr(self, name)
            if value is not None and not 0 <= value <= 1:
                yield f"{name} must be between 0 and 1, found {value}"
        if any(value is not None and value < 1 for value in (self.nth, self.every, self.times)):
            yield "nth, every and times start at 1"
        if any((getattr(self, name) or 0) < 0 for name in _OWN if name not in ("code", "body", "alias")):
            yield "seconds and bytes are never negative"
        if self.at_byte is not None and self.at_share is not None:
            yield "give at_byte or at_share, not both"
        yield from self._misplaced()

    def _misplaced(self) -> Iterator[str]:
        defaults = dict(zip(self.__struct_fields__[1:], self.__struct_defaults__, strict=True))
        for name in _OWN:
            if name not in self.kind.own_fields and getattr(self, name) != defaults[name]:
                yield f"{name} means nothing for {self.kind}"
        if self.kind is Kind.REFUSED and (self.code or USUAL_REFUSAL) not in OF_REQUESTS:
            yield f"{self.code} refuses no whole request; what does: {', '.join(OF_REQUESTS)}"
        if self.kind in ONLY_WRITES and self.on == "read":
            yield f"{self.kind} is for mutations only: on=read never meets it"
        unread = self.kind.boundary is Boundary.BEFORE_READING
        if unread and (self.on != "any" or self.board is not None or self.text is not None):
            yield f"{self.kind} comes before the body is read: it knows no on, board or text"

    def matches(self, fields: Sequence[str], writes: bool, details: Details | None = None) -> bool:
        if self.kind in ONLY_WRITES and not writes:
            return False
        return self._is_on(fields, writes) and self._is_about(details or NoDetails())

    def _is_on(self, fields: Sequence[str], writes: bool) -> bool:
        if self.on == "any":
            return True
        if self.on in ("read", "write"):
            return writes is (self.on == "write")
        return self.on in fields

    def _is_about(self, details: Details) -> bool:
        if self.key is not None and self.key != details.key:
            return False
        if self.board is not None and self.board not in details.boards:
            return False
        return self.text is None or details.holds(self.text)
