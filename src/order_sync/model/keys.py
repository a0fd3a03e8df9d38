"""Who an order is: its key in canonical form, the digest that joins, and the name it carries on the board.

Canonical: control characters out, trimmed, NFC, case-folded; a blank part makes the whole key NULL. Parts are
joined as `<characters>:<part>,`, so that no two different keys make one text.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Final

import polars as pl
import polars_hash as plh

from order_sync.model.ids import OrderKey, SyncKey
from order_sync.model.texts import casefold, clean

NAMESPACE: Final = uuid.UUID("5f0c1a52-6f0b-5d8a-9a53-0d5b1c1e7f26")  # of every sync key; never changes
FIRST_GENERATION: Final = 1


def canonical_parts(frame: pl.DataFrame, key_columns: Sequence[str]) -> pl.DataFrame:
    """The key columns of a source frame in canonical form; blank parts are NULL."""
    cleaned = clean(frame, key_columns)
    return cleaned.select(casefold(cleaned[name]) for name in key_columns)


def order_keys(frame: pl.DataFrame, key_columns: Sequence[str]) -> pl.Series:
    """`order_key` for each row of a source frame, NULL where a part is blank."""
    joined = _joined(canonical_parts(frame, key_columns))
    return joined.to_frame().select(plh.col(joined.name).chash.sha2_256().alias("order_key")).to_series()


def order_key(parts: Sequence[str | None]) -> OrderKey | None:
    """SHA-256 hex of the canonical key, None where a part is blank."""
    key = order_keys(*_one_row(parts))[0]
    return None if key is None else OrderKey(key)


def sync_keys(
    pipeline: str, frame: pl.DataFrame, key_columns: Sequence[str], generation: int = FIRST_GENERATION
) -> pl.Series:
    """`sync_key` for each row of a source frame, NULL where a part is blank."""
    name = pl.lit(_length_prefixed(pipeline)) + pl.col("key")
    hashed = plh.col("name").uuidhash.uuid5(str(NAMESPACE))
    joined = _joined(canonical_parts(frame, key_columns)).to_frame().select(name.alias("name"))
    return joined.select((hashed + pl.lit(f"-g{generation}")).alias("sync_key")).to_series()


def sync_key(pipeline: str, parts: Sequence[str], generation: int = FIRST_GENERATION) -> SyncKey:
    """uuid5 of pipeline and canonical key, and the generation. Stored once, from then on looked up."""
    frame, columns = _one_row(parts)
    key = sync_keys(pipeline, frame, columns, generation)[0]
    if key is None:
        raise ValueError(f"a key with a blank part has no sync key: {list(parts)!r}")
    return SyncKey(key)


def subitem_sync_key(parent: SyncKey, label: str) -> SyncKey:
    """uuid5 of the parent's uuid and the size label as it is, and the parent's generation."""
    parent_uuid, _, generation = parent.rpartition("-g")
    return SyncKey(f"{uuid.uuid5(uuid.UUID(parent_uuid), label)}-g{generation}")


def subitem_sync_keys(parents: pl.Series, labels: pl.Series) -> pl.Series:
    """`subitem_sync_key` row by row; NULL where either is NULL."""
    pairs = pl.DataFrame({"parent": parents, "label": labels}).select(
        pl.col("parent").str.slice(0, 36).str.replace_all("-", "", literal=True).str.decode("hex").alias("namespace"),
        pl.col("parent").str.slice(36).alias("generation"),
        pl.col("label").cast(pl.Binary),
    )
    hashed = pairs.with_columns(name=pl.col("namespace") + pl.col("label")).with_columns(
        digest=plh.col("name").nchash.sha1()
    )
    return hashed.select((_uuid5_text(pl.col("digest")) + pl.col("generation")).alias("sync_key")).to_series()


def _uuid5_text(sha1: pl.Expr) -> pl.Expr:
    """RFC 9562: the first 128 bits of the digest with version 5 and variant 10 written over them."""
    variants = {digit: "89ab"[int(digit, 16) & 3] for digit in "0123456789abcdef"}
    return pl.concat_str(
        sha1.str.slice(0, 8),
        pl.lit("-"),
        sha1.str.slice(8, 4),
        pl.lit("-5"),
        sha1.str.slice(13, 3),
        pl.lit("-"),
        sha1.str.slice(16, 1).replace(variants),
        sha1.str.slice(17, 3),
        pl.lit("-"),
        sha1.str.slice(20, 12),
    )


def _one_row(parts: Sequence[str | None]) -> tuple[pl.DataFrame, list[str]]:
    names = [str(position) for position in range(len(parts))]
    return pl.DataFrame([parts], schema=dict.fromkeys(names, pl.String), orient="row"), names


def _joined(parts: pl.DataFrame) -> pl.Series:
    pieces = [
        piece
        for name in parts.columns
        for piece in (pl.col(name).str.len_chars().cast(pl.String), pl.lit(":"), pl.col(name), pl.lit(","))
    ]
    return parts.select(pl.concat_str(pieces).alias("key")).to_series()


def _length_prefixed(part: str) -> str:
    return f"{len(part)}:{part},"
