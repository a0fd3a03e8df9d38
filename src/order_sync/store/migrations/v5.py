"""The day's calls are counted in the database."""

from __future__ import annotations

from typing import Final

from order_sync.store.migrations.steps import Migration, NewTables

MIGRATION: Final = Migration(
    5,
    "The day's calls, and until when the account takes no more, outlive a restart.",
    (NewTables(("daily",)),),
)
