"""IN_DOUBT rows: adopted when found, sent again only after two proofs of absence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, Connection, Select, bindparam, exists, literal, or_, select, true, update

from order_sync.model.ids import BatchId, BoardId, Fence, ItemId, RequestId, StgId
from order_sync.model.states import RowStatus
from order_sync.model.verdicts import Verdict
from order_sync.store.base import STATEMENTS, one_of
from order_sync.store.ledger.claims import settle_rows
from order_sync.store.ledger.rows import RowTable, StagedRow
from order_sync.store.tables import Tables


def adopt(
    conn: Connection,
    tables: Tables,
    rows: RowTable,
    found: Mapping[StgId, ItemId],
    staged: Sequence[StagedRow],
    now: datetime,
) -> None:
    """The rows are on the board: API_SUCCESS with the item that was found, whatever brought it there."""
    by_status: dict[RowStatus, dict[StgId, Verdict]] = {}
    for row in staged:
        if row.id in found:
            each = Verdict(RowStatus.API_SUCCESS, found[row.id], None, row.retry_count, row.doubts)
            by_status.setdefault(row.status, {})[row.id] = each
    for was, verdicts in by_status.items():
        settle_rows(conn, tables, rows, was, verdicts, None, now)


def note_absent_once(conn: Connection, rows: RowTable, ids: Sequence[StgId]) -> None:
    """The first proof: after the quarantine the key was not on the board."""
    conn.execute(
        update(rows.table)
        .where(one_of(conn, rows.key, ids), rows.table.c.stg_status == RowStatus.IN_DOUBT)
        .values(stg_absent_proofs=1)
    )


def note_looked_up(conn: Connection, tables: Tables, ids: Sequence[StgId]) -> None:
    """The keys of these orders were looked for on the board and are not there."""
    staging = tables.staging
    conn.execute(update(staging).where(one_of(conn, staging.c.stg_id, ids)).values(stg_looked_up=True))


def are_looked_up(conn: Connection, tables: Tables, ids: Sequence[StgId]) -> bool:
    """Whether that is noted of any of them: of all, or of none."""
    c = tables.staging.c
    return (
        conn.execute(select(c.stg_id).where(one_of(conn, c.stg_id, ids), c.stg_looked_up == true())).first() is not None
    )


def forget_look_ups(conn: Connection, tables: Tables, batch: BatchId) -> None:
    """What an earlier run did not find may be there by now: this database may be older than the board."""
    staging = tables.staging
    conn.execute(
        update(staging)
        .where(
            staging.c.stg_batch_id == batch,
            staging.c.stg_status.in_([RowStatus.PENDING, RowStatus.API_FAILED]),
            staging.c.stg_looked_up == true(),
        )
        .values(stg_looked_up=False)
    )


def left_behind(conn: Connection, tables: Tables, board: BoardId, fence: Fence) -> bool:
    """Whether there may be rows or groups for whoever took the board to mark or to be quiet for: sent under an older
    fence, or in doubt. Mostly there are none, and to know that takes no write transaction."""
    found = conn.execute(_left_behind(tables), {"board": board, "fence": fence})
    return found.first() is not None


@lru_cache(maxsize=STATEMENTS)
def _left_behind(tables: Tables) -> Select[Any]:
    older: BindParameter[int] = bindparam("fence")
    groups = tables.groups.c
    parts = [
        exists().where(
            table.c.stg_status.in_([RowStatus.SENDING, RowStatus.IN_DOUBT]),
            or_(table.c.stg_status == RowStatus.IN_DOUBT, table.c.stg_fence < older),
        )
        for table in (tables.staging, tables.staging_subitems)
    ]
    of_groups = exists().where(
        groups.board == bindparam("board"),
        groups.status.in_([RowStatus.SENDING, RowStatus.IN_DOUBT]),
        or_(groups.status == RowStatus.IN_DOUBT, groups.fence < older),
    )
    return select(literal(1)).where(or_(*parts, of_groups))


def silent_doubts(conn: Connection, tables: Tables, board: BoardId) -> list[RequestId]:
    """Requests of this board with rows or groups in doubt to which nothing ever came back."""
    calls, results = tables.calls, tables.call_results
    answered = exists().where(results.c.request_id == calls.c.request_id, results.c.http_status.is_not(None))
    found: set[RequestId] = set()
    for request, status in (
        *((table.c.stg_request_id, table.c.stg_status) for table in (tables.staging, tables.staging_subitems)),
        (tables.groups.c.request_id, tables.groups.c.status),
    ):
        query = (
            select(calls.c.request_id)
            .join_from(request.table, calls, request == calls.c.request_id)
            .where(status == RowStatus.IN_DOUBT, calls.c.board == board, ~answered)
            .distinct()
        )
        found |= {RequestId(request) for request in conn.execute(query).scalars()}
    return sorted(found)
