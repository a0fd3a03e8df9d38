"""Versions are written down, and rows of others may stand in staging."""

from __future__ import annotations

from typing import Final

from order_sync.store.migrations.steps import Migration, NewTables, OtherIndex

MIGRATION: Final = Migration(
    6,
    "Versions are written down; only rows with a key of ours are held to one open row per key.",
    (
        NewTables(("versions",)),
        OtherIndex("staging", "open", "stg_sync_key"),
        OtherIndex("staging_subitems", "open", "stg_sync_key"),
    ),
)
