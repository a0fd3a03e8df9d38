"""Mutants of the leases, the fences, and what is done with the work of a process that is gone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from random import Random
from typing import Any, Final

from sqlalchemy import update

from order_sync.drill.scenarios import NEW
from order_sync.drill.strikes import Kind, Strike
from order_sync.drill.trial import Beginning
from order_sync.model.states import RowStatus
from order_sync.monday import transport
from order_sync.steps import groups, requeue, send
from order_sync.store.leases import Lease, Leases
from tests.campaign.mutations.mutant import Case, Mutant, Search, instead, replaced, wherever
from tests.campaign.mutations.scenes import OVERTAKEN, RELAY, SENT

_PAUSES: Final = wherever(
    *(RELAY, OVERTAKEN), at=r"^api:write|^db:send", kinds=(Kind.PAUSE,), most=2, seconds=(65.0, 400.0)
)
_BEFORE_INTENT: Final = r"^db:(send.intent|groups.intent|groups.remember|look_up.adopt|stage.load):begin"
_DEATHS: Final = wherever(NEW, RELAY, at=r"^api:write:(written|awaited|answered|parsed)|^db:(send|groups)", most=2)


def _both_stand_still(chance: Random, beginning: Beginning) -> Case:
    """The first before a transaction, until its lease is over; the second as soon as it has taken over."""
    first = [at for worker, at, place in beginning.passages if not worker and re.search(_BEFORE_INTENT, place)]
    return Case(
        (
            Strike(0, chance.choice(first) + chance.randint(-2, 2), Kind.PAUSE, seconds=chance.uniform(72, 130)),
            Strike(1, chance.randint(10, 120), Kind.PAUSE, seconds=chance.uniform(20, 55)),
        )
    )


def _not_raised(take: Any) -> Any:
    """Takes over under the fence that it finds."""

    def taking(self: Leases, conn: Any, resource: str) -> Any:
        found = take(self, conn, resource)
        if isinstance(found, Lease) and found.fence > 1:
            table, same = self._table, found.fence - 1
            conn.execute(update(table).where(table.c.resource == resource).values(fence=same))
            return Lease(resource, type(found.fence)(same), found.owner)
        return found

    return taking


def _back_to_pending(mark: Any) -> Any:
    """Rows without a sender are sent again."""

    def marking(conn: Any, rows: Any, batch: Any, fence: Any) -> Sequence[Any]:
        requests: Sequence[Any] = mark(conn, rows, batch, fence)
        table = rows.table
        mine = (table.c.stg_status == RowStatus.IN_DOUBT, table.c.stg_request_id.in_(list(requests)))
        conn.execute(update(table).where(*mine).values(stg_status=RowStatus.PENDING))
        return []

    return marking


def _requeues_all(_requeue: Any) -> Any:
    def requeueing(conn: Any, tables: Any, batches: Sequence[Any], _orders: Any) -> int:
        changed = 0
        for table in (tables.staging, tables.staging_subitems):
            open_rows = (RowStatus.API_FAILED, RowStatus.SENDING, RowStatus.IN_DOUBT)
            mine = (table.c.stg_batch_id.in_(list(batches)), table.c.stg_status.in_(open_rows))
            values = {"stg_status": RowStatus.PENDING, "stg_max_retries_reached": False, "stg_retry_count": 0}
            changed += conn.execute(update(table).where(*mine).values(**values, stg_next_attempt_at=None)).rowcount
        return changed

    return requeueing


MUTANTS: Final = (
    Mutant(
        "fence unchecked",
        "A write transaction no longer asks whether its lease is still its own.",
        instead(Leases, "check", lambda *_: None),
        Search((RELAY,), _both_stand_still),
        ("I1", "I10", "I12", "recovery"),
    ),
    Mutant(
        "fence not raised",
        "Whoever takes a lease over goes on under the fence of the one before.",
        replaced(Leases, "_take", _not_raised),
        _PAUSES,
        ("I10", "I13", "recovery"),
    ),
    Mutant(
        "lease for ever",
        "A lease that was not renewed does not expire.",
        instead(Leases, "_free", lambda _self, row, _now: row.owner is None),
        _DEATHS,
        ("recovery",),
    ),
    Mutant(
        "no send deadline",
        "A request leaves however long its process stood still since the intent.",
        instead(transport._Exchange, "_late", lambda _self: False),
        wherever(RELAY, at=r"^api:write:connect", kinds=(Kind.PAUSE,), most=1, seconds=(300.0, 900.0)),
        ("I1", "twice"),
    ),
    Mutant(
        "nothing taken over",
        "Rows that a dead process was sending stay as they are.",
        instead(send, "mark_in_doubt", lambda *_: []),
        _DEATHS,
        ("I13", "recovery"),
    ),
    Mutant(
        "taken over as unsent",
        "Rows that a dead process was sending are sent again at once.",
        replaced(send, "mark_in_doubt", _back_to_pending),
        wherever(SENT),
        ("I1", "twice"),
    ),
    Mutant(
        "groups not taken over",
        "Groups that a dead process was making stay as they are.",
        instead(groups, "groups_left_sending", lambda *_: []),
        wherever(NEW, at=r"^api:write|^db:groups.outcome"),
        ("I13", "recovery"),
    ),
    Mutant(
        "requeue takes what is on its way",
        "A retry puts rows back that are SENDING or in doubt.",
        replaced(requeue, "requeue_failed", _requeues_all),
        wherever(SENT),
        ("I1", "twice"),
    ),
)
