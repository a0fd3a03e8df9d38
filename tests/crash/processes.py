"""An installation that real processes work on: its board behind HTTP, its times short, its runs told by their lines."""

from __future__ import annotations

import json
import os
import queue
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from narrow_source import narrow
from tests.harness import House, build_house

from monday_simulator.gateway.answers import Answer
from monday_simulator.gateway.latency import Latency
from monday_simulator.seed import load_seed
from monday_simulator.simulator import Simulator
from order_sync.cli.board_seed import board_seed
from order_sync.events import Events
from order_sync.steps.job import Job
from order_sync.wiring import load_project, open_job

TOKEN = "token-of-the-house"
SRC = Path(__file__).resolve().parents[2] / "src"
CHILD = Path(__file__).with_name("child.py")
PATIENCE = 60.0  # seconds before a test says that something will never happen

# What the simulator keeps to, with room for a machine that has better things to do: it applies a request some ten
# milliseconds after it came, and shows what it made 0.2 s later.
SETTINGS = """
mapping = "mapping.yaml"
[database]
url = "sqlite:///orders.db"
[monday]
url = "{url}/v2"
[sending]
batch_size = 5
wave = 5
[times]
send_deadline = 1.0
server_apply = 1.5
visibility = 0.5
quarantine_margin = 0.5
server_timeout = 1.0
read_timeout = 40.0
second_proof = 0.3
early_polls = [0.1, 0.5, 1.5]
settle_wait = 30.0
lease_ttl = {ttl}
lease_beat = 0.5
"""


@dataclass
class Installation(House):
    """A house whose board is reached over HTTP, once it is known where."""

    @property
    def seed_file(self) -> Path:
        """The board to start from, as JSON."""
        return self.folder / "seed.json"

    def served_at(self, url: str, *, ttl: float = 3.0) -> Installation:
        """`ttl`: seconds that a lease lives without a heartbeat."""
        settings = self.folder / "order-sync.toml"
        settings.write_text(SETTINGS.format(url=url, ttl=ttl), encoding="utf-8")
        self.project = load_project(settings)
        return self

    @contextmanager
    def job(self, stop: threading.Event | None = None) -> Iterator[Job]:
        with open_job(self.project, stop or threading.Event(), Events(), token=TOKEN) as job:
            yield job


def install(folder: Path, *, rows: int, customers: int) -> Installation:
    """Source, tables and the seed of a board in `folder`."""
    house = build_house(folder, rows=rows, customers=customers, seed=5)
    narrow(house)
    made = Installation(folder, house.project, house.simulator, None, house.expected, house.frame)
    seed = board_seed(house.project.mapping, house.project.customers)
    made.seed_file.write_text(json.dumps(seed), encoding="utf-8")
    return made


class Gate(Simulator):
    """A simulator that keeps the nth request with a mutation, not yet applied, until it is opened."""

    def __init__(self, seed_file: Path, mutation: str, nth: int = 1) -> None:
        super().__init__(load_seed(seed_file), latency=Latency(5.0, 2.0))
        self.arrived = threading.Event()
        self.opened = threading.Event()
        self._mutation = re.compile(rb"\b" + mutation.encode() + rb"\b")
        self._left = nth

    def handle(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes, address: str | None = None
    ) -> Answer:
        if self._mutation.search(body):
            self._left -= 1
            if self._left == 0:
                self.arrived.set()
                self.opened.wait(PATIENCE)
        return super().handle(method, path, headers, body, address)

    @property
    def mutations(self) -> int:
        """Requests that changed something."""
        return sum(record.applied is True for record in self.wire_log)


def eventually(what: str, condition: Callable[[], Any], seconds: float = PATIENCE) -> Any:
    """The condition's first true value. AssertionError when that does not come."""
    pause, until = threading.Event(), time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < until, f"waited {seconds:.0f} s in vain until {what}"
        pause.wait(0.02)
    return found


@dataclass
class Process:
    """A program of ours and what it says, line by line."""

    popen: subprocess.Popen[str]
    said: list[str] = field(default_factory=list)
    _lines: queue.Queue[str | None] = field(default_factory=queue.Queue)

    def __post_init__(self) -> None:
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.popen.stdout is not None
        for line in self.popen.stdout:
            self._lines.put(line.rstrip("\n"))
        self._lines.put(None)

    def line(self) -> str | None:
        """The next line; None at the end."""
        line = self._lines.get(timeout=PATIENCE)
        if line is not None:
            self.said.append(line)
        return line

    def until(self, words: str) -> None:
        """Read on to the line with these words."""
        while (line := self.line()) is not None:
            if words in line:
                return
        raise AssertionError(f"ended without saying {words!r}:\n" + "\n".join(self.said))

    def go_on(self) -> None:
        """The line that a held process waits for."""
        assert self.popen.stdin is not None
        self.popen.stdin.write("\n")
        self.popen.stdin.flush()

    def ended(self) -> int:
        """Its exit code, once it has ended by itself."""
        while self.line() is not None:
            pass
        return self.popen.wait(PATIENCE)

    def kill(self) -> None:
        """At once, without a chance to clean up."""
        self.popen.kill()
        self.popen.wait(PATIENCE)

    def close(self) -> None:
        if self.popen.poll() is None:
            self.kill()
        self._reader.join(PATIENCE)
        for stream in (self.popen.stdin, self.popen.stdout):
            if stream is not None:
                stream.close()

    @property
    def words(self) -> str:
        return "\n".join(self.said)


def _environment(folder: Path) -> dict[str, str]:
    """Ours, without anybody's settings. Where nothing is compiled for good, it is compiled once a session."""
    ours = {name: text for name, text in os.environ.items() if not name.startswith("ORDER_SYNC_")}
    ours["PYTHONPATH"] = os.pathsep.join([str(SRC), *filter(None, [ours.get("PYTHONPATH")])])
    if sys.dont_write_bytecode:
        ours |= {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(folder.parent / "compiled")}
    return ours | {"PYTHONUTF8": "1", "ORDER_SYNC_TOKEN": TOKEN}


@contextmanager
def process(folder: Path, *words: str | Path, **environment: str) -> Iterator[Process]:
    """Python with these words; killed at the end of the block if it still runs. Both its outputs are read as one."""
    popen = subprocess.Popen(
        [sys.executable, *map(str, words)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        env=_environment(folder) | environment,
    )
    started = Process(popen)
    try:
        yield started
    finally:
        started.close()


@contextmanager
def a_run(house: Installation, **environment: str) -> Iterator[Process]:
    """`order-sync run --all`, telling what it does."""
    words = [CHILD, "--config", house.folder / "order-sync.toml", "run", "--all"]
    with process(house.folder, *words, **environment) as run:
        yield run
