"""An installation whose board is behind a socket and whose source grows; and what must hold once nothing moves."""

from __future__ import annotations

import atexit
import random
import shutil
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from monday_simulator.gateway.latency import Latency
from monday_simulator.limits import Limits
from monday_simulator.seed import Seed, load_seed
from monday_simulator.simulator import Simulator
from monday_simulator.web.server import serving
from order_sync.cli.board_seed import board_seed
from order_sync.drill.board_contents import InProcess
from order_sync.drill.comparisons import files_below
from order_sync.drill.evidence import look, opened
from order_sync.drill.history import record_history
from order_sync.drill.invariants import check
from order_sync.events import Events
from order_sync.steps.job import Job
from order_sync.store.leases import Held
from order_sync.wiring import load_project, open_job
from tests import databases
from tests.campaign.child import TOKEN
from tests.crash.narrow_source import narrow
from tests.harness import House, build_house
from tests.proof import differences

FILES = ("mapping.yaml", "customers.yaml")
FILE = "orders.db"
# Nothing is refused for its frequency: hundreds of requests a minute come from processes that know nothing of another.
ROOM = Limits(complexity_per_minute=10**12, requests_per_minute=10**6, calls_per_day=10**8)

# Times of real processes, in hundredths of a second. The server is in this machine and answers within milliseconds; the
# rest is room for a machine that has better things to do.
REAL = """
mapping = "mapping.yaml"
[database]
url = "{database}"
[monday]
url = "{url}/v2"
[sending]
batch_size = 4
wave = 4
[times]
scale = {scale}
send_deadline = 50
server_apply = 80
visibility = 5
quarantine_margin = 5
server_timeout = 40
read_timeout = 1000
connect_timeout = 300
second_proof = 10
early_polls = [5, 20, 60]
settle_wait = 1500
lease_ttl = 100
lease_beat = 20
"""


@dataclass(frozen=True)
class Template:
    """What every site begins with: empty tables, the rows that are to come and what the board must show of each."""

    folder: Path
    seed: Seed
    rows: pl.DataFrame
    promised: tuple[Any, ...]


def template(rows: int, customers: int) -> Template:
    """Made once a process for the database at work; the customers' rows are mixed, so that each slice has some of
    all."""
    return _template(rows, customers, databases.on_server())


@cache
def _template(rows: int, customers: int, on_server: bool) -> Template:
    folder = _kept_until_exit()
    house = build_house(folder, rows=rows, customers=customers, seed=5)
    narrow(house)
    order = list(range(rows))
    random.Random(rows).shuffle(order)
    every = house.frame[order]
    house.fill(every.head(0))
    if not on_server:
        with house.job() as job, job.store.engines.write.begin() as conn:
            record_history(conn, job.store.tables, str(job.board_id))
    seed = load_seed(board_seed(house.project.mapping, house.project.customers))
    return Template(folder, seed, every, tuple(house.expected[at] for at in order))


def _kept_until_exit() -> Path:
    folder = tempfile.mkdtemp(prefix="campaign-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


@dataclass
class Site(House):
    """A house of which the source shows only the first rows so far, with a board over HTTP."""

    of: Template | None = None
    shown: int = 0
    runs: int = 0

    @property
    def config(self) -> Path:
        return self.folder / "order-sync.toml"

    @property
    def all_shown(self) -> bool:
        assert self.of is not None
        return self.shown >= self.of.rows.height

    def reveal(self, count: int) -> None:
        """So many new orders come into the source."""
        assert self.of is not None
        self.shown += count
        self.frame = self.of.rows.head(self.shown)
        self.expected = list(self.of.promised[: self.shown])
        self.fill(self.frame)

    def next_log(self) -> Path:
        self.runs += 1
        return self.folder / f"run-{self.runs}.txt"

    @contextmanager
    def job(self, stop: threading.Event | None = None) -> Iterator[Job]:
        events = Events(lambda name, fields: self.seen.append((name, fields)))
        with open_job(self.project, stop or threading.Event(), events, self.clock, token=TOKEN) as job:
            yield job


@contextmanager
def a_site(of: Template, settings: str = REAL) -> Iterator[Site]:
    """In a folder of its own, with its board behind a socket; nothing in the source yet."""
    simulator = Simulator(of.seed, limits=ROOM, latency=Latency(4.0, 1.0))
    with (
        tempfile.TemporaryDirectory(prefix="campaign-") as folder,
        simulator,
        serving(simulator) as url,
    ):
        # A process that begins by asking a server for a connection takes a while to do anything.
        scale, database = (0.04, databases.server()) if databases.on_server() else (0.01, f"sqlite:///{FILE}")
        yield placed(of, Path(folder), simulator, settings.format(url=url, scale=scale, database=database))


def placed(of: Template, folder: Path, simulator: Simulator, settings: str) -> Site:
    for name in (*FILES, *([] if databases.on_server() else [FILE])):
        shutil.copy(of.folder / name, folder / name)
    config = folder / "order-sync.toml"
    config.write_text(settings, encoding="utf-8")
    site = Site(folder, load_project(config), simulator, of=of)
    if databases.on_server():
        site.fill(of.rows.head(0))
        site.deploy()
    return site


def troubles(site: Site, *, delivered_twice: int = 0) -> list[str]:
    """What is not as it must be once a run has come to its end; empty when all is well. `delivered_twice`: requests
    that somebody on the way has sent once more."""
    return [*differences(site), *_audit(site, delivered_twice), *_ledger(site), *_breaches(site)]


def _breaches(site: Site) -> list[str]:
    """Of the invariants, on everything that can be seen from outside the processes."""
    with opened(site.project) as scene:
        board = InProcess(site.simulator, site.project.mapping)
        evidence = look(scene, board, wire=site.simulator.wire_log, outputs=files_below(site.folder), token=TOKEN)
        return [str(breach) for breach in check(evidence, quiescent=True)]


def _audit(site: Site, delivered_twice: int) -> list[str]:
    """Each request that could change the board was written down before, and was sent once."""
    recorded = {key for (key,) in site.rows("SELECT idem_key FROM MON_ApiCall")}
    sent = Counter(record.idempotency_key for record in _changes(site))
    surplus = sum(sent.values()) - len(sent)
    found = [f"sent without a record: {key}" for key in sent if key not in recorded]
    if surplus > delivered_twice:
        found += [f"sent {count} times: {key}" for key, count in sent.items() if count > 1]
    return found


def _changes(site: Site) -> list[Any]:
    return [record for record in site.simulator.wire_log if record.operation == "mutation" and not record.late]


def _ledger(site: Site) -> list[str]:
    rows = site.rows
    batches = rows("SELECT status, total_records - successful_records, failed_records FROM MON_BatchProcessing")
    found = [f"a batch is {batch}" for batch in batches if batch != ("COMPLETED", 0, 0)]
    found += [f"a lease is stuck: {each}" for each in _stuck(site)]
    # What a process made after it had lost its lease is noted as an orphan, and is the item that was adopted since.
    orphans = rows("SELECT item_id FROM MON_OrphanItem WHERE item_id NOT IN "
                   "(SELECT live_item_id FROM MON_SyncIdentity WHERE live_item_id IS NOT NULL)")  # fmt: skip
    return found + [f"an orphan: {item}" for (item,) in orphans]


def _stuck(site: Site) -> list[str]:
    """Leases that nobody can have although everybody is gone. Who was killed leaves them behind, to be taken."""
    left = [name for (name,) in site.rows("SELECT resource FROM MON_Lease WHERE owner IS NOT NULL")]
    with site.job() as job:
        return [str(found) for name in left if isinstance(found := job.store.leases.acquire(name), Held)]


def too_late(site: Site) -> list[str]:
    """Requests that the machine let arrive later than the protocol assumes: nothing is promised where there is one."""
    times = site.project.settings.times
    most = times.of("send_deadline") + times.of("server_apply")
    intended = dict(site.rows("SELECT idem_key, created_at FROM MON_ApiCall"))
    return [
        f"{record.idempotency_key} was applied {took.total_seconds():.2f} s after its intent"
        for record in _changes(site)
        if record.applied and record.idempotency_key in intended
        if (took := _moment(record.at) - _moment(intended[record.idempotency_key])) > most - timedelta(milliseconds=20)
    ]


def _moment(text: Any) -> datetime:
    return datetime.fromisoformat(str(text)).replace(tzinfo=None)
