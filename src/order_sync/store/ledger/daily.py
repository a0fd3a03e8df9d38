"""MON_DailyCalls: how many calls were made today, and until when the account takes no more. The limit is the account's:
boards of one account count together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, Select, insert, or_, select, update

from order_sync.model.ids import BoardId
from order_sync.store.tables import Tables


@dataclass(frozen=True, slots=True)
class DayOfCalls:
    """What is known of an account's day (in UTC). `limit`: calls a day; None where the server told none."""

    calls: int
    limit: int | None
    resume_at: datetime | None


def read_day(conn: Connection, tables: Tables, board: BoardId, day: date) -> DayOfCalls:
    """Of the board's account, as far as it is known; else of the board."""
    rows = conn.execute(_of_account(tables, board)).all()
    return DayOfCalls(
        calls=sum(row.calls for row in rows if row.call_day == day.isoformat()),
        limit=next((row.calls_limit for row in rows if row.calls_limit is not None), None),
        resume_at=max((row.resume_at for row in rows if row.resume_at is not None), default=None),
    )


def _of_account(tables: Tables, board: BoardId) -> Select[tuple[object, ...]]:
    daily = tables.daily
    account = select(daily.c.account).where(daily.c.board == board, daily.c.account.is_not(None)).scalar_subquery()
    return select(daily).where(or_(daily.c.board == board, daily.c.account == account))


def add_calls(
    conn: Connection, tables: Tables, board: BoardId, day: date, calls: int, account: str | None, limit: int | None
) -> None:
    """Take further calls of a board into its day; another day starts from none."""
    c = tables.daily.c
    told = {"account": account, "calls_limit": limit} if account is not None else {}
    same = update(tables.daily).where(c.board == board, c.call_day == day.isoformat())
    if conn.execute(same.values(calls=c.calls + calls, **told)).rowcount:
        return
    _put(conn, tables, board, {"call_day": day.isoformat(), "calls": calls, **told})


def set_resume(conn: Connection, tables: Tables, board: BoardId, resume_at: datetime | None) -> None:
    """Until when no call is to be made; None: as soon as one likes, on all boards of the account."""
    if resume_at is not None:
        _put(conn, tables, board, {"resume_at": resume_at})
        return
    boards = [row.board for row in conn.execute(_of_account(tables, board))]
    conn.execute(update(tables.daily).where(tables.daily.c.board.in_(boards)).values(resume_at=None))


def _put(conn: Connection, tables: Tables, board: BoardId, values: dict[str, object]) -> None:
    daily = tables.daily
    if not conn.execute(update(daily).where(daily.c.board == board).values(**values)).rowcount:
        conn.execute(insert(daily).values(board=board, **values))
