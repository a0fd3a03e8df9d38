"""One installation that processes live and die in: a database, a source, a simulated board, and virtual time."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import polars as pl
from sqlalchemy import Table

from monday_simulator.gateway.answers import ConnectionDropped
from monday_simulator.gateway.faults import FaultScript, Rule
from monday_simulator.seed import Seed
from monday_simulator.simulator import Simulator
from order_sync import failpoints
from order_sync.drill.board_contents import InProcess
from order_sync.drill.comparisons import files_below
from order_sync.drill.database import Database, InFile
from order_sync.drill.evidence import Evidence, Scene, look
from order_sync.drill.line import Line, Sent
from order_sync.drill.lives import Life, Start, Told
from order_sync.drill.schedule import Schedule, ServiceClock
from order_sync.drill.strikes import Died, Kind, Strike, error_at
from order_sync.events import Events
from order_sync.model.errors import OrderSyncError
from order_sync.source import Source, SourceColumn
from order_sync.steps.job import Job
from order_sync.store.engine import Engines, open_engines
from order_sync.store.source_table import fill, source_table
from order_sync.wiring import Project, assemble, open_board, our_tables, store_on

TOKEN: Final = "drill-token-5b1c77"  # noqa: S105 - of a simulated account
_COMPILED: Final[dict[Any, Any]] = {}  # every world compiles the same statements: half the time of a run
# Between these another worker may go on: nothing is open then that the other would have to wait for.
_INSIDE: Final = ("inside", "commit", "unacknowledged")


class World:
    """`rows` is what the source holds now. `database`: by default a file in the folder. Not thread-safe beyond its own
    workers, of which one runs at a time."""

    def __init__(
        self,
        folder: Path,
        project: Project,
        seed: Seed,
        columns: Sequence[SourceColumn],
        database: Database | None = None,
    ) -> None:
        self.folder = folder
        self.database = InFile(folder) if database is None else database
        settings = project.settings
        kept_in = settings.database.model_copy(update={"url": self.database.url, "source_url": "", "busy_timeout": 0.1})
        monday = settings.monday.model_copy(update={"url": "http://127.0.0.1:9/v2", "token_file": ""})
        # By its name alone: somebody's snapshot may have an absolute path.
        kept = {"folder": folder, "snapshot": Path(settings.snapshot).name, "database": kept_in, "monday": monday}
        self.project = replace(project, settings=settings.model_copy(update=kept))
        self.columns = tuple(columns)
        self.rows: tuple[dict[str, Any], ...] = ()
        self.engines = _compiled_once(open_engines(self.database.url, busy_timeout=timedelta(0)))
        self.tables = our_tables(self.project, self.engines)
        self._seed = seed
        self._sent: list[Sent] = []
        self._backup: object = None
        self._requests = 0
        self.told = Told()
        self.schedule = Schedule()
        self.simulator = self._new_simulator()
        self.lives: list[Life] = []
        self.passages: dict[int, list[str]] = {}
        self._strikes: dict[tuple[int, int], Strike] = {}
        self._sticky: dict[str, Strike] = {}
        self._next: dict[tuple[int, str], Strike] = {}
        self.struck: list[tuple[Strike, str]] = []
        self.served: Counter[str] = Counter()
        self.database.make(self.engines, self.tables, self._source_table, self.project.mapping.board.id)
        self._source = Source(self.engines.read, self.project.mapping, self.columns)
        sending = self.project.settings.sending
        self._scene = Scene(
            self.project.mapping,
            self.project.customers,
            self._source,
            self.engines,
            self.tables,
            sending.lanes,
            sending.max_retries,
        )
        self.fill(())
        self.empty = self.keep()

    # putting it back

    def keep(self) -> Start:
        """This moment, to come back to."""
        database = self.database.keep(self.engines)
        snapshot = self._snapshot.read_bytes() if self._snapshot.exists() else None
        return Start(database, snapshot, self.schedule.passed, tuple(self._sent), self.rows, self._requests)

    def begin(
        self,
        start: Start,
        *,
        seed: int = 0,
        strikes: Sequence[Strike] = (),
        faults: Sequence[Rule] = (),
        lag: timedelta = timedelta(0),
        restlessness: float = 0.3,
    ) -> None:
        """Put everything back to `start`; what is to strike from now on. `lag`: how long look-ups miss what is new."""
        self.database.put(self.engines, start.database)
        self._snapshot.unlink(missing_ok=True)
        if start.snapshot is not None:
            self._snapshot.write_bytes(start.snapshot)
        # Not the chance that the preparation had: a process draws ids that no other has drawn.
        self.schedule = Schedule(f"{seed} after {len(start.sent)} at {start.passed}", restlessness)
        self.schedule.on_time = self._beat
        self.simulator = self._new_simulator()
        for sent in start.sent:
            self._send_again(sent)
        self.schedule.passed = start.passed
        self.simulator.faults = FaultScript(faults, seed)
        self.simulator.limits = replace(self.simulator.limits, read_lag=lag)
        self.simulator.store.past.lag = lag
        self.rows, self._requests = start.rows, start.requests
        self.lives, self.passages, self.told, self.struck = [], {}, Told(), []
        self.served = Counter()
        self._strikes = {(each.worker, each.passage): each for each in strikes}
        self._sticky, self._next = {}, {}

    def keep_database(self) -> None:
        """A backup of the database, and of nothing else."""
        self._backup = self.database.keep(self.engines)

    def restore_database(self) -> None:
        """Put the backup in place of the database: what was asked since then is in no record."""
        self.database.put(self.engines, self._backup)
        self._requests = len(self.simulator.wire_log)

    def strike_at(self, place: str, kind: Kind) -> None:
        """Whoever passes this place is struck, every time."""
        self._sticky[place] = Strike(0, -1, kind, sticky=True)

    def strike_next(self, place: str, kind: Kind, seconds: float = 0.0) -> None:
        """The worker that runs is struck when it passes this place next."""
        self._next[self.schedule.current, place] = Strike(self.schedule.current, -1, kind, seconds=seconds)

    def strike_anew(self, strikes: Sequence[Strike]) -> None:
        """Only these from now on; passages are counted from here."""
        self.heal()
        self.passages = {}
        self._strikes = {(each.worker, each.passage): each for each in strikes}

    def heal(self) -> None:
        """From now on nothing strikes."""
        for rule in self.simulator.faults.told():
            self.served[str(rule["kind"])] += rule["fired"]
        self._strikes, self._sticky, self._next = {}, {}, {}
        self.simulator.faults = FaultScript((), 0)
        self.schedule.wall_offset = 0.0
        self.note("faults end")

    def fill(self, rows: Sequence[dict[str, Any]]) -> None:
        """Replace the rows of the source."""
        self.rows = tuple(rows)
        frame = pl.DataFrame(
            {column.name: [row.get(column.name) for row in rows] for column in self.columns},
            schema={column.name: pl.Int64 if column.sql_type == "INT" else pl.String for column in self.columns},
        )
        list(fill(self.engines, self._source_table, [frame], replace=True))

    @property
    def _source_table(self) -> Table:
        columns = [(each.name, "INT" if each.sql_type == "INT" else "NVARCHAR(MAX)") for each in self.columns]
        return source_table(self.project.mapping.source.table, columns)

    def look(self, by_people: Collection[int] = ()) -> Evidence:
        """Everything there is to see now. `by_people`: items that people copied or took away."""
        # A simulator applies what it has put off when the next request comes: perhaps none does.
        self.simulator.settle_late()
        board = InProcess(self.simulator, self.project.mapping)
        wire = list(self.simulator.wire_log)[self._requests :]
        return look(self._scene, board, wire=wire, by_people=by_people)

    def outputs(self) -> dict[str, bytes]:
        """Everything that was written, wherever it is."""
        return {**files_below(self.folder), **self.database.contents(self.engines)}

    def close(self) -> None:
        failpoints.strike_with(None)
        self.engines.dispose()

    # processes

    @contextmanager
    def process(self, events: Events | None = None) -> Iterator[Job]:
        """A new process of the worker that runs: it remembers nothing but what is written down."""
        worker = self.schedule.current
        number = sum(life.worker == worker for life in self.lives)
        store = store_on(self.project.settings, self.engines, self.tables, self.schedule)
        beat = self.project.settings.times.of("lease_beat").total_seconds()
        life = Life(worker, number, store.leases, self.schedule.passed + beat)
        self.lives.append(life)
        line = Line(self.simulator, self._sent)
        stop = threading.Event()
        listened = events or Events(self.hear)
        try:
            with open_board(self.project, self.schedule, token=TOKEN, http=line) as board:
                yield assemble(self.project, self._source, store, board, listened, stop)
                store.leases.release_all()
        finally:
            life.dead = True

    def reach(self, place: str) -> None:
        """What every place of the product calls while this world is struck at."""
        life = self._life()
        if life is None:
            return
        self._pass(life, place)
        if place.startswith("db:lease.beat"):
            return
        if not place.endswith(_INSIDE):
            self.schedule.switch()
            if life.dead:
                raise Died(place)

    @contextmanager
    def striking(self) -> Iterator[None]:
        failpoints.strike_with(self.reach)
        try:
            yield
        finally:
            failpoints.strike_with(None)

    def note(self, what: str) -> None:
        life = self._life()
        self.told.note(self.schedule.passed, self.schedule.current, 0 if life is None else life.number, what)

    def hear(self, name: str, fields: Mapping[str, Any]) -> None:
        told = ", ".join(
            f"{key} {fields[key]}"
            for key in ("why", "customer", "count", "orders", "operation", "http", "code", "made")
            if fields.get(key) is not None
        )
        self.note(f"{name}: {told}" if told else name)

    def _pass(self, life: Life, place: str) -> None:
        if life.dead:
            raise Died(place)
        passed = self.passages.setdefault(life.worker, [])
        passed.append(place)
        planned = self._strikes.get((life.worker, len(passed) - 1)) or self._sticky.get(place)
        strike = self._next.pop((life.worker, place), None) or planned
        if strike is None:
            return
        if strike.sticky:
            self._sticky[place] = strike
        self.struck.append((strike, place))
        self.told.note(self.schedule.passed, life.worker, life.number, f"{strike.kind} at {place}")
        self._carry_out(strike, life, place)

    def _carry_out(self, strike: Strike, life: Life, place: str) -> None:
        match strike.kind:
            case Kind.CRASH:
                life.dead = True
                raise Died(place)
            case Kind.ERROR:
                raise error_at(place)
            case Kind.PAUSE:
                if not place.endswith(_INSIDE) and not place.startswith("db:lease.beat"):
                    life.paused_until = self.schedule.passed + strike.seconds
                    self.schedule.sleep(timedelta(seconds=strike.seconds))
            case Kind.JUMP:
                self.schedule.wall_offset += strike.seconds

    def _life(self) -> Life | None:
        """The process that runs: the beating one where a heartbeat is due, else the worker's newest."""
        if self._beating is not None:
            return self._beating
        worker = self.schedule.current
        return next((life for life in reversed(self.lives) if life.worker == worker), None)

    _beating: Life | None = None

    def _beat(self, until: float) -> None:
        """The heartbeats that are due before time moves on to `until`, each at its own moment."""
        beat = self.project.settings.times.of("lease_beat").total_seconds()
        while True:
            due = [
                life for life in self.lives if not life.dead and self._beats_at(life) <= until and life.leases.held()
            ]
            if not due:
                return
            life = min(due, key=self._beats_at)
            moment = max(self.schedule.passed, self._beats_at(life))
            self.schedule.passed = moment
            life.next_beat = moment + beat
            self._beating = life
            try:
                life.leases.beat_once()
            except (Died, OrderSyncError):
                pass
            finally:
                self._beating = None

    @staticmethod
    def _beats_at(life: Life) -> float:
        return max(life.next_beat, life.paused_until)

    # the board

    def _new_simulator(self) -> Simulator:
        """With the same chance each time: what is sent again gets the ids that it got."""
        self._sent = []
        return Simulator(self._seed, clock=ServiceClock(self.schedule), like=getattr(self, "simulator", None))

    def serve_with(self, rules: Sequence[Rule]) -> None:
        """The faults that the service has from now on."""
        self._sent.append(Sent(self.schedule.passed, rules=tuple(rules)))
        self.simulator.faults = FaultScript(rules, 0)

    def person(self, query: str, **variables: Any) -> dict[str, Any]:
        """Somebody else changes the board. Returns the answer's data."""
        body = json.dumps({"query": query, "variables": variables}).encode()
        headers = {"authorization": "of-a-planner", "content-type": "application/json"}
        self._sent.append(Sent(self.schedule.passed, headers=headers, body=body))
        answer = self.simulator.handle("POST", "/v2", headers, body).json()
        if "errors" in answer:
            raise RuntimeError(f"the board refused a person's change: {answer['errors']}")
        return dict(answer["data"])

    def newest_group(self) -> str:
        """The id of the board's group that was made last."""
        return self.simulator.store.boards[self.project.mapping.board.id].groups[-1].id

    def _send_again(self, sent: Sent) -> None:
        self.schedule.passed = sent.moment
        self._sent.append(sent)
        if sent.rules is not None:
            self.simulator.faults = FaultScript(sent.rules, 0)
            return
        with suppress(ConnectionDropped):
            self.simulator.handle(sent.method, sent.path, sent.headers, sent.body)

    @property
    def _snapshot(self) -> Path:
        return self.folder / self.project.settings.snapshot


def _compiled_once(engines: Engines) -> Engines:
    shared = {"compiled_cache": _COMPILED}
    return Engines(engines.write.execution_options(**shared), engines.read.execution_options(**shared))
