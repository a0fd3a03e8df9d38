"""A staged order and a staged size, as records and as tables: the protocol treats both alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Column, ColumnElement, Table, and_, false, or_

from order_sync.model.ids import GroupId, ItemId, OrderKey, StgId, SyncKey
from order_sync.model.states import Op, RowStatus
from order_sync.store.tables import Tables

Kind = Literal["item", "subitem"]


@dataclass(frozen=True, slots=True)
class RowTable:
    """The names under which a kind of row keeps what both kinds have."""

    kind: Kind
    table: Table
    errors: Table
    key: Column[Any]
    item_id: Column[Any]
    error_link: Column[Any]


def item_rows(tables: Tables) -> RowTable:
    staging, errors = tables.staging, tables.errors
    return RowTable("item", staging, errors, staging.c.stg_id, staging.c.stg_monday_item_id, errors.c.original_stg_id)


def subitem_rows(tables: Tables) -> RowTable:
    staging, errors = tables.staging_subitems, tables.errors_subitems
    return RowTable(
        "subitem",
        staging,
        errors,
        staging.c.stg_subitem_id,
        staging.c.stg_monday_subitem_id,
        errors.c.original_stg_subitem_id,
    )


@dataclass(frozen=True, slots=True)
class StagedRow:
    """What sending and settling need to know of a row of either kind."""

    id: StgId
    sync_key: SyncKey
    order_key: OrderKey
    name: str
    payload: str
    create_labels: bool
    status: RowStatus
    attempt: int
    doubts: int
    retry_count: int
    request_id: str | None
    error_class: str | None
    absent_proofs: int
    item_id: ItemId | None


@dataclass(frozen=True, slots=True)
class StagedOrder(StagedRow):
    """An order line: becomes an item in a group."""

    group: str
    looked_up: bool
    group_id: GroupId | None = None


@dataclass(frozen=True, slots=True)
class StagedSize(StagedRow):
    """A size of an order line: becomes a subitem. `parent_item_id` is None until the parent is certain."""

    parent_id: StgId
    parent_item_id: ItemId | None


def sendable(table: Table, now: datetime | ColumnElement[Any]) -> ColumnElement[bool]:
    """PENDING, or API_FAILED with tries left; and due."""
    due = or_(table.c.stg_next_attempt_at.is_(None), table.c.stg_next_attempt_at <= now)
    failed = and_(table.c.stg_status == RowStatus.API_FAILED, table.c.stg_max_retries_reached == false())
    return and_(table.c.stg_op == Op.CREATE, due, or_(table.c.stg_status == RowStatus.PENDING, failed))


def base_columns(rows: RowTable) -> list[ColumnElement[Any]]:
    """The columns of StagedRow, without the name."""
    c = rows.table.c
    return [
        rows.key.label("id"),
        c.stg_sync_key,
        c.stg_order_key,
        c.stg_payload,
        c.stg_create_labels,
        c.stg_status,
        c.stg_attempt,
        c.stg_doubts,
        c.stg_retry_count,
        c.stg_request_id,
        c.stg_error_class,
        c.stg_absent_proofs,
        rows.item_id.label("item_id"),
    ]


def base_fields(row: Any) -> dict[str, Any]:
    """A result row of `base_columns` as the fields of StagedRow, without the name."""
    return {
        "id": StgId(row.id),
        "sync_key": SyncKey(row.stg_sync_key),
        "order_key": OrderKey(row.stg_order_key),
        "payload": row.stg_payload,
        "create_labels": bool(row.stg_create_labels),
        "status": RowStatus(row.stg_status),
        "attempt": row.stg_attempt,
        "doubts": row.stg_doubts,
        "retry_count": row.stg_retry_count,
        "request_id": row.stg_request_id,
        "error_class": row.stg_error_class,
        "absent_proofs": row.stg_absent_proofs,
        "item_id": None if row.item_id is None else ItemId(row.item_id),
    }
