"""Second items of a key on the board: archived where they are ours and nothing is lost by it, else left to a person.

The recorded item is never touched, nothing is ever deleted, and an item is archived only when the recorded one of its
key was read as active by the same question.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import Connection

from order_sync.model.errors import BoardUnavailable, DailyLimitReached, LostLease, StoreBusy
from order_sync.model.ids import ItemId, SyncKey
from order_sync.model.outcomes import Archived, Halted, InDoubt, Outcome, Rejected, Retryable
from order_sync.monday.board import Delivery
from order_sync.monday.documents import Call, ItemToArchive, archive_items
from order_sync.reports.shape import Report
from order_sync.steps.durably import durably, durably_once
from order_sync.steps.exchange import Exchange, halt_on, wait_for_budget
from order_sync.steps.job import Job
from order_sync.steps.look_up import KEYS, find_keys, read_parents
from order_sync.steps.second_items import Verdict, known_of, settled
from order_sync.steps.send import park_foreign
from order_sync.store.leases import Lease
from order_sync.store.ledger.calls import Intent
from order_sync.store.ledger.orphans import (
    Orphan,
    Resolution,
    intend_archive,
    live_items,
    note_surplus,
    open_orphans,
    resolve,
    sent_twice,
)
from order_sync.store.ledger.rows import Kind
from order_sync.store.transactions import Transaction

_NOTE = Transaction("sweep_board.note")
_RESOLVE = Transaction("sweep_board.resolve")
_INTENT = Transaction("sweep_board.intent")
_OUTCOME = Transaction("sweep_board.outcome")
_ANSWER = Transaction("sweep_board.answer")

WATCH: Final = timedelta(days=1)  # how long a row that was sent again is looked for anew by runs with work
_AT_ONCE: Final = 12  # items judged together: each and its recorded one fit a question
LATE = "a second item with the key of a recorded one"

Surplus = list[tuple[ItemId, SyncKey]]


@dataclass(frozen=True, slots=True)
class LeftItem(Report):
    """An item that a person has to look at."""

    item_id: int
    sync_key: str | None
    why: str


@dataclass(frozen=True, slots=True)
class Swept(Report):
    """`archived`: ids. `put_off`: items that the next sweep decides, since the board had to stay quiet, an answer was
    lost, or nothing is recorded for their key yet."""

    archived: tuple[int, ...] = ()
    left: tuple[LeftItem, ...] = ()
    put_off: int = 0


def sweep_after_run(job: Job) -> Swept:
    """The keys that were sent again after a doubt, and orphans that nobody has looked at. No call where there is
    neither; and what stands in the way of it is no reason to call the run's own work failed."""
    tables, since = job.store.tables, job.clock.now() - WATCH
    with job.store.reading() as conn:
        orders, sizes = sent_twice(conn, tables, job.board_id, since)
        waiting = open_orphans(conn, tables, job.board_id, left=False)
    if job.stop.is_set() or not (orders or sizes or waiting):
        return Swept()
    try:
        _note(job, "item", _second_items(job, orders))
        _note(job, "subitem", _second_sizes(job, sizes))
        return sweep_orphans(job, left=False)
    except (BoardUnavailable, DailyLimitReached, LostLease, StoreBusy) as problem:
        job.events.emit("sweep.put_off", why=problem.what)
        return Swept(put_off=len(waiting))


def sweep_surplus(job: Job, items: Surplus, sizes: Surplus) -> Swept:
    """What a comparison of the whole board has found, and every orphan that is not settled, those too that were left to
    a person."""
    _note(job, "item", items)
    _note(job, "subitem", sizes)
    return sweep_orphans(job, left=True)


def _note(job: Job, kind: Kind, surplus: Surplus) -> None:
    if not surplus:
        return
    tables, now = job.store.tables, job.clock.now()
    fresh = durably(job, _NOTE, (), lambda conn: note_surplus(conn, tables, job.board_id, surplus, LATE, now, kind))
    if fresh:
        job.events.emit(f"{kind}.second_found", count=fresh)


def _second_items(job: Job, keys: Sequence[SyncKey]) -> Surplus:
    with job.store.reading() as conn:
        live = live_items(conn, job.store.tables, job.board_id, keys)
    found: Surplus = []
    wanted = sorted(live)
    for start in range(0, len(wanted), KEYS):
        for key, items in find_keys(job, wanted[start : start + KEYS], anew=True).items():
            found += [(item.id, key) for item in items if item.id != live[key].item_id]
    return found


def _second_sizes(job: Job, keys: Sequence[SyncKey]) -> Surplus:
    """Through the recorded parents: a size under another item is that item's matter."""
    with job.store.reading() as conn:
        live = live_items(conn, job.store.tables, job.board_id, keys)
    parents = sorted({each.parent_item_id for each in live.values() if each.parent_item_id is not None})
    return [
        (size.id, size.key)
        for parent in read_parents(job, parents).values()
        for size in parent.subitems
        if size.active and size.key in live and size.key is not None and size.id != live[size.key].item_id
    ]


def sweep_orphans(job: Job, *, left: bool) -> Swept:
    """Under the board's lease: each open orphan is settled, archived, or left with the reason."""
    with job.store.reading() as conn:
        if not open_orphans(conn, job.store.tables, job.board_id, left=left):
            return Swept()
    with job.board_lease() as board, job.turn():
        park_foreign(job, board)
        with job.store.reading() as conn:
            orphans = open_orphans(conn, job.store.tables, job.board_id, left=left)
        verdicts: dict[ItemId, Verdict] = {}
        for part in _parts(orphans):
            verdicts |= _sweep_part(job, board, part)
    swept = _told(orphans, verdicts)
    job.events.emit("orphans.swept", archived=len(swept.archived), left=len(swept.left), put_off=swept.put_off)
    return swept


def _parts(orphans: Sequence[Orphan]) -> Iterator[list[Orphan]]:
    kinds: tuple[Kind, Kind] = ("item", "subitem")
    for kind in kinds:
        mine = [orphan for orphan in orphans if orphan.kind == kind]
        for start in range(0, len(mine), _AT_ONCE):
            yield mine[start : start + _AT_ONCE]


def _told(orphans: Sequence[Orphan], verdicts: dict[ItemId, Verdict]) -> Swept:
    keys = {orphan.item_id: orphan.key for orphan in orphans}
    archived = [item for item, (resolution, _) in verdicts.items() if resolution is Resolution.ARCHIVED]
    left = [
        LeftItem(item, keys[item], why or "")
        for item, (resolution, why) in verdicts.items()
        if resolution is Resolution.LEFT
    ]
    settled = sum(resolution not in (None, Resolution.ARCHIVING) for resolution, _ in verdicts.values())
    return Swept(tuple(archived), tuple(left), len(orphans) - settled)


def _sweep_part(job: Job, board: Lease, part: Sequence[Orphan]) -> dict[ItemId, Verdict]:
    # What has to be waited for comes first: nothing may lie between reading the items and archiving them.
    ready = wait_for_budget(job, _call(job, part)) and not job.quiet.remaining()
    verdicts, mine = _judge(job, part)
    if verdicts:
        durably(job, _RESOLVE, (board,), lambda conn: _resolve(job, conn, verdicts))
    if mine and ready:
        verdicts |= _archive(job, board, mine)
    return verdicts


def _call(job: Job, orphans: Sequence[Orphan]) -> Call:
    return archive_items(job.board_id, [ItemToArchive(orphan.id, orphan.item_id) for orphan in orphans])


def _judge(job: Job, part: Sequence[Orphan]) -> tuple[dict[ItemId, Verdict], list[Orphan]]:
    """Verdicts on those that are decided, and those that are to be archived."""
    known = known_of(job, part)
    verdicts: dict[ItemId, Verdict] = {}
    mine = []
    for orphan in part:
        verdict = settled(orphan, known)
        if verdict is not None:
            verdicts[orphan.item_id] = verdict
        elif orphan.key in known.live:
            mine.append(orphan)
    return verdicts, mine


def _archive(job: Job, board: Lease, orphans: Sequence[Orphan]) -> dict[ItemId, Verdict]:
    """T1, call, T2. What is in doubt is read once more; what then is still active waits for the next sweep."""
    exchange = Exchange.begin(job, _call(job, orphans))

    def intend(conn: Connection, intent: Intent) -> None:
        intend_archive(conn, job.store.tables, orphans, intent, job.clock.now())

    delivery = exchange.run(None, board, _INTENT, intend)
    verdicts = {
        orphan.item_id: verdict
        for orphan in orphans
        if (verdict := _verdict(orphan, delivery.outcomes[orphan.id])) is not None
    }
    try:
        _record(job, board, exchange, delivery, verdicts)
    except LostLease:
        durably_once(
            job,
            _ANSWER,
            (),
            lambda conn: exchange.record(conn, delivery),
            lambda conn, _: exchange.is_settled(conn),
        )
        raise
    doubtful = [orphan for orphan in orphans if orphan.item_id not in verdicts]
    if doubtful:
        job.quiet.doubt(exchange.request_id, silent=delivery.lost)
        verdicts |= _look_at(job, board, doubtful)
    halt_on(job, delivery.outcomes.values())
    return verdicts


def _record(job: Job, board: Lease, exchange: Exchange, delivery: Delivery, verdicts: dict[ItemId, Verdict]) -> None:
    def record(conn: Connection) -> None:
        exchange.record(conn, delivery)
        _resolve(job, conn, verdicts)

    exchange.settle(None, board, _OUTCOME, record)


def _resolve(job: Job, conn: Connection, verdicts: dict[ItemId, Verdict]) -> None:
    resolve(conn, job.store.tables, job.board_id, verdicts, job.clock.now())


def _verdict(orphan: Orphan, outcome: Outcome) -> Verdict | None:
    """None: in doubt."""
    match outcome:
        case Archived(item_id=item) if item == orphan.item_id:
            return Resolution.ARCHIVED, None
        case Retryable() | Halted():
            return None, None
        case Rejected(problem=problem):
            return Resolution.LEFT, f"monday.com refuses to archive it: {problem.message}"
        case InDoubt() | _:
            return None


def _look_at(job: Job, board: Lease, orphans: Sequence[Orphan]) -> dict[ItemId, Verdict]:
    """After a lost answer: an item that is not active any more was archived."""
    read = job.board.items_by_id([orphan.item_id for orphan in orphans])
    verdicts: dict[ItemId, Verdict] = {item.id: (Resolution.ARCHIVED, None) for item in read if not item.active}
    if verdicts:
        durably(job, _RESOLVE, (board,), lambda conn: _resolve(job, conn, verdicts))
    return verdicts
