"""Groups before their items: found by recorded id, then by title; made under the same protocol as items."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from order_sync.model.ids import GroupId, RequestId
from order_sync.model.outcomes import GroupCreated, Halted, InDoubt, Outcome, Rejected, Retryable
from order_sync.model.states import RowStatus
from order_sync.monday.board import BoardDescription
from order_sync.monday.documents import GroupToCreate, create_groups
from order_sync.steps.exchange import Exchange, halt_on, wait_for_budget
from order_sync.steps.job import Job, Work
from order_sync.store.leases import Lease
from order_sync.store.ledger.claims import Intent, record_call
from order_sync.store.ledger.groups import (
    GroupRow,
    groups_left_sending,
    intend_groups,
    known_groups,
    remember_groups,
    set_group,
    title_key,
)


def ensure_groups(job: Job, work: Work, board: Lease, titles: Sequence[str]) -> dict[str, GroupId]:
    """title -> group id for every title that is certain now; the others are in doubt, or due later."""
    wanted = list(dict.fromkeys(titles))
    with job.store.reading() as conn:
        known = known_groups(conn, job.store.tables, job.board_id)
    certain = _certain(wanted, known)
    if len(certain) == len(wanted):
        return certain
    with job.store.writing(work.lease, board) as conn:
        remember_groups(conn, job.store.tables, job.board_id, wanted, known)
    _find(job, work, board, wanted)
    _make(job, work, board, wanted)
    with job.store.reading() as conn:
        return _certain(wanted, known_groups(conn, job.store.tables, job.board_id))


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
        known = known_groups(conn, job.store.tables, job.board_id)
    waits = [
        row.next_attempt_at - now
        for row in known.values()
        if row.status is not RowStatus.API_SUCCESS
        and row.next_attempt_at is not None
        and row.next_attempt_at > now
    ]
    return min(waits, default=None)


def parked_titles(job: Job) -> list[str]:
    """Titles whose group is in doubt or not due yet: their orders wait."""
    now = job.clock.now()
    with job.store.reading() as conn:
        known = known_groups(conn, job.store.tables, job.board_id)
    return [
        row.title
        for row in known.values()
        if row.status in (RowStatus.IN_DOUBT, RowStatus.SENDING)
        or (
            row.next_attempt_at is not None
            and row.next_attempt_at > now
            and row.status is not RowStatus.API_SUCCESS
        )
    ]


def park_foreign_groups(job: Job, board: Lease) -> None:
    """Groups sent under an older fence of the board have no sender any more: they are in doubt."""
    with job.store.writing(board) as conn:
        lost = groups_left_sending(conn, job.store.tables, job.board_id, board.fence)
    for request in lost:
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
    on_board = _by_title(job.view.describe())
    doubtful = [row for row in unknown if row.status is RowStatus.IN_DOUBT]
    if doubtful or any(row.status is RowStatus.API_FAILED for row in unknown):
        on_board = _by_title(job.view.describe_again())
    with job.store.writing(work.lease, board) as conn:
        for row in unknown:
            found = on_board.get(row.title_key)
            if found is not None:
                set_group(
                    conn, job.store.tables, job.board_id, row.title_key, RowStatus.API_SUCCESS, group_id=found
                )
                if row.request_id is not None:
                    job.quiet.over(row.request_id)
            elif row.status is RowStatus.IN_DOUBT and row.request_id is not None:
                proofs, status = _absence(job, row, row.request_id)
                set_group(conn, job.store.tables, job.board_id, row.title_key, status, absent_proofs=proofs)


def _absence(job: Job, row: GroupRow, request: RequestId) -> tuple[int, RowStatus]:
    """The second proof of absence, a while after the first, makes a group PENDING again."""
    times = job.settings.times
    if row.absent_proofs == 0 and job.quiet.age(request) >= times.quarantine:
        job.quiet.restart(request)
        return 1, RowStatus.IN_DOUBT
    if row.absent_proofs == 1 and job.quiet.age(request) >= times.of("second_proof"):
        job.quiet.over(request)
        return 2, RowStatus.PENDING
    return row.absent_proofs, RowStatus.IN_DOUBT


def _by_title(description: BoardDescription) -> dict[str, GroupId]:
    found: dict[str, GroupId] = {}
    for group in description.groups:
        found.setdefault(title_key(group.title), group.id)
    return found


def _open(job: Job, titles: Sequence[str]) -> list[GroupRow]:
    keys = {title_key(title) for title in titles}
    with job.store.reading() as conn:
        known = known_groups(conn, job.store.tables, job.board_id)
    return [
        row for row in known.values() if row.title_key in keys and row.status is not RowStatus.API_SUCCESS
    ]


def _make(job: Job, work: Work, board: Lease, titles: Sequence[str]) -> None:
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
    for start in range(0, len(due), size):
        if job.quiet.remaining() > timedelta(0):
            return
        _make_some(job, work, board, due[start : start + size])


def _make_some(job: Job, work: Work, board: Lease, rows: Sequence[GroupRow]) -> None:
    call = create_groups([GroupToCreate(at, job.board_id, row.title) for at, row in enumerate(rows)])
    wait_for_budget(job, call)
    exchange = Exchange.begin(job, call)

    def intend(intent: Intent) -> None:
        with job.store.writing(work.lease, board) as conn:
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

    delivery = exchange.run(work, board, intend)
    with job.store.writing(work.lease, board) as conn:
        exchange.record(conn, delivery)
        for at, row in enumerate(rows):
            status, group_id, wait = _verdict(delivery.outcomes[at], job)
            due = None if wait is None else job.clock.now() + wait
            set_group(conn, job.store.tables, job.board_id, row.title_key, status, group_id=group_id, due=due)
    if any(isinstance(outcome, InDoubt) for outcome in delivery.outcomes.values()):
        job.quiet.doubt(exchange.request_id, silent=delivery.lost)
    job.events.emit(
        "groups.made", count=sum(isinstance(each, GroupCreated) for each in delivery.outcomes.values())
    )
    halt_on(delivery.outcomes.values())


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
            return RowStatus.API_FAILED, None, job.backoff(6)
        case _:
            raise TypeError(f"not an outcome of a group: {outcome!r}")
