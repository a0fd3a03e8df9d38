"""What is to be sent next, and what a batch still waits for. Reading only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, Connection, Select, and_, bindparam, exists, false, func, not_, or_, select, true

from order_sync.model.ids import BatchId, ItemId, StgId
from order_sync.model.states import RowStatus
from order_sync.store.base import STATEMENTS, id_list, listed, one_of
from order_sync.store.ledger.rows import (
    StagedOrder,
    StagedSize,
    base_columns,
    base_fields,
    item_rows,
    sendable,
    subitem_rows,
)
from order_sync.store.tables import Tables


def _orders(tables: Tables) -> Select[Any]:
    staging = tables.staging
    return select(
        *base_columns(item_rows(tables)),
        staging.c[tables.roles["title"]].label("title"),
        staging.c[tables.roles["group"]].label("group_title"),
        staging.c.stg_looked_up,
    )


def _order(row: Any) -> StagedOrder:
    return StagedOrder(**base_fields(row), name=row.title, group=row.group_title, looked_up=bool(row.stg_looked_up))


def _sizes(tables: Tables) -> Select[Any]:
    orders, sizes = tables.staging, tables.staging_subitems
    return select(
        *base_columns(subitem_rows(tables)),
        sizes.c.stg_name,
        sizes.c.stg_parent_stg_id,
        orders.c.stg_monday_item_id.label("parent_item_id"),
    ).join_from(sizes, orders, sizes.c.stg_parent_stg_id == orders.c.stg_id)


def _size(row: Any) -> StagedSize:
    parent = None if row.parent_item_id is None else ItemId(row.parent_item_id)
    return StagedSize(
        **base_fields(row), name=row.stg_name, parent_id=StgId(row.stg_parent_stg_id), parent_item_id=parent
    )


def next_wave(
    conn: Connection,
    tables: Tables,
    batch: BatchId,
    now: datetime,
    limit: int,
    parked_groups: Sequence[str] = (),
) -> list[StagedOrder]:
    """The next orders with something to send: their item, once its key was looked for, or sizes of an item that exists.
    In the order of staging; without those whose group has to be waited for."""
    query = _wave(tables, limit)
    if parked_groups:
        orders = tables.staging.c
        parked = and_(orders.stg_status != RowStatus.API_SUCCESS, orders[tables.roles["group"]].in_(parked_groups))
        query = query.where(not_(parked))
    return [_order(row) for row in conn.execute(query, {"batch": batch, "now": now})]


@lru_cache(maxsize=STATEMENTS)
def _wave(tables: Tables, limit: int) -> Select[Any]:
    orders, sizes = tables.staging, tables.staging_subitems
    now: BindParameter[datetime] = bindparam("now")
    open_size = exists().where(sizes.c.stg_parent_stg_id == orders.c.stg_id, sendable(sizes, now))
    ready = and_(orders.c.stg_status == RowStatus.API_SUCCESS, open_size)
    return (
        _orders(tables)
        .where(orders.c.stg_batch_id == bindparam("batch"))
        .where(or_(and_(sendable(orders, now), orders.c.stg_looked_up == true()), ready))
        .order_by(orders.c.stg_id)
        .limit(limit)
    )


def not_looked_up(conn: Connection, tables: Tables, batch: BatchId, now: datetime, limit: int) -> list[StagedOrder]:
    """The next orders whose key was never looked for on the board."""
    found = conn.execute(_not_looked_up(tables, limit), {"batch": batch, "now": now})
    return [_order(row) for row in found]


@lru_cache(maxsize=STATEMENTS)
def _not_looked_up(tables: Tables, limit: int) -> Select[Any]:
    orders = tables.staging
    return (
        _orders(tables)
        .where(orders.c.stg_batch_id == bindparam("batch"), sendable(orders, bindparam("now")))
        .where(orders.c.stg_looked_up == false())
        .order_by(orders.c.stg_id)
        .limit(limit)
    )


def group_titles(conn: Connection, tables: Tables, batch: BatchId) -> list[str]:
    """Every spelling of a group's title among the open orders of the batch."""
    title = tables.staging.c[tables.roles["group"]]
    query = select(title).where(tables.staging.c.stg_batch_id == batch).distinct()
    return [each for each in conn.execute(query).scalars() if each is not None]


def sendable_orders(conn: Connection, tables: Tables, batch: BatchId, now: datetime) -> list[StagedOrder]:
    """Every order of the batch whose item could be sent now."""
    orders = tables.staging
    query = _orders(tables).where(orders.c.stg_batch_id == batch, sendable(orders, now))
    return [_order(row) for row in conn.execute(query.order_by(orders.c.stg_id))]


def orders_with_unsent_sizes(conn: Connection, tables: Tables, batch: BatchId) -> list[StagedOrder]:
    """Orders whose item is on the board while some of their sizes were never known to be."""
    orders, sizes = tables.staging, tables.staging_subitems
    unsent = exists().where(
        sizes.c.stg_parent_stg_id == orders.c.stg_id,
        sizes.c.stg_status.in_([RowStatus.PENDING, RowStatus.API_FAILED]),
    )
    query = _orders(tables).where(orders.c.stg_batch_id == batch, orders.c.stg_status == RowStatus.API_SUCCESS, unsent)
    return [_order(row) for row in conn.execute(query.order_by(orders.c.stg_id))]


def sizes_to_send(conn: Connection, tables: Tables, parents: Sequence[StgId], now: datetime) -> list[StagedSize]:
    """The sendable sizes of these orders whose item exists, order by order, in source column order."""
    query = _sizes_to_send(tables, conn.dialect.name)
    return [_size(row) for row in conn.execute(query, {"ids": id_list(parents), "now": now})]


@lru_cache(maxsize=STATEMENTS)
def _sizes_to_send(tables: Tables, dialect: str) -> Select[Any]:
    orders, sizes = tables.staging, tables.staging_subitems
    return (
        _sizes(tables)
        .where(listed(dialect, sizes.c.stg_parent_stg_id), sendable(sizes, bindparam("now")))
        .where(orders.c.stg_status == RowStatus.API_SUCCESS)
        .order_by(sizes.c.stg_parent_stg_id, sizes.c.stg_position)
    )


def orders_in_doubt(conn: Connection, tables: Tables, batch: BatchId) -> list[StagedOrder]:
    orders = tables.staging
    query = _orders(tables).where(orders.c.stg_batch_id == batch, orders.c.stg_status == RowStatus.IN_DOUBT)
    return [_order(row) for row in conn.execute(query.order_by(orders.c.stg_id))]


def sizes_in_doubt(conn: Connection, tables: Tables, batch: BatchId) -> list[StagedSize]:
    sizes = tables.staging_subitems
    query = _sizes(tables).where(sizes.c.stg_batch_id == batch, sizes.c.stg_status == RowStatus.IN_DOUBT)
    return [_size(row) for row in conn.execute(query.order_by(sizes.c.stg_subitem_id))]


def sizes_of(conn: Connection, tables: Tables, parents: Sequence[StgId]) -> list[StagedSize]:
    """All staged sizes of these orders."""
    sizes = tables.staging_subitems
    query = _sizes(tables).where(one_of(conn, sizes.c.stg_parent_stg_id, parents))
    return [_size(row) for row in conn.execute(query)]


def next_due(conn: Connection, tables: Tables, batch: BatchId) -> datetime | None:
    """When the earliest row that waits for its time is due; None when none waits."""
    found: list[datetime] = []
    for rows in (item_rows(tables), subitem_rows(tables)):
        c = rows.table.c
        waiting = and_(
            c.stg_status.in_([RowStatus.PENDING, RowStatus.API_FAILED]), c.stg_max_retries_reached == false()
        )
        query = select(func.min(c.stg_next_attempt_at)).where(c.stg_batch_id == batch, waiting)
        due = conn.execute(query).scalar()
        if due is not None:
            found.append(due)
    return min(found, default=None)


def has_sendable(conn: Connection, tables: Tables, batch: BatchId, now: datetime) -> bool:
    """Whether something could be sent now, were the board not quiet and every group certain."""
    orders, sizes = tables.staging, tables.staging_subitems
    of_ready = and_(sizes.c.stg_parent_stg_id == orders.c.stg_id, orders.c.stg_status == RowStatus.API_SUCCESS)
    item = select(orders.c.stg_id).where(orders.c.stg_batch_id == batch, sendable(orders, now)).limit(1)
    size = (
        select(sizes.c.stg_subitem_id)
        .where(sizes.c.stg_batch_id == batch, sendable(sizes, now), exists().where(of_ready))
        .limit(1)
    )
    return conn.execute(item).first() is not None or conn.execute(size).first() is not None


def status_counts(conn: Connection, tables: Tables, batch: BatchId) -> dict[str, dict[RowStatus, int]]:
    """kind -> status -> rows, in staging and archive together; API_FAILED with tries left counts as API_FAILED too."""
    counts: dict[str, dict[RowStatus, int]] = {}
    for kind, places in (
        ("item", (tables.staging, tables.archive)),
        ("subitem", (tables.staging_subitems, tables.archive_subitems)),
    ):
        by_status: dict[RowStatus, int] = {}
        for table in places:
            query = (
                select(table.c.stg_status, func.count())
                .where(table.c.stg_batch_id == UUID(str(batch)))
                .group_by(table.c.stg_status)
            )
            for status, count in conn.execute(query):
                by_status[RowStatus(status)] = by_status.get(RowStatus(status), 0) + count
        counts[kind] = by_status
    return counts


def tries_used(conn: Connection, tables: Tables, batch: BatchId) -> int:
    """Failures of the batch's staged rows that used up a try: they grow to an end, other than the attempts."""
    total = 0
    for table in (tables.staging, tables.staging_subitems):
        query = select(func.sum(table.c.stg_retry_count)).where(table.c.stg_batch_id == batch)
        total += conn.execute(query).scalar() or 0
    return total
