"""A season's orders on the accounts that monday sells: orders an hour, and the limit that keeps them there.

Time is virtual, so a day of waiting costs nothing. The run is what a scheduler starts every hour until nothing is
left; the board takes as long as recorded answers did, and one request in a hundred meets a fault.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import httpx2
import polars as pl
from tests.harness import House, InProcess, build_house
from tests.lanes import Lanes, SharedClock

from benchmarks.installation import TOKEN, in_a_child, source_frames
from benchmarks.results import Result, at_least, under
from benchmarks.scale import Scale
from monday_simulator import Latency, Limits, Rule
from monday_simulator.gateway.faults import Kind
from order_sync.events import Events
from order_sync.run import RunReport, run
from order_sync.steps.select import Selection
from order_sync.wiring import open_job

LANES: Final = (1, 4)
FAULTS: Final = 0.01  # of all requests
ORDERS_AN_HOUR, BY_HAND = 1_000, 0.01  # what is asked for
LONGEST: Final = timedelta(days=60)
ROOM: Final = 1_000_000  # items on a board: how many a plan allows is not told any more
_HOUR: Final = timedelta(hours=1)
_KINDS: Final = (
    Kind.RESET_BEFORE,
    Kind.ERROR_500_BEFORE,
    Kind.THROTTLE_429,
    Kind.LOST_AFTER,
    Kind.HALF_ANSWER,
    Kind.ERROR_500_AFTER,
    Kind.HTML_502_AFTER,
    Kind.LATE_APPLY,
)
# Recorded create_subitem took 3.3 s, four times in all and each the first of its board, which is made with it: the
# others are taken to be as quick as items.
_MEDIANS: Final = {"create_subitem": 829.0}


class _Busy(InProcess):
    """Knows how long at least one request was under way. Lanes run one at a time, so nothing is counted twice."""

    def __init__(self, house: House) -> None:
        super().__init__(house.simulator)
        self.seconds = 0.0
        self._clock = house.simulator.clock
        self._under_way = 0
        self._since = 0.0

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        if self._under_way == 0:
            self._since = self._clock.monotonic()
        self._under_way += 1
        try:
            return super().handle_request(request)
        finally:
            self._under_way -= 1
            if self._under_way == 0:
                self.seconds += self._clock.monotonic() - self._since


@dataclass(frozen=True)
class Season:
    """What it took. busy: seconds in which the server had a request. waits: seconds by the limit that lanes waited for,
    all lanes together; `day` is the wait for the next day's calls."""

    orders: int
    sizes: int
    promoted: int
    by_hand: int
    seconds: float
    runs: int
    calls: int
    faults: int
    busy: float
    waits: dict[str, float]

    @property
    def an_hour(self) -> float:
        return self.promoted / (self.seconds / 3600)

    @property
    def binding(self) -> str:
        """The server's own time where that was most of it; else what was waited for longest."""
        if self.busy >= self.seconds / 2:
            return "time"
        return max(self.waits, key=lambda name: self.waits[name], default="time")


_BINDINGS: Final = {
    "points": "complexity a minute",
    "calls": "requests a minute",
    "day": "calls a day",
    "doubt": "waiting for doubts to end",
    "time": "the server's own time",
}


def measure(scale: Scale, folder: Path) -> Result:
    """Each plan with one lane and with four; two processes at a time, for time is not measured but counted."""
    size = {"source_rows": scale.orders, "customers": scale.customers, "lanes": max(LANES)}
    result = Result("plans", "A season on each plan", size)
    frame = pl.concat(source_frames(scale.orders, scale.customers, dirt=0.0))
    cases = [(plans, lanes) for plans in _alike(scale.plans) for lanes in LANES]
    with ThreadPoolExecutor(max_workers=2) as pool:
        seasons = pool.map(lambda case: _in_a_child(folder, frame, case[0][0], case[1]), cases)
        for (plans, lanes), found in zip(cases, seasons, strict=True):
            _add(result, ", ".join(plans), lanes, found)
    result.note(
        "Virtual time, a personal token, a run every hour until nothing is left. Faults: "
        f"{FAULTS:.0%} of the requests, one of {', '.join(kind.value for kind in _KINDS)}. The source has no planted "
        "dirt: what is held for its data is no matter of the account."
    )
    result.note(
        "Server time: the recorded distribution of create_item (median 829 ms), for sizes the same; others by their "
        "own medians. By hand: rows that are left for a person when everything else is done."
    )
    return result


def _alike(plans: Sequence[str]) -> list[list[str]]:
    """The plans by what they allow: some differ in their price only."""
    found: list[tuple[Limits, list[str]]] = []
    for plan in plans:
        limits = replace(Limits.of(plan), plan="")
        same = next((names for known, names in found if known == limits), None)
        if same is None:
            found.append((limits, [plan]))
        else:
            same.append(plan)
    return [names for _, names in found]


def _in_a_child(folder: Path, frame: pl.DataFrame, plan: str, lanes: int) -> Season:
    place = folder / f"{plan}-{lanes}"
    place.mkdir()
    frame.write_parquet(place / "source.parquet")
    return Season(**in_a_child("season", place, plan, str(lanes)))


def _add(result: Result, plan: str, lanes: int, season: Season) -> None:
    where = f"{plan}, {lanes} lane{'' if lanes == 1 else 's'}"
    rows = season.orders + season.sizes
    goal = at_least(ORDERS_AN_HOUR) if "enterprise" in plan and lanes > 1 else None
    result.add(f"{where}: orders an hour", season.an_hour, "bound by", _BINDINGS[season.binding], goal)
    result.add(f"{where}: success", 100 * season.promoted / season.orders, "% of the orders", goal=at_least(99))
    result.add(f"{where}: by hand", 100 * season.by_hand / rows, "% of the rows", goal=under(100 * BY_HAND))
    result.add(f"{where}: took", season.seconds / 3600, "hours in", f"{season.runs:,} runs, {season.faults} faults")


def live(house: House, plan: str, lanes: int) -> Season:
    """Runs on the hour, until one leaves nothing that a later one could do."""
    clock = house.clock
    assert isinstance(clock, SharedClock)
    waits, planned, runs, began = defaultdict[str, float](float), [0, 0], 0, clock.monotonic()
    http = _Busy(house)
    while True:
        report, planned_now = _one_run(house, http, clock, lanes, waits)
        runs += 1
        planned = [max(pair) for pair in zip(planned, planned_now, strict=True)]
        if report.halted is None and not report.unsettled:
            break
        if clock.monotonic() - began > LONGEST.total_seconds():
            raise RuntimeError(f"{plan}: not done after {LONGEST}")
        waits["day" if report.halted is not None else "doubt"] += _to_the_next_hour(clock)
    left, promoted = _left(house)
    records = list(house.simulator.wire_log)
    return Season(
        orders=planned[0],
        sizes=planned[1],
        promoted=promoted,
        by_hand=left,
        seconds=clock.monotonic() - began,
        runs=runs,
        calls=len(records),
        faults=sum(record.fault is not None for record in records),
        busy=http.seconds,
        waits=dict(waits),
    )


def _one_run(
    house: House, http: _Busy, clock: SharedClock, lanes: int, waits: dict[str, float]
) -> tuple[RunReport, tuple[int, int]]:
    """What a scheduler starts: everything that is new, and what earlier runs have left."""
    executor = Lanes(clock, lanes)

    def listen(name: str, fields: dict[str, Any]) -> None:
        executor.listen(name, fields)
        if name == "budget.waited_for":
            waits[str(fields["limit"])] += float(fields["seconds"])
        elif name == "rows.waited_for":
            waits["doubt"] += float(fields["seconds"])

    with open_job(house.project, threading.Event(), Events(listen), clock, token=TOKEN, http=http) as job, executor:
        report = run(job, Selection(everything=True), executor)
    return report, (report.plan.orders.height, report.plan.sizes.height)


def _to_the_next_hour(clock: SharedClock) -> float:
    now = clock.now()
    wait = now.replace(minute=0, second=0, microsecond=0) + _HOUR - now
    clock.advance(wait)
    return wait.total_seconds()


def _left(house: House) -> tuple[int, int]:
    """Rows that are still in staging, and orders in production."""
    tables = ("STG_MON_CustMasterSchedule", "STG_MON_CustMasterSchedule_Subitems", "MON_CustMasterSchedule")
    orders, sizes, promoted = (house.rows(f'SELECT count(*) FROM "{table}"')[0][0] for table in tables)
    return orders + sizes, promoted


def season(folder: Path, plan: str, lanes: int) -> dict[str, Any]:
    """One plan with some lanes, in a folder that has the source's frame."""
    clock = SharedClock()
    share = FAULTS / len(_KINDS)
    house = build_house(
        folder / "house",
        frame=pl.read_parquet(folder / "source.parquet"),
        clock=clock,
        limits=Limits.of(plan, items_per_board=ROOM),
        latency=Latency.recorded(medians=_MEDIANS),
        faults=[Rule(kind, share=share, seed=at) for at, kind in enumerate(_KINDS)],
        settings=f"[sending]\nlanes = {lanes}\n",
    )
    return asdict(live(house, plan, lanes))
