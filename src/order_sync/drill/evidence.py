"""What the invariants look at: database, board, wire and source, copied at one moment into one small SQL database.

Its tables have short names of their own, so that an invariant reads alike whatever the mapping calls its tables and
whichever server keeps them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, lru_cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Column, Connection, Select, Table, literal, null, select, text

from monday_simulator.gateway.wire import WireRecord
from order_sync.drill.board_contents import BoardContents, SeenItem
from order_sync.drill.history import COLUMNS, HISTORY
from order_sync.drill.wanted import WantedOrder, wanted_orders
from order_sync.model.mapping import Customers
from order_sync.model.mapping import Mapping as OrderMapping
from order_sync.source import Source
from order_sync.steps.job import Job
from order_sync.store.engine import Engines
from order_sync.store.tables import Tables
from order_sync.wiring import Project, open_database, open_source, our_tables

# Moments are ISO texts in UTC, to the microsecond, and so compare as they are; batch ids are 32 hex digits.
_KNOWN: Final = {
    "sqlite": text("SELECT 1 FROM sqlite_master WHERE name = :name"),
    "mssql": text("SELECT OBJECT_ID(:name)"),
}
_BEFORE_BUSINESS: Final = {"staged": 23, "production": 3}  # columns; the order's own follow, as one text
_FACTS: Final = """
CREATE TABLE item (id INTEGER PRIMARY KEY, parent INTEGER, name, state, grp, creator, key, by_people);
CREATE TABLE shown (item INTEGER, target, text);         -- the texts of mapped columns on the board
CREATE TABLE board_group (id, title);
CREATE TABLE staged (                                    -- staging and archive, orders and sizes
    kind, id INTEGER, parent INTEGER, batch, status, key, order_key, op, item_id INTEGER, payload, payload_hash,
    source_hash, source_row, attempt, retries, doubts, request, fence, intent_at, due_at, label, quantity, archived,
    business);
CREATE TABLE production (item_id INTEGER, title, grp, business);
CREATE TABLE production_size (parent INTEGER, item_id INTEGER, label, quantity INTEGER);
CREATE TABLE identity (id INTEGER PRIMARY KEY, order_key, key, label, generation, item_id INTEGER, state);
CREATE TABLE batch (id, customer, status, total, successful, failed, worker);
CREATE TABLE call (request, batch, board, op, body, idem_key, fence, creator, at);
CREATE TABLE call_row (request, alias, kind, row INTEGER, key);
CREATE TABLE result (request, seq, http, class);
CREATE TABLE orphan (item INTEGER, key, request, reason, resolution);
CREATE TABLE snapshot (order_key, source_hash, payload_hash, batch);
CREATE TABLE error (kind, row INTEGER, type, payload, original, order_key, fingerprint, source_rows, resolved);
CREATE TABLE made_group (key, group_id, status, request, fence);
CREATE TABLE lease (resource, fence);
CREATE TABLE history (seq INTEGER PRIMARY KEY, what, row, was, becomes, fence, lease, due, at);
CREATE TABLE wanted (order_key, fingerprint, cancelled, name, grp, vals, sizes);
CREATE TABLE wire (                                      -- what asked for a change and reached the server
    seq INTEGER, at, began REAL, done REAL, idem_key, applied, late, status, fault, replayed);
CREATE TABLE wire_made (seq INTEGER, item);
CREATE TABLE wire_board (seq INTEGER, board);
CREATE TABLE setting (name PRIMARY KEY, value);
CREATE INDEX item_key ON item (key);
CREATE INDEX item_parent ON item (parent);
CREATE INDEX shown_item ON shown (item, target);
CREATE INDEX staged_key ON staged (key, status);
CREATE INDEX staged_row ON staged (kind, id);
CREATE INDEX staged_order ON staged (order_key, status);
CREATE INDEX staged_parent ON staged (parent);
CREATE INDEX staged_batch ON staged (batch);
CREATE INDEX production_item ON production (item_id);
CREATE INDEX production_size_item ON production_size (item_id);
CREATE INDEX identity_key ON identity (key);
CREATE INDEX identity_item ON identity (item_id);
CREATE INDEX identity_order ON identity (order_key);
CREATE INDEX call_key ON call (idem_key);
CREATE INDEX call_request ON call (request);
CREATE INDEX call_row_key ON call_row (key);
CREATE INDEX call_row_request ON call_row (request);
CREATE INDEX wire_board_board ON wire_board (board);
CREATE INDEX history_what ON history (what, seq);
CREATE INDEX wanted_order ON wanted (order_key);
"""


@dataclass(frozen=True, eq=False)
class Scene:
    """An installation that is looked at, perhaps again and again."""

    mapping: OrderMapping
    customers: Customers
    source: Source
    engines: Engines
    tables: Tables
    lanes: int = 1
    max_retries: int = 3
    _asked_for: dict[int, list[WantedOrder]] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, job: Job) -> Scene:
        """Stays good after the job's end."""
        store, sending = job.store, job.settings.sending
        return cls(
            job.mapping, job.customers, job.source, store.engines, store.tables, sending.lanes, sending.max_retries
        )

    def wanted(self) -> list[WantedOrder]:
        """Computed once for each state of the source."""
        known = _digest(self.source)
        if known is None or known not in self._asked_for:
            self._asked_for[known or 0] = wanted_orders(self.source, self.mapping, self.customers)
        return self._asked_for[known or 0]


@contextmanager
def opened(project: Project) -> Iterator[Scene]:
    """The scene of a project on disk."""
    engines = open_database(project.settings)
    try:
        with open_source(project) as source:
            sending, tables = project.settings.sending, our_tables(project, engines)
            yield Scene(project.mapping, project.customers, source, engines, tables, sending.lanes, sending.max_retries)
    finally:
        engines.dispose()


def _digest(source: Source) -> int | None:
    names = ", ".join('"' + name.replace('"', '""') + '"' for name in source.wanted())
    with source.engine.connect() as conn:
        if conn.dialect.name != "sqlite":
            return None
        return hash(tuple(map(tuple, conn.exec_driver_sql(f'SELECT {names} FROM "{source.mapping.source.table}"'))))


@dataclass(frozen=True)
class Evidence:
    """`facts`: the tables above. `outputs`: files and texts by name, to be searched for `token`."""

    facts: sqlite3.Connection
    has_wire: bool = False
    has_history: bool = False
    outputs: Mapping[str, bytes] = field(default_factory=dict)
    token: bytes | None = None

    def ask(self, query: str) -> list[Any]:
        """The rows of a query."""
        return self.facts.execute(query).fetchall()


def look(
    scene: Scene,
    board: BoardContents,
    *,
    wire: Iterable[WireRecord] | None = None,
    by_people: Collection[int] = (),
    outputs: Mapping[str, bytes] | None = None,
    token: str | None = None,
) -> Evidence:
    """All that is to be seen at this moment. `wire`: requests since the database was made. `by_people`: items that
    people made, copied or took away. `token`: the one that must be nowhere in `outputs`."""
    facts = sqlite3.connect(":memory:", isolation_level=None)
    _empty().backup(facts)
    facts.create_function("fold", 1, lambda title: title and title.casefold(), deterministic=True)
    facts.execute("BEGIN")
    fill = _Filling(facts)
    fill.board(board, scene.mapping, frozenset(by_people))
    with scene.engines.read.connect() as conn:
        fill.tables(conn, scene)
        has_history = fill.history(conn)
    fill.rows("wanted", ([*_fields(each)] for each in scene.wanted()))
    fill.rows("setting", _settings(scene))
    if wire is not None:
        fill.wire(wire)
    return Evidence(facts, wire is not None, has_history, outputs or {}, token.encode() if token else None)


@cache
def _empty() -> sqlite3.Connection:
    """Copied for each look: to make so many tables takes longer than to fill them."""
    empty = sqlite3.connect(":memory:", check_same_thread=False)
    empty.executescript(_FACTS)
    return empty


def _settings(scene: Scene) -> Iterator[tuple[str, object]]:
    """`size` and `quantity`: what those columns of the subitem board are called in the tables."""
    yield "lanes", scene.lanes
    yield "max_retries", scene.max_retries
    yield "size_name", scene.mapping.sizes.name
    for role, target in _mapped_roles(scene.mapping):
        if role in ("size", "quantity"):
            yield role, target


def _fields(each: WantedOrder) -> Iterator[object]:
    yield from (each.order_key, each.fingerprint, each.cancelled, each.name, each.group, each.values, each.sizes)


class _Filling:
    def __init__(self, facts: sqlite3.Connection) -> None:
        self._facts = facts

    def rows(self, table: str, rows: Iterable[Sequence[object]]) -> None:
        listed = list(rows)
        if listed:
            marks = ", ".join("?" * len(listed[0]))
            self._facts.executemany(f"INSERT INTO {table} VALUES ({marks})", listed)

    def board(self, board: BoardContents, mapping: OrderMapping, by_people: frozenset[int]) -> None:
        items = list(board.items())
        self.rows("item", (_item(each, by_people) for each in items))
        above = {column.board.id: column.target for column in mapping.sent_columns if column.board}
        below = {column.board.id: column.target for column in mapping.subitems.columns if column.board}
        self.rows(
            "shown",
            (
                (each.id, targets[column], shown)
                for each in items
                for targets in (above if each.parent is None else below,)
                for column, shown in each.values.items()
                if column in targets
            ),
        )
        self.rows("board_group", ((key, title.strip().casefold()) for key, title in board.groups()))

    def tables(self, conn: Connection, scene: Scene) -> None:
        for name, query in _queries(scene.tables, _mapped_roles(scene.mapping), tuple(scene.mapping.production_order)):
            found = conn.execute(query).fetchall()
            width = _BEFORE_BUSINESS.get(name)
            self.rows(name, (_row(row, width) for row in found))

    def history(self, conn: Connection) -> bool:
        """Whether there is one."""
        there = conn.execute(_KNOWN[conn.dialect.name], {"name": HISTORY}).scalar() is not None
        if there:
            found = conn.exec_driver_sql(f"SELECT {COLUMNS} FROM {HISTORY}")
            self.rows("history", ([_plain(value) for value in row] for row in found))
        return there

    def wire(self, wire: Iterable[WireRecord]) -> None:
        # By their place in the log: a simulator that was started again counts from 1 again.
        asked = [(at, each) for at, each in enumerate(wire, start=1) if each.operation == "mutation"]
        self.rows("wire", (_wire(at, each) for at, each in asked))
        self.rows("wire_made", ((at, made) for at, each in asked for made in each.made))
        self.rows("wire_board", ((at, board) for at, each in asked for board in each.boards))


def _item(each: SeenItem, by_people: frozenset[int]) -> tuple[object, ...]:
    people = each.id in by_people or each.parent in by_people
    return each.id, each.parent, each.name, each.state, each.group, each.creator, each.key, people


def _wire(place: int, each: WireRecord) -> tuple[object, ...]:
    at = datetime.fromisoformat(each.at)
    began, took = at.timestamp(), 0 if each.late else each.took_ms / 1000
    applied = each.applied or each.late
    return (
        place, _plain(at), began, began + took, each.idempotency_key, applied, each.late, each.status, each.fault,
        each.replayed,
    )  # fmt: skip


def _row(row: Sequence[object], width: int | None) -> list[object]:
    plain = [_plain(value) for value in row[:width]]
    if width is not None:
        rest = [_plain(value) for value in row[width:]]
        plain.append(None if all(value is None for value in rest) else "\x1f".join(map(str, rest)))
    return plain


def _plain(value: object) -> object:
    if isinstance(value, UUID):
        return value.hex
    return value.isoformat(timespec="microseconds") if isinstance(value, datetime) else value


def _mapped_roles(mapping: OrderMapping) -> tuple[tuple[str, str], ...]:
    return tuple((column.role, column.target) for column in mapping.subitems.columns if column.role)


@lru_cache(maxsize=16)
def _queries(
    tables: Tables, size_roles: tuple[tuple[str, str], ...], order: tuple[str, ...]
) -> list[tuple[str, Select[Any]]]:
    """(fact table, query) in the column order of `_FACTS`."""
    roles, sizes = tables.roles, dict(size_roles)
    own = [name for name in order if name not in (roles.get("item_id"), roles.get("update_date"))]
    production, production_sizes = tables.production.c, tables.production_subitems.c
    item = production[roles["item_id"]] if "item_id" in roles else null()
    size_columns = (sizes[role] for role in ("parent_id", "item_id", "size", "quantity"))
    return [
        ("staged", _staged(tables.staging, "item", own, archived=False)),
        ("staged", _staged(tables.archive, "item", own, archived=True)),
        ("staged", _staged(tables.staging_subitems, "subitem", own, archived=False)),
        ("staged", _staged(tables.archive_subitems, "subitem", own, archived=True)),
        ("production", select(item, production[roles["title"]], production[roles["group"]], *map(production.get, own))),
        ("production_size", select(*(production_sizes[name] for name in size_columns))),
        ("identity", _columns(tables.identity, "sync_id order_key sync_key size_label generation live_item_id state")),
        ("batch", _columns(tables.batches, "batch_id customer_name status total_records successful_records "
                                           "failed_records started_by")),
        ("call", _columns(tables.calls, "request_id batch_id board op body_sha256 idem_key fence api_user_id "
                                        "created_at")),
        ("call_row", _columns(tables.call_rows, "request_id alias kind row_id sync_key")),
        ("result", _columns(tables.call_results, "request_id seq http_status class")),
        ("orphan", _columns(tables.orphans, "item_id sync_key request_id reason resolution")),
        ("snapshot", _columns(tables.snapshot, "order_key source_hash payload_hash batch_id")),
        ("error", _errors(tables.errors, "item", tables.errors.c.original_stg_id)),
        ("error", _errors(tables.errors_subitems, "subitem", tables.errors_subitems.c.original_stg_subitem_id)),
        ("made_group", _columns(tables.groups, "title_key group_id status request_id fence")),
        ("lease", _columns(tables.leases, "resource fence")),
    ]  # fmt: skip


def _columns(table: Table, names: str) -> Select[Any]:
    return select(*(table.c[name] for name in names.split()))


def _staged(table: Table, kind: str, business: list[str], *, archived: bool) -> Select[Any]:
    c = table.c
    of_order = kind == "item"
    key, made = ("stg_id", "stg_monday_item_id") if of_order else ("stg_subitem_id", "stg_monday_subitem_id")
    own: list[Any] = [null(), null()] if of_order else [c.stg_size_label, c.stg_order_qty_numeric]
    names = "stg_payload stg_payload_hash stg_source_hash stg_source_row stg_attempt stg_retry_count stg_doubts "
    names += "stg_request_id stg_fence stg_intent_at stg_next_attempt_at"
    return select(
        literal(kind).label("kind"),
        c[key],
        null().label("parent") if of_order else c.stg_parent_stg_id,
        *(c[name] for name in ["stg_batch_id", "stg_status", "stg_sync_key", "stg_order_key", "stg_op"]),
        c[made],
        *(c[name] for name in names.split()),
        *own,
        literal(archived).label("archived"),
        *([c[name] for name in business] if of_order else []),
    )


def _errors(table: Table, kind: str, row: Column[Any]) -> Select[Any]:
    c = table.c
    names = "error_type api_payload original_data err_order_key err_fingerprint err_source_rows resolved_date"
    return select(literal(kind).label("kind"), row, *(c[name] for name in names.split()))
