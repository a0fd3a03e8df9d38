"""Rows that are not staged because something in them needs a person; and every value problem that was found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl
from sqlalchemy import Connection, bindparam, insert, select, update

from order_sync.model.ids import BatchId
from order_sync.store.base import one_of
from order_sync.store.bulk import load
from order_sync.store.tables import Tables


@dataclass(frozen=True, slots=True)
class HeldOrder:
    """One key (or, where the key is NULL, one fingerprint) held for one cause."""

    order_key: str | None
    fingerprint: str | None
    cause: str
    message: str
    source_rows: int
    customer: str | None
    order_number: str | None
    item_name: str | None
    group_name: str | None
    original: str

    @property
    def identity(self) -> tuple[str | None, str | None, str]:
        return self.order_key, None if self.order_key is not None else self.fingerprint, self.cause


def refresh_held(
    conn: Connection,
    tables: Tables,
    held: Sequence[HeldOrder],
    *,
    unexamined: set[str],
    by: str,
    now: datetime,
) -> tuple[int, int]:
    """Bring the unresolved entries in line with what this run found: new ones inserted, known ones updated, those no
    longer found resolved. `unexamined`: order keys that this run did not look into, e.g. of other customers; their
    entries stay as they are. Returns (open, resolved)."""
    errors = tables.errors
    wanted = {each.identity: each for each in held}
    open_ = {
        (
            row.err_order_key,
            None if row.err_order_key is not None else row.err_fingerprint,
            row.error_type,
        ): row.err_id
        for row in conn.execute(
            select(errors.c.err_id, errors.c.err_order_key, errors.c.err_fingerprint, errors.c.error_type).where(
                errors.c.resolved_date.is_(None), errors.c.err_source_rows.is_not(None)
            )
        )
    }
    fresh = [each for identity, each in wanted.items() if identity not in open_]
    known = [(open_[identity], each) for identity, each in wanted.items() if identity in open_]
    gone = [key for identity, key in open_.items() if identity not in wanted and identity[0] not in unexamined]
    if fresh:
        conn.execute(insert(errors), [_entry(each, now) for each in fresh])
    if known:
        _update(conn, tables, known, now)
    if gone:
        conn.execute(
            update(errors).where(one_of(conn, errors.c.err_id, gone)).values(resolved_date=now, resolved_by=by)
        )
    return len(wanted), len(gone)


def _entry(each: HeldOrder, now: datetime) -> dict[str, Any]:
    return {
        "customer_batch": each.customer,
        "order_number": each.order_number,
        "item_name": each.item_name,
        "group_name": each.group_name,
        "error_type": each.cause,
        "error_message": each.message,
        "original_data": each.original,
        "err_order_key": each.order_key,
        "err_fingerprint": each.fingerprint,
        "err_source_rows": each.source_rows,
        "err_severity": "error",
        "created_date": now,
    }


def _update(conn: Connection, tables: Tables, known: Sequence[tuple[int, HeldOrder]], now: datetime) -> None:
    errors = tables.errors
    conn.execute(
        update(errors)
        .where(errors.c.err_id == bindparam("b_id"))
        .where(
            (errors.c.err_fingerprint != bindparam("b_print"))
            | (errors.c.err_source_rows != bindparam("b_rows"))
            | (errors.c.error_message != bindparam("b_message"))
        )
        .values(
            {
                errors.c.error_message: bindparam("b_message"),
                errors.c.err_source_rows: bindparam("b_rows"),
                errors.c.err_fingerprint: bindparam("b_print"),
                errors.c.original_data: bindparam("b_original"),
                errors.c.last_retry_date: now,
            }
        ),
        [
            {
                "b_id": key,
                "b_message": each.message,
                "b_rows": each.source_rows,
                "b_print": each.fingerprint,
                "b_original": each.original,
            }
            for key, each in known
        ],
    )


def load_issues(conn: Connection, tables: Tables, issues: pl.DataFrame, batch: BatchId, now: datetime) -> None:
    """Keep every warning of the rows of a batch: columns of MON_Issue without batch and date."""
    if issues.height:
        load(
            conn,
            tables.issues,
            issues.with_columns(batch_id=pl.lit(batch.hex), created_date=pl.lit(now)),
        )
