"""The customer's own tables are taken over as they stand: what was in them stays, and a whole sync runs on them."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from tests.cli_calls import called
from tests.customer_tables import PRODUCTION, ROWS, TABLES, CustomerTable, quoted
from tests.harness import House, build_house

from order_sync.model.errors import SchemaMismatch
from order_sync.store.deploy import deploy, standing
from order_sync.store.migrations import NEWEST
from order_sync.wiring import open_database, our_tables


def change(house: House, *statements: str) -> None:
    conn = sqlite3.connect(house.folder / "orders.db")
    with conn:
        for statement in statements:
            conn.execute(statement)
    conn.close()


def make(house: House) -> None:
    """Their tables with their rows."""
    conn = sqlite3.connect(house.folder / "orders.db")
    with conn:
        for table in TABLES:
            conn.execute(table.ddl("sqlite"))
        for table, row in ROWS:
            names = ", ".join(quoted(name, "sqlite") for name in row)
            places = ", ".join("?" * len(row))
            conn.execute(f"INSERT INTO {quoted(table.name, 'sqlite')} ({names}) VALUES ({places})", list(row.values()))
    conn.close()


def theirs(house: House, table: CustomerTable) -> list[Any]:
    """The rows in it by the columns that they had made, those of before first."""
    names = ", ".join(quoted(name, "sqlite") for name, _ in table.columns)
    return house.rows(f"SELECT {names} FROM {quoted(table.name, 'sqlite')} ORDER BY rowid")


@pytest.fixture
def house(tmp_path: Path) -> House:
    made = build_house(tmp_path, rows=12, customers=2, deployed=False)
    make(made)
    return made


@pytest.fixture(scope="module")
def adopted(tmp_path_factory: pytest.TempPathFactory) -> tuple[House, dict[str, list[Any]]]:
    """After a deployment and a run, with what was there before."""
    made = build_house(tmp_path_factory.mktemp("adopted"), rows=12, customers=2, deployed=False)
    make(made)
    before = {table.name: theirs(made, table) for table in TABLES}
    made.deploy()
    assert {table.name: theirs(made, table) for table in TABLES} == before
    report = made.run()
    assert report.halted is None
    return made, before


def test_a_whole_sync_runs_on_them(adopted: tuple[House, dict[str, list[Any]]]) -> None:
    house, before = adopted
    promoted = house.rows("SELECT count(*) FROM MON_CustMasterSchedule")[0][0] - len(before["MON_CustMasterSchedule"])
    assert promoted == house.frame.height
    assert house.rows("SELECT DISTINCT state FROM MON_SyncIdentity") == [("PROMOTED",)]
    assert house.rows("SELECT count(*) FROM MON_CustMasterSchedule_Subitems")[0][0] > promoted
    assert house.rows("SELECT DISTINCT status FROM MON_BatchProcessing WHERE mapping_hash IS NOT NULL") == [
        ("COMPLETED",)
    ]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_the_rows_of_before_are_untouched(adopted: tuple[House, dict[str, list[Any]]], table: CustomerTable) -> None:
    house, before = adopted
    now = theirs(house, table)
    assert now[: len(before[table.name])] == before[table.name]
    assert before[table.name]


def test_their_columns_come_first_and_as_they_were(adopted: tuple[House, dict[str, list[Any]]]) -> None:
    house, _ = adopted
    for table in TABLES:
        found = house.rows(f"SELECT name FROM pragma_table_info('{table.name}')")
        assert [name for (name,) in found][: len(table.columns)] == [name for name, _ in table.columns]
    assert house.rows("SELECT name FROM pragma_table_info('MON_CustMasterSchedule') WHERE cid >= 81") == [
        ("RANGE / COLLECTION",)
    ]


def test_what_they_left_unfinished_is_not_gone_on_with(adopted: tuple[House, dict[str, list[Any]]]) -> None:
    house, _ = adopted
    calls = len(house.mutations)
    house.run()
    assert len(house.mutations) == calls
    statuses = house.rows("SELECT status FROM MON_BatchProcessing WHERE mapping_hash IS NULL ORDER BY rowid")
    assert statuses == [("ITEMS_CREATED",), ("COMPLETED_WITH_ERRORS",), ("COMPLETED",)]


@pytest.mark.parametrize("command", [["status"], ["errors"], ["status", "--json"], ["errors", "--json"], ["check"]])
def test_commands_that_show_read_their_rows_too(
    adopted: tuple[House, dict[str, list[Any]]], command: list[str]
) -> None:
    house, _ = adopted
    result = called(house, *command)
    assert "Traceback" not in result.output
    assert result.exit_code in (0, 1, 2), result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)


def test_nothing_has_to_be_done_after_it(adopted: tuple[House, dict[str, list[Any]]]) -> None:
    house, _ = adopted
    result = called(house, "schema", "diff", "--json")
    told = json.loads(result.stdout)
    assert (result.exit_code, told["ok"], told["version"]) == (0, True, NEWEST)
    extra = {each["where"] for each in told["differences"] if each["kind"] == "extra"}
    assert extra == {"STG_MON_CustMasterSchedule.loaded_by"}
    assert "nothing to do" in called(house, "schema", "diff").stdout
    assert "nothing was missing" in called(house, "schema", "deploy").stdout


def test_before_it_each_thing_to_do_is_named(house: House) -> None:
    result = called(house, "schema", "diff")
    assert result.exit_code == 1
    assert "order-sync schema deploy does all of it" in result.stdout
    told = json.loads(called(house, "schema", "diff", "--json").stdout)
    places = {each["where"]: each for each in told["differences"]}
    for where in ("MON_CustMasterSchedule.RANGE / COLLECTION", "STG_MON_CustMasterSchedule.stg_sync_key", "MON_Lease"):
        assert (places[where]["kind"], places[where]["todo"]) == ("missing", "order-sync schema deploy")
    assert places["STG_MON_CustMasterSchedule.UX_STG_MON_CustMasterSchedule_open"]["kind"] == "index"


SHAPES = {
    "a key that does not count": (
        ["DROP TABLE ERR_MON_CustMasterSchedule", "CREATE TABLE ERR_MON_CustMasterSchedule (err_id BIGINT PRIMARY KEY)"],
        ["ERR_MON_CustMasterSchedule.err_id does not count by itself"],
    ),
    "a key that gives numbers twice": (
        ["DROP TABLE ERR_MON_CustMasterSchedule", "CREATE TABLE ERR_MON_CustMasterSchedule (err_id INTEGER PRIMARY KEY)"],
        ["ERR_MON_CustMasterSchedule.err_id does not count by itself"],
    ),
    "no key": (
        ["DROP TABLE MON_BatchProcessing", "CREATE TABLE MON_BatchProcessing (batch_id CHAR(36), customer_name TEXT)"],
        ["MON_BatchProcessing has nothing as its primary key, and needs batch_id"],
    ),
    "a column of another type": (
        ["ALTER TABLE ERR_MON_CustMasterSchedule DROP COLUMN batch_id",
         "ALTER TABLE ERR_MON_CustMasterSchedule ADD COLUMN batch_id UNIQUEIDENTIFIER"],
        ["ERR_MON_CustMasterSchedule.batch_id is UNIQUEIDENTIFIER, and has to be CHAR(32)"],
    ),
    "a narrow column": (
        ["ALTER TABLE STG_MON_CustMasterSchedule DROP COLUMN stg_status",
         "ALTER TABLE STG_MON_CustMasterSchedule ADD COLUMN stg_status NVARCHAR(10) DEFAULT 'PENDING'"],
        ["STG_MON_CustMasterSchedule.stg_status is NVARCHAR(10), and has to be NVARCHAR(50): widen the column"],
    ),
    "a default that is not there": (
        ["ALTER TABLE STG_MON_CustMasterSchedule DROP COLUMN stg_retry_count",
         "ALTER TABLE STG_MON_CustMasterSchedule ADD COLUMN stg_retry_count INT"],
        ["STG_MON_CustMasterSchedule.stg_retry_count has no default, and needs 0"],
    ),
    "another's column that takes no NULL": (
        ["DROP TABLE MON_CustMasterSchedule_Subitems",
         "CREATE TABLE MON_CustMasterSchedule_Subitems (Size TEXT, checked_by TEXT NOT NULL)"],
        ["MON_CustMasterSchedule_Subitems.checked_by is not ours and takes no NULL"],
    ),
    "a view in a table's place": (
        ["DROP TABLE MON_CustMasterSchedule", "CREATE VIEW MON_CustMasterSchedule AS SELECT 1 AS Title"],
        ["MON_CustMasterSchedule is a view"],
    ),
    "names in another case": (
        ["ALTER TABLE MON_BatchProcessing RENAME TO mon_batchprocessing_",
         "ALTER TABLE mon_batchprocessing_ RENAME TO Mon_BatchProcessing",
         "ALTER TABLE STG_MON_CustMasterSchedule RENAME COLUMN \"DROP\" TO \"Drop\""],
        ["MON_BatchProcessing is there as 'Mon_BatchProcessing'",
         "STG_MON_CustMasterSchedule.DROP is there as 'Drop': rename the column to 'DROP'"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("statements", "told"), SHAPES.values(), ids=SHAPES.keys())
def test_a_shape_that_cannot_be_worked_with_is_refused_before_anything_is_changed(
    house: House, statements: list[str], told: list[str]
) -> None:
    change(house, *statements)
    before = house.rows("SELECT name, sql FROM sqlite_master ORDER BY name")
    engines = open_database(house.project.settings)
    tables = our_tables(house.project, engines)
    with pytest.raises(SchemaMismatch) as refused:
        deploy(engines, tables)
    assert standing(engines, tables).version == 0
    engines.dispose()
    assert all(each in str(refused.value) for each in told), refused.value
    assert house.rows("SELECT name, sql FROM sqlite_master ORDER BY name") == before
    result = called(house, "schema", "diff")
    assert result.exit_code == 1
    assert called(house, "schema", "deploy").exit_code == 2


def test_rows_that_a_unique_index_would_refuse_are_counted_before(house: House) -> None:
    change(
        house,
        "ALTER TABLE STG_MON_CustMasterSchedule ADD COLUMN stg_sync_key VARCHAR(50)",
        "UPDATE STG_MON_CustMasterSchedule SET stg_sync_key = 'same' WHERE stg_status = 'PENDING'",
    )
    engines = open_database(house.project.settings)
    with pytest.raises(SchemaMismatch, match="has 1 value of stg_sync_key twice or more") as refused:
        deploy(engines, our_tables(house.project, engines))
    engines.dispose()
    assert "UX_STG_MON_CustMasterSchedule_open" in str(refused.value)


def test_their_tables_are_those_that_the_shipped_mapping_wants(house: House) -> None:
    """The mapping's 82nd column is the one that they lack."""
    wanted = house.project.mapping.production_order
    assert [name for name, _ in PRODUCTION.columns] == wanted[:-1]
    assert [sql for _, sql in PRODUCTION.columns].count("NVARCHAR(MAX)") == 43
