"""snapshot show, snapshot rebuild: what was promoted, and the file beside it."""

from __future__ import annotations

import threading

import typer

from order_sync.cli.choices import AsJson
from order_sync.cli.flags import Command, Group
from order_sync.cli.session import session_of
from order_sync.cli.terminal import number, plural
from order_sync.clock import SystemClock
from order_sync.reports.status import snapshot_report
from order_sync.snapshot import Standing, read_snapshot_file, standing
from order_sync.steps.restored import accept_restore
from order_sync.wiring import open_job, open_store

snapshot = typer.Typer(
    name="snapshot",
    cls=Group,
    help="Show what was promoted; go on after a restore.",
    no_args_is_help=True,
)

_STANDING = {
    Standing.SAME: "the same as the table",
    Standing.REBUILD: "missing, damaged or older: the next run writes it again",
    Standing.NEWER: "newer than the table: the database was restored from an older backup",
}


@snapshot.command(cls=Command)
def show(ctx: typer.Context, as_json: AsJson = False) -> None:
    """Print how the snapshot table and its file stand."""
    session = session_of(ctx)
    project = session.project()
    with open_store(project, SystemClock()) as store, store.reading() as conn:
        report = snapshot_report(conn, store.tables)
    path = project.settings.path(project.settings.snapshot)
    found = standing(read_snapshot_file(path), report.generation)
    if as_json:
        session.terminal.json({**report.to_json(), "file": str(path), "file_standing": found.name.lower()})
        return
    say = session.terminal.say
    say(f"generation {number(report.generation)}, {plural(report.orders, 'promoted order')}")
    say(f"{path}: {_STANDING[found]}", style="yellow" if found is Standing.NEWER else "")
    if found is Standing.NEWER:
        say("next: order-sync snapshot rebuild", style="cyan")


@snapshot.command(cls=Command)
def rebuild(ctx: typer.Context) -> None:
    """After a database was restored: read the whole board, then go on from there. Changes nothing on the board."""
    session = session_of(ctx)
    project = session.project()
    with open_job(project, threading.Event(), session.events()) as job:
        keyed = accept_restore(job)
    session.terminal.say(
        f"the board holds {plural(keyed, 'item')} with our key; a run adopts them instead of making them anew"
    )
    session.terminal.say("next: order-sync plan --all", style="cyan")
