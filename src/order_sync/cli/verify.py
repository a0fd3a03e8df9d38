"""verify: is the record of calls whole, and do board, ledger and production agree?"""

from __future__ import annotations

import threading
from typing import Annotated, Any

import typer
from rich.text import Text

from order_sync.cli.choices import AsJson
from order_sync.cli.exits import ExitCode
from order_sync.cli.listing import Listing
from order_sync.cli.session import Session, session_of
from order_sync.cli.terminal import plural, table
from order_sync.reports.verification import Verification
from order_sync.steps.sweep_board import Swept, sweep_surplus
from order_sync.steps.verify import verify as compare
from order_sync.wiring import open_job


def verify(
    ctx: typer.Context,
    sweep: Annotated[
        bool,
        typer.Option("--sweep", help="Archive second items that are ours; what a person made or edited stays."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Compare the board with what is recorded.

    Also whether the record of calls is whole. Changes nothing without --sweep. Ends with 1 where something is found.
    """
    session = session_of(ctx)
    swept = Swept()
    with open_job(session.project(), threading.Event(), session.events()) as job:
        found = compare(job)
        if sweep:
            swept = sweep_surplus(job, found.items, found.sizes)
            if swept.archived:
                found = compare(job)
    if as_json:
        session.terminal.json(_json(found.report, swept))
    else:
        _show(session, found.report, swept)
    raise typer.Exit(ExitCode.ATTENTION if found.report.findings or swept.put_off else ExitCode.DONE)


def _json(report: Verification, swept: Swept) -> dict[str, Any]:
    return {
        "ok": not report.findings,
        "chain": report.chain.to_json(),
        "compared": {name: value for name, value in report.comparison.to_json().items() if name != "findings"},
        "findings": [{**each.to_json(), "fix": each.fix} for each in report.findings],
        "swept": swept.to_json(),
    }


def _show(session: Session, report: Verification, swept: Swept) -> None:
    terminal, compared = session.terminal, report.comparison
    for head in report.chain.heads:
        terminal.say(f"record of board {head.board}: {plural(head.entries, 'entry', 'entries')}, up to {head.sha256}")
    terminal.say(
        f"compared: {plural(compared.orders, 'recorded order')} and {plural(compared.sizes, 'size')} with "
        f"{plural(compared.on_board, 'item')} on the board"
    )
    for note in compared.notes:
        terminal.say(("note: ", "yellow"), note)
    if swept.archived:
        terminal.say(("archived: ", "bold"), f"second items {', '.join(map(str, swept.archived))}")
    for left in swept.left:
        terminal.say(("left: ", "yellow"), f"item {left.item_id}: {left.why}")
    if swept.put_off:
        terminal.say(("put off: ", "yellow"), f"{plural(swept.put_off, 'item')}; run order-sync verify --sweep again")
    if report.findings:
        terminal.out.print(_table(report))
        terminal.say((plural(len(report.findings), "finding"), "bold red"))
    else:
        terminal.say(("record, ledger, production and board agree", "bold green"))


def _table(report: Verification) -> Listing:
    made = table("", "of", "what was found, and what to do")
    for finding in report.findings:
        text = Text(finding.what)
        text.append(f"\n{finding.fix}", style="cyan")
        made.add_row(Text(finding.disagreement.value, style="red"), finding.kind, text)
    return made
