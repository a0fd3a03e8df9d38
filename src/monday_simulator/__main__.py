"""python -m monday_simulator: serve a simulated account until interrupted."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from monday_simulator.account.state_file import StateInUseError
from monday_simulator.clock import VirtualClock
from monday_simulator.gateway.eras import ErrorFormat
from monday_simulator.gateway.faults import FaultError, script_of
from monday_simulator.limit_options import add_limits, latency_of, limits_of, port
from monday_simulator.seed import SeedError, load_seed
from monday_simulator.simulator import Simulator
from monday_simulator.web.server import serve

WRONG_USE = 2


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="python -m monday_simulator",
        description="A local stand-in for monday.com's GraphQL API. Its first line of output is its address.",
    )
    made.add_argument("--host", default="127.0.0.1", help="address to bind; loopback only by default")
    made.add_argument("--port", type=port, default=8080, help="0 takes a free port")
    made.add_argument("--seed-file", type=Path, help="JSON with the boards to start from, where the state is empty")
    made.add_argument("--state", type=Path, help="file that keeps the account; in memory without")
    made.add_argument("--faults", type=Path, help="file with the scripted faults: JSON, or a rule a line")
    made.add_argument(
        "--fault", action="append", default=[], metavar="RULE", help="one more rule: 'lost_after on=create_item nth=2'"
    )
    made.add_argument("--wire", type=Path, help="file that gets every request as a JSON line")
    made.add_argument(
        "--control", action="store_true", help="let this machine change faults and clock over HTTP, under /control"
    )
    made.add_argument(
        "--virtual-clock", action="store_true", help="time passes only by latency and by POST /control/clock"
    )
    made.add_argument("--token", help="the only token to accept; any without")
    made.add_argument(
        "--error-format",
        type=ErrorFormat,
        choices=list(ErrorFormat),
        default=ErrorFormat.CURRENT,
        help="how errors are told, by the API version that brought the form",
    )
    made.add_argument("--random-seed", type=int, default=0, help="fixes ids, drawn times and drawn faults")
    add_limits(made)
    return made


def _simulator(options: argparse.Namespace) -> Simulator:
    return Simulator(
        load_seed(options.seed_file) if options.seed_file else None,
        limits=limits_of(options),
        faults=script_of(options.faults, options.fault),
        latency=latency_of(options),
        clock=VirtualClock() if options.virtual_clock else None,
        state=options.state,
        token=options.token,
        wire_path=options.wire,
        random_seed=options.random_seed,
        error_format=options.error_format,
    )


def _say(url: str) -> None:
    sys.stdout.write(f"{url}\n")
    sys.stdout.flush()


def main(arguments: Sequence[str] | None = None) -> int:
    """0 after an interrupt, 2 for a seed, script, state or port that cannot be used."""
    options = parser().parse_args(arguments)
    try:
        with _simulator(options) as simulator:
            serve(simulator, options.host, options.port, _say, control=options.control)
    except (SeedError, FaultError, StateInUseError, OSError) as error:
        sys.stderr.write(f"monday_simulator: {error}\n")
        return WRONG_USE
    except KeyboardInterrupt:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
