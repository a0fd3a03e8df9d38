"""Several workers on one queue: each row is claimed by one of them, once, and none is left over."""

from __future__ import annotations

import multiprocessing
import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from typing import Final

import polars as pl
import pytest
from ledger_rows import digest  # type: ignore[import-not-found]
from sqlalchemy import func, select
from tests.claiming_workers import BATCH, NOW, Claims, Place, claim_all

from order_sync.model.mapping import Mapping
from order_sync.store.engine import Engines
from order_sync.store.errors import guarded
from order_sync.store.ledger.batches import open_batch
from order_sync.store.ledger.staging import load_identities, load_orders
from order_sync.store.tables import Tables

ROWS: Final = 10_000

pytestmark = pytest.mark.slow


def stage(engines: Engines, tables: Tables, rows: int) -> None:
    names = [f"{number:05d}" for number in range(rows)]
    identities = pl.DataFrame(
        {"order_key": [digest(name) for name in names], "sync_key": [f"{name}-g1" for name in names]}
    ).with_columns(board=pl.lit("42"), generation=pl.lit(1), state=pl.lit("ASSIGNED"))
    orders = identities.select(pl.col("order_key", "sync_key").name.prefix("stg_")).with_columns(
        stg_batch_id=pl.lit(str(BATCH)),
        stg_op=pl.lit("CREATE"),
        stg_payload=pl.lit("{}"),
        stg_looked_up=pl.lit(value=True),
        Title=pl.lit("Title"),
        Group=pl.lit("Group 1"),
    )
    with guarded(), engines.write.begin() as conn:
        open_batch(conn, tables, BATCH, "NOVA PEAK", now=NOW, by="a test", mapping_hash=digest("map"))
        load_identities(conn, tables, identities)
        load_orders(conn, tables, orders)


def threads(workers: int) -> Executor:
    return ThreadPoolExecutor(workers)


def processes(workers: int) -> Executor:
    return ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"))


@pytest.mark.parametrize(("kind", "workers"), [(threads, 2), (threads, 4), (threads, 8), (processes, 4)])
def test_each_row_is_claimed_by_one_worker_and_none_is_left(
    engines: Engines,
    deployed: Tables,
    mapping: Mapping,
    store_url: str,
    kind: Callable[[int], Executor],
    workers: int,
) -> None:
    stage(engines, deployed, ROWS)
    with kind(workers) as executor:
        found = claim_all(executor, Place(store_url, mapping, deployed.metadata.schema), workers)
    sys.stdout.write(f"{engines.dialect}, {workers} {kind.__name__}: {told(found)}\n")  # -rP shows it
    claimed = Counter(row for each in found for row in each.rows)
    assert len(claimed) == ROWS
    assert set(claimed.values()) == {1}
    assert ledger_says(engines, deployed) == (ROWS, ROWS, ROWS)


def told(found: list[Claims]) -> str:
    retried, overtaken = sum(each.retried for each in found), sum(each.overtaken for each in found)
    return f"{retried} transactions run again, {overtaken} claims overtaken"


def ledger_says(engines: Engines, tables: Tables) -> tuple[int, int, int]:
    """Orders that are SENDING after one attempt; rows of recorded calls; and those of them whose order names that
    call."""
    orders, rows = tables.staging, tables.call_rows
    sending = (orders.c.stg_status == "SENDING", orders.c.stg_attempt == 1)
    paired = (orders.c.stg_id == rows.c.row_id) & (orders.c.stg_request_id == rows.c.request_id)
    with engines.read.begin() as conn:
        return (
            conn.execute(select(func.count()).select_from(orders).where(*sending)).scalar_one(),
            conn.execute(select(func.count()).select_from(rows)).scalar_one(),
            conn.execute(select(func.count()).select_from(orders.join(rows, paired))).scalar_one(),
        )
