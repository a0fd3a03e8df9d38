"""The tables of the first versions."""

from __future__ import annotations

from typing import Final

from order_sync.store.migrations.steps import Migration, NewTables

MIGRATION: Final = Migration(
    1,
    "The tables of the flow: staging, production, errors, archives, batches, the protocol's record, the snapshot.",
    (
        NewTables(
            (
                *("staging", "staging_subitems", "production", "production_subitems", "errors", "errors_subitems"),
                *("archive", "archive_subitems", "batches", "identity", "groups", "leases"),
                *("calls", "call_rows", "call_bodies", "call_results", "orphans", "boards"),
                *("snapshot", "snapshot_state", "issues"),
            )
        ),
    ),
)
