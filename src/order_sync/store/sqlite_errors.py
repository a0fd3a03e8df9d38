"""SQLite's result codes, and what they mean to us."""

from __future__ import annotations

import re
import sqlite3
from types import MappingProxyType
from typing import Final

from order_sync.model.errors import Halted, SettingsError, StoreFull
from order_sync.store.meanings import BROKEN_RULE, LOCKED, NO_ROOM, SHAPE, Entry

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

SQLITE: Final = MappingProxyType(
    {
        sqlite3.SQLITE_BUSY: LOCKED,
        sqlite3.SQLITE_LOCKED: LOCKED,
        sqlite3.SQLITE_FULL: NO_ROOM,
        sqlite3.SQLITE_READONLY: _READ_ONLY,
        sqlite3.SQLITE_IOERR: _DISK,
        sqlite3.SQLITE_CORRUPT: _DAMAGED,
        sqlite3.SQLITE_NOTADB: _NO_DATABASE,
        sqlite3.SQLITE_CANTOPEN: _CANNOT_OPEN,
        sqlite3.SQLITE_CONSTRAINT: BROKEN_RULE,
    }
)

# SQLite has one code for whatever it cannot compile; only these two texts speak of the schema.
_SHAPE: Final = re.compile(r"no such (?:table|column): |has no column named ")


def sqlite_entry(cause: sqlite3.Error) -> Entry | None:
    """None where the fault is our own, or the error carries no code."""
    code = getattr(cause, "sqlite_errorcode", None)
    if code is None:
        return None
    primary = code & 0xFF
    if primary == sqlite3.SQLITE_ERROR and _SHAPE.search(str(cause)):
        return SHAPE
    return SQLITE.get(primary)
