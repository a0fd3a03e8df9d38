"""check: what cannot be opened is a finding, and the rest is checked all the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from tests.mapping_texts import SMALL

from order_sync.model.errors import (
    AuthenticationHalted,
    BoardMismatch,
    OrderSyncError,
    SettingsError,
    SourceError,
    TokenMissing,
)
from order_sync.model.mapping import Customer, Customers
from order_sync.model.mapping_file import MappingFile, load_mapping_file
from order_sync.monday.board import Board
from order_sync.monday.items import Me
from order_sync.reports.findings import CheckReport, Level
from order_sync.source import Source, SourceColumn
from order_sync.steps.check import Ground, check
from order_sync.store.deploy import deploy
from order_sync.store.engine import Engines, open_engines
from order_sync.store.tables import Tables, build_tables

FILE: MappingFile = load_mapping_file(SMALL, "m.yaml")
NO_SOURCE = SourceError("there is no table", where="here", next_step="load it")
NO_DATABASE = SettingsError("there is no database")
NO_TOKEN = TokenMissing("no token")


class Refusing(Board):
    """Does not answer."""

    def __init__(self, error: Exception | None, about_board: Exception | None = None) -> None:
        self._error = error
        self._about_board = about_board

    def me(self) -> Me:
        if self._error is not None:
            raise self._error
        return Me("7", "Ann")

    def describe(self) -> None:  # type: ignore[override]
        if self._about_board is not None:
            raise self._about_board


def checked(**parts: object) -> CheckReport:
    ground = {"source": NO_SOURCE, "database": NO_DATABASE, "board": NO_TOKEN} | parts
    return check(Ground(FILE, Customers(customers=[Customer(name="A")]), **ground))  # type: ignore[arg-type]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[tuple[Engines, Tables]]:
    engines = open_engines(f"sqlite:///{(tmp_path / 'x.db').as_posix()}")
    tables = build_tables(FILE.mapping, None)
    deploy(engines, tables)
    yield engines, tables
    engines.dispose()


def test_what_cannot_be_opened_is_told_part_by_part() -> None:
    report = checked()
    assert [finding.what for finding in report.of(Level.ERROR)] == ["there is no table", "there is no database"]
    assert [finding.what for finding in report.of(Level.WARNING)] == ["no token"]
    assert len(report.unchecked) == 3


def test_a_source_that_cannot_be_read_leaves_its_columns_checked() -> None:
    class Locked(Source):
        def read(self) -> None:  # type: ignore[override]
            raise SourceError("the source table cannot be read")

    names = [column.source for column in FILE.mapping.columns] + ["COLOUR CODE", "S", "TOTAL"]
    columns = tuple(SourceColumn(name, "INT" if name in ("S", "TOTAL") else "NVARCHAR") for name in names)
    report = checked(source=Locked(None, FILE.mapping, columns))  # type: ignore[arg-type]
    assert "the source table cannot be read" in [finding.what for finding in report.of(Level.ERROR)]
    assert "keys, customers and labels: the source could not be read" in report.unchecked


def test_a_refused_token_and_a_board_that_is_not_there() -> None:
    report = checked(board=Refusing(AuthenticationHalted("the token is refused")))
    assert "the token is refused" in [finding.what for finding in report.of(Level.ERROR)]
    assert "the live board: it could not be asked" in report.unchecked
    report = checked(board=Refusing(None, BoardMismatch("there is no board")))
    assert "there is no board" in [finding.what for finding in report.of(Level.ERROR)]


@pytest.mark.parametrize(
    "problem", [SettingsError("the token file cannot be read"), AuthenticationHalted("the token holds a line break")]
)
def test_a_token_that_cannot_be_used_is_an_error(problem: OrderSyncError) -> None:
    report = checked(board=problem)
    assert problem.what in [finding.what for finding in report.of(Level.ERROR)]
    assert report.unchecked[-1] == "the live board: it could not be asked"


def test_tables_of_another_shape_are_told(database: tuple[Engines, Tables]) -> None:
    engines, _ = database
    assert checked(database=database).of(Level.ERROR)[1:] == []
    with engines.write.begin() as conn:
        conn.execute(text('ALTER TABLE "STG_X" DROP COLUMN "PO"'))
        conn.execute(text('DROP TABLE "MON_Issue"'))
    told = [finding.what for finding in checked(database=database).of(Level.ERROR)]
    assert "1 table or view missing: MON_Issue" in told
    assert "PO is not there" in told


def test_a_narrow_column_of_the_customer_s_own_table_is_a_warning(database: tuple[Engines, Tables]) -> None:
    engines, _ = database
    with engines.write.begin() as conn:
        conn.execute(text('ALTER TABLE "X" DROP COLUMN "PO"'))
        conn.execute(text('ALTER TABLE "X" ADD COLUMN "PO" NVARCHAR(5)'))
        conn.execute(text('ALTER TABLE "X" DROP COLUMN "ORDER"'))
        conn.execute(text('ALTER TABLE "X" ADD COLUMN "ORDER" NVARCHAR(9)'))
    report = checked(database=database)
    told = {finding.where: finding for finding in report.of(Level.WARNING)}
    assert told["X.PO"].what == "NVARCHAR(5) there, NVARCHAR(50) in the mapping: longer values would not fit"
    assert told["X.ORDER"].what.startswith("NVARCHAR(9) there, TEXT in the mapping")
