"""A whole first run: how many calls, how much of the time is ours, how much memory."""

from __future__ import annotations

import math
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from sqlalchemy import func, select
from tests.harness import House, InProcess

from benchmarks.installation import TOKEN, build, in_a_child, served, source_frames
from benchmarks.results import Result, at_most, under
from benchmarks.scale import Scale
from benchmarks.seam import Watched, WatchedInProcess
from order_sync.events import Events
from order_sync.run import run
from order_sync.steps.job import Job
from order_sync.steps.select import Plan, Selection
from order_sync.wiring import open_job

OWN_MILLISECONDS = 5
MUTATIONS = 25  # a call
PER_CUSTOMER = 5  # calls: who we are, the board and its subitem board, groups


@dataclass(frozen=True)
class RunFigures:
    """What one run took. `own_seconds`: all but waiting for the server."""

    orders: int
    sizes: int
    customers: int
    calls: int
    most_calls: int
    look_ups: int
    wall_seconds: float
    own_seconds: float
    processor_seconds: float  # ours, all threads
    peak_mb: float = 0.0


def measure(scale: Scale, folder: Path) -> Result:
    """In this process against a board that is a function, and over HTTP against a server process."""
    frames = list(source_frames(scale.orders, scale.customers))
    inside = run_in_process(build(folder / "inside", frames))
    house = build(folder / "http", frames)
    with served(house):
        outside = RunFigures(**in_a_child("run", house.folder))
    result = Result(
        "complete_run",
        "A complete first run",
        {"source_rows": scale.orders, "orders": inside.orders, "sizes": inside.sizes, "customers": inside.customers},
    )
    add_calls(result, inside)
    _add_times(result, "in process", inside)
    _add_times(result, "over HTTP", outside)
    result.add("peak memory over HTTP", outside.peak_mb, "MB")
    result.note(
        "One run of each. The board answers without latency; own time is the run's wall clock without the time that "
        "the server had the request, disk included."
    )
    result.note(
        f"Allowed: for each wave of 25 orders 1 + its sizes / 25, rounded up; {inside.look_ups} look-ups; "
        f"{PER_CUSTOMER} a customer."
    )
    return result


def add_calls(result: Result, figures: RunFigures, goal: float | None = None) -> None:
    """Calls, a ratio against the bound and against a call a row."""
    naive = figures.orders + figures.sizes
    calls = figures.calls / figures.orders
    result.add("calls", figures.calls, "in all")
    result.add("calls", calls, "an order", goal=None if goal is None else under(goal))
    result.add("calls", figures.calls / figures.most_calls, "of what is", "allowed", at_most(1))
    result.add("calls", naive / figures.calls, "times fewer than", "one call a row")


def _add_times(result: Result, where: str, figures: RunFigures) -> None:
    per_order = 1000 / figures.orders
    result.add(f"own time {where}", figures.own_seconds * per_order, "ms an order", goal=under(OWN_MILLISECONDS))
    result.add(f"own time {where}", figures.own_seconds * per_order, "s per 1,000 orders")
    result.add(f"processor {where}", figures.processor_seconds * per_order, "ms an order")
    result.add(f"wall clock {where}", figures.wall_seconds, "s")


def run_in_process(house: House) -> RunFigures:
    """The simulator's own work is taken off; waiting costs no time."""
    seam = WatchedInProcess(InProcess(house.simulator))
    opened = open_job(house.project, threading.Event(), Events(), house.clock, token=TOKEN, http=seam)
    with opened as job:
        return timed_run(job, seam)


def timed_run(job: Job, seam: Watched) -> RunFigures:
    """Everything, as `order-sync run --all` does it; raises where something was left undone."""
    began, processor = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(max_workers=job.settings.sending.lanes) as executor:
        report = run(job, Selection(everything=True), executor)
    wall = time.perf_counter() - began
    processor = time.process_time() - processor - seam.processor_seconds
    if report.halted is not None:
        raise report.halted
    plan = report.plan
    assert (*_promoted(job), report.unsettled) == (plan.orders.height, plan.sizes.height, 0)
    customers = len(plan.customers)
    fixed = seam.look_ups + PER_CUSTOMER * customers
    return RunFigures(
        orders=plan.orders.height,
        sizes=plan.sizes.height,
        customers=customers,
        calls=seam.calls.total(),
        most_calls=_calls_of_waves(plan, job.settings.sending.wave) + fixed,
        look_ups=seam.look_ups,
        wall_seconds=wall,
        own_seconds=wall - seam.seconds,
        processor_seconds=processor,
    )


def _calls_of_waves(plan: Plan, wave: int) -> int:
    """For each wave of a customer's orders one call, and its sizes / 25, rounded up."""
    sizes = plan.sizes.group_by("__row").len("sizes")
    waves = (
        plan.orders.select("__row", "customer")
        .join(sizes, on="__row", how="left", maintain_order="left")
        .with_columns(wave=pl.int_range(pl.len()).over("customer") // wave)
        .group_by("customer", "wave")
        .agg(pl.col("sizes").sum())
    )
    return sum(1 + math.ceil(count / MUTATIONS) for count in waves["sizes"])


def _promoted(job: Job) -> tuple[int, int]:
    tables = job.store.tables
    with job.store.reading() as conn:
        counts = [
            conn.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (tables.production, tables.production_subitems)
        ]
    return counts[0], counts[1]
