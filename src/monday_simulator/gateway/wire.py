"""The record of every request and what became of it."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

import msgspec

KEPT = 20_000


class WireRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One request. at: UTC, ISO 8601. status: None when no answer, or not a whole one, went out.

    applied: None for requests that change nothing. made: ids of what was created, in order. late: the moment
    when a delayed request was applied, as a record of its own under the same request_id.
    """

    seq: int
    at: str
    operation: str | None
    fields: tuple[str, ...]
    request_id: str
    idempotency_key: str | None
    boards: tuple[str, ...]
    fault: str | None
    status: int | None
    code: str | None
    errors: int
    applied: bool | None
    replayed: bool
    other_body: bool
    made: tuple[str, ...]
    cost: int
    late: bool = False


class WireLog:
    """The last KEPT records in memory and, where a path is given, all of them as JSON lines."""

    def __init__(self, path: Path | None = None) -> None:
        self._records: deque[WireRecord] = deque(maxlen=KEPT)
        self._lock = threading.Lock()
        self._file: TextIO | None = None
        self._count = 0
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("a", encoding="utf-8", newline="\n")

    def add(self, record: WireRecord) -> None:
        with self._lock:
            self._records.append(record)
            self._count += 1
            if self._file is not None:
                self._file.write(as_line(record))
                self._file.flush()

    def __iter__(self) -> Iterator[WireRecord]:
        with self._lock:
            return iter(tuple(self._records))

    def __len__(self) -> int:
        """Records ever written, also those no longer kept in memory."""
        return self._count

    def lines(self) -> str:
        """The kept records as JSON lines."""
        return "".join(as_line(record) for record in self)

    def close(self) -> None:
        if self._file is not None:
            self._file.close()


def as_line(record: WireRecord) -> str:
    return msgspec.json.encode(record).decode() + "\n"
