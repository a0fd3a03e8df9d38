"""python -m monday_simulator: serve a simulated account until interrupted."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from monday_simulator.account.state_file import StateInUseError
from monday_simulator.gateway.eras import ErrorFormat
from monday_simulator.gateway.faults import FaultError, load_faults
from monday_simulator.gateway.latency import Latency
from monday_simulator.limits import Limits
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
    made.add_argument("--port", type=int, default=8080, help="0 takes a free port")
    made.add_argument("--seed-file", type=Path, help="JSON with the boards to start from, where the state is empty")
    made.add_argument("--state", type=Path, help="file that keeps the account; in memory without")
    made.add_argument("--faults", type=Path, help="JSON with the scripted faults")
    made.add_argument("--wire", type=Path, help="file that gets every request as a JSON line")
    made.add_argument("--token", help="the only token to accept; any without")
    made.add_argument("--latency-ms", type=float, default=0.0, help="server time of each mutation")
    made.add_argument("--request-ms", type=float, default=0.0, help="server time of each request")
    made.add_argument("--complexity", type=int, help="points a minute")
    made.add_argument("--requests-per-minute", type=int)
    made.add_argument("--calls-per-day", type=int)
    made.add_argument("--idempotency-seconds", type=float, help="how long an answer is kept for its key")
    made.add_argument("--read-lag-seconds", type=float, help="how long a new item stays hidden from look-ups")
    made.add_argument(
        "--error-format",
        type=ErrorFormat,
        choices=list(ErrorFormat),
        default=ErrorFormat.CURRENT,
        help="how errors are told, by the API version that brought the form",
    )
    made.add_argument("--random-seed", type=int, default=0, help="fixes ids")
    return made


def limits_of(options: argparse.Namespace) -> Limits:
    given = {
        "complexity_per_minute": options.complexity,
        "requests_per_minute": options.requests_per_minute,
        "calls_per_day": options.calls_per_day,
        "idempotency_window": _seconds(options.idempotency_seconds),
        "read_lag": _seconds(options.read_lag_seconds),
    }
    return replace(Limits(), **{name: value for name, value in given.items() if value is not None})


def _seconds(given: float | None) -> timedelta | None:
    return None if given is None else timedelta(seconds=given)


def _simulator(options: argparse.Namespace) -> Simulator:
    return Simulator(
        load_seed(options.seed_file) if options.seed_file else None,
        limits=limits_of(options),
        faults=load_faults(options.faults) if options.faults else (),
        latency=Latency(options.request_ms, options.latency_ms),
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
            serve(simulator, options.host, options.port, _say)
    except (SeedError, FaultError, StateInUseError, OSError) as error:
        sys.stderr.write(f"monday_simulator: {error}\n")
        return WRONG_USE
    except KeyboardInterrupt:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
