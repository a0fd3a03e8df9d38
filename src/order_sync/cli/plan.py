"""plan: what a run would do and what it would cost."""

from __future__ import annotations

import threading

import typer
from rich.text import Text

from order_sync.cli.choices import AsJson, AtMost, Customers, EverythingPlanned, Orders, Seasons, selected
from order_sync.cli.listing import Listing
from order_sync.cli.session import Session, session_of
from order_sync.cli.terminal import Terminal, duration, number, plural, table
from order_sync.model.errors import TokenMissing
from order_sync.reports.forecast import Cost, CustomerForecast, Forecast
from order_sync.settings import load_token
from order_sync.steps.forecast import forecast
from order_sync.steps.select import Selection
from order_sync.wiring import Project, open_job

_NO_TOKEN = "none"  # noqa: S105 - never sent: without a token the board is not asked
_MOST_CUSTOMERS = 20

_FATES = {
    "NEW": "sent",
    "CHANGED": "recognised; sending changes comes with a later version",
    "CANCELLED": "recognised; nothing is sent for them yet",
    "VANISHED": "recognised; they are kept",
    "HELD": "wait for a correction of their key",
    "UNCHANGED": "nothing",
}


def plan(
    ctx: typer.Context,
    customer: Customers = None,
    po: Orders = None,
    season: Seasons = None,
    everything: EverythingPlanned = False,
    limit: AtMost = None,
    as_json: AsJson = False,
) -> None:
    """Show what a run would do and cost.

    Writes nothing. Without a selection it looks at everything.
    """
    session = session_of(ctx)
    project = session.project()
    everything = everything or not (customer or po or season)
    show_plan(session, project, selected(project, customer, po, season, everything, limit), as_json=as_json)


def show_plan(session: Session, project: Project, selection: Selection, *, as_json: bool) -> None:
    """Also what `run --dry-run` shows."""
    selection.require_some()
    told = made(session, project, selection)
    if as_json:
        session.terminal.json(told.to_json())
    else:
        render(session.terminal, told)


def made(session: Session, project: Project, selection: Selection) -> Forecast:
    """The forecast; without a token it does not ask the board."""
    token = _token(project)
    with open_job(project, threading.Event(), session.events(), token=token or _NO_TOKEN) as job:
        return forecast(job, selection, ask_board=token is not None)


def _token(project: Project) -> str | None:
    try:
        return load_token(project.settings)
    except TokenMissing:
        return None


def render(terminal: Terminal, told: Forecast) -> None:
    """What would be done, held, made and spent."""
    terminal.out.print(_changes(told))
    if told.held:
        terminal.out.print(_held(told))
    if told.customers:
        terminal.out.print(_customers(told.customers))
        terminal.out.print(_cost(told.cost))
    _begun(terminal, told)
    for note in told.notes:
        terminal.say(("note: ", "yellow"), note)
    if told.cost.days > 1:
        what = f"{number(told.cost.calls)} calls take the allowance of {told.cost.days} days"
        terminal.say(("note: ", "yellow"), what)


def _changes(told: Forecast) -> Listing:
    made = table("class", "orders", "what a run does", right=("orders",), room={"what a run does": 30})
    for name, fate in _FATES.items():
        count = told.changes.get(name, 0)
        if count or name == "NEW":
            made.add_row(name, number(count), _new_fate(told) if name == "NEW" else fate)
    return made


def _new_fate(told: Forecast) -> Text:
    sizes = f" with {plural(told.sizes, 'size')}" if told.orders else ""
    parts = [Text(f"{told.orders:,} sent{sizes}", style="bold")]
    if told.queued:
        parts.append(Text(f"{told.queued:,} staged already"))
    if told.held_new:
        parts.append(Text(f"{told.held_new:,} held"))
    if told.left_out:
        parts.append(Text(f"{told.left_out:,} not selected"))
    return Text(", ").join(parts)


def _held(told: Forecast) -> Listing:
    made = table(
        *("held because", "rows", "e.g. order", "meaning"),
        right=("rows",),
        whole=("e.g. order",),
        room={"meaning": 30},
        spare=("e.g. order",),
    )
    for each in told.held:
        made.add_row(Text(each.cause, style="yellow"), number(each.rows), each.order_number or "-", each.meaning)
    if len(told.held) > 1:
        made.add_section()
        made.add_row(Text("held in all", style="bold"), Text(number(told.held_rows), style="bold"), "", "source rows")
    return made


def _customers(customers: tuple[CustomerForecast, ...]) -> Listing:
    counted = ("orders", "sizes", "groups", "new groups", "calls")
    made = table("customer", *counted, right=counted)
    for each in customers[:_MOST_CUSTOMERS]:
        cells = (each.orders, each.sizes, each.groups, each.new_groups, each.calls)
        made.add_row(Text(each.customer), *map(number, cells))
    rest = customers[_MOST_CUSTOMERS:]
    if rest:
        made.add_row(Text(f"{len(rest)} more", style="dim"), *_sums(rest), style="dim")
    if len(customers) > 1:
        made.add_section()
        made.add_row(plural(len(customers), "customer"), *_sums(customers), style="bold")
    return made


def _sums(customers: tuple[CustomerForecast, ...]) -> list[str]:
    names = ("orders", "sizes", "groups", "new_groups", "calls")
    return [number(sum(getattr(each, name) for each in customers)) for name in names]


def _cost(cost: Cost) -> Listing:
    made = table("cost", "", "")
    parts = f"{cost.item_calls:,} for orders, {cost.size_calls:,} for sizes, {cost.group_calls:,} for groups"
    per_order = "-" if cost.calls_per_order is None else f"{cost.calls_per_order:.2f} an order"
    made.add_row("calls", number(cost.calls), f"{parts}, {cost.read_calls:,} questions; {per_order}")
    made.add_row("points", number(cost.points), "as the published prices go; the server's own are used on the way")
    for limit in cost.limits:
        binds = limit.name == cost.binding
        label = Text(f"by {limit.name}", style="bold" if binds else "dim")
        made.add_row(
            label,
            Text(duration(limit.minutes * 60), style="bold" if binds else "dim"),
            Text(limit.told + (": this one binds" if binds else ""), style="" if binds else "dim"),
        )
    return made


def _begun(terminal: Terminal, told: Forecast) -> None:
    begun = told.begun
    if begun.due_rows:
        terminal.say(("first: ", "cyan"), f"{plural(begun.due_rows, 'failed row')} tried again when due")
    if begun.batches:
        rows = f"{plural(begun.orders, 'order')} and {plural(begun.sizes, 'size')}"
        what = f"{plural(begun.batches, 'batch', 'batches')} begun earlier: {rows} are still open"
        terminal.say(("first: ", "cyan"), what)
