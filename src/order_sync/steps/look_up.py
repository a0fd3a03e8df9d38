"""Look before create: a key that is on the board already is adopted, whoever's database forgot it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from order_sync.model.errors import BoardUnavailable, ForeignItems
from order_sync.model.ids import ColumnId, ItemId, StgId, SyncKey
from order_sync.model.outcomes import ErrorClass, Problem
from order_sync.model.states import RowStatus
from order_sync.model.verdicts import Verdict
from order_sync.monday.board import BoardItem, Parent
from order_sync.steps.durably import durably, durably_once
from order_sync.steps.job import Job, Work
from order_sync.store.leases import Lease
from order_sync.store.ledger.boards import CLEAN, board_decision, decide
from order_sync.store.ledger.claims import moved, settle_rows
from order_sync.store.ledger.doubts import adopt, are_looked_up, forget_look_ups, note_looked_up
from order_sync.store.ledger.failures import log_failures, resolve_failures
from order_sync.store.ledger.identities import creators, live_item, order_identities, recorded_items
from order_sync.store.ledger.orphans import note_surplus
from order_sync.store.ledger.queue import not_looked_up, orders_with_unsent_sizes, sizes_of
from order_sync.store.ledger.rows import StagedOrder, StagedSize, item_rows, subitem_rows
from order_sync.store.transactions import Transaction

_ADOPT = Transaction("look_up.adopt")
_FORGET = Transaction("look_up.forget")
_AGAIN = Transaction("look_up.again")
_FIRST_RUN = Transaction("look_up.first_run")

KEYS = 99  # and one control make the hundred that a filter takes
CONTROLS = 3  # recorded items tried before the whole board is read


def look_up(job: Job, work: Work, board: Lease) -> int:
    """Look for the next orders whose key was not looked for in this run; adopt what is there, with its sizes, in one
    transaction. Returns how many orders were looked at."""
    with job.store.reading() as conn:
        orders = not_looked_up(conn, job.store.tables, work.batch, job.clock.now(), KEYS)
    if not orders:
        return 0
    found = find_keys(job, [order.sync_key for order in orders])
    ours = our_creators(job)
    hits = {order.id: found[order.sync_key] for order in orders if found.get(order.sync_key)}
    mine = {key: pick(items, ours) for key, items in hits.items()}
    adopted = {key: item for key, item in mine.items() if item is not None}
    reasons = {key: _copied(items[0]) for key, items in hits.items() if key not in adopted}
    reasons |= _gone(job, [order for order in orders if order.id not in hits])
    sizes = sizes_on_board(job, adopted)
    ids = [order.id for order in orders]

    def write(conn: Connection) -> None:
        note_looked_up(conn, job.store.tables, ids)
        adopt_orders(job, conn, work, orders, adopted, sizes)
        surplus = surplus_items(hits, adopted)
        note_surplus(conn, job.store.tables, job.board_id, surplus, "same key on the board", job.clock.now())
        _refuse(job, conn, orders, reasons)

    durably_once(job, _ADOPT, (work.lease, board), write, lambda conn, _: are_looked_up(conn, job.store.tables, ids))
    if adopted:
        job.events.emit("item.adopted", count=len(adopted))
    tell_adopted(job, sizes)
    return len(orders)


def look_again(job: Job, work: Work) -> None:
    """A batch that an earlier run began: what that run did not find on the board may be there by now, and this database
    may have been restored from before it was made. So keys are looked for anew, and sizes that were not known to be
    made are read through their parents."""
    durably(job, _FORGET, (work.lease,), lambda conn: forget_look_ups(conn, job.store.tables, work.batch))
    with job.store.reading() as conn:
        orders = orders_with_unsent_sizes(conn, job.store.tables, work.batch)
    items = {order.id: order.item_id for order in orders if order.item_id is not None}
    if not items:
        return
    sizes = sizes_on_board(job, items, missing_parents=True)
    if not sizes.found:
        return
    rows, found = subitem_rows(job.store.tables), [size for size in sizes.staged if size.id in sizes.found]
    with job.board_lease() as board:
        durably_once(
            job,
            _AGAIN,
            (work.lease, board),
            lambda conn: adopt_found_sizes(job, conn, work, sizes),
            lambda conn, _: moved(conn, rows, found),
        )
    tell_adopted(job, sizes)


def tell_adopted(job: Job, sizes: SizesOnBoard) -> None:
    if sizes.found:
        job.events.emit("subitem.adopted", count=len(sizes.found))


def find_keys(job: Job, keys: Sequence[SyncKey], *, anew: bool = False) -> dict[SyncKey, list[BoardItem]]:
    """key -> items that carry it. Absence counts only beside a control item that the same request found; where no item
    is recorded yet, after a full scan whose count agrees with the board's own. `anew`: an earlier scan does not do."""
    column = ColumnId(job.mapping.board.sync_key)
    tried: list[ItemId] = []
    for _ in range(CONTROLS):
        with job.store.reading() as conn:
            control = live_item(conn, job.store.tables, job.board_id, tried)
        if control is None:
            break
        item, key = control
        lookup = job.board.find_by_key(column, keys, item, key)
        if lookup.control_ok:
            return lookup.found
        tried.append(item)
    if anew or tried:
        job.view.forget_scan()
    return scan_for(job, keys)


def scan_for(job: Job, keys: Sequence[SyncKey]) -> dict[SyncKey, list[BoardItem]]:
    """The same by reading the whole board."""
    everything = job.view.scan()
    read = sum(len(items) for items in everything.values()) + len(job.view.foreign)
    count = job.view.describe().items_count
    if count is not None and read < count:
        # A person may have removed items between the count and the scan.
        count = job.view.describe_again().items_count
    if count is None or read < count:
        raise BoardUnavailable(
            f"the board counts {'nobody knows how many' if count is None else count} items and {read} could be read, "
            "so nothing on it is known to be absent",
            where=f"board {job.board_id}",
            next_step="run again; nothing was created on a guess",
        )
    with job.store.reading() as conn:
        blank = recorded_items(conn, job.store.tables, [item.id for item in job.view.foreign])
    if blank:
        raise BoardUnavailable(
            f"{len(blank)} items that we made were read without their key, so a key that is not found proves nothing",
            where=f"board {job.board_id}, column {job.mapping.board.sync_key}, e.g. item {min(blank)}",
            next_step="make the sync-key column visible to this token and restore its values, then run again",
        )
    return {key: everything[key] for key in keys if key in everything}


def our_creators(job: Job) -> set[str]:
    """Users whose keyed items are ours: of this token, of every earlier call, and those that the settings name."""
    with job.store.reading() as conn:
        known = creators(conn, job.store.tables)
    return {str(job.view.me().user_id), *known, *job.settings.monday.known_creators}


def pick(items: Sequence[BoardItem], ours: set[str]) -> ItemId | None:
    """The lowest id among those that we made; a person's copy of an item carries its key too and is not ours."""
    return min((item.id for item in items if item.creator_id is None or str(item.creator_id) in ours), default=None)


def surplus_items(hits: dict[StgId, list[BoardItem]], adopted: dict[StgId, ItemId]) -> list[tuple[ItemId, SyncKey]]:
    return [
        (item.id, item.key)
        for key, items in hits.items()
        for item in items
        if key in adopted and item.id != adopted[key] and item.key is not None
    ]


def _copied(item: BoardItem) -> str:
    return (
        f"item {item.id} on the board carries this order's key but was made by user {item.creator_id}: "
        "name that user in monday.known_creators to adopt it, or clear its key"
    )


def _gone(job: Job, orders: Sequence[StagedOrder]) -> dict[StgId, str]:
    """Orders that had an item once which is not on the board any more: never made again in silence."""
    keys = [order.order_key for order in orders]
    with job.store.reading() as conn:
        known = order_identities(conn, job.store.tables, keys)
    items = {order.id: known[order.order_key][2] for order in orders if order.order_key in known}
    return {
        key: f"item {item} was made for this order and is no longer on the board: a person archived or deleted it"
        for key, item in items.items()
        if item is not None
    }


def _refuse(job: Job, conn: Connection, orders: Sequence[StagedOrder], reasons: dict[StgId, str]) -> None:
    """A person has to decide: we neither adopt nor make a second one."""
    refused = [order for order in orders if order.id in reasons]
    verdicts = {
        order.id: Verdict(
            RowStatus.API_FAILED,
            None,
            Problem(ErrorClass.REJECTED_ROW, reasons[order.id]),
            order.retry_count,
            order.doubts,
            given_up=True,
            log=True,
        )
        for order in refused
    }
    rows = item_rows(job.store.tables)
    for was in {order.status for order in refused}:
        these = {order.id: verdicts[order.id] for order in refused if order.status is was}
        settle_rows(conn, job.store.tables, rows, was, these, None, job.clock.now())
    log_failures(conn, job.store.tables, rows, verdicts, None, job.clock.now())


@dataclass(frozen=True, slots=True)
class SizesOnBoard:
    """Staged sizes of some orders, and which of them their parents turned out to have."""

    staged: list[StagedSize]
    found: dict[StgId, ItemId]


def sizes_on_board(job: Job, items: dict[StgId, ItemId], *, missing_parents: bool = False) -> SizesOnBoard:
    """Read through their parents before anything is written. BoardUnavailable when a parent is not read as active: then
    nothing is known of its sizes; with `missing_parents` such a parent is passed over."""
    with job.store.reading() as conn:
        staged = sizes_of(conn, job.store.tables, list(items))
    on_board = subitems_by_parent(job, sorted(set(items.values())))
    unread = sorted(set(items.values()) - on_board.keys())
    if unread and not missing_parents:
        raise BoardUnavailable(
            f"{len(unread)} items were found by their key but not read by their id, so their sizes are not known",
            where=f"board {job.board_id}, e.g. item {unread[0]}",
            next_step="run again; nothing was created on a guess",
        )
    found = {}
    for size in staged:
        there = on_board.get(items[size.parent_id], {})
        matching = there.get(size.sync_key) or there.get(size.name)
        if matching is not None and size.status in _ADOPTABLE:
            found[size.id] = matching
    return SizesOnBoard(staged, found)


_ADOPTABLE = (RowStatus.BLOCKED, RowStatus.PENDING, RowStatus.API_FAILED, RowStatus.IN_DOUBT)


def adopt_orders(
    job: Job,
    conn: Connection,
    work: Work,
    orders: Sequence[StagedOrder],
    adopted: Mapping[StgId, ItemId],
    sizes: SizesOnBoard,
) -> None:
    """Orders and the sizes that they have on the board, together: an order adopted without its sizes would have them
    made once more."""
    rows = item_rows(job.store.tables)
    adopt(conn, job.store.tables, rows, adopted, orders, job.clock.now())
    resolve_failures(conn, rows, work.batch, list(adopted), "found on the board", job.clock.now())
    # Adopting the order has freed its blocked sizes in this very transaction.
    freed = [
        replace(size, status=RowStatus.PENDING) if size.status is RowStatus.BLOCKED else size for size in sizes.staged
    ]
    adopt_found_sizes(job, conn, work, SizesOnBoard(freed, sizes.found))


def adopt_found_sizes(job: Job, conn: Connection, work: Work, sizes: SizesOnBoard) -> None:
    rows = subitem_rows(job.store.tables)
    adopt(conn, job.store.tables, rows, sizes.found, sizes.staged, job.clock.now())
    resolve_failures(conn, rows, work.batch, list(sizes.found), "found on the board", job.clock.now())


def subitems_by_parent(job: Job, parents: Sequence[ItemId]) -> dict[ItemId, dict[str, ItemId]]:
    """Active parent -> (sync key, or the name where the board has no key column) -> subitem. A parent that is not read
    as active is left out: nothing is known of its sizes."""
    return {
        parent: subitems_by_key(read.subitems)
        for parent, read in read_parents(job, parents).items()
        if read.state == "active"
    }


def read_parents(job: Job, parents: Sequence[ItemId]) -> dict[ItemId, Parent]:
    """Items by id with their subitems, whatever their state; 100 a call."""
    column = job.mapping.subitems.sync_key
    found: dict[ItemId, Parent] = {}
    for start in range(0, len(parents), 100):
        part = parents[start : start + 100]
        found |= job.board.subitems_of(part, ColumnId(column) if column else None)
    return found


def subitems_by_key(subitems: Sequence[BoardItem]) -> dict[str, ItemId]:
    by_key: dict[str, ItemId] = {}
    for item in sorted(subitems, key=lambda each: each.id):
        by_key.setdefault(item.key or item.name, item.id)
    return by_key


def guard_first_run(job: Job) -> None:
    """Refuse to create on a board that holds items without our key until somebody said what they are; asked once."""
    # Who we are is asked here, so that no send deadline pays for the question.
    job.view.me()
    with job.store.reading() as conn:
        decision = board_decision(conn, job.store.tables, job.board_id)
    if decision is not None:
        return
    foreign = 0
    if job.view.describe().items_count != 0:
        job.view.scan()
        foreign = len(job.view.foreign)
    if foreign:
        raise ForeignItems(
            f"the board holds {foreign} items without our key; orders created beside them could double what they are",
            where=f"board {job.board_id}, e.g. item {job.view.foreign[0].id} {job.view.foreign[0].name!r}",
            next_step="if they are none of these orders: order-sync check --accept-foreign-items (asked once)",
        )
    durably(
        job,
        _FIRST_RUN,
        (),
        lambda conn: decide(conn, job.store.tables, job.board_id, CLEAN, 0, "order-sync run", job.clock.now()),
    )
