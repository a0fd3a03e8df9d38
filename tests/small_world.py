"""A small installation for tests of single steps: few columns, a real database and source, a board of Python objects."""

from __future__ import annotations

import random
import shutil
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Column as SqlColumn
from sqlalchemy import Integer, MetaData, UnicodeText, insert
from sqlalchemy import Table as SqlTable

from order_sync.drill.lives import Inline
from order_sync.events import Events, Listener
from order_sync.model.ids import BatchId, ColumnId
from order_sync.model.mapping import BoardColumn, Customers
from order_sync.model.mapping_file import MappingFile, load_customers, load_mapping_file, mapping_hash
from order_sync.monday.board import Board
from order_sync.monday.items import LiveColumn
from order_sync.run import RunReport, run
from order_sync.settings import Settings
from order_sync.source import Source, SourceColumn
from order_sync.steps.board_breaker import BoardBreaker
from order_sync.steps.board_view import BoardView
from order_sync.steps.board_writers import BoardWriters
from order_sync.steps.job import Job
from order_sync.steps.quiet import QuietBoard
from order_sync.steps.requeue import requeue
from order_sync.steps.select import Selection
from order_sync.store.base import Store
from order_sync.store.deploy import deploy
from order_sync.store.engine import Engines, open_engines
from order_sync.store.leases import Leases
from order_sync.store.process import this_process
from order_sync.store.tables import Tables, build_tables
from tests import databases
from tests.harness import VirtualClock
from tests.small_board import SmallBoard

MAPPING = """\
version: 1
pipeline: small
unknown_customer: hold
customers: customers.yaml
source:
  table: ORDERS
  key: [NUMBER, STYLE NO]
  customer: BRAND
  po: [PO]
  season: [SEASON]
  order_number: NUMBER
  ignored: [REMARK]
board:
  id: "42"
  sync_key: text_key
  item_name: "{STYLE} {ORDER}"
  group: {name: "{CUSTOMER} {SEASON}", season: [SEASON]}
columns:
  - {source: NUMBER, target: ORDER, sql: NVARCHAR(MAX), staging_sql: NVARCHAR(100), board: {id: text_order, type: text}}
  - {source: STYLE NO, target: STYLE, sql: NVARCHAR(100), required: true, board: {id: text_style, type: text}}
  - {source: BRAND, target: CUSTOMER, sql: NVARCHAR(100), canonical_customer: true, board: {id: dropdown_brand, type: dropdown, labels: never}}
  - {source: SEASON, target: SEASON, sql: NVARCHAR(100), board: {id: dropdown_season, type: dropdown, labels: create}}
  - {source: KIND, target: KIND, sql: NVARCHAR(50), values: {ACTIVE: RECEIVED, CANCELLED: CANCELLED}, board: {id: dropdown_kind, type: dropdown, labels: never}}
  - {source: PRICE, target: PRICE, sql: FLOAT, board: {id: numeric_price, type: numbers}}
  - {source: PO, target: PO, sql: NVARCHAR(100)}
table_columns:
  - {target: Title, sql: NVARCHAR(510), role: title}
  - {target: Group, sql: NVARCHAR(510), role: group}
  - {target: Item ID, sql: BIGINT, role: item_id}
  - {target: UpdateDate, sql: NVARCHAR(50), role: update_date}
production_order: [Title, Group, ORDER, STYLE, CUSTOMER, SEASON, KIND, PRICE, PO, Item ID, UpdateDate]
sizes: {after: UNIT, before: TOTAL, total: TOTAL}
subitems:
  subtasks_column: subtasks
  board_id: "43"
  sync_key: text_subkey
  columns:
    - {target: parent_item_id, role: parent_id}
    - {target: subitem_id, role: item_id}
    - {target: subitem_board_id, role: board_id}
    - {target: Size, role: size, board: {id: dropdown_size, type: dropdown, labels: create}}
    - {target: Order Qty, role: quantity, board: {id: numeric_qty, type: numbers}}
    - {target: Packed Qty, role: constant, value: "0", board: {id: numeric_packed, type: numbers}}
changes:
  cancelled: {column: KIND, values: [CANCELLED]}
"""
CUSTOMERS = """\
version: 1
customers:
  - {name: NOVA PEAK, aliases: [Nova Peak (AU)]}
  - {name: SALT ROAD}
"""
SIZES = ("S", "M", "L", "XL")
COLUMNS = ("NUMBER", "STYLE NO", "BRAND", "SEASON", "KIND", "PRICE", "PO", "REMARK", "UNIT", *SIZES, "TOTAL")
LABELS = {"dropdown_brand": ("NOVA PEAK", "SALT ROAD"), "dropdown_kind": ("RECEIVED", "CANCELLED")}
EVERYTHING = Selection(everything=True)


def order(number: str = "A-1", **changes: Any) -> dict[str, Any]:
    """A good order with two sizes, but for the changes; the total follows the sizes unless it is given."""
    row: dict[str, Any] = {
        "NUMBER": number, "STYLE NO": f"ST-{number}", "BRAND": "NOVA PEAK", "SEASON": "SS26", "KIND": "ACTIVE",
        "PRICE": "9.50", "PO": f"PO-{number}", "REMARK": None, "UNIT": "PCS", "S": 2, "M": 3, "L": None, "XL": None,
    }  # fmt: skip
    row |= changes
    row.setdefault("TOTAL", sum(row[size] for size in SIZES if isinstance(row[size], int)))
    return row


# Every world compiles the same statements: half the time of a run.
_COMPILED: dict[Any, Any] = {}


def _tables(text: str) -> Tables:
    return _tables_in(text, databases.schema())


@cache
def _tables_in(text: str, schema: str | None) -> Tables:
    return build_tables(_mapping(text).mapping, schema)


@cache
def _template(text: str) -> Path:
    """A database with the tables of this mapping, empty: copied instead of made."""
    path = Path(tempfile.mkdtemp(prefix="small-world-")) / "template.db"
    engines = open_engines(f"sqlite:///{path}")
    deploy(engines, _tables(text))
    engines.dispose()
    return path


@cache
def _mapping(text: str) -> MappingFile:
    return load_mapping_file(text, "mapping.yaml")


@cache
def _customers(text: str) -> Customers:
    return load_customers(text, "customers.yaml")


def live_columns(columns: Sequence[BoardColumn | None]) -> list[LiveColumn]:
    return [
        LiveColumn(ColumnId(each.id), each.id, each.type.value, labels=LABELS.get(each.id, ()))
        for each in columns
        if each is not None
    ]


def small_board(file: MappingFile) -> SmallBoard:
    """The board that the mapping describes, empty."""
    mapping = file.mapping
    own = [LiveColumn(ColumnId(mapping.board.sync_key), "Key", "text"),
           LiveColumn(ColumnId(mapping.subitems.subtasks_column), "Subitems", "subtasks")]  # fmt: skip
    key = mapping.subitems.sync_key
    return SmallBoard(
        mapping.board.id,
        [*own, *live_columns([column.board for column in mapping.columns])],
        [
            *([LiveColumn(ColumnId(key), "Key", "text")] if key else []),
            *live_columns([column.board for column in mapping.subitems.columns]),
        ],
    )


@dataclass
class World:
    """One installation. `mapping` and `customers` are the texts of the files and may be changed between two jobs.
    `seen`: the events of all jobs so far."""

    folder: Path
    board: SmallBoard
    mapping: str = MAPPING
    customers: str = CUSTOMERS
    settings: Settings = field(default_factory=Settings)
    clock: VirtualClock = field(default_factory=VirtualClock)
    columns: Sequence[str] = COLUMNS
    seen: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    _stack: list[Engines] = field(default_factory=list)
    _filled: Sequence[Mapping[str, Any]] = ()

    @property
    def url(self) -> str:
        return databases.server() if databases.on_server() else f"sqlite:///{self.folder / 'small.db'}"

    @property
    def engines(self) -> Engines:
        if not self._stack:
            opened = open_engines(self.url, busy_timeout=timedelta(milliseconds=100))
            shared = {"compiled_cache": _COMPILED}
            self._stack.append(
                Engines(opened.write.execution_options(**shared), opened.read.execution_options(**shared))
            )
        return self._stack[0]

    def close(self) -> None:
        while self._stack:
            self._stack.pop().dispose()

    def wipe(self) -> None:
        """Lose all of our tables and the snapshot file; the board keeps what it has."""
        self.close()
        for path in (*self.folder.glob("small.db*"), *self.folder.glob("*.parquet")):
            path.unlink()
        self.make_tables()
        self.fill(*self._filled)
        self.board.asked.clear()
        self.board.calls.clear()

    def make_tables(self) -> None:
        """Ours, empty."""
        if databases.on_server():
            databases.stand(self.engines, _tables(self.mapping))
        else:
            shutil.copyfile(_template(self.mapping), self.folder / "small.db")

    def fill(self, *rows: Mapping[str, Any]) -> None:
        """Replace the source's rows."""
        self._filled = rows
        whole = {*SIZES, "TOTAL"}
        table = SqlTable(
            "ORDERS",
            MetaData(schema=databases.schema()),
            *(SqlColumn(name, Integer() if name in whole else UnicodeText()) for name in self.columns),
        )
        with self.engines.write.begin() as conn:
            table.drop(conn, checkfirst=True)
            table.create(conn)
            if rows:
                conn.execute(insert(table), [{name: row.get(name) for name in self.columns} for row in rows])

    @contextmanager
    def job(self, listener: Listener | None = None, stop: threading.Event | None = None) -> Iterator[Job]:
        """A new job, as a new process has it: nothing is remembered but what was written down."""
        file, customers = _mapping(self.mapping), _customers(self.customers)
        tables = _tables(self.mapping)
        leases = Leases(
            self.engines.write, tables.leases, self.clock, ttl=timedelta(days=1), beat=timedelta(seconds=15),
            owner=this_process(),
        )  # fmt: skip
        whole = {*SIZES, "TOTAL"}
        columns = tuple(SourceColumn(name, "INT" if name in whole else "TEXT") for name in self.columns)
        board = cast(Board, self.board)
        events = Events(lambda name, fields: self.seen.append((name, fields)))
        stop = stop or threading.Event()
        if listener is not None:
            events.listen(listener)
        yield Job(
            mapping_file=file,
            customers=customers,
            mapping_hash=mapping_hash(file.mapping, customers),
            settings=self.settings.model_copy(update={"folder": self.folder}),
            source=Source(self.engines.read, file.mapping, columns),
            store=Store(self.engines, tables, self.clock, leases),
            board=board,
            clock=self.clock,
            events=events,
            stop=stop,
            run_id=f"run-{random.randrange(10**9)}",
            view=BoardView(board, ColumnId(file.mapping.board.sync_key)),
            quiet=QuietBoard(self.clock, self.settings.times.quiet),
            writers=BoardWriters(leases, self.clock, stop, self.settings.sending.lanes),
            breaker=BoardBreaker(self.clock, events, self.settings.breaker_rules),
        )
        leases.release_all()

    def run(
        self,
        selection: Selection = EVERYTHING,
        *,
        listener: Listener | None = None,
        stop: threading.Event | None = None,
    ) -> RunReport:
        with self.job(listener, stop) as job:
            return run(job, selection, Inline())

    def requeue(self) -> int:
        """What a person does about failed rows. How many there were."""
        batches = [BatchId(UUID(key)) for (key,) in self.rows("SELECT batch_id FROM MON_BatchProcessing")]
        with self.job() as job:
            return requeue(job, batches, None)

    def with_settings(self, part: str, **values: Any) -> None:
        """Change some settings of one section."""
        changed = getattr(self.settings, part).model_copy(update=values)
        self.settings = self.settings.model_copy(update={part: changed})

    def rows(self, sql: str) -> list[Any]:
        with self.engines.read.begin() as conn:
            return [tuple(map(databases.plain, row)) for row in conn.exec_driver_sql(sql)]

    def change(self, sql: str) -> None:
        with self.engines.write.begin() as conn:
            conn.exec_driver_sql(sql)

    def orders(self, *columns: str) -> list[Any]:
        """Of the staged orders, in the order of staging."""
        return self.rows(f"SELECT {', '.join(columns)} FROM STG_MON_CustMasterSchedule ORDER BY stg_id")

    def sizes(self, *columns: str) -> list[Any]:
        return self.rows(
            f"SELECT {', '.join(columns)} FROM STG_MON_CustMasterSchedule_Subitems ORDER BY stg_subitem_id"
        )

    def events(self, name: str) -> list[dict[str, Any]]:
        return [fields for each, fields in self.seen if each == name]


def small_world(folder: Path, *rows: Mapping[str, Any], mapping: str = MAPPING) -> World:
    """Tables deployed, the source filled, the board empty."""
    world = World(folder, small_board(_mapping(mapping)), mapping)
    world.make_tables()
    world.fill(*rows)
    return world


__all__ = ["CUSTOMERS", "EVERYTHING", "MAPPING", "World", "order", "replace", "small_board", "small_world"]
