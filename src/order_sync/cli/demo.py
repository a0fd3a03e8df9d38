"""`order-sync demo`: orders travel to a simulated board that misbehaves, and the result is proved."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from order_sync.cli.demo_ending import Figures, tell_ending, wait_for_interrupt
from order_sync.cli.demo_evidence import reading, sent_again
from order_sync.cli.demo_folder import (
    CUSTOMERS,
    ROWS,
    SEED,
    DemoFolder,
    clear,
    edited_rows,
    find_folder,
    make_folder,
    require_its_tables,
)
from order_sync.cli.demo_server import is_held, serving, wire_records
from order_sync.cli.demo_steps import check_all, fill_source, run_all, tell_board
from order_sync.cli.demo_story import Story
from order_sync.cli.demo_verdict import prove
from order_sync.cli.exits import ExitCode
from order_sync.cli.session import Session, session_of
from order_sync.cli.tally import Tally
from order_sync.cli.terminal import plural
from order_sync.model.errors import UsageError
from order_sync.settings import ENV_PREFIX, PASSWORD_VARIABLE
from order_sync.store.sqlserver_url import parted
from order_sync.wiring import Project, load_project


def demo(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Option("--folder", metavar="FOLDER", help="Where everything is kept.")] = Path(
        "demo"
    ),
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Delete what an earlier demo left in the folder, and start anew.")
    ] = False,
    keep: Annotated[bool, typer.Option("--keep", help="Keep the simulator running at the end, until Ctrl-C.")] = False,
    rows: Annotated[
        int | None, typer.Option("--rows", metavar="N", min=1, max=9_000, help=f"Source rows; {ROWS} in a new folder.")
    ] = None,
    customers: Annotated[
        int | None, typer.Option("--customers", metavar="N", min=1, help=f"Customers; {CUSTOMERS} in a new folder.")
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option("--seed", metavar="N", help=f"The same seed gives the same orders; {SEED} in a new folder."),
    ] = None,
    database: Annotated[
        str | None,
        typer.Option(
            "--database",
            metavar="URL",
            help="A SQL Server database for all tables, made for trying things; else a SQLite file in the folder.",
        ),
    ] = None,
    record: Annotated[Path | None, typer.Option("--record", metavar="FILE.svg", hidden=True)] = None,
) -> None:
    """Send invented orders to a simulated board that misbehaves, and prove the result from outside.

    Everything is kept in one folder. Run it again: it goes on from there, and finds nothing to send.
    """
    session = session_of(ctx)
    story = Story(session.terminal.out, recording=record is not None)
    server, password = parted(database) if database else ("", None)
    with _without_our_variables(password):
        place = _folder(folder, fresh, Asked(rows, customers, seed, server))
        story.title("Order Sync demo", f"kept in {folder}")
        code = _play(story, session, place, keep)
    if record is not None:
        story.draw(record, "order-sync demo")
    raise typer.Exit(code)


@dataclass(frozen=True)
class Asked:
    """What the options say of the orders and where they are; None or empty where they say nothing."""

    rows: int | None
    customers: int | None
    seed: int | None
    server: str

    def require_agreed(self, found: DemoFolder) -> None:
        """UsageError: the folder holds something else."""
        seed = found.seed if self.seed is None else self.seed
        asked = (self.rows or found.rows, self.customers or found.customers, seed)
        if asked != (found.rows, found.customers, found.seed):
            kept = f"{plural(found.rows, 'row')}, {plural(found.customers, 'customer')}, seed {found.seed}"
            raise _other_than_the_folders(found, kept, "--rows, --customers and --seed")
        if self.server and self.server != found.server:
            raise _other_than_the_folders(found, f"tables in {found.server or found.database}", "--database")


def _other_than_the_folders(found: DemoFolder, kept: str, options: str) -> UsageError:
    step = f"leave {options} out, name another --folder, or start anew with --fresh"
    return UsageError(f"the folder holds {kept}", where=str(found.path), next_step=step)


@contextmanager
def _without_our_variables(password: str | None) -> Iterator[None]:
    """Nobody's ORDER_SYNC_DATABASE__URL sends the demo to a real database, nor their token anywhere. `password`: of a
    database that was named to the demo itself, in place of the variable's."""
    taken = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith(ENV_PREFIX)}
    password = password or taken.get(PASSWORD_VARIABLE)
    if password:
        os.environ[PASSWORD_VARIABLE] = password
    try:
        yield
    finally:
        os.environ.pop(PASSWORD_VARIABLE, None)
        os.environ.update(taken)


def _folder(path: Path, fresh: bool, asked: Asked) -> DemoFolder:
    """The folder to work in. Options are for a new one, or agree with the one that is there."""
    found = find_folder(path)
    if found is not None and not fresh and found.ready:
        asked.require_agreed(found)
        require_its_tables(found)
        return found
    if found is not None:
        if is_held(found.board):
            raise UsageError(
                "a simulator still serves this folder's board",
                where=str(found.board),
                next_step="end it with Ctrl-C in its window, then run this again",
            )
        clear(found)
    seed = SEED if asked.seed is None else asked.seed
    server = asked.server or (found.server if found is not None else "")
    return make_folder(path, asked.rows or ROWS, asked.customers or CUSTOMERS, seed, server)


def _play(story: Story, session: Session, place: DemoFolder, keep: bool) -> ExitCode:
    first = not place.board.exists()
    place = fill_source(story, place)
    with serving(place, faults=first) as server:
        place = server.folder
        tell_board(story, server, first)
        project = load_project(place.settings)
        code = check_all(story, project)
        if code is not ExitCode.DONE:
            return code
        before, again = len(wire_records(place.port)), _sent_again(project)
        tally = Tally()
        code = run_all(story, session, project, tally)
        if code is not ExitCode.DONE:
            return code
        calls = wire_records(place.port)[before:]
        verdict = prove(story, place, project, edited_rows(place, project))
        figures = Figures(tally, calls, _sent_again(project) - again)
        tell_ending(story, place, figures, verdict, keep=keep)
        if keep:
            wait_for_interrupt(story, place)
    return ExitCode.DONE if verdict.proved else ExitCode.ATTENTION


def _sent_again(project: Project) -> int:
    with reading(project) as reader:
        return sent_again(reader)
