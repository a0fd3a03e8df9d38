"""The steps that migrations are made of. Each says what the tables still lack; SQLite and T-SQL both come from that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import CheckConstraint, Connection, Dialect, Index, Table

from order_sync.store.changes import AddColumn, AddIndex, Change, MakeTable, RenewCheck, RenewIndex, indexes
from order_sync.store.tables import Tables


class Step(Protocol):
    """`changes`: each knows whether it is done already. `move`: what has to be done to rows, by a program only."""

    def changes(self, tables: Tables) -> Iterator[Change]: ...


@dataclass(frozen=True)
class NewTables:
    """By their attributes in Tables."""

    names: tuple[str, ...]

    def changes(self, tables: Tables) -> Iterator[Change]:
        for name in self.names:
            table = getattr(tables, name)
            yield MakeTable(table)
            yield from (AddIndex(table, index) for index in indexes(table))


@dataclass(frozen=True)
class NewColumns:
    """Of one table."""

    table: str
    names: tuple[str, ...]

    def changes(self, tables: Tables) -> Iterator[Change]:
        return (AddColumn(getattr(tables, self.table), name) for name in self.names)


@dataclass(frozen=True)
class NewIndex:
    """By what stands after the table's name in its own."""

    table: str
    name: str

    def changes(self, tables: Tables) -> Iterator[Change]:
        table = getattr(tables, self.table)
        yield AddIndex(table, _index(table, self.name))


@dataclass(frozen=True)
class OtherIndex:
    """An index with another condition, which has the word `knows`."""

    table: str
    name: str
    knows: str

    def changes(self, tables: Tables) -> Iterator[Change]:
        table = getattr(tables, self.table)
        yield RenewIndex(table, _index(table, self.name), self.knows)


@dataclass(frozen=True)
class OtherCheck:
    """A CHECK with another condition, which has the word `knows`."""

    table: str
    name: str
    knows: str

    def changes(self, tables: Tables) -> Iterator[Change]:
        table = getattr(tables, self.table)
        check = next(each for each in table.constraints if each.name == self.name)
        assert isinstance(check, CheckConstraint)  # noqa: S101 - named so by the migration
        yield RenewCheck(table, check, self.knows)


class Move(Protocol):
    """A change of rows, which needs this program."""

    def run(self, conn: Connection, tables: Tables) -> Any: ...

    def left(self, tables: Tables, dialect: Dialect) -> str:
        """The T-SQL condition under which there is still something to move."""
        ...


@dataclass(frozen=True)
class Migration:
    """From version `number` - 1 to `number`. `moves` run after the steps, inside the same transaction."""

    number: int
    why: str
    steps: tuple[Step, ...] = ()
    moves: tuple[Move, ...] = ()

    def changes(self, tables: Tables) -> list[Change]:
        return [change for step in self.steps for change in step.changes(tables)]


def _index(table: Table, name: str) -> Index:
    return next(each for each in table.indexes if str(each.name)[2:] == f"_{table.name}_{name}")
