"""A whole installation in a folder: settings, mapping, a filled source, deployed tables, and a simulated board that is
reached without a socket."""

from __future__ import annotations

import json
import random
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2
import polars as pl
import pytest
from sqlalchemy import Column, Date, Integer, MetaData, Row, Table, UnicodeText

from monday_simulator.gateway.answers import ConnectionDropped
from monday_simulator.gateway.faults import Rule
from monday_simulator.seed import load_seed
from monday_simulator.simulator import Simulator
from order_sync.cli.board_seed import board_seed
from order_sync.clock import Clock
from order_sync.demo_data import generate, source_columns
from order_sync.events import Events, Listener
from order_sync.model.ids import BatchId
from order_sync.run import RunReport, run
from order_sync.steps.job import Job
from order_sync.steps.requeue import requeue
from order_sync.steps.select import Selection
from order_sync.store.bulk import load
from order_sync.store.deploy import deploy
from order_sync.wiring import Project, load_project, open_database, open_job, our_tables
from tests import databases

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "customer_master_schedule"
TOML = """
mapping = "mapping.yaml"
[database]
url = "{url}"
[monday]
url = "http://127.0.0.1:9/v2"
[times]
scale = {scale}
lease_ttl = 1e6  # virtual time jumps over any heartbeat
"""


_TABLES_OF_SQLITE = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
_TABLES_OF_SERVER = (
    "SELECT TABLE_NAME FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA = 'dbo' AND TABLE_TYPE = 'BASE TABLE'"
)


class VirtualClock:
    """Time that passes only by being slept through; starts at a fixed moment. Seeded chance."""

    def __init__(self, seed: int = 0) -> None:
        self.seconds = 0.0
        self._random = random.Random(seed)
        self._lock = threading.Lock()

    def now(self) -> datetime:
        return datetime(2026, 11, 2, 5, 0, tzinfo=UTC) + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds

    def sleep(self, wait: timedelta) -> None:
        with self._lock:
            self.seconds += max(0.0, wait.total_seconds())

    def random(self) -> float:
        return self._random.random()


class InProcess(httpx2.BaseTransport):
    """The simulator as an HTTP transport: what it drops is lost on the way back."""

    def __init__(self, simulator: Simulator) -> None:
        self.simulator = simulator

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        request.read()
        trace = request.extensions.get("trace")
        if trace is not None:
            trace("http11.send_request_headers.started", {})
        try:
            answer = self.simulator.handle(request.method, request.url.path, dict(request.headers), request.content)
        except ConnectionDropped as dropped:
            raise httpx2.ReadError(str(dropped), request=request) from dropped
        return httpx2.Response(answer.status, headers=dict(answer.headers), content=answer.body)


def source_table(columns: Sequence[tuple[str, str]] | None = None, name: str = "ORDERS_UNIFIED") -> Table:
    kinds = {"INT": Integer, "DATE": Date}
    made = columns if columns is not None else source_columns()
    return Table(name, MetaData(), *(Column(each, kinds.get(sql.upper(), UnicodeText)()) for each, sql in made))


@dataclass
class House:
    """One installation. `seen`: the events of the last run."""

    folder: Path
    project: Project
    simulator: Simulator
    clock: Clock | None = None
    expected: list[Any] = field(default_factory=list)
    frame: pl.DataFrame = field(default_factory=pl.DataFrame)
    foreign: int = 0
    seen: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    @contextmanager
    def job(self, stop: threading.Event | None = None) -> Iterator[Job]:
        events = Events(lambda name, fields: self.seen.append((name, fields)))
        with open_job(
            self.project,
            stop or threading.Event(),
            events,
            self.clock,
            token="token-of-the-house",
            http=InProcess(self.simulator),
        ) as job:
            yield job

    def run(
        self,
        selection: Selection | None = None,
        *,
        stop: threading.Event | None = None,
        listener: Listener | None = None,
    ) -> RunReport:
        self.seen.clear()
        with self.job(stop) as job, ThreadPoolExecutor(max_workers=1) as executor:
            if listener is not None:
                job.events.listen(listener)
            return run(job, Selection(everything=True) if selection is None else selection, executor)

    def run_with(self, job: Job) -> RunReport:
        with ThreadPoolExecutor(max_workers=1) as executor:
            return run(job, Selection(everything=True), executor)

    def requeue_everything(self) -> None:
        with self.job() as job:
            batches = [BatchId(UUID(key)) for (key,) in self.rows("SELECT batch_id FROM MON_BatchProcessing")]
            requeue(job, batches, None)

    def source(self) -> pl.DataFrame:
        """The source's rows as they were planted."""
        return self.frame

    def checksum(self) -> list[Any]:
        """Everything that a run without work must leave alone."""
        tables = (
            "STG_MON_CustMasterSchedule",
            "STG_MON_CustMasterSchedule_Subitems",
            "MON_CustMasterSchedule",
            "MON_CustMasterSchedule_Subitems",
            "MON_SyncIdentity",
            "MON_OrderSnapshot",
            "MON_BatchProcessing",
            "ERR_MON_CustMasterSchedule",
        )
        return [self.rows(f'SELECT * FROM "{table}"') for table in tables]

    def contents(self) -> dict[str, list[Any]]:
        """Every table of the database but the leases: what a refused run must leave alone."""
        names = self.rows(_TABLES_OF_SERVER if databases.on_server() else _TABLES_OF_SQLITE)
        return {name: self.rows(f'SELECT * FROM "{name}"') for (name,) in names if name != "MON_Lease"}

    def wipe(self) -> None:
        """Lose every table of ours, and the snapshot file."""
        (self.folder / "ORDERS_UNIFIED_SNAPSHOT.parquet").unlink()
        for path in self.folder.glob("orders.db*"):
            path.unlink()
        if databases.on_server():
            databases.clear(databases.server())
        self.deploy()
        self.fill(self.frame)

    def deploy(self) -> None:
        """Before the source is filled: on a server whatever else is there may go."""
        engines = open_database(self.project.settings, must_exist=False)
        tables = our_tables(self.project, engines)
        if databases.on_server():
            databases.stand(engines, tables)
        else:
            deploy(engines, tables)
        engines.dispose()

    def keep_database(self) -> dict[Path, bytes]:
        if databases.on_server():
            pytest.skip("a server's database is no file to keep")
        self.rows("SELECT 1")
        return {path: path.read_bytes() for path in self.folder.glob("orders.db*")}

    def restore_database(self, kept: dict[Path, bytes]) -> None:
        for path in self.folder.glob("orders.db*"):
            path.unlink()
        for path, content in kept.items():
            path.write_bytes(content)

    def plant_foreign_item(self, name: str) -> None:
        """Somebody else makes an item on our board, without a key."""
        body = {
            "query": "mutation($b: ID!, $n: String!) { create_item(board_id: $b, item_name: $n) { id } }",
            "variables": {"b": self.project.mapping.board.id, "n": name},
        }
        headers = {"authorization": "somebody", "content-type": "application/json"}
        answer = self.simulator.handle("POST", "/v2", headers, json.dumps(body).encode())
        assert "errors" not in answer.json(), answer.body
        self.foreign += 1

    @property
    def mutations_by_product(self) -> list[Any]:
        return self.mutations[self.foreign :]

    def fill(self, frame: pl.DataFrame) -> None:
        """Replace the source's rows."""
        engines = open_database(self.project.settings, must_exist=False)
        table = source_table([(name, _declared(frame, name)) for name in frame.columns])
        with engines.write.begin() as conn:
            table.drop(conn, checkfirst=True)
            table.create(conn)
            load(conn, table, frame)
        engines.dispose()

    def rows(self, sql: str) -> list[Any]:
        return [tuple(map(databases.plain, row)) for row in self._read(sql)]

    def records(self, sql: str) -> list[dict[str, Any]]:
        """Rows by the names of their columns."""
        return [{name: databases.plain(cell) for name, cell in row._mapping.items()} for row in self._read(sql)]

    def _read(self, sql: str) -> Sequence[Row[Any]]:
        engines = open_database(self.project.settings)
        try:
            with engines.read.begin() as conn:
                return conn.exec_driver_sql(sql).all()
        finally:
            engines.dispose()

    @property
    def mutations(self) -> list[Any]:
        """Requests of the wire log that asked for a change."""
        return [
            record
            for record in self.simulator.wire_log
            if any(name.startswith(("create_", "change_", "archive_", "delete_", "move_")) for name in record.fields)
        ]


def _declared(frame: pl.DataFrame, name: str) -> str:
    return _source_types().get(name, "INT" if frame.schema[name] == pl.Int64 else "NVARCHAR(MAX)")


@cache
def _source_types() -> dict[str, str]:
    return dict(source_columns())


@cache
def _planted(
    names: tuple[tuple[str, tuple[str, ...]], ...], rows: int, customers: int, seed: int, dirt: float
) -> tuple[pl.DataFrame, tuple[Any, ...]]:
    """Once a process: most houses are alike, and the generator's own start costs more than a few rows."""
    planted = list(generate(names, rows=rows, customers=customers, seed=seed, dirt=dirt))
    return pl.concat(part.frame for part in planted), tuple(each for part in planted for each in part.expected())


def build_house(
    folder: Path,
    *,
    rows: int = 60,
    customers: int = 3,
    seed: int = 1,
    dirt: float = 0.0,
    faults: Sequence[Rule] = (),
    scale: float = 1.0,
    clock: Clock | None = None,
    frame: pl.DataFrame | None = None,
    board: Callable[[dict[str, Any]], None] | None = None,
    settings: str = "",
    deployed: bool = True,
    **simulator: Any,
) -> House:
    """`scale` is of every time of the protocol; `clock` is shared with the simulator. `board` changes the seed of the
    board before it is made; `settings` is further TOML."""
    clock = clock or VirtualClock()
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("mapping.yaml", "customers.yaml"):
        shutil.copy(EXAMPLE / name, folder / name)
    url = databases.server() if databases.on_server() else "sqlite:///orders.db"
    (folder / "order-sync.toml").write_text(TOML.format(scale=scale, url=url) + settings, encoding="utf-8")
    project = load_project(folder / "order-sync.toml")
    planned = board_seed(project.mapping, project.customers)
    if board is not None:
        board(planned["boards"][0])
    account = Simulator(load_seed(planned), faults=faults, clock=clock, **simulator)
    house = House(folder, project, account, clock)
    if frame is None:
        names = tuple((customer.name, tuple(customer.aliases)) for customer in project.customers.customers)
        frame, expected = _planted(names, rows, customers, seed, dirt)
        house.expected = list(expected)
    house.frame = frame
    if databases.on_server() and not deployed:
        databases.clear(databases.server())
    if deployed:
        house.deploy()
    house.fill(frame)
    return house
