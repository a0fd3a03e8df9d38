"""A house whose run dies where it is told to: at any transaction, request or event. Dead means dead: nothing of that
run is written or sent any more, and no lease is given back."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from narrow_source import narrow
from sqlalchemy import event
from tests.harness import VirtualClock, build_house
from tests.proof import differences

from monday_simulator.api.documents import Documents
from monday_simulator.api.schema import executable_schema
from monday_simulator.gateway.answers import Answer, ConnectionDropped
from monday_simulator.gateway.faults import Rule
from monday_simulator.limits import Limits
from monday_simulator.seed import load_seed
from monday_simulator.simulator import Simulator
from order_sync.cli.board_seed import board_seed
from order_sync.run import RunReport
from order_sync.store.engine import Engines
from order_sync.wiring import open_database, our_tables

LATEST = timedelta(minutes=5)  # nothing that was sent arrives later than that


class Died(BaseException):
    """The process is gone; no `except Exception` hears of it."""


class Life:
    """Counts the boundaries of some kinds that a run passes, and ends it at the one numbered `at`, from 0, or at one
    called `dies_at`. Unless `with_connection` is false, a connection that drops ends it too."""

    def __init__(
        self,
        at: int | None = None,
        kinds: Sequence[str] = (),
        *,
        dies_at: str = "",
        with_connection: bool = True,
    ) -> None:
        self.passed: list[str] = []
        self.with_connection = with_connection
        self._dies_at = dies_at
        self._dead = False
        self._at = at
        self._kinds = kinds

    def reach(self, kind: str, what: str = "") -> None:
        if self._dead:
            raise Died(f"dead already, {kind} {what}")
        if not self._kinds or kind in self._kinds:
            self.passed.append(f"{kind} {what}".strip())
            if len(self.passed) - 1 == self._at or self.passed[-1] == self._dies_at:
                self.end(self.passed[-1])

    def end(self, where: str) -> None:
        self._dead = True
        raise Died(where)


class Line:
    """The simulator as a mortal process reaches it."""

    def __init__(self, simulator: Simulator, life: Life) -> None:
        self._simulator = simulator
        self._life = life

    def handle(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        self._life.reach("request")
        try:
            answer = self._simulator.handle(method, path, headers, body)
        except ConnectionDropped as dropped:
            if self._life.with_connection:
                self._life.end(f"with its connection, {dropped}")
            raise
        self._life.reach("applied" if json.loads(body)["query"].startswith("mutation") else "read")
        return answer


class MortalHouse:
    """A house that is put back to its beginning instead of being built anew. Its lives share one set of engines: what
    is compiled for them is most of what a small run costs."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, *, rows: int, customers: int) -> None:
        self.house = build_house(folder, rows=rows, customers=customers, seed=3)
        narrow(self.house)
        self._kept = self.house.keep_database()
        self._life = Life()
        project = self.house.project
        self._seed = load_seed(board_seed(project.mapping, project.customers))
        engines = open_database(project.settings)
        tables, documents = our_tables(project, engines), Documents(executable_schema())
        self._watch(engines)
        monkeypatch.setattr("order_sync.wiring.open_database", lambda _settings: engines)
        monkeypatch.setattr("order_sync.wiring.our_tables", lambda _project, _engines: tables)
        monkeypatch.setattr("monday_simulator.simulator.Documents", lambda *_: documents)
        # Who dies here had no process of its own that the next one could miss.
        monkeypatch.setattr("order_sync.store.leases.died", lambda _owner: True)

    def _watch(self, engines: Engines) -> None:
        """Every write transaction is a boundary."""
        commit = engines.write.dialect.do_commit

        def begins(_conn: Any) -> None:
            self._life.reach("begin")

        def commits(connection: Any) -> None:
            self._life.reach("not committed")
            commit(connection)
            self._life.reach("committed")

        event.listen(engines.write, "begin", begins, insert=True)
        engines.write.dialect.do_commit = commits  # type: ignore[method-assign]

    def reset(self, faults: Sequence[Rule] = (), limits: Limits | None = None) -> None:
        house = self.house
        (house.folder / "ORDERS_UNIFIED_SNAPSHOT.parquet").unlink(missing_ok=True)
        house.restore_database(self._kept)
        house.clock = VirtualClock()
        house.simulator = Simulator(self._seed, faults=faults, limits=limits, clock=house.clock)

    def live(self, life: Life) -> RunReport:
        """One run; Died where its life ends before it does."""
        house, simulator = self.house, self.house.simulator
        self._life = life
        house.simulator = Line(simulator, life)  # type: ignore[assignment]
        try:
            return house.run(listener=lambda name, _fields: life.reach("event", name))
        finally:
            house.simulator = simulator
            self._life = Life()

    def troubles(self) -> list[str]:
        """What is not as it must be once a run has come to its end, and whatever was on its way has arrived."""
        assert self.house.clock is not None
        self.house.clock.sleep(LATEST)
        return [*differences(self.house), *self._audit(), *self._ledger()]

    def _audit(self) -> list[str]:
        """Each request that changed the board was written down before, under its own id."""
        recorded = {key for (key,) in self.house.rows("SELECT idem_key FROM MON_ApiCall")}
        sent = Counter(record.idempotency_key for record in self.house.mutations if not record.late)
        found = [f"sent without a record: {key}" for key in sent if key not in recorded]
        return found + [f"sent {count} times: {key}" for key, count in sent.items() if count > 1]

    def _ledger(self) -> list[str]:
        rows = self.house.rows
        batches = rows("SELECT status, total_records - successful_records, failed_records FROM MON_BatchProcessing")
        found = [f"a batch is {batch}" for batch in batches if batch != ("COMPLETED", 0, 0)]
        return found + [f"an orphan: {each}" for each in rows("SELECT item_id, reason FROM MON_OrphanItem")]
