"""simulator: a local stand-in for monday.com with a board that fits the mapping."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from order_sync.cli.board_seed import board_seed
from order_sync.cli.session import Session, session_of
from order_sync.model.errors import UsageError

PORT: Final = 8765
POINTS: Final = 10_000_000  # a minute: what paid plans have


def simulator(
    ctx: typer.Context,
    port: Annotated[
        int, typer.Option("--port", metavar="N", min=0, max=65535, help="TCP port on this machine; 0 takes a free one.")
    ] = PORT,
    state: Annotated[
        Path | None,
        typer.Option("--state", metavar="FILE", help="Keep the board in this file; without, in memory only."),
    ] = None,
    seed_file: Annotated[
        Path | None,
        typer.Option(
            "--seed-file",
            metavar="FILE",
            help="JSON with the boards to start from; by default the mapping's.",
        ),
    ] = None,
    faults: Annotated[
        Path | None, typer.Option("--faults", metavar="FILE", help="JSON with what is to go wrong, and when.")
    ] = None,
    latency_ms: Annotated[
        float, typer.Option("--latency-ms", metavar="MS", min=0, help="Milliseconds that each item or size takes.")
    ] = 0.0,
    points: Annotated[
        int, typer.Option("--points", metavar="N", min=1, help="Complexity points a minute that the account has.")
    ] = POINTS,
) -> None:
    """Serve a board like monday.com, on this machine.

    It has the columns of the mapping. Ctrl-C ends it.
    """
    session = session_of(ctx)
    with suppress(KeyboardInterrupt):
        _serve(session, port, state, seed_file, faults, latency_ms, points)
    session.terminal.say("the simulator has ended", style="dim")


def _serve(
    session: Session,
    port: int,
    state: Path | None,
    seed_file: Path | None,
    faults: Path | None,
    latency_ms: float,
    points: int,
) -> None:
    # Imported here: a GraphQL engine and a web server would slow down the start of every other command.
    from monday_simulator import Latency, Limits, Simulator, load_faults, load_seed
    from monday_simulator.faults import FaultError
    from monday_simulator.seed import SeedError
    from monday_simulator.server import serve
    from monday_simulator.state_file import StateInUseError

    try:
        boards = load_seed(seed_file if seed_file is not None else _of_the_mapping(session))
        script = load_faults(faults) if faults is not None else ()
        limits, latency = Limits(complexity_per_minute=points), Latency(0.0, latency_ms)
        with Simulator(boards, limits=limits, faults=script, latency=latency, state=state) as account:
            serve(account, port=port, ready_callback=lambda url: _tell(session, url, state))
    except (SeedError, FaultError, StateInUseError, OSError, sqlite3.Error) as error:
        raise UsageError(
            f"the simulator cannot be started: {error}",
            where=None if state is None else f"--state {state}",
            next_step="correct the file, or name another --port or --state",
        ) from None


def _of_the_mapping(session: Session) -> dict[str, Any]:
    project = session.project()
    return board_seed(project.mapping, project.customers)


def _tell(session: Session, url: str, state: Path | None) -> None:
    say = session.terminal.say
    say("the board:  ", (url, "bold cyan"))
    say("the API:    ", (f"{url}/v2", "cyan"), "   (monday.url in the settings; any token)")
    say("kept in:    ", str(state) if state is not None else "memory only")
    say("Ctrl-C ends it.", style="dim")
    session.terminal.out.file.flush()
