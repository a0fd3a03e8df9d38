"""MON_Group: which group of the board a title is, found or made under the same protocol as items."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, insert, select, update
from sqlalchemy.sql.dml import ReturningUpdate

from order_sync.model.errors import LostLease
from order_sync.model.ids import BatchId, BoardId, Fence, GroupId, RequestId
from order_sync.model.states import RowStatus
from order_sync.store.base import STATEMENTS
from order_sync.store.tables import Tables


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group by its case-folded title."""

    title_key: str
    title: str
    group_id: GroupId | None
    status: RowStatus
    request_id: RequestId | None
    next_attempt_at: datetime | None
    absent_proofs: int


def title_key(title: str) -> str:
    """Titles that differ by case only are one group."""
    return title.strip().casefold()


def known_groups(
    conn: Connection, tables: Tables, board: BoardId, keys: Sequence[str] | None = None
) -> dict[str, GroupRow]:
    """title_key -> row, of one board; of these title keys only, where given."""
    groups = tables.groups
    query = select(groups).where(groups.c.board == board)
    if keys is not None:
        query = query.where(groups.c.title_key.in_(list(keys)))
    return {row.title_key: _group(row) for row in conn.execute(query)}


def open_groups(conn: Connection, tables: Tables, board: BoardId) -> list[GroupRow]:
    """The groups of one board that are not certain to be there."""
    found = conn.execute(_open_groups(tables), {"board": board, "there": RowStatus.API_SUCCESS})
    return [_group(row) for row in found]


@lru_cache(maxsize=STATEMENTS)
def _open_groups(tables: Tables) -> Select[Any]:
    groups = tables.groups
    return select(groups).where(groups.c.board == bindparam("board"), groups.c.status != bindparam("there"))


def _group(row: Any) -> GroupRow:
    return GroupRow(
        row.title_key,
        row.title,
        None if row.group_id is None else GroupId(row.group_id),
        RowStatus(row.status),
        None if row.request_id is None else RequestId(row.request_id),
        row.next_attempt_at,
        row.absent_proofs,
    )


def remember_groups(
    conn: Connection, tables: Tables, board: BoardId, titles: Sequence[str], known: dict[str, GroupRow]
) -> None:
    """A PENDING row for each title that has none."""
    fresh = {title_key(title): title for title in titles if title_key(title) not in known}
    if fresh:
        conn.execute(
            insert(tables.groups),
            [
                {"board": board, "title_key": key, "title": title, "status": RowStatus.PENDING}
                for key, title in fresh.items()
            ],
        )


def intend_groups(
    conn: Connection,
    tables: Tables,
    board: BoardId,
    keys: Sequence[str],
    *,
    request_id: RequestId,
    batch: BatchId,
    fence: Fence,
    now: datetime,
) -> None:
    """T1 for groups. LostLease when one of them is no longer PENDING."""
    groups = tables.groups
    claimed = conn.execute(
        update(groups)
        .where(groups.c.board == board, groups.c.title_key.in_(list(keys)))
        .where(groups.c.status.in_([RowStatus.PENDING, RowStatus.API_FAILED]))
        .values(
            status=RowStatus.SENDING,
            attempt=groups.c.attempt + 1,
            request_id=request_id,
            fence=fence,
            created_by_batch=batch,
            intent_at=now,
            absent_proofs=0,
        )
        .returning(groups.c.title_key)
    ).all()
    if len(claimed) != len(set(keys)):
        raise LostLease("groups were changed by another process", where=str(board))


def set_group(
    conn: Connection,
    tables: Tables,
    board: BoardId,
    key: str,
    status: RowStatus,
    *,
    group_id: GroupId | None = None,
    due: datetime | None = None,
    absent_proofs: int = 0,
) -> None:
    """Record what is now known of a group."""
    groups = tables.groups
    conn.execute(
        update(groups)
        .where(groups.c.board == board, groups.c.title_key == key)
        .values(status=status, group_id=group_id, next_attempt_at=due, absent_proofs=absent_proofs)
    )


def groups_left_sending(conn: Connection, tables: Tables, board: BoardId, fence: Fence) -> list[RequestId]:
    """SENDING groups of an older fence become IN_DOUBT. Returns the requests concerned."""
    found = conn.execute(_left_sending(tables), {"b_board": board, "b_fence": fence}).all()
    return sorted({RequestId(request) for (request,) in found})


@lru_cache(maxsize=STATEMENTS)
def _left_sending(tables: Tables) -> ReturningUpdate[Any]:
    groups = tables.groups
    return (
        update(groups)
        .where(groups.c.board == bindparam("b_board"), groups.c.fence < bindparam("b_fence"))
        .where(groups.c.status == RowStatus.SENDING)
        .values(status=RowStatus.IN_DOUBT, absent_proofs=0)
        .returning(groups.c.request_id)
    )
