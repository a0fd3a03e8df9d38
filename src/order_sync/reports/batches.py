"""Batches with their counts, taken from the rows each time, and how well they went."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, Row, Table, and_, func, or_, select
from sqlalchemy.sql.elements import ColumnElement

from order_sync.model.ids import BatchId
from order_sync.model.states import BATCH_FINAL, BatchStatus, RowStatus, is_final
from order_sync.reports.shape import Report
from order_sync.store.tables import Tables

GOOD_PERCENT: Final = 95.0
POOR_PERCENT: Final = 80.0
_MOST: Final = 1_000  # batches of one report: their ids are parameters, and SQL Server takes 2,100
_STEPS: Final = ("staging_load", "items_creation", "subitems_creation", "promotion", "cleanup")


class Standing(StrEnum):
    """How a batch stands: by its end, or by the share of its rows that made it."""

    RUNNING = "running"
    INTERRUPTED = "interrupted"  # nobody works on it: the next run begins with it
    OK = "ok"  # 95 % and more
    ATTENTION = "attention"  # 80 to 95 %
    FAILED = "failed"  # below 80 %


@dataclass(frozen=True, slots=True)
class Counts(Report):
    """total = successful + failed + in_doubt + waiting + cancelled."""

    total: int
    successful: int  # on the board; promoted as soon as their whole order is
    promoted: int  # of the successful ones
    failed: int
    in_doubt: int
    waiting: int
    cancelled: int

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.total + other.total,
            self.successful + other.successful,
            self.promoted + other.promoted,
            self.failed + other.failed,
            self.in_doubt + other.in_doubt,
            self.waiting + other.waiting,
            self.cancelled + other.cancelled,
        )

    @property
    def success_percent(self) -> float | None:
        """Of the rows that were not cancelled; None where there are none."""
        wanted = self.total - self.cancelled
        return round(100 * self.successful / wanted, 1) if wanted else None


NOTHING: Final = Counts(0, 0, 0, 0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class BatchReport(Report):
    """One customer's batch. `steps`: when each step was completed."""

    batch_id: BatchId
    customer: str
    status: BatchStatus
    standing: Standing
    success_percent: float | None
    started: datetime | None
    ended: datetime | None
    duration_seconds: int | None
    orders: Counts
    sizes: Counts
    api_calls: int
    api_failures: int
    retries: int
    steps: dict[str, datetime | None]
    error_summary: str | None
    started_by: str | None


def batch_reports(
    conn: Connection,
    tables: Tables,
    *,
    customer: str | None = None,
    since: datetime | None = None,
    ids: Sequence[BatchId] | None = None,
    holders: frozenset[str] = frozenset(),
) -> tuple[BatchReport, ...]:
    """The latest first, at most 1,000. `since`: those that are not final, and those started later. `holders`:
    customers whom a process works on now."""
    batches = tables.batches
    query = select(batches).order_by(batches.c.start_time.desc(), batches.c.customer_name).limit(_MOST)
    if customer is not None:
        query = query.where(batches.c.customer_name == customer)
    if since is not None:
        open_ = [status.value for status, ends in BATCH_FINAL.items() if not ends]
        query = query.where(or_(batches.c.status.in_(open_), batches.c.start_time >= since))
    if ids is not None:
        query = query.where(batches.c.batch_id.in_(list(ids[:_MOST])))
    rows = conn.execute(query).all()
    found = [BatchId(row.batch_id) for row in rows]
    orders = counts_by_batch(conn, (tables.staging, tables.archive), found)
    sizes = counts_by_batch(conn, (tables.staging_subitems, tables.archive_subitems), found)
    calls = calls_by_batch(conn, tables, found)
    return tuple(
        _report(
            row,
            orders.get(row.batch_id, NOTHING),
            sizes.get(row.batch_id, NOTHING),
            calls.get(row.batch_id, 0),
            holders,
        )
        for row in rows
    )


def calls_by_batch(conn: Connection, tables: Tables, batches: Sequence[BatchId]) -> dict[BatchId, int]:
    """How many calls that write each batch has made so far."""
    c = tables.calls.c
    query = select(c.batch_id, func.count()).where(c.batch_id.in_(list(batches))).group_by(c.batch_id)
    return {BatchId(batch): count for batch, count in conn.execute(query)}


def counts_by_batch(conn: Connection, places: tuple[Table, ...], batches: Sequence[BatchId]) -> dict[BatchId, Counts]:
    """The rows of each batch by what became of them; `places`: staging and archive of one kind."""
    found: dict[BatchId, dict[RowStatus, int]] = {}
    for table in places:
        c = table.c
        query = (
            select(c.stg_batch_id, c.stg_status, func.count())
            .where(c.stg_batch_id.in_(list(batches)))
            .group_by(c.stg_batch_id, c.stg_status)
        )
        for batch, status, count in conn.execute(query):
            counts = found.setdefault(BatchId(batch), {})
            counts[RowStatus(status)] = counts.get(RowStatus(status), 0) + count
    return {batch: counts_of(each) for batch, each in found.items()}


def counts_of(rows: dict[RowStatus, int]) -> Counts:
    """From rows by status."""

    def sum_of(*statuses: RowStatus) -> int:
        return sum(rows.get(status, 0) for status in statuses)

    gone = sum_of(RowStatus.CANCELLED, RowStatus.ROLLED_BACK)
    return Counts(
        total=sum(rows.values()),
        successful=sum_of(RowStatus.PROMOTED, RowStatus.API_SUCCESS),
        promoted=sum_of(RowStatus.PROMOTED),
        failed=sum_of(RowStatus.API_FAILED),
        in_doubt=sum_of(RowStatus.IN_DOUBT),
        waiting=sum_of(RowStatus.PENDING, RowStatus.SENDING, RowStatus.BLOCKED, RowStatus.ROLLING_BACK),
        cancelled=gone,
    )


def standing_of(status: BatchStatus, percent: float | None, *, held: bool) -> Standing:
    """Of a final batch by its share; of another by whether anybody works on it."""
    if not is_final(status):
        return Standing.RUNNING if held else Standing.INTERRUPTED
    if percent is None or percent >= GOOD_PERCENT:
        return Standing.OK
    return Standing.ATTENTION if percent >= POOR_PERCENT else Standing.FAILED


def _report(row: Row[Any], orders: Counts, sizes: Counts, calls: int, holders: frozenset[str]) -> BatchReport:
    status = BatchStatus(row.status)
    percent = (orders + sizes).success_percent
    return BatchReport(
        batch_id=BatchId(row.batch_id),
        customer=row.customer_name,
        status=status,
        standing=standing_of(status, percent, held=row.customer_name in holders),
        success_percent=percent,
        started=row.start_time,
        ended=row.end_time,
        duration_seconds=row.duration_seconds,
        orders=orders,
        sizes=sizes,
        api_calls=calls,
        api_failures=row.api_failures,
        retries=row.retries_attempted,
        steps={step: getattr(row, f"{step}_completed") for step in _STEPS},
        error_summary=row.error_summary,
        started_by=row.started_by,
    )


def open_rows(conn: Connection, tables: Tables, customers: Sequence[str] | None = None) -> tuple[Counts, Counts]:
    """Orders and sizes that are in staging now, of these customers or of all."""
    return _staged(conn, tables.staging, customers), _staged(conn, tables.staging_subitems, customers)


def _staged(conn: Connection, table: Table, customers: Sequence[str] | None) -> Counts:
    c = table.c
    wanted: ColumnElement[bool] = c.stg_status != RowStatus.PROMOTED
    if customers is not None:
        wanted = and_(wanted, c.stg_customer_batch.in_(list(customers)))
    query = select(c.stg_status, func.count()).where(wanted).group_by(c.stg_status)
    return counts_of({RowStatus(status): count for status, count in conn.execute(query)})
