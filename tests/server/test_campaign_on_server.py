"""A sample of the campaign with its tables on the server: the same scenarios, faults and invariants."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest
from tests import databases
from tests.campaign import boundaries, processes, seeds
from tests.campaign.figures import Figures
from tests.campaign.ledger import ROOT
from tests.campaign.worlds import beginning, small_world

from order_sync.drill.history import HISTORY
from order_sync.drill.invariants import check
from order_sync.drill.scenarios import NEW
from order_sync.drill.trial import keeps_its_token, stands_still, trial

pytestmark = [databases.needs_server, pytest.mark.slow]


@pytest.fixture(autouse=True)
def on_the_server() -> Iterator[None]:
    with databases.working_on("server"):
        yield


def test_without_faults_every_promise_holds_and_every_change_is_written_down() -> None:
    world = small_world()
    found = trial(world, beginning(NEW), judges=[stands_still, keeps_its_token])
    assert found.broken == []
    seen = world.look()
    assert seen.has_history
    noted = {what for (what,) in seen.ask("SELECT DISTINCT what FROM history")}
    assert noted >= {"batch", "lease", "production"}
    if databases.is_babelfish():
        assert noted >= {"item", "subitem", "group"}


def test_a_world_is_put_back_to_its_beginning() -> None:
    world, start = small_world(), beginning(NEW).start
    world.begin(start)
    before = world.keep().database
    trial(world, beginning(NEW))
    assert world.keep().database != before
    world.begin(start)
    assert world.keep().database == before


def test_what_is_broken_there_is_noticed() -> None:
    world = small_world()
    trial(world, beginning(NEW))
    assert check(world.look(), quiescent=True) == []
    with world.engines.write.begin() as conn:
        conn.exec_driver_sql(f"UPDATE {world.tables.batches} SET successful_records = successful_records + 1")
        conn.exec_driver_sql(f"UPDATE dbo.[{world.tables.leases.name}] SET fence = fence - 1")
        conn.exec_driver_sql(f"DELETE FROM dbo.[{world.tables.production_subitems.name}]")
    numbers = {breach.invariant.number for breach in check(world.look(), quiescent=True)}
    assert {7, 10} <= numbers, HISTORY


@pytest.mark.parametrize("place", [3, 60, 117, 174])
def test_a_fault_at_a_place_breaks_nothing(place: int) -> None:
    found = next(boundaries.places(place))
    assert [str(each) for each in found.violations] == []
    assert found.runs == 4


def test_many_faults_at_random_break_nothing() -> None:
    found = Figures()
    for seed in (1, 2):
        found.add(next(seeds.seeds(seed)))
    assert [str(each) for each in found.violations] == []
    assert found.faults.total() >= 2


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signal that kills from within")
def test_a_run_killed_again_and_again_ends_with_each_order_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "KILLS", 2)
    figures = next(processes.kills(2))
    assert [str(each) for each in figures.violations] == []
    assert figures.runs == sum(figures.boundaries.values()) == 2


def test_the_campaign_takes_only_parts_that_have_worlds_there() -> None:
    said = subprocess.run(
        [sys.executable, "-m", "tests.campaign", "days", "--server"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert said.returncode == 2
    assert "on a server there are only places" in said.stderr
