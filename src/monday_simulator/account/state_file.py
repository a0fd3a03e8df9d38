"""The account on disk: one row per board and item, one transaction per request."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path


class StateInUseError(RuntimeError):
    """Another simulator holds the file."""


class StateFile:
    """Survives a killed process: a request is in the file, whole, before its answer leaves.

    The file is held exclusively while it is open, so two simulators cannot write over each other.
    wait_seconds: how long one that is ending may take to let go of it.
    """

    def __init__(self, path: Path, wait_seconds: float = 2.0) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=wait_seconds)
        try:
            self._db.execute("PRAGMA locking_mode=EXCLUSIVE")
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=NORMAL")
            self._db.execute(
                "CREATE TABLE IF NOT EXISTS records"
                " (kind TEXT NOT NULL, id TEXT NOT NULL, body BLOB NOT NULL, PRIMARY KEY (kind, id))"
                " WITHOUT ROWID"
            )
        except sqlite3.OperationalError as error:
            self._db.close()
            raise StateInUseError(f"{path} is held by another simulator") from error

    def records(self, kind: str) -> Iterator[bytes]:
        for (body,) in self._db.execute("SELECT body FROM records WHERE kind = ?", (kind,)):
            yield body

    def save(self, changed: Iterable[tuple[str, str, bytes | None]]) -> None:
        """Write (kind, id, body) rows, all or none; a row without a body is deleted."""
        rows = list(changed)
        self._db.execute("BEGIN IMMEDIATE")
        try:
            written = (row for row in rows if row[2] is not None)
            self._db.executemany("INSERT OR REPLACE INTO records VALUES (?, ?, ?)", written)
            gone = ((kind, record_id) for kind, record_id, body in rows if body is None)
            self._db.executemany("DELETE FROM records WHERE kind = ? AND id = ?", gone)
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def close(self) -> None:
        self._db.close()
