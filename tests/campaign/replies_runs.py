"""Whole runs in which one answer is replaced by a broken one; then a run without faults, and everything is as it must be."""

from __future__ import annotations

import atexit
import json
import random
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

import httpx2

from monday_simulator.api.documents import Documents
from monday_simulator.api.schema import executable_schema
from monday_simulator.gateway.answers import Answer
from monday_simulator.limits import Limits
from monday_simulator.seed import Seed, load_seed
from monday_simulator.simulator import Simulator
from order_sync.cli.board_seed import board_seed
from order_sync.model.errors import OrderSyncError
from order_sync.wiring import open_database, our_tables
from tests.campaign.broken_replies import BrokenReply, Honest, draw
from tests.campaign.figures import Figures, Violation
from tests.campaign.replies_judge import read_strictly, refuses
from tests.crash.narrow_source import narrow
from tests.harness import House, VirtualClock, build_house
from tests.proof import differences

RUNS: Final = 28  # of one unit
_LONGEST_RUN: Final = timedelta(hours=2)
_DRAWS: Final = 50
_ROOM: Final = Limits(calls_per_day=10**6)


class OneBroken:
    """The simulator, one of whose answers does not arrive as it was given."""

    def __init__(self, simulator: Simulator, chance: random.Random, at: int | None) -> None:
        self.asked = 0
        self.broken: BrokenReply | None = None
        self._simulator, self._chance, self._at = simulator, chance, at
        self._before: dict[str, Any] = {"data": {}}

    def handle(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        self.asked += 1
        mutation = b'"query":"mutation' in body
        if self.asked - 1 != self._at:
            answer = self._simulator.handle(method, path, headers, body)
            self._before = json.loads(answer.body)
            return answer
        if mutation and self._chance.random() < 0.4:
            return self._sent(self._unapplied(body))
        answer = self._simulator.handle(method, path, headers, body)
        return self._sent(self._drawn(json.loads(answer.body), mutation))

    def _drawn(self, answer: dict[str, Any], mutation: bool) -> BrokenReply:
        """No refusal of what was applied: a server that says so lies, and only the board could tell."""
        aliases = tuple(name for name in answer["data"] if name != "complexity") if mutation else ()
        honest = Honest(answer, self._before, aliases)
        for _ in range(_DRAWS):
            reply = draw(self._chance, honest)
            if not mutation or not any(refuses(alias, read_strictly(reply), aliases) for alias in aliases):
                return reply
        return BrokenReply("no object", b"")

    def _unapplied(self, body: bytes) -> BrokenReply:
        """Nothing was done, and nothing that was done is told."""
        aliases = tuple(f"r{at}" for at in range(json.loads(body)["query"].count(": create_")))
        data = {alias: {"id": "1"} for alias in aliases}
        for _ in range(_DRAWS):
            reply = draw(self._chance, Honest({"data": data}, {"data": {}}, aliases))
            if not any(isinstance(each, dict) and each.get("id") for each in read_strictly(reply).data.values()):
                return reply
        return BrokenReply("no object", b"")

    def _sent(self, reply: BrokenReply) -> Answer:
        self.broken = reply
        raise _Replaced(reply.response())


class _Replaced(Exception):
    def __init__(self, response: httpx2.Response) -> None:
        super().__init__("replaced")
        self.response = response


class _Line(httpx2.BaseTransport):
    """As the harness reaches the simulator, but for the answer that is replaced."""

    def __init__(self, simulator: Any) -> None:
        self._simulator = simulator

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        request.read()
        request.extensions["trace"]("http11.send_request_headers.started", {})
        try:
            answer = self._simulator.handle(request.method, request.url.path, dict(request.headers), request.content)
        except _Replaced as replaced:
            return replaced.response
        return httpx2.Response(answer.status, headers=dict(answer.headers), content=answer.body)


class QuickHouse:
    """One small house that is put back to its beginning for each run; what is compiled for it is kept."""

    def __init__(self, *, rows: int, customers: int) -> None:
        folder = Path(tempfile.mkdtemp(prefix="replies-"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        self.house = build_house(folder, rows=rows, customers=customers, seed=3)
        narrow(self.house)
        self._kept = self.house.keep_database()
        project = self.house.project
        self._seed: Seed = load_seed(board_seed(project.mapping, project.customers))
        self._engines = open_database(project.settings)
        self._tables = our_tables(project, self._engines)
        self._documents = Documents(executable_schema())

    @contextmanager
    def fresh(self, seed: int) -> Iterator[House]:
        """Empty tables, an empty board, time at its beginning."""
        house = self.house
        self._engines.dispose()
        for path in house.folder.glob("*.parquet"):
            path.unlink()
        house.restore_database(self._kept)
        house.clock = VirtualClock(seed)
        with ExitStack() as stack:
            stack.enter_context(patch("order_sync.wiring.open_database", lambda _settings: self._engines))
            stack.enter_context(patch("order_sync.wiring.our_tables", lambda _project, _engines: self._tables))
            stack.enter_context(patch("monday_simulator.simulator.Documents", lambda *_: self._documents))
            stack.enter_context(patch("tests.harness.InProcess", _Line))
            house.simulator = Simulator(self._seed, limits=_ROOM, clock=house.clock)
            yield house


@cache
def quick_house(rows: int, customers: int) -> QuickHouse:
    return QuickHouse(rows=rows, customers=customers)


@cache
def requests_of_a_run(rows: int, customers: int) -> int:
    with quick_house(rows, customers).fresh(0) as house:
        line = OneBroken(house.simulator, random.Random(0), None)
        _run(house, line)
        assert differences(house) == []
        return line.asked


def one_unit(seed: int, count: int = RUNS) -> Figures:
    """Runs in the order of the seed, each with one broken answer."""
    figures, chance = Figures(), random.Random(f"runs {seed}")
    for number in range(count):
        shape = chance.choice(((3, 1), (4, 2)))
        at = chance.randrange(requests_of_a_run(*shape))
        own = random.Random(f"{seed} {number}")
        again = f"python -c 'from tests.campaign.replies_runs import one_unit; print(one_unit({seed}, {number + 1}).violations)'"
        with quick_house(*shape).fresh(seed) as house:
            wrong = broken_at(house, own, at, figures)
        figures.runs += 1
        figures.violations += [Violation("a broken answer costs no order", each, again) for each in wrong]
    return figures


def broken_at(house: House, chance: random.Random, at: int, figures: Figures) -> list[str]:
    """A run with its answer number `at` broken, then what a person does about it. Returns what is wrong in the end."""
    line = OneBroken(house.simulator, chance, at)
    assert house.clock is not None
    began = house.clock.monotonic()
    told = _run(house, line)
    if line.broken is None:
        return [f"answer {at} was never asked for: {told}"]
    kind = f"answer {at}, {line.broken.kind}, HTTP {line.broken.status}"
    figures.faults[line.broken.kind] += 1
    figures.outcomes[f"run: {told}"] += 1
    wrong = [told] if told.startswith("crash") else []
    if house.clock.monotonic() - began > _LONGEST_RUN.total_seconds():
        wrong.append(f"the run took {timedelta(seconds=house.clock.monotonic() - began)}")
    # Most runs have nothing left to do: of those, some are gone on with all the same.
    if told != "done" or differences(house) or chance.random() < 0.1:
        wrong += _recovered(house)
    return [f"{kind}: {each}" for each in wrong]


def _run(house: House, simulator: OneBroken) -> str:
    honest, house.simulator = house.simulator, simulator  # type: ignore[assignment]
    try:
        report = house.run()
    except OrderSyncError as error:
        return type(error).__name__
    except Exception as crash:  # noqa: BLE001 - any exception is what is looked for
        return f"crash, {type(crash).__name__}: {str(crash)[:300]}"
    finally:
        house.simulator = honest
    return "done" if report.halted is None else type(report.halted).__name__


def _recovered(house: House) -> list[str]:
    """Days later, without faults: run, try again what was refused, run."""
    assert house.clock is not None
    house.clock.sleep(timedelta(days=2))  # an answer may say for the whole day that no call is left
    try:
        house.run()
        house.requeue_everything()
        report = house.run()
    except Exception as crash:  # noqa: BLE001 - any exception is what is looked for
        return [f"no recovery, {type(crash).__name__}: {str(crash)[:300]}"]
    halted = [f"no recovery: {report.halted}"] if report.halted is not None else []
    return [*halted, *differences(house)]
