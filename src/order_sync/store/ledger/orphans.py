"""MON_OrphanItem: items on the board beside the recorded one of their key, and what became of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, and_, exists, insert, or_, select, update

from order_sync.model.errors import LostLease
from order_sync.model.ids import BoardId, ItemId, SyncKey
from order_sync.model.outcomes import InDoubt
from order_sync.store.base import one_of
from order_sync.store.ledger.calls import Intent, record_call
from order_sync.store.ledger.rows import Kind
from order_sync.store.tables import Tables


class Resolution(StrEnum):
    """MON_OrphanItem.resolution; NULL: not looked at yet."""

    ARCHIVING = "ARCHIVING"  # the intent to archive it is recorded
    ARCHIVED = "ARCHIVED"  # by us
    RECORDED = "RECORDED"  # it is the recorded item itself
    GONE = "GONE"  # somebody else removed it
    LEFT = "LEFT"  # for a person; `finding` says why


_OPEN = (Resolution.ARCHIVING, Resolution.LEFT)


@dataclass(frozen=True, slots=True)
class Orphan:
    """One item. `key` is None where only its request is known, and that is not recorded."""

    id: int
    item_id: ItemId
    kind: Kind
    key: SyncKey | None
    resolution: Resolution | None
    finding: str | None


@dataclass(frozen=True, slots=True)
class Live:
    """The recorded item of a key, and for a size that of its order."""

    item_id: ItemId
    parent_item_id: ItemId | None


def open_orphans(conn: Connection, tables: Tables, board: BoardId, *, left: bool) -> list[Orphan]:
    """One for each item that is not settled; with `left` also those that were left for a person."""
    orphans = tables.orphans
    wanted = [orphans.c.resolution.is_(None), orphans.c.resolution == Resolution.ARCHIVING]
    if left:
        wanted.append(orphans.c.resolution == Resolution.LEFT)
    query = select(orphans).where(orphans.c.board == board, or_(*wanted)).order_by(orphans.c.orphan_id)
    found: dict[int, Orphan] = {}
    for row in conn.execute(query):
        found.setdefault(row.item_id, _orphan(row))
    return list(found.values())


def _orphan(row: Any) -> Orphan:
    return Orphan(
        row.orphan_id,
        ItemId(row.item_id),
        "subitem" if row.kind == "subitem" else "item",
        None if row.sync_key is None else SyncKey(row.sync_key),
        None if row.resolution is None else Resolution(row.resolution),
        row.finding,
    )


def note_surplus(
    conn: Connection,
    tables: Tables,
    board: BoardId,
    surplus: Sequence[tuple[ItemId, SyncKey]],
    reason: str,
    now: datetime,
    kind: Kind = "item",
) -> int:
    """Items that carry a key of ours beside the recorded one: kept for the sweeper or a person. Returns how many of
    them were not known as such."""
    if not surplus:
        return 0
    orphans = tables.orphans
    open_ = or_(orphans.c.resolution.is_(None), orphans.c.resolution.in_(_OPEN))
    items = [item for item, _ in surplus]
    query = select(orphans.c.item_id).where(orphans.c.board == board, open_, one_of(conn, orphans.c.item_id, items))
    known = set(conn.execute(query).scalars())
    fresh = {item: key for item, key in surplus if item not in known}
    if fresh:
        about = {"board": board, "kind": kind, "reason": reason, "created_date": now}
        conn.execute(insert(orphans), [{**about, "item_id": item, "sync_key": key} for item, key in fresh.items()])
    return len(fresh)


def live_items(conn: Connection, tables: Tables, board: BoardId, keys: Iterable[SyncKey]) -> dict[SyncKey, Live]:
    """key -> the recorded item."""
    identity, parent = tables.identity, tables.identity.alias()
    query = (
        select(identity.c.sync_key, identity.c.live_item_id, parent.c.live_item_id)
        .join_from(identity, parent, identity.c.parent_sync_id == parent.c.sync_id, isouter=True)
        .where(one_of(conn, identity.c.sync_key, sorted(set(keys))), identity.c.board == board)
        .where(identity.c.live_item_id.is_not(None))
    )
    return {SyncKey(key): Live(ItemId(item), above) for key, item, above in conn.execute(query)}


def sent_twice(
    conn: Connection, tables: Tables, board: BoardId, since: datetime
) -> tuple[list[SyncKey], list[SyncKey]]:
    """Keys of orders and of sizes that were sent again after a call whose fate was not known: only these can turn up a
    second time by themselves."""
    calls, rows, results, again = tables.calls, tables.call_rows, tables.call_results, tables.call_rows.alias()
    answered = exists().where(results.c.request_id == calls.c.request_id)
    doubtful = exists().where(results.c.request_id == calls.c.request_id, results.c["class"].contains(InDoubt.__name__))
    resent = exists().where(again.c.sync_key == rows.c.sync_key, again.c.request_id != rows.c.request_id)
    query = (
        select(rows.c.kind, rows.c.sync_key)
        .join_from(calls, rows, calls.c.request_id == rows.c.request_id)
        .where(calls.c.created_at >= since, calls.c.board == board, rows.c.kind.in_(["item", "subitem"]))
        .where(rows.c.sync_key.is_not(None), or_(~answered, doubtful), resent)
        .distinct()
        .order_by(rows.c.sync_key)
    )
    found = conn.execute(query).all()
    return [SyncKey(key) for kind, key in found if kind == "item"], [
        SyncKey(key) for kind, key in found if kind == "subitem"
    ]


def sent_bodies(conn: Connection, tables: Tables, keys: Sequence[SyncKey]) -> dict[SyncKey, list[tuple[str, str]]]:
    """key -> (alias, body) of each call that was to make it and whose body is still kept."""
    calls, rows, bodies = tables.calls, tables.call_rows, tables.call_bodies
    query = (
        select(rows.c.sync_key, rows.c.alias, bodies.c.body)
        .join_from(rows, calls, rows.c.request_id == calls.c.request_id)
        .join(bodies, bodies.c.sha256 == calls.c.body_sha256)
        .where(one_of(conn, rows.c.sync_key, sorted(set(keys))), calls.c.op.in_(["create_items", "create_subitems"]))
    )
    found: dict[SyncKey, list[tuple[str, str]]] = {}
    for key, alias, body in conn.execute(query):
        found.setdefault(SyncKey(key), []).append((alias, body))
    return found


def intend_archive(conn: Connection, tables: Tables, orphans: Sequence[Orphan], intent: Intent, now: datetime) -> None:
    """T1 of an archive. LostLease when one of the items has become the recorded one of any key, or when no other item
    is recorded for its key: the recorded item is never touched."""
    table, identity = tables.orphans, tables.identity
    is_recorded = exists().where(identity.c.live_item_id == table.c.item_id)
    other = exists().where(
        identity.c.sync_key == table.c.sync_key,
        identity.c.live_item_id.is_not(None),
        identity.c.live_item_id != table.c.item_id,
    )
    claimed = conn.execute(
        update(table)
        .where(one_of(conn, table.c.orphan_id, [orphan.id for orphan in orphans]))
        .where(or_(table.c.resolution.is_(None), table.c.resolution.in_(_OPEN)), and_(~is_recorded, other))
        .values(resolution=Resolution.ARCHIVING, archive_request_id=intent.request_id, finding=None)
        .returning(table.c.orphan_id)
    ).all()
    if len(claimed) != len(orphans):
        raise LostLease("items that were to be archived are no longer surplus", where=table.name)
    keys = {orphan.id: orphan.key for orphan in orphans if orphan.key is not None}
    record_call(conn, tables, intent, "orphan", keys, now)


def resolve(
    conn: Connection,
    tables: Tables,
    board: BoardId,
    verdicts: Mapping[ItemId, tuple[Resolution | None, str | None]],
    now: datetime,
) -> None:
    """What became of these items, for every entry that is open for them. None: to be looked at again."""
    orphans = tables.orphans
    for item, (resolution, finding) in verdicts.items():
        settled = resolution is not None and resolution not in _OPEN
        conn.execute(
            update(orphans)
            .where(orphans.c.board == board, orphans.c.item_id == item)
            .where(or_(orphans.c.resolution.is_(None), orphans.c.resolution.in_(_OPEN)))
            .values(resolution=resolution, finding=finding, resolved_date=now if settled else None)
        )
