"""SQLite as strict as a server: what a role has no right to is refused."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Engine, event

_VERBS = {
    sqlite3.SQLITE_READ: "SELECT",
    sqlite3.SQLITE_INSERT: "INSERT",
    sqlite3.SQLITE_UPDATE: "UPDATE",
    sqlite3.SQLITE_DELETE: "DELETE",
}
_ASKED_OF_ANYBODY = (
    sqlite3.SQLITE_SELECT,
    sqlite3.SQLITE_TRANSACTION,
    sqlite3.SQLITE_FUNCTION,
    sqlite3.SQLITE_PRAGMA,
    sqlite3.SQLITE_RECURSIVE,
)
_CATALOGUE = ("sqlite_", "json_each", "pragma_")


class Authorizer:
    """`granted`: table -> what may be done with it. `used`: what was asked for, `refused` what of it had no right.
    `foreign`: tables of which somebody else takes care on the same connection."""

    def __init__(self, granted: Mapping[str, Collection[str]], foreign: Collection[str] = ()) -> None:
        self.used: set[tuple[str, str]] = set()
        self.refused: set[tuple[str, str]] = set()
        self._granted = granted
        self._foreign = tuple(foreign)
        self._watched: list[Engine] = []

    def watch(self, engine: Engine) -> None:
        event.listen(engine.pool, "checkout", self._checked_out)
        self._watched.append(engine)

    def _checked_out(self, driver: Any, record: Any, _proxy: Any) -> None:
        if record.info.get("authorizer") is not self:
            driver.set_authorizer(self)
            record.info["authorizer"] = self

    def __call__(self, action: int, first: Any, second: Any, _database: Any, trigger: Any) -> int:
        if trigger is not None or action in _ASKED_OF_ANYBODY:
            return sqlite3.SQLITE_OK
        if isinstance(first, str) and first.startswith((*_CATALOGUE, *self._foreign)):
            return sqlite3.SQLITE_OK
        wanted = (str(first), _VERBS.get(action, f"action {action}"))
        self.used.add(wanted)
        if wanted[1] in self._granted.get(wanted[0], ()):
            return sqlite3.SQLITE_OK
        self.refused.add(wanted)
        return sqlite3.SQLITE_DENY
