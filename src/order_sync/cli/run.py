"""run: new orders to the board, with everything that earlier runs have left."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Annotated

import typer

from order_sync.cli.choices import AsJson, AtMost, Customers, Everything, IgnoreDailyLimit, Orders, Seasons, selected
from order_sync.cli.interrupt import interruptible
from order_sync.cli.plan import show_plan
from order_sync.cli.progress import Display, display_on
from order_sync.cli.run_summary import RunSummary, render, summary_of
from order_sync.cli.session import Session, session_of
from order_sync.cli.tally import Tally
from order_sync.reports.batches import open_rows
from order_sync.run import RunReport
from order_sync.run import run as run_selection
from order_sync.steps.job import Job
from order_sync.wiring import Project, open_job

Doing = Callable[[Job, Executor], RunReport]


def run(
    ctx: typer.Context,
    customer: Customers = None,
    po: Orders = None,
    season: Seasons = None,
    everything: Everything = False,
    limit: AtMost = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the plan of this selection, write nothing.")] = False,
    ignore_daily_limit: IgnoreDailyLimit = False,
    as_json: AsJson = False,
) -> None:
    """Send new orders to the board.

    What earlier runs have left goes first. Ctrl-C once ends in order, twice at once.
    """
    session = session_of(ctx)
    project = session.project()
    selection = selected(project, customer, po, season, everything, limit)
    selection.require_some()
    if dry_run:
        show_plan(session, project, selection, as_json=as_json)
        return

    def do(job: Job, executor: Executor) -> RunReport:
        job.daily.ignored = ignore_daily_limit
        return run_selection(job, selection, executor)

    done = watched(session, project, do, quiet=as_json)
    ended(session, done, as_json=as_json)


def watched(session: Session, project: Project, do: Doing, *, quiet: bool) -> RunSummary:
    """Does it in worker threads, shows how far it is, and lets Ctrl-C end it in order."""
    stop, tally = threading.Event(), Tally()
    began = time.monotonic()
    with open_job(project, stop, session.events(tally)) as job:
        display = display_on(session.terminal.err, tally, quiet=quiet, still_open=lambda: _still_open(job))
        job.events.listen(display)
        report = _in_workers(job, do, display)
        return summary_of(job, report, tally, time.monotonic() - began)


def _in_workers(job: Job, do: Doing, display: Display) -> RunReport:
    """The main thread only waits: a signal never falls into a call that is being made."""
    lanes = job.settings.sending.lanes
    with (
        display,
        interruptible(job.stop, display.stopping),
        ThreadPoolExecutor(max_workers=lanes) as executor,
    ):
        return do(job, executor)


def _still_open(job: Job) -> tuple[int, int]:
    with job.store.reading() as conn:
        orders, sizes = open_rows(conn, job.store.tables)
    return orders.waiting + orders.in_doubt, sizes.waiting + sizes.in_doubt


def ended(session: Session, done: RunSummary, *, as_json: bool) -> None:
    """The last words, and the exit code."""
    if as_json:
        session.terminal.json(done.to_json())
    else:
        render(session.terminal, done)
    raise typer.Exit(done.exit_code)
