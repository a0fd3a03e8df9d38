"""SQLite: a file on a local disk, durable at every commit, one writer at a time."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple

import psutil
from sqlalchemy import URL, Connection, Engine, create_engine, event

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


class Mount(NamedTuple):
    """A mounted file system, as psutil tells it."""

    point: str
    kind: str
    options: str


def write_and_read(url: URL, busy_timeout: timedelta, max_pages: int | None) -> tuple[Engine, Engine]:
    """`max_pages`: a quota for the file, in pages of 4 KiB."""
    quota = () if max_pages is None else (f"PRAGMA max_page_count={int(max_pages)}",)
    write, read = _engine(url, busy_timeout), _engine(url, busy_timeout)
    _configure(write, begin="BEGIN IMMEDIATE", pragmas=quota)
    _configure(read, begin="BEGIN", pragmas=("PRAGMA query_only=ON",))
    return write, read


def check_file(path: Path, *, must_exist: bool) -> None:
    """SettingsError where no database can be, and why."""
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


def _engine(url: URL, busy_timeout: timedelta) -> Engine:
    seconds = busy_timeout.total_seconds()
    return create_engine(url, connect_args={"timeout": seconds, "check_same_thread": False})


def _configure(engine: Engine, begin: str, pragmas: tuple[str, ...]) -> None:
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
