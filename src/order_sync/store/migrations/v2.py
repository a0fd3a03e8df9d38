"""The snapshot remembers the mapping of each row."""

from __future__ import annotations

from typing import Final

from order_sync.store.migrations.steps import Migration, NewColumns

MIGRATION: Final = Migration(
    2,
    "Each snapshot row remembers the mapping it was promoted under, so that a new mapping changes nothing by itself.",
    (NewColumns("snapshot", ("mapping_hash",)),),
)
