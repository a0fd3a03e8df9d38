"""How long the server took lately, from the record of the calls."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from order_sync.store.tables import Tables

_LATEST = 200  # calls


def seconds_a_mutation(conn: Connection, tables: Tables) -> dict[str, float]:
    """Operation -> seconds a mutation, over the latest calls that made something."""
    calls, results, rows = tables.calls, tables.call_results, tables.call_rows
    latest = (
        select(calls.c.request_id, calls.c.op, results.c.ms)
        .join_from(calls, results, calls.c.request_id == results.c.request_id)
        .where(results.c.ids.is_not(None), results.c.ms.is_not(None))
        .order_by(calls.c.created_at.desc())
        .limit(_LATEST)
        .subquery()
    )
    sizes = (
        select(rows.c.request_id, func.count().label("mutations"))
        .where(rows.c.request_id.in_(select(latest.c.request_id)))
        .group_by(rows.c.request_id)
        .subquery()
    )
    query = (
        select(latest.c.op, func.sum(latest.c.ms), func.sum(sizes.c.mutations))
        .join_from(latest, sizes, latest.c.request_id == sizes.c.request_id)
        .group_by(latest.c.op)
    )
    return {op: float(ms) / 1000 / count for op, ms, count in conn.execute(query) if count}
