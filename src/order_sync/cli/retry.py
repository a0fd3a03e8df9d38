"""retry: rows that were refused, or failed too often, get all their tries again and are sent."""

from __future__ import annotations

from concurrent.futures import Executor
from typing import Annotated

import typer

from order_sync.cli.choices import AsJson, IgnoreDailyLimit, one_or_none
from order_sync.cli.exits import ExitCode
from order_sync.cli.run import ended, watched
from order_sync.cli.session import Session, session_of
from order_sync.cli.terminal import plural
from order_sync.clock import SystemClock
from order_sync.model.errors import UsageError
from order_sync.model.ids import BatchId
from order_sync.reports.errors import rows_held
from order_sync.reports.retryable import Retryable, batches_called, retryable
from order_sync.run import RunReport, run_unfinished
from order_sync.steps.job import Job
from order_sync.steps.requeue import requeue
from order_sync.store.base import Store
from order_sync.wiring import open_store


def retry(
    ctx: typer.Context,
    batch: Annotated[
        str | None, typer.Option("--batch", metavar="ID", help="A batch; the beginning of its id will do.")
    ] = None,
    order: Annotated[
        str | None,
        typer.Option("--order", metavar="NUMBER", help="An order number, with all its lines and sizes."),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Everything that failed.")] = False,
    ignore_daily_limit: IgnoreDailyLimit = False,
    as_json: AsJson = False,
) -> None:
    """Send again what was refused.

    Held orders need a correction instead, rows in doubt only time.
    """
    given = (batch, order, everything)
    if not any(given) or not one_or_none(given):
        what = "more than one thing to retry was named" if any(given) else "say what to retry"
        raise UsageError(what, next_step="give one of --batch ID, --order NUMBER, --all")
    session = session_of(ctx)
    project = session.project()
    with open_store(project, SystemClock()) as store:
        wanted = None if batch is None else batch_called(store, batch)
        with store.reading() as conn:
            found = retryable(conn, store.tables, batch=wanted, order_number=order)
    if not found.failed:
        _nothing_failed(session, found, order, as_json=as_json)
    keys = None if order is None else found.order_keys

    def again(job: Job, executor: Executor) -> RunReport:
        job.daily.ignored = ignore_daily_limit
        requeue(job, found.batches, keys)
        return run_unfinished(job, found.batches, executor)

    ended(session, watched(session, project, again, quiet=as_json), as_json=as_json)


def batch_called(store: Store, beginning: str) -> BatchId:
    """The one batch whose id begins so. UsageError where there is none, or several."""
    with store.reading() as conn:
        found = batches_called(conn, store.tables, beginning)
    if len(found) != 1:
        what = "no batch begins" if not found else f"{len(found)} batches begin"
        raise UsageError(f"{what} with {beginning!r}", next_step="order-sync status shows them; give more of the id")
    return found[0]


def _nothing_failed(session: Session, found: Retryable, order: str | None, *, as_json: bool) -> None:
    """Why there is nothing to send again, and what to do instead."""
    if as_json:
        session.terminal.json(found.to_json())
    elif found.held:
        _held(session, found)
    elif found.in_doubt:
        session.terminal.say(
            f"{plural(found.in_doubt, 'row')} in doubt: they may be on the board, so they are looked up instead; "
            "next: order-sync run --all"
        )
    elif found.waiting:
        session.terminal.say(f"{plural(found.waiting, 'row is', 'rows are')} due anyway; next: order-sync run --all")
    elif order is not None:
        raise UsageError(
            f"no order {order!r} is staged or held",
            next_step="order-sync errors shows what is open; promoted orders need no retry",
        )
    else:
        session.terminal.say(("nothing", "bold green"), " has failed")
    raise typer.Exit(ExitCode.ATTENTION if found.held or found.in_doubt else ExitCode.DONE)


def _held(session: Session, found: Retryable) -> None:
    say = session.terminal.say
    rows = plural(rows_held(found.held), "source row is", "source rows are")
    say(f"{rows} held, not failed: there is nothing to send again.")
    for entry in found.held[:10]:
        say(
            (f"  {entry.order_number or 'without a number'}  ", "bold"),
            (entry.cause, "yellow"),
            f"  {entry.message}",
        )
        say("    ", (entry.what_next, "cyan"))
    if len(found.held) > 10:
        say(f"  {plural(len(found.held) - 10, 'entry', 'entries')} more: order-sync errors", style="dim")
