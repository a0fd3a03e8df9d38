"""MON_SyncIdentity: the sync key of each order and size, assigned once, then only looked up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, case, exists, or_, select

from order_sync.model.ids import BoardId, ItemId, OrderKey, SyncKey
from order_sync.model.states import RowStatus
from order_sync.store.base import one_of
from order_sync.store.tables import Tables


def order_identities(
    conn: Connection, tables: Tables, keys: Sequence[OrderKey]
) -> dict[OrderKey, tuple[int, SyncKey, int | None, str | None]]:
    """order_key -> (sync_id, sync_key, live item, state) of the newest generation."""
    identity = tables.identity
    query = (
        select(
            identity.c.order_key,
            identity.c.sync_id,
            identity.c.sync_key,
            identity.c.live_item_id,
            identity.c.state,
        )
        .where(one_of(conn, identity.c.order_key, keys), identity.c.size_label.is_(None))
        .order_by(identity.c.generation)
    )
    return {
        OrderKey(row.order_key): (row.sync_id, SyncKey(row.sync_key), row.live_item_id, row.state)
        for row in conn.execute(query)
    }


def size_identities(conn: Connection, tables: Tables, keys: Sequence[OrderKey]) -> dict[tuple[OrderKey, str], SyncKey]:
    """(order_key, size label) -> sync_key."""
    identity = tables.identity
    query = (
        select(identity.c.order_key, identity.c.size_label, identity.c.sync_key)
        .where(one_of(conn, identity.c.order_key, keys), identity.c.size_label.is_not(None))
        .order_by(identity.c.generation)
    )
    return {(OrderKey(key), label): SyncKey(sync) for key, label, sync in conn.execute(query)}


def live_item(
    conn: Connection, tables: Tables, board: BoardId, without: Sequence[ItemId] = ()
) -> tuple[ItemId, SyncKey] | None:
    """A recorded live item of the board with its key: the positive control of a look-up. The oldest first, since the
    newest may not be visible yet; then the newest, since the oldest may have been archived; and so on."""
    identity = tables.identity
    order = identity.c.sync_id.desc() if len(without) % 2 else identity.c.sync_id
    query: Any = (
        select(identity.c.live_item_id, identity.c.sync_key)
        .where(
            identity.c.board == board,
            identity.c.live_item_id.is_not(None),
            identity.c.size_label.is_(None),
        )
        .order_by(order)
    )
    if without:
        query = query.where(identity.c.live_item_id.not_in(list(without)))
    found = conn.execute(query.limit(1)).first()
    return None if found is None else (ItemId(found.live_item_id), SyncKey(found.sync_key))


def recorded_items(conn: Connection, tables: Tables, items: Sequence[ItemId]) -> dict[ItemId, SyncKey]:
    """item -> sync key, of those items that the ledger knows."""
    identity = tables.identity
    query = select(identity.c.live_item_id, identity.c.sync_key).where(one_of(conn, identity.c.live_item_id, items))
    return {ItemId(item): SyncKey(key) for item, key in conn.execute(query)}


def creators(conn: Connection, tables: Tables) -> set[str]:
    """The monday users under whose token this database ever called."""
    query = select(tables.calls.c.api_user_id).where(tables.calls.c.api_user_id.is_not(None)).distinct()
    return {str(user) for (user,) in conn.execute(query)}


@dataclass(frozen=True, slots=True)
class Recorded:
    """A key of ours. `is_open`: a row on its way says that the item may still change."""

    key: SyncKey
    is_size: bool
    item_id: ItemId | None
    parent_item_id: ItemId | None
    promoted: bool
    is_open: bool


def all_recorded(conn: Connection, tables: Tables, board: BoardId) -> list[Recorded]:
    """Every key that was given for this board."""
    identity, parent = tables.identity, tables.identity.alias()
    on_their_way = [_on_its_way(table, identity) for table in (tables.staging, tables.staging_subitems)]
    query = (
        select(
            identity.c.sync_key,
            identity.c.size_label,
            identity.c.live_item_id,
            parent.c.live_item_id,
            identity.c.state,
            # SQL Server has no value that is true: a condition cannot be selected.
            case((or_(*on_their_way), 1), else_=0),
        )
        .join_from(identity, parent, identity.c.parent_sync_id == parent.c.sync_id, isouter=True)
        .where(identity.c.board == board)
        .order_by(identity.c.sync_id)
    )
    return [
        Recorded(SyncKey(key), size is not None, item, above, state == "PROMOTED", bool(way))
        for key, size, item, above, state, way in conn.execute(query)
    ]


def _on_its_way(table: Table, identity: Table) -> ColumnElement[bool]:
    waiting = (RowStatus.PENDING, RowStatus.SENDING, RowStatus.IN_DOUBT, RowStatus.API_FAILED, RowStatus.BLOCKED)
    return exists().where(table.c.stg_sync_key == identity.c.sync_key, table.c.stg_status.in_(waiting))


def production_items(conn: Connection, tables: Tables, size_column: str | None) -> tuple[list[int], list[int]]:
    """The item ids in the two production tables, as often as they stand there; `size_column` has those of sizes."""
    found = []
    order_column = tables.roles.get("item_id")
    for table, name in ((tables.production, order_column), (tables.production_subitems, size_column)):
        ids: Sequence[Any] = [] if name is None else conn.execute(select(table.c[name])).scalars().all()
        # Text in tables that were made long ago, and whatever old scripts have left there.
        found.append([int(each) for each in ids if str(each).strip().isdigit()])
    return found[0], found[1]
