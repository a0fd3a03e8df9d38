"""The open database: engines, tables, leases and the clock, and the two ways to use it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import BindParameter, Column, ColumnElement, Connection, bindparam, func, select, text
from sqlalchemy.types import Integer, String, Uuid

from order_sync.clock import Clock
from order_sync.store.engine import Engines
from order_sync.store.errors import guarded
from order_sync.store.leases import Lease, Leases
from order_sync.store.tables import Tables
from order_sync.store.transactions import Transaction
from order_sync.store.types import BINARY

STATEMENTS: Final = 8  # how many to keep of one that is made once: for items and sizes, of a few mappings

_PLAIN = re.compile(r"[0-9A-Za-z-]*").fullmatch


@dataclass(frozen=True)
class Store:
    """Every write goes through `writing`, which first checks that the leases it stands on are still ours."""

    engines: Engines
    tables: Tables
    clock: Clock
    leases: Leases

    @contextmanager
    def writing(self, called: Transaction, *held: Lease) -> Iterator[Connection]:
        """One transaction; LostLease before anything was written when a fence has moved on."""
        with guarded(), called.on(self.engines.write) as conn:
            for lease in held:
                self.leases.check(conn, lease)
            yield conn

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One read transaction on the engine that blocks nobody."""
        with guarded(), self.engines.read.begin() as conn:
            yield conn


def one_of(conn: Connection, column: Column[Any], ids: Sequence[int | str | UUID]) -> ColumnElement[bool]:
    """`column IN (ids)` for any number of ids: as one JSON parameter, since SQL Server takes 2,100 at most."""
    on_server = conn.dialect.name == "mssql"
    document = id_list([_plain(each, on_server) for each in ids])
    if on_server:
        return column.in_(text(_opened("doc", column)).bindparams(bindparam("doc", document, unique=True)))
    return _in_array(column, bindparam(None, document, String()))


def listed(dialect: str, column: Column[Any]) -> ColumnElement[bool]:
    """The same for a statement that is made once and used often: its parameter "ids" takes an `id_list`."""
    document = bindparam("ids", type_=String())
    if dialect == "mssql":
        return column.in_(text(_opened("ids", column)).bindparams(document))
    return _in_array(column, document)


def _opened(parameter: str, column: Column[Any]) -> str:
    """The values of a JSON array as the column has them: compared as what they come out as, NVARCHAR(MAX) of another
    collation, no index of ours would be of use, and keys could not be compared at all."""
    kind = column.type
    as_column = (
        "CAST([value] AS BIGINT)"
        if isinstance(kind, Integer)
        else "CAST([value] AS UNIQUEIDENTIFIER)"
        if isinstance(kind, Uuid)
        else f"CAST([value] AS VARCHAR(100)) COLLATE {BINARY}"
    )
    return f"SELECT {as_column} FROM OPENJSON(:{parameter})"


def _plain(each: int | str | UUID, on_server: bool) -> int | str:
    """A UUID as the database keeps it."""
    if isinstance(each, UUID):
        return str(each) if on_server else each.hex
    return each


def _in_array(column: Column[Any], document: BindParameter[str]) -> ColumnElement[bool]:
    values = func.json_each(document).table_valued("value")
    return column.in_(select(values.c.value))


def id_list(ids: Sequence[int | str]) -> str:
    """The JSON array. ValueError for what is no id of ours."""
    return "[" + ",".join(map(_json, ids)) + "]"


def _json(each: int | str) -> str:
    # Ids of ours are digits, hex and dashes; anything else would need escaping and is refused here.
    if isinstance(each, int):
        return str(each)
    if _PLAIN(each) is None:
        raise ValueError(f"not an id: {each!r}")
    return f'"{each}"'
