"""canary: measure on a sandbox board whether the live service behaves as the send protocol assumes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.text import Text

from order_sync.canary import results as files
from order_sync.canary.conduct import Outside, Prepared, conduct, prepare
from order_sync.canary.results import Results
from order_sync.canary.standing import folder_of
from order_sync.canary.survey import ROUNDS, Outcome
from order_sync.canary.verdicts import TITLES, Verdict
from order_sync.cli.choices import AsJson
from order_sync.cli.exits import ExitCode, code_of
from order_sync.cli.interrupt import interruptible
from order_sync.cli.listing import Listing
from order_sync.cli.session import Session, session_of
from order_sync.cli.terminal import Terminal, number, plural, table
from order_sync.clock import SystemClock
from order_sync.model.errors import UsageError
from order_sync.model.ids import BoardId
from order_sync.wiring import Project

_STYLES: Final = {Verdict.AS_ASSUMED: "green", Verdict.DIFFERS: "bold red", Verdict.INCONCLUSIVE: "yellow"}
_STOPPING: Final = (
    "stopping: what was made on the board is being cleared away. Ctrl-C again leaves at once, and leaves it"
)


def canary(
    ctx: typer.Context,
    board: Annotated[
        str,
        typer.Option("--board", metavar="NUMBER", help="The sandbox board: its number, from its address."),
    ],
    rounds: Annotated[
        int, typer.Option("--rounds", metavar="N", min=1, max=20, help="How often ten items are made and looked for.")
    ] = ROUNDS,
    long: Annotated[
        bool, typer.Option("--long", help="Also wait 31 minutes, until an idempotency key is over.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Take the orders' own board, as long as it is empty.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell what it would cost, and change nothing.")] = False,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Where the results go, instead of canary.folder.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Measure a sandbox board of the live service.

    Makes items in a group of its own, looks for them, and deletes all of them at the end.
    """
    session = session_of(ctx)
    if not (board.isascii() and board.isdecimal()):
        step = "give the digits of the board's address"
        raise UsageError(f"{board!r} is no board number", where="--board", next_step=step)
    project = session.project()
    outside = Outside(SystemClock(), threading.Event())
    prepared = prepare(project, BoardId(board), outside, rounds=rounds, long=long, yes=yes)
    _announce(session.terminal.say if dry_run else session.terminal.note, prepared)
    if not dry_run:
        raise typer.Exit(_measured(session, project, prepared, outside, out, as_json))


def _announce(tell: Callable[..., None], prepared: Prepared) -> None:
    """What it will take, before it is taken: the result of a dry run, beside that of another."""
    described, cost = prepared.described, prepared.forecast
    tell(("board: ", "dim"), f"{described.id} {described.name!r}, in a group of its own, {prepared.title!r}")
    lags = "; more calls where rows take long to show"
    tell(("takes: ", "dim"), f"{plural(cost.calls, 'call')} and about {number(cost.points)} points{lags}")
    if not cost.subitems:
        tell(("note:  ", "yellow"), "no text column on a subitem board: sizes are not measured")


def _measured(
    session: Session, project: Project, prepared: Prepared, outside: Outside, out: Path | None, as_json: bool
) -> ExitCode:
    terminal = session.terminal
    with interruptible(outside.stop, lambda: terminal.note((_STOPPING, "yellow"))):
        measured, done = conduct(project, prepared, outside, lambda name: _begins(terminal, name))
    path = out or files.file_for(folder_of(project.settings), measured)
    files.write(path, measured)
    if as_json:
        terminal.json({"file": str(path), **files.plain(measured)})
    else:
        show(terminal, measured, done, path)
    return _code(measured, done)


def _begins(terminal: Terminal, name: str) -> None:
    terminal.note((f"{name} ", "cyan"), TITLES[name], " ..", style="dim")


def _code(measured: Results, done: Outcome) -> ExitCode:
    if done.stopped is not None:
        return code_of(done.stopped)
    wrong = measured.of(Verdict.DIFFERS) or measured.left
    return ExitCode.ATTENTION if wrong else ExitCode.DONE


def show(terminal: Terminal, measured: Results, done: Outcome, path: Path) -> None:
    """A row for each probe, then what is left on the board, and where the results are."""
    terminal.out.print(_table(measured))
    if done.stopped is not None:
        terminal.error(done.stopped)
    for left in measured.left:
        terminal.say(("left on the board: ", "bold red"), left, "; delete it by hand")
    if done.archived:
        terminal.say(("note: ", "yellow"), f"{plural(done.archived, 'archived item')} left in the board's archive")
    counts = ", ".join(f"{len(measured.of(verdict))} {verdict.value}" for verdict in Verdict)
    terminal.say((counts, "bold"), f"; {plural(measured.calls, 'call')}, {number(measured.points)} points")
    terminal.say(("results: ", "dim"), str(path), "; order-sync check reads them")


def _table(measured: Results) -> Listing:
    made = table(
        *("probe", "verdict", "measured", "what follows"),
        whole=("verdict",),
        room={"measured": 34, "what follows": 30},
    )
    for probe in measured.probes:
        verdict = Text(probe.verdict.value, style=_STYLES[probe.verdict])
        made.add_row(Text(f"{probe.id} {probe.title}"), verdict, probe.measured, Text(probe.follows, style="cyan"))
    return made
