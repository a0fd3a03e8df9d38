"""The engines on SQL Server, on a driver that only writes down what it is asked for."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from sqlalchemy import NVARCHAR, Column, Integer, MetaData, Table, insert, text
from sqlalchemy.exc import DBAPIError

from order_sync.model.errors import OrderSyncError, SettingsError
from order_sync.store.engine import Engines, open_engines
from order_sync.store.errors import guarded
from order_sync.store.sqlserver_url import parted

CANARY = "can;ary}{=@ /pass"
NOTES = Table("notes 50%", MetaData(), Column("id", Integer, primary_key=True), Column("body?", NVARCHAR(200)))


class DriverError(Exception):
    """As every driver has one."""


class Cursor:
    def __init__(self, driver: Driver) -> None:
        self.driver = driver
        self.rowcount = -1
        self.description: Any = None

    def execute(self, statement: str, *_parameters: Any) -> None:
        self.driver.said.append(statement)
        self.description = [("answer", str, None, None, None, None, None)] if "SELECT" in statement.upper() else None
        self.rowcount = 1

    def setinputsizes(self, sizes: Any) -> None:
        self.driver.sizes.append(sizes)

    def executemany(self, statement: str, rows: Any) -> None:
        self.driver.said.append(statement)
        self.driver.many.append(list(rows))
        self.rowcount = len(rows)

    def fetchone(self) -> tuple[str]:
        return ("Microsoft SQL Server 2019 (RTM) - 15.0.4375.4 (X64)",)

    def fetchall(self) -> list[tuple[str]]:
        return []

    def close(self) -> None: ...


class Connection:
    autocommit = False

    def __init__(self, driver: Driver) -> None:
        self.driver = driver

    def cursor(self) -> Cursor:
        return Cursor(self.driver)

    def commit(self) -> None:
        self.driver.said.append("COMMIT")

    def rollback(self) -> None: ...

    def close(self) -> None: ...


class Driver(ModuleType):
    """Stands in for mssql_python."""

    paramstyle = "pyformat"
    Error = DatabaseError = OperationalError = ProgrammingError = InterfaceError = DriverError
    __version__ = "1.16.0"

    def __init__(self) -> None:
        super().__init__("mssql_python")
        self.said: list[str] = []
        self.sizes: list[Any] = []
        self.many: list[Any] = []
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.pooled: list[bool] = []
        self.fails: Exception | None = None

    def pooling(self, *, enabled: bool) -> None:
        self.pooled.append(enabled)

    def connect(self, text: str, **named: Any) -> Connection:
        self.asked.append((text, named))
        if self.fails is not None:
            raise self.fails
        return Connection(self)


@pytest.fixture
def driver(monkeypatch: pytest.MonkeyPatch) -> Driver:
    made = Driver()
    monkeypatch.setitem(sys.modules, "mssql_python", made)
    return made


@pytest.fixture
def engines(driver: Driver) -> Iterator[Engines]:
    opened = open_engines("mssql://u@server:1444/orders", busy_timeout=timedelta(seconds=2.5), password=CANARY)
    yield opened
    opened.dispose()


def test_the_connection_is_encrypted_verified_and_does_not_wait_for_ever(driver: Driver, engines: Engines) -> None:
    engines.read.connect().close()
    text_, named = driver.asked[0]
    assert text_ == (
        "Server=server,1444;Database=orders;UID=u;PWD={can;ary}}{=@ /pass};Encrypt=yes;TrustServerCertificate=no"
    )
    assert named == {"timeout": 15}


def test_the_drivers_own_pool_is_off(driver: Driver, engines: Engines) -> None:
    assert driver.pooled
    assert not any(driver.pooled)


def test_every_session_waits_as_long_as_said_and_ends_whole(driver: Driver, engines: Engines) -> None:
    engines.write.connect().close()
    first = driver.said.index("SET XACT_ABORT ON")
    session = ["SET XACT_ABORT ON", "SET LANGUAGE us_english", "SET LOCK_TIMEOUT 2500", "COMMIT"]
    assert driver.said[first : first + 4] == session


def test_many_rows_go_with_their_sizes_and_by_position(driver: Driver, engines: Engines) -> None:
    with engines.write.begin() as conn:
        conn.execute(insert(NOTES), [{"id": 1, "body?": "longer ascii"}, {"id": 2, "body?": "日本"}])
    assert engines.write.dialect.dispatch.do_executemany  # type: ignore[attr-defined]
    assert driver.sizes == [[(-5, 0, 0), (-9, 12, 0)]]
    assert driver.many == [[(1, "longer ascii"), (2, "日本")]]
    assert "INSERT INTO [notes 50%] (id, [body?]) VALUES (?, ?)" in driver.said


def test_a_null_goes_with_a_size_so_that_no_driver_asks_the_server_for_one(driver: Driver, engines: Engines) -> None:
    with engines.write.begin() as conn:
        conn.execute(insert(NOTES).values({"id": 1, "body?": None}))
        conn.execute(insert(NOTES).values({"id": None, "body?": "🧵" * 2_001}))
        conn.execute(insert(NOTES).values({"id": 2, "body?": "whole"}))
    assert driver.sizes == [[(-5, 0, 0), (-9, 1, 0)], [(-9, 1, 0), (-9, 0, 0)]]


def test_the_database_is_named_without_its_password(engines: Engines) -> None:
    assert engines.dialect == "mssql"
    assert engines.name == "mssql+mssqlpython://u@server:1444/orders"


def test_no_repr_holds_the_password(engines: Engines) -> None:
    for shown in (repr(engines), repr(engines.write), str(engines.write.url), repr(engines.write.url), engines.name):
        assert "ary" not in shown


def test_a_driver_that_cannot_read_the_url_is_a_setting_to_correct(driver: Driver, engines: Engines) -> None:
    driver.fails = ValueError("Unknown keyword 'encrpt' is not recognized")
    with pytest.raises(SettingsError, match="'encrpt' is not recognized") as told:
        engines.write.connect()
    assert "database.url" in str(told.value.next_step)
    assert told.value.__suppress_context__


def test_the_drivers_own_errors_stay_what_they_are(driver: Driver, engines: Engines) -> None:
    driver.fails = DriverError("no such server")
    with pytest.raises(DBAPIError, match="no such server"):
        engines.write.connect()


@pytest.mark.parametrize("url", ["mssql://u@server/orders", "mssql+pyodbc://u@server/orders"])
def test_a_driver_that_is_not_installed_says_how_to_get_it(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("mssql_python", "pyodbc"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(SettingsError, match="is not installed") as told:
        open_engines(url, password=CANARY)
    assert "pip install" in str(told.value.next_step)
    assert "ary" not in str(told.value)


def test_no_error_of_a_statement_holds_the_password(
    driver: Driver, engines: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_self: Cursor, statement: str, *_parameters: Any) -> None:
        raise DriverError(f"28000 Login failed for user 'u' in {statement}")

    engines.write.connect().close()
    monkeypatch.setattr(Cursor, "execute", fail)
    with pytest.raises((OrderSyncError, DBAPIError)) as told, guarded(engines.name), engines.write.connect() as conn:
        conn.execute(text("SELECT 1"))
    assert "ary" not in f"{told.value} {told.value!r} {told.value.__cause__!r}"


def test_pyodbc_is_told_who_we_are_and_loads_in_its_plain_way(monkeypatch: pytest.MonkeyPatch) -> None:
    pyodbc = Driver()
    pyodbc.__dict__.update(version="5.5.0", Cursor=Cursor)
    monkeypatch.setitem(sys.modules, "pyodbc", pyodbc)
    opened = open_engines("mssql+pyodbc://u@server:1444/orders", password=CANARY)
    for engine in (opened.write, opened.read):
        ((said,), _) = engine.dialect.create_connect_args(engine.url)
        assert said == (
            "DRIVER={ODBC Driver 18 for SQL Server};Server=server,1444;Database=orders;"
            "UID=u;PWD={can;ary}}{=@ /pass};Encrypt=yes;TrustServerCertificate=no;APP=Order Sync"
        )
        assert engine.dialect.fast_executemany is False  # type: ignore[attr-defined]
        assert engine.dialect.use_insertmanyvalues is False
        assert not engine.dialect.dispatch.do_executemany  # type: ignore[attr-defined]
    opened.dispose()


_POOL_OF_A_DEAD_SERVER = """
from sqlalchemy.pool import QueuePool
import order_sync.store.engine

class Dead:
    def cursor(self): ...
    def rollback(self): ...
    def close(self): raise ZeroDivisionError("cannot be closed")

pool = QueuePool(Dead)
pool.connect().invalidate()
"""


def test_a_dead_connection_that_cannot_be_closed_writes_nothing_on_the_terminal() -> None:
    here = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "src")}
    said = subprocess.run([sys.executable, "-c", _POOL_OF_A_DEAD_SERVER], env=here, capture_output=True)
    assert (said.returncode, said.stdout, said.stderr) == (0, b"", b"")


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        ("mssql://me:p%40ss@there/db", ("mssql://me@there/db", "p@ss")),
        ("mssql+pyodbc://me@there:1444/db?Encrypt=no", ("mssql+pyodbc://me@there:1444/db?Encrypt=no", None)),
        ("mssql://there/db", ("mssql://there/db", None)),
    ],
)
def test_a_url_and_its_password_are_kept_apart(url: str, parts: tuple[str, str | None]) -> None:
    assert parted(url) == parts


@pytest.mark.parametrize(
    "url", ["sqlite:///x.db", "no url", "mssql://me:secret@there/db?PWD=secret", "mssql://me:secret@/db"]
)
def test_what_is_no_url_of_a_server_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(SettingsError) as refused:
        parted(url)
    assert "secret" not in str(refused.value)
