"""The board against the ledger and production: every recorded item, every item with a key of ours; changes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from order_sync.model.ids import ColumnId, ItemId, SyncKey
from order_sync.monday.board import BoardItem
from order_sync.reports.chain import check_chain
from order_sync.reports.verification import Comparison, Disagreement, Discrepancy, Verification
from order_sync.steps.job import Job
from order_sync.steps.look_up import read_parents
from order_sync.store.ledger.identities import Recorded, all_recorded, production_items
from order_sync.store.ledger.orphans import open_orphans

_AT_ONCE = 100  # ids a question


@dataclass(frozen=True)
class Verified:
    """The report, and the second items that a sweep would look at: orders', and sizes'."""

    report: Verification
    items: list[tuple[ItemId, SyncKey]]
    sizes: list[tuple[ItemId, SyncKey]]


@dataclass(frozen=True, slots=True)
class _Kind:
    """Orders or sizes: what is recorded, and what the board shows."""

    name: str
    key_column: ColumnId | None
    recorded: list[Recorded]
    shown: list[BoardItem]
    in_production: list[int]


def verify(job: Job) -> Verified:
    """Record first, then the board, then what is recorded: an item that is made meanwhile is recorded when we ask."""
    with job.store.reading() as conn:
        chain = check_chain(conn, job.store.tables)
    column = ColumnId(job.mapping.board.sync_key)
    items = [item for item in job.board.scan(column) if item.key]
    shown_sizes = _sizes(job, items)
    with job.store.reading() as conn:
        recorded = all_recorded(conn, job.store.tables, job.board_id)
        production = production_items(conn, job.store.tables, _size_column(job))
        why = {each.item_id: each.finding for each in open_orphans(conn, job.store.tables, job.board_id, left=True)}
    size_key = job.mapping.subitems.sync_key
    orders = _Kind("order", column, [each for each in recorded if not each.is_size], items, production[0])
    sizes = _Kind(
        "size",
        ColumnId(size_key) if size_key else None,
        [each for each in recorded if each.is_size],
        shown_sizes,
        production[1],
    )
    findings: list[Discrepancy] = []
    notes: list[str] = []
    for kind in (orders, sizes):
        findings += [*_missing(job, kind), *_on_board(kind, why), *_production(kind)]
        notes += _notes(kind)
    comparison = Comparison(
        sum(each.item_id is not None for each in orders.recorded),
        sum(each.item_id is not None for each in sizes.recorded),
        len(items),
        tuple(findings),
        tuple(notes),
    )
    return Verified(Verification(chain, comparison), _second(orders), _second(sizes))


def _size_column(job: Job) -> str | None:
    return next((column.target for column in job.mapping.subitems.columns if column.role == "item_id"), None)


def _sizes(job: Job, items: Sequence[BoardItem]) -> list[BoardItem]:
    """Of the items that are the recorded ones: another item's sizes are its own matter."""
    with job.store.reading() as conn:
        recorded = all_recorded(conn, job.store.tables, job.board_id)
    live = {each.item_id for each in recorded if not each.is_size}
    parents = read_parents(job, sorted(item.id for item in items if item.id in live))
    return [size for parent in parents.values() for size in parent.subitems if size.active]


def _missing(job: Job, kind: _Kind) -> Iterator[Discrepancy]:
    """Recorded items that the board does not show with their key, asked for once more by id: lists lag behind."""
    shown = {item.id: item for item in kind.shown}
    recorded = {each.item_id: each for each in kind.recorded if each.item_id is not None}
    suspects = [item for item, each in recorded.items() if not _as_recorded(shown.get(item), each, kind)]
    for start in range(0, len(suspects), _AT_ONCE):
        part = suspects[start : start + _AT_ONCE]
        read = {item.id: item for item in job.board.items_by_id(part, kind.key_column)}
        findings = (_unlike(recorded[item], read.get(item), kind) for item in part)
        yield from (finding for finding in findings if finding is not None)


def _as_recorded(item: BoardItem | None, recorded: Recorded, kind: _Kind) -> bool:
    return item is not None and item.active and (kind.key_column is None or item.key == recorded.key)


def _unlike(recorded: Recorded, item: BoardItem | None, kind: _Kind) -> Discrepancy | None:
    if _as_recorded(item, recorded, kind):
        return None
    if item is None:
        which, what = Disagreement.NOT_SHOWN, "is recorded, and the board tells nothing of it"
    elif not item.active:
        which, what = Disagreement.GONE, f"{item.name!r} is recorded, and {item.state} on the board"
    else:
        shows = f"the key {item.key}" if item.key else "no key"
        which, what = Disagreement.KEY, f"{item.name!r} is recorded with another key than the board shows: {shows}"
    return _discrepancy(which, kind, recorded.item_id, recorded.key, what)


def _on_board(kind: _Kind, why: Mapping[ItemId, str | None]) -> Iterator[Discrepancy]:
    """Items with a key that are not the recorded ones."""
    by_key = {each.key: each for each in kind.recorded}
    for item in kind.shown:
        recorded = by_key.get(item.key) if item.key else None
        if item.key is None or (recorded is not None and recorded.item_id == item.id):
            continue
        if recorded is None:
            which, what = Disagreement.UNKNOWN_KEY, f"{item.name!r} carries a key that this database never gave"
        elif recorded.item_id is None:
            if recorded.is_open:
                continue
            which, what = Disagreement.UNRECORDED, f"{item.name!r} carries our key, and no item is recorded for it"
        else:
            which = Disagreement.SECOND
            reason = why.get(item.id)
            what = f"{item.name!r} carries the key of item {recorded.item_id}" + (f": {reason}" if reason else "")
        yield _discrepancy(which, kind, item.id, item.key, what)


def _second(kind: _Kind) -> list[tuple[ItemId, SyncKey]]:
    live = {each.key: each.item_id for each in kind.recorded if each.item_id is not None}
    return [(item.id, item.key) for item in kind.shown if item.key in live and item.key and live[item.key] != item.id]


def _production(kind: _Kind) -> Iterator[Discrepancy]:
    counted, keys = Counter(kind.in_production), {item.id: item.key for item in kind.shown}
    for each in kind.recorded:
        if each.promoted and each.item_id is not None and each.item_id not in counted:
            what = "was promoted, and production has no row of it"
            yield _discrepancy(Disagreement.NOT_IN_PRODUCTION, kind, each.item_id, each.key, what)
    for item, times in counted.items():
        if times > 1:
            what = f"stands {times} times in production"
            yield _discrepancy(Disagreement.TWICE_IN_PRODUCTION, kind, ItemId(item), None, what)
    recorded = {each.item_id for each in kind.recorded}
    for item in counted.keys() - recorded:
        if keys.get(ItemId(item)):
            what = "is in production and on the board with a key, and is not recorded"
            yield _discrepancy(Disagreement.PRODUCTION_ONLY, kind, ItemId(item), keys[ItemId(item)], what)


def _notes(kind: _Kind) -> Iterator[str]:
    way = sum(each.is_open for each in kind.recorded)
    if way:
        yield f"{kind.name}s on their way: {way}; what the board shows of them is not judged"
    recorded = {each.item_id for each in kind.recorded}
    others = {item for item in kind.in_production if item not in recorded} - {
        item.id for item in kind.shown if item.key
    }
    if others:
        yield f"{kind.name}s in production that this database did not make: {len(others)}, e.g. item {min(others)}"


def _discrepancy(which: Disagreement, kind: _Kind, item: ItemId | None, key: SyncKey | None, what: str) -> Discrepancy:
    return Discrepancy(which, kind.name, f"item {item} {what}", item, key)
