"""drill: the promise put to the proof on one's own mapping, against the simulator, with faults drawn from a seed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from order_sync.cli.choices import AsJson
from order_sync.cli.examples import CUSTOMERS, MAPPING, example_text
from order_sync.cli.session import Session, session_of
from order_sync.model.errors import SettingsError, UsageError
from order_sync.model.mapping_file import load_customers, load_mapping_file
from order_sync.settings import Settings
from order_sync.wiring import Project

SEED, TRIALS = 2026, 100
_WHICH: Final = "What is tried"


def drill(
    ctx: typer.Context,
    seed: Annotated[
        int, typer.Option("--seed", metavar="N", min=0, help="Another seed, other trials.", rich_help_panel=_WHICH)
    ] = SEED,
    trials: Annotated[
        int | None,
        typer.Option(
            "--trials", metavar="N", min=1, help=f"Trials with faults; {TRIALS} by default.", rich_help_panel=_WHICH
        ),
    ] = None,
    minutes: Annotated[
        float | None,
        typer.Option("--minutes", metavar="M", help="As many as the time allows.", rich_help_panel=_WHICH),
    ] = None,
    replay: Annotated[
        str | None,
        typer.Option("--replay", metavar="TRIAL", help="One trial of a report, e.g. 7-12.", rich_help_panel=_WHICH),
    ] = None,
    example: Annotated[
        bool, typer.Option("--example", help="Take the shipped example's mapping.", rich_help_panel=_WHICH)
    ] = False,
    as_json: AsJson = False,
    report: Annotated[
        Path | None, typer.Option("--report", metavar="FILE", help="Write the report to this file too, as Markdown.")
    ] = None,
) -> None:
    """Prove the promise on your own mapping, under faults.

    Works with invented orders in a temporary folder, against a simulated board: never on your database or board.
    """
    session = session_of(ctx)
    if trials is not None and minutes is not None:
        raise UsageError("both --trials and --minutes were given", next_step="leave one of them out")
    if minutes is not None and minutes <= 0:
        raise UsageError("--minutes leaves no time for a trial", next_step="give it some, e.g. --minutes 5")
    only = None if replay is None else _parts(replay)
    project = example_project() if example else _own_project(session)
    # The simulator's code is not needed to run any other command, and takes long to load.
    from order_sync.cli.drill_course import Order, conduct

    count = None if minutes is not None else trials or TRIALS
    order = Order(seed, trials=count, minutes=minutes) if only is None else Order(only[0], only=only[1])
    raise typer.Exit(conduct(session, project, order, example=example, as_json=as_json, file=report))


def example_project() -> Project:
    """The shipped example with the default settings; what the environment says is not asked."""
    mapping = load_mapping_file(example_text(MAPPING), MAPPING)
    return Project(Settings(), mapping, load_customers(example_text(CUSTOMERS), CUSTOMERS))


def _own_project(session: Session) -> Project:
    try:
        return session.project()
    except SettingsError as error:
        if session.config.exists():
            raise
        step = f"{error.next_step}; --example drills the shipped example"
        raise SettingsError(error.what, where=error.where, next_step=step) from None


def _parts(trial: str) -> tuple[int, int]:
    """Seed and number of a trial."""
    seed, _, number = trial.strip().partition("-")
    if not (seed.isascii() and seed.isdecimal() and number.isascii() and number.isdecimal()):
        step = "give it as the report names it, e.g. 7-12"
        raise UsageError(f"{trial!r} is no trial", where="--replay", next_step=step)
    return int(seed), int(number)
