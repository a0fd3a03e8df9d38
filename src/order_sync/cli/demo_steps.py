"""The demo's first five steps: source, board, check, plan, run."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager

from order_sync.cli.check import examine
from order_sync.cli.demo_folder import DemoFolder, fill
from order_sync.cli.demo_server import FAULTS, BoardServer
from order_sync.cli.demo_story import BAD, GOOD, WAIT, Story
from order_sync.cli.exits import ExitCode, code_of
from order_sync.cli.interrupt import interruptible
from order_sync.cli.session import Session
from order_sync.cli.tally import Tally
from order_sync.cli.terminal import duration, plural
from order_sync.demo_data import read_expected
from order_sync.reports.batches import open_rows
from order_sync.reports.findings import Level
from order_sync.reports.forecast import Forecast
from order_sync.reports.retryable import retryable
from order_sync.run import RunReport, run, run_unfinished
from order_sync.steps.forecast import forecast
from order_sync.steps.job import Job
from order_sync.steps.requeue import requeue
from order_sync.steps.select import Selection
from order_sync.store.deploy import deploy
from order_sync.wiring import Project, load_project, open_database, open_job, our_tables

EVERYTHING = Selection(everything=True)


def fill_source(story: Story, place: DemoFolder) -> DemoFolder:
    """Step 1. A source that is there already is kept."""
    kept = place.ready
    if not kept:
        place = fill(place, load_project(place.settings))
    odd = sum(bool(each.dirt) for each in read_expected(place.expected))
    told = f"{plural(place.rows, 'row')} of {plural(place.customers, 'customer')} in ORDERS_UNIFIED"
    story.step(1, "Source", f"{told}, as they were left" if kept else f"{told}; {odd} are odd in some way")
    return place


def tell_board(story: Story, server: BoardServer, first: bool) -> None:
    """Step 2."""
    where = f"a simulated monday.com at {server.folder.address}"
    if server.process is None:
        story.step(2, "Board", f"{where}, which was running already")
    elif first:
        story.step(2, "Board", f"{where}, empty; it is told to misbehave {len(FAULTS)} times")
    else:
        story.step(2, "Board", f"{where}, as it was left")


def check_all(story: Story, project: Project) -> ExitCode:
    """Step 3: the tables are made, then everything is compared as `order-sync check` does."""
    engines = open_database(project.settings)
    try:
        made = deploy(engines, our_tables(project, engines))
    finally:
        engines.dispose()
    tables = f"{plural(len(made), 'table or view', 'tables and views')} made" if made else "the tables are there"
    report = examine(project)
    errors = report.of(Level.ERROR)
    columns = len(project.mapping.sent_columns)
    agree = f"mapping, database and board agree on {columns} columns" if not errors else "they do not agree"
    story.step(3, "Check", f"{tables}; {agree}")
    for finding in errors:
        story.line(BAD, finding.what, finding.fix)
    return ExitCode.WRONG if errors else ExitCode.DONE


def run_all(story: Story, session: Session, project: Project, tally: Tally) -> ExitCode:
    """Steps 4 and 5; then what was refused is tried again, as a person would have it."""
    with _job(story, session, project, tally) as job:
        told = forecast(job, EVERYTHING)
        _tell_plan(story, told)
        nothing = told.orders == 0 and told.begun.batches == 0
        say = "nothing to send" if nothing else "intent first, then the call, then each row's outcome"
        story.step(5, "Run", say)
        code = _watched(story, job, tally, lambda executor: run(job, EVERYTHING, executor))
    if code is ExitCode.DONE:
        code = _retry(story, session, project, tally)
    return code


def _tell_plan(story: Story, told: Forecast) -> None:
    rest = f"{plural(told.held_rows, 'row')} held for a person, {told.changes['CANCELLED']} cancelled"
    if told.orders:
        calls = f"in about {told.cost.calls} calls"
        story.step(4, "Plan", f"{plural(told.orders, 'order')}, {plural(told.sizes, 'size')} {calls}; {rest}")
    elif told.begun.batches:
        begun = f"{plural(told.begun.batches, 'batch', 'batches')} begun earlier, nothing else to send"
        story.step(4, "Plan", f"{begun}; {rest}")
    else:
        story.step(4, "Plan", f"nothing to send; {rest}")


def _watched(story: Story, job: Job, tally: Tally, do: Callable[[Executor], RunReport]) -> ExitCode:
    """In a worker thread, so that Ctrl-C lets the call in flight end."""
    began, before = job.clock.monotonic(), tally["batch.promoted"]
    display = story.display(tally, lambda: _still_open(job))
    job.events.listen(display)
    with (
        display,
        interruptible(job.stop, display.stopping),
        ThreadPoolExecutor(max_workers=1) as executor,
    ):
        report = do(executor)
    promoted = tally["batch.promoted"] - before
    if promoted:
        took = duration(job.clock.monotonic() - began)
        story.line(GOOD, f"{plural(promoted, 'order')} promoted into the production tables", took)
    return _code(story, report)


def _code(story: Story, report: RunReport) -> ExitCode:
    if report.halted is not None:
        story.line(BAD, f"halted: {report.halted}")
        return code_of(report.halted)
    if report.stopped:
        story.line(WAIT, "stopped; what was done is recorded, and the same command goes on from here")
        return ExitCode.HALTED
    for held in report.skipped:
        story.line(BAD, f"skipped: {held}")
    for each in report.interrupted:
        story.line(BAD, f"interrupted: {each.customer}: {each.why.what}", "the same command goes on from here")
    return ExitCode.ATTENTION if report.skipped or report.interrupted else ExitCode.DONE


def _still_open(job: Job) -> tuple[int, int]:
    with job.store.reading() as conn:
        orders, sizes = open_rows(conn, job.store.tables)
    return orders.waiting + orders.in_doubt, sizes.waiting + sizes.in_doubt


def _retry(story: Story, session: Session, project: Project, tally: Tally) -> ExitCode:
    """What a person does in the morning: `order-sync retry --all`."""
    with _job(story, session, project, tally) as job:
        with job.store.reading() as conn:
            found = retryable(conn, job.store.tables)
        if not found.failed:
            return ExitCode.DONE
        rows = plural(found.failed, "row")
        story.say(f"Somebody has looked into it and says `order-sync retry --all`: {rows} once more.")
        requeue(job, found.batches, None)
        return _watched(story, job, tally, lambda executor: run_unfinished(job, found.batches, executor))


@contextmanager
def _job(story: Story, session: Session, project: Project, tally: Tally) -> Iterator[Job]:
    with open_job(project, threading.Event(), session.events(tally, story)) as job:
        yield job
