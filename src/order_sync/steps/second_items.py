"""Whether a second item of a key may be archived: what was read of it, and what is recorded, decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from order_sync.model.ids import ColumnId, ItemId, SyncKey
from order_sync.monday.board import FullItem
from order_sync.monday.shown import Sent, differences, only_here, sent_row
from order_sync.monday.values import READ_ONLY
from order_sync.steps.job import Job
from order_sync.steps.look_up import our_creators
from order_sync.store.ledger.identities import recorded_items
from order_sync.store.ledger.orphans import Live, Orphan, Resolution, live_items, sent_bodies

Verdict = tuple[Resolution | None, str | None]  # what becomes of an item, and why; None: to be looked at again


@dataclass(frozen=True, slots=True)
class Known:
    """Everything that a verdict on some orphans of one kind looks at."""

    recorded: dict[ItemId, SyncKey]  # orphans that turn out to be the recorded item of a key
    live: dict[SyncKey, Live]
    sent: dict[SyncKey, list[Sent]]
    read: dict[ItemId, FullItem]
    ours: set[str]
    types: dict[str, str]  # of the board's columns


def known_of(job: Job, part: Sequence[Orphan]) -> Known:
    tables, keys = job.store.tables, [orphan.key for orphan in part if orphan.key is not None]
    with job.store.reading() as conn:
        live = live_items(conn, tables, job.board_id, keys)
        recorded = recorded_items(conn, tables, [orphan.item_id for orphan in part])
        bodies = sent_bodies(conn, tables, keys)
    subitems = part[0].kind == "subitem"
    description = job.view.describe()
    columns = description.subitem_columns if subitems else description.columns
    key_column = job.mapping.subitems.sync_key if subitems else job.mapping.board.sync_key
    ours = our_creators(job)
    ids = sorted({*(orphan.item_id for orphan in part), *(each.item_id for each in live.values())})
    sent = {key: [row for alias, body in each if (row := sent_row(body, alias))] for key, each in bodies.items()}
    return Known(
        recorded,
        live,
        sent,
        job.board.full_items(ids, ColumnId(key_column) if key_column else None),
        ours,
        {str(column.id): column.type for column in columns},
    )


def settled(orphan: Orphan, known: Known) -> Verdict | None:
    """What is decided without a call; None: to be archived, or nothing is recorded for its key yet."""
    if orphan.item_id in known.recorded:
        return Resolution.RECORDED, None
    if orphan.key is None:
        return Resolution.LEFT, "which order it was made for is not recorded"
    item = known.read.get(orphan.item_id)
    if item is None:
        return Resolution.LEFT, "the board tells nothing of it any more"
    if not item.item.active:
        by_us = orphan.resolution is Resolution.ARCHIVING
        return (Resolution.ARCHIVED if by_us else Resolution.GONE), None
    live = known.live.get(orphan.key)
    if live is None:
        return None
    why = _not_ours_to_take(orphan.key, item, known.read.get(live.item_id), live, known)
    return None if why is None else (Resolution.LEFT, why)


def _not_ours_to_take(key: SyncKey, item: FullItem, recorded: FullItem | None, live: Live, known: Known) -> str | None:
    """Why a second item stays where it is; None where it may be archived."""
    if recorded is None or not recorded.item.active:
        return (
            f"item {live.item_id}, which is recorded for its key, is not active on the board: decide which one to keep"
        )
    if recorded.item.key != key:
        return f"item {live.item_id}, which is recorded for its key, does not carry it on the board"
    if item.item.key != key:
        return "it does not carry the key any more"
    if item.item.creator_id is None or item.item.creator_id not in known.ours:
        return f"it was made by user {item.item.creator_id or 'unknown'}, not by us"
    if any(size.active for size in item.subitems):
        return "it has subitems"
    return _edited(key, item, recorded, known)


def _edited(key: SyncKey, item: FullItem, recorded: FullItem, known: Known) -> str | None:
    """Whether a person has had a hand in it: it must show what we sent, and nothing that would be lost with it."""
    shown = {each: text for each, text in recorded.item.values.items() if known.types.get(each) not in READ_ONLY}
    sent = known.sent.get(key) or [Sent(recorded.item.name, shown)]  # its body may have been purged
    unlike = min((differences(row, item.item) for row in sent), key=len)
    if unlike:
        return f"it differs from what was sent in {', '.join(unlike)}"
    columns = {column for row in sent for column in row.values}
    more = [column for column in only_here(item.item, recorded.item, known.types) if column not in columns]
    return f"it shows in {', '.join(more)} what the recorded item does not" if more else None
