"""The demo's folder: an installation of its own, known by its marker file, with a source full of orders."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from sqlalchemy import Table, make_url, select

from order_sync.cli.board_seed import board_seed
from order_sync.cli.examples import CUSTOMERS as CUSTOMERS_FILE
from order_sync.cli.examples import MAPPING as MAPPING_FILE
from order_sync.cli.examples import example_text
from order_sync.clock import SystemClock, fresh_uuid
from order_sync.demo_data import TABLE, Planted, generate, source_columns, write_expected
from order_sync.model.errors import OrderSyncError, UsageError
from order_sync.settings import SETTINGS_FILE
from order_sync.store.demo_mark import Ground
from order_sync.store.source_table import fill as load_source
from order_sync.store.source_table import source_table
from order_sync.wiring import Project, load_project, open_database, our_tables

MARKER = "demo.json"
TOKEN = "demo-token"  # noqa: S105 - the simulator takes any
TOKEN_FILE = "token.txt"  # noqa: S105 - a name
ROWS, CUSTOMERS, SEED = 300, 6, 2026

# What the simulator guarantees, so that the quarantine computed from it is short. A new item hides from
# look-ups for READ_LAG and up to a second more: the service counts whole seconds.
READ_LAG = 0.3
LATENCY_MS = 2.0
# A real account has a hundredth of it: the demo would spend most of its time waiting.
POINTS_A_MINUTE = 1_000_000_000
SETTINGS = """\
# Written by `order-sync demo`. The API is the simulator on this machine.
mapping = "mapping.yaml"

[database]
url = {database}

[monday]
url = "http://127.0.0.1:{port}/v2"
token_file = "token.txt"  # the simulator takes any token

[times]  # seconds. The simulator keeps them; the real service needs the defaults, which are longer.
send_deadline = {send_deadline}
server_apply = 1.0
visibility = 1.5
quarantine_margin = 0.5
second_proof = 0.5
server_timeout = 1.0
read_timeout = 20.0
connect_timeout = 5.0
lease_ttl = {lease_ttl}
lease_beat = {lease_beat}
settle_wait = 20.0
early_polls = [0.1, 0.5, 1.5]
"""
# A server may be far away, or have better things to do.
ON_FILE = {"send_deadline": 1.5, "lease_ttl": 10.0, "lease_beat": 2.0}
ON_SERVER = {"send_deadline": 4.0, "lease_ttl": 60.0, "lease_beat": 10.0}


@dataclass(frozen=True)
class DemoFolder:
    """Where everything is. `ready`: source and list are complete. `server`: url of the database that has the tables,
    without a password, if it is not the file in the folder; there they are marked with `id`."""

    path: Path
    port: int
    rows: int
    customers: int
    seed: int
    ready: bool = False
    server: str = ""
    id: str = ""

    @property
    def settings(self) -> Path:
        return self.path / SETTINGS_FILE

    @property
    def database(self) -> Path:
        return self.path / "orders.db"

    @property
    def board(self) -> Path:
        """The simulator's state."""
        return self.path / "board.db"

    @property
    def board_seed(self) -> Path:
        return self.path / "board-seed.json"

    @property
    def faults(self) -> Path:
        return self.path / "faults.json"

    @property
    def wire(self) -> Path:
        return self.path / "wire.jsonl"

    @property
    def log(self) -> Path:
        return self.path / "simulator.log"

    @property
    def expected(self) -> Path:
        return self.path / "expected.jsonl"

    @property
    def differences(self) -> Path:
        return self.path / "differences.txt"

    @property
    def address(self) -> str:
        """Of the board's page; the API is below it."""
        return f"http://127.0.0.1:{self.port}"

    def save(self) -> None:
        facts = {"made_by": "order-sync demo", **asdict(self)}
        del facts["path"]
        (self.path / MARKER).write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")

    def with_port(self, port: int) -> DemoFolder:
        """On another port; the settings file is told, what else was changed in it stays."""
        text = self.settings.read_text(encoding="utf-8")
        text = re.sub(r"(?m)^(url\s*=\s*\"http://127\.0\.0\.1:)\d+", rf"\g<1>{port}", text)
        self.settings.write_text(text, encoding="utf-8", newline="\n")
        moved = replace(self, port=port)
        moved.save()
        return moved


def find_folder(path: Path) -> DemoFolder | None:
    """The demo that the folder holds; None where there is none yet. UsageError: it holds something else."""
    if not path.exists() or (path.is_dir() and not any(path.iterdir())):
        return None
    try:
        facts = json.loads((path / MARKER).read_text(encoding="utf-8"))
        if facts.pop("made_by") != "order-sync demo":
            raise ValueError("another maker")
        return DemoFolder(path, **facts)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        raise UsageError(
            "the folder exists and was not made by the demo; it is left alone",
            where=str(path),
            next_step="name another one with --folder",
        ) from None


def clear(folder: DemoFolder) -> None:
    """Delete what the folder holds, and its tables on a server. Only for a folder that `find_folder` recognised; its
    marker goes last."""
    if folder.server:
        with _ground(folder) as ground:
            ground.clear()
    _empty(folder)


def _empty(folder: DemoFolder) -> None:
    for entry in sorted(folder.path.iterdir(), key=lambda each: each.name == MARKER):
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()


@contextmanager
def _ground(folder: DemoFolder) -> Iterator[Ground]:
    """Of a folder whose tables are on a server."""
    project = load_project(folder.settings)
    engines = open_database(project.settings)
    try:
        yield Ground(engines, our_tables(project, engines), _source(project), folder.id)
    finally:
        engines.dispose()


def _source(project: Project) -> Table:
    on_server = make_url(project.settings.database_url).get_backend_name() == "mssql"
    return source_table(TABLE, source_columns(), project.mapping.source.db_schema if on_server else None)


def make_folder(path: Path, rows: int, customers: int, seed: int, server: str = "") -> DemoFolder:
    """Settings, mapping and customers. The source comes with `fill`. Nothing is made where the server has tables of
    others, or cannot be used."""
    there = path.exists()
    path.mkdir(parents=True, exist_ok=True)
    marked = str(fresh_uuid(SystemClock())) if server else ""
    folder = DemoFolder(path, free_port(), rows, customers, seed, server=server, id=marked)
    folder.save()
    _write_files(folder)
    if server:
        try:
            with _ground(folder) as ground:
                ground.require_free()
        except OrderSyncError:
            _empty(folder)
            if not there:
                path.rmdir()
            raise
    return folder


def _write_files(folder: DemoFolder) -> None:
    path, database = folder.path, json.dumps(folder.server or "sqlite:///orders.db")
    (path / ".gitignore").write_text("*\n", encoding="utf-8")
    (path / TOKEN_FILE).write_text(TOKEN + "\n", encoding="utf-8")
    settings = SETTINGS.format(port=folder.port, database=database, **(ON_SERVER if folder.server else ON_FILE))
    folder.settings.write_text(settings, encoding="utf-8", newline="\n")
    for name in (MAPPING_FILE, CUSTOMERS_FILE):
        (path / name).write_text(example_text(name), encoding="utf-8", newline="\n")
    project = load_project(folder.settings)
    seed_of_board = board_seed(project.mapping, project.customers)
    folder.board_seed.write_text(json.dumps(seed_of_board, ensure_ascii=False), encoding="utf-8")


def fill(folder: DemoFolder, project: Project) -> DemoFolder:
    """Generate the source and, independently of the transform, the list of what must become of each row."""
    parts = _generated(folder, project)
    write_expected(folder.expected, (each for part in parts for each in part.expected()))
    if folder.server:
        with _ground(folder) as ground:
            ground.mark()
    engines = open_database(project.settings, must_exist=False)
    try:
        sum(load_source(engines, _source(project), (part.frame for part in parts), replace=True))
    finally:
        engines.dispose()
    filled = replace(folder, ready=True)
    filled.save()
    return filled


def require_its_tables(folder: DemoFolder) -> None:
    """UsageError: the folder's server has not the tables that its demo made."""
    if folder.server:
        with _ground(folder) as ground:
            ground.require_made_here()


def edited_rows(folder: DemoFolder, project: Project) -> int:
    """How many rows of the source are not as generated: what the list says of them is history then."""
    wanted = Counter(row for part in _generated(folder, project) for row in part.frame.iter_rows())
    engines = open_database(project.settings)
    try:
        with engines.read.begin() as conn:
            # In any order: a server promises none.
            found = Counter(tuple(row) for row in conn.execute(select(*_source(project).columns)))
    finally:
        engines.dispose()
    return max((wanted - found).total(), (found - wanted).total())


def _generated(folder: DemoFolder, project: Project) -> list[Planted]:
    names = [(customer.name, customer.aliases) for customer in project.customers.customers]
    try:
        return list(generate(names, rows=folder.rows, customers=folder.customers, seed=folder.seed))
    except ValueError as error:
        raise UsageError(str(error), next_step="correct --rows or --customers") from None


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_free(port: int) -> bool:
    """Whether the port could be listened on now."""
    with socket.socket() as probe:
        if os.name != "nt":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
