"""Installations to measure on: a folder with settings, a filled source and deployed tables, and a simulated board."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl
from tests.harness import EXAMPLE, House, build_house, source_table

from monday_simulator.limits import Limits
from order_sync.cli.board_seed import board_seed
from order_sync.demo_data import generate
from order_sync.model.mapping import Customers
from order_sync.model.mapping_file import load_customers
from order_sync.store.bulk import load
from order_sync.wiring import open_database

ROOT = Path(__file__).resolve().parents[1]
DIRT = 0.03
SEED = 1
ENOUGH = 10**12
TOKEN = "token-of-the-benchmark"  # noqa: S105 - the simulator takes any
SETTINGS = """
mapping = "mapping.yaml"
[database]
url = "sqlite:///orders.db"
[monday]
url = "{url}/v2"
"""


def source_frames(rows: int, customers: int, dirt: float = DIRT) -> Iterator[pl.DataFrame]:
    """Generated orders, some thousand rows at a time."""
    names = [(each.name, each.aliases) for each in example_customers().customers]
    return (part.frame for part in generate(names, rows=rows, customers=customers, seed=SEED, dirt=dirt))


def example_customers() -> Customers:
    path = EXAMPLE / "customers.yaml"
    return load_customers(path.read_text(encoding="utf-8"), path.name)


def build(folder: Path, frames: Iterable[pl.DataFrame]) -> House:
    """An installation whose source holds the frames; its board has no limits and answers at once."""
    parts = iter(frames)
    limits = Limits(complexity_per_minute=ENOUGH, requests_per_minute=ENOUGH, calls_per_day=ENOUGH)
    house = build_house(folder, frame=next(parts), limits=limits)
    engines = open_database(house.project.settings)
    for frame in parts:
        with engines.write.begin() as conn:
            load(conn, source_table(), frame)
    engines.dispose()
    return house


@contextmanager
def served(house: House) -> Iterator[str]:
    """The same board behind HTTP, in a process of its own. Gives its address; the installation's settings name it."""
    seed = house.folder / "board.json"
    seed.write_text(json.dumps(board_seed(house.project.mapping, house.project.customers)), encoding="utf-8")
    with serve_seed(seed) as url:
        (house.folder / "order-sync.toml").write_text(SETTINGS.format(url=url), encoding="utf-8")
        yield url


@contextmanager
def serve_seed(seed: Path) -> Iterator[str]:
    """The simulator behind HTTP, in a process of its own and without limits. Gives its address."""
    words = ["--port", "0", "--seed-file", str(seed), "--complexity", str(ENOUGH)]
    words += ["--requests-per-minute", str(ENOUGH), "--calls-per-day", str(ENOUGH)]
    process = subprocess.Popen(
        [sys.executable, "-m", "monday_simulator", *words],
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    try:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        if not url:
            raise RuntimeError("the simulator did not start")
        yield url
    finally:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def in_a_child(what: str, folder: Path, *words: str) -> dict[str, Any]:
    """Run `benchmarks.child` so that its memory and processor time are its own; gives what it found."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.child", what, str(folder), *words],
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        cwd=ROOT,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found
