"""Waves: the items of 25 orders, then all their sizes. Intent first, then one call, then one outcome for each row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import TypeVar

from sqlalchemy import Connection

from order_sync.model.errors import LostLease
from order_sync.model.ids import BoardId, GroupId, RequestId, StgId
from order_sync.model.outcomes import ErrorClass, InDoubt, Outcome, problem_class
from order_sync.model.states import BatchStatus, RowStatus
from order_sync.model.verdicts import Verdict, request_size, verdict
from order_sync.monday.board import Delivery
from order_sync.monday.documents import Call, ItemToCreate, SubitemToCreate, create_items, create_subitems
from order_sync.steps.daily import may_create
from order_sync.steps.durably import durably, durably_once
from order_sync.steps.exchange import Exchange, halt_on, wait_for_budget
from order_sync.steps.groups import ensure_groups, park_foreign_groups, parked_titles
from order_sync.steps.job import Job, Work
from order_sync.steps.look_up import look_up
from order_sync.store.leases import Lease
from order_sync.store.ledger.batches import advance
from order_sync.store.ledger.calls import Intent, record_orphans
from order_sync.store.ledger.claims import intend, mark_in_doubt, settle_rows
from order_sync.store.ledger.doubts import left_behind, silent_doubts
from order_sync.store.ledger.failures import log_failures, resolve_failures
from order_sync.store.ledger.groups import set_group, title_key
from order_sync.store.ledger.queue import has_sendable, next_wave, sizes_to_send, status_counts
from order_sync.store.ledger.rows import RowTable, StagedOrder, StagedRow, StagedSize, item_rows, subitem_rows
from order_sync.store.transactions import Transaction

_TAKE_OVER = Transaction("send.take_over")
_TAKE_OVER_BOARD = Transaction("send.take_over_board")
_INTENT = Transaction("send.intent")
_FORGET_GROUPS = Transaction("send.forget_groups")
_OUTCOME = Transaction("send.outcome")
_ORPHANS = Transaction("send.orphans")
_PROGRESS = Transaction("send.progress")

Row = TypeVar("Row", bound=StagedRow)


def send(job: Job, work: Work) -> None:
    """Send what can be sent now. Returns when nothing is due, when the board has to stay quiet until a doubt is over,
    or when the run was asked to stop. A breaker that is open is waited for."""
    while not _must_end(job):
        if not may_create(job):
            _withhold(job, work)
            break
        job.wait_for_breaker()
        with job.board_lease() as board:
            with job.turn():
                park_foreign(job, board)
                if _must_end(job):
                    break
                looked_at = look_up(job, work, board)
            wave = _next_wave(job, work)
            if not wave and not looked_at:
                break
            calls = _send_wave(job, work, board, wave) if wave else 0
        if wave and not calls and not looked_at and job.breaker.is_closed:
            break
    _mark_progress(job, work)


def _withhold(job: Job, work: Work) -> None:
    """The day's last calls are kept for doubts. Sizes of a wave that was begun are sent still: no order stays half for
    it."""
    with job.store.reading() as conn:
        if has_sendable(conn, job.store.tables, work.batch, job.clock.now()):
            job.daily.withheld = True


def _must_end(job: Job) -> bool:
    return job.stop.is_set() or job.quiet.remaining() > timedelta(0)


def _must_pause(job: Job) -> bool:
    return _must_end(job) or not job.breaker.is_closed


def take_over(job: Job, work: Work) -> None:
    """Rows of this customer that are SENDING have no sender any more: we hold the customer."""
    tables = job.store.tables
    requests: set[RequestId] = set()

    def take(conn: Connection) -> None:
        for rows in (item_rows(tables), subitem_rows(tables)):
            requests.update(mark_in_doubt(conn, rows, work.batch, None))

    durably(job, _TAKE_OVER, (work.lease,), take)
    for request in sorted(requests):
        job.quiet.doubt(request, silent=True)
    if requests:
        job.events.emit("rows.taken_over", requests=len(requests))


def park_foreign(job: Job, board: Lease) -> None:
    """Whoever gets the board and finds rows sent under an older fence may only mark them in doubt."""
    tables = job.store.tables
    with job.store.reading() as conn:
        if not left_behind(conn, tables, job.board_id, board.fence):
            return
    park_foreign_groups(job, board)
    requests: set[RequestId] = set()

    def park(conn: Connection) -> None:
        for rows in (item_rows(tables), subitem_rows(tables)):
            requests.update(mark_in_doubt(conn, rows, None, board.fence))
        # Also what another process, or an earlier run, has left in doubt: its request may still be on its way.
        requests.update(silent_doubts(conn, tables, job.board_id))

    durably(job, _TAKE_OVER_BOARD, (board,), park)
    for request in sorted(requests):
        job.quiet.doubt(request, silent=True)


def _next_wave(job: Job, work: Work) -> list[StagedOrder]:
    parked = parked_titles(job, work)
    with job.store.reading() as conn:
        limit = job.settings.sending.wave
        return next_wave(conn, job.store.tables, work.batch, job.clock.now(), limit, parked)


def _send_wave(job: Job, work: Work, board: Lease, wave: Sequence[StagedOrder]) -> int:
    """Returns how many calls were made."""
    calls = 0
    items = [order for order in wave if order.status in (RowStatus.PENDING, RowStatus.API_FAILED)]
    if items:
        with job.turn():
            groups, calls = ensure_groups(job, work, board, [order.group for order in items])
        ready = [order for order in items if order.group in groups]
        for part in _requests(job, "create_items", ready):
            if _must_pause(job) or not may_create(job):
                return calls
            call = create_items([_item(job, order, groups[order.group]) for order in part])
            calls += _exchange(job, work, board, item_rows(job.store.tables), part, call)
    return calls + _send_sizes(job, work, board, wave)


def _send_sizes(job: Job, work: Work, board: Lease, wave: Sequence[StagedOrder]) -> int:
    calls = 0
    with job.store.reading() as conn:
        sizes = sizes_to_send(conn, job.store.tables, [order.id for order in wave], job.clock.now())
    for part in _requests(job, "create_subitems", sizes):
        if _must_pause(job):
            break
        call = create_subitems(BoardId(job.mapping.board.id), [_subitem(size) for size in part])
        calls += _exchange(job, work, board, subitem_rows(job.store.tables), part, call)
    return calls


def _item(job: Job, order: StagedOrder, group: GroupId) -> ItemToCreate:
    return ItemToCreate(order.id, job.board_id, group, order.name, order.payload, order.create_labels)


def _subitem(size: StagedSize) -> SubitemToCreate:
    if size.parent_item_id is None:
        raise LostLease("a size is due although its order has no item", where=f"stg_subitem_id {size.id}")
    return SubitemToCreate(size.id, size.parent_item_id, size.name, size.payload, size.create_labels)


def _requests(job: Job, operation: str, rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Rows by request: full ones of rows that never were in doubt, then ever smaller ones of those that were."""
    sending = job.settings.sending
    limit = timedelta(seconds=sending.server_time_limit)
    left = sorted(rows, key=lambda row: min(row.doubts, 3))
    while left:
        size = request_size(left[0].doubts, sending.batch_size)
        size = min(size, job.server_time.most(operation, sending.batch_size, limit))
        part = [row for row in left[:size] if min(row.doubts, 3) == min(left[0].doubts, 3)]
        left = left[len(part) :]
        yield part


def _exchange(
    job: Job,
    work: Work,
    board: Lease,
    rows: RowTable,
    staged: Sequence[StagedRow],
    call: Call,
) -> bool:
    """T1, call, T2. False where nothing was begun."""
    if not wait_for_budget(job, call):
        return False
    exchange = Exchange.begin(job, call, suspected=any(row.doubts for row in staged))

    def store(conn: Connection, intent: Intent) -> None:
        intend(conn, job.store.tables, rows, staged, intent, job.clock.now())

    delivery = exchange.run(work, board, _INTENT, store)
    try:
        _record(job, work, board, rows, staged, exchange, delivery)
    except LostLease:
        _record_orphans(job, exchange, delivery, exchange.intent(work, board))
        raise
    if any(isinstance(outcome, InDoubt) for outcome in delivery.outcomes.values()):
        job.quiet.doubt(exchange.request_id, silent=delivery.lost)
    _forget_groups(job, work, board, staged, delivery.outcomes)
    halt_on(job, delivery.outcomes.values())
    return True


def _forget_groups(
    job: Job, work: Work, board: Lease, staged: Sequence[StagedRow], outcomes: Mapping[int, Outcome]
) -> None:
    """A group that is no longer on the board is looked up again, or made again."""
    gone = {
        row.group
        for row in staged
        if isinstance(row, StagedOrder) and problem_class(outcomes[row.id]) is ErrorClass.GROUP_GONE
    }
    if gone:
        job.view.describe_again()

        def forget(conn: Connection) -> None:
            for title in gone:
                set_group(conn, job.store.tables, job.board_id, title_key(title), RowStatus.PENDING)

        durably(job, _FORGET_GROUPS, (work.lease, board), forget)


def _record(
    job: Job,
    work: Work,
    board: Lease,
    rows: RowTable,
    staged: Sequence[StagedRow],
    exchange: Exchange,
    delivery: Delivery,
) -> None:
    """T2: every row of the request gets its own outcome, in one transaction with the answer."""
    verdicts = {row.id: _verdict(job, row, delivery.outcomes[row.id]) for row in staged}
    now = job.clock.now()
    tables = job.store.tables

    def record(conn: Connection) -> None:
        exchange.record(conn, delivery)
        settle_rows(conn, tables, rows, RowStatus.SENDING, verdicts, exchange.request_id, now)
        made = [row.id for row in staged if verdicts[row.id].status is RowStatus.API_SUCCESS]
        resolve_failures(conn, rows, work.batch, made, "order-sync run", now)
        log_failures(conn, tables, rows, verdicts, exchange.request_id, now)

    exchange.settle(work, board, _OUTCOME, record)
    done = sum(each.status is RowStatus.API_SUCCESS for each in verdicts.values())
    job.events.emit(f"{rows.kind}.created", count=done, of=len(verdicts), customer=work.customer)
    for kind, count in _other(verdicts).items():
        job.events.emit(f"{rows.kind}.{kind}", count=count)
    # A row that is tried again fails once a try, and is refused at most once.
    refused = sum(each.status is RowStatus.API_FAILED and each.given_up for each in verdicts.values())
    if refused:
        job.events.emit(f"{rows.kind}.refused", count=refused)


def _verdict(job: Job, row: StagedRow, outcome: Outcome) -> Verdict:
    return verdict(
        outcome,
        retry_count=row.retry_count,
        doubts=row.doubts,
        max_retries=job.settings.sending.max_retries,
        now=job.clock.now(),
        backoff=job.backoff(row.retry_count),
    )


def _other(verdicts: dict[StgId, Verdict]) -> dict[str, int]:
    words = {RowStatus.IN_DOUBT: "in_doubt", RowStatus.API_FAILED: "failed", RowStatus.PENDING: "put_off"}
    counts: dict[str, int] = {}
    for each in verdicts.values():
        if each.status in words:
            counts[words[each.status]] = counts.get(words[each.status], 0) + 1
    return counts


def _record_orphans(job: Job, exchange: Exchange, delivery: Delivery, intent: Intent) -> None:
    """The lease is gone: note what the call made, without touching rows that belong to somebody else now."""

    def record(conn: Connection) -> None:
        exchange.record(conn, delivery)
        reason = "the lease was lost before the answer came"
        record_orphans(conn, job.store.tables, intent, delivery.outcomes, reason, job.clock.now())

    durably_once(job, _ORPHANS, (), record, lambda conn, _: exchange.is_settled(conn))


def _mark_progress(job: Job, work: Work) -> None:
    """ITEMS_CREATED and SUBITEMS_CREATED as soon as no row of the kind is left to be sent."""
    waiting = (RowStatus.PENDING, RowStatus.SENDING, RowStatus.IN_DOUBT)

    def mark(conn: Connection) -> None:
        counts = status_counts(conn, job.store.tables, work.batch)
        if any(counts["item"].get(status) for status in waiting):
            return
        advance(conn, job.store.tables, work.batch, BatchStatus.ITEMS_CREATED, job.clock.now())
        if not any(counts["subitem"].get(status) for status in waiting):
            advance(conn, job.store.tables, work.batch, BatchStatus.SUBITEMS_CREATED, job.clock.now())

    durably(job, _PROGRESS, (work.lease,), mark)
