"""A survey from the settings to its results: the board is looked at first, measured once somebody agrees."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from order_sync.canary.bench import Bench, Columns
from order_sync.canary.ground import Forecast, columns_of, forecast, require_sandbox
from order_sync.canary.results import Results, facts_told
from order_sync.canary.standing import assumed_by, host_of
from order_sync.canary.survey import ROUNDS, Outcome, survey
from order_sync.canary.verdicts import judge
from order_sync.canary.wire import Wire
from order_sync.clock import Clock
from order_sync.model.ids import BoardId
from order_sync.monday.board import BoardDescription, Me
from order_sync.monday.transport import HttpSeam
from order_sync.wiring import Project, board_numbered, open_transport

_IMPATIENT: Final = timedelta(seconds=0.3)  # less than the service takes for an item, more than a packet's way


@dataclass(frozen=True)
class Outside:
    """The two seams, and the word to stop."""

    clock: Clock
    stop: threading.Event
    token: str | None = None
    http: HttpSeam | None = None


@dataclass(frozen=True)
class Prepared:
    """A board that may be worked on, and what that will cost."""

    described: BoardDescription
    me: Me
    columns: Columns
    forecast: Forecast
    title: str  # of the group that will be made
    stamp: str
    rounds: int
    long: bool


def prepare(
    project: Project, board: BoardId, outside: Outside, *, rounds: int = ROUNDS, long: bool = False, yes: bool = False
) -> Prepared:
    """Changes nothing. UsageError or BoardMismatch where this is no board for it."""
    with board_numbered(project.settings, board, outside.clock, token=outside.token, http=outside.http) as asked:
        me, described = asked.me(), asked.describe()
    mapping = project.mapping
    require_sandbox(described, BoardId(mapping.board.id), yes=yes)
    columns = columns_of(described, mapping.board.sync_key, mapping.subitems.sync_key)
    cost = forecast(rounds, subitems=columns.subitem_key is not None, long=long)
    stamp = f"{outside.clock.now():%y%m%d-%H%M%S}-{int(outside.clock.random() * 0xFFFF):04x}"
    return Prepared(described, me, columns, cost, f"order-sync canary {stamp}", stamp, rounds, long)


def conduct(
    project: Project, prepared: Prepared, outside: Outside, begins: Callable[[str], None] = lambda _name: None
) -> tuple[Results, Outcome]:
    """Measure and clear up; an interruption leaves results that are not finished."""
    settings, clock = project.settings, outside.clock
    with (
        open_transport(settings, clock, token=outside.token, http=outside.http) as patient,
        open_transport(settings, clock, read=_IMPATIENT, token=outside.token, http=outside.http) as impatient,
    ):
        wire = Wire(patient, impatient, clock, outside.stop, settings.times.scale)
        bench = Bench(wire, prepared.described.id, prepared.columns, prepared.stamp)
        assumed = assumed_by(settings)
        done = survey(bench, assumed, rounds=prepared.rounds, long=prepared.long, begins=begins)
    results = Results(
        made_at=clock.now(),
        board=str(prepared.described.id),
        host=host_of(settings),
        api_version=settings.monday.api_version,
        finished=done.stopped is None,
        calls=wire.calls,
        points=sum(each.points or 0 for each in wire.metered),
        probes=judge(done.measured, assumed),
        account=prepared.me.account_id,
        tier=prepared.me.tier,
        left=done.left,
        facts=facts_told(done.measured),
    )
    return results, done
