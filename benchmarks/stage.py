"""Filling the staging tables, against bare executemany with the same finished rows, and against a commit a row."""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.harness import House

from benchmarks.installation import build, source_frames
from benchmarks.results import Result, at_least, middle
from benchmarks.scale import Scale
from order_sync.steps.detect import detect
from order_sync.steps.job import Job
from order_sync.steps.select import Plan, Selection, prepare
from order_sync.steps.stage import stage
from order_sync.store.leases import Held

RATIO = 1 / 3
DATABASE = "orders.db"


@dataclass(frozen=True)
class _Table:
    """The finished rows of a table, as the driver takes them."""

    name: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[Any, ...]]

    @property
    def insert(self) -> str:
        names = ", ".join(f'"{name}"' for name in self.columns)
        return f'INSERT INTO "{self.name}" ({names}) VALUES ({", ".join("?" * len(self.columns))})'


@dataclass(frozen=True)
class _Staged:
    """Seconds of the two parts, and what came of it."""

    transform: float
    load: float
    orders: int
    tables: list[_Table]


def measure(scale: Scale, folder: Path) -> Result:
    """All customers of a source, one transaction each, as a run stages them."""
    house = build(folder, source_frames(scale.orders, scale.customers))
    empty = folder / "empty.db"
    _copy(folder / DATABASE, empty)
    staged = []
    for _ in range(scale.repetitions):
        _copy(empty, folder / DATABASE)
        staged.append(_stage(house))
    tables, orders = staged[0].tables, staged[0].orders
    rows = sum(len(table.rows) for table in tables)
    raw = middle([_raw(empty, folder / "raw.db", tables) for _ in range(scale.repetitions)])
    naive = _row_by_row(empty, folder / "naive.db", tables, scale.insert_sample)
    loading = middle([each.load for each in staged])
    whole = middle([each.load + each.transform for each in staged])
    sizes = {table.name: len(table.rows) for table in tables}
    result = Result(
        "stage",
        "Staging into SQLite",
        {"orders": orders, "rows": rows, **sizes, "rows_of_the_naive_way": scale.insert_sample},
    )
    result.add("stage", rows / loading, "rows/s")
    result.add("stage", raw / loading, "of the speed of", "bare executemany", at_least(RATIO))
    result.add("stage", naive * rows / loading, "times as fast as", "a commit a row")
    result.add("stage, transform too", rows / whole, "rows/s")
    result.add("stage, transform too", raw / whole, "of the speed of", "bare executemany")
    result.add("stage, transform too", orders / whole, "orders/s")
    result.add("bare executemany", rows / raw, "rows/s")
    result.add("a commit a row", 1 / naive, "rows/s")
    result.note(
        f"Medians of {scale.repetitions}. rows: all that the step writes: orders, sizes, their identities, warnings."
    )
    result.note(
        "Bare executemany: sqlite3 alone, the same finished rows into the same tables with the same indexes, WAL, "
        "synchronous FULL, one transaction; the step takes one for each customer."
    )
    result.note(f"A commit a row: {scale.insert_sample:,} of the orders, scaled.")
    return result


def _copy(source: Path, target: Path) -> None:
    """A database without what its log may hold still."""
    for path in target.parent.glob(f"{target.name}*"):
        path.unlink()
    with closing(sqlite3.connect(source)) as conn:
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(source, target)


def _stage(house: House) -> _Staged:
    with house.job() as job:
        detection = detect(job)
        job.view.describe()
        began = time.perf_counter()
        plan = prepare(job, detection, Selection(everything=True))
        transform = time.perf_counter() - began
        leases = {name: job.store.leases.acquire(f"customer:{name}") for name in plan.customers}
        began = time.perf_counter()
        for customer, lease in leases.items():
            assert not isinstance(lease, Held)
            stage(job, plan, customer, lease, ())
        load = time.perf_counter() - began
        return _Staged(transform, load, plan.orders.height, _finished(job, plan))


def _finished(job: Job, plan: Plan) -> list[_Table]:
    tables = job.store.tables
    written = (tables.identity, tables.batches, tables.staging, tables.staging_subitems, tables.issues)
    with job.store.reading() as conn:
        found = []
        for table in written:
            columns = tuple(column.name for column in table.columns)
            names = ", ".join(f'"{name}"' for name in columns)
            rows = conn.exec_driver_sql(f'SELECT {names} FROM "{table.name}" ORDER BY rowid').all()
            found.append(_Table(table.name, columns, [tuple(row) for row in rows]))
    assert len(found[2].rows) == plan.orders.height
    assert len(found[3].rows) == plan.sizes.height
    return found


def _raw(empty: Path, target: Path, tables: Sequence[_Table]) -> float:
    """Seconds of one transaction."""
    with closing(_connect(empty, target)) as conn:
        began = time.perf_counter()
        conn.execute("BEGIN IMMEDIATE")
        for table in tables:
            conn.executemany(table.insert, table.rows)
        conn.execute("COMMIT")
        return time.perf_counter() - began


def _row_by_row(empty: Path, target: Path, tables: Sequence[_Table], sample: int) -> float:
    """Seconds of a row."""
    orders = tables[2]
    with closing(_connect(empty, target)) as conn:
        rows = orders.rows[:sample]
        began = time.perf_counter()
        for row in rows:
            conn.execute("BEGIN IMMEDIATE")
            conn.execute(orders.insert, row)
            conn.execute("COMMIT")
        return (time.perf_counter() - began) / len(rows)


def _connect(empty: Path, target: Path) -> sqlite3.Connection:
    shutil.copy(empty, target)
    for path in target.parent.glob(f"{target.name}-*"):
        path.unlink()
    conn = sqlite3.connect(target, isolation_level=None)
    conn.execute("PRAGMA journal_mode=WAL")
    conn.execute("PRAGMA synchronous=FULL")
    return conn
