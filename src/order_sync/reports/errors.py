"""The ERR_ tables as people read them: grouped by cause, one entry a failure, each with its way out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal

from sqlalchemy import Connection, Row, Select, func, select
from sqlalchemy.sql.elements import ColumnElement

from order_sync.model.causes import MEANING, Cause
from order_sync.model.ids import BatchId, StgId
from order_sync.model.states import RowStatus
from order_sync.reports.next_steps import failed_step, held_step, retry_command
from order_sync.reports.shape import Report
from order_sync.store.base import one_of
from order_sync.store.ledger.rows import RowTable, item_rows, subitem_rows
from order_sync.store.tables import Tables

_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ErrorFilter:
    """Every part that is given must hold. `resolved`: also what is over."""

    customer: str | None = None
    order_number: str | None = None
    batch: BatchId | None = None
    cause: str | None = None
    resolved: bool = False


@dataclass(frozen=True, slots=True)
class ErrorEntry(Report):
    """One failure. `held`: it never was staged, so there is nothing to retry; `source_rows` it stands for.

    `retry`: the command that sends it again; None where a run does by itself, or cannot before a correction.
    """

    kind: Literal["order", "size"]
    error_id: int
    customer: str | None
    order_number: str | None
    name: str | None  # of the item or subitem
    group: str | None
    size: str | None
    quantity: int | None
    cause: str
    severity: str | None
    held: bool
    held_key: str | None  # the order's key, or the row's fingerprint; entries that share it are of the same rows
    source_rows: int | None
    http_status: int | None
    message: str | None
    sent: str | None  # JSON of the column values
    source_row: str | None  # JSON
    batch_id: BatchId | None
    parent_item_id: int | None
    retries: int
    given_up: bool
    row_status: RowStatus | None
    due_at: datetime | None
    first_seen: datetime | None
    last_seen: datetime | None
    resolved_at: datetime | None
    resolved_by: str | None
    what_next: str
    retry: str | None


@dataclass(frozen=True, slots=True)
class ErrorGroup(Report):
    """All entries of one cause."""

    cause: str
    meaning: str
    entries: int
    customers: int
    example: str
    what_next: str


@dataclass(frozen=True, slots=True)
class ErrorReport(Report):
    """`others`: open entries that the filter left out, counted only where it let nothing through."""

    groups: tuple[ErrorGroup, ...]
    entries: tuple[ErrorEntry, ...]
    others: int = 0


def error_report(conn: Connection, tables: Tables, wanted: ErrorFilter) -> ErrorReport:
    """The entries that the filter lets through, the latest first; the groups largest first."""
    entries = _all_entries(conn, tables, wanted)
    others = 0 if entries else len(_all_entries(conn, tables, ErrorFilter()))
    return ErrorReport(grouped(entries), tuple(entries), others)


def _all_entries(conn: Connection, tables: Tables, wanted: ErrorFilter) -> list[ErrorEntry]:
    kinds = (item_rows(tables), subitem_rows(tables))
    entries = [entry for rows in kinds for entry in _entries(conn, rows, wanted)]
    entries.sort(key=lambda entry: entry.last_seen or _LONG_AGO, reverse=True)
    return entries


def grouped(entries: Iterable[ErrorEntry]) -> tuple[ErrorGroup, ...]:
    """By cause, the most frequent first."""
    by_cause: dict[str, list[ErrorEntry]] = {}
    for entry in entries:
        by_cause.setdefault(entry.cause, []).append(entry)
    groups = [
        ErrorGroup(
            cause=cause,
            meaning=meaning(cause),
            entries=len(each),
            customers=len({entry.customer for entry in each}),
            example=example(each[0]),
            what_next=each[0].what_next,
        )
        for cause, each in by_cause.items()
    ]
    return tuple(sorted(groups, key=lambda group: (-group.entries, group.cause)))


def rows_held(entries: Iterable[ErrorEntry]) -> int:
    """The source rows behind the held ones among them; a row with several causes counts once."""
    rows: dict[str | int, int] = {}
    for entry in entries:
        if entry.held:
            key = entry.held_key or entry.error_id
            rows[key] = max(rows.get(key, 0), entry.source_rows or 0)
    return sum(rows.values())


def meaning(cause: str) -> str:
    """What a cause of a held row means; of an error class the word says it."""
    return MEANING[Cause(cause)] if cause in set(Cause) else ""


def example(entry: ErrorEntry) -> str:
    """`order NUMBER, size M: message`."""
    place = f"order {entry.order_number}" if entry.order_number else "an order without a number"
    size = f", size {entry.size}" if entry.size else ""
    return f"{place}{size}: {entry.message or ''}"


def held_entries(conn: Connection, tables: Tables, order_number: str | None) -> tuple[ErrorEntry, ...]:
    """The orders that wait for a correction, of this number or all: they have no row to retry."""
    rows = item_rows(tables)
    held = rows.errors.c.err_source_rows.is_not(None)
    query = _query(rows, ErrorFilter(order_number=order_number)).where(held)
    return tuple(_entry(rows, row, None) for row in conn.execute(query))


def _entries(conn: Connection, rows: RowTable, wanted: ErrorFilter) -> list[ErrorEntry]:
    found = conn.execute(_query(rows, wanted)).all()
    if not wanted.resolved:
        found = _latest(found)
    states = _states(conn, rows, [row.original for row in found if row.original is not None])
    return [_entry(rows, row, states.get(row.original)) for row in found]


def _latest(found: Sequence[Row[Any]]) -> list[Row[Any]]:
    """Of a row that failed at each of its tries the last failure; the others are its history. `found`: latest first."""
    rows: dict[tuple[str, int], Row[Any]] = {}
    for row in found:
        rows.setdefault(("entry", row.err_id) if row.original is None else ("row", row.original), row)
    return list(rows.values())


def _query(rows: RowTable, wanted: ErrorFilter) -> Select[Any]:
    c = rows.errors.c
    query = select(rows.errors, rows.error_link.label("original")).order_by(c.err_id.desc())
    conditions: list[ColumnElement[bool]] = []
    if not wanted.resolved:
        conditions.append(c.resolved_date.is_(None))
    if wanted.customer is not None:
        conditions.append(c.customer_batch == wanted.customer)
    if wanted.order_number is not None:
        conditions.append(func.lower(c.order_number) == wanted.order_number.strip().lower())
    if wanted.batch is not None:
        conditions.append(c.batch_id == wanted.batch)
    if wanted.cause is not None:
        conditions.append(c.error_type == wanted.cause.strip().upper())
    return query.where(*conditions)


@dataclass(frozen=True, slots=True)
class _State:
    status: RowStatus
    given_up: bool
    due: datetime | None


def _states(conn: Connection, rows: RowTable, ids: Sequence[StgId]) -> dict[StgId, _State]:
    """How the staged rows of the entries stand now; those that are archived are missing."""
    if not ids:
        return {}
    c = rows.table.c
    query = select(rows.key, c.stg_status, c.stg_max_retries_reached, c.stg_next_attempt_at)
    found = conn.execute(query.where(one_of(conn, rows.key, sorted(set(ids)))))
    return {StgId(key): _State(RowStatus(status), bool(up), due) for key, status, up, due in found}


def _entry(rows: RowTable, row: Row[Any], state: _State | None) -> ErrorEntry:
    c = row._mapping
    held = row.err_source_rows is not None
    next_step, retry = _way_out(row, state, held=held)
    return ErrorEntry(
        kind="order" if rows.kind == "item" else "size",
        error_id=row.err_id,
        customer=row.customer_batch,
        order_number=row.order_number,
        name=c.get("item_name", c.get("subitem_name")),
        group=c.get("group_name"),
        size=c.get("size_label"),
        quantity=c.get("order_qty"),
        cause=row.error_type,
        severity=row.err_severity,
        held=held,
        held_key=row.err_order_key or row.err_fingerprint if held else None,
        source_rows=row.err_source_rows,
        http_status=row.http_status_code,
        message=row.error_message,
        sent=row.api_payload,
        source_row=row.original_data,
        batch_id=row.batch_id,
        parent_item_id=c.get("parent_item_id"),
        retries=row.retry_count,
        given_up=bool(row.max_retries_reached) if state is None else state.given_up,
        row_status=None if state is None else state.status,
        due_at=None if state is None else state.due,
        first_seen=row.created_date,
        last_seen=row.last_retry_date or row.created_date,
        resolved_at=row.resolved_date,
        resolved_by=row.resolved_by,
        what_next=next_step,
        retry=retry,
    )


def _way_out(row: Row[Any], state: _State | None, *, held: bool) -> tuple[str, str | None]:
    """What to do, and the command that sends the row again where that is to be done by a person."""
    if row.resolved_date is not None:
        return "nothing: it is resolved", None
    if held:
        return held_step(row.error_type), None
    if row.err_severity == "warning":
        return "the row is on the board; look at it there", None
    if state is None or state.status in (RowStatus.API_SUCCESS, RowStatus.PROMOTED):
        return "nothing: the row is on the board by now", None
    if state.status is RowStatus.IN_DOUBT:
        return "nothing: the next run looks it up on the board", None
    if state.status is not RowStatus.API_FAILED or not state.given_up:
        return "nothing: the next run tries it again", None
    return failed_step(row.error_type), retry_command(row.order_number, str(row.batch_id) if row.batch_id else None)
