"""Groups before their items: found by recorded id, then by title; made under the same protocol as items."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from order_sync.model.ids import GroupId, RequestId
from order_sync.model.outcomes import (
    GroupCreated,
    Halted,
    InDoubt,
    Outcome,
    Problem,
    Rejected,
    Retryable,
)
from order_sync.model.states import RowStatus
from order_sync.model.verdicts import Verdict
from order_sync.monday.board import BoardDescription
from order_sync.monday.documents import GroupToCreate, create_groups
from order_sync.steps.durably import durably
from order_sync.steps.exchange import Exchange, halt_on, wait_for_budget
from order_sync.steps.job import Job, Work
from order_sync.store.leases import Lease
from order_sync.store.ledger.calls import Intent, record_call
from order_sync.store.ledger.claims import settle_rows
from order_sync.store.ledger.failures import log_failures
from order_sync.store.ledger.groups import (
    GroupRow,
    groups_left_sending,
    intend_groups,
    known_groups,
    open_groups,
    remember_groups,
    set_group,
    title_key,
)
from order_sync.store.ledger.queue import group_titles, sendable_orders
from order_sync.store.ledger.rows import item_rows
from order_sync.store.transactions import Transaction

_REMEMBER = Transaction("groups.remember")
_TAKE_OVER = Transaction("groups.take_over")
_FIND = Transaction("groups.find")
_INTENT = Transaction("groups.intent")
_OUTCOME = Transaction("groups.outcome")


def ensure_groups(job: Job, work: Work, board: Lease, titles: Sequence[str]) -> tuple[dict[str, GroupId], int]:
    """title -> group id for every title that is certain now; the others are in doubt, or due later. And how many calls
    that took."""
    wanted = list(dict.fromkeys(titles))
    keys = list(dict.fromkeys(map(title_key, wanted)))
    with job.store.reading() as conn:
        known = known_groups(conn, job.store.tables, job.board_id, keys)
    certain = _certain(wanted, known)
    if len(certain) == len(wanted):
        return certain, 0

    def remember(conn: Connection) -> None:
        # Read anew: after a commit without an answer they may be there.
        there = known_groups(conn, job.store.tables, job.board_id, keys)
        remember_groups(conn, job.store.tables, job.board_id, wanted, there)

    durably(job, _REMEMBER, (work.lease, board), remember)
    _find(job, work, board, wanted)
    calls = _make(job, work, board, wanted)
    with job.store.reading() as conn:
        return _certain(wanted, known_groups(conn, job.store.tables, job.board_id, keys)), calls


def _certain(titles: Sequence[str], known: dict[str, GroupRow]) -> dict[str, GroupId]:
    found = {}
    for title in titles:
        row = known.get(title_key(title))
        if row is not None and row.status is RowStatus.API_SUCCESS and row.group_id is not None:
            found[title] = row.group_id
    return found


def groups_due_in(job: Job) -> timedelta | None:
    """How long until the first group that waits for its time may be made; None when none waits."""
    now = job.clock.now()
    with job.store.reading() as conn:
        waiting = open_groups(conn, job.store.tables, job.board_id)
    waits = [
        row.next_attempt_at - now for row in waiting if row.next_attempt_at is not None and row.next_attempt_at > now
    ]
    return min(waits, default=None)


def parked_titles(job: Job, work: Work) -> list[str]:
    """Titles of the batch, in every spelling, whose group is in doubt or not due yet: their orders wait."""
    now = job.clock.now()
    with job.store.reading() as conn:
        found = open_groups(conn, job.store.tables, job.board_id)
        waiting = {row.title_key for row in found if _waits(row, now)}
        titles = group_titles(conn, job.store.tables, work.batch) if waiting else []
    return [title for title in titles if title_key(title) in waiting]


def _waits(row: GroupRow, now: datetime) -> bool:
    if row.status in (RowStatus.IN_DOUBT, RowStatus.SENDING):
        return True
    return row.next_attempt_at is not None and row.next_attempt_at > now


def park_foreign_groups(job: Job, board: Lease) -> None:
    """Groups sent under an older fence of the board have no sender any more: they are in doubt."""
    lost: set[RequestId] = set()

    def park(conn: Connection) -> None:
        lost.update(groups_left_sending(conn, job.store.tables, job.board_id, board.fence))

    durably(job, _TAKE_OVER, (board,), park)
    for request in sorted(lost):
        job.quiet.doubt(request, silent=True)


def settle_groups(job: Job, work: Work, board: Lease) -> None:
    """Look once more for every group of this board that is in doubt."""
    titles = [row.title for row in groups_in_doubt(job)]
    if titles:
        _find(job, work, board, titles)


def groups_in_doubt(job: Job) -> list[GroupRow]:
    with job.store.reading() as conn:
        known = known_groups(conn, job.store.tables, job.board_id)
    return [row for row in known.values() if row.status in (RowStatus.IN_DOUBT, RowStatus.SENDING)]


def _find(job: Job, work: Work, board: Lease, titles: Sequence[str]) -> None:
    """Adopt the first group by position with the title; prove absence for those that were in doubt."""
    unknown = _open(job, titles)
    if not unknown:
        return
    asked_before = (RowStatus.IN_DOUBT, RowStatus.API_FAILED)
    fresh = any(row.status in asked_before for row in unknown)
    on_board = _by_title(job.view.describe_again() if fresh else job.view.describe())
    found = [row for row in unknown if row.title_key in on_board]
    # Decided for all rows before any clock starts anew: groups of one request share one doubt.
    proofs = {
        row.title_key: _proofs(job, row) for row in unknown if row not in found and row.status is RowStatus.IN_DOUBT
    }
    tables = job.store.tables

    def note(conn: Connection) -> None:
        for row in found:
            made = on_board[row.title_key]
            set_group(conn, tables, job.board_id, row.title_key, RowStatus.API_SUCCESS, group_id=made)
        for key, count in proofs.items():
            status = RowStatus.PENDING if count == _ENOUGH else RowStatus.IN_DOUBT
            set_group(conn, tables, job.board_id, key, status, absent_proofs=count)

    durably(job, _FIND, (work.lease, board), note)
    _mark_doubts(job, unknown, proofs)


_ENOUGH = 2  # proofs of absence, the second a while after the first


def _proofs(job: Job, row: GroupRow) -> int:
    """How often the group is proven absent, this look included."""
    times = job.settings.times
    age = job.quiet.age(RequestId(row.request_id or ""))
    enough = age >= (times.of("second_proof") if row.absent_proofs else times.quarantine)
    return row.absent_proofs + 1 if enough else row.absent_proofs


def _mark_doubts(job: Job, looked_at: Sequence[GroupRow], proofs: dict[str, int]) -> None:
    """A request's clock starts anew after a first proof; its silence ends when none of its groups is in doubt."""
    before = {row.title_key: row.absent_proofs for row in looked_at}
    for row in looked_at:
        if row.request_id is not None and proofs.get(row.title_key, 0) == 1 > before[row.title_key]:
            job.quiet.restart(row.request_id)
    still = {row.request_id for row in groups_in_doubt(job)}
    for request in {row.request_id for row in looked_at} - still:
        if request is not None:
            job.quiet.over(request)


def _by_title(description: BoardDescription) -> dict[str, GroupId]:
    found: dict[str, GroupId] = {}
    for group in description.groups:
        found.setdefault(title_key(group.title), group.id)
    return found


def _open(job: Job, titles: Sequence[str]) -> list[GroupRow]:
    keys = {title_key(title) for title in titles}
    with job.store.reading() as conn:
        return [row for row in open_groups(conn, job.store.tables, job.board_id) if row.title_key in keys]


def _make(job: Job, work: Work, board: Lease, titles: Sequence[str]) -> int:
    now = job.clock.now()
    due = [
        row
        for row in _open(job, titles)
        if row.status in (RowStatus.PENDING, RowStatus.API_FAILED)
        and (row.next_attempt_at is None or row.next_attempt_at <= now)
    ]
    # monday puts each new group on top: made last to first they stand in alphabetical order.
    due.sort(key=lambda row: row.title_key, reverse=True)
    size = job.settings.sending.batch_size
    calls = 0
    for start in range(0, len(due), size):
        if job.quiet.remaining() > timedelta(0) or not job.breaker.is_closed:
            break
        calls += _make_some(job, work, board, due[start : start + size])
    return calls


def _make_some(job: Job, work: Work, board: Lease, rows: Sequence[GroupRow]) -> bool:
    call = create_groups([GroupToCreate(at, job.board_id, row.title) for at, row in enumerate(rows)])
    if not wait_for_budget(job, call):
        return False
    exchange = Exchange.begin(job, call)

    def intend(conn: Connection, intent: Intent) -> None:
        intend_groups(
            conn,
            job.store.tables,
            job.board_id,
            [row.title_key for row in rows],
            request_id=intent.request_id,
            batch=work.batch,
            fence=board.fence,
            now=job.clock.now(),
        )
        record_call(conn, job.store.tables, intent, "group", {}, job.clock.now())

    delivery = exchange.run(work, board, _INTENT, intend)

    def record(conn: Connection) -> None:
        exchange.record(conn, delivery)
        for at, row in enumerate(rows):
            _record_group(job, conn, work, row, delivery.outcomes[at], exchange.request_id)

    exchange.settle(work, board, _OUTCOME, record)
    if any(isinstance(outcome, InDoubt) for outcome in delivery.outcomes.values()):
        job.quiet.doubt(exchange.request_id, silent=delivery.lost)
    job.events.emit("groups.made", count=sum(isinstance(each, GroupCreated) for each in delivery.outcomes.values()))
    halt_on(job, delivery.outcomes.values())
    return True


def _record_group(job: Job, conn: Connection, work: Work, row: GroupRow, outcome: Outcome, request: RequestId) -> None:
    status, group_id, wait = _verdict(outcome, job)
    due = None if wait is None else job.clock.now() + wait
    set_group(conn, job.store.tables, job.board_id, row.title_key, status, group_id=group_id, due=due)
    if isinstance(outcome, Rejected):
        _give_up_orders(job, conn, work, row, outcome.problem, request)


def _give_up_orders(
    job: Job, conn: Connection, work: Work, group: GroupRow, problem: Problem, request: RequestId
) -> None:
    """A group that the board refuses cannot hold orders: they need a person, with the group's own problem."""
    told = replace(problem, message=f"group {group.title!r}: {problem.message}")
    orders = sendable_orders(conn, job.store.tables, work.batch, job.clock.now())
    mine = [order for order in orders if title_key(order.group) == group.title_key]
    rows = item_rows(job.store.tables)
    verdicts = {
        order.id: Verdict(RowStatus.API_FAILED, None, told, order.retry_count, order.doubts, given_up=True, log=True)
        for order in mine
    }
    for was in {order.status for order in mine}:
        these = {order.id: verdicts[order.id] for order in mine if order.status is was}
        settle_rows(conn, job.store.tables, rows, was, these, None, job.clock.now())
    log_failures(conn, job.store.tables, rows, verdicts, request, job.clock.now())


def _verdict(outcome: Outcome, job: Job) -> tuple[RowStatus, GroupId | None, timedelta | None]:
    match outcome:
        case GroupCreated(group_id=group_id):
            return RowStatus.API_SUCCESS, GroupId(group_id), None
        case InDoubt():
            return RowStatus.IN_DOUBT, None, None
        case Retryable(wait=wait):
            return RowStatus.PENDING, None, wait if wait is not None else job.backoff(1)
        case Halted():
            return RowStatus.PENDING, None, None
        case Rejected():
            # Its orders are given up; when they are retried, so is the group.
            return RowStatus.API_FAILED, None, None
        case _:
            raise TypeError(f"not an outcome of a group: {outcome!r}")
