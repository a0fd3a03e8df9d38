"""What can be done to a schema: things are made and columns are added; of what holds rows nothing is ever dropped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, Column, Dialect, Index, Insert, MetaData, Table, TextClause, select, text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import AddConstraint, CreateColumn, CreateIndex, CreateTable, DropIndex, ExecutableDDLElement

from order_sync.store.shape import FoundTable, Shape


class AddColumnTo(ExecutableDDLElement):
    """ALTER TABLE .. ADD of one column: SQLAlchemy has none, and Babelfish takes but one at a time."""

    def __init__(self, column: Column[Any]) -> None:
        self.column = column


@compiles(AddColumnTo)
def _add_column(element: AddColumnTo, compiler: Any, **_: Any) -> str:
    table = compiler.preparer.format_table(element.column.table)
    return f"ALTER TABLE {table} ADD {compiler.process(CreateColumn(element.column))}"


class RenameTable(ExecutableDDLElement):
    """SQLite's ALTER TABLE .. RENAME."""

    def __init__(self, was: Table, name: str) -> None:
        self.was, self.name = was, name


@compiles(RenameTable)
def _rename_table(element: RenameTable, compiler: Any, **_: Any) -> str:
    preparer = compiler.preparer
    return f"ALTER TABLE {preparer.format_table(element.was)} RENAME TO {preparer.quote(element.name)}"


class DropPlain(ExecutableDDLElement):
    """DROP TABLE of a copy, DROP CONSTRAINT: without the events that SQLAlchemy's own bring along."""

    def __init__(self, table: Table, constraint: str | None = None) -> None:
        self.table, self.constraint = table, constraint


@compiles(DropPlain)
def _drop(element: DropPlain, compiler: Any, **_: Any) -> str:
    table = compiler.preparer.format_table(element.table)
    if element.constraint is None:
        return f"DROP TABLE {table}"
    return f"ALTER TABLE {table} DROP CONSTRAINT {compiler.preparer.quote(element.constraint)}"


Statement = ExecutableDDLElement | Insert | TextClause


def literal(text: str) -> str:
    """A T-SQL string."""
    return "N'" + text.replace("'", "''") + "'"


def table_literal(table: Table, dialect: Dialect) -> str:
    """The table's quoted name as a T-SQL string."""
    return literal(dialect.identifier_preparer.format_table(table))


@dataclass(frozen=True)
class MakeTable:
    """A table that is not there."""

    table: Table
    kind: ClassVar[str] = ""

    def done(self, shape: Shape) -> bool:
        return shape.of(self.table) is not None

    def guard(self, dialect: Dialect) -> str:
        return f"OBJECT_ID({table_literal(self.table, dialect)}, N'U') IS NULL"

    def statements(self, _dialect: Dialect) -> Iterator[Statement]:
        yield CreateTable(self.table)

    @property
    def short(self) -> str:
        return str(self.table.name)


@dataclass(frozen=True)
class AddColumn:
    """A column that a table lacks: NULL in the rows that are there, or the default of the column."""

    table: Table
    name: str
    kind: ClassVar[str] = ""

    def done(self, shape: Shape) -> bool:
        found = shape.of(self.table)
        return found is None or found.column(self.name) is not None

    def guard(self, dialect: Dialect) -> str:
        return f"COL_LENGTH({table_literal(self.table, dialect)}, {literal(self.name)}) IS NULL"

    def statements(self, _dialect: Dialect) -> Iterator[Statement]:
        yield AddColumnTo(self.column())

    def column(self) -> Column[Any]:
        """As it can be added to a table that holds rows."""
        wanted = self.table.c[self.name]
        nullable = wanted.nullable or wanted.server_default is None
        added = Column(wanted.name, wanted.type, nullable=nullable, server_default=wanted.server_default)
        Table(self.table.name, MetaData(schema=self.table.schema), added)
        return added

    @property
    def short(self) -> str:
        return self.name


@dataclass(frozen=True)
class AddIndex:
    """An index that a table lacks."""

    table: Table
    index: Index
    kind: ClassVar[str] = ""

    def done(self, shape: Shape) -> bool:
        found = shape.of(self.table)
        return found is None or found.serves_as(self.index)

    def guard(self, dialect: Dialect) -> str:
        return f"NOT {index_exists(self.table, self.index, dialect)}"

    def statements(self, _dialect: Dialect) -> Iterator[Statement]:
        yield CreateIndex(self.index)

    @property
    def short(self) -> str:
        return str(self.index.name)


@dataclass(frozen=True)
class RenewIndex:
    """An index whose condition has changed: `knows` is a word of the new one that the old one lacks."""

    table: Table
    index: Index
    knows: str
    kind: ClassVar[str] = "index"

    def done(self, shape: Shape) -> bool:
        found = shape.of(self.table)
        there = None if found is None else found.indexes.get(str(self.index.name).casefold())
        return there is None or self.knows.casefold() in there.where.casefold()

    def guard(self, dialect: Dialect) -> str:
        lacks = f"filter_definition NOT LIKE {literal(f'%{self.knows}%')}"
        return index_exists(self.table, self.index, dialect, lacks)

    def statements(self, _dialect: Dialect) -> Iterator[Statement]:
        yield DropIndex(self.index)
        yield CreateIndex(self.index)

    @property
    def short(self) -> str:
        return str(self.index.name)


@dataclass(frozen=True)
class RenewCheck:
    """A CHECK that allows more than it did: `knows` is a word of the new one that the old one lacks."""

    table: Table
    check: CheckConstraint
    knows: str
    kind: ClassVar[str] = "check"

    def done(self, shape: Shape) -> bool:
        found = shape.of(self.table)
        return found is None or self.knows.casefold() in found.checks.casefold()

    def guard(self, dialect: Dialect) -> str:
        table, name = table_literal(self.table, dialect), literal(str(self.check.name))
        return (
            f"EXISTS (SELECT 1 FROM sys.check_constraints WHERE parent_object_id = OBJECT_ID({table})\n"
            f"        AND name = {name} AND [definition] NOT LIKE {literal(f'%{self.knows}%')})"
        )

    def statements(self, dialect: Dialect) -> Iterator[Statement]:
        if dialect.name == "sqlite":
            yield from self._rebuilt()
            return
        yield DropPlain(self.table, str(self.check.name))
        yield AddConstraint(self.check, isolate_from_table=False)

    def _rebuilt(self) -> Iterator[Statement]:
        """SQLite cannot alter a CHECK: the rows go, by name, into a table that has the new one."""
        names = [each.name for each in self.table.columns]
        before = Table(f"{self.table.name}_before", MetaData(), *(Column(name) for name in names))
        # Else a view on the table would be made one on the table that is dropped.
        yield text("PRAGMA legacy_alter_table=ON")
        yield RenameTable(self.table, before.name)
        yield CreateTable(self.table)
        yield self.table.insert().from_select(names, select(*before.columns))
        yield DropPlain(before)
        yield text("PRAGMA legacy_alter_table=OFF")
        for index in indexes(self.table):
            yield CreateIndex(index)

    @property
    def short(self) -> str:
        return str(self.check.name)


Change = MakeTable | AddColumn | AddIndex | RenewIndex | RenewCheck


def index_exists(table: Table, index: Index, dialect: Dialect, further: str = "") -> str:
    """The T-SQL condition, with its table: other tables may have an index of this name."""
    more = f" AND {further}" if further else ""
    return (
        f"EXISTS (SELECT 1 FROM sys.indexes WHERE object_id = OBJECT_ID({table_literal(table, dialect)})\n"
        f"        AND name = {literal(str(index.name))}{more})"
    )


def indexes(table: Table) -> list[Index]:
    """In the order of their names, so that the script is the same each time."""
    return sorted(table.indexes, key=lambda index: str(index.name))


def lacking(table: Table, found: FoundTable | None) -> Iterator[Change]:
    """What has to be done for `table` to be there with all its columns and indexes."""
    if found is None:
        yield MakeTable(table)
    else:
        yield from (AddColumn(table, each.name) for each in table.columns if found.column(each.name) is None)
    yield from (AddIndex(table, each) for each in indexes(table) if found is None or not found.serves_as(each))


def schema_made(schema: str | None, dialect: Dialect) -> str:
    """T-SQL that makes the schema of our tables where it is not there; empty where every database has it."""
    if dialect.name != "mssql" or schema is None or schema == "dbo":
        return ""
    made = f"CREATE SCHEMA {dialect.identifier_preparer.quote_identifier(schema)}"
    # The server wants it alone in its batch.
    return f"IF SCHEMA_ID({literal(schema)}) IS NULL\n    EXEC({literal(made)});"
