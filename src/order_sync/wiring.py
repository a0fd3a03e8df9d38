"""The composition root: alone in constructing engines, transports and clocks, and in naming which goes where."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from order_sync.clock import Clock, SystemClock, fresh_uuid
from order_sync.events import Events
from order_sync.model.errors import MappingError, SchemaError, SettingsError, SourceError
from order_sync.model.ids import BoardId, ColumnId
from order_sync.model.mapping import Customers, Mapping
from order_sync.model.mapping_file import MappingFile, load_customers, load_mapping_file, mapping_hash, source_problems
from order_sync.model.secrets import Secret
from order_sync.monday.board import Board, ReadRetries
from order_sync.monday.budget import Budget
from order_sync.monday.transport import HttpSeam, Timeouts, Transport
from order_sync.project_files import read_text
from order_sync.settings import Settings, load_password, load_settings, load_source_password, load_token
from order_sync.source import Source, SourceColumn
from order_sync.steps.board_breaker import BoardBreaker
from order_sync.steps.board_view import BoardView
from order_sync.steps.board_writers import BoardWriters
from order_sync.steps.job import Job
from order_sync.steps.quiet import QuietBoard
from order_sync.store import catalogue, deploy
from order_sync.store.base import Store
from order_sync.store.engine import Engines, open_engines
from order_sync.store.errors import guarded
from order_sync.store.leases import Leases
from order_sync.store.migrations import NEWEST
from order_sync.store.process import this_process
from order_sync.store.tables import Tables, build_tables


@dataclass(frozen=True)
class Project:
    """What the files say, before anything was opened."""

    settings: Settings
    mapping_file: MappingFile
    customers: Customers

    @property
    def mapping(self) -> Mapping:
        return self.mapping_file.mapping

    @property
    def mapping_hash(self) -> str:
        return mapping_hash(self.mapping, self.customers)


def load_project(config: Path, profile: str = "") -> Project:
    """Settings, mapping and customers. SettingsError or MappingError with everything that is wrong with a file."""
    settings = load_settings(config, profile)
    path = settings.path(settings.mapping)
    loaded = load_mapping_file(read_text(path, "mapping", MappingError), path.name)
    customers_path = path.parent / loaded.mapping.customers
    customers = load_customers(read_text(customers_path, "customers file", MappingError), customers_path.name)
    return Project(settings, loaded, customers)


def open_database(settings: Settings, *, must_exist: bool = True) -> Engines:
    """The engines of our own tables."""
    timeout = timedelta(seconds=settings.database.busy_timeout)
    password = load_password(settings)
    return open_engines(settings.database_url, busy_timeout=timeout, must_exist=must_exist, password=password)


def open_orders(settings: Settings, *, must_exist: bool = True) -> Engines:
    """The engines of the database that the orders come from."""
    timeout = timedelta(seconds=settings.database.busy_timeout)
    password = load_source_password(settings)
    return open_engines(settings.source_url, busy_timeout=timeout, must_exist=must_exist, password=password)


def schema_of(settings: Settings, engines: Engines) -> str | None:
    """The schema that our tables are in; SQLite has none."""
    return settings.database.schema_name if engines.dialect == "mssql" else None


def our_tables(project: Project, engines: Engines) -> Tables:
    return build_tables(project.mapping, schema_of(project.settings, engines))


@contextmanager
def open_store(project: Project, clock: Clock) -> Iterator[Store]:
    """Our tables, checked to be there, with the lease heartbeat running. SchemaError says what is missing."""
    engines = open_database(project.settings)
    try:
        tables = our_tables(project, engines)
        require_deployed(engines, tables)
        store = store_on(project.settings, engines, tables, clock)
        with store.leases:
            yield store
    finally:
        engines.dispose()


def store_on(settings: Settings, engines: Engines, tables: Tables, clock: Clock) -> Store:
    """The store of one process on open engines; its leases do not beat before they are started."""
    ttl, beat = settings.times.of("lease_ttl"), settings.times.of("lease_beat")
    leases = Leases(engines.write, tables.leases, clock, ttl=ttl, beat=beat, owner=this_process())
    return Store(engines, tables, clock, leases)


def require_deployed(engines: Engines, tables: Tables) -> None:
    """SchemaError: tables are missing, or of an older or newer version than this program's."""
    found = deploy.standing(engines, tables)
    step = "order-sync schema deploy (order-sync schema show prints the script first)"
    if found.older:
        what = f"the tables are of version {found.version}, this program works with {NEWEST}"
        raise SchemaError(what, where=engines.name, next_step=step)
    if found.newer:
        what = f"the tables are of version {found.version}, this program knows {NEWEST}"
        raise SchemaError(what, where=engines.name, next_step="use the newer Order Sync that made them")
    if found.missing:
        raise _not_there(found.missing, engines, step)


def _not_there(missing: tuple[str, ...], engines: Engines, step: str) -> SchemaError:
    """SQL Server hides what a login has no right on."""
    names = f"{', '.join(missing[:5])}{' ..' if len(missing) > 5 else ''}"
    hidden = ""
    if engines.dialect == "mssql":
        hidden = ", or this login has no right on them"
        step += "; where they are there, the rights of order-sync schema show --grants"
    return SchemaError(f"{len(missing)} of our tables are missing{hidden}: {names}", where=engines.name, next_step=step)


@contextmanager
def open_source(project: Project, *, must_fit: bool = True) -> Iterator[Source]:
    """The source table with its columns. SourceError where it is missing; MappingError where it is not as the mapping
    says, unless it need not fit because that is what is to be found out."""
    settings, mapping = project.settings, project.mapping
    engines = open_orders(settings)
    try:
        schema = mapping.source.db_schema if engines.dialect == "mssql" else None
        with guarded(engines.name), engines.read.begin() as conn:
            try:
                found = catalogue.columns(conn, mapping.source.table, schema)
            except catalogue.UnknownTable as error:
                raise SourceError(
                    error.what,
                    where=f"{engines.name}, source.table in {project.mapping_file.where('source', 'table')}",
                    next_step=_no_source(engines),
                ) from None
        problems = source_problems(project.mapping_file, [column.name for column in found])
        if problems and must_fit:
            raise MappingError(
                "the mapping does not fit the source table",
                tuple(problems),
                where=mapping.source.table,
                next_step="correct these entries, or the table; `order-sync check` compares them again",
            )
        columns = tuple(SourceColumn(column.name, column.type) for column in found)
        yield Source(engines.read, mapping, columns, schema)
    finally:
        engines.dispose()


def _no_source(engines: Engines) -> str:
    if engines.dialect == "mssql":
        return "correct the name; where the table is there, let an administrator grant SELECT on it to this login"
    return "correct the name, or load the table (order-sync demo-data fills one to try with)"


@contextmanager
def open_board(
    project: Project, clock: Clock, *, token: str | None = None, http: HttpSeam | None = None
) -> Iterator[Board]:
    """The mapping's board over HTTP, with the token from the environment unless one is given."""
    with board_numbered(project.settings, BoardId(project.mapping.board.id), clock, token=token, http=http) as board:
        yield board


@contextmanager
def board_numbered(
    settings: Settings, board_id: BoardId, clock: Clock, *, token: str | None = None, http: HttpSeam | None = None
) -> Iterator[Board]:
    """Any board of the account: no mapping is needed."""
    scale = settings.times.scale
    with open_transport(settings, clock, token=token, http=http) as transport:
        yield Board(transport, Budget(clock, scale=scale), clock, board_id, ReadRetries(scale=scale))


@contextmanager
def open_transport(
    settings: Settings,
    clock: Clock,
    *,
    read: timedelta | None = None,
    token: str | None = None,
    http: HttpSeam | None = None,
) -> Iterator[Transport]:
    """The way to the API. `read`: how long an answer is waited for, where not as the settings say."""
    times = settings.times
    timeouts = Timeouts(connect=times.of("connect_timeout"), read=times.of("read_timeout") if read is None else read)
    secret = Secret(load_token(settings) if token is None else token)
    transport = Transport(settings.monday.url, secret, settings.monday.api_version, clock, timeouts, http)
    try:
        yield transport
    finally:
        transport.close()


@contextmanager
def open_job(
    project: Project,
    stop: threading.Event,
    events: Events,
    clock: Clock | None = None,
    *,
    token: str | None = None,
    http: HttpSeam | None = None,
) -> Iterator[Job]:
    """Everything that a run works with. `clock` and `http` are the two seams."""
    clock = clock or SystemClock(stop)
    with (
        open_source(project) as source,
        open_store(project, clock) as store,
        open_board(project, clock, token=token, http=http) as board,
    ):
        yield assemble(project, source, store, board, events, stop)


def assemble(
    project: Project, source: Source, store: Store, board: Board, events: Events, stop: threading.Event
) -> Job:
    """A job of what is open already: one process, as far as leases, doubts and the board's turn are concerned."""
    settings, clock = project.settings, store.clock
    breaker = BoardBreaker(clock, events, settings.breaker_rules)
    board.hear(breaker.read)
    return Job(
        mapping_file=project.mapping_file,
        customers=project.customers,
        mapping_hash=project.mapping_hash,
        settings=settings,
        source=source,
        store=store,
        board=board,
        clock=clock,
        events=events,
        stop=stop,
        run_id=str(fresh_uuid(clock)),
        view=BoardView(board, ColumnId(project.mapping.board.sync_key)),
        quiet=QuietBoard(clock, settings.times.quiet),
        writers=BoardWriters(store.leases, clock, stop, settings.sending.lanes),
        breaker=breaker,
    )


def table_columns(settings: Settings, name: str) -> list[tuple[str, str]]:
    """Name and type of every column of a source table without a mapping. SourceError where there is no such table."""
    try:
        engines = open_orders(settings)
    except SettingsError as problem:
        if not settings.source_url.startswith("sqlite:"):
            raise
        # What deploys our tables cannot help before there is a project.
        step = "correct --database; the table must be there first (order-sync demo-data fills one to try with)"
        raise SettingsError(problem.what, where=problem.where, next_step=step) from None
    owner, _, plain = name.rpartition(".")
    try:
        with guarded(engines.name), engines.read.begin() as conn:
            found = catalogue.columns(conn, plain, (owner or "dbo") if engines.dialect == "mssql" else None)
    except catalogue.UnknownTable as error:
        raise SourceError(error.what, where=engines.name, next_step="name another --table, or load it first") from None
    finally:
        engines.dispose()
    return [(column.name, column.type) for column in found]
