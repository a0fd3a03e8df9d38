"""Where a world has its tables, and how they are put back to a moment: a SQLite file. Tests have other places."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from sqlalchemy import Table

from order_sync.drill.history import record_history
from order_sync.store.deploy import deploy
from order_sync.store.engine import Engines
from order_sync.store.tables import Tables


class Database(Protocol):
    """A place for one world's tables, and for nothing else."""

    @property
    def url(self) -> str: ...

    def make(self, engines: Engines, tables: Tables, source: Table, board: str) -> None:
        """All tables, empty, and what writes their history down. `board`: its id."""

    def keep(self, engines: Engines) -> object:
        """Everything that is there at this moment."""

    def put(self, engines: Engines, kept: object) -> None:
        """Everything as it was then."""

    def contents(self, engines: Engines, /) -> dict[str, bytes]:
        """What is kept elsewhere than in the world's folder, by name: it is searched for the token."""


class InFile:
    """A file in the world's folder."""

    def __init__(self, folder: Path) -> None:
        self.url = f"sqlite:///{folder / 'drill.db'}"

    def make(self, engines: Engines, tables: Tables, source: Table, board: str) -> None:
        deploy(engines, tables)
        with engines.write.begin() as conn:
            record_history(conn, tables, board)
            source.create(conn)

    def keep(self, engines: Engines) -> object:
        memory = sqlite3.connect(":memory:")
        with _raw(engines) as file:
            file.backup(memory)
        database = bytearray(memory.serialize())
        memory.close()
        database[18:20] = b"\1\1"  # a copy in memory has no write-ahead log, whatever its header says
        return bytes(database)

    def put(self, engines: Engines, kept: object) -> None:
        assert isinstance(kept, bytes)  # noqa: S101 - what `keep` gave
        memory = sqlite3.connect(":memory:")
        memory.deserialize(kept)
        with _raw(engines) as file:
            memory.backup(file)
        memory.close()

    def contents(self, _engines: Engines, /) -> dict[str, bytes]:
        return {}


@contextmanager
def _raw(engines: Engines) -> Iterator[sqlite3.Connection]:
    connection = engines.write.raw_connection()
    try:
        yield connection.driver_connection  # type: ignore[misc]
    finally:
        connection.close()
