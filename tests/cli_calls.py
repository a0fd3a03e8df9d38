"""Calling the command line in this process, and in one of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from typer.testing import CliRunner, Result

from monday_simulator import Limits
from monday_simulator.web.server import serving
from order_sync.cli import app
from order_sync.clock import SystemClock
from tests.harness import House, build_house

TOKEN = "token-of-the-tests"
PLENTY = Limits(complexity_per_minute=1_000_000_000)
AWAY = {  # a board that nobody serves
    "ORDER_SYNC_MONDAY__URL": "http://127.0.0.1:9/v2",
    "ORDER_SYNC_TOKEN": TOKEN,
    "ORDER_SYNC_TIMES__SCALE": "0.001",
}
MAIN = "import sys; sys.argv[0] = 'order-sync'; from order_sync.cli import main; main()"
PLAIN: Mapping[str, str | None] = {
    "ORDER_SYNC_TOKEN": None,
    "ORDER_SYNC_PROFILE": None,
    "ORDER_SYNC_CONFIG": None,
    "ORDER_SYNC_DEBUG": None,
    "NO_COLOR": "1",
    "COLUMNS": "200",
}


def call(*words: str | Path, folder: Path | None = None, **environment: str) -> Result:
    """One call of the program; `folder`: that of the settings file."""
    config = [] if folder is None else ["--config", str(folder / "order-sync.toml")]
    return CliRunner(env={**PLAIN, **environment}).invoke(app, [*config, *map(str, words)], prog_name="order-sync")


def called(house: House, *words: str | Path, **environment: str) -> Result:
    """A call in the house's folder, without a token unless one is given."""
    return call(*words, folder=house.folder, **environment)


def json_of(result: Result) -> Any:
    """What a call with --json said; fails where stdout holds anything else."""
    return json.loads(result.stdout)


def real_house(folder: Path, **more: Any) -> House:
    """A house whose times are real; its account has points for everything, so that no minute has to pass."""
    return build_house(folder, clock=SystemClock(), **{"limits": PLENTY, **more})


@contextmanager
def served(house: House, scale: float = 0.01) -> Iterator[dict[str, str]]:
    """The house's board behind a socket; yields the environment that leads to it.

    What is waited for is short; what a busy machine may miss is not.
    """
    patient = {"SEND_DEADLINE": 3, "READ_TIMEOUT": 20, "CONNECT_TIMEOUT": 5, "LEASE_TTL": 60, "LEASE_BEAT": 5}
    with serving(house.simulator) as url:
        yield {
            "ORDER_SYNC_MONDAY__URL": f"{url}/v2",
            "ORDER_SYNC_TOKEN": TOKEN,
            "ORDER_SYNC_TIMES__SCALE": str(scale),
            **{f"ORDER_SYNC_TIMES__{name}": str(seconds / scale) for name, seconds in patient.items()},
        }


def start(folder: Path, *words: str, **environment: str) -> subprocess.Popen[str]:
    """The program as a process of its own."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("ORDER_SYNC_")}
    path = str(Path(__file__).resolve().parents[1] / "src")
    return subprocess.Popen(
        [sys.executable, "-c", MAIN, "--config", str(folder / "order-sync.toml"), *words],
        env={**inherited, "PYTHONPATH": path, "PYTHONUTF8": "1", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
