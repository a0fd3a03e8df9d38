"""Workers that claim staged orders beside each other, with the functions that a run claims with."""

from __future__ import annotations

import random
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import UUID, uuid4

from sqlalchemy import Connection

from order_sync.events import Events
from order_sync.model.backoff import backoff
from order_sync.model.errors import LostLease
from order_sync.model.ids import Alias, BatchId, BoardId, Fence, RequestId
from order_sync.model.mapping import Mapping
from order_sync.steps import send
from order_sync.steps.durably import durably_once
from order_sync.steps.job import Job
from order_sync.store.base import Store
from order_sync.store.engine import open_engines
from order_sync.store.leases import Leases
from order_sync.store.ledger.calls import Intent, call_recorded
from order_sync.store.ledger.claims import intend
from order_sync.store.ledger.queue import next_wave
from order_sync.store.ledger.rows import StagedOrder, item_rows
from order_sync.store.tables import build_tables
from tests.harness import VirtualClock

BATCH = BatchId(UUID(int=77))
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
AT_ONCE = 100  # rows of one request


@dataclass(frozen=True)
class Place:
    """What a worker, of whatever process, needs to get at the rows."""

    url: str
    mapping: Mapping
    schema: str | None


@dataclass
class Claims:
    """`rows`: what this worker claimed, once for each claim. `retried`: transactions that were run again because the
    database was busy or chose them as a deadlock's victim. `overtaken`: claims for rows that another had by then."""

    rows: list[int] = field(default_factory=list)
    retried: int = 0
    overtaken: int = 0


class Worker:
    """As much of a job as a claim needs, with a database of its own."""

    def __init__(self, place: Place, number: int) -> None:
        engines = open_engines(place.url)
        tables = build_tables(place.mapping, place.schema)
        self.clock = VirtualClock(number)
        times = {"ttl": timedelta(seconds=60), "beat": timedelta(seconds=15)}
        leases = Leases(engines.write, tables.leases, self.clock, owner=f"h/{number}/1/w", **times)
        self.store = Store(engines, tables, self.clock, leases)
        self.claims = Claims()
        self.events = Events(self._count)
        self._number = number
        self._chance = random.Random(number)

    def backoff(self, tries: int) -> timedelta:
        return backoff(tries, 0.5, 1.0)

    def run(self) -> Claims:
        """Until nothing is left."""
        try:
            while rows := self._some_rows():
                self._claim(rows)
        finally:
            self.store.engines.dispose()
        return self.claims

    def _count(self, name: str, _fields: dict[str, Any]) -> None:
        self.claims.retried += name == "database.waited_for"

    def _some_rows(self) -> list[StagedOrder]:
        """Out of the same few for all workers, in any order: so they meet, and wait for each other crosswise."""
        with self.store.reading() as conn:
            found = next_wave(conn, self.store.tables, BATCH, NOW, AT_ONCE * 12)
        parts = [found[start : start + AT_ONCE] for start in range(0, len(found), AT_ONCE)]
        chosen = self._chance.sample(parts, min(2, len(parts)))
        return [row for part in chosen for row in part]

    def _claim(self, rows: Sequence[StagedOrder]) -> None:
        parts = [rows[:AT_ONCE], rows[AT_ONCE:]] if len(rows) > AT_ONCE else [rows]
        intents = [self._intent(part) for part in parts]

        def write(conn: Connection) -> None:
            for part, intent in zip(parts, intents, strict=True):
                intend(conn, self.store.tables, item_rows(self.store.tables), part, intent, NOW)

        def recorded(conn: Connection, _: None) -> bool:
            return call_recorded(conn, self.store.tables, intents[0].request_id)

        try:
            durably_once(cast(Job, self), send._INTENT, (), write, recorded)
        except LostLease:
            self.claims.overtaken += 1
        else:
            self.claims.rows.extend(row.id for row in rows)

    def _intent(self, rows: Sequence[StagedOrder]) -> Intent:
        refs = tuple((Alias(f"r{at}"), row.id) for at, row in enumerate(rows))
        board, request = BoardId(str(self._number)), RequestId(str(uuid4()))
        body = f'{{"request": "{request}"}}'.encode()
        return Intent(request, BATCH, board, "create_items", body, refs, Fence(1), None)


def work(place: Place, number: int) -> Claims:
    """One worker's life."""
    return Worker(place, number).run()


def claim_all(executor: Executor, place: Place, workers: int) -> list[Claims]:
    """All workers at once, each of them to its end; what one of them raises is raised here."""
    return list(executor.map(work, [place] * workers, range(1, workers + 1)))
