"""Foreign database errors stop here: each becomes one of ours, sorted by what the caller should do."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from order_sync.model.errors import Halted, OrderSyncError, SchemaError, SettingsError, StoreBusy, StoreFull

DEPLOY: Final = "order-sync schema deploy"


class StoreConflict(OrderSyncError):
    """A row breaks a rule that the database keeps (unique, reference, NOT NULL): the transaction is void."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a family of foreign errors means to us."""

    error: type[OrderSyncError]
    what: str
    next_step: str


_LOCKED: Final = Entry(
    StoreBusy,
    "the database is locked by another process",
    "wait for it to end, or see who holds it: order-sync status",
)
_NO_ROOM: Final = Entry(StoreFull, "the database cannot grow: no room is left", "free some room, then run again")
_READ_ONLY: Final = Entry(
    StoreFull,
    "the database is read-only",
    "give this user the right to write to the file and its folder, then run again",
)
_DISK: Final = Entry(StoreFull, "the disk failed while the database was used", "look at the disk, then run again")
_DAMAGED: Final = Entry(
    Halted,
    "the database file is damaged",
    "restore it from a backup; what is on the board is found again by its keys",
)
_NO_DATABASE: Final = Entry(SettingsError, "the file is not a database", "correct the database's url in the settings")
_CANNOT_OPEN: Final = Entry(
    SettingsError, "the database cannot be opened", "check the url in the settings, the folder and its rights"
)
_BROKEN_RULE: Final = Entry(
    StoreConflict, "a row breaks a rule of its table", "nothing of this step was kept; run again"
)
_SHAPE: Final = Entry(SchemaError, "a table or column is missing in the database", DEPLOY)
_REFUSED: Final = Entry(SettingsError, "the database refused the login", "check user, password and rights")
_UNREACHABLE: Final = Entry(
    StoreBusy, "the connection to the database was lost", "run again: every step can be repeated"
)
_NO_CONNECTION: Final = Entry(
    StoreBusy,
    "every connection to the database is in use",
    "run with fewer lanes, or wait for the other steps",
)

SQLITE: Final = MappingProxyType(
    {
        sqlite3.SQLITE_BUSY: _LOCKED,
        sqlite3.SQLITE_LOCKED: _LOCKED,
        sqlite3.SQLITE_FULL: _NO_ROOM,
        sqlite3.SQLITE_READONLY: _READ_ONLY,
        sqlite3.SQLITE_IOERR: _DISK,
        sqlite3.SQLITE_CORRUPT: _DAMAGED,
        sqlite3.SQLITE_NOTADB: _NO_DATABASE,
        sqlite3.SQLITE_CANTOPEN: _CANNOT_OPEN,
        sqlite3.SQLITE_CONSTRAINT: _BROKEN_RULE,
    }
)

SQL_SERVER: Final = MappingProxyType(
    {
        1205: _LOCKED,  # chosen as deadlock victim
        1222: _LOCKED,  # lock request time out
        3960: _LOCKED,  # snapshot isolation conflict
        1105: _NO_ROOM,  # filegroup full
        9002: _NO_ROOM,  # transaction log full
        3906: _READ_ONLY,
        2601: _BROKEN_RULE,
        2627: _BROKEN_RULE,
        547: _BROKEN_RULE,
        515: _BROKEN_RULE,
        207: _SHAPE,
        208: _SHAPE,
        4060: _CANNOT_OPEN,
        18456: _REFUSED,
    }
)

# SQLite has one code for whatever it cannot compile; only these two texts speak of the schema.
_SQLITE_SHAPE: Final = re.compile(r"no such (?:table|column): |has no column named ")
# mssql-python hands over no number, only a class in words.
_IN_WORDS: Final = MappingProxyType(
    {
        "Serialization failure": _LOCKED,
        "Timeout expired": _LOCKED,
        "Integrity constraint violation": _BROKEN_RULE,
        "Base table or view not found": _SHAPE,
        "Column not found": _SHAPE,
        "Invalid authorization specification": _REFUSED,
        "Communication link failure": _UNREACHABLE,
    }
)
_NUMBER: Final = re.compile(r"\((\d{3,5})\)")


@contextmanager
def guarded(where: str | None = None) -> Iterator[None]:
    """Around every use of an engine: what the driver raises leaves as one of ours, its text as the reason."""
    try:
        yield
    except PoolTimeout as problem:
        raise _ours(_NO_CONNECTION, str(problem), where) from problem
    except DBAPIError as problem:
        translated = translate(problem, where)
        if translated is None:
            raise
        raise translated from problem


def translate(problem: DBAPIError, where: str | None = None) -> OrderSyncError | None:
    """The error of ours that this one means, or None where the fault is our own (bad SQL, a bad type)."""
    cause = problem.orig
    entry = _sqlite_entry(cause) if isinstance(cause, sqlite3.Error) else _server_entry(cause)
    if entry is None and problem.connection_invalidated:
        entry = _UNREACHABLE
    return None if entry is None else _ours(entry, str(cause), where)


def _ours(entry: Entry, reason: str, where: str | None) -> OrderSyncError:
    return entry.error(f"{entry.what} ({reason})", where=where, next_step=entry.next_step)


def _sqlite_entry(cause: sqlite3.Error) -> Entry | None:
    code = getattr(cause, "sqlite_errorcode", None)
    if code is None:
        return None
    primary = code & 0xFF
    if primary == sqlite3.SQLITE_ERROR and _SQLITE_SHAPE.search(str(cause)):
        return _SHAPE
    return SQLITE.get(primary)


def _server_entry(cause: BaseException | None) -> Entry | None:
    number = getattr(cause, "number", None)
    if isinstance(number, int) and number in SQL_SERVER:
        return SQL_SERVER[number]
    text = f"{getattr(cause, 'driver_error', '')} {cause}"
    for found in _NUMBER.findall(text):
        if int(found) in SQL_SERVER:
            return SQL_SERVER[int(found)]
    return next((entry for words, entry in _IN_WORDS.items() if words in text), None)
