"""simulator: a local stand-in for monday.com with a board that fits the mapping."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from order_sync.cli.board_seed import board_seed
from order_sync.cli.session import Session, session_of
from order_sync.model.errors import UsageError

if TYPE_CHECKING:
    from monday_simulator import Limits, Simulator

PORT = 8765


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
        Path | None,
        typer.Option("--faults", metavar="FILE", help="What is to go wrong, and when: JSON, or a rule a line."),
    ] = None,
    fault: Annotated[
        list[str] | None,
        typer.Option("--fault", metavar="RULE", help="One more rule, such as 'lost_after on=create_item nth=2'."),
    ] = None,
    wire: Annotated[
        Path | None, typer.Option("--wire", metavar="FILE", help="Write every request into this file, as JSON lines.")
    ] = None,
    control: Annotated[
        bool, typer.Option("--control", help="Let programs on this machine change the faults, and the page's switches.")
    ] = False,
    plan: Annotated[
        str | None,
        typer.Option("--plan", metavar="PLAN", help="Keep all documented limits of a plan, such as pro."),
    ] = None,
    latency_ms: Annotated[
        float, typer.Option("--latency-ms", metavar="MS", min=0, help="Milliseconds that each item or size takes.")
    ] = 0.0,
    recorded_latency: Annotated[
        bool, typer.Option("--recorded-latency", help="Take as long as recorded answers of the service took.")
    ] = False,
    points: Annotated[
        int | None,
        typer.Option("--points", metavar="N", min=1, help="Complexity points a minute; those of the plan without."),
    ] = None,
) -> None:
    """Serve a board like monday.com, on this machine.

    It has the columns of the mapping. Ctrl-C ends it.
    """
    session = session_of(ctx)
    asked = _Asked(
        port, state, seed_file, faults, tuple(fault or ()), wire, control, plan, latency_ms, recorded_latency, points
    )
    with suppress(KeyboardInterrupt):
        _serve(session, asked)
    session.terminal.say("the simulator has ended", style="dim")


@dataclass(frozen=True)
class _Asked:
    """The options, as they were given."""

    port: int
    state: Path | None
    seed_file: Path | None
    faults: Path | None
    rules: tuple[str, ...]
    wire: Path | None
    control: bool
    plan: str | None
    latency_ms: float
    recorded_latency: bool
    points: int | None


def _serve(session: Session, asked: _Asked) -> None:
    # Imported here: a GraphQL engine and a web server would slow down the start of every other command.
    from monday_simulator.account.state_file import StateInUseError
    from monday_simulator.gateway.faults import FaultError
    from monday_simulator.seed import SeedError
    from monday_simulator.web.server import serve

    try:
        with _account(session, asked) as account:
            tell = partial(_tell, session, asked.state)
            serve(account, port=asked.port, ready_callback=tell, control=asked.control)
    except FaultError as error:
        raise UsageError(
            f"the faults cannot be followed: {error}",
            where="--fault" if asked.rules else f"--faults {asked.faults}",
            next_step="correct the rule; docs/simulator/faults.md has an example of each kind",
        ) from None
    except (SeedError, StateInUseError, OSError, sqlite3.Error) as error:
        raise UsageError(
            f"the simulator cannot be started: {error}",
            where=None if asked.state is None else f"--state {asked.state}",
            next_step="correct the file, or name another --port or --state",
        ) from None


def _account(session: Session, asked: _Asked) -> Simulator:
    from monday_simulator import Latency, Simulator, load_seed
    from monday_simulator.gateway.faults import script_of

    return Simulator(
        load_seed(asked.seed_file if asked.seed_file is not None else _of_the_mapping(session)),
        limits=_limits(asked),
        faults=script_of(asked.faults, asked.rules),
        latency=Latency.recorded() if asked.recorded_latency else Latency(0.0, asked.latency_ms),
        state=asked.state,
        wire_path=asked.wire,
    )


def _limits(asked: _Asked) -> Limits:
    from monday_simulator import Limits
    from monday_simulator.limits import PLANS

    if asked.plan is not None and asked.plan not in PLANS:
        raise UsageError(f"there is no plan {asked.plan!r}", next_step=f"name one of {', '.join(PLANS)}")
    limits = Limits() if asked.plan is None else Limits.of(asked.plan)
    return limits if asked.points is None else replace(limits, complexity_per_minute=asked.points)


def _of_the_mapping(session: Session) -> dict[str, Any]:
    project = session.project()
    return board_seed(project.mapping, project.customers)


def _tell(session: Session, state: Path | None, url: str) -> None:
    say = session.terminal.say
    say("the board:  ", (url, "bold cyan"))
    say("the API:    ", (f"{url}/v2", "cyan"), "   (monday.url in the settings; any token)")
    say("kept in:    ", str(state) if state is not None else "memory only")
    say("Ctrl-C ends it.", style="dim")
    session.terminal.out.file.flush()
