"""A simulator behind a socket, a driver in a process of its own, and what the driver told."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from monday_simulator import Rule, Simulator
from monday_simulator.account.reading import text_of
from monday_simulator.account.state import Board, Column, Item
from monday_simulator.web.server import serving

DRIVERS = Path(__file__).parent / "drivers"
TOKEN = "a-token"
DRIVER_SECONDS = 60
Told = dict[str, dict[str, Any]]

# The eighth item is refused at first, and the ninth is made while its answer is an error.
FAULTS = (
    Rule(kind="throttle_429", on="create_item", nth=8, retry_in_seconds=7, code="MINUTE_RATE_LIMIT_EXCEEDED"),
    Rule(kind="error_500_after", on="create_item", nth=9),
    Rule(kind="html_502_after", on="account", nth=1),
)


class Stage:
    """folder: where a driver may put its files."""

    def __init__(self, simulator: Simulator, url: str, folder: Path) -> None:
        self.host = url.removeprefix("http://")
        self._simulator = simulator
        self._known = {**os.environ, "SIMULATOR": url, "TOKEN": TOKEN, "FOLDER": str(folder)}

    def javascript(self, driver: str, clients: Path, **environment: str) -> Story:
        node = shutil.which("node")
        assert node is not None
        return self._played([node, str(DRIVERS / driver)], CLIENTS=str(clients), **environment)

    def python(self, driver: str, interpreter: Path) -> Story:
        return self._played([str(interpreter), "-I", "-X", "utf8", str(DRIVERS / driver)])

    def _played(self, command: list[str], **environment: str) -> Story:
        """Fails with all that the driver said where it did not come to its end."""
        known = {**self._known, **environment}
        done = subprocess.run(
            command, env=known, capture_output=True, text=True, encoding="utf-8", timeout=DRIVER_SECONDS
        )
        assert done.returncode == 0, done.stdout + done.stderr
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        return Story(self._simulator, {line.pop("step"): line for line in lines})


class Story:
    """What a driver told, by step, beside the truth: read off the simulator, not through its answers."""

    def __init__(self, simulator: Simulator, told: Told) -> None:
        self.simulator = simulator
        self._told = told

    def __getitem__(self, step: str) -> dict[str, Any]:
        return self._told[step]

    def board(self) -> Board:
        return self.simulator.store.boards[self["filled"]["board"]]

    def item(self, number: int) -> Item:
        return self.simulator.store.items[self["filled"]["items"][number - 1]]

    def column(self, name: str) -> Column:
        """By the driver's own name for it."""
        column = self.board().column(self["filled"]["columns"][name])
        assert column is not None
        return column

    def texts(self, number: int, *names: str) -> list[str | None]:
        return [text_of(self.column(name), self.item(number)) for name in names]

    def named(self, name: str) -> list[Item]:
        board = self.board()
        return [item for item in self.simulator.store.items.values() if item.board_id == board.id and item.name == name]


@contextmanager
def stage(folder: Path) -> Iterator[Stage]:
    with Simulator(faults=FAULTS, token=TOKEN) as simulator, serving(simulator) as url:
        yield Stage(simulator, url, folder)
