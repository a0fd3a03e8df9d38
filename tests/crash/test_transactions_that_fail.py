"""Every write transaction of a run fails once, before or after it was committed: nobody is told, nothing is lost."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.harness import build_house
from tests.proof import differences
from tests.small_board import Item, SmallBoard, applied, lost_before, rejecting, unsent
from tests.small_world import World, order, small_world

from order_sync import failpoints
from order_sync.model.errors import LostLease, StoreBusy
from order_sync.model.ids import ItemId
from order_sync.monday.documents import Call
from order_sync.monday.errors import Delivery
from order_sync.run import exit_code
from order_sync.steps.check import accept_foreign
from order_sync.steps.restored import accept_restore
from order_sync.store.leases import Lease
from order_sync.store.transactions import PHASES

# Not in the story: tested below, or where they belong.
APART = frozenset(
    {"daily.stop", "daily.forget", "send.orphans", "run.halt", "check.accept_foreign", "restored.accept", "lease.beat"}
)
FAILING = tuple(phase for phase in PHASES if phase != "after")  # after: it is known to be written
SLACK = timedelta(seconds=60)  # what some tries more may cost; a quarantine is 200 s


class Breaking:
    """The connection breaks at each of these places, the first time that it is passed."""

    def __init__(self, *places: str) -> None:
        self.left = set(places)
        self.passed: set[str] = set()

    def __call__(self, place: str) -> None:
        self.passed.add(place)
        if place in self.left:
            self.left.remove(place)
            raise StoreBusy("the connection to the database was lost")


@pytest.fixture(autouse=True)
def nobody_strikes() -> Iterator[None]:
    yield
    failpoints.strike_with(None)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = small_world(tmp_path, order("A-1"), order("A-2"))
    yield made
    made.close()


def stopping(event: str, stop: threading.Event) -> Callable[[str, object], None]:
    def listen(name: str, _fields: object) -> None:
        if name == event:
            stop.set()

    return listen


def until(world: World, event: str) -> None:
    stop = threading.Event()
    world.run(listener=stopping(event, stop), stop=stop)


def story(world: World) -> list[Any]:
    """All that happens to orders: doubt, a group that goes, a refusal, a retry, a withdrawal, sizes found. Returns what
    is to be seen of it in the end."""
    board = world.board
    held = order("H-1", S=2.5)
    rows = [held, order("A-1"), order("A-2")]
    world.fill(*rows)
    board.answers.extend([applied, lost_before])
    until(world, "item.in_doubt")
    codes = [exit_code(world.run())]
    board.groups.clear()
    rows = [order("A-1"), order("A-2"), order("A-3")]
    world.fill(*rows)
    codes.append(exit_code(world.run()))
    rows.append(order("A-4"))
    world.fill(*rows)
    board.answers.append(rejecting(0))
    codes.append(exit_code(world.run()))
    world.requeue()
    codes.append(exit_code(world.run()))
    world.fill(*rows, order("A-5"))
    board.answers.append(rejecting(0))
    codes.append(exit_code(world.run()))
    world.fill(*rows)
    codes.append(exit_code(world.run()))
    rows.append(order("A-6"))
    world.fill(*rows)
    board.answers.extend([applied, unsent])
    until(world, "subitem.failed")
    size = world.rows("SELECT stg_name FROM STG_MON_CustMasterSchedule_Subitems ORDER BY stg_subitem_id")[0][0]
    board.items[-1].subitems.append(Item(ItemId(9_999), size, {}))
    world.clock.sleep(timedelta(minutes=1))
    codes.append(exit_code(world.run()))
    return [codes, *standing(world)]


def standing(world: World) -> list[Any]:
    shown = sorted((item.name, item.state, sorted(size.name for size in item.subitems)) for item in world.board.items)
    tables = ("STG_MON_CustMasterSchedule", "ARC_STG_MON_CustMasterSchedule")
    statuses = [world.rows(f"SELECT stg_status, COUNT(*) FROM {table} GROUP BY 1 ORDER BY 1") for table in tables]
    counted = (
        "MON_CustMasterSchedule", "MON_CustMasterSchedule_Subitems", "MON_OrderSnapshot", "MON_BatchProcessing",
        "MON_ApiCall", "MON_ApiCallResult", "MON_OrphanItem", "ERR_MON_CustMasterSchedule WHERE resolved_date IS NULL",
    )  # fmt: skip
    counts = {table: world.rows(f"SELECT COUNT(*) FROM {table}")[0][0] for table in counted}
    return [shown, statuses, counts, [call.operation for call in world.board.calls]]


def names() -> list[str]:
    """But for those of the sweeper, which has its own story."""
    every = {place.split(":")[1] for place in failpoints.registered() if place.startswith("db:")}
    return sorted(name for name in every if name != "test" and not name.startswith("sweep_board."))


@pytest.fixture(scope="module")
def untroubled(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Any], timedelta, set[str]]:
    """The story without a fault: how it ends, how long it takes, and which transactions it has."""
    world = small_world(tmp_path_factory.mktemp("untroubled"))
    watcher = Breaking()
    failpoints.strike_with(watcher)
    try:
        return story(world), timedelta(seconds=world.clock.seconds), watcher.passed
    finally:
        failpoints.strike_with(None)
        world.close()


def test_the_story_has_every_transaction_of_a_run(untroubled: Untroubled) -> None:
    in_story = {place.split(":")[1] for place in untroubled[2]}
    assert set(names()) - in_story == APART
    assert untroubled[0][0] == [1, 0, 1, 0, 1, 0, 0]


TOLD = sorted(set(names()) - APART)
Untroubled = tuple[list[Any], timedelta, set[str]]


@pytest.mark.parametrize("name", TOLD)
def test_each_transaction_that_fails_in_every_way_in_turn_changes_nothing(
    untroubled: Untroubled, world: World, name: str
) -> None:
    same_story(untroubled, world, *(f"db:{name}:{phase}" for phase in FAILING))


@pytest.mark.parametrize("phase", FAILING)
def test_all_transactions_that_fail_in_the_same_way_change_nothing(
    untroubled: Untroubled, world: World, phase: str
) -> None:
    same_story(untroubled, world, *(f"db:{name}:{phase}" for name in TOLD))


def same_story(untroubled: Untroubled, world: World, *places: str) -> None:
    expected, duration, _ = untroubled
    breaking = Breaking(*places)
    failpoints.strike_with(breaking)
    assert story(world) == expected
    assert breaking.left == set()
    assert timedelta(seconds=world.clock.seconds) < duration + SLACK


class HoldingFor(Breaking):
    """As above, and it takes its time."""

    def __init__(self, place: str, wait: Callable[[], None]) -> None:
        super().__init__(place)
        self._wait = wait

    def __call__(self, place: str) -> None:
        if place in self.left:
            self._wait()
        super().__call__(place)


@pytest.mark.parametrize("phase", FAILING)
def test_after_an_intent_that_took_too_long_nothing_leaves_and_the_rows_go_again(tmp_path: Path, phase: str) -> None:
    house = build_house(tmp_path, rows=6, customers=1)
    clock = house.clock
    assert clock is not None
    failpoints.strike_with(HoldingFor(f"db:send.intent:{phase}", lambda: clock.sleep(timedelta(seconds=11))))
    assert exit_code(house.run()) == 0
    assert differences(house) == []
    unsent = "SELECT COUNT(*) FROM MON_ApiCallResult WHERE code = 'SEND_DEADLINE' AND http_status IS NULL"
    assert house.rows(unsent) == [(1,)]
    assert house.rows("SELECT COUNT(*) FROM MON_ApiCall") == [(len(house.mutations) + 1,)]
    assert clock.monotonic() < house.project.settings.times.quarantine.total_seconds()


@pytest.mark.parametrize("phase", FAILING)
def test_what_a_lost_lease_leaves_is_noted_once(world: World, phase: str) -> None:
    def steal(board: SmallBoard, call: Call) -> Delivery:
        world.change("UPDATE MON_Lease SET fence = fence + 1, owner = 'somebody' WHERE resource = 'board:42'")
        return applied(board, call)

    world.board.answers.extend([applied, steal])
    failpoints.strike_with(Breaking(f"db:send.orphans:{phase}"))
    (left,) = world.run().interrupted
    assert isinstance(left.why, LostLease)
    assert world.rows("SELECT COUNT(*), COUNT(DISTINCT item_id) FROM MON_OrphanItem") == [(2, 2)]
    assert world.rows("SELECT COUNT(*) FROM MON_ApiCallResult") == [(2,)]


@pytest.mark.parametrize("phase", FAILING)
def test_what_a_person_says_of_a_board_is_kept(world: World, phase: str) -> None:
    world.board.plant("Somebody's", {})
    with world.job() as job:
        failpoints.strike_with(Breaking(f"db:check.accept_foreign:{phase}"))
        assert accept_foreign(job, "a person") == 1
    assert world.rows("SELECT decision, foreign_items FROM MON_Board") == [("ACCEPTED", 1)]


@pytest.mark.parametrize("phase", FAILING)
def test_an_accepted_restore_lifts_the_generation_once(world: World, phase: str) -> None:
    world.run()
    with world.job() as job:
        failpoints.strike_with(Breaking(f"db:restored.accept:{phase}"))
        accept_restore(job)
    assert world.rows("SELECT generation FROM MON_SnapshotState") == [(2,)]


@pytest.mark.parametrize("phase", FAILING)
def test_a_beat_that_fails_loses_no_lease(world: World, phase: str) -> None:
    with world.job() as job:
        lease = job.store.leases.acquire("customer:NOVA PEAK")
        assert isinstance(lease, Lease)
        failpoints.strike_with(Breaking(f"db:lease.beat:{phase}"))
        with pytest.raises(StoreBusy):
            job.store.leases.beat_once()
        assert job.store.leases.beat_once() == []
        with job.store.engines.write.begin() as conn:
            job.store.leases.check(conn, lease)


@pytest.mark.parametrize("name", ["send.intent", "send.outcome", "promote"])
def test_a_database_that_never_answers_halts_the_run_after_five_tries(world: World, name: str) -> None:
    tries = 0

    def strike(place: str) -> None:
        nonlocal tries
        if place == f"db:{name}:begin":
            tries += 1
            raise StoreBusy("the database is locked by another process")

    failpoints.strike_with(strike)
    report = world.run()
    assert isinstance(report.halted, StoreBusy)
    assert tries == 5
    assert len(world.events("database.waited_for")) == 4
    assert len(world.board.sent("create_items")) == (0 if name == "send.intent" else 1)
    failpoints.strike_with(None)
    assert exit_code(world.run()) == 0
    assert world.rows("SELECT COUNT(*) FROM MON_CustMasterSchedule") == [(2,)]
    assert len(world.board.items) == 2
