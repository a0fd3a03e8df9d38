"""Held rows: kept in the error table with their cause until the first run that no longer finds it."""

from __future__ import annotations

import json
from collections.abc import Iterator

import polars as pl

from order_sync.model.causes import MEANING, Cause
from order_sync.model.detection import Change
from order_sync.model.texts import clean
from order_sync.steps.detect import Detection
from order_sync.steps.durably import durably
from order_sync.steps.job import Job
from order_sync.steps.select import Plan
from order_sync.store.leases import Held
from order_sync.store.ledger.held import HeldOrder, refresh_held
from order_sync.store.transactions import Transaction

_RECORD = Transaction("hold.record")


def held_orders(job: Job, detection: Detection, plan: Plan) -> list[HeldOrder]:
    """One for each key (fingerprint where the key is NULL) and cause, with the number of source rows it stands for."""
    merged: dict[tuple[str | None, str | None, str], HeldOrder] = {}
    for each in (*_by_detection(job, detection), *_by_transform(detection, plan)):
        known = merged.get(each.identity)
        if known is None:
            merged[each.identity] = each
    return list(merged.values())


def record_held(job: Job, detection: Detection, plan: Plan) -> None:
    """Bring the error table in line. Skipped while another run does so: its finding is as good as ours."""
    lease = job.store.leases.acquire("held")
    if isinstance(lease, Held):
        return
    try:
        held = held_orders(job, detection, plan)
        unexamined, now = set(plan.unexamined), job.clock.now()
        open_, resolved = durably(
            job,
            _RECORD,
            (lease,),
            lambda conn: refresh_held(
                conn, job.store.tables, held, unexamined=unexamined, by="order-sync run", now=now
            ),
        )
    finally:
        job.store.leases.release(lease)
    job.events.emit("orders.held", count=open_, resolved=resolved)


def _by_detection(job: Job, detection: Detection) -> Iterator[HeldOrder]:
    rows = detection.rows.filter(pl.col("change") == Change.HELD.value)
    if rows.is_empty():
        return
    source = detection.source.take(rows["__row"])
    numbers = clean(source, [job.mapping.source.order_number])[job.mapping.source.order_number]
    grouped = (
        rows.with_columns(numbers.alias("number"), pl.int_range(pl.len()).alias("at"))
        .with_columns(identity=pl.coalesce("order_key", "fingerprint"))
        .group_by("identity", "cause", maintain_order=True)
        .agg(pl.len().alias("rows"), pl.col("order_key", "fingerprint", "customer", "number", "at").first())
    )
    for row in grouped.iter_rows(named=True):
        cause = Cause(row["cause"])
        several = f" ({row['rows']} rows)" if row["rows"] > 1 else ""
        yield HeldOrder(
            row["order_key"],
            row["fingerprint"],
            cause.value,
            f"{MEANING[cause]}{several}: {', '.join(job.mapping.source.key)}",
            row["rows"],
            _short(row["customer"], 100),
            _short(row["number"], 100),
            None,
            None,
            _original(source.row(row["at"], named=True)),
        )


def _by_transform(detection: Detection, plan: Plan) -> Iterator[HeldOrder]:
    if plan.held_issues.is_empty():
        return
    keys = detection.rows.select("__row", "order_key", "fingerprint")
    names = plan.held_orders.select("__row", "customer", "order_number", "Title", "Group")
    grouped = (
        plan.held_issues.with_columns(_with_its_column())
        .group_by("__row", "cause", maintain_order=True)
        .agg(pl.col("message").str.join("; "))
        .join(keys, on="__row", how="left", maintain_order="left")
        .join(names, on="__row", how="left", maintain_order="left")
    )
    source = detection.source.take(grouped["__row"])
    originals = {row["__row"]: _original(row) for row in source.iter_rows(named=True)}
    for row in grouped.iter_rows(named=True):
        yield HeldOrder(
            row["order_key"],
            row["fingerprint"],
            row["cause"],
            row["message"],
            1,
            _short(row["customer"], 100),
            _short(row["order_number"], 100),
            _short(row["Title"], 500),
            _short(row["Group"], 200),
            originals[row["__row"]],
        )


def _with_its_column() -> pl.Expr:
    """The message, behind its column's name where it does not say that itself."""
    column, message = pl.col("column"), pl.col("message")
    unsaid = column.is_not_null() & ~message.str.contains(column, literal=True)
    return pl.when(unsaid).then(pl.format("{}: {}", column, message)).otherwise(message).alias("message")


def _short(text: str | None, length: int) -> str | None:
    return None if text is None else text[:length]


def _original(row: dict[str, object]) -> str:
    """The source row as read, without what is NULL."""
    return json.dumps(
        {name: value for name, value in row.items() if value is not None and name != "__row"},
        ensure_ascii=False,
    )
