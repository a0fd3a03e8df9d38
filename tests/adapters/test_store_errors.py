"""The translation of database errors: a test for each entry, and none for errors that are our own fault."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table, create_engine, insert, select, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import QueuePool

from order_sync.model.errors import Halted, SchemaError, SettingsError, StoreBusy, StoreFull
from order_sync.store.engine import Engines, open_engines
from order_sync.store.errors import StoreConflict, guarded, translate
from order_sync.store.sqlite_errors import SQLITE

NOTES = Table("notes", MetaData(), Column("id", Integer, primary_key=True), Column("body", String, nullable=False))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store.db"


@pytest.fixture
def engines(path: Path) -> Iterator[Engines]:
    opened = open_engines(f"sqlite:///{path}", busy_timeout=timedelta(milliseconds=1))
    with opened.write.begin() as conn:
        NOTES.create(conn)
    yield opened
    opened.dispose()


def write(engines: Engines, *statements: Any) -> None:
    with guarded("here"), engines.write.begin() as conn:
        for statement in statements:
            conn.execute(statement)


def test_locked_by_another_process(engines: Engines, path: Path) -> None:
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(StoreBusy, match="database is locked") as told:
            write(engines, insert(NOTES).values(body="x"))
    finally:
        other.close()
    assert told.value.where == "here"
    assert isinstance(told.value.__cause__, OperationalError)


def test_no_room_is_left_and_nothing_of_the_transaction_stays(engines: Engines, path: Path) -> None:
    small = open_engines(f"sqlite:///{path}", max_pages=5)
    with pytest.raises(StoreFull, match="no room is left"):
        write(small, *(insert(NOTES).values(body="x" * 3000) for _ in range(20)))
    small.dispose()
    with engines.read.begin() as conn:
        assert conn.execute(select(NOTES)).first() is None


def test_read_only(engines: Engines) -> None:
    with pytest.raises(StoreFull, match="read-only"), guarded(), engines.read.begin() as conn:
        conn.execute(insert(NOTES).values(body="x"))


@pytest.mark.parametrize(
    "statement", ["SELECT * FROM nowhere", "SELECT absent FROM notes", "INSERT INTO notes (a) VALUES (1)"]
)
def test_a_missing_table_or_column_names_the_command(engines: Engines, statement: str) -> None:
    with pytest.raises(SchemaError) as told:
        write(engines, text(statement))
    assert told.value.next_step == "order-sync schema deploy"


@pytest.mark.parametrize("values", [{"id": 1, "body": "again"}, {"id": 2, "body": None}])
def test_a_broken_rule_names_the_column(engines: Engines, values: dict[str, Any]) -> None:
    with pytest.raises(StoreConflict, match=r"notes\."):
        write(
            engines,
            insert(NOTES).values(id=1, body="x"),
            text("INSERT INTO notes VALUES (:id, :body)").bindparams(**values),
        )
    with engines.read.begin() as conn:
        assert conn.execute(select(NOTES)).first() is None


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "letter.db"
    path.write_text("Dear customer, " * 100, encoding="utf-8")
    engines = open_engines(f"sqlite:///{path}")
    with pytest.raises(SettingsError, match="not a database"), guarded(), engines.read.begin():
        pass
    engines.dispose()


def test_a_path_that_cannot_be_opened(tmp_path: Path) -> None:
    engines = open_engines(f"sqlite:///{tmp_path / 'x.db'}")
    (tmp_path / "x.db").mkdir()
    with pytest.raises(SettingsError, match="cannot be opened"), guarded(), engines.read.begin():
        pass
    engines.dispose()


def test_a_damaged_file_halts(engines: Engines, path: Path) -> None:
    write(engines, *(insert(NOTES).values(body="x" * 2000) for _ in range(20)))
    engines.dispose()
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)
    with pytest.raises(Halted, match="damaged"), guarded(), engines.read.begin() as conn:
        conn.execute(select(NOTES)).all()


def test_no_free_connection() -> None:
    engine = create_engine("sqlite://", poolclass=QueuePool, pool_size=1, max_overflow=0, pool_timeout=0.001)
    with engine.connect(), pytest.raises(StoreBusy, match="every connection"), guarded():
        engine.connect()
    engine.dispose()


def test_bad_sql_of_ours_is_not_dressed_up(engines: Engines) -> None:
    with pytest.raises(OperationalError, match="syntax error"):
        write(engines, text("SELEC 1"))


def test_other_exceptions_pass(engines: Engines) -> None:
    with pytest.raises(ZeroDivisionError), guarded(), engines.write.begin():
        _ = 1 / 0


def raised(code: int) -> DBAPIError:
    cause = sqlite3.OperationalError("said so")
    cause.sqlite_errorcode = code
    return OperationalError("SELECT 1", None, cause)


@pytest.mark.parametrize("code", sorted(SQLITE))
def test_every_code_of_sqlite_with_and_without_its_detail(code: int) -> None:
    for detailed in (code, code | 0x0300):
        told = translate(raised(detailed), "there")
        assert type(told) is SQLITE[code].error
        assert str(told) == f"{SQLITE[code].what} (said so)\n  where: there\n  next: {SQLITE[code].next_step}"


def test_an_error_without_a_code_is_left_alone() -> None:
    assert translate(OperationalError("SELECT 1", None, sqlite3.OperationalError("?"))) is None
    assert translate(raised(sqlite3.SQLITE_INTERNAL)) is None


def test_a_lost_connection_is_worth_another_try() -> None:
    lost = OperationalError("SELECT 1", None, Exception("gone"), connection_invalidated=True)
    assert isinstance(translate(lost), StoreBusy)
    assert translate(OperationalError("SELECT 1", None, Exception("odd. (99999) (SQLExecDirectW)"))) is None
