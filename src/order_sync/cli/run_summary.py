"""What a run did and what it leaves behind: its last table, its JSON, its exit code."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from rich.text import Text

from order_sync.cli.exits import ExitCode, code_of
from order_sync.cli.status import held_told
from order_sync.cli.tally import Tally
from order_sync.cli.terminal import Part, Terminal, duration, number, plural, table
from order_sync.reports.batches import NOTHING, BatchReport, Counts, batch_reports
from order_sync.reports.shape import Report
from order_sync.reports.status import HeldGroup, held_groups, held_rows
from order_sync.run import RunReport, exit_code
from order_sync.steps.job import Job
from order_sync.steps.sweep_board import Swept

_RUN_AGAIN: Final = "run again: it goes on from what is recorded"


@dataclass(frozen=True, slots=True)
class Stop(Report):
    """Why a run ended early."""

    what: str
    where: str | None
    next_step: str | None


@dataclass(frozen=True, slots=True)
class Interruption(Report):
    """A customer whom a run had to leave in the middle."""

    customer: str
    why: str
    next_step: str


@dataclass(frozen=True, slots=True)
class RunSummary(Report):
    """What this run did; `orders`, `sizes`, `batches` and `held` are its batches, those of interrupted customers too,
    and the held orders of the selected customers, as they stand. `held_rows`: those in source rows. `not_begun`:
    planned orders that are not staged."""

    exit_code: int
    customers: int
    orders_staged: int
    orders_created: int
    sizes_created: int
    adopted: int
    sizes_adopted: int
    orders_promoted: int
    groups_made: int
    board_pauses: int  # times that a failing board was left alone
    calls: int
    calls_per_order: float | None
    seconds: float
    seconds_waited: float
    orders: Counts
    sizes: Counts
    held: tuple[HeldGroup, ...]
    held_rows: int
    not_begun: int
    unmatched: tuple[str, ...]
    skipped: tuple[str, ...]
    interrupted: tuple[Interruption, ...]
    halted: Stop | None
    stopped: bool
    unsettled_batches: int
    batches: tuple[BatchReport, ...]
    swept: Swept = field(default_factory=Swept)  # second items of a key


def summary_of(job: Job, report: RunReport, tally: Tally, seconds: float) -> RunSummary:
    """From the run's events, and from the rows of its batches as they stand now."""
    with job.store.reading() as conn:
        batches = batch_reports(conn, job.store.tables, ids=report.batches)
        held = held_groups(conn, job.store.tables, report.customers)
        rows_held = held_rows(conn, job.store.tables, report.customers)
    orders, sizes = NOTHING, NOTHING
    for batch in batches:
        orders, sizes = orders + batch.orders, sizes + batch.sizes
    promoted, calls = tally["batch.promoted"], job.board.budget.calls
    halted = report.halted
    return RunSummary(
        exit_code=_exit_code(report, orders + sizes),
        customers=len({batch.customer for batch in batches}),
        orders_staged=tally["order.staged"],
        orders_created=tally["item.created"] + tally["item.found"],
        sizes_created=tally["subitem.created"] + tally["subitem.found"],
        adopted=tally["item.adopted"],
        sizes_adopted=tally["subitem.adopted"],
        orders_promoted=promoted,
        groups_made=tally["groups.made"],
        board_pauses=tally["breaker.opened"],
        calls=calls,
        calls_per_order=round(calls / promoted, 3) if promoted else None,
        seconds=round(seconds, 3),
        seconds_waited=round(tally.waited, 3),
        orders=orders,
        sizes=sizes,
        held=held,
        held_rows=rows_held,
        not_begun=report.not_begun,
        unmatched=report.unmatched,
        skipped=tuple(str(each) for each in report.skipped),
        interrupted=tuple(Interruption(each.customer, each.why.what, _RUN_AGAIN) for each in report.interrupted),
        halted=None if halted is None else Stop(halted.what, halted.where, halted.next_step),
        stopped=report.stopped,
        unsettled_batches=report.unsettled,
        batches=batches,
        swept=report.swept,
    )


def _exit_code(report: RunReport, rows: Counts) -> int:
    """The run's own, but a halt has the code of its error; failed rows and rows in doubt need attention."""
    if report.halted is not None:
        return code_of(report.halted)
    code = exit_code(report)
    needs = rows.failed or rows.in_doubt
    return ExitCode.ATTENTION if code == ExitCode.DONE and needs else code


def render(terminal: Terminal, told: RunSummary) -> None:
    """The short table, and the next command for what needs attention."""
    ended_early = told.halted or told.skipped or told.stopped or told.interrupted
    if not (told.batches or told.not_begun or ended_early):
        asked = f"{plural(told.calls, 'question')} to the board" if told.calls else "no call was made"
        terminal.say(("nothing to send", "bold"), f": {asked} ({duration(told.seconds)})")
    else:
        _table(terminal, told)
    for option in told.unmatched:
        terminal.say(("note: ", "yellow"), f"no source row matches {option}")
    for holder in told.skipped:
        terminal.say(("skipped: ", "yellow"), holder)
    for each in told.interrupted:
        terminal.say(("interrupted: ", "yellow"), f"{each.customer}: {each.why}; next: {each.next_step}")
    if told.swept.archived:
        items = ", ".join(map(str, told.swept.archived))
        terminal.say(("archived: ", "yellow"), f"a call that was given up came through late; second items {items}")
    for left in told.swept.left:
        terminal.say(("second item: ", "yellow"), f"item {left.item_id}: {left.why}", ("   order-sync verify", "cyan"))
    for parts in _attention(told):
        terminal.say(*parts)


def _table(terminal: Terminal, told: RunSummary) -> None:
    made = table("this run", "", right=("",))
    rows: list[tuple[str, str, str]] = [
        ("customers", number(told.customers), ""),
        ("orders promoted", number(told.orders_promoted), "bold green" if told.orders_promoted else ""),
        ("sizes created", number(told.sizes_created), ""),
        ("groups made", number(told.groups_made), ""),
        ("pauses for a failing board", number(told.board_pauses) if told.board_pauses else "", "yellow"),
        ("found on the board", _found(told), ""),
        ("failed", number(told.orders.failed + told.sizes.failed), "red"),
        ("in doubt", number(told.orders.in_doubt + told.sizes.in_doubt), "yellow"),
        ("not sent yet", number(told.orders.waiting + told.sizes.waiting), "yellow"),
        ("orders not begun", number(told.not_begun) if told.not_begun else "", "yellow"),
        ("held", number(told.held_rows), "yellow"),
        ("calls", number(told.calls), ""),
        ("calls an order", number(told.calls_per_order), ""),
        ("time", duration(told.seconds), ""),
    ]
    for name, value, style in rows:
        if value:
            made.add_row(name, Text(value, style=style if value != "0" else "dim"))
    terminal.out.print(made)


def _found(told: RunSummary) -> str:
    """What was there before it was sent; empty where nothing was."""
    parts = [plural(told.adopted, "order")] if told.adopted else []
    parts += [plural(told.sizes_adopted, "size")] if told.sizes_adopted else []
    return ", ".join(parts)


def _attention(told: RunSummary) -> list[tuple[Part, ...]]:
    """One line for each kind of thing that is left, with the command for it."""
    lines: list[tuple[Part, ...]] = []
    if told.halted is not None:
        lines.append((("halted: ", "bold red"), told.halted.what))
        if told.halted.where:
            lines.append((("  where: ", "dim"), told.halted.where))
        if told.halted.next_step:
            lines.append((("  next:  ", "dim"), (told.halted.next_step, "cyan")))
    elif told.stopped:
        lines.append((("stopped: ", "bold yellow"), "what was done is kept; the next run goes on from here"))
    if told.held:
        lines.append((("held: ", "yellow"), held_told(told.held_rows, told.held), ("   order-sync errors", "cyan")))
    failed, doubt = told.orders.failed + told.sizes.failed, told.orders.in_doubt + told.sizes.in_doubt
    if failed:
        lines.append(
            (
                ("failed: ", "red"),
                plural(failed, "row"),
                ("   order-sync errors, order-sync retry --all", "cyan"),
            )
        )
    if doubt:
        what = f"{plural(doubt, 'row')}: the next run looks them up on the board"
        lines.append((("in doubt: ", "yellow"), what, ("   order-sync status", "cyan")))
    return lines
