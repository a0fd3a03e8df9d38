"""What an order looked like: SHA-256 over a canonical, length-prefixed, NULL-safe encoding of its row.

The encoding is polars-hash's `hash_rows` version 1 of the mapped columns in the order of their names, all
of them text after normalisation, followed by the canonical list of sizes. It is documented as frozen; the
golden digests prove it on this machine.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Final

import polars as pl
import polars_hash as plh

from order_sync.model.errors import Halted

ENCODING_VERSION: Final = (
    1  # of the row encoding and of every rule of `normalise`: raise it when a digest would change
)
CHUNK_ROWS: Final = 65_536

# (columns in the order of their names, size list, digest)
GOLDEN: Final[tuple[tuple[tuple[str | None, ...], str, str], ...]] = ()


class EncodingChanged(Halted):
    """The digests that this machine computes are not those of the snapshot."""


def fingerprints(normalised: pl.DataFrame, size_lists: pl.Series) -> pl.Series:
    """64 hex digits a row, from what `transform.normalise` and `sizes.size_lists` give."""
    columns = fingerprint_columns(normalised.columns)
    frame = normalised.select(columns).with_columns(size_lists.alias("__sizes"))
    digest = (
        plh.hash_rows(*(plh.col(name) for name in frame.columns), version=1)
        .chash.sha2_256()
        .alias("fingerprint")
    )
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
        frame = pl.DataFrame(
            [values], schema=[(f"c{at}", pl.String) for at in range(len(values))], orient="row"
        )
        found = fingerprints(frame, pl.Series([sizes], dtype=pl.String))[0]
        if found != digest:
            raise EncodingChanged(
                f"the fingerprint of a known row is {found}, not {digest}",
                where="polars-hash on this machine",
                next_step="install the locked versions of polars and polars-hash; nothing was sent",
            )
