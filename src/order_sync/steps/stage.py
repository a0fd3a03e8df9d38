"""Orders into the staging tables: new ones in bulk under a new batch, corrected ones in place."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from time import perf_counter
from typing import Any
from uuid import UUID

import polars as pl
from sqlalchemy import Connection

from order_sync.clock import fresh_uuid
from order_sync.model.ids import BatchId, OrderKey, StgId
from order_sync.model.keys import subitem_sync_keys
from order_sync.model.mapping import LabelPolicy
from order_sync.model.states import BatchStatus, Op, RowStatus
from order_sync.steps.durably import durably_once
from order_sync.steps.job import Job, Work
from order_sync.steps.select import REPLACEABLE, Plan
from order_sync.steps.targets import new_labels, size_payload, with_constants, with_sync_key
from order_sync.steps.withdraw import withdraw, works_of
from order_sync.store.leases import Lease
from order_sync.store.ledger.batches import advance, open_batch
from order_sync.store.ledger.failures import resolve_failures
from order_sync.store.ledger.held import load_issues
from order_sync.store.ledger.identities import order_identities, size_identities
from order_sync.store.ledger.rows import subitem_rows
from order_sync.store.ledger.staging import (
    UNSENT,
    cancel_unsent_sizes,
    change_unsent_sizes,
    load_identities,
    load_orders,
    load_sizes,
    mark_partly_sent,
    open_orders,
    promoted_keys,
    staged_sizes,
    take_new_version,
)
from order_sync.store.transactions import Transaction

_LOAD = Transaction("stage.load")


def stage(job: Job, plan: Plan, customer: str, lease: Lease, in_hand: Sequence[BatchId]) -> list[Work]:
    """One transaction under the customer's lease. Returns the batches that got something to send and are not in hand
    already: the new one, and older ones whose rows were corrected."""
    orders = plan.orders.filter(pl.col("customer") == customer)
    withdrawn = plan.withdrawn.filter(pl.col("customer") == customer)
    if withdrawn.height:
        withdraw(job, withdrawn, lease)
    if orders.is_empty():
        return works_of(withdrawn, customer, lease, in_hand)
    began = perf_counter()
    batch = BatchId(fresh_uuid(job.clock))
    staged = durably_once(
        *(job, _LOAD, (lease,)),
        lambda conn: _stage_in(job, conn, plan, orders, batch, lease),
        # Once they are staged as they are, there is nothing to stage any more.
        lambda conn, _: not any(each.height for each in _sorted_by_standing(job, conn, orders, customer)),
    )
    if staged.fresh:
        job.events.emit("order.staged", count=staged.fresh, customer=customer, seconds=perf_counter() - began)
    if staged.corrected:
        job.events.emit("order.restaged", count=staged.corrected, customer=customer)
    batches = [*([batch] if staged.fresh else []), *sorted(staged.touched - set(in_hand), key=str)]
    works = [Work(each, customer, lease) for each in batches]
    return [*works, *works_of(withdrawn, customer, lease, [*in_hand, *batches])]


@dataclass(frozen=True, slots=True)
class _Staged:
    """How many orders, and which older batches had some of them."""

    fresh: int
    corrected: int
    touched: set[BatchId]


def _stage_in(job: Job, conn: Connection, plan: Plan, orders: pl.DataFrame, batch: BatchId, lease: Lease) -> _Staged:
    """All of one customer."""
    customer, now = str(orders["customer"][0]), job.clock.now()
    fresh, corrected = _sorted_by_standing(job, conn, orders, customer)
    if fresh.height:
        _open(job, conn, batch, customer, lease.owner, now)
        keyed = _with_keys(job, conn, fresh, batch, now)
        sizes = plan.sizes.join(fresh.select("__row"), on="__row", how="semi", maintain_order="left")
        _load(job, conn, keyed, sizes, batch, now)
        load_issues(conn, job.store.tables, _issues(plan, fresh), batch, now)
        advance(conn, job.store.tables, batch, BatchStatus.STAGING_LOADED, now)
    touched = _restage(job, conn, corrected, plan.sizes, now) if corrected.height else set()
    for old in touched:
        advance(conn, job.store.tables, old, BatchStatus.STAGING_LOADED, now)
    return _Staged(fresh.height, corrected.height, touched)


def _sorted_by_standing(
    job: Job, conn: Connection, orders: pl.DataFrame, customer: str
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Under the lease: what another run has promoted or staged since detection is not staged again."""
    keys = [OrderKey(key) for key in orders["order_key"].to_list()]
    promoted = [str(key) for key in promoted_keys(conn, job.store.tables, keys)]
    staged = open_orders(conn, job.store.tables).select(
        *("order_key", "stg_id", "status", "batch_id"),
        staged_source="source_hash",
        staged_payload="payload_hash",
        staged_customer="customer",
    )
    joined = orders.filter(~pl.col("order_key").is_in(promoted)).join(
        staged, on="order_key", how="left", maintain_order="left"
    )
    fresh = joined.filter(pl.col("stg_id").is_null()).select(orders.columns)
    corrected = joined.filter(
        pl.col("stg_id").is_not_null()
        & (pl.col("staged_customer") == customer)
        & (pl.col("staged_source") != pl.col("fingerprint"))
    )
    return fresh, corrected


def _open(job: Job, conn: Connection, batch: BatchId, customer: str, owner: str, now: datetime) -> None:
    settings = job.settings.model_dump(mode="json", exclude={"folder"})
    open_batch(
        *(conn, job.store.tables, batch, customer),
        now=now,
        by=owner[:100],
        run_id=job.run_id,
        mapping_hash=job.mapping_hash,
        config_snapshot=json.dumps({"settings": settings, "mapping_hash": job.mapping_hash}),
    )


def _with_keys(job: Job, conn: Connection, orders: pl.DataFrame, batch: BatchId, now: datetime) -> pl.DataFrame:
    """sync_key: the recorded identity's, else assigned now and recorded."""
    known = order_identities(conn, job.store.tables, [OrderKey(key) for key in orders["order_key"].to_list()])
    recorded = {str(key): str(found[1]) for key, found in known.items()}
    keyed = orders.with_columns(
        sync_key=pl.coalesce(
            pl.col("order_key").replace_strict(recorded, default=None, return_dtype=pl.String),
            pl.col("first_key"),
        )
    )
    fresh = keyed.filter(~pl.col("order_key").is_in(list(recorded)))
    load_identities(
        conn,
        job.store.tables,
        fresh.select("order_key", "sync_key").with_columns(**_identity_columns(job, batch, now)),
    )
    return keyed


def _identity_columns(job: Job, batch: BatchId, now: datetime) -> dict[str, Any]:
    return {
        "board": pl.lit(str(job.board_id)),
        "generation": pl.lit(1),
        "state": pl.lit("ASSIGNED"),
        "batch_id": pl.lit(UUID(str(batch)).hex),
        "created_date": pl.lit(now),
    }


def _sync_columns(batch: BatchId, status: RowStatus, now: datetime) -> dict[str, Any]:
    return {
        "stg_batch_id": pl.lit(UUID(str(batch)).hex),
        "stg_status": pl.lit(status.value),
        "stg_op": pl.lit(Op.CREATE.value),
        "stg_created_date": pl.lit(now),
    }


def _load(job: Job, conn: Connection, orders: pl.DataFrame, sizes: pl.DataFrame, batch: BatchId, now: datetime) -> None:
    ids = load_orders(conn, job.store.tables, order_rows(job, orders, batch, now))
    parents = orders.select("__row", "order_key", "customer", stg_sync_key="sync_key").join(ids, on="stg_sync_key")
    _load_sizes(job, conn, parents, sizes, batch, now)


def order_rows(job: Job, orders: pl.DataFrame, batch: BatchId, now: datetime) -> pl.DataFrame:
    """The rows of the staging table, without what the database fills in."""
    roles = job.store.tables.roles
    business = [pl.col(column.target) for column in job.mapping.columns]
    numbers = {column.target for column in job.mapping.columns if column.sql.upper() in ("FLOAT", "REAL")}
    return orders.select(
        *(each.cast(pl.Float64) if each.meta.output_name() in numbers else each for each in business),
        pl.col("Title").alias(roles["title"]),
        pl.col("Group").alias(roles["group"]),
        pl.col("customer").alias("stg_customer_batch"),
        pl.col("sync_key").alias("stg_sync_key"),
        pl.col("order_key").alias("stg_order_key"),
        with_sync_key(pl.col("payload"), job.mapping.board.sync_key, pl.col("sync_key")).alias("stg_payload"),
        pl.col("payload_hash").alias("stg_payload_hash"),
        pl.col("fingerprint").alias("stg_source_hash"),
        pl.col("source_row").alias("stg_source_row"),
        pl.col("create_labels").alias("stg_create_labels"),
        **_sync_columns(batch, RowStatus.PENDING, now),
    )


def _load_sizes(
    job: Job,
    conn: Connection,
    parents: pl.DataFrame,
    sizes: pl.DataFrame,
    batch: BatchId,
    now: datetime,
    status: RowStatus = RowStatus.BLOCKED,
) -> None:
    """`parents`: __row, order_key, customer, stg_sync_key, stg_id."""
    joined = sizes.join(parents, on="__row", how="inner", maintain_order="left")
    if joined.is_empty():
        return
    keyed = joined.with_columns(subitem_sync_keys(joined["stg_sync_key"], joined["label"]).alias("size_key"))
    keys = [OrderKey(key) for key in parents["order_key"].to_list()]
    recorded = size_identities(conn, job.store.tables, keys)
    fresh = keyed.filter(~pl.col("size_key").is_in([str(key) for key in recorded.values()]))
    sync_ids = {str(key): found[0] for key, found in order_identities(conn, job.store.tables, keys).items()}
    load_identities(
        conn,
        job.store.tables,
        fresh.select(
            "order_key",
            pl.col("order_key").replace_strict(sync_ids, return_dtype=pl.Int64).alias("parent_sync_id"),
            pl.col("size_key").alias("sync_key"),
            pl.col("label").alias("size_label"),
        ).with_columns(**_identity_columns(job, batch, now)),
    )
    load_sizes(conn, job.store.tables, size_rows(job, keyed, batch, status, now))


def size_rows(job: Job, sizes: pl.DataFrame, batch: BatchId, status: RowStatus, now: datetime) -> pl.DataFrame:
    """The rows of the staging table of sizes. `sizes`: label, quantity, position, size_key,
    stg_id, order_key, customer."""
    by_role = {column.role: column for column in job.mapping.subitems.columns if column.role}
    size = by_role["size"]
    labels = [(size.board, "label")] if size.board and size.board.labels is LabelPolicy.CREATE else []
    named = with_constants(job, sizes).with_columns(new_labels(job, sizes, labels).alias("create_labels"))
    payload = size_payload(job)
    if job.mapping.subitems.sync_key:
        payload = with_sync_key(payload, job.mapping.subitems.sync_key, pl.col("size_key"))
    prefix, _, suffix = job.mapping.sizes.name.partition("{SIZE}")
    texts = {
        column.target: pl.lit(column.value) for column in job.mapping.subitems.columns if column.role == "constant"
    }
    texts |= {size.target: pl.col("label"), by_role["quantity"].target: pl.col("quantity_text")}
    return named.select(
        *(value.alias(target) for target, value in texts.items()),
        pl.col("stg_id").alias("stg_parent_stg_id"),
        pl.col("customer").alias("stg_customer_batch"),
        pl.col("label").alias("stg_size_label"),
        pl.col("quantity").alias("stg_order_qty_numeric"),
        pl.concat_str(pl.lit(prefix), pl.col("label"), pl.lit(suffix)).alias("stg_name"),
        pl.col("position").alias("stg_position"),
        pl.col("size_key").alias("stg_sync_key"),
        pl.col("order_key").alias("stg_order_key"),
        payload.alias("stg_payload"),
        pl.col("create_labels").alias("stg_create_labels"),
        **_sync_columns(batch, status, now),
    )


def _issues(plan: Plan, orders: pl.DataFrame) -> pl.DataFrame:
    keys = orders.select("__row", "order_key", "order_number", "customer")
    mine = plan.issues.join(keys, on="__row", how="inner", maintain_order="left")
    return mine.select(
        "order_key",
        "order_number",
        "customer",
        pl.col("column").alias("source_column"),
        "severity",
        "cause",
        "found",
        "message",
    )


def _restage(job: Job, conn: Connection, corrected: pl.DataFrame, sizes: pl.DataFrame, now: datetime) -> set[BatchId]:
    """Orders that are staged already and whose source has changed: never sent, they take the new version in place;
    with an item on the board, their unsent sizes do. Whatever may be on its way keeps its version."""
    touched: set[BatchId] = set()
    for (batch_text, status), part in corrected.group_by("batch_id", "status", maintain_order=True):
        batch = BatchId(UUID(str(batch_text)))
        mine = sizes.join(part.select("__row"), on="__row", how="semi", maintain_order="left")
        if status in REPLACEABLE:
            _replace(job, conn, part, mine, batch, now)
        elif status == RowStatus.API_SUCCESS.value:
            _correct_sizes(job, conn, part, mine, batch, now)
        else:
            continue
        touched.add(batch)
    return touched


def _replace(
    job: Job, conn: Connection, orders: pl.DataFrame, sizes: pl.DataFrame, batch: BatchId, now: datetime
) -> None:
    keyed = _with_keys(job, conn, orders, batch, now)
    rows = order_rows(job, keyed, batch, now).drop("stg_batch_id", "stg_status", "stg_created_date")
    reset = (keyed["payload_hash"] != keyed["staged_payload"]).to_list()
    values = [
        {**row, "stg_id": stg_id, "reset": changed}
        for row, stg_id, changed in zip(rows.iter_rows(named=True), keyed["stg_id"], reset, strict=True)
    ]
    take_new_version(conn, job.store.tables, values)
    parents = keyed.select("__row", "order_key", "customer", "stg_id", stg_sync_key="sync_key")
    _load_sizes(job, conn, parents, sizes, batch, now)


def _correct_sizes(
    job: Job, conn: Connection, orders: pl.DataFrame, sizes: pl.DataFrame, batch: BatchId, now: datetime
) -> None:
    keyed = _with_keys(job, conn, orders, batch, now)
    parents = keyed.select("__row", "order_key", "customer", "stg_id", stg_sync_key="sync_key")
    wanted = sizes.join(parents, on="__row", how="inner", maintain_order="left")
    wanted = wanted.with_columns(subitem_sync_keys(wanted["stg_sync_key"], wanted["label"]).alias("size_key"))
    rows = size_rows(job, wanted, batch, RowStatus.PENDING, now)
    new = {(row["stg_parent_stg_id"], row["stg_size_label"]): row for row in rows.iter_rows(named=True)}
    staged = staged_sizes(conn, job.store.tables, [StgId(key) for key in parents["stg_id"].to_list()])
    changed, dropped = [], []
    for row in staged:
        if row.stg_status == RowStatus.CANCELLED:
            continue  # final: a size that came back is a new row
        target = new.pop((row.stg_parent_stg_id, row.stg_size_label), None)
        if RowStatus(row.stg_status) not in UNSENT:
            continue
        if target is None:
            dropped.append(StgId(row.stg_subitem_id))
        elif target["stg_order_qty_numeric"] != row.stg_order_qty_numeric:
            changed.append(
                {
                    "b_id": row.stg_subitem_id,
                    "b_quantity": target["stg_order_qty_numeric"],
                    "b_payload": target["stg_payload"],
                    "b_hash": None,
                }
            )
    change_unsent_sizes(conn, job.store.tables, changed)
    cancel_unsent_sizes(conn, job.store.tables, dropped)
    resolve_failures(conn, subitem_rows(job.store.tables), batch, dropped, "size left the source", now)
    versions = {StgId(row["stg_id"]): row["fingerprint"] for row in keyed.iter_rows(named=True)}
    mark_partly_sent(conn, job.store.tables, versions)
    added = pl.DataFrame(
        {"stg_id": [key[0] for key in new], "label": [key[1] for key in new]},
        schema={"stg_id": pl.Int64, "label": pl.String},
    )
    missing = wanted.select([*sizes.columns, "stg_id"]).join(added, on=["stg_id", "label"], how="semi").drop("stg_id")
    _load_sizes(job, conn, parents, missing, batch, now, RowStatus.PENDING)
