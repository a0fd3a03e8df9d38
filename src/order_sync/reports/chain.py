"""Whether the record of calls and answers is whole: read entry by entry against what each stands for."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Column, Connection, Select, Table, exists, select, type_coerce
from sqlalchemy.types import NullType

from order_sync.reports.shape import Report
from order_sync.store.base import one_of
from order_sync.store.ledger.chain import CALL, START, answer_content, call_content, entry_hash
from order_sync.store.tables import Tables

_AT_ONCE: Final = 500  # entries read together with what they stand for


@dataclass(frozen=True, slots=True)
class ChainBreak(Report):
    """A place where the record is not as it was written. `seq`: the entry of the board's chain, where it has one."""

    board: str | None
    seq: int | None
    request_id: str | None
    what: str


@dataclass(frozen=True, slots=True)
class ChainHead(Report):
    """Where a board's chain ends. Who keeps it elsewhere can tell later whether entries before it were cut off."""

    board: str
    entries: int
    sha256: str


@dataclass(frozen=True, slots=True)
class ChainReport(Report):
    """`breaks` is empty where the record is whole; of each board's links only the first that fails is in it."""

    heads: tuple[ChainHead, ...]
    breaks: tuple[ChainBreak, ...]


def check_chain(conn: Connection, tables: Tables) -> ChainReport:
    """Links, contents, what stands outside the chain, bodies, and requests that other tables know of."""
    heads, breaks = [], []
    chain = tables.chain
    for board in conn.execute(select(chain.c.board).distinct().order_by(chain.c.board)).scalars():
        links = _Links(board)
        for entries in _entries(conn, tables, board):
            breaks += [*links.follow(entries), *_altered(conn, tables, entries)]
        heads.append(ChainHead(board, links.entries, links.before))
    breaks += [*_outside(conn, tables), *_bodies(conn, tables), *_unrecorded(conn, tables)]
    return ChainReport(tuple(heads), tuple(breaks))


class _Links:
    """Follows one board's chain up to the first link that fails."""

    def __init__(self, board: str) -> None:
        self.board = board
        self.entries = 0
        self.before = START
        self._whole = True

    def follow(self, entries: Iterable[Mapping[str, Any]]) -> list[ChainBreak]:
        found = []
        for entry in entries:
            self.entries += 1
            what = self._fault(entry) if self._whole else None
            if what is not None:
                self._whole = False
                found.append(ChainBreak(self.board, self.entries, entry["request_id"], what))
            self.before = entry["chain_sha256"]
        return found

    def _fault(self, entry: Mapping[str, Any]) -> str | None:
        if entry["seq"] != self.entries:
            return f"entry {self.entries} of the chain is missing; the next is {entry['seq']}"
        made = entry_hash(
            self.before, self.board, self.entries, entry["request_id"], entry["answer"], entry["content_sha256"]
        )
        if made != entry["chain_sha256"]:
            return "the entry does not follow from the one before it: one of the two was altered or replaced"
        return None


def _entries(conn: Connection, tables: Tables, board: str) -> Iterator[list[dict[str, Any]]]:
    """The entries of one board in order, some at once."""
    chain = tables.chain
    query = _raw(chain).where(chain.c.board == board).order_by(chain.c.seq).limit(_AT_ONCE)
    found = _read(conn, query)
    while found:
        yield found
        found = _read(conn, query.where(chain.c.seq > found[-1]["seq"]))


def _altered(conn: Connection, tables: Tables, entries: Sequence[Mapping[str, Any]]) -> Iterator[ChainBreak]:
    """Entries whose call or answer is not there, or is not what was recorded."""
    present = _contents(conn, tables, [entry["request_id"] for entry in entries])
    for entry in entries:
        name = "call" if entry["answer"] == CALL else f"answer {entry['answer']}"
        content = present.get((entry["request_id"], entry["answer"]))
        if content is None:
            yield ChainBreak(entry["board"], entry["seq"], entry["request_id"], f"the {name} is not there any more")
        elif content != entry["content_sha256"]:
            yield ChainBreak(entry["board"], entry["seq"], entry["request_id"], f"the {name} was altered")


def _contents(conn: Connection, tables: Tables, requests: Sequence[str]) -> dict[tuple[str, int], str]:
    """(request, 0 or the number of the answer) -> what its content hashes to now."""
    wanted = sorted({request for request in requests if isinstance(request, str)})
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in _of(conn, tables.call_rows, wanted):
        rows[row["request_id"]].append(row)
    found = {
        (call["request_id"], CALL): call_content(tables, call, rows[call["request_id"]])
        for call in _of(conn, tables.calls, wanted)
    }
    for result in _of(conn, tables.call_results, wanted):
        found[result["request_id"], result["seq"]] = answer_content(tables, result)
    return found


def _of(conn: Connection, table: Table, requests: Sequence[str]) -> list[dict[str, Any]]:
    return _read(conn, _raw(table).where(one_of(conn, table.c.request_id, requests)))


def _read(conn: Connection, query: Select[Any]) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in conn.execute(query).mappings()]


def _raw(table: Table) -> Select[Any]:
    """As it is stored: a value that somebody made unreadable is a finding too, not a failure."""
    columns: list[Any] = [type_coerce(column, NullType()).label(column.name) for column in table.columns]
    made: Select[Any] = select(*columns)
    return made


def _outside(conn: Connection, tables: Tables) -> Iterator[ChainBreak]:
    """Calls, rows and answers that no entry stands for."""
    calls, rows, results, chain = tables.calls, tables.call_rows, tables.call_results, tables.chain
    linked = exists().where(chain.c.request_id == calls.c.request_id, chain.c.answer == CALL)
    for board, request in conn.execute(select(calls.c.board, calls.c.request_id).where(~linked)):
        yield ChainBreak(board, None, request, "the call stands outside the chain")
    linked = exists().where(chain.c.request_id == results.c.request_id, chain.c.answer == results.c.seq)
    for request, number in conn.execute(select(results.c.request_id, results.c.seq).where(~linked)):
        yield ChainBreak(None, None, request, f"answer {number} stands outside the chain")
    known = exists().where(calls.c.request_id == rows.c.request_id)
    for request, alias in conn.execute(select(rows.c.request_id, rows.c.alias).where(~known)):
        yield ChainBreak(None, None, request, f"row {alias} belongs to no call")


def _bodies(conn: Connection, tables: Tables) -> Iterator[ChainBreak]:
    """A purged body is none of our business; one that is there must be the one that was sent."""
    bodies, calls = tables.call_bodies, tables.calls
    streamed = conn.execution_options(yield_per=_AT_ONCE).execute(_raw(bodies))
    for digest, body in streamed:
        if hashlib.sha256(str(body).encode("utf-8", "surrogatepass")).hexdigest() != digest:
            yield ChainBreak(None, None, None, f"the body {digest} was altered")
    named = exists().where(calls.c.body_sha256 == bodies.c.sha256)
    for digest in conn.execute(select(bodies.c.sha256).where(~named)).scalars():
        yield ChainBreak(None, None, None, f"the body {digest} belongs to no call")


def _unrecorded(conn: Connection, tables: Tables) -> Iterator[ChainBreak]:
    """Requests of which other tables know and the record does not: its end was cut off."""
    found: set[str] = set()
    calls = tables.calls
    for column in _mentions(tables):
        recorded = exists().where(calls.c.request_id == column)
        found |= set(conn.execute(select(column).where(column.is_not(None), ~recorded).distinct()).scalars())
    for request in sorted(found):
        yield ChainBreak(None, None, request, "the call is not recorded, although its rows or groups know of it")


def _mentions(tables: Tables) -> list[Column[Any]]:
    staged = (tables.staging, tables.staging_subitems, tables.archive, tables.archive_subitems)
    return [
        *(table.c.stg_request_id for table in staged),
        *(table.c.request_id for table in (tables.groups, tables.orphans)),
        tables.orphans.c.archive_request_id,
    ]
