"""What an order looked like: SHA-256 over a canonical, length-prefixed, NULL-safe encoding of its row.

The encoding is polars-hash's `hash_rows` version 1 of the mapped columns in the order of their names, all
of them text after normalisation, followed by the canonical list of sizes. It is documented as frozen; the
golden digests prove it on this machine.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Final, NamedTuple

import polars as pl
import polars_hash as plh

from order_sync.model.errors import Halted

ENCODING_VERSION: Final = 1  # of the row encoding and of every rule of `normalise`: raise it when a digest would change
CHUNK_ROWS: Final = 65_536


class Golden(NamedTuple):
    """A known row: values in the order of their columns, its list of sizes, and its digest."""

    values: tuple[str | None, ...]
    sizes: str
    digest: str


GOLDEN: Final = (
    Golden((None, "", "0"), "", "af1229692a72aa13fccaf79f9775f99fbc5fc0ec8381a91a83f002cad33bce82"),
    Golden(
        ("MSP25B50", "942 - BONNEVILLE", None, "28.86", "2026-01-31"),
        "1:M=12;1:S=5;",
        "77ad16fd45f87f132f145f3b632299af5fc7ac190eb508673eff7dfc39ba6cd9",
    ),
    Golden(
        ("café \U0001f525", "日本 | a", "b"),
        "3:XXL=1;",
        "86bafad8c297a45800eccfeedc88d6cb3b1d59d5bc3af541891ed63eb0f08b1c",
    ),
    Golden((None, "ab", "c"), "2:OS!abc;", "b6c252ff75473aa45cd0c043afaeda69027d17ba120ee203ef3e7127dc77fc80"),
    Golden(
        ("é" * 100, *[None] * 129),
        "",
        "6921b148c42223843227ad49abe0cd93a0c68abdcc77eff05e38019a9b07dab2",
    ),
)


class EncodingChanged(Halted):
    """The digests that this machine computes are not those of the snapshot."""


def fingerprints(normalised: pl.DataFrame, size_lists: pl.Series) -> pl.Series:
    """64 hex digits a row, from what `transform.normalise` and `sizes.size_lists` give."""
    columns = fingerprint_columns(normalised.columns)
    frame = normalised.select(columns).with_columns(size_lists.alias("__sizes"))
    digest = plh.hash_rows(*(plh.col(name) for name in frame.columns), version=1).chash.sha2_256().alias("fingerprint")
    empty = pl.Series("fingerprint", [], dtype=pl.String)
    return pl.concat([empty, *(chunk.select(digest).to_series() for chunk in frame.iter_slices(CHUNK_ROWS))])


def fingerprint_columns(columns: Iterable[str]) -> list[str]:
    """The columns that enter, in their order: a mapping whose lines moved changes no digest."""
    return sorted(name for name in columns if name != "__row")


def column_list_digest(columns: Iterable[str]) -> str:
    """Kept with the snapshot: another list of columns is treated like another mapping."""
    names = "".join(f"{len(name)}:{name}," for name in fingerprint_columns(columns))
    return hashlib.sha256(names.encode()).hexdigest()


def check_golden() -> None:
    """Raises EncodingChanged where a golden row does not give its golden digest."""
    for values, sizes, digest in GOLDEN:
        frame = pl.DataFrame([values], schema=[(f"c{at:03}", pl.String) for at in range(len(values))], orient="row")
        found = fingerprints(frame, pl.Series([sizes], dtype=pl.String))[0]
        if found != digest:
            raise EncodingChanged(
                f"the fingerprint of a known row is {found}, not {digest}",
                where="polars-hash on this machine",
                next_step="install the locked versions of polars and polars-hash; nothing was sent",
            )
