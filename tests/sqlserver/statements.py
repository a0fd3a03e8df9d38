"""Every statement that the program makes at run time, as it reads on SQL Server."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import BooleanClauseList, Column, ColumnElement, Engine, Exists, Label, Select, event, insert
from sqlalchemy.dialects import mssql
from sqlalchemy.sql import Executable, visitors
from sqlalchemy.sql.ddl import ExecutableDDLElement
from sqlalchemy.sql.elements import BinaryExpression, UnaryExpression
from sqlalchemy.types import Boolean

# What only ever runs on SQLite, what deploys (its statements are in the script), and what reads SQLite's catalogue.
NOT_OURS = (
    "order_sync.drill",
    "order_sync.demo_data",
    "order_sync.cli.demo",
    "order_sync.store.deploy",
    "order_sync.store.shape",
)
_CONDITIONS = (BinaryExpression, BooleanClauseList, Exists, UnaryExpression)
# A name in brackets, a text, or a parameter.
_PARTS = re.compile(r"\[(?:[^\]]|\]\])*\]|'(?:[^']|'')*'|:([A-Za-z_]\w*)")


def server_dialect() -> Any:
    """SQL Server 2017, as SQLAlchemy sets itself up for it once it is connected."""
    dialect: Any = mssql.dialect()  # type: ignore[no-untyped-call]
    dialect.server_version_info = (14, 0)
    dialect._setup_version_attributes()
    return dialect


class Statements:
    """`found`: T-SQL -> the module that made it; parameters are named @so. `conditions`: statements that select what
    is true or false, for which SQL Server has no value though a parser takes it."""

    def __init__(self) -> None:
        self.found: dict[str, str] = {}
        self.conditions: list[str] = []
        self._dialect = server_dialect()

    def add(self, statement: Any, module: str, keys: list[str] | None = None, *, many: bool = False) -> str:
        compiled = statement.compile(
            dialect=self._dialect,
            column_keys=keys,
            for_executemany=many,
            schema_translate_map={None: "dbo"},
            render_schema_translate=True,
        )
        sql = _with_parameters(str(compiled))
        self.found.setdefault(sql, module)
        if selects_a_condition(statement):
            self.conditions.append(sql)
        return sql

    def loaded(self, table: Any, names: list[str]) -> None:
        """A bulk load: on SQLite it goes past SQLAlchemy."""
        self.add(insert(table).inline(), "order_sync.store.bulk", sorted(names), many=True)

    @contextmanager
    def listening(self) -> Iterator[None]:
        event.listen(Engine, "before_execute", self._heard)
        try:
            yield
        finally:
            event.remove(Engine, "before_execute", self._heard)

    def _heard(self, _conn: Any, statement: Executable, many: Any, one: Any, _options: Any) -> None:
        module = None if isinstance(statement, ExecutableDDLElement) else _maker()
        if module is not None:
            first = many[0] if many else one
            self.add(statement, module, sorted(first) if first else None, many=len(many) > 1)


def selects_a_condition(statement: Any) -> bool:
    """Whether a SELECT in it has a condition among its columns."""
    return any(
        _is_condition(column)
        for part in visitors.iterate(statement)
        if isinstance(part, Select)
        for column in part._raw_columns
    )


def _is_condition(column: Any) -> bool:
    plain = column.element if isinstance(column, Label) else column
    return isinstance(plain, _CONDITIONS) and not isinstance(plain, Column) and _is_boolean(plain)


def _is_boolean(column: ColumnElement[Any]) -> bool:
    return isinstance(column.type, Boolean)


def _maker() -> str | None:
    """The module of the product that executes; None where it is one that never meets SQL Server, or a test."""
    frame: Any = sys._getframe(2)
    while frame is not None:
        name = frame.f_globals.get("__name__", "")
        if name.startswith("order_sync."):
            return None if name.startswith(NOT_OURS) else str(name)
        if name.startswith("tests."):
            return None
        frame = frame.f_back
    return None


def _with_parameters(sql: str) -> str:
    # What is filled in when the values are there: a number after TOP, a list after IN.
    filled = re.sub(r"__\[POSTCOMPILE_(\w+)\]", r":\1", re.sub(r"TOP __\[POSTCOMPILE_\w+\]", "TOP 5", sql))
    return _PARTS.sub(lambda part: f"@{part[1]}" if part[1] else part[0], filled)
