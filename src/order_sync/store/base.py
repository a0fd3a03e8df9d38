"""The open database: engines, tables, leases and the clock, and the two ways to use it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, bindparam, func, select, text
from sqlalchemy.types import String

from order_sync.clock import Clock
from order_sync.store.engine import Engines
from order_sync.store.errors import guarded
from order_sync.store.leases import Lease, Leases
from order_sync.store.tables import Tables


@dataclass(frozen=True)
class Store:
    """Every write goes through `writing`, which first checks that the leases it stands on are still ours."""

    engines: Engines
    tables: Tables
    clock: Clock
    leases: Leases

    @contextmanager
    def writing(self, *held: Lease) -> Iterator[Connection]:
        """One transaction; LostLease before anything was written when a fence has moved on."""
        with guarded(), self.engines.write.begin() as conn:
            for lease in held:
                self.leases.check(conn, lease)
            yield conn

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One read transaction on the engine that blocks nobody."""
        with guarded(), self.engines.read.begin() as conn:
            yield conn


def one_of(conn: Connection, column: Column[Any], ids: Sequence[int] | Sequence[str]) -> ColumnElement[bool]:
    """`column IN (ids)` for any number of ids: as one JSON parameter, since SQL Server takes 2,100 parameters at most."""
    document = bindparam(None, "[" + ",".join(_json(each) for each in ids) + "]", String())
    if conn.dialect.name == "mssql":
        rows = text("SELECT [value] FROM OPENJSON(:doc)").bindparams(doc=document.value)
        return column.in_(rows)
    values = func.json_each(document).table_valued("value")
    return column.in_(select(values.c.value))


def _json(each: int | str) -> str:
    # Ids of ours are digits, hex and dashes; anything else would need escaping and is refused here.
    if isinstance(each, int):
        return str(each)
    if not all(char.isalnum() or char == "-" for char in each):
        raise ValueError(f"not an id: {each!r}")
    return f'"{each}"'
