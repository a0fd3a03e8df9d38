"""status: batches, who works on what, what is in doubt, held or due."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.text import Text

from order_sync.cli.choices import AsJson, OneCustomer, customer_called, refuse_unknown
from order_sync.cli.listing import Listing
from order_sync.cli.session import session_of
from order_sync.cli.terminal import Terminal, duration, number, plural, table
from order_sync.clock import SystemClock
from order_sync.model.ids import BoardId
from order_sync.reports.batches import BatchReport, Counts, Standing
from order_sync.reports.status import HeldGroup, Holder, StatusReport, status_report
from order_sync.wiring import open_store

_STYLES = {
    Standing.RUNNING: "cyan",
    Standing.INTERRUPTED: "yellow",
    Standing.OK: "green",
    Standing.ATTENTION: "yellow",
    Standing.FAILED: "red",
}


def status(
    ctx: typer.Context,
    customer: OneCustomer = None,
    days: Annotated[int, typer.Option("--days", metavar="N", min=0, help="Days back for batches that have ended.")] = 7,
    steps: Annotated[bool, typer.Option("--steps", help="Show when each step of a batch was completed.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show running and recent batches, and what is open.

    Asks the database only.
    """
    session = session_of(ctx)
    project = session.project()
    name = None if customer is None else customer_called(project, customer)
    with open_store(project, SystemClock()) as store:
        report = status_report(store, BoardId(project.mapping.board.id), customer=name, days=days)
    refuse_unknown(project, name, found=bool(report.batches or report.held))
    if as_json:
        session.terminal.json(report.to_json())
    else:
        render(session.terminal, report, steps=steps)


def render(terminal: Terminal, told: StatusReport, *, steps: bool) -> None:
    if told.batches:
        terminal.out.print(_batches(told.batches))
        if steps:
            terminal.out.print(_steps(told.batches))
    else:
        terminal.say(f"no batch in the last {plural(told.days, 'day')}")
    _holders(terminal, _worth_telling(told))
    for doubt in told.doubts:
        what = f"{plural(doubt.rows, doubt.kind)} of {doubt.customer}, the oldest for {duration(doubt.age_seconds)}"
        terminal.say(("in doubt: ", "yellow"), what)
    if told.due_rows:
        when = "" if told.next_due is None else f", from {moment(told.next_due)} on"
        terminal.say(("due again: ", "cyan"), f"{plural(told.due_rows, 'failed row')}{when}")
    if told.held:
        terminal.say(("held: ", "yellow"), held_told(told.held_rows, told.held), ("   order-sync errors", "cyan"))
    if told.today.no_call_before is not None:
        until = f"its calls of a day are used up: no call before {moment(told.today.no_call_before)}"
        terminal.say(("account: ", "yellow"), until, ("   order-sync run --all --ignore-daily-limit", "cyan"))
    elif told.today.calls:
        of = "" if told.today.limit is None else f" of {number(told.today.limit)}"
        terminal.say(("calls today: ", "dim"), f"{number(told.today.calls)}{of}")
    snapshot = told.snapshot
    terminal.say(
        ("snapshot: ", "dim"),
        f"generation {number(snapshot.generation)}, {plural(snapshot.orders, 'promoted order')}",
    )


def held_told(rows: int, groups: tuple[HeldGroup, ...]) -> str:
    """`27 source rows: 8 DUPLICATE_KEY, ..`; a row with two causes is named under both."""
    causes = ", ".join(f"{group.source_rows:,} {group.cause}" for group in groups)
    return f"{plural(rows, 'source row')}: {causes}"


def moment(when: datetime | None) -> str:
    """A moment as people read it, in UTC."""
    return "-" if when is None else f"{when.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def _batches(batches: tuple[BatchReport, ...]) -> Listing:
    right = ("orders", "sizes", "success", "failed", "doubt", "calls", "time")
    made = table(
        *("started (UTC)", "customer", "batch", "status", *right),
        right=right,
        whole=("started (UTC)", "batch"),
        spare=("success", "calls", "time", "started (UTC)"),
    )
    for batch in batches:
        started = "-" if batch.started is None else f"{batch.started.astimezone(UTC):%m-%d %H:%M}"
        rows = batch.orders + batch.sizes
        made.add_row(
            started,
            Text(batch.customer),
            Text(str(batch.batch_id)[:8], style="dim"),
            Text(_spoken(batch), style=_STYLES[batch.standing]),
            _of(batch.orders),
            _of(batch.sizes),
            "-" if batch.success_percent is None else f"{batch.success_percent:.1f} %",
            Text(number(rows.failed), style="red" if rows.failed else "dim"),
            Text(number(rows.in_doubt), style="yellow" if rows.in_doubt else "dim"),
            number(batch.api_calls),
            duration(batch.duration_seconds),
        )
    return made


def _of(counts: Counts) -> str:
    return f"{counts.successful:,} of {counts.total - counts.cancelled:,}"


def _spoken(batch: BatchReport) -> str:
    """The status that operators know; of one that has not ended, whether somebody works on it."""
    if batch.standing in (Standing.RUNNING, Standing.INTERRUPTED):
        return f"{batch.status.value} ({batch.standing.value})"
    return batch.status.value


def _steps(batches: tuple[BatchReport, ...]) -> Listing:
    names = list(batches[0].steps)
    made = table("batch", *(name.replace("_", " ") for name in names), whole=("batch",))
    for batch in batches:
        cells = [batch.steps[name] for name in names]
        made.add_row(
            Text(str(batch.batch_id)[:8], style="dim"),
            *("-" if cell is None else f"{cell.astimezone(UTC):%H:%M:%S}" for cell in cells),
        )
    return made


def _worth_telling(told: StatusReport) -> tuple[Holder, ...]:
    """Who works, and what was left behind where there is something to take over: a lease of a process that is gone
    stands in nobody's way, and stays until somebody has work for it."""
    open_ = {f"customer:{batch.customer}" for batch in told.batches if batch.standing is Standing.INTERRUPTED}
    return tuple(each for each in told.holders if each.alive or each.resource in open_)


def _holders(terminal: Terminal, holders: tuple[Holder, ...]) -> None:
    """One line a process, with what it holds."""
    processes = {(each.host, each.pid, each.alive): each for each in reversed(holders)}
    for (host, pid, alive), first in sorted(processes.items(), key=str):
        held = [each.resource for each in holders if (each.host, each.pid, each.alive) == (host, pid, alive)]
        customers = [each.removeprefix("customer:") for each in held if each.startswith("customer:")]
        others = [each for each in held if not each.startswith("customer:")]
        what = ", ".join(
            [*others, *([f"{plural(len(customers), 'customer')} ({', '.join(customers)})"] if customers else [])]
        )
        if alive:
            terminal.say(("at work: ", "cyan"), f"process {pid} on {host} holds {what}, since {moment(first.since)}")
        else:
            gone = f"{what}, held by process {pid} on {host}, which is gone: the next run takes it over"
            terminal.say(("left over: ", "yellow"), gone)
