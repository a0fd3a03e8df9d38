"""The ERR_ tables: one entry per failure with its cause, status, payload and original row; closed when it is over."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Column, Connection, Update, bindparam, func, insert, select, true, update

from order_sync.model.ids import BatchId, RequestId, StgId
from order_sync.model.verdicts import Verdict
from order_sync.store.base import STATEMENTS, id_list, listed, one_of
from order_sync.store.ledger.rows import RowTable
from order_sync.store.tables import Tables


def log_failures(
    conn: Connection,
    tables: Tables,
    rows: RowTable,
    verdicts: Mapping[StgId, Verdict],
    request_id: RequestId | None,
    now: datetime,
) -> None:
    """One ERR_ row for each verdict that is to be logged, with what was sent and what it was made from."""
    logged = {key: each for key, each in verdicts.items() if each.log and each.problem is not None}
    if not logged:
        return
    read = _originals if rows.kind == "item" else _size_originals
    entries = []
    for key, original in read(conn, tables, list(logged)):
        each = logged[key]
        problem = each.problem
        assert problem is not None  # noqa: S101 - filtered above
        entries.append(
            {
                **original,
                "error_type": problem.error_class.value,
                "error_message": problem.message,
                "http_status_code": problem.http_status,
                "retry_count": each.retry_count,
                "max_retries_reached": each.given_up,
                "created_date": now,
                "last_retry_date": now if each.retry_count else None,
                "err_request_id": request_id,
                "err_severity": "warning" if each.item_id is not None else "error",
            }
        )
    conn.execute(insert(rows.errors), entries)


def _originals(conn: Connection, tables: Tables, ids: Sequence[StgId]) -> list[tuple[StgId, dict[str, Any]]]:
    c = tables.staging.c
    query = select(
        c.stg_id,
        c.stg_batch_id,
        c.stg_customer_batch,
        c[tables.roles["order_number"]].label("order_number"),
        c[tables.roles["title"]].label("item_name"),
        c[tables.roles["group"]].label("group_name"),
        c.stg_payload,
        c.stg_source_row,
        c.stg_order_key,
        c.stg_sync_key,
    ).where(one_of(conn, c.stg_id, ids))
    return [
        (
            StgId(row.stg_id),
            {
                "original_stg_id": row.stg_id,
                "item_name": row.item_name,
                "group_name": row.group_name,
                **_shared(row),
            },
        )
        for row in conn.execute(query)
    ]


def _size_originals(conn: Connection, tables: Tables, ids: Sequence[StgId]) -> list[tuple[StgId, dict[str, Any]]]:
    c, orders = tables.staging_subitems.c, tables.staging.c
    query = (
        select(
            c.stg_subitem_id,
            c.stg_batch_id,
            c.stg_customer_batch,
            orders[tables.roles["order_number"]].label("order_number"),
            orders.stg_monday_item_id,
            c.stg_size_label,
            c.stg_order_qty_numeric,
            c.stg_name,
            c.stg_payload,
            orders.stg_source_row,
            c.stg_order_key,
            c.stg_sync_key,
        )
        .join_from(tables.staging_subitems, tables.staging, c.stg_parent_stg_id == orders.stg_id)
        .where(one_of(conn, c.stg_subitem_id, ids))
    )
    return [
        (
            StgId(row.stg_subitem_id),
            {
                "original_stg_subitem_id": row.stg_subitem_id,
                "parent_item_id": row.stg_monday_item_id,
                "size_label": row.stg_size_label,
                "order_qty": row.stg_order_qty_numeric,
                "subitem_name": row.stg_name,
                **_shared(row),
            },
        )
        for row in conn.execute(query)
    ]


def _shared(row: Any) -> dict[str, Any]:
    return {
        "batch_id": row.stg_batch_id,
        "customer_batch": row.stg_customer_batch,
        "order_number": row.order_number,
        "api_payload": row.stg_payload,
        "original_data": row.stg_source_row,
        "err_order_key": row.stg_order_key,
        "err_sync_key": row.stg_sync_key,
    }


def resolve_failures(
    conn: Connection, rows: RowTable, batch: BatchId, ids: Sequence[StgId], by: str, now: datetime
) -> None:
    """Close the open entries of rows that made it after all."""
    if ids:
        values = {"b_batch": batch, "ids": id_list(ids), "b_now": now, "b_by": by}
        conn.execute(_resolve(rows.error_link, conn.dialect.name), values)


@lru_cache(maxsize=STATEMENTS)
def _resolve(error_link: Column[Any], dialect: str) -> Update:
    errors = error_link.table
    return (
        update(errors)
        .where(
            errors.c.batch_id == bindparam("b_batch"),
            errors.c.resolved_date.is_(None),
            errors.c.err_source_rows.is_(None),
        )
        .where(listed(dialect, error_link))
        .values(resolved_date=bindparam("b_now"), resolved_by=bindparam("b_by"))
    )


def open_errors(conn: Connection, tables: Tables, customers: Collection[str] | None = None) -> int:
    """Unresolved entries of severity error in both ERR_ tables, of these customers or of all."""
    total = 0
    for errors in (tables.errors, tables.errors_subitems):
        mine = errors.c.customer_batch.in_(sorted(customers)) if customers is not None else true()
        wanted = (errors.c.resolved_date.is_(None), errors.c.err_severity == "error", mine)
        total += conn.execute(select(func.count()).select_from(errors).where(*wanted)).scalar_one()
    return total
