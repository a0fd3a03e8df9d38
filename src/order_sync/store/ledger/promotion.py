"""T3: all complete orders of a batch into the production tables, with their marks and the snapshot; and the archive."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Connection,
    Table,
    Text,
    cast,
    delete,
    exists,
    insert,
    literal,
    select,
    try_cast,
    update,
)
from sqlalchemy.types import TypeEngine

from order_sync.model.ids import BatchId, StgId
from order_sync.model.mapping import Mapping, SubitemColumn
from order_sync.model.states import SWEPT, RowStatus
from order_sync.store.base import one_of
from order_sync.store.tables import Tables

TOGETHER: Final = 200  # orders of one statement: with twenty sizes each still fewer than 5,000 rows


def complete_orders(conn: Connection, tables: Tables, batch: BatchId) -> list[StgId]:
    """Orders whose item and whose every size is on the board (or was cancelled before it was sent)."""
    orders, sizes = tables.staging, tables.staging_subitems
    unfinished = exists().where(
        sizes.c.stg_parent_stg_id == orders.c.stg_id,
        sizes.c.stg_status.not_in([RowStatus.API_SUCCESS, RowStatus.CANCELLED]),
    )
    query = select(orders.c.stg_id).where(
        orders.c.stg_batch_id == batch, orders.c.stg_status == RowStatus.API_SUCCESS, ~unfinished
    )
    return [StgId(key) for key in conn.execute(query.order_by(orders.c.stg_id)).scalars()]


def promote_orders(
    conn: Connection,
    tables: Tables,
    mapping: Mapping,
    orders: Sequence[StgId],
    encoding_version: int,
    now: datetime,
) -> None:
    """Within the caller's transaction: production rows, identity marks, snapshot, then the staged rows themselves. An
    order whose identity is promoted already is not inserted again."""
    new = _not_in_production(conn, tables, orders)
    for part in _together(new):
        mine = (one_of(conn, tables.staging.c.stg_id, part),)
        _insert_orders(conn, tables, mapping, mine, now)
        _insert_sizes(conn, tables, mapping, mine)
    for part in _together(orders):
        _move_snapshot(conn, tables, part, encoding_version, now)
        _mark(conn, tables, part, now)


def _together(orders: Sequence[StgId]) -> Iterator[Sequence[StgId]]:
    """All of it is one transaction; but a single statement that locks 5,000 rows makes SQL Server lock the table, and
    with it the rows of every other customer."""
    for at in range(0, len(orders), TOGETHER):
        yield orders[at : at + TOGETHER]


def _mark(conn: Connection, tables: Tables, orders: Sequence[StgId], now: datetime) -> None:
    staging, sizes, identity = tables.staging, tables.staging_subitems, tables.identity
    for table, mine in (
        (staging, one_of(conn, staging.c.stg_id, orders)),
        (
            sizes,
            one_of(conn, sizes.c.stg_parent_stg_id, orders) & (sizes.c.stg_status == RowStatus.API_SUCCESS),
        ),
    ):
        promoted = select(table.c.stg_sync_key).where(mine)
        conn.execute(update(identity).where(identity.c.sync_key.in_(promoted)).values(state="PROMOTED"))
        conn.execute(update(table).where(mine).values(stg_status=RowStatus.PROMOTED, stg_processed_date=now))


def _not_in_production(conn: Connection, tables: Tables, orders: Sequence[StgId]) -> list[StgId]:
    """Neither promoted by their identity nor there by their item: our tables may be younger than production."""
    staging, identity = tables.staging, tables.identity
    query = select(staging.c.stg_id).where(
        one_of(conn, staging.c.stg_id, orders),
        exists().where(identity.c.sync_key == staging.c.stg_sync_key, identity.c.state != "PROMOTED"),
    )
    if "item_id" in tables.roles:
        item = tables.production.c[tables.roles["item_id"]]
        # Text in tables that were made long ago: what is no number there is no item of ours, and no error.
        number = try_cast(item, BigInteger) if conn.dialect.name == "mssql" else cast(item, BigInteger)
        query = query.where(~exists().where(number == staging.c.stg_monday_item_id))
    return [StgId(key) for key in conn.execute(query).scalars()]


def _insert_orders(conn: Connection, tables: Tables, mapping: Mapping, new: tuple[Any, ...], now: datetime) -> None:
    """Column by column, by name: the target may have columns that we do not know, in any order."""
    staging, production = tables.staging, tables.production
    roles = {column.role: column.target for column in mapping.table_columns if column.role}
    special: dict[str, Any] = {}
    if "item_id" in roles:
        special[roles["item_id"]] = _as(staging.c.stg_monday_item_id, production.c[roles["item_id"]].type)
    if "update_date" in roles:
        special[roles["update_date"]] = literal(now.strftime("%Y-%m-%dT%H:%M:%SZ"))
    names = mapping.production_order
    query = select(*(special.get(name, staging.c[name]) for name in names)).where(*new).order_by(staging.c.stg_id)
    conn.execute(insert(production).from_select(names, query))


def _insert_sizes(conn: Connection, tables: Tables, mapping: Mapping, new: tuple[Any, ...]) -> None:
    staging, sizes, production = tables.staging, tables.staging_subitems, tables.production_subitems
    names = [column.target for column in mapping.subitems.columns]
    values = [
        _as(_size_value(column, staging, sizes), production.c[column.target].type).label(f"v{at}")
        for at, column in enumerate(mapping.subitems.columns)
    ]
    query = (
        select(*values)
        .join_from(sizes, staging, sizes.c.stg_parent_stg_id == staging.c.stg_id)
        .where(*new, sizes.c.stg_status == RowStatus.API_SUCCESS)
        .order_by(sizes.c.stg_parent_stg_id, sizes.c.stg_position)
    )
    conn.execute(insert(production).from_select(names, query))


def _size_value(column: SubitemColumn, staging: Table, sizes: Table) -> Any:
    match column.role:
        case "parent_id":
            return staging.c.stg_monday_item_id
        case "item_id":
            return sizes.c.stg_monday_subitem_id
        case "board_id":
            return sizes.c.stg_monday_subitem_board_id
        case "size":
            return sizes.c.stg_size_label
        case "quantity":
            return sizes.c.stg_order_qty_numeric
        case "constant":
            return literal(column.value)
        case _:
            return sizes.c[column.target]


def _as(value: Any, target: TypeEngine[Any]) -> Any:
    """Ids and quantities are numbers here and text in tables that were made long ago."""
    is_text = issubclass(target.python_type, str)
    is_number = getattr(value.type, "python_type", str) is int
    return cast(value, Text()) if is_text and is_number else value


def _move_snapshot(
    conn: Connection, tables: Tables, orders: Sequence[StgId], encoding_version: int, now: datetime
) -> None:
    """To the fingerprint of what was sent, not of what the source holds by now."""
    staging, snapshot, batches = tables.staging, tables.snapshot, tables.batches
    mine = one_of(conn, staging.c.stg_id, orders)
    keys = select(staging.c.stg_order_key).where(mine)
    conn.execute(delete(snapshot).where(snapshot.c.order_key.in_(keys)))
    query = select(
        staging.c.stg_order_key,
        staging.c.stg_customer_batch,
        staging.c.stg_source_hash,
        staging.c.stg_payload_hash,
        literal(encoding_version),
        staging.c.stg_batch_id,
        literal(now, snapshot.c.promoted_at.type),
        batches.c.mapping_hash,
    ).join_from(staging, batches, staging.c.stg_batch_id == batches.c.batch_id)
    query = query.where(mine)
    names = [
        "order_key",
        "customer",
        "source_hash",
        "payload_hash",
        "encoding_version",
        "batch_id",
        "promoted_at",
    ]
    names.append("mapping_hash")
    conn.execute(insert(snapshot).from_select(names, query))


def archive_promoted(conn: Connection, tables: Tables, batch: BatchId, now: datetime) -> int:
    """Move PROMOTED and CANCELLED orders and their sizes of a batch to the ARC_ tables, children first out. Returns
    orders moved."""
    staging, sizes = tables.staging, tables.staging_subitems
    done = select(staging.c.stg_id).where(staging.c.stg_batch_id == batch, staging.c.stg_status.in_(SWEPT))
    orders = [StgId(key) for key in conn.execute(done.order_by(staging.c.stg_id)).scalars()]
    for part in _together(orders):
        mine, of_mine = one_of(conn, staging.c.stg_id, part), one_of(conn, sizes.c.stg_parent_stg_id, part)
        _copy(conn, sizes, tables.archive_subitems, of_mine, now)
        _copy(conn, staging, tables.archive, mine, now)
        conn.execute(delete(sizes).where(of_mine))
        conn.execute(delete(staging).where(mine))
    return len(orders)


def _copy(conn: Connection, source: Table, archive: Table, which: Any, now: datetime) -> None:
    names = [column.name for column in source.columns]
    moment = literal(now, archive.c.arc_archived_date.type)
    query = select(*source.columns, moment).where(which)
    conn.execute(insert(archive).from_select([*names, "arc_archived_date"], query))
