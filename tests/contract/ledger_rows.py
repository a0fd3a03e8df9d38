"""Staged rows as tests of the ledger need them: put there directly, one line each."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Table, insert, select

from order_sync.model.ids import Alias, BatchId, BoardId, Fence, RequestId, StgId
from order_sync.model.states import Op, RowStatus
from order_sync.store.ledger import queue
from order_sync.store.ledger.batches import open_batch
from order_sync.store.ledger.calls import Intent
from order_sync.store.ledger.queue import sizes_of
from order_sync.store.ledger.rows import StagedOrder, StagedSize
from order_sync.store.tables import Tables

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
BATCH, OTHER = BatchId(UUID(int=1)), BatchId(UUID(int=2))
BOARD = BoardId("42")
REQUEST = RequestId("00000000-0000-4000-8000-000000000001")


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass
class Ledger:
    """One database with an open batch, and a connection in which a test works."""

    conn: Connection
    tables: Tables

    def __post_init__(self) -> None:
        self._requests = count(1)
        for batch in (BATCH, OTHER):
            open_batch(self.conn, self.tables, batch, "NOVA PEAK", now=NOW, by="a test", mapping_hash=digest("map"))

    def order(self, name: str = "A", status: RowStatus = RowStatus.PENDING, **more: Any) -> StgId:
        """A staged order with its identity. `identity`: state of it."""
        item, state = more.get("stg_monday_item_id"), more.pop("identity", "ASSIGNED")
        self.conn.execute(
            insert(self.tables.identity).values(
                order_key=digest(name), sync_key=f"{name.lower()}-g1", board=BOARD, generation=1, state=state,
                live_item_id=item,
            )
        )  # fmt: skip
        values = {
            "stg_batch_id": BATCH, "stg_customer_batch": "NOVA PEAK", "stg_status": status, "stg_op": Op.CREATE,
            "stg_order_key": digest(name), "stg_sync_key": f"{name.lower()}-g1", "stg_payload": "{}",
            "stg_payload_hash": digest(name + "p"), "stg_source_hash": digest(name + "s"), "stg_source_row": "{}",
            "Title": f"Title {name}", "Group": "Group 1", "AAG ORDER NUMBER": f"N-{name}", **more,
        }  # fmt: skip
        made = self.conn.execute(insert(self.tables.staging).values(values).returning(self.tables.staging.c.stg_id))
        return StgId(made.scalar_one())

    def size(self, parent: StgId, label: str = "S", status: RowStatus = RowStatus.BLOCKED, **more: Any) -> StgId:
        staging = self.tables.staging.c
        row = self.conn.execute(
            select(staging.stg_order_key, staging.stg_sync_key, staging.stg_batch_id).where(staging.stg_id == parent)
        ).one()
        key = f"{row.stg_sync_key[:-3]}-{label.lower()}-g1"
        self.conn.execute(
            insert(self.tables.identity).values(
                order_key=row.stg_order_key, sync_key=key, board=BOARD, generation=1, state="ASSIGNED", size_label=label
            )
        )
        values = {
            "stg_batch_id": row.stg_batch_id, "stg_parent_stg_id": parent, "stg_status": status, "stg_op": Op.CREATE,
            "stg_customer_batch": "NOVA PEAK", "stg_order_key": row.stg_order_key, "stg_sync_key": key,
            "stg_size_label": label, "stg_order_qty_numeric": 5, "stg_name": f"Size {label}", "stg_payload": "{}",
            "stg_position": 1, **more,
        }  # fmt: skip
        sizes = self.tables.staging_subitems
        return StgId(self.conn.execute(insert(sizes).values(values).returning(sizes.c.stg_subitem_id)).scalar_one())

    def intent(self, *rows: StgId, request: RequestId | None = None, fence: int = 1, body: bytes = b"{}") -> Intent:
        name = request or RequestId(f"00000000-0000-4000-8000-{next(self._requests):012}")
        refs = tuple((Alias(f"r{at}"), row) for at, row in enumerate(rows))
        return Intent(name, BATCH, BOARD, "create_items", body, refs, Fence(fence), "77")

    def value(self, column: str, row: StgId, table: Table | None = None) -> Any:
        """One cell of a staged order, or of a staged size where its table is given."""
        table = self.tables.staging if table is None else table
        (key,) = table.primary_key.columns
        return self.conn.execute(select(table.c[column]).where(key == row)).scalar_one()

    def status(self, row: StgId) -> str:
        return str(self.value("stg_status", row))

    def size_status(self, row: StgId) -> str:
        return str(self.value("stg_status", row, self.tables.staging_subitems))

    def staged(self, *rows: StgId) -> list[StagedOrder]:
        """As sending reads them, whatever their status."""
        query = queue._orders(self.tables).order_by(self.tables.staging.c.stg_id)
        found = [queue._order(row) for row in self.conn.execute(query)]
        return [each for each in found if each.id in rows]

    def staged_sizes(self, *parents: StgId) -> list[StagedSize]:
        return sizes_of(self.conn, self.tables, parents)

    def all(self, table: Table, *columns: str) -> list[Any]:
        """Of every row, in the order of these columns: a table has none of its own."""
        asked = [table.c[name] for name in columns]
        return [tuple(row) for row in self.conn.execute(select(*asked).order_by(*asked))]
