"""Pages of items. A chain keeps the ids of its first page's moment: nothing is missed or seen twice."""

from __future__ import annotations

import base64
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from monday_simulator.account.errors import argument_refused, cursor_refused
from monday_simulator.account.ids import IdMaker
from monday_simulator.clock import Clock

PAGE_MAX = 500
KEPT = 4096


@dataclass(frozen=True)
class Chain:
    """scope: board and group the first page was asked of, as they stand in the cursor."""

    ids: Sequence[str]
    scope: tuple[str, str]
    tail: str
    ends: float


class Cursors:
    """Opaque tokens for the next page. The oldest are forgotten beyond KEPT, like expired ones."""

    def __init__(self, clock: Clock, ids: IdMaker, life: timedelta) -> None:
        self._clock = clock
        self._ids = ids
        self._life = life
        self._open: OrderedDict[str, tuple[Chain, int]] = OrderedDict()

    def first(
        self, ids: Sequence[str], limit: int, board_id: str, group_id: str = ""
    ) -> tuple[Sequence[str], str | None]:
        """The first page of ids, and the cursor of the next one if there is any."""
        _check(limit)
        if len(ids) <= limit:
            return ids, None
        ends = self._clock.monotonic() + self._life.total_seconds()
        return self._page(Chain(ids, (board_id, group_id), self._ids.cursor_tail(), ends), 0, limit)

    def following(self, cursor: str, limit: int) -> tuple[Sequence[str], str | None]:
        """The page a cursor stands for; raises FieldError for an unknown or expired one."""
        _check(limit)
        chain, offset = self._open.get(cursor, (None, 0))
        if chain is None:
            raise cursor_refused("The cursor provided for pagination is not valid")
        if self._clock.monotonic() >= chain.ends:
            raise cursor_refused("The cursor provided for pagination has expired. Please refresh your query")
        return self._page(chain, offset, limit)

    def _page(self, chain: Chain, offset: int, limit: int) -> tuple[Sequence[str], str | None]:
        reached = offset + limit
        return chain.ids[offset:reached], self._token(chain, reached) if reached < len(chain.ids) else None

    def _token(self, chain: Chain, offset: int) -> str:
        board_id, group_id = chain.scope
        plain = f"1,{board_id},{chain.tail},{len(chain.ids)},{offset},{group_id}|{offset}"
        token = base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")
        self._open[token] = (chain, offset)
        while len(self._open) > KEPT:
            self._open.popitem(last=False)
        return token


def _check(limit: int) -> None:
    if not 1 <= limit <= PAGE_MAX:
        raise argument_refused(f"limit must be between 1 and {PAGE_MAX}", limit=limit)
