"""IN_DOUBT rows: looked up on the board until they are found, or twice proven absent after the quarantine."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from sqlalchemy import Connection

from order_sync.model.ids import ItemId, RequestId, StgId
from order_sync.model.outcomes import ErrorClass, Problem
from order_sync.model.states import RowStatus
from order_sync.model.verdicts import Verdict, proven_absent
from order_sync.steps.durably import durably_once
from order_sync.steps.groups import groups_in_doubt, park_foreign_groups, settle_groups
from order_sync.steps.job import Job, Work
from order_sync.steps.look_up import (
    KEYS,
    SizesOnBoard,
    adopt_found_sizes,
    adopt_orders,
    find_keys,
    our_creators,
    pick,
    read_parents,
    scan_for,
    sizes_on_board,
    subitems_by_key,
    surplus_items,
    tell_adopted,
)
from order_sync.store.leases import Lease
from order_sync.store.ledger.claims import moved, requests_of_one, settle_rows
from order_sync.store.ledger.doubts import note_absent_once
from order_sync.store.ledger.failures import log_failures
from order_sync.store.ledger.groups import GroupRow
from order_sync.store.ledger.orphans import note_surplus
from order_sync.store.ledger.queue import orders_in_doubt, sizes_in_doubt
from order_sync.store.ledger.rows import RowTable, StagedOrder, StagedRow, StagedSize, item_rows, subitem_rows
from order_sync.store.transactions import Transaction

_APPLY = Transaction("settle.apply")


def settle(job: Job, work: Work) -> None:
    """One look at everything of this batch that is in doubt. Finding is proof at any time; not finding only later."""
    with job.store.reading() as conn:
        orders = orders_in_doubt(conn, job.store.tables, work.batch)
        sizes = sizes_in_doubt(conn, job.store.tables, work.batch)
    groups = groups_in_doubt(job)
    if not orders and not sizes and not groups:
        return
    job.wait_for_breaker()
    with job.board_lease() as board, job.turn():
        if groups:
            park_foreign_groups(job, board)
            settle_groups(job, work, board)
        for start in range(0, len(orders), KEYS):
            _settle_orders(job, work, board, orders[start : start + KEYS])
        _settle_sizes(job, work, board, sizes)
    with job.store.reading() as conn:
        left = [
            *orders_in_doubt(conn, job.store.tables, work.batch),
            *sizes_in_doubt(conn, job.store.tables, work.batch),
        ]
    still = {row.request_id for row in left}
    for request in {row.request_id for row in (*orders, *sizes)} - still:
        if request is not None:
            job.quiet.over(RequestId(request))
    job.events.emit("doubt.looked_at", rows=len(orders) + len(sizes), left=len(left))


def next_look(job: Job, work: Work) -> timedelta | None:
    """How long until looking again can bring something new; None when nothing is in doubt."""
    with job.store.reading() as conn:
        rows: list[StagedRow] = [
            *orders_in_doubt(conn, job.store.tables, work.batch),
            *sizes_in_doubt(conn, job.store.tables, work.batch),
        ]
    waits = [_until_next(job, row) for row in rows]
    waits += [_until_next(job, row) for row in groups_in_doubt(job)]
    return min(waits, default=None)


def _until_next(job: Job, row: StagedRow | GroupRow) -> timedelta:
    """The early polls, then the quarantine, then the second proof; a look that proved nothing is repeated as often as
    the second proof takes."""
    times = job.settings.times
    age = job.quiet.age(_request(row))
    if not row.absent_proofs:
        looks = [*(poll for poll in times.polls if poll < times.quarantine), times.quarantine]
        early = next((look - age for look in looks if look > age), None)
        if early is not None:
            return early
        age -= times.quarantine
    pause = max(times.of("second_proof"), timedelta(milliseconds=1))
    return pause - age % pause


def _request(row: StagedRow | GroupRow) -> RequestId:
    return RequestId(row.request_id or "")


def _settle_orders(job: Job, work: Work, board: Lease, orders: Sequence[StagedOrder]) -> None:
    keys = [order.sync_key for order in orders]
    # The second proof comes by another path than the first: the whole board instead of the filter.
    second = [order.sync_key for order in orders if order.absent_proofs]
    found = find_keys(job, keys, anew=True)
    if second:
        job.view.forget_scan()
        for key, items in scan_for(job, second).items():
            found.setdefault(key, items)
    ours = our_creators(job)
    hits = {order.id: found[order.sync_key] for order in orders if found.get(order.sync_key)}
    picked = {key: pick(items, ours) for key, items in hits.items()}
    adopted = {key: item for key, item in picked.items() if item is not None}
    sizes = sizes_on_board(job, adopted)
    surplus = surplus_items(hits, adopted)

    def adopt_all(conn: Connection) -> None:
        adopt_orders(job, conn, work, orders, adopted, sizes)
        note_surplus(conn, job.store.tables, job.board_id, surplus, "same key on the board", job.clock.now())

    absent = [order for order in orders if order.id not in adopted]
    _apply(job, work, board, item_rows(job.store.tables), orders, absent, len(adopted), adopt_all)
    tell_adopted(job, sizes)


def _settle_sizes(job: Job, work: Work, board: Lease, sizes: Sequence[StagedSize]) -> None:
    """Through their parents: the subitem board itself cannot be searched."""
    parents = read_parents(job, sorted({size.parent_item_id for size in sizes if size.parent_item_id is not None}))
    on_board = {parent: subitems_by_key(read.subitems) for parent, read in parents.items() if read.state == "active"}
    found = _found_sizes(sizes, on_board)
    gone = [
        size
        for size in sizes
        if size.parent_item_id in parents and size.parent_item_id not in on_board and _quarantined(job, size)
    ]
    absent = [size for size in sizes if size.parent_item_id in on_board and size.id not in found]
    rows = subitem_rows(job.store.tables)
    lost = {size.id: _parent_gone(size) for size in gone}

    def adopt_all(conn: Connection) -> None:
        adopt_found_sizes(job, conn, work, SizesOnBoard(list(sizes), found))
        settle_rows(conn, job.store.tables, rows, RowStatus.IN_DOUBT, lost, None, job.clock.now())
        log_failures(conn, job.store.tables, rows, lost, None, job.clock.now())

    _apply(job, work, board, rows, sizes, absent, len(found), adopt_all)


def _found_sizes(sizes: Sequence[StagedSize], on_board: Mapping[ItemId, Mapping[str, ItemId]]) -> dict[StgId, ItemId]:
    found = {}
    for size in sizes:
        there = on_board.get(size.parent_item_id, {}) if size.parent_item_id is not None else {}
        item = there.get(size.sync_key) or there.get(size.name)
        if item is not None:
            found[size.id] = item
    return found


def _quarantined(job: Job, row: StagedRow) -> bool:
    return job.quiet.age(_request(row)) >= job.settings.times.quarantine


def _parent_gone(size: StagedSize) -> Verdict:
    text = f"item {size.parent_item_id}, to which this size belongs, was archived or deleted on the board"
    problem = Problem(ErrorClass.REJECTED_ROW, text)
    return Verdict(RowStatus.API_FAILED, None, problem, size.retry_count, size.doubts, given_up=True, log=True)


def _apply(
    job: Job,
    work: Work,
    board: Lease,
    rows: RowTable,
    looked_for: Sequence[StagedRow],
    absent: Sequence[StagedRow],
    found: int,
    adopt_all: Callable[[Connection], None],
) -> None:
    """Adopt what was found; advance the proofs of what was not, all in one transaction."""
    first = [row for row in absent if not row.absent_proofs and _quarantined(job, row)]
    again = job.settings.times.of("second_proof")
    second = [row for row in absent if row.absent_proofs and job.quiet.age(_request(row)) >= again]
    with job.store.reading() as conn:
        alone = requests_of_one(conn, job.store.tables, [row.request_id for row in second if row.request_id])
    verdicts = {row.id: _proven_absent(job, row, row.request_id in alone) for row in second}
    now = job.clock.now()

    def write(conn: Connection) -> None:
        adopt_all(conn)
        if first:
            note_absent_once(conn, rows, [row.id for row in first])
        settle_rows(conn, job.store.tables, rows, RowStatus.IN_DOUBT, verdicts, None, now)
        log_failures(conn, job.store.tables, rows, verdicts, None, now)

    durably_once(job, _APPLY, (work.lease, board), write, lambda conn, _: moved(conn, rows, looked_for))
    for row in first:
        job.quiet.restart(_request(row))
    if found:
        job.events.emit(f"{rows.kind}.found", count=found)
    if verdicts:
        job.events.emit(f"{rows.kind}.absent", count=len(verdicts))


def _proven_absent(job: Job, row: StagedRow, alone: bool) -> Verdict:
    kind = ErrorClass(row.error_class) if row.error_class else ErrorClass.AMBIGUOUS
    what = "answered 500 and" if kind is ErrorClass.SERVER_ERROR else "gave no certain answer and"
    status = 500 if kind is ErrorClass.SERVER_ERROR else None
    problem = Problem(kind, f"the server {what} made nothing each time: it does not take this row", None, status)
    return proven_absent(
        kind,
        problem,
        alone=alone,
        retry_count=row.retry_count,
        doubts=row.doubts,
        max_retries=job.settings.sending.max_retries,
        now=job.clock.now(),
    )
