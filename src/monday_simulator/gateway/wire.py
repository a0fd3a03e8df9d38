"""The record of every request and what became of it."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import TextIO

import msgspec

from monday_simulator.gateway.answers import Answer
from monday_simulator.gateway.requests import Call

KEPT = 20_000
_INVALID, _REFUSED = (400, 404), (401, 409, 423, 429)


class Outcome(StrEnum):
    """What became of a request, as its client saw it; LATE is what the client never saw."""

    ANSWERED = "answered"
    WITH_ERRORS = "with_errors"
    REPLAYED = "replayed"
    INVALID = "invalid"
    REFUSED = "refused"
    FAILED = "failed"
    CUT = "cut"
    LOST = "lost"
    LATE = "late"


class WireRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One request. at: UTC, ISO 8601. status: None when no answer, or not a whole one, went out.

    applied: None for requests that change nothing. made: ids of what was created, in order. late: the moment
    when a delayed request was applied, as a record of its own under the same request_id. bytes_in, bytes_out:
    of the bodies. took_ms: by the simulator's clock.
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
    outcome: Outcome
    version: str
    bytes_in: int
    bytes_out: int
    took_ms: int


def record_of(call: Call, answer: Answer | None, now: float) -> WireRecord:
    """answer: as it arrived; None where it did not, or not all of it. now: monotonic seconds."""
    operation, fault = call.operation, call.fault or call.second_of
    return WireRecord(
        seq=call.seq,
        at=call.at,
        operation=None if operation is None else operation.definition.operation.value,
        fields=() if operation is None else operation.fields,
        request_id=call.request_id,
        idempotency_key=call.headers.key,
        boards=call.boards,
        fault=None if fault is None else fault.kind.value,
        status=None if answer is None else answer.status,
        code=None if answer is None else answer.code,
        errors=call.errors,
        applied=call.applied,
        replayed=call.replayed,
        other_body=call.other_body,
        made=call.made,
        cost=call.cost,
        outcome=_outcome(call, answer),
        version=call.version,
        bytes_in=len(call.body),
        bytes_out=call.arrived if answer is None else len(answer.body),
        took_ms=round((now - call.came) * 1000),
    )


def _outcome(call: Call, answer: Answer | None) -> Outcome:
    if answer is None:
        return Outcome.CUT if call.arrived else Outcome.LOST
    if call.replayed:
        return Outcome.REPLAYED
    if answer.status in _INVALID or (answer.status == 200 and call.operation is None):
        return Outcome.INVALID
    if answer.status in _REFUSED:
        return Outcome.REFUSED
    if answer.status != 200:
        return Outcome.FAILED
    return Outcome.WITH_ERRORS if call.errors or answer.code else Outcome.ANSWERED


class Wanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which records: all that is given holds. since: a seq that is left out itself, or an aware moment."""

    field: str | None = None
    board: str | None = None
    since: int | datetime | None = None
    fault: str | None = None
    outcome: Outcome | None = None
    key: str | None = None
    limit: int | None = None

    def holds(self, record: WireRecord) -> bool:
        """fault: a kind, or "any"."""
        asked = (
            (self.field is None or self.field in record.fields)
            and (self.board is None or self.board in record.boards)
            and (self.fault in (None, record.fault) or (self.fault == "any" and record.fault is not None))
            and self.outcome in (None, record.outcome)
            and self.key in (None, record.idempotency_key)
        )
        return asked and self._is_since(record)

    def _is_since(self, record: WireRecord) -> bool:
        if self.since is None:
            return True
        if isinstance(self.since, int):
            return record.seq > self.since
        since = self.since if self.since.tzinfo is not None else self.since.replace(tzinfo=UTC)
        return datetime.fromisoformat(record.at) >= since


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

    def find(
        self,
        field: str | None = None,
        *,
        board: str | None = None,
        since: int | datetime | None = None,
        fault: str | None = None,
        outcome: str | None = None,
        key: str | None = None,
        limit: int | None = None,
    ) -> list[WireRecord]:
        """Kept records of which all of this holds, the oldest first; `limit` keeps the newest.

        field: the name of a root field. since: a seq that is left out itself, or a moment. fault: a kind, or
        "any". Raises ValueError for an outcome that is none.
        """
        word = None if outcome is None else Outcome(outcome)
        return self.select(Wanted(field, board, since, fault, word, key, limit))

    def select(self, wanted: Wanted) -> list[WireRecord]:
        found = [record for record in self if wanted.holds(record)]
        return found if wanted.limit is None else found[max(0, len(found) - wanted.limit) :]

    def newest(self, count: int) -> list[WireRecord]:
        """The newest first."""
        with self._lock:
            return list(islice(reversed(self._records), count))

    def lines(self) -> str:
        """The kept records as JSON lines."""
        return as_lines(self)

    def close(self) -> None:
        if self._file is not None:
            self._file.close()


def as_line(record: WireRecord) -> str:
    return msgspec.json.encode(record).decode() + "\n"


def as_lines(records: Iterable[WireRecord]) -> str:
    return "".join(map(as_line, records))
