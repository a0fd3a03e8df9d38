"""Many batches: detect once, then one customer's batch after the other, over any executor; and the wait for doubts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Executor, Future, wait
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar

from sqlalchemy import Connection

from order_sync.batch import carry_on, process_customer, waits_for
from order_sync.model.errors import DailyLimitReached, LostLease, OrderSyncError, SnapshotNotWritten, UsageError
from order_sync.model.ids import BatchId, OrderKey
from order_sync.model.states import RowStatus
from order_sync.model.texts import casefold_one
from order_sync.steps.daily import begin_day, note_rest, remember, remembering, tell_withheld
from order_sync.steps.detect import Detection, detect
from order_sync.steps.fit import require_fit
from order_sync.steps.hold import record_held
from order_sync.steps.job import Job, Work
from order_sync.steps.look_up import guard_first_run
from order_sync.steps.restored import check_snapshot_file, export_snapshot_file
from order_sync.steps.select import Plan, Selection, canonical_names, prepare, unmatched
from order_sync.steps.sweep_board import Swept, sweep_after_run
from order_sync.store.leases import Held, Lease
from order_sync.store.ledger.batches import BatchRow, batches_of_run, note_halt, unfinished
from order_sync.store.ledger.failures import open_errors
from order_sync.store.ledger.queue import status_counts, tries_used
from order_sync.store.ledger.staging import open_orders, promoted_keys
from order_sync.store.transactions import Transaction

_HALTED = Transaction("run.halt")

T = TypeVar("T")

_GLANCE = 0.2  # seconds between two looks at the stop flag while workers work


@dataclass(frozen=True, slots=True)
class Interrupted:
    """A customer whom this run had to leave in the middle: the next one goes on from what is recorded."""

    customer: str
    why: LostLease


@dataclass
class RunReport:
    """What a run did, for the command line and the exit code. `works` came to their end in order; `batches` are all
    that the run had a hand in, those of interrupted customers too. `customers`: the selected ones; None for all."""

    detection: Detection
    plan: Plan
    customers: frozenset[str] | None = None
    works: list[Work] = field(default_factory=list)
    batches: list[BatchId] = field(default_factory=list)
    skipped: list[Held] = field(default_factory=list)
    interrupted: list[Interrupted] = field(default_factory=list)
    halted: OrderSyncError | None = None
    unmatched: tuple[str, ...] = ()  # options of the selection that no source row matches
    not_begun: int = 0  # planned orders that an early end left out of staging
    unsettled: int = 0  # batches that still wait for something
    swept: Swept = field(default_factory=Swept)  # second items of a key, found and dealt with
    open_errors: int = 0  # unresolved errors of these customers in the ERR_ tables, held orders included
    stopped: bool = False


def run(job: Job, selection: Selection, executor: Executor) -> RunReport:
    """All of it. UsageError when nothing is selected; what halts is in the report, after everything was recorded."""
    selection.require_some()
    check_snapshot_file(job)
    begin_day(job)
    detection = detect(job)
    with remembering(job):
        plan = prepare(job, detection, selection)
    report = RunReport(detection, plan, _selected(job, detection, selection))
    report.unmatched = unmatched(job, detection, selection)
    record_held(job, detection, plan)
    old = _unfinished(job, selection)
    customers = sorted({*plan.customers, *(batch.customer for batch in old)})
    _tell_planned(job, plan, customers)
    return _work(job, report, customers, old, executor)


def run_unfinished(job: Job, batches: Collection[BatchId], executor: Executor) -> RunReport:
    """Only what these batches still have to do, e.g. after a requeue: nothing new is looked for."""
    check_snapshot_file(job)
    begin_day(job)
    detection = Detection.nothing(job)
    report = RunReport(detection, Plan.nothing(detection.columns_digest))
    with job.store.reading() as conn:
        every = unfinished(conn, job.store.tables, None, job.clock.now())
    old = [batch for batch in every if batch.id in batches]
    customers = sorted({batch.customer for batch in old})
    _tell_planned(job, report.plan, customers)
    return _work(job, report, customers, old, executor)


def _tell_planned(job: Job, plan: Plan, customers: Sequence[str]) -> None:
    """`held`: source rows."""
    orders, sizes = plan.orders.height, plan.sizes.height
    job.events.emit("run.planned", customers=len(customers), orders=orders, sizes=sizes, held=plan.held)


def _work(
    job: Job, report: RunReport, customers: Sequence[str], old: Sequence[BatchRow], executor: Executor
) -> RunReport:
    if not customers:
        job.events.emit("run.idle")
        return _ended(job, report)
    leases, report.skipped = _lease(job, customers)
    report.batches = [batch.id for batch in old if batch.customer in leases]
    try:
        _run_customers(job, report, leases, old, executor)
        _wait_for_the_rest(job, report, executor)
        if leases and not report.interrupted:  # else another process is at work on what this one began
            report.swept = sweep_after_run(job)
        tell_withheld(job)
    except OrderSyncError as error:
        report.halted = error
        _note_halt(job, error)
    finally:
        job.store.leases.release_all()
        report.stopped = job.stop.is_set() and report.halted is None
    return _ended(job, report)


def _ended(job: Job, report: RunReport) -> RunReport:
    note_rest(job)
    try:
        export_snapshot_file(job)
    except SnapshotNotWritten as error:
        report.halted = report.halted or error
    tables = job.store.tables
    with job.store.reading() as conn:
        report.open_errors = open_errors(conn, tables, report.customers)
        touched = [*report.batches, *(work.batch for work in report.works), *batches_of_run(conn, tables, job.run_id)]
        if report.skipped or report.interrupted or report.halted or report.stopped:
            report.not_begun = _not_begun(job, conn, report.plan)
    report.batches = list(dict.fromkeys(touched))
    return report


def _not_begun(job: Job, conn: Connection, plan: Plan) -> int:
    """Planned orders that neither this run nor another has staged."""
    planned = {OrderKey(key) for key in plan.orders["order_key"].to_list()}
    staged = {OrderKey(key) for key in open_orders(conn, job.store.tables)["order_key"].to_list()}
    return len(planned - staged - promoted_keys(conn, job.store.tables, sorted(planned)))


def _selected(job: Job, detection: Detection, selection: Selection) -> frozenset[str] | None:
    """The selected customers as the source and our tables spell them."""
    if not selection.customers:
        return None
    names = canonical_names(job, selection.customers)
    wanted = {casefold_one(name) for name in names}
    spelled = detection.rows["customer"].drop_nulls().unique().to_list()
    return names | {name for name in spelled if casefold_one(name.strip()) in wanted}


def _unfinished(job: Job, selection: Selection) -> list[BatchRow]:
    names = sorted(canonical_names(job, selection.customers)) or None
    with job.store.reading() as conn:
        return unfinished(conn, job.store.tables, names, job.clock.now())


def _lease(job: Job, customers: Sequence[str]) -> tuple[dict[str, Lease], list[Held]]:
    """The leases of all customers that can be had, taken at once and in name order."""
    leases: dict[str, Lease] = {}
    held: list[Held] = []
    for customer in customers:
        found = job.store.leases.acquire(f"customer:{customer}", patient=True)
        if isinstance(found, Held):
            held.append(found)
            job.events.emit("customer.skipped", customer=customer, holder=str(found))
        else:
            leases[customer] = found
    return leases, held


def _run_customers(
    job: Job, report: RunReport, leases: dict[str, Lease], old: Sequence[BatchRow], executor: Executor
) -> None:
    if leases:
        require_fit(job)
        guard_first_run(job)
    futures: dict[Future[list[Work]], str] = {}
    for customer, lease in leases.items():
        batches = [batch for batch in old if batch.customer == customer]
        futures[executor.submit(process_customer, job, report.plan, customer, lease, batches)] = customer
    _collect(job, report, futures, report.works.extend)


def _collect(job: Job, report: RunReport, futures: Mapping[Future[T], str], done: Callable[[T], None]) -> None:
    """Each result when it is there, by customer. What is raised, unless it is a lost lease, stops all of them."""
    left = set(futures)
    try:
        while left:
            # A bounded wait: some platforms deliver Ctrl-C to the main thread only between two waits.
            ended, left = wait(left, timeout=_GLANCE, return_when="FIRST_COMPLETED")
            # In the order of their beginning: a set has none, and the same run must go the same way again.
            for future in (each for each in futures if each in ended):
                try:
                    done(future.result())
                except LostLease as error:
                    report.interrupted.append(Interrupted(futures[future], error))
    except BaseException:
        job.stop.set()
        for future in left:
            future.cancel()
        wait(left)
        raise


def _wait_for_the_rest(job: Job, report: RunReport, executor: Executor) -> None:
    """Rows in doubt and rows due again soon: a run does not end while one of them can still be settled, and gives up
    only after a quarantine and a while in which nothing moved."""
    times = job.settings.times
    patience = (times.quarantine + times.of("settle_wait")).total_seconds()
    standing, until = _standing(job, report), job.clock.monotonic() + patience
    while not job.stop.is_set():
        waits = [(found, work) for work in report.works if (found := waits_for(job, work)) is not None]
        report.unsettled = len(waits)
        if not waits:
            return
        # Never a spin: whatever made a wait look like none has to have a moment to change.
        shortest = max(min(found for found, _ in waits), timedelta(seconds=_GLANCE * times.scale))
        if job.clock.monotonic() + shortest.total_seconds() > until:
            return
        job.events.emit("rows.waited_for", seconds=shortest.total_seconds(), batches=len(waits))
        job.clock.sleep(shortest)
        _carry_on(job, report, [work for found, work in waits if found <= shortest], executor)
        if (now := _standing(job, report)) != standing:
            standing, until = now, job.clock.monotonic() + patience


def _carry_on(job: Job, report: RunReport, works: Sequence[Work], executor: Executor) -> None:
    """In lanes again: a doubt stops them all, and what it stopped is most of the work."""
    if job.stop.is_set():
        return
    job.events.emit("batches.resumed", batches=len(works))
    digest = report.detection.columns_digest

    def one(work: Work) -> None:
        try:
            carry_on(job, work, digest)
        except LostLease:
            report.works.remove(work)
            raise

    _collect(job, report, {executor.submit(one, work): work.customer for work in works}, lambda _done: None)


def _standing(job: Job, report: RunReport) -> list[tuple[dict[str, dict[RowStatus, int]], int]]:
    tables = job.store.tables
    with job.store.reading() as conn:
        return [
            (status_counts(conn, tables, work.batch), tries_used(conn, tables, work.batch)) for work in report.works
        ]


def _note_halt(job: Job, error: OrderSyncError) -> None:
    job.events.emit("run.halted", why=error.what)
    if isinstance(error, DailyLimitReached):
        remember(job, error)
    # Where the database itself is the reason there is nowhere to note it.
    with suppress(OrderSyncError), job.store.writing(_HALTED) as conn:
        note_halt(conn, job.store.tables, job.run_id, error.what)


def exit_code(report: RunReport) -> int:
    """0 done, 1 some rows need attention, 2 wrong use or configuration, 3 halted."""
    if isinstance(report.halted, UsageError):
        return 2
    if isinstance(report.halted, DailyLimitReached):
        return 1
    if report.halted is not None or report.stopped:
        return 3
    attention = report.skipped or report.interrupted or report.unsettled or report.open_errors or report.swept.left
    return 1 if attention else 0
