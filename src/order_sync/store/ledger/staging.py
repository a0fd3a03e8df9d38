"""Loading staged rows in bulk, and what becomes of an order that is staged already when its source has changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import polars as pl
from sqlalchemy import ColumnElement, Connection, Table, bindparam, delete, or_, select, update

from order_sync.model.ids import BatchId, OrderKey, StgId
from order_sync.model.states import OPEN, RowStatus
from order_sync.store.base import one_of
from order_sync.store.bulk import load
from order_sync.store.tables import Tables


def open_orders(conn: Connection, tables: Tables) -> pl.DataFrame:
    """stg_id, order_key, status, source_hash, payload_hash, batch_id (text), given_up of every open staged order.

    Rows from before us have no key: they would pass for orders that have gone from the source, and be cancelled.
    """
    c = tables.staging.c
    query = select(
        c.stg_id,
        c.stg_order_key,
        c.stg_status,
        c.stg_source_hash,
        c.stg_payload_hash,
        c.stg_batch_id,
        c.stg_customer_batch,
        c.stg_max_retries_reached,
    ).where(c.stg_status.in_([status.value for status in OPEN]), c.stg_order_key.is_not(None))
    rows = [(*row[:5], str(row[5]), *row[6:]) for row in conn.execute(query)]
    schema = {
        "stg_id": pl.Int64,
        "order_key": pl.String,
        "status": pl.String,
        "source_hash": pl.String,
        "payload_hash": pl.String,
        "batch_id": pl.String,
        "customer": pl.String,
        "given_up": pl.Boolean,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def promoted_keys(conn: Connection, tables: Tables, keys: Sequence[OrderKey]) -> set[OrderKey]:
    """Which of these orders the snapshot holds by now."""
    snapshot = tables.snapshot
    query = select(snapshot.c.order_key).where(one_of(conn, snapshot.c.order_key, keys))
    return {OrderKey(key) for key in conn.execute(query).scalars()}


def load_identities(conn: Connection, tables: Tables, identities: pl.DataFrame) -> None:
    """Columns as in MON_SyncIdentity; keys that have an identity must have been left out."""
    load(conn, tables.identity, identities)


def load_orders(conn: Connection, tables: Tables, orders: pl.DataFrame) -> pl.DataFrame:
    """Bulk load; returns stg_sync_key -> stg_id of what was loaded."""
    load(conn, tables.staging, orders)
    c = tables.staging.c
    query = select(c.stg_sync_key, c.stg_id).where(
        one_of(conn, c.stg_sync_key, orders["stg_sync_key"].to_list()),
        c.stg_status.in_([status.value for status in OPEN]),
    )
    rows = [tuple(row) for row in conn.execute(query)]
    return pl.DataFrame(rows, schema={"stg_sync_key": pl.String, "stg_id": pl.Int64}, orient="row")


def load_sizes(conn: Connection, tables: Tables, sizes: pl.DataFrame) -> None:
    """Bulk load; `stg_parent_stg_id` must be filled."""
    load(conn, tables.staging_subitems, sizes)


def take_new_version(conn: Connection, tables: Tables, rows: Iterable[dict[str, Any]]) -> None:
    """Staged orders that were certainly never applied take a new version in place, keeping id, batch and sync key.
    Each row: {"stg_id", "reset": attempts start anew, column: value ..}. Their sizes are removed, to be loaded
    again."""
    staging, sizes = tables.staging, tables.staging_subitems
    for row in rows:
        values = {name: value for name, value in row.items() if name not in ("stg_id", "reset")}
        if row["reset"]:
            values |= {
                "stg_retry_count": 0,
                "stg_doubts": 0,
                "stg_max_retries_reached": False,
                "stg_next_attempt_at": None,
                "stg_status": RowStatus.PENDING,
            }
        unsent = staging.c.stg_status.in_([RowStatus.PENDING, RowStatus.API_FAILED])
        conn.execute(delete(sizes).where(sizes.c.stg_parent_stg_id == row["stg_id"]))
        conn.execute(update(staging).where(staging.c.stg_id == row["stg_id"], unsent).values(values))


UNSENT = (RowStatus.PENDING, RowStatus.API_FAILED, RowStatus.BLOCKED)


def staged_sizes(conn: Connection, tables: Tables, parents: Sequence[StgId]) -> list[Any]:
    """(stg_subitem_id, stg_parent_stg_id, stg_size_label, stg_order_qty_numeric, stg_status) of these orders."""
    c = tables.staging_subitems.c
    query = select(
        c.stg_subitem_id, c.stg_parent_stg_id, c.stg_size_label, c.stg_order_qty_numeric, c.stg_status
    ).where(one_of(conn, c.stg_parent_stg_id, parents))
    return list(conn.execute(query))


def change_unsent_sizes(conn: Connection, tables: Tables, changed: Sequence[dict[str, Any]]) -> None:
    """New quantity and payload for sizes that were never applied: b_id, b_quantity, b_payload, b_hash."""
    sizes = tables.staging_subitems
    if changed:
        # No IN: its list of parameters cannot be expanded for many rows at once.
        unsent = or_(*(sizes.c.stg_status == status for status in UNSENT))
        conn.execute(
            update(sizes)
            .where(sizes.c.stg_subitem_id == bindparam("b_id"), unsent)
            .values(
                {
                    sizes.c.stg_order_qty_numeric: bindparam("b_quantity"),
                    sizes.c.stg_payload: bindparam("b_payload"),
                    sizes.c.stg_payload_hash: bindparam("b_hash"),
                    sizes.c.stg_status: RowStatus.PENDING,
                    sizes.c.stg_retry_count: 0,
                    sizes.c.stg_max_retries_reached: False,
                    sizes.c.stg_next_attempt_at: None,
                }
            ),
            list(changed),
        )


def cancel_unsent_sizes(conn: Connection, tables: Tables, ids: Sequence[StgId]) -> None:
    """Sizes that the corrected source no longer has, and that were never applied."""
    sizes = tables.staging_subitems
    conn.execute(
        update(sizes)
        .where(one_of(conn, sizes.c.stg_subitem_id, ids), sizes.c.stg_status.in_(UNSENT))
        .values(stg_status=RowStatus.CANCELLED)
    )


# The payload hash of an order that was sent in parts of two versions: no real hash is ever equal to it.
PARTLY_SENT = "0" * 64


def mark_partly_sent(conn: Connection, tables: Tables, versions: Mapping[StgId, str]) -> None:
    """The item is of an older version than its sizes by now; detection will call the order CHANGED once it is promoted.
    `versions`: the fingerprint that the sizes are of."""
    staging = tables.staging
    conn.execute(
        update(staging)
        .where(staging.c.stg_id == bindparam("b_id"))
        .values({staging.c.stg_source_hash: bindparam("b_hash"), staging.c.stg_payload_hash: PARTLY_SENT}),
        [{"b_id": key, "b_hash": fingerprint} for key, fingerprint in versions.items()],
    )


_NEVER_APPLIED = (RowStatus.PENDING, RowStatus.API_FAILED)


def any_unsent(conn: Connection, tables: Tables, orders: Sequence[StgId]) -> bool:
    """Whether any of these orders could still be withdrawn."""
    c = tables.staging.c
    query = select(c.stg_id).where(one_of(conn, c.stg_id, orders), c.stg_status.in_(_NEVER_APPLIED))
    return conn.execute(query).first() is not None


def withdraw_orders(conn: Connection, tables: Tables, orders: Sequence[StgId], by: str, now: datetime) -> int:
    """Never-applied orders and their sizes become CANCELLED, their open errors are closed. Returns how many orders."""
    staging, sizes = tables.staging, tables.staging_subitems
    unsent = staging.c.stg_status.in_(_NEVER_APPLIED)
    gone = conn.execute(
        update(staging)
        .where(one_of(conn, staging.c.stg_id, orders), unsent)
        .values(stg_status=RowStatus.CANCELLED, stg_processed_date=now)
        .returning(staging.c.stg_id)
    ).scalars()
    ids = list(gone)
    conn.execute(
        update(sizes)
        .where(one_of(conn, sizes.c.stg_parent_stg_id, ids), sizes.c.stg_status.in_(UNSENT))
        .values(stg_status=RowStatus.CANCELLED, stg_processed_date=now)
    )
    errors = tables.errors
    conn.execute(
        update(errors)
        .where(one_of(conn, errors.c.original_stg_id, ids), errors.c.resolved_date.is_(None))
        .values(resolved_date=now, resolved_by=by)
    )
    return len(ids)


def requeue_failed(
    conn: Connection, tables: Tables, batches: Sequence[BatchId], orders: Sequence[OrderKey] | None
) -> int:
    """Given-up rows of these batches (or only of these orders) are due again with all their tries. Returns rows."""
    total = 0
    for table in (tables.staging, tables.staging_subitems):
        total += conn.execute(
            update(table)
            .where(*_failed(conn, table, batches, orders))
            .values(
                stg_status=RowStatus.PENDING,
                stg_max_retries_reached=False,
                stg_retry_count=0,
                stg_next_attempt_at=None,
                stg_looked_up=False,
            )
        ).rowcount
    return total


def any_failed(conn: Connection, tables: Tables, batches: Sequence[BatchId], orders: Sequence[OrderKey] | None) -> bool:
    """Whether there is anything to requeue."""
    return any(
        conn.execute(select(table.c.stg_batch_id).where(*_failed(conn, table, batches, orders))).first() is not None
        for table in (tables.staging, tables.staging_subitems)
    )


def _failed(
    conn: Connection, table: Table, batches: Sequence[BatchId], orders: Sequence[OrderKey] | None
) -> list[ColumnElement[bool]]:
    c = table.c
    mine = [one_of(conn, c.stg_batch_id, batches), c.stg_status == RowStatus.API_FAILED]
    return mine if orders is None else [*mine, one_of(conn, c.stg_order_key, orders)]
