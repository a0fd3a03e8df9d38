"""MON_OrderSnapshot: what was promoted, by key; and the generation that counts its every change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import polars as pl
from sqlalchemy import Connection, insert, select, update

from order_sync.store.tables import Tables


@dataclass(frozen=True, slots=True)
class SnapshotState:
    """The single row of MON_SnapshotState."""

    generation: int
    encoding_version: int
    mapping_hash: str | None
    columns_digest: str | None


def read_state(conn: Connection, tables: Tables) -> SnapshotState | None:
    row = conn.execute(select(tables.snapshot_state)).first()
    if row is None:
        return None
    return SnapshotState(row.generation, row.encoding_version, row.mapping_hash, row.columns_digest)


def read_snapshot(conn: Connection, tables: Tables) -> pl.DataFrame:
    """Columns order_key, customer, source_hash, payload_hash, mapping_hash (String): what detection compares with."""
    snapshot = tables.snapshot
    names = ["order_key", "customer", "source_hash", "payload_hash", "mapping_hash"]
    query = select(*(snapshot.c[name] for name in names))
    rows = [tuple(row) for row in conn.execute(query)]
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")


def move_state(
    conn: Connection,
    tables: Tables,
    *,
    encoding_version: int,
    mapping_hash: str,
    columns_digest: str,
    now: datetime,
) -> int:
    """Count one change of the snapshot, within the transaction that makes it. Returns the new generation."""
    state = tables.snapshot_state
    values = {
        "encoding_version": encoding_version,
        "mapping_hash": mapping_hash,
        "columns_digest": columns_digest,
        "updated_at": now,
    }
    known = conn.execute(select(state.c.generation)).scalar()
    if known is None:
        conn.execute(insert(state).values(id=1, generation=1, **values))
        return 1
    conn.execute(update(state).values(generation=state.c.generation + 1, **values))
    return int(known) + 1


def raise_generation(conn: Connection, tables: Tables, to: int, now: datetime) -> None:
    """Lift the generation above that of a snapshot file from before a restore, once the board was scanned."""
    state = tables.snapshot_state
    if conn.execute(select(state.c.generation)).scalar() is None:
        conn.execute(insert(state).values(id=1, generation=to, encoding_version=0, updated_at=now))
    else:
        conn.execute(update(state).values(generation=to, updated_at=now))
