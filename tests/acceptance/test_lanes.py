"""Several lanes on one board: no more requests at once than there are lanes, nothing doubled, nothing lost."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

import httpx2
import pytest
from tests.harness import House, InProcess, build_house
from tests.lanes import Lanes, SharedClock
from tests.proof import differences

from monday_simulator import Latency, Rule
from monday_simulator.gateway.faults import Kind
from order_sync.events import Events
from order_sync.run import RunReport, run
from order_sync.steps.select import Selection
from order_sync.wiring import open_job

pytestmark = pytest.mark.usefixtures("each_database")

FAULTS = (Kind.LOST_AFTER, Kind.ERROR_500_AFTER, Kind.THROTTLE_429, Kind.HTML_502_AFTER, Kind.LATE_APPLY)
CUSTOMERS = 4


class Counting(InProcess):
    """Knows how many changes of the board were on their way at once."""

    def __init__(self, house: House) -> None:
        super().__init__(house.simulator)
        self.most = self._now = 0

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        changes = b'"mutation' in request.read()[:200]
        self._now += changes
        self.most = max(self.most, self._now)
        try:
            return super().handle_request(request)
        finally:
            self._now -= changes


def lived(folder: Path, lanes: int, faults: Sequence[Rule] = ()) -> tuple[House, RunReport, int]:
    """A run of four customers in lanes; the board takes its time for every change. With the most changes at once."""
    clock = SharedClock(seed=3)
    house = build_house(
        folder,
        rows=40,
        customers=CUSTOMERS,
        clock=clock,
        latency=Latency(200.0, 800.0),
        faults=faults,
        settings=f"[sending]\nlanes = {lanes}\nwave = 5\n",
    )
    http = Counting(house)
    with (
        Lanes(clock, lanes) as executor,
        open_job(house.project, threading.Event(), Events(executor.listen), clock, token="any", http=http) as job,
    ):
        report = run(job, Selection(everything=True), executor)
    return house, report, http.most


@pytest.mark.parametrize("lanes", [1, 2, 4])
def test_as_many_changes_at_once_as_there_are_lanes(tmp_path: Path, lanes: int) -> None:
    house, report, most = lived(tmp_path, lanes)
    assert (report.halted, report.interrupted, report.unsettled) == (None, [], 0)
    assert most == lanes
    assert differences(house) == []


@pytest.mark.parametrize("seed", range(4))
def test_faults_in_any_lane_lose_and_double_nothing(tmp_path: Path, seed: int) -> None:
    faults = [Rule(kind, on="write", share=0.08, seed=seed * 10 + at) for at, kind in enumerate(FAULTS)]
    house, report, most = lived(tmp_path, 4, faults)
    assert (report.halted, report.interrupted, report.unsettled) == (None, [], 0)
    assert most <= 4  # one, where an early fault keeps the board quiet for most of the run
    assert differences(house) == []
