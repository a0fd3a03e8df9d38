"""MON_SyncIdentity: the sync key of each order and size, assigned once, then only looked up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, select

from order_sync.model.ids import BoardId, ItemId, OrderKey, SyncKey
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
