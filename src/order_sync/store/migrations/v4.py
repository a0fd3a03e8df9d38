"""Second items are archived, by calls of their own kind."""

from __future__ import annotations

from typing import Final

from order_sync.store.migrations.steps import Migration, NewColumns, NewIndex, OtherCheck

MIGRATION: Final = Migration(
    4,
    "What became of the second item of a key is written down; calls may be about one, and are found by their time.",
    (
        NewColumns("orphans", ("kind", "resolution", "finding", "archive_request_id", "resolved_date")),
        NewIndex("calls", "created_at"),
        OtherCheck("call_rows", "CK_MON_ApiCallRow_kind", "orphan"),
    ),
)
