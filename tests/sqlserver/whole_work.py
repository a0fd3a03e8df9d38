"""What the program does in a season, played once: every situation of the drill, a house with dirty orders and refused
rows, and the commands that show things. It runs on SQLite with the rights of the roles only; each statement is kept as
it would read on SQL Server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from authorizer import Authorizer
from either import both_ways
from statements import Statements
from tests.campaign.worlds import _small_world, project
from tests.cli_calls import called
from tests.harness import House, build_house

from monday_simulator.gateway.faults import Kind, Rule
from order_sync import wiring
from order_sync.drill.scenarios import SCENARIOS
from order_sync.drill.trial import ready
from order_sync.steps.verify import verify
from order_sync.store import bulk
from order_sync.store.grants import WORKER
from order_sync.store.ledger import held, staging
from order_sync.store.tables import Tables, build_tables

REFUSALS = (
    Rule(Kind.BAD_ALIAS, on="create_item", nth=1, code="ColumnValueException"),
    Rule(Kind.BAD_ALIAS, on="create_subitem", nth=1, code="ColumnValueException"),
)


@dataclass(frozen=True)
class Work:
    """`worker` and `reader`: what the two roles were asked for."""

    statements: Statements
    worker: Authorizer
    reader: Authorizer
    tables: Tables


def play(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Work:
    tables = build_tables(project().mapping, None)
    worker = Authorizer(worker_rights(tables), foreign=("ORDERS", "DRILL_"))
    reader = Authorizer({"ORDERS_UNIFIED": ("SELECT",)})
    statements = Statements()
    both_ways(monkeypatch)
    _keep_loads(monkeypatch, statements)
    with statements.listening():
        _drills(worker)
        # The house's orders and its ledger are in one file, reached by two logins.
        own = Authorizer(worker_rights(tables))
        _under_their_roles(monkeypatch, own, reader)
        _season(folder)
    worker.used |= own.used
    worker.refused |= own.refused
    return Work(statements, worker, reader, tables)


def worker_rights(tables: Tables) -> dict[str, tuple[str, ...]]:
    return {getattr(tables, attribute).name: rights for attribute, rights in WORKER.items()}


def _drills(worker: Authorizer) -> None:
    world = _small_world.__wrapped__(on_server=False)  # type: ignore[attr-defined]
    worker.watch(world.engines.write)
    worker.watch(world.engines.read)
    for scenario in SCENARIOS:
        ready(world, scenario)
    world.engines.dispose()


def _season(folder: Path) -> None:
    house = build_house(folder, rows=18, customers=2, dirt=0.3, faults=REFUSALS)
    house.run()
    _look(house)
    house.requeue_everything()
    house.run()
    house.fill(house.source().tail(12))
    house.run()
    with house.job() as job:
        verify(job)
    _look(house)


def _look(house: House) -> None:
    customer = str(house.expected[0].customer)
    for words in (("status",), ("errors", "--all"), ("plan",), ("check",), ("snapshot", "show")):
        assert called(house, *words).exit_code in (0, 1), words
    for words in (("status", "--customer", customer), ("errors", "--customer", customer)):
        assert called(house, *words).exit_code in (0, 1), words


def _under_their_roles(monkeypatch: pytest.MonkeyPatch, worker: Authorizer, reader: Authorizer) -> None:
    store_on, source = wiring.store_on, wiring.Source

    def store(settings: Any, engines: Any, *more: Any) -> Any:
        worker.watch(engines.write)
        worker.watch(engines.read)
        return store_on(settings, engines, *more)

    def orders(engine: Any, *more: Any) -> Any:
        reader.watch(engine)
        return source(engine, *more)

    monkeypatch.setattr(wiring, "store_on", store)
    monkeypatch.setattr(wiring, "Source", orders)


def _keep_loads(monkeypatch: pytest.MonkeyPatch, statements: Statements) -> None:
    load = bulk.load

    def kept(conn: Any, table: Any, frame: Any, *more: Any) -> int:
        statements.loaded(table, frame.columns)
        return load(conn, table, frame, *more)

    for module in (staging, held):
        monkeypatch.setattr(module, "load", kept)


def without_select(rights: Mapping[str, tuple[str, ...]]) -> set[tuple[str, str]]:
    """(table, verb) of each right to change something."""
    return {(table, verb) for table, verbs in rights.items() for verb in verbs if verb != "SELECT"}
