"""Engines: no update is lost, a reader blocks nobody and changes nothing, and a bad url says why."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, func, insert, select, update
from sqlalchemy.exc import DBAPIError

from order_sync.model.errors import SettingsError, StoreBusy
from order_sync.store.engine import Engines, open_engines
from order_sync.store.errors import guarded
from order_sync.store.sqlite_engine import Mount, mounts, network_share

COUNTER = Table("counter", MetaData(), Column("id", Integer, primary_key=True), Column("value", Integer))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "böard, 50% 'store'.db"


@pytest.fixture
def engines(path: Path) -> Iterator[Engines]:
    opened = open_engines(f"sqlite:///{path}", busy_timeout=timedelta(milliseconds=20))
    with opened.write.begin() as conn:
        COUNTER.create(conn)
        conn.execute(insert(COUNTER).values(id=1, value=0))
    yield opened
    opened.dispose()


def pragma(engines: Engines, name: str) -> object:
    with engines.write.begin() as conn:
        return conn.exec_driver_sql(f"PRAGMA {name}").scalar_one()


def test_commits_are_durable_and_references_hold(engines: Engines) -> None:
    assert pragma(engines, "journal_mode") == "wal"
    assert pragma(engines, "synchronous") == 2
    assert pragma(engines, "foreign_keys") == 1
    assert pragma(engines, "busy_timeout") == 20


def test_read_then_write_by_many_threads_loses_no_update(path: Path, engines: Engines) -> None:
    patient = open_engines(f"sqlite:///{path}")

    def count_up() -> None:
        for _ in range(15):
            with patient.write.begin() as conn:
                seen = conn.execute(select(COUNTER.c.value)).scalar_one()
                conn.execute(update(COUNTER).values(value=seen + 1))

    threads = [threading.Thread(target=count_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    patient.dispose()
    with engines.read.begin() as conn:
        assert conn.execute(select(COUNTER.c.value)).scalar_one() == 60


def test_a_write_transaction_excludes_another_from_its_begin(path: Path, engines: Engines) -> None:
    other = open_engines(f"sqlite:///{path}", busy_timeout=timedelta(0))
    with engines.write.begin(), pytest.raises(StoreBusy, match="locked"), guarded(str(path)):
        other.write.connect().begin()
    other.dispose()


def test_a_reader_sees_the_last_commit_while_another_writes(engines: Engines) -> None:
    with engines.write.begin() as writing:
        writing.execute(update(COUNTER).values(value=7))
        with engines.read.begin() as reading:
            assert reading.execute(select(COUNTER.c.value)).scalar_one() == 0
    with engines.read.begin() as reading:
        assert reading.execute(select(COUNTER.c.value)).scalar_one() == 7


def test_the_reading_engine_cannot_write(engines: Engines) -> None:
    with engines.read.begin() as conn, pytest.raises(DBAPIError, match="readonly"):
        conn.execute(update(COUNTER).values(value=1))


def test_a_failed_transaction_leaves_nothing(engines: Engines) -> None:
    def fail() -> None:
        with engines.write.begin() as conn:
            conn.execute(insert(COUNTER).values(id=2, value=0))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    with engines.read.begin() as conn:
        assert conn.execute(select(func.count()).select_from(COUNTER)).scalar_one() == 1


def test_engines_tell_their_name_and_dialect(engines: Engines, path: Path) -> None:
    assert engines.dialect == "sqlite"
    assert engines.name == str(path)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("", "cannot be read"),
        ("nonsense", "cannot be read"),
        ("sqlite://", "in-memory"),
        ("sqlite:///:memory:", "in-memory"),
        ("postgresql://h/d", "postgresql is not supported"),
        ("mssql+nothing://h/d", "driver 'nothing' is not used"),
    ],
)
def test_a_url_that_cannot_be_used_says_why(url: str, says: str) -> None:
    with pytest.raises(SettingsError, match=says) as told:
        open_engines(url)
    assert told.value.next_step


def test_no_password_leaves_with_an_unreadable_url() -> None:
    with pytest.raises(SettingsError) as told:
        open_engines("mssql:user:hunter2@host")
    assert "hunter2" not in str(told.value)
    assert told.value.__suppress_context__


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="folder does not exist") as told:
        open_engines(f"sqlite:///{tmp_path / 'gone' / 'x.db'}")
    assert told.value.where == str(tmp_path / "gone")


def test_a_file_that_must_exist_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="there is no database"):
        open_engines(f"sqlite:///{tmp_path / 'x.db'}", must_exist=True)
    assert not (tmp_path / "x.db").exists()


def test_an_unc_path_is_a_network_share() -> None:
    assert network_share(Path("//server/share/x.db"), ()) == "UNC path"


@pytest.mark.parametrize("kind", ["nfs", "nfs4", "cifs", "smbfs", "smb3", "fuse.sshfs", "afpfs", "webdav"])
def test_a_file_on_a_network_file_system_is_refused(tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    here = (Mount(tmp_path.anchor, "ext4", "rw"), Mount(str(tmp_path.resolve()), kind, "rw"))
    assert network_share(tmp_path / "x.db", here) == kind
    monkeypatch.setattr("order_sync.store.sqlite_engine.mounts", lambda: here)
    with pytest.raises(SettingsError, match=f"network share \\({kind}\\)"):
        open_engines(f"sqlite:///{tmp_path / 'x.db'}")


def test_a_mapped_drive_is_a_network_share(tmp_path: Path) -> None:
    mapped = (Mount(tmp_path.anchor, "NTFS", "rw,remote"),)
    assert network_share(tmp_path / "x.db", mapped) == "NTFS"
    assert network_share(tmp_path / "x.db", (Mount(tmp_path.anchor, "", "rw,remote"),)) == "remote drive"


def test_the_nearest_and_last_mount_decides(tmp_path: Path) -> None:
    root, near = tmp_path.anchor, str(tmp_path.resolve())
    assert network_share(tmp_path / "x.db", (Mount(root, "nfs", ""), Mount(near, "ext4", ""))) is None
    assert network_share(tmp_path / "x.db", (Mount(near, "nfs", ""), Mount(near, "tmpfs", ""))) is None
    assert network_share(tmp_path / "x.db", ()) is None


def test_this_machines_temporary_folder_is_local(tmp_path: Path) -> None:
    assert network_share(tmp_path / "x.db", mounts()) is None


def test_the_sqlite_of_python_is_the_only_one_in_the_process(engines: Engines) -> None:
    with engines.read.connect() as conn:
        assert isinstance(conn.connection.driver_connection, sqlite3.Connection)
