"""A condition that reads one way on SQLite, where it runs, and another in T-SQL, where it is only compiled."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import ColumnElement
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.types import Boolean

from order_sync.store import base

MSSQL = SimpleNamespace(dialect=SimpleNamespace(name="mssql"))  # as much of a connection as a statement asks for


class Either(ColumnElement[bool]):
    """Both of what the product makes for the two databases."""

    inherit_cache = False
    type = Boolean()

    def __init__(self, here: ColumnElement[bool], there: ColumnElement[bool]) -> None:
        self.here, self.there = here, there

    def self_group(self, against: Any = None) -> Any:
        """Not `(..) = 1`, which a condition of unknown kind becomes where there is no boolean."""
        return self

    @property
    def _from_objects(self) -> Any:
        return self.here._from_objects


@compiles(Either)
def _here(element: Either, compiler: Any, **more: Any) -> str:
    return str(compiler.process(element.here, **more))


@compiles(Either, "mssql")
def _there(element: Either, compiler: Any, **more: Any) -> str:
    return str(compiler.process(element.there, **more))


def both_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on the product's two conditions that ask for the dialect are made for both."""
    one_of, listed = base.one_of, base.listed
    made = {
        "one_of": lambda conn, column, ids: Either(one_of(conn, column, ids), one_of(MSSQL, column, ids)),  # type: ignore[arg-type]
        "listed": lambda _, column: Either(listed("sqlite", column), listed("mssql", column)),
    }
    for name, original in (("one_of", one_of), ("listed", listed)):
        for module in list(sys.modules.values()):
            if module.__name__.startswith("order_sync.") and getattr(module, name, None) is original:
                monkeypatch.setattr(module, name, made[name])
