"""simulator: a local stand-in for monday.com with a board that fits the mapping."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from monday_simulator import Latency, Limits, Rule, Seed, Simulator, load_faults, load_seed
from monday_simulator.faults import FaultError
from monday_simulator.seed import SeedError
from monday_simulator.server import serve
from monday_simulator.simulator import API_PATH
from monday_simulator.state_file import StateInUseError
from order_sync.cli.board_seed import board_seed
from order_sync.cli.session import Session, session_of
from order_sync.model.errors import UsageError


def simulator(
    ctx: typer.Context,
    port: Annotated[
        int, typer.Option("--port", metavar="N", min=0, max=65535, help="TCP port on this machine; 0 takes a free one.")
    ] = 8765,
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
    ] = Limits().complexity_per_minute,
) -> None:
    """Serve a board like monday.com, on this machine.

    It has the columns of the mapping. Ctrl-C ends it.
    """
    session = session_of(ctx)
    say = session.terminal.say
    try:
        boards, script = _boards(session, seed_file), _script(faults)
        limits, latency = Limits(complexity_per_minute=points), Latency(0.0, latency_ms)
        with Simulator(boards, limits=limits, faults=script, latency=latency, state=state) as account:
            serve(account, port=port, ready_callback=lambda url: _tell(session, url, state))
    except KeyboardInterrupt:
        pass
    except (SeedError, FaultError, StateInUseError, OSError) as error:
        raise UsageError(
            f"the simulator cannot be started: {error}",
            next_step="correct the file, or name another --port or --state",
        ) from None
    say("the simulator has ended", style="dim")


def _tell(session: Session, url: str, state: Path | None) -> None:
    say = session.terminal.say
    say("the board:  ", (url, "bold cyan"))
    say("the API:    ", (url + API_PATH, "cyan"), "   (monday.url in the settings; any token)")
    say("kept in:    ", str(state) if state is not None else "memory only")
    say("Ctrl-C ends it.", style="dim")
    session.terminal.out.file.flush()


def _boards(session: Session, file: Path | None) -> Seed:
    if file is not None:
        return load_seed(file)
    project = session.project()
    return load_seed(board_seed(project.mapping, project.customers))


def _script(file: Path | None) -> tuple[Rule, ...]:
    return load_faults(file) if file is not None else ()
