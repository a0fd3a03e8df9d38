"""Exactly four sizes an order: calls, against a client that really makes a call for each row."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import polars as pl
from sqlalchemy import select
from tests.harness import House, InProcess

from benchmarks.complete_run import add_calls, run_in_process
from benchmarks.installation import TOKEN, build, source_frames
from benchmarks.naive_client import NaiveClient
from benchmarks.results import Result
from benchmarks.scale import Scale
from benchmarks.seam import Watched, WatchedInProcess
from order_sync.clock import SystemClock
from order_sync.demo_data.table import SIZES
from order_sync.model.ids import BoardId
from order_sync.wiring import open_store

CALLS_AN_ORDER = 0.25
FOUR = ("S", "M", "L", "XL")


class _Order(NamedTuple):
    """What was sent: names and column values."""

    name: str
    group: str
    values: str
    sizes: list[tuple[str, str]]


def measure(scale: Scale, folder: Path) -> Result:
    """The same orders both ways; the naive client gets a few of them."""
    frames = [_four_sizes(frame) for frame in source_frames(scale.orders, scale.customers, dirt=0.0)]
    house = build(folder / "ours", frames)
    ours = run_in_process(house)
    assert ours.sizes == len(FOUR) * ours.orders
    naive = _one_call_a_row(house, folder / "naive", scale.call_sample)
    result = Result(
        "four_sizes",
        "Exactly four sizes an order",
        {"orders": ours.orders, "sizes": ours.sizes, "orders_of_the_naive_way": scale.call_sample},
    )
    add_calls(result, ours, CALLS_AN_ORDER)
    rows = 1 + len(FOUR)
    result.add("one call a row", naive.calls.total() / scale.call_sample, "calls an order")
    result.note(
        f"One call a row: a client that creates each item and each size by itself, {rows} calls an order, and a "
        "group where it meets its first order; no look-up, no record."
    )
    return result


def _four_sizes(frame: pl.DataFrame) -> pl.DataFrame:
    """Four sizes of a dozen pieces each, and nothing cancelled."""
    sizes = {name: pl.lit(12 if name in FOUR else None, pl.Int64) for name in SIZES}
    totals = dict.fromkeys(("TOTAL QTY", "Sum of TOTAL QTY"), pl.lit(12 * len(FOUR), pl.Int64))
    return frame.with_columns(**sizes, **totals, **{"ORDER TYPE": pl.lit("ACTIVE")})


def _one_call_a_row(house: House, folder: Path, orders: int) -> Watched:
    """The naive client, on a board of its own."""
    seam = WatchedInProcess(InProcess(build(folder, [house.frame.head(1)]).simulator))
    client = NaiveClient(seam, BoardId(house.project.mapping.board.id), TOKEN)
    for order in _sent(house, orders):
        item = client.item(client.group(order.group), order.name, order.values)
        for name, values in order.sizes:
            client.subitem(item, name, values)
    return seam


def _sent(house: House, limit: int) -> Iterator[_Order]:
    """The first orders that were sent, from the archive."""
    with open_store(house.project, SystemClock(threading.Event())) as store, store.reading() as conn:
        tables = store.tables
        orders, sizes = tables.archive.c, tables.archive_subitems.c
        query = select(orders.stg_id, orders[tables.roles["title"]], orders[tables.roles["group"]], orders.stg_payload)
        for stg_id, name, group, values in conn.execute(query.order_by(orders.stg_id).limit(limit)).all():
            mine = select(sizes.stg_name, sizes.stg_payload).where(sizes.stg_parent_stg_id == stg_id)
            yield _Order(name, group, values, [(row[0], row[1]) for row in conn.execute(mine)])
