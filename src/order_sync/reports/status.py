"""How things stand now: batches, who works on what, rows in doubt, held orders, the snapshot."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, false, func, select

from order_sync.model.ids import BatchId, BoardId
from order_sync.model.states import RowStatus
from order_sync.reports.batches import BatchReport, batch_reports
from order_sync.reports.errors import meaning
from order_sync.reports.shape import Report
from order_sync.store.base import Store
from order_sync.store.ledger.daily import read_day
from order_sync.store.ledger.rows import RowTable, item_rows, subitem_rows
from order_sync.store.ledger.snapshots import read_state
from order_sync.store.process import died, host_of, pid_of
from order_sync.store.tables import Tables

_CUSTOMER = "customer:"


@dataclass(frozen=True, slots=True)
class Holder(Report):
    """A lease that somebody holds. `alive`: its time is not over and its process, if it ran here, exists."""

    resource: str
    host: str
    pid: int | None
    since: datetime | None
    heartbeat_at: datetime | None
    expires_at: datetime | None
    alive: bool


@dataclass(frozen=True, slots=True)
class Doubt(Report):
    """Rows in doubt of one batch: sent, and no answer came."""

    batch_id: BatchId
    customer: str | None
    kind: str  # order | size
    rows: int
    oldest: datetime | None
    age_seconds: float | None


@dataclass(frozen=True, slots=True)
class HeldGroup(Report):
    """Orders that wait for a correction, by cause: so many entries, for so many source rows."""

    cause: str
    meaning: str
    orders: int
    source_rows: int
    example: str | None  # an order number


@dataclass(frozen=True, slots=True)
class SnapshotReport(Report):
    """What was promoted. generation 0: nothing yet."""

    generation: int
    orders: int
    updated_at: datetime | None


@dataclass(frozen=True, slots=True)
class DayReport(Report):
    """Calls of today, in UTC, of the board's account; `limit` where the server told it. `no_call_before`: the account
    took no more."""

    calls: int
    limit: int | None
    no_call_before: datetime | None


@dataclass(frozen=True, slots=True)
class StatusReport(Report):
    at: datetime
    days: int
    batches: tuple[BatchReport, ...]
    holders: tuple[Holder, ...]
    doubts: tuple[Doubt, ...]
    held: tuple[HeldGroup, ...]
    held_rows: int  # source rows; one with several causes counts once
    due_rows: int
    next_due: datetime | None
    snapshot: SnapshotReport
    today: DayReport


def status_report(store: Store, board: BoardId, *, customer: str | None = None, days: int = 7) -> StatusReport:
    """`days`: how far back final batches are listed."""
    now = store.clock.now()
    tables = store.tables
    selected = None if customer is None else [customer]
    with store.reading() as conn:
        holders = _holders(conn, tables, now)
        working = frozenset(
            each.resource.removeprefix(_CUSTOMER)
            for each in holders
            if each.alive and each.resource.startswith(_CUSTOMER)
        )
        due, next_due = due_again(conn, tables, customer)
        return StatusReport(
            at=now,
            days=days,
            batches=batch_reports(conn, tables, customer=customer, since=now - timedelta(days=days), holders=working),
            holders=holders,
            doubts=_doubts(conn, tables, now, customer),
            held=held_groups(conn, tables, selected),
            held_rows=held_rows(conn, tables, selected),
            due_rows=due,
            next_due=next_due,
            snapshot=snapshot_report(conn, tables),
            today=day_report(conn, tables, board, now),
        )


def day_report(conn: Connection, tables: Tables, board: BoardId, now: datetime) -> DayReport:
    known = read_day(conn, tables, board, now.astimezone(UTC).date())
    ahead = known.resume_at if known.resume_at is not None and known.resume_at > now else None
    return DayReport(known.calls, known.limit, ahead)


def _holders(conn: Connection, tables: Tables, now: datetime) -> tuple[Holder, ...]:
    c = tables.leases.c
    rows = conn.execute(select(tables.leases).where(c.owner.is_not(None)).order_by(c.resource))
    return tuple(
        Holder(
            resource=row.resource,
            host=host_of(row.owner),
            pid=pid_of(row.owner),
            since=row.acquired_at,
            heartbeat_at=row.heartbeat_at,
            expires_at=row.expires_at,
            alive=row.expires_at is not None and row.expires_at > now and not died(row.owner),
        )
        for row in rows
    )


def _doubts(conn: Connection, tables: Tables, now: datetime, customer: str | None) -> tuple[Doubt, ...]:
    found: list[Doubt] = []
    for rows in (item_rows(tables), subitem_rows(tables)):
        c = rows.table.c
        oldest = func.min(c.stg_intent_at).label("oldest")
        query = select(c.stg_batch_id, c.stg_customer_batch, func.count().label("rows"), oldest).where(
            c.stg_status == RowStatus.IN_DOUBT
        )
        if customer is not None:
            query = query.where(c.stg_customer_batch == customer)
        grouped = query.group_by(c.stg_batch_id, c.stg_customer_batch)
        found += [_doubt(row, rows, now) for row in conn.execute(grouped)]
    return tuple(sorted(found, key=lambda each: (each.customer or "", each.kind)))


def _doubt(row: Any, rows: RowTable, now: datetime) -> Doubt:
    return Doubt(
        batch_id=row.stg_batch_id,
        customer=row.stg_customer_batch,
        kind="order" if rows.kind == "item" else "size",
        rows=row.rows,
        oldest=row.oldest,
        age_seconds=None if row.oldest is None else (now - row.oldest).total_seconds(),
    )


def held_groups(conn: Connection, tables: Tables, customers: Collection[str] | None = None) -> tuple[HeldGroup, ...]:
    """Unresolved held orders by cause, the most frequent first; of these customers or of all."""
    c = tables.errors.c
    query = (
        select(
            c.error_type,
            func.count().label("orders"),
            func.sum(c.err_source_rows).label("source_rows"),
            func.min(c.order_number).label("example"),
        )
        .where(c.resolved_date.is_(None), c.err_source_rows.is_not(None))
        .group_by(c.error_type)
    )
    if customers is not None:
        query = query.where(c.customer_batch.in_(sorted(customers)))
    rows = conn.execute(query).all()
    groups = [
        HeldGroup(row.error_type, meaning(row.error_type), row.orders, int(row.source_rows or 0), row.example)
        for row in rows
    ]
    return tuple(sorted(groups, key=lambda group: (-group.source_rows, group.cause)))


def held_rows(conn: Connection, tables: Tables, customers: Collection[str] | None = None) -> int:
    """The source rows behind these orders; one with several causes counts once."""
    c = tables.errors.c
    key = func.coalesce(c.err_order_key, c.err_fingerprint)
    query = select(func.max(c.err_source_rows).label("rows")).where(
        c.resolved_date.is_(None), c.err_source_rows.is_not(None)
    )
    if customers is not None:
        query = query.where(c.customer_batch.in_(sorted(customers)))
    each = query.group_by(key).subquery()
    return int(conn.execute(select(func.coalesce(func.sum(each.c.rows), 0))).scalar_one())


def due_again(conn: Connection, tables: Tables, customer: str | None = None) -> tuple[int, datetime | None]:
    """Failed rows that a run tries again by itself, and when the first of them is due."""
    total, earliest = 0, []
    for rows in (item_rows(tables), subitem_rows(tables)):
        c = rows.table.c
        query = select(func.count(), func.min(c.stg_next_attempt_at)).where(
            c.stg_status == RowStatus.API_FAILED, c.stg_max_retries_reached == false()
        )
        if customer is not None:
            query = query.where(c.stg_customer_batch == customer)
        count, due = conn.execute(query).one()
        total += count
        earliest += [] if due is None else [due]
    return total, min(earliest, default=None)


def snapshot_report(conn: Connection, tables: Tables) -> SnapshotReport:
    """The table's own state; the file beside it is compared elsewhere."""
    state = read_state(conn, tables)
    orders = conn.execute(select(func.count()).select_from(tables.snapshot)).scalar_one()
    updated = conn.execute(select(tables.snapshot_state.c.updated_at)).scalar()
    return SnapshotReport(0 if state is None else state.generation, orders, updated)
