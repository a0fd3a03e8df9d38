"""Which orders are new, changed, cancelled or gone: pure comparison of keys and fingerprints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import polars as pl

from order_sync.model.causes import Cause
from order_sync.model.keys import order_keys
from order_sync.model.mapping import CancelRule
from order_sync.model.texts import casefold, casefold_one, clean


class Change(StrEnum):
    """What detection says of a source row, or of a snapshot key without one (VANISHED)."""

    NEW = "NEW"
    UNCHANGED = "UNCHANGED"
    CHANGED = "CHANGED"
    CANCELLED = "CANCELLED"
    HELD = "HELD"
    VANISHED = "VANISHED"


@dataclass(frozen=True, slots=True)
class Detected:
    """`rows`: the source rows with change, cause (of HELD), known_hash, known_customer (of the snapshot).

    `vanished`: order_key, source_hash, customer of snapshot keys that no source row has.
    """

    rows: pl.DataFrame
    vanished: pl.DataFrame


def classify(rows: pl.DataFrame, snapshot: pl.DataFrame) -> Detected:
    """rows: __row, order_key, fingerprint, customer, cancelled, one a source row, over the whole source.

    snapshot: order_key, source_hash, customer. A key that several rows share is held and counts as present.
    An order first seen cancelled is CANCELLED with a NULL `known_hash`.
    """
    known = snapshot.select("order_key", known_hash="source_hash", known_customer="customer")
    joined = rows.join(known, on="order_key", how="left", maintain_order="left", validate="m:1")
    key, was = pl.col("order_key"), pl.col("known_hash")
    doubled = key.is_not_null() & (pl.len().over("order_key") > 1)
    cause = (
        pl.when(key.is_null()).then(pl.lit(Cause.NULL_KEY.value)).when(doubled).then(pl.lit(Cause.DUPLICATE_KEY.value))
    )
    change = (
        pl.when(pl.col("cause").is_not_null())
        .then(pl.lit(Change.HELD.value))
        .when(was == pl.col("fingerprint"))
        .then(pl.lit(Change.UNCHANGED.value))
        .when(pl.col("cancelled").fill_null(False))
        .then(pl.lit(Change.CANCELLED.value))
        .when(was.is_null())
        .then(pl.lit(Change.NEW.value))
        .otherwise(pl.lit(Change.CHANGED.value))
    )
    gone = snapshot.join(rows.select("order_key"), on="order_key", how="anti", maintain_order="left")
    return Detected(joined.with_columns(cause=cause).with_columns(change=change), gone)


def cancelled_rows(frame: pl.DataFrame, rule: CancelRule | None) -> pl.Series:
    """Mask of the source rows that the mapping's rule calls cancelled."""
    if rule is None:
        return pl.repeat(False, frame.height, dtype=pl.Boolean, eager=True).alias("cancelled")
    values = casefold(clean(frame, [rule.column])[rule.column])
    words = [casefold_one(word.strip()) for word in rule.values]
    return values.is_in(words).fill_null(False).alias("cancelled")


def distinguishing_columns(
    frame: pl.DataFrame, key_columns: Sequence[str], candidates: Sequence[str] | None = None
) -> list[str]:
    """Further columns that would make shared keys unique, the most telling first; [] where none do.

    `candidates`: by default the text and date columns. Leave columns out that change at every reload. A
    column that is blank in a row does not tell that row apart: a key may have no blank part.
    """
    keys = order_keys(frame, key_columns)
    shared = keys.is_duplicated() & keys.is_not_null()
    if not shared.any():
        return []
    names = _candidates(frame, key_columns) if candidates is None else list(candidates)
    cleaned = clean(frame.filter(shared), names)
    folded = [casefold(cleaned[name]) for name in names]
    rows = pl.DataFrame([keys.filter(shared).alias("__key"), *folded])
    blanks = clean(frame, names).null_count()
    names.sort(key=lambda name: int(blanks[name].item()))
    return _fewest(rows, names)


def _candidates(frame: pl.DataFrame, key_columns: Sequence[str]) -> list[str]:
    return [
        name
        for name, dtype in frame.schema.items()
        if dtype in (pl.String, pl.Date) and name not in key_columns and not name.startswith("__")
    ]


def _fewest(rows: pl.DataFrame, names: list[str]) -> list[str]:
    """Greedy: the column that makes the most different keys, then the next, until every row has its own."""
    chosen: list[str] = []
    left = _alike(rows, ["__key"])
    while left:
        alike = {name: _alike(rows, ["__key", *chosen, name]) for name in names if name not in chosen}
        best = min(alike, key=lambda name: alike[name], default=None)
        if best is None or alike[best] >= left:
            return []
        chosen.append(best)
        left = alike[best]
    return chosen


def _alike(rows: pl.DataFrame, columns: list[str]) -> int:
    """How many rows lack a key of their own when these columns are the key."""
    return rows.height - rows.select(columns).drop_nulls().n_unique()
