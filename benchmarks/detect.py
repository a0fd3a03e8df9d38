"""Finding what changed among 100,000 rows, against the same rules applied a row at a time."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl

from benchmarks import row_by_row
from benchmarks.installation import build, source_frames
from benchmarks.results import Result, at_least, middle
from benchmarks.scale import Scale
from order_sync.model.detection import Change
from order_sync.model.fingerprint import ENCODING_VERSION
from order_sync.model.rows import SourceRows
from order_sync.model.transform import row_fingerprints
from order_sync.source import Source
from order_sync.steps.detect import detect, identify
from order_sync.steps.job import Job
from order_sync.store.bulk import load
from order_sync.store.ledger.snapshots import read_snapshot

RATIO = 8
OTHER = "f" * 64  # a digest that no row has
CHANGED, NEW, VANISHED = 100, 200, 500  # one row in so many


class InMemory(Source):
    """A source that was read before the clock starts."""

    rows: SourceRows

    @classmethod
    def of(cls, source: Source) -> InMemory:
        held = cls(source.engine, source.mapping, source.columns, source.schema)
        object.__setattr__(held, "rows", source.read())
        return held

    def read(self) -> SourceRows:
        return self.rows


def measure(scale: Scale, folder: Path) -> Result:
    """Detection with and without reading the source; the fingerprints alone."""
    rows, sample = scale.detect_rows, scale.detect_sample
    result = Result(
        "detect",
        "Detecting changes",
        {"rows": rows, "columns": 268, "customers": scale.customers, "rows_of_the_naive_way": sample},
    )
    house = build(folder, source_frames(rows, scale.customers))
    with house.job() as job:
        held = replace(job, source=InMemory.of(job.source))
        frame = pl.concat(held.source.read().batches(), rechunk=True)
        _fill_snapshot(held, frame)
        whole = _seconds(lambda: detect(job), scale.repetitions)
        compared = _seconds(lambda: detect(held), scale.repetitions)
        digests = _seconds(lambda: row_fingerprints(frame, job.mapping, job.source.size_columns()), scale.repetitions)
        found = detect(held)
        naive = _Naive(held, frame, sample)
        result.size |= {change.value.lower(): found.count(change) for change in Change}
    result.add("detect", rows / compared, "rows/s")
    result.add("detect", naive.detect / compared, "times as fast as", "row by row", at_least(RATIO))
    result.add("detect, source read too", rows / whole, "rows/s")
    result.add("detect, source read too", naive.with_reading / whole, "times as fast as", "row by row")
    result.add("fingerprints alone", rows / digests, "rows/s")
    result.add("fingerprints alone", naive.fingerprints / digests, "times as fast as", "row by row")
    result.add("the naive detect", rows / naive.detect, "rows/s")
    result.note(
        f"Medians of {scale.repetitions}. Row by row: the same digests of {sample:,} rows, evenly spaced, scaled."
    )
    result.note(
        "detect: key, fingerprint, canonical customer, comparison with the snapshot table, which it reads, and "
        "the targets of what changed. Row by row: key, fingerprint and a look into a dict."
    )
    return result


def _seconds(work: Callable[[], object], repetitions: int) -> float:
    taken = []
    for _ in range(repetitions):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return middle(taken)


def _fill_snapshot(job: Job, frame: pl.DataFrame) -> None:
    """As if all had been promoted, except that some orders were otherwise then, some not there, some still there."""
    rows = identify(job, frame).drop_nulls("order_key").unique("order_key", keep="first", maintain_order=True)
    at = pl.int_range(pl.len())
    known = rows.select(
        pl.when(at % VANISHED == 2).then(pl.col("order_key").str.reverse()).otherwise("order_key").alias("order_key"),
        pl.col("customer"),
        pl.when(at % CHANGED == 1).then(pl.lit(OTHER)).otherwise("fingerprint").alias("source_hash"),
        pl.lit(OTHER).alias("payload_hash"),
        pl.lit(ENCODING_VERSION).alias("encoding_version"),
        pl.lit(job.mapping_hash).alias("mapping_hash"),
    ).filter(at % NEW != 0)
    with job.store.engines.write.begin() as conn:
        load(conn, job.store.tables.snapshot, known)


class _Naive:
    """Seconds that all rows would take a row at a time, from those that a sample takes."""

    def __init__(self, job: Job, frame: pl.DataFrame, sample: int) -> None:
        self._plan = row_by_row.plan_of(job.mapping, job.source.size_columns())
        self._key = job.mapping.source.key
        self._times = frame.height / sample
        with job.store.reading() as conn:
            known = read_snapshot(conn, job.store.tables)
        self._known = dict(known.select("order_key", "source_hash").iter_rows())
        chosen = frame.gather_every(frame.height // sample).head(sample)
        rows = chosen.to_dicts()
        self._check(job, chosen, rows)
        self.fingerprints = self._timed(lambda: list(row_by_row.fingerprints(rows, self._plan)))
        self.detect = self._timed(lambda: self._detect(rows))
        names = frame.columns[1:]
        self.with_reading = self._timed(lambda: self._detect(_read(job, names, sample)))

    def _check(self, job: Job, frame: pl.DataFrame, rows: Sequence[Mapping[str, Any]]) -> None:
        """Both ways have to find the same."""
        ours = identify(job, frame).select("order_key", "fingerprint").rows()
        digests = row_by_row.fingerprints(rows, self._plan)
        theirs = [(row_by_row.order_key(row, self._key), digest) for row, digest in zip(rows, digests, strict=True)]
        assert theirs == ours, "the two ways disagree"

    def _timed(self, work: Callable[[], object]) -> float:
        return _seconds(work, 1) * self._times

    def _detect(self, rows: Iterable[Mapping[str, Any]]) -> int:
        different = 0
        for row in rows:
            key = row_by_row.order_key(row, self._key)
            (digest,) = row_by_row.fingerprints((row,), self._plan)
            different += key is None or self._known.get(key) != digest
        return different


def _read(job: Job, names: Sequence[str], count: int) -> Iterable[Mapping[str, Any]]:
    database = job.store.engines.write.url.database
    assert database is not None
    quoted = ", ".join(f'"{name}"' for name in names)
    with closing(sqlite3.connect(database)) as conn:
        for row in conn.execute(f'SELECT {quoted} FROM "{job.mapping.source.table}" LIMIT ?', (count,)):
            yield dict(zip(names, row, strict=True))
