"""The table of errors against a server that raises them, with both drivers."""

from __future__ import annotations

import threading
import urllib.parse
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, insert, make_url, update
from sqlalchemy.exc import DBAPIError
from tests.databases import is_babelfish, needs_server, server

from installation import Installation
from order_sync.model.errors import OrderSyncError, SchemaError, SchemaMismatch, SettingsError, StoreBusy
from order_sync.steps.durably import durably
from order_sync.steps.job import Job
from order_sync.store.engine import Engines, open_engines
from order_sync.store.errors import StoreConflict, guarded
from order_sync.store.transactions import Transaction

pytestmark = needs_server

TABLES = (
    "DROP TABLE IF EXISTS dbo.[of errors, child]",
    "DROP TABLE IF EXISTS dbo.[of errors]",
    """CREATE TABLE dbo.[of errors] (id INT NOT NULL PRIMARY KEY, code NVARCHAR(3) NOT NULL, small SMALLINT,
    CONSTRAINT CK_of_errors CHECK (small < 1000))""",
    "CREATE UNIQUE INDEX UX_of_errors ON dbo.[of errors] (code)",
    "CREATE TABLE dbo.[of errors, child] (id INT NOT NULL PRIMARY KEY REFERENCES dbo.[of errors] (id))",
    "INSERT INTO dbo.[of errors] VALUES (1, 'a', 1), (2, 'b', 2)",
)


@dataclass(frozen=True)
class Case:
    """`unlike`: why another server than SQL Server cannot show it."""

    number: int
    statement: str
    means: type[OrderSyncError]
    unlike: str = ""


_OWN_NUMBER = "it has one number and texts of its own for this"
CASES = (
    Case(2627, "INSERT INTO dbo.[of errors] VALUES (1, 'c', 1)", StoreConflict),
    Case(2601, "INSERT INTO dbo.[of errors] VALUES (3, 'a', 1)", StoreConflict),
    Case(515, "INSERT INTO dbo.[of errors] VALUES (3, NULL, 1)", StoreConflict),
    Case(547, "INSERT INTO dbo.[of errors, child] VALUES (9)", StoreConflict),
    Case(547, "INSERT INTO dbo.[of errors] VALUES (3, 'c', 1000)", StoreConflict),
    Case(2628, "INSERT INTO dbo.[of errors] VALUES (3, 'long', 1)", SchemaMismatch),
    Case(8115, "SELECT CAST(id AS BIGINT) * 9223372036854775807 FROM dbo.[of errors] WHERE id = 2", SchemaMismatch),
    Case(220, "UPDATE dbo.[of errors] SET small = 100000", SchemaMismatch),
    Case(245, "SELECT CAST(code AS INT) FROM dbo.[of errors]", SchemaMismatch, _OWN_NUMBER),
    Case(241, "SELECT CAST(code + '-13-45' AS DATE) FROM dbo.[of errors]", SchemaMismatch, _OWN_NUMBER),
    Case(8114, "SELECT CAST(code AS DECIMAL(5, 2)) FROM dbo.[of errors]", SchemaMismatch, _OWN_NUMBER),
    Case(208, "SELECT * FROM dbo.nowhere", SchemaError, _OWN_NUMBER),
    Case(207, "SELECT absent FROM dbo.[of errors]", SchemaError, _OWN_NUMBER),
    Case(213, "INSERT INTO dbo.[of errors] VALUES (1, 'c')", SchemaError, _OWN_NUMBER),
    Case(2812, "EXEC dbo.sp_nowhere", SchemaError, _OWN_NUMBER),
)


def _url(driver: str) -> str:
    """The server's url for this driver. pyodbc takes the ODBC driver that mssql-python brings with it."""
    url = make_url(server()).set(drivername=f"mssql+{driver}")
    if driver == "pyodbc":
        pytest.importorskip("pyodbc", exc_type=ImportError)
        brought = pytest.importorskip("mssql_python_odbc")
        found = map(str, Path(brought.get_libs_dir()).rglob("libmsodbcsql*"))
        fitting = [path for path in found if "debian_ubuntu/x86_64" in path]
        if not fitting:
            pytest.skip("no ODBC driver for this machine")
        url = url.update_query_string(f"driver={urllib.parse.quote_plus(fitting[0])}")
    return url.render_as_string(hide_password=False)


@pytest.fixture(scope="module", params=["mssqlpython", "pyodbc"])
def engines(request: pytest.FixtureRequest) -> Iterator[Engines]:
    opened = open_engines(_url(request.param), busy_timeout=timedelta(milliseconds=200))
    for statement in TABLES:
        with opened.write.begin() as conn:
            conn.exec_driver_sql(statement)
    yield opened
    for statement in TABLES[:2]:
        with opened.write.begin() as conn:
            conn.exec_driver_sql(statement)
    opened.dispose()


def ask(engines: Engines, *statements: str) -> None:
    with guarded("here"), engines.write.begin() as conn:
        for statement in statements:
            answer = conn.exec_driver_sql(statement)
            if answer.returns_rows:
                answer.all()


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.number}-{case.statement[:6]}")
def test_an_error_means_what_the_table_says(engines: Engines, case: Case) -> None:
    if case.unlike and is_babelfish():
        pytest.skip(f"not provable on Babelfish: {case.unlike}")
    with pytest.raises(case.means) as told:
        ask(engines, "INSERT INTO dbo.[of errors] VALUES (8, 'h', 8)", case.statement)
    assert told.value.where == "here"
    assert told.value.next_step
    with engines.read.begin() as conn:
        left = conn.exec_driver_sql("SELECT COUNT(*) FROM dbo.[of errors] WHERE id > 2").scalar()
    assert left == 0, "nothing of the transaction stays"


def test_a_statement_of_ours_that_is_wrong_is_not_dressed_up(engines: Engines) -> None:
    with pytest.raises(DBAPIError):
        ask(engines, "SELEC 1")


def test_whoever_holds_a_row_is_waited_for_and_then_named_as_a_lock(engines: Engines) -> None:
    with engines.write.begin() as holder:
        holder.exec_driver_sql("UPDATE dbo.[of errors] SET small = 3 WHERE id = 1")
        if is_babelfish():
            pytest.skip(f"not provable on Babelfish: {_OWN_NUMBER}")
        with pytest.raises(StoreBusy, match="locked by another"):
            ask(engines, "UPDATE dbo.[of errors] SET small = 4 WHERE id = 1")


def test_the_victim_of_a_deadlock_is_busy_and_gets_through_when_it_comes_again(engines: Engines) -> None:
    patient = open_engines(engines.write.url.render_as_string(hide_password=False), busy_timeout=timedelta(seconds=60))
    met = threading.Barrier(2, timeout=30)
    told: list[OrderSyncError] = []

    def change(first: int, second: int) -> None:
        tries = 0
        while True:
            tries += 1
            try:
                with guarded("here"), patient.write.begin() as conn:
                    conn.exec_driver_sql(f"UPDATE dbo.[of errors] SET small = small + 10 WHERE id = {first}")
                    if tries == 1:
                        met.wait()
                    conn.exec_driver_sql(f"UPDATE dbo.[of errors] SET small = small + 10 WHERE id = {second}")
                return
            except StoreBusy as busy:
                told.append(busy)

    threads = [threading.Thread(target=change, args=pair) for pair in ((1, 2), (2, 1))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    with patient.read.begin() as conn:
        small = [row[0] for row in conn.exec_driver_sql("SELECT small FROM dbo.[of errors] ORDER BY id")]
        conn.exec_driver_sql("UPDATE dbo.[of errors] SET small = id")
    patient.dispose()
    assert len(told) == 1
    assert small == [21, 22], "both came through, each once"


@pytest.mark.parametrize(
    ("changes", "means", "words"),
    [
        ({"password": "wrong"}, SettingsError, "refused the login"),
        ({"username": "nobody"}, SettingsError, "refused the login"),
        ({"database": "nowhere_test"}, SettingsError, "does not exist, or this login may not open it"),
    ],
    ids=["password", "user", "database"],
)
def test_a_login_that_is_refused(
    engines: Engines, changes: dict[str, Any], means: type[OrderSyncError], words: str
) -> None:
    if "database" in changes and engines.write.url.get_driver_name() == "mssqlpython" and is_babelfish():
        pytest.skip(f"not provable on Babelfish: {_OWN_NUMBER}, and this driver hands on no number")
    refused = open_engines(engines.write.url.set(**changes).render_as_string(hide_password=False))
    with pytest.raises(means, match=words) as told, guarded(refused.name):
        refused.write.connect()
    refused.dispose()
    assert "wrong" not in str(told.value)
    assert str(told.value.where).endswith(make_url(refused.name).database or "")


def test_a_certificate_that_nobody_vouches_for_is_refused(engines: Engines) -> None:
    strict = engines.write.url.difference_update_query(["Encrypt", "TrustServerCertificate", "encrypt"])
    opened = open_engines(strict.render_as_string(hide_password=False))
    with pytest.raises(SettingsError, match="not trusted"), guarded(opened.name):
        opened.write.connect()
    opened.dispose()


def test_a_session_that_was_ended_is_lost_and_the_next_one_works(engines: Engines) -> None:
    with (
        pytest.raises(StoreBusy, match="connection to the database was lost"),
        guarded("here"),
        engines.read.begin() as conn,
    ):
        number = conn.exec_driver_sql("SELECT @@SPID").scalar()
        with engines.write.connect().execution_options(isolation_level="AUTOCOMMIT") as other:
            other.exec_driver_sql(f"KILL {number}")
        conn.exec_driver_sql("SELECT 1").scalar()
    ask(engines, "SELECT 1")


def test_a_transaction_of_a_run_that_falls_to_a_deadlock_is_run_again(site: Installation) -> None:
    called = Transaction("groups.remember")
    met = threading.Barrier(2, timeout=30)
    groups = site.tables.groups
    with site.owner.write.begin() as conn:
        for title in ("a", "b"):
            conn.execute(insert(groups).values(board="42", title_key=title, title=title))

    def change(job: Job, titles: tuple[str, str]) -> None:
        started: list[int] = []

        def write(conn: Connection) -> None:
            started.append(1)
            for title in titles:
                conn.execute(update(groups).where(groups.c.title_key == title).values(title=groups.c.title + "+"))
                if len(started) == 1 and title == titles[0]:
                    met.wait()

        durably(job, called, (), write)
        tries.append(len(started))

    tries: list[int] = []
    with site.job() as one, site.job() as other, ThreadPoolExecutor(2) as executor:
        for done in [executor.submit(change, one, ("a", "b")), executor.submit(change, other, ("b", "a"))]:
            done.result()
    assert sorted(tries) == [1, 2]
    assert site.rows("SELECT title FROM dbo.MON_Group ORDER BY title_key") == [("a++",), ("b++",)]
