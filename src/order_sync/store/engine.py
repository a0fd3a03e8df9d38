"""Two engines on one database: one that writes, one that only reads and blocks nobody."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple

import psutil
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from order_sync.model.errors import SettingsError

_NETWORK: Final = (
    "nfs",
    "cifs",
    "smb",
    "afpfs",
    "afs",
    "webdav",
    "davfs",
    "fuse.sshfs",
    "fuse.davfs",
    "ceph",
    "9pnet",
)


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
        return url.database or str(url) if self.dialect == "sqlite" else url.render_as_string(hide_password=True)

    def dispose(self) -> None:
        """Close every connection of both."""
        self.write.dispose()
        self.read.dispose()


class Mount(NamedTuple):
    """A mounted file system, as psutil tells it."""

    point: str
    kind: str
    options: str


def open_engines(
    url: str,
    *,
    busy_timeout: timedelta = timedelta(seconds=10),
    must_exist: bool = False,
    max_pages: int | None = None,
) -> Engines:
    """Engines for a `sqlite:///file` or `mssql+driver://..` url. SettingsError: it cannot be used, and why.

    `busy_timeout`: how long to wait for another process's lock. `must_exist`: do not make the file.
    `max_pages`: a quota for the SQLite file, in pages of 4 KiB.
    """
    try:
        parsed = make_url(url)
    except ArgumentError:
        # The library's message repeats the url, and with it a password.
        raise SettingsError(
            "the database's url cannot be read",
            next_step="write it as sqlite:///path/to/file.db or mssql+driver://..",
        ) from None
    backend = parsed.get_backend_name()
    if backend == "sqlite":
        _check_file(Path(parsed.database or ":memory:"), must_exist)
        return _sqlite(parsed, busy_timeout, max_pages)
    if backend == "mssql":
        return _sql_server(parsed)
    raise SettingsError(f"{backend} is not supported", next_step="use a sqlite:// or mssql+mssqlpython:// url")


def _sqlite(url: URL, busy_timeout: timedelta, max_pages: int | None) -> Engines:
    quota = () if max_pages is None else (f"PRAGMA max_page_count={int(max_pages)}",)
    engines = Engines(write=_sqlite_engine(url, busy_timeout), read=_sqlite_engine(url, busy_timeout))
    _configure_sqlite(engines.write, begin="BEGIN IMMEDIATE", pragmas=quota)
    _configure_sqlite(engines.read, begin="BEGIN", pragmas=("PRAGMA query_only=ON",))
    return engines


def _check_file(path: Path, must_exist: bool) -> None:
    if str(path) == ":memory:":
        raise SettingsError(
            "an in-memory database cannot be shared by two engines",
            next_step="name a file: sqlite:///path/to/file.db",
        )
    if not path.parent.is_dir():
        raise SettingsError("the database's folder does not exist", where=str(path.parent), next_step="make the folder")
    if must_exist and not path.is_file():
        raise SettingsError(
            "there is no database", where=str(path), next_step="correct the url, or order-sync schema deploy"
        )
    share = network_share(path, mounts())
    if share is not None:
        raise SettingsError(
            f"the database lies on a network share ({share}), where SQLite's locks do not hold",
            where=str(path),
            next_step="put the file on a local disk, or use SQL Server",
        )


def mounts() -> tuple[Mount, ...]:
    """The file systems of this machine."""
    return tuple(Mount(each.mountpoint, each.fstype, each.opts) for each in psutil.disk_partitions(all=True))


def network_share(path: Path, known: Iterable[Mount]) -> str | None:
    """What makes the place of `path` a network share, or None where it is none as far as can be told."""
    if str(path).startswith(("\\\\", "//")):
        return "UNC path"
    place = path.resolve()
    above = [each for each in known if place.is_relative_to(each.point)]
    nearest = max(reversed(above), key=lambda each: len(each.point), default=None)
    if nearest is None:
        return None
    remote = "remote" in nearest.options.split(",") or nearest.kind.lower().startswith(_NETWORK)
    return nearest.kind or "remote drive" if remote else None


def _sqlite_engine(url: URL, busy_timeout: timedelta) -> Engine:
    seconds = busy_timeout.total_seconds()
    return create_engine(url, connect_args={"timeout": seconds, "check_same_thread": False})


def _configure_sqlite(engine: Engine, begin: str, pragmas: tuple[str, ...]) -> None:
    @event.listens_for(engine, "connect")
    def connect(driver: Any, _record: Any) -> None:
        # The driver's own BEGIN comes after the first SELECT: two read, both write, one update is lost.
        driver.isolation_level = None
        _durable(driver)
        for pragma in pragmas:
            driver.execute(pragma)

    @event.listens_for(engine, "begin")
    def start(conn: Connection) -> None:
        conn.exec_driver_sql(begin)


def _durable(driver: sqlite3.Connection) -> None:
    if driver.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        driver.execute("PRAGMA journal_mode=WAL")
    # NORMAL may lose committed intents when the power fails: the next run would send them again.
    driver.execute("PRAGMA synchronous=FULL")
    driver.execute("PRAGMA foreign_keys=ON")


def _sql_server(url: URL) -> Engines:
    try:
        engines = [create_engine(url, pool_pre_ping=True) for _ in range(2)]
    except (ModuleNotFoundError, NoSuchModuleError) as problem:
        raise SettingsError(
            f"the SQL Server driver of {url.drivername!r} is not installed ({problem})",
            next_step="pip install 'order-sync[sqlserver]' and use mssql+mssqlpython://..",
        ) from None
    for engine in engines:
        event.listen(engine, "connect", _all_or_nothing)
    return Engines(write=engines[0], read=engines[1])


def _all_or_nothing(driver: Any, _record: Any) -> None:
    cursor = driver.cursor()
    cursor.execute("SET XACT_ABORT ON")
    cursor.close()
