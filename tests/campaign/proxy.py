"""Small runs through a proxy that harms one to three requests, then runs without harm until nothing is left to do."""

from __future__ import annotations

import random
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from monday_simulator.limits import Limits
from monday_simulator.seed import Seed, load_seed
from monday_simulator.simulator import Simulator
from monday_simulator.web.server import serving
from order_sync.cli.board_seed import board_seed
from order_sync.drill.comparisons import converged, idempotent_rerun
from order_sync.drill.evidence import Evidence
from order_sync.drill.invariants import check
from order_sync.drill.orders import source_columns
from order_sync.drill.scenarios import sync
from order_sync.drill.trial import keeps_its_token
from order_sync.drill.world import TOKEN, World
from order_sync.events import Events
from order_sync.model.errors import OrderSyncError
from order_sync.run import exit_code
from order_sync.steps.job import Job
from order_sync.wiring import assemble, open_board, store_on
from tests.campaign.figures import Figures, Part, Violation
from tests.campaign.line_clock import ServerClock
from tests.campaign.tcp_proxy import CUTS, DELAYED, Fault, Harm, TcpProxy
from tests.campaign.worlds import MEMORY, project
from tests.small_world import order

ORDERS: Final = (order("A-1"), order("A-2", SEASON="AW26"), order("B-1", BRAND="SALT ROAD", S=None))
REQUESTS: Final = 11  # of a session without faults
PROMISE: Final = "Whatever the line does to requests and answers: none lost, none twice, none half."
_TRIES: Final = 6
_LATEST: Final = timedelta(minutes=5)  # nothing that was held back arrives later
_HELD_BACK: Final = 115.0  # seconds at most, after a send deadline of which hardly anything is used: less than T
_STRIDE: Final = 37  # bytes from one cut of an answer to the next; with _CUTS it has no common divisor
_CUTS: Final = 1_024


class Current:
    """The simulator of this session, behind the one server of all of them."""

    def __init__(self, world: World) -> None:
        self._world = world

    def __getattr__(self, name: str) -> object:
        return getattr(self._world.simulator, name)


class ProxiedWorld(World):
    """A world whose processes speak HTTP, through the proxy. The protocol's times are its own, on the session's clock;
    only what a socket waits for is real time, and short."""

    def __init__(self, folder: Path, seed: Seed) -> None:
        made = project()
        super().__init__(folder, made, seed, source_columns(made.mapping))
        self._board_seed = seed

    def connect(self, proxy: TcpProxy) -> None:
        self.proxy = proxy
        settings = self.project.settings
        monday = settings.monday.model_copy(update={"url": f"{proxy.url}/v2"})
        times = settings.times.model_copy(update={"read_timeout": 0.5, "connect_timeout": 2.0, "lease_ttl": 1e6})
        self.project = replace(self.project, settings=settings.model_copy(update={"monday": monday, "times": times}))

    def begin_session(self, plan: dict[int, Fault], seed: int, lag: timedelta) -> None:
        self.begin(self.empty)
        self.fill(ORDERS)
        self.proxy.begin(plan, seed)
        clock = ServerClock(self.proxy.clock)
        self.simulator = Simulator(self._board_seed, limits=Limits(read_lag=lag), clock=clock, like=self.simulator)

    @contextmanager
    def process(self, events: Events | None = None) -> Iterator[Job]:
        clock = self.proxy.clock
        store = store_on(self.project.settings, self.engines, self.tables, clock)
        with open_board(self.project, clock, token=TOKEN) as board:
            yield assemble(self.project, self._source, store, board, events or Events(), threading.Event())
            store.leases.release_all()


@dataclass
class Stage:
    """What all sessions share: an installation that is put back to its beginning, and what it comes to unharmed."""

    world: ProxiedWorld
    proxy: TcpProxy
    expected: Evidence

    def session(self, seed: int) -> Figures:
        """A cut by every other seed, one to three harms of any kind by the others."""
        chance = random.Random(f"proxy/{seed}")
        lag = timedelta(seconds=chance.choice((0, 0, 5, 59)))
        return self.harmed(cut_plan(seed) if seed % 2 else any_plan(chance), seed, lag)

    def harmed(self, plan: dict[int, Fault], seed: int = 0, lag: timedelta = timedelta(0)) -> Figures:
        """What comes of this plan. `lag`: how long look-ups miss what is new."""
        self.world.begin_session(plan, seed, lag)
        figures = Figures(runs=1)
        found = [*self._run_harmed(figures), *self._recovered(figures)]
        self.proxy.clock.sleep(_LATEST)
        found += [*self._troubles(), *self._runs_once_more()]
        figures.faults = Counter(str(fault.harm) for fault, _ in self.proxy.struck)
        figures.boundaries = Counter(f"{kind}: {fault.harm}" for fault, kind in self.proxy.struck)
        again = f"python dev.py campaign proxy --first {seed}"
        figures.violations = [Violation(PROMISE, each, again) for each in found]
        return figures

    def _run_harmed(self, figures: Figures) -> list[str]:
        try:
            figures.outcomes[f"harmed run: exit {exit_code(sync(self.world))}"] += 1
        except OrderSyncError as error:
            figures.outcomes[f"harmed run: {type(error).__name__}"] += 1
        except Exception as error:  # noqa: BLE001 - whatever else comes out is what is looked for
            return [f"a harmed run raised {error!r}"]
        return []

    def _recovered(self, figures: Figures) -> list[str]:
        self.proxy.plan.clear()
        for _ in range(_TRIES):
            code = exit_code(sync(self.world))
            figures.outcomes[f"recovery: exit {code}"] += 1
            if code == 0:
                return []
        return [f"still exit {code} after {_TRIES} runs"]

    def _troubles(self) -> list[str]:
        found = self.world.look()
        breaches = [*check(found, quiescent=True), *converged(self.expected, found)]
        return [*map(str, breaches), *keeps_its_token(self.world), *self._sent_again()]

    def _sent_again(self) -> list[str]:
        """Beyond what the line delivered twice: the product sends each request once."""
        sent = Counter(each.idempotency_key for each in self.world.simulator.wire_log if each.operation == "mutation")
        surplus = sum(sent.values()) - len(sent)
        return [f"sent again: {sent.most_common(3)}"] if surplus > self.proxy.twice else []

    def _runs_once_more(self) -> list[str]:
        before = self.world.look()
        code = exit_code(sync(self.world))
        ending = [] if code == 0 else [f"a run without work: exit {code}"]
        return [*ending, *map(str, idempotent_rerun(before, self.world.look()))]


@contextmanager
def stage() -> Iterator[Stage]:
    made = project()
    with ExitStack() as stack:
        place = MEMORY if MEMORY.is_dir() else None
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="campaign-", dir=place))
        world = ProxiedWorld(Path(folder), load_seed(board_seed(made.mapping, made.customers)))
        stack.callback(world.close)
        url = stack.enter_context(serving(Current(world)))  # type: ignore[arg-type]
        proxy = stack.enter_context(TcpProxy(urlsplit(url).port or 0))
        world.connect(proxy)
        world.begin_session({}, 0, timedelta(0))
        if (code := exit_code(sync(world))) != 0:
            raise RuntimeError(f"an unharmed session ends with {code}")
        yield Stage(world, proxy, world.look())


def cut_plan(seed: int) -> dict[int, Fault]:
    """One cut: of each answer in turn, at a byte that walks on until every one of the first _CUTS was the last."""
    nth, turn = seed // 2 % REQUESTS, seed // 2 // REQUESTS
    return {nth + 1: Fault(CUTS[turn % 2], at=turn * _STRIDE % _CUTS)}


def any_plan(chance: random.Random) -> dict[int, Fault]:
    numbers = chance.sample(range(1, REQUESTS + 1), chance.randint(1, 3))
    return {number: _fault(chance) for number in numbers}


def _fault(chance: random.Random) -> Fault:
    harm = chance.choice(list(Harm))
    seconds = chance.uniform(0.0, _HELD_BACK) if harm in DELAYED else 0.0
    return Fault(harm, chance.randrange(_CUTS), seconds)


def sessions(first: int) -> Iterator[Figures]:
    """One session a seed."""
    with stage() as made:
        for seed in count(first):
            yield made.session(seed)


PART = Part("proxy", PROMISE, 500, sessions)
