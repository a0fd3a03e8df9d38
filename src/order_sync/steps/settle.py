"""IN_DOUBT rows: looked up on the board until they are found, or twice proven absent after the quarantine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from order_sync.model.ids import ItemId, RequestId, StgId
from order_sync.model.outcomes import ErrorClass, Problem
from order_sync.model.states import RowStatus
from order_sync.model.verdicts import Verdict, proven_absent
from order_sync.steps.groups import groups_in_doubt, park_foreign_groups, settle_groups
from order_sync.steps.job import Job, Work
from order_sync.steps.look_up import (
    KEYS,
    adopt_sizes,
    find_keys,
    our_creators,
    pick,
    scan_for,
    subitems_by_parent,
)
from order_sync.store.leases import Lease
from order_sync.store.ledger.claims import settle_rows
from order_sync.store.ledger.doubts import adopt, note_absent_once
from order_sync.store.ledger.failures import log_failures, resolve_failures
from order_sync.store.ledger.groups import GroupRow
from order_sync.store.ledger.queue import orders_in_doubt, sizes_in_doubt
from order_sync.store.ledger.rows import RowTable, StagedOrder, StagedRow, StagedSize, item_rows, subitem_rows


def settle(job: Job, work: Work) -> None:
    """One look at everything of this batch that is in doubt. Finding is proof at any time; not finding only later."""
    with job.store.reading() as conn:
        orders = orders_in_doubt(conn, job.store.tables, work.batch)
        sizes = sizes_in_doubt(conn, job.store.tables, work.batch)
    groups = groups_in_doubt(job)
    if not orders and not sizes and not groups:
        return
    with job.board_lease() as board:
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
    picked = {order.id: pick(found.get(order.sync_key, []), ours) for order in orders}
    adopted = {key: item for key, item in picked.items() if item is not None}
    _apply(job, work, board, item_rows(job.store.tables), orders, adopted)
    if adopted:
        adopt_sizes(job, work, board, [order for order in orders if order.id in adopted], adopted)


def _settle_sizes(job: Job, work: Work, board: Lease, sizes: Sequence[StagedSize]) -> None:
    """Through their parents: the subitem board itself cannot be searched."""
    parents = sorted({size.parent_item_id for size in sizes if size.parent_item_id is not None})
    on_board = subitems_by_parent(job, parents)
    adopted: dict[StgId, ItemId] = {}
    certain = []
    for size in sizes:
        there = on_board.get(size.parent_item_id) if size.parent_item_id is not None else None
        if there is None:
            continue
        certain.append(size)
        item = there.get(size.sync_key) or there.get(size.name)
        if item is not None:
            adopted[size.id] = item
    _apply(job, work, board, subitem_rows(job.store.tables), certain, adopted)


def _apply(
    job: Job,
    work: Work,
    board: Lease,
    rows: RowTable,
    looked_at: Sequence[StagedRow],
    adopted: Mapping[StgId, ItemId],
) -> None:
    """Adopt what was found; advance the proofs of what was not."""
    times = job.settings.times
    absent = [row for row in looked_at if row.id not in adopted]
    first = [
        row for row in absent if not row.absent_proofs and job.quiet.age(_request(row)) >= times.quarantine
    ]
    second = [
        row
        for row in absent
        if row.absent_proofs and job.quiet.age(_request(row)) >= times.of("second_proof")
    ]
    verdicts = {row.id: _proven_absent(job, row) for row in second}
    now = job.clock.now()
    with job.store.writing(work.lease, board) as conn:
        adopt(conn, job.store.tables, rows, adopted, looked_at, now)
        resolve_failures(conn, rows, work.batch, list(adopted), "order-sync settle", now)
        if first:
            note_absent_once(conn, rows, [row.id for row in first])
        settle_rows(conn, job.store.tables, rows, RowStatus.IN_DOUBT, verdicts, None, now)
        log_failures(conn, job.store.tables, rows, verdicts, None, now)
    for row in first:
        job.quiet.restart(_request(row))
    if adopted:
        job.events.emit(f"{rows.kind}.found", count=len(adopted))
    if verdicts:
        job.events.emit(f"{rows.kind}.absent", count=len(verdicts))


def _proven_absent(job: Job, row: StagedRow) -> Verdict:
    kind = ErrorClass(row.error_class) if row.error_class else None
    problem = Problem(
        ErrorClass.SERVER_ERROR,
        "the server answered 500 every time and made nothing: it will not take this row",
        None,
        500,
    )
    return proven_absent(kind, problem, row.retry_count, row.doubts, job.clock.now())
