"""A database that fails a run at any of its transactions, or comes back older: nothing lost, nothing twice."""

from __future__ import annotations

import random
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, event

from order_sync import failpoints
from order_sync.model.errors import OrderSyncError, RestoredDatabase
from order_sync.run import exit_code
from order_sync.steps.restored import accept_restore
from tests.campaign.figures import Figures, Part, Violation
from tests.small_world import World, order, small_world

Fault = Callable[[World, ExitStack], None]


def _full(world: World, undo: ExitStack) -> None:
    """The file may not grow any more; SQLite takes its present size for the least."""
    _before_each(world, undo, "PRAGMA max_page_count=1")


def _read_only(world: World, undo: ExitStack) -> None:
    _before_each(world, undo, "PRAGMA query_only=ON")


def _before_each(world: World, undo: ExitStack, pragma: str) -> None:
    def begins(conn: Connection) -> None:
        conn.exec_driver_sql(pragma)

    engine = world.engines.write
    event.listen(engine, "begin", begins)
    undo.callback(event.remove, engine, "begin", begins)


def _locked(world: World, undo: ExitStack) -> None:
    """Another process writes, for longer than anybody waits."""
    other = sqlite3.connect(world.folder / "small.db", isolation_level=None)
    undo.callback(other.close)
    other.execute("BEGIN IMMEDIATE")


FAULTS: Final = {"disk full": _full, "read-only": _read_only, "locked": _locked}
RESTORED: Final = "restored"


class _At:
    """Strikes once, where the transaction numbered `at` is to begin."""

    def __init__(self, at: int, strike: Callable[[], None]) -> None:
        self.passed = 0
        self.where = ""
        self._at, self._strike = at, strike

    def __call__(self, place: str) -> None:
        if place.startswith("db:") and place.endswith(":begin"):
            if self.passed == self._at:
                self.where = place
                self._strike()
            self.passed += 1


def database(first: int) -> Iterator[Figures]:
    """Each unit takes another moment; when the moments of a run are through, they come again with another shape."""
    seed = first
    while True:
        yield one_unit(seed)
        seed += 1


def one_unit(seed: int) -> Figures:
    """Every fault at one moment of a run, and the database of that moment in place of the one at the end."""
    figures, chance = Figures(), random.Random(seed)
    at = seed % MOMENTS
    for kind in (*FAULTS, RESTORED):
        rows = [order(f"A-{number}", SEASON=chance.choice(("SS26", "FW26"))) for number in range(chance.randint(1, 4))]
        with tempfile.TemporaryDirectory(prefix="database-") as folder:
            world = small_world(Path(folder), *rows)
            try:
                found = _restored(world, at, figures) if kind == RESTORED else _failed(world, at, kind, figures)
            finally:
                failpoints.strike_with(None)
                world.close()
        figures.runs += 1
        figures.faults[kind] += 1
        again = f"python -c 'from tests.campaign.database import one_unit; print(one_unit({seed}).violations)'"
        figures.violations += [
            Violation("a failing database costs no order", f"{kind} at {at}: {each}", again) for each in found
        ]
    return figures


MOMENTS: Final = 22


def _failed(world: World, at: int, kind: str, figures: Figures) -> list[str]:
    with ExitStack() as undo:
        struck = _At(at, lambda: FAULTS[kind](world, undo))
        ending = _run(world, struck)
    figures.boundaries[struck.where or "none: the run was over"] += 1
    figures.outcomes[ending] += 1
    wrong = [ending] if ending.startswith("crash") else []
    return [*wrong, *_production(world), *_whole(world)]


def _restored(world: World, at: int, figures: Figures) -> list[str]:
    """The run goes to its end; then its database is as it was at that moment, and another order has come."""
    kept = world.folder / "kept.db"
    struck = _At(at, lambda: _copy(world, kept))
    ending = _run(world, struck)
    figures.boundaries[struck.where or "none: the run was over"] += 1
    if not kept.exists():
        return _whole(world)
    world.close()
    for path in world.folder.glob("small.db*"):
        path.unlink()
    shutil.copyfile(kept, world.folder / "small.db")
    made = len(world.board.calls)
    _let_leases_expire(world)
    try:
        world.run()
        figures.outcomes[f"{ending}, restored: gone on"] += 1
        # Nothing had been promoted yet at that moment, or all of it had: the file and the table agree.
    except RestoredDatabase:
        figures.outcomes[f"{ending}, restored: noticed"] += 1
        if len(world.board.calls) != made:
            return ["something was sent before the board was read"]
        with world.job() as job:
            accept_restore(job)
    return _whole(world)


def _let_leases_expire(world: World) -> None:
    """A lease that could not be given back, or came back with the database, is one of a process that is gone."""
    world.clock.sleep(timedelta(days=2))


def _copy(world: World, kept: Path) -> None:
    with sqlite3.connect(world.folder / "small.db") as source, sqlite3.connect(kept) as target:
        source.backup(target)


def _run(world: World, striker: _At) -> str:
    failpoints.strike_with(striker)
    try:
        report = world.run()
    except OrderSyncError as error:
        return type(error).__name__
    except Exception as crash:  # noqa: BLE001 - any exception is what is looked for
        return f"crash, {type(crash).__name__}: {str(crash)[:200]}"
    finally:
        failpoints.strike_with(None)
    return type(report.halted).__name__ if report.halted is not None else f"exit {exit_code(report)}"


def _production(world: World) -> list[str]:
    """What stands there is promoted, whole and marked; nothing else is."""
    world.close()
    rows = world.rows("SELECT COUNT(*) FROM MON_CustMasterSchedule")[0][0]
    marked = world.rows("SELECT COUNT(*) FROM MON_SyncIdentity WHERE state = 'PROMOTED' AND size_label IS NULL")[0][0]
    snapshot = world.rows("SELECT COUNT(*) FROM MON_OrderSnapshot")[0][0]
    return [] if rows == marked == snapshot else [f"production has {rows}, {marked} marked, snapshot {snapshot}"]


def _whole(world: World) -> list[str]:
    """After a run without faults each order is once on the board and in production, with its sizes; and a second one
    has nothing to do."""
    world.close()
    _let_leases_expire(world)
    try:
        report = world.run()
        sent = len(world.board.calls)
        world.run()
    except Exception as crash:  # noqa: BLE001 - any exception is what is looked for
        return [f"no recovery, {type(crash).__name__}: {str(crash)[:200]}"]
    found = [] if exit_code(report) == 0 else [f"recovery ends with {exit_code(report)}, {report.halted}"]
    if len(world.board.calls) != sent:
        found.append("a run without work sent something")
    names = sorted(name for (name,) in world.rows("SELECT \"STYLE NO\" || ' ' || NUMBER FROM ORDERS"))
    if sorted(item.name for item in world.board.items if item.state == "active") != names:
        found.append(f"on the board: {sorted(item.name for item in world.board.items)}")
    if any(len(item.subitems) != 2 for item in world.board.items):
        found.append(f"sizes: {[len(item.subitems) for item in world.board.items]}")
    if sorted(name for (name,) in world.rows('SELECT "Title" FROM MON_CustMasterSchedule')) != names:
        found.append("production differs")
    return [*found, *_production(world)]


PART: Final = Part(
    "database",
    "a database that is full, read-only, locked or older than the board costs no order and makes none twice",
    MOMENTS * 4,
    database,
)
