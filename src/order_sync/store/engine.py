"""Two engines on one database: one that writes, one that only reads and blocks nobody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import URL, Engine, make_url
from sqlalchemy.exc import ArgumentError

from order_sync.model.errors import SettingsError
from order_sync.store import sqlite_engine, sqlserver_engine


@dataclass(frozen=True)
class Engines:
    """`write`: a transaction holds the write lock from its begin. `read`: may not change anything."""

    write: Engine
    read: Engine

    @property
    def dialect(self) -> str:
        """sqlite or mssql."""
        return self.write.dialect.name

    @property
    def name(self) -> str:
        """The database as a person would name it, without its password."""
        url = self.write.url
        if self.dialect == "sqlite":
            return url.database or str(url)
        return URL.create(url.drivername, url.username, None, url.host, url.port, url.database).render_as_string()

    def dispose(self) -> None:
        """Close every connection of both."""
        self.write.dispose()
        self.read.dispose()


def open_engines(
    url: str,
    *,
    busy_timeout: timedelta = timedelta(seconds=10),
    must_exist: bool = False,
    max_pages: int | None = None,
    password: str | None = None,
) -> Engines:
    """Engines for a `sqlite:///file` or `mssql+driver://..` url. SettingsError: it cannot be used, and why.

    `busy_timeout`: how long to wait for another process's lock. `must_exist`: do not make the file.
    `max_pages`: a quota for the SQLite file, in pages of 4 KiB. `password`: that of the url's login.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        # The library's message repeats the url, and with it a password.
        raise SettingsError(
            "the database's url cannot be read",
            next_step="write it as sqlite:///path/to/file.db or mssql+driver://..",
        ) from None
    backend = parsed.get_backend_name()
    if backend == "sqlite":
        sqlite_engine.check_file(Path(parsed.database or ":memory:"), must_exist=must_exist)
        return Engines(*sqlite_engine.write_and_read(parsed, busy_timeout, max_pages))
    if backend == "mssql":
        return Engines(*sqlserver_engine.write_and_read(parsed, busy_timeout, password))
    raise SettingsError(f"{backend} is not supported", next_step="use a sqlite:// or mssql+mssqlpython:// url")
