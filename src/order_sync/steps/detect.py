"""What is new, changed, cancelled or gone: the whole source against the snapshot of what was promoted."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from time import perf_counter
from typing import Final

import polars as pl

from order_sync.model.detection import Change, cancelled_rows, classify
from order_sync.model.fingerprint import check_golden, column_list_digest
from order_sync.model.keys import order_keys
from order_sync.model.naming import canonical_customers
from order_sync.model.rows import SourceRows
from order_sync.model.texts import clean
from order_sync.model.transform import row_fingerprints, sources_of
from order_sync.steps.job import Job
from order_sync.steps.targets import target_parts
from order_sync.store.ledger.snapshots import read_snapshot
from order_sync.store.ledger.staging import PARTLY_SENT

TOGETHER: Final = 2  # batches looked at together: between its many small steps on one, polars leaves a core idle


@dataclass(frozen=True, slots=True)
class Detection:
    """`source`: the rows as read. `rows`: __row, order_key, fingerprint, customer, change, cause, one a source row.
    `vanished`: order_key, customer of promoted orders that the source no longer has."""

    source: SourceRows
    rows: pl.DataFrame
    vanished: pl.DataFrame
    columns_digest: str

    @classmethod
    def nothing(cls, job: Job) -> Detection:
        """Of a run that looks for nothing new."""
        rows = {"__row": pl.UInt32, "order_key": pl.String, "fingerprint": pl.String, "customer": pl.String}
        return cls(
            SourceRows({}),
            pl.DataFrame(schema={**rows, "change": pl.String, "cause": pl.String}),
            pl.DataFrame(schema={"order_key": pl.String, "customer": pl.String}),
            columns_digest(job),
        )

    def count(self, change: Change) -> int:
        """How many rows (for VANISHED: promoted orders) are classified so."""
        if change is Change.VANISHED:
            return self.vanished.height
        return int((self.rows["change"] == change.value).sum())


def detect(job: Job) -> Detection:
    """Reads source and snapshot; writes nothing and calls nobody."""
    check_golden()
    began = perf_counter()
    source = job.source.read()
    with job.store.reading() as conn:
        snapshot = read_snapshot(conn, job.store.tables)
    rows = _identified(job, source)
    found = classify(rows, snapshot)
    rows = _compare_targets(job, source, found.rows, snapshot)
    detection = Detection(
        source,
        rows,
        found.vanished,
        columns_digest(job),
    )
    job.events.emit(
        "orders.detected",
        rows=source.height,
        seconds=perf_counter() - began,
        **{change.value.lower(): detection.count(change) for change in Change},
    )
    return detection


def columns_digest(job: Job) -> str:
    """Of the columns that fingerprints are taken of."""
    return column_list_digest([*sources_of(job.mapping), *job.source.size_columns()])


def _identified(job: Job, source: SourceRows) -> pl.DataFrame:
    first, *others = source.packed()
    if not others:
        return identify(job, first())
    with ThreadPoolExecutor(TOGETHER) as pool:
        return pl.concat(pool.map(lambda unpack: identify(job, unpack()), [first, *others]), rechunk=True)


def identify(job: Job, source: pl.DataFrame) -> pl.DataFrame:
    """__row, order_key, fingerprint, customer (canonical where known), cancelled of every row. Each depends on its row
    alone, so it does not matter how the source is divided."""
    mapping = job.mapping
    raw = clean(source, [mapping.source.customer])[mapping.source.customer]
    known = canonical_customers(raw, job.customers)
    return pl.DataFrame(
        [
            source["__row"],
            order_keys(source, mapping.source.key).alias("order_key"),
            row_fingerprints(source, mapping, job.source.size_columns()).alias("fingerprint"),
            known.zip_with(known.is_not_null(), raw).alias("customer"),
            cancelled_rows(source, mapping.changes.cancelled),
        ]
    )


def _compare_targets(job: Job, source: SourceRows, rows: pl.DataFrame, snapshot: pl.DataFrame) -> pl.DataFrame:
    """Where the fingerprint differs, or the order was promoted under another mapping, only a change of what would be
    sent makes an order CHANGED."""
    hashes = snapshot.select("order_key", sent_hash="payload_hash", sent_mapping="mapping_hash")
    joined = rows.join(hashes, on="order_key", how="left", maintain_order="left")
    changed = pl.col("change") == Change.CHANGED.value
    other_mapping = pl.col("sent_mapping").ne_missing(job.mapping_hash)
    remapped = (pl.col("change") == Change.UNCHANGED.value) & (
        other_mapping | (pl.col("sent_hash") == PARTLY_SENT).fill_null(False)
    )
    suspects = joined.filter(changed | remapped)
    if suspects.is_empty():
        return joined.drop("sent_hash", "sent_mapping")
    parts = target_parts(job, source, suspects["__row"])
    would_be = pl.concat((part.orders.select("__row", "payload_hash") for part in parts), rechunk=True)
    compared = joined.join(would_be, on="__row", how="left", maintain_order="left")
    differs = pl.col("payload_hash").ne_missing(pl.col("sent_hash"))
    verdict = pl.when(differs).then(pl.lit(Change.CHANGED.value)).otherwise(pl.lit(Change.UNCHANGED.value))
    change = pl.when(changed | remapped).then(verdict).otherwise(pl.col("change"))
    return compared.with_columns(change=change).drop("sent_hash", "sent_mapping", "payload_hash")
