"""errors: what needs a person, by cause, and one by one with its way out."""

from __future__ import annotations

import json
from difflib import get_close_matches
from textwrap import shorten
from typing import Annotated

import typer
from rich.text import Text

from order_sync.cli.choices import AsJson, OneCustomer, customer_called, refuse_unknown
from order_sync.cli.listing import Listing
from order_sync.cli.retry import batch_called
from order_sync.cli.session import session_of
from order_sync.cli.status import moment
from order_sync.cli.terminal import Terminal, number, plural, table
from order_sync.clock import SystemClock
from order_sync.model.causes import Cause
from order_sync.model.errors import UsageError
from order_sync.model.outcomes import ErrorClass
from order_sync.reports.errors import ErrorEntry, ErrorFilter, ErrorGroup, ErrorReport, error_report, rows_held
from order_sync.wiring import open_store

_MOST_LINES = 50
_WHAT = "what it means, an example, what to do"
_IN_FULL = 5  # entries that are shown with what was sent


def errors(
    ctx: typer.Context,
    customer: OneCustomer = None,
    order: Annotated[str | None, typer.Option("--order", metavar="NUMBER", help="Only this order number.")] = None,
    batch: Annotated[
        str | None,
        typer.Option("--batch", metavar="ID", help="Only this batch; the beginning of its id will do."),
    ] = None,
    cause: Annotated[str | None, typer.Option("--cause", metavar="WORD", help="Only this cause.")] = None,
    resolved: Annotated[bool, typer.Option("--all", help="Also what is resolved.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show what is held or failed, and what to do about it.

    Asks the database only.
    """
    _refuse_unknown_cause(cause)
    session = session_of(ctx)
    project = session.project()
    name = None if customer is None else customer_called(project, customer)
    with open_store(project, SystemClock()) as store:
        wanted = None if batch is None else batch_called(store, batch)
        with store.reading() as conn:
            report = error_report(conn, store.tables, ErrorFilter(name, order, wanted, cause, resolved))
    refuse_unknown(project, name, found=bool(report.entries))
    if as_json:
        session.terminal.json(report.to_json())
    else:
        render(session.terminal, report)


def _refuse_unknown_cause(word: str | None) -> None:
    known = [*map(str, Cause), *map(str, ErrorClass)]
    if word is None or word.strip().upper() in known:
        return
    close = get_close_matches(word.strip().upper(), known, n=3, cutoff=0.5)
    raise UsageError(
        f"there is no cause {word!r}",
        where="--cause",
        next_step=f"did you mean {' or '.join(close)}?" if close else f"one of {', '.join(known)}",
    )


def render(terminal: Terminal, told: ErrorReport) -> None:
    if told.others:
        others = plural(told.others, "other is", "others are")
        terminal.say(("no entry matches", "bold"), f"; {others} open: ", ("order-sync errors", "cyan"))
        return
    if not told.entries:
        terminal.say(("nothing", "bold green"), " is held or failed")
        return
    terminal.out.print(_groups(told.groups))
    held = [entry for entry in told.entries if entry.held]
    if held:
        entries = plural(len(held), "entry", "entries")
        terminal.say(("held: ", "yellow"), f"{plural(rows_held(held), 'source row')} in {entries}")
    if len(told.entries) <= _IN_FULL:
        for entry in told.entries:
            _in_full(terminal, entry)
        return
    terminal.out.print(_entries(told.entries[:_MOST_LINES]))
    rest = len(told.entries) - _MOST_LINES
    if rest > 0:
        terminal.say(f"{number(rest)} more: narrow with --customer, --cause or --order, or take --json", style="dim")
    terminal.say("With what was sent: ", ('order-sync errors --order "NUMBER"', "cyan"))


def _groups(groups: tuple[ErrorGroup, ...]) -> Listing:
    made = table(
        "cause",
        "entries",
        "customers",
        _WHAT,
        right=("entries", "customers"),
        room={_WHAT: 40},
        spare=("customers",),
    )
    for group in groups:
        text = Text(group.meaning)
        if group.meaning:
            text.append("\n")
        text.append(_short(group.example, 160), style="dim")
        text.append(f"\n{group.what_next}", style="cyan")
        made.add_row(Text(group.cause, style="bold"), number(group.entries), number(group.customers), text)
    return made


def _entries(entries: tuple[ErrorEntry, ...]) -> Listing:
    made = table(
        *("order", "size", "customer", "cause", "http", "message", "seen", "to do"),
        right=("http",),
        whole=("order", "seen"),
        room={"message": 30, "to do": 24},
        spare=("size", "http", "seen"),
    )
    for entry in entries:
        made.add_row(
            Text(entry.order_number or "-", style="bold"),
            Text(entry.size or ""),
            Text(entry.customer or "-"),
            Text(entry.cause, style="yellow" if entry.held else "red"),
            number(entry.http_status) if entry.http_status else "",
            Text(_short(entry.message or "", 120)),
            "-" if entry.last_seen is None else f"{entry.last_seen:%m-%d %H:%M}",
            Text(entry.retry or entry.what_next, style="cyan"),
        )
    return made


def _in_full(terminal: Terminal, entry: ErrorEntry) -> None:
    size = f", size {entry.size}" if entry.size else ""
    terminal.say((f"order {entry.order_number or 'without a number'}{size}", "bold"), f"  of {entry.customer or '-'}")
    http = f", HTTP {entry.http_status}" if entry.http_status else ""
    rows = f", {plural(entry.source_rows, 'source row')}" if entry.source_rows else ""
    facts = {
        "cause": f"{entry.cause}{http}{rows}",
        "message": entry.message or "-",
        "item": entry.name or "-",
        "sent": _json(entry.sent),
        "source": _json(entry.source_row),
        "seen": _seen(entry),
        "batch": str(entry.batch_id) if entry.batch_id else "-",
    }
    for name, value in facts.items():
        if value != "-":
            terminal.say((f"  {name:<8}", "dim"), value)
    terminal.say(("  to do   ", "dim"), (entry.what_next, "cyan"))
    if entry.retry:
        terminal.say("          ", (entry.retry, "cyan"))
    terminal.say("")


def _seen(entry: ErrorEntry) -> str:
    again = f", {plural(entry.retries, 'retry', 'retries')}" if entry.retries else ""
    return f"first {moment(entry.first_seen)}, last {moment(entry.last_seen)}{again}"


def _json(text: str | None) -> str:
    """One line, without what is NULL."""
    if not text:
        return "-"
    try:
        values = json.loads(text)
    except ValueError:
        return text
    return json.dumps({name: value for name, value in values.items() if value is not None}, ensure_ascii=False)


def _short(text: str, length: int) -> str:
    """Cut between two words."""
    return shorten(text, length, placeholder=" ..")
