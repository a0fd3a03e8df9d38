"""Pages of items. A chain keeps the ids of its first page's moment: nothing is missed or seen twice."""

from __future__ import annotations

import base64
import binascii
import re
from collections import Counter, OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import msgspec

from monday_simulator.account.errors import argument_refused, cursor_refused
from monday_simulator.account.ids import IdMaker
from monday_simulator.clock import Clock

PAGE_MAX = 500
KEPT = 4096
KEPT_IDS = 10_000_000
_PLAIN = re.compile(r"1,\d+,([0-9a-z]+),\d+,(\d{1,18}),[^|]*\|\d+")


@dataclass(frozen=True)
class Chain:
    """scope: board and group the first page was asked of, as they stand in the cursor."""

    ids: Sequence[str]
    scope: tuple[str, str]
    tail: str
    ends: float

    def token(self, offset: int) -> str:
        board_id, group_id = self.scope
        plain = f"1,{board_id},{self.tail},{len(self.ids)},{offset},{group_id}|{offset}"
        return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


class ChainRecord(msgspec.Struct, frozen=True):
    """A chain as it is written down. ends_at: seconds since 1970."""

    ids: tuple[str, ...]
    scope: tuple[str, str]
    tail: str
    ends_at: float


class Cursors:
    """Opaque tokens for the next page; a place in a chain is all that one holds.

    The oldest chains are forgotten, like expired ones, beyond KEPT of them or KEPT_IDS ids in the orders they
    hold. Chains begun without a change of the board in between share one order.
    """

    def __init__(self, clock: Clock, ids: IdMaker, life: timedelta) -> None:
        self._clock = clock
        self._ids = ids
        self._life = life
        self._chains: OrderedDict[str, Chain] = OrderedDict()
        self._holders: Counter[int] = Counter()
        self._held = 0
        self._changes: dict[str, ChainRecord | None] = {}

    def first(
        self, ids: Sequence[str], limit: int, board_id: str, group_id: str = ""
    ) -> tuple[Sequence[str], str | None]:
        """The first page of ids, and the cursor of the next one if there is any. ids: must not change any more."""
        _check(limit)
        if len(ids) <= limit:
            return ids, None
        ends = self._clock.monotonic() + self._life.total_seconds()
        chain = Chain(ids, (board_id, group_id), self._ids.cursor_tail(), ends)
        self._expire()
        self._hold(chain)
        ends_at = self._clock.now().timestamp() + self._life.total_seconds()
        self._changes[chain.tail] = ChainRecord(tuple(ids), chain.scope, chain.tail, ends_at)
        return _page(chain, 0, limit)

    def following(self, cursor: str, limit: int) -> tuple[Sequence[str], str | None]:
        """The page a cursor stands for; raises FieldError for an unknown or expired one."""
        _check(limit)
        tail, offset = _read(cursor)
        chain = self._chains.get(tail)
        if chain is None or chain.token(offset) != cursor:
            raise cursor_refused("The cursor provided for pagination is not valid")
        if self._clock.monotonic() >= chain.ends:
            raise cursor_refused("The cursor provided for pagination has expired. Please refresh your query")
        return _page(chain, offset, limit)

    def changes(self) -> dict[str, ChainRecord | None]:
        """Chains that are new and, as None, those that are gone since this was last asked."""
        changes, self._changes = self._changes, {}
        return changes

    def restore(self, written: Iterable[ChainRecord]) -> None:
        """Chains of an earlier process, each for what is left of its time."""
        passed = self._clock.now().timestamp() - self._clock.monotonic()
        for each in sorted(written, key=lambda each: (each.ends_at, each.tail)):
            self._hold(Chain(each.ids, each.scope, each.tail, each.ends_at - passed))

    def _expire(self) -> None:
        """A chain that has ended is kept as long again, to say so; they stand in the order of their ends."""
        forgotten = self._clock.monotonic() - self._life.total_seconds()
        while self._chains and next(iter(self._chains.values())).ends <= forgotten:
            self._forget_oldest()

    def _hold(self, chain: Chain) -> None:
        self._chains[chain.tail] = chain
        self._holders[id(chain.ids)] += 1
        if self._holders[id(chain.ids)] == 1:
            self._held += len(chain.ids)
        while len(self._chains) > KEPT or (self._held > KEPT_IDS and len(self._chains) > 1):
            self._forget_oldest()

    def _forget_oldest(self) -> None:
        tail, chain = self._chains.popitem(last=False)
        self._changes[tail] = None
        self._holders[id(chain.ids)] -= 1
        if not self._holders[id(chain.ids)]:
            del self._holders[id(chain.ids)]
            self._held -= len(chain.ids)


def _page(chain: Chain, offset: int, limit: int) -> tuple[Sequence[str], str | None]:
    reached = offset + limit
    return chain.ids[offset:reached], chain.token(reached) if reached < len(chain.ids) else None


def _read(cursor: str) -> tuple[str, int]:
    """Tail and offset of a token; a tail that no chain has for any other text."""
    try:
        plain = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        found = _PLAIN.fullmatch(plain.decode())
    except (ValueError, binascii.Error):
        found = None
    return ("", 0) if found is None else (found[1], int(found[2]))


def _check(limit: int) -> None:
    if not 1 <= limit <= PAGE_MAX:
        raise argument_refused(f"limit must be between 1 and {PAGE_MAX}", limit=limit)
