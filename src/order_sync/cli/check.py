"""check: mapping, database and live board compared before anything is written."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from typing import Annotated, TypeVar

import typer
from rich.text import Text

from order_sync.canary.standing import findings as canary_findings
from order_sync.cli.board_columns import show_columns
from order_sync.cli.choices import AsJson
from order_sync.cli.exits import ExitCode
from order_sync.cli.listing import Listing
from order_sync.cli.session import Session, session_of
from order_sync.cli.terminal import plural, table
from order_sync.clock import SystemClock
from order_sync.model.errors import OrderSyncError
from order_sync.reports.findings import CheckReport, Finding, Level
from order_sync.steps.check import Ground, accept_foreign
from order_sync.steps.check import check as compare
from order_sync.store.engine import Engines
from order_sync.store.tables import Tables
from order_sync.wiring import Project, open_board, open_database, open_job, open_source, our_tables

T = TypeVar("T")

_STYLES = {Level.ERROR: "red", Level.WARNING: "yellow", Level.OK: "green"}


def check(
    ctx: typer.Context,
    as_json: AsJson = False,
    accept_foreign_items: Annotated[
        bool,
        typer.Option(
            "--accept-foreign-items",
            help="Say, once, that the items on the board without our key are none of these orders.",
        ),
    ] = False,
    columns: Annotated[
        str | None,
        typer.Option(
            "--columns",
            metavar="NUMBER",
            help="List the columns of the board of this number with their ids, and compare nothing.",
        ),
    ] = None,
) -> None:
    """Compare mapping, database and live board.

    Changes none of them. Ends with 2 where something is wrong.
    """
    session = session_of(ctx)
    if columns is not None:
        show_columns(session, columns, as_json=as_json)
        return
    project = session.project()
    if accept_foreign_items:
        _accept(session, project)
        return
    report = examine(project)
    if as_json:
        session.terminal.json({"ok": not report.of(Level.ERROR), **report.to_json()})
    else:
        _show(session, report)
    raise typer.Exit(ExitCode.WRONG if report.of(Level.ERROR) else ExitCode.DONE)


def examine(project: Project) -> CheckReport:
    """Open what can be opened, and compare it."""
    with ExitStack() as stack:
        clock = SystemClock()

        def opened(manager: Callable[[], AbstractContextManager[T]]) -> T | OrderSyncError:
            try:
                return stack.enter_context(manager())
            except OrderSyncError as problem:
                return problem

        compared = compare(
            Ground(
                project.mapping_file,
                project.customers,
                opened(lambda: open_source(project, must_fit=False)),
                _database(project, stack),
                opened(lambda: open_board(project, clock)),
            )
        )
        measured = tuple(canary_findings(project.settings, clock.now()))
        return replace(compared, findings=(*compared.findings, *measured))


def _database(project: Project, stack: ExitStack) -> tuple[Engines, Tables] | OrderSyncError:
    try:
        engines = open_database(project.settings)
        stack.callback(engines.dispose)
        return engines, our_tables(project, engines)
    except OrderSyncError as problem:
        return problem


def _accept(session: Session, project: Project) -> None:
    with open_job(project, threading.Event(), session.events()) as job:
        foreign = accept_foreign(job, by=_who())
        board = job.board_id
    session.terminal.say(
        f"board {board} holds {plural(foreign, 'item')} without our key; "
        "from now on they count as none of these orders and are left alone"
    )


def _who() -> str:
    """For the record; a service has no name of its own."""
    return os.environ.get("USER") or os.environ.get("USERNAME") or "order-sync check"


def _show(session: Session, report: CheckReport) -> None:
    terminal = session.terminal
    terminal.out.print(_table(report.findings))
    for part in report.unchecked:
        terminal.say(("not checked: ", "yellow"), part)
    errors, warnings = (len(report.of(level)) for level in (Level.ERROR, Level.WARNING))
    if errors:
        terminal.say(
            (plural(errors, "error"), "bold red"),
            f", {plural(warnings, 'warning')}: correct the errors first",
        )
    else:
        ready = ("ready", "bold green") if not report.unchecked else ("nothing wrong in what was checked", "bold")
        terminal.say(ready, f", {plural(warnings, 'warning')}; next: ", ("order-sync plan --all", "cyan"))


def _table(findings: tuple[Finding, ...]) -> Listing:
    made = table("", "of", "what was found, and what to do")
    for finding in findings:
        text = Text(finding.what)
        if finding.level is not Level.OK and finding.where:
            text.append(f"\n{finding.where}", style="dim")
        if finding.fix:
            text.append(f"\n{finding.fix}", style="cyan")
        made.add_row(Text(finding.level.value, style=_STYLES[finding.level]), finding.area.value, text)
    return made
