"""MON_Board: what a person said about items on a board that are not ours; asked once, remembered."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from order_sync.model.ids import BoardId
from order_sync.store.tables import Tables

ACCEPTED = "ACCEPTED"  # the foreign items are none of our orders
CLEAN = "CLEAN"  # there were none when we first wrote


def board_decision(conn: Connection, tables: Tables, board: BoardId) -> str | None:
    query = select(tables.boards.c.decision).where(tables.boards.c.board == board)
    return conn.execute(query).scalar()


def decide(
    conn: Connection,
    tables: Tables,
    board: BoardId,
    decision: str,
    foreign_items: int,
    by: str,
    now: datetime,
) -> None:
    conn.execute(delete(tables.boards).where(tables.boards.c.board == board))
    conn.execute(
        insert(tables.boards).values(
            board=board, decision=decision, foreign_items=foreign_items, decided_by=by, decided_at=now
        )
    )
