"""check and schema, and every command in front of bad input: what is wrong, where, and what to do, in one message."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from tests.cli_calls import called, json_of, real_house, served
from tests.harness import House
from typer.testing import Result

from order_sync.cli.board_seed import board_seed


@pytest.fixture
def house(tmp_path: Path) -> House:
    return real_house(tmp_path, rows=6, customers=1)


def edited(house: House, old: str, new: str, name: str = "mapping.yaml") -> None:
    path = house.folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def findings(result: Result, level: str) -> list[dict[str, Any]]:
    return [each for each in json_of(result)["findings"] if each["level"] == level]


def refused(house: House, *words: str, **environment: str) -> str:
    """What the command said; it must end with 2 and leave the tables as they were."""
    result = called(house, *words, **environment)
    assert result.exit_code == 2, result.output
    assert "Traceback" not in result.output
    return " ".join(result.output.split())


# check


def test_a_project_that_fits_is_ready(house: House) -> None:
    with served(house) as board:
        result = called(house, "check", **board)
        assert result.exit_code == 0, result.output
        assert "ready, 0 warnings" in result.stdout
        report = json_of(called(house, "check", "--json", **board))
    assert (report["ok"], report["unchecked"]) == (True, [])
    told = [each["what"] for each in report["findings"]]
    assert "161 size columns between 'UNIT OF MEASURE' and 'TOTAL QTY', from XXXS to S(6-8)" in told
    assert "all 44 columns that are written are there and can be written" in told
    assert not house.mutations


def test_the_columns_of_a_board_are_listed_before_there_is_a_mapping(house: House) -> None:
    (house.folder / "mapping.yaml").unlink()
    number = str(house.project.mapping.board.id)
    with served(house) as board:
        text = called(house, "check", "--columns", number, **board).stdout
        told = json_of(called(house, "check", "--columns", number, "--json", **board))
    types = {column["id"]: column["type"] for column in told["columns"]}
    wanted = {each.board.id: each.board.type.value for each in house.project.mapping.sent_columns if each.board}
    assert wanted.items() <= types.items()
    assert all(column in text for column in wanted)
    assert f"its subitem board {told['subitem_board']}" in text
    assert "dropdown" in {column["type"] for column in told["subitem_columns"]}


def test_a_board_number_is_digits(house: House) -> None:
    assert "'my board' is no board number" in refused(house, "check", "--columns", "my board")


def test_without_a_token_the_rest_is_checked(house: House) -> None:
    result = called(house, "check", "--json")
    assert result.exit_code == 0
    (warning,) = findings(result, "warning")
    assert "ORDER_SYNC_TOKEN" in warning["where"]
    assert json_of(result)["unchecked"] == ["the live board: there is no way to ask it without a token"]
    assert "not checked: the live board" in called(house, "check").stdout


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"ORDER_SYNC_TOKEN": "one\ntwo"}, "check the token in the environment for line breaks"),
        ({"ORDER_SYNC_MONDAY__TOKEN_FILE": "nowhere.txt"}, "the token file cannot be read"),
        ({"ORDER_SYNC_TOKEN": "t", "ORDER_SYNC_MONDAY__URL": "127.0.0.1:8799/v2"}, "monday.url = 127.0.0.1:8799/v2"),
    ],
)
def test_a_token_or_an_address_that_cannot_be_used(house: House, environment: dict[str, str], said: str) -> None:
    told = refused(house, "check", **environment)
    assert said in told
    assert "nothing wrong" not in told
    assert "without a token" not in told
    if "TOKEN_FILE" in "".join(environment):
        assert said in refused(house, "plan", **environment)


def test_all_three_sides_are_told_at_once(house: House) -> None:
    edited(house, "source: HS CODE", "source: HS Code")
    edited(house, "id: text_mkr5cz8m", "id: text_mkrgone1")
    edited(house, "  production: MON_CustMasterSchedule\n", "  production: MON_Elsewhere\n")
    with served(house) as board:
        result = called(house, "check", "--json", **board)
    assert result.exit_code == 2
    by_area = {each["area"]: each for each in findings(result, "error")}
    assert set(by_area) == {"source", "tables", "board"}
    assert "the case differs" in by_area["source"]["what"]
    assert "columns[HS CODE].source" in by_area["source"]["what"]
    assert by_area["source"]["where"].startswith("mapping.yaml:")
    assert by_area["tables"]["what"] == "1 table or view missing: MON_Elsewhere"
    assert by_area["board"]["what"] == "the board has no column text_mkrgone1 for 'PATTERN ID'"
    assert by_area["board"]["fix"] == "did you mean text_mkr5cz8m?"


def test_tables_that_are_narrower_or_of_another_type_are_told(house: House) -> None:
    edited(house, "target: FREIGHT, sql: FLOAT", "target: FREIGHT, sql: BIGINT")
    edited(house, "staging_sql: NVARCHAR(100), required", "staging_sql: NVARCHAR(300), required")
    result = called(house, "check", "--json")
    told = {each["where"]: each for level in ("warning", "error") for each in findings(result, level)}
    assert told["STG_MON_CustMasterSchedule.FREIGHT"]["what"] == "FREIGHT is FLOAT, and has to be BIGINT"
    narrow = told["STG_MON_CustMasterSchedule.CUSTOMER"]
    assert (narrow["level"], narrow["what"]) == (
        "error",
        "NVARCHAR(100) there, NVARCHAR(300) in the mapping: longer values would not fit",
    )


def test_items_that_are_not_ours_are_accepted_once(tmp_path: Path) -> None:
    house = real_house(tmp_path, rows=6, customers=1)
    house.plant_foreign_item("someone's own")
    house.plant_foreign_item("another")
    with served(house) as board:
        warned = called(house, "check", "--json", **board)
        assert "check --accept-foreign-items" in findings(warned, "warning")[-1]["fix"]
        assert "the first run refuses" in called(house, "plan", **board).stdout
        run = called(house, "run", "--all", **board)
        assert run.exit_code == 3
        assert "--accept-foreign-items" in run.output
        accepted = called(house, "check", "--accept-foreign-items", **board)
        assert accepted.exit_code == 0, accepted.output
        assert "holds 2 items without our key" in accepted.stdout
        assert findings(called(house, "check", "--json", **board), "warning") == []


# schema


@pytest.mark.parametrize(("dialect", "word"), [("mssql", "CREATE PROCEDURE"), ("sqlite", "CREATE VIEW")])
def test_the_script_can_be_read_before_it_is_run(house: House, dialect: str, word: str) -> None:
    result = called(house, "schema", "show", "--dialect", dialect)
    assert result.exit_code == 0
    assert word in result.stdout
    assert "MON_BatchProcessing" in result.stdout


def test_the_script_is_for_the_database_of_the_settings(house: House) -> None:
    assert "SQLite" in called(house, "schema", "show").stdout
    server = called(house, "schema", "show", ORDER_SYNC_DATABASE__URL="mssql+mssqlpython://server/orders")
    assert "SQL Server" in server.stdout


def test_deploying_twice_makes_nothing_the_second_time(house: House) -> None:
    assert "nothing was missing" in called(house, "schema", "deploy").stdout
    with sqlite3.connect(house.folder / "orders.db") as conn:
        conn.execute("DROP TABLE MON_Issue")
    conn.close()
    again = called(house, "schema", "deploy").stdout
    assert "made MON_Issue" in again
    assert "1 object made" in again


# bad input


def test_a_mapping_with_many_faults_names_them_all(house: House) -> None:
    for old, new in (
        ("type: numbers}}", "type: number}}"),
        ("sql: DATE,", "sql: DAET,"),
        ("labels: never}}", "labels: newer}}"),
        ("id: text_mkr5wya6", "id: Text-5"),
        ("mismatch: error", "mismatch: eror"),
        ("vanished: keep", "vanished: kep"),
        ('item_name: "{STYLE}', 'item_name: "{STILE}'),
        ("too_long: cut", "too_long: cutt"),
        ("source: PATTERN ID", "sourc: PATTERN ID"),
        ("pipeline: customer", "pipelin: customer"),
    ):
        edited(house, old, new)
    result = called(house, "check")
    assert result.exit_code == 2
    problems = [line for line in result.stderr.splitlines() if line.startswith("  - mapping.yaml:")]
    assert len(problems) >= 10
    assert sum("did you mean" in line for line in problems) >= 7


def test_a_missing_table(house: House) -> None:
    edited(house, "table: ORDERS_UNIFIED", "table: ORDERS_UNIFED")
    for words in (("plan",), ("run", "--all")):
        told = refused(house, *words, ORDER_SYNC_TOKEN="t")
        assert "there is no table 'ORDERS_UNIFED'; did you mean 'ORDERS_UNIFIED'?" in told
        assert "source.table" in told
    assert "did you mean 'ORDERS_UNIFIED'?" in refused(house, "check")


@pytest.mark.parametrize(("name", "says"), [("HS CODES", 'did you mean "HS CODE"?'), ("hs code", "the case differs")])
def test_a_missing_column_and_a_wrong_case(house: House, name: str, says: str) -> None:
    edited(house, "source: HS CODE", f"source: {name}")
    for words in (("plan",), ("run", "--all"), ("check",)):
        told = refused(house, *words, ORDER_SYNC_TOKEN="t")
        assert says in told
        assert "columns[HS CODE].source" in told


def test_a_missing_token(house: House) -> None:
    told = refused(house, "run", "--all")
    assert "no monday.com API token was given" in told
    assert "ORDER_SYNC_TOKEN" in told
    assert house.rows("SELECT COUNT(*) FROM MON_BatchProcessing") == [(0,)]


def test_tables_that_are_not_deployed(house: House) -> None:
    edited(house, "sqlite:///orders.db", "sqlite:///other.db", "order-sync.toml")
    told = refused(house, "status")
    assert "there is no database" in told
    (house.folder / "other.db").touch()
    assert "order-sync schema deploy" in refused(house, "status")


def test_a_board_that_is_not_there(house: House) -> None:
    edited(house, '"9200000001"', '"9200000009"')
    with served(house) as board:
        told = refused(house, "check", **board)
        assert "there is no active board 9200000009" in told
        assert "there is no active board 9200000009" in refused(house, "run", "--all", **board)
        plan = called(house, "plan", **board)
    assert plan.exit_code == 0
    assert "a run would refuse" in plan.stdout
    assert not house.mutations


def test_a_read_only_column_of_the_board(tmp_path: Path) -> None:
    house = real_house(tmp_path, rows=3, customers=1)
    board = house.simulator.store.boards[house.project.mapping.board.id]
    column = next(each for each in board.columns if each.id == "text_mkr5cz8m")
    column.type = "formula"
    with served(house) as environment:
        assert "is of type formula, which nobody can write" in refused(house, "check", **environment)
        assert "is of type formula" in refused(house, "run", "--all", **environment)
    assert not house.mutations


def test_a_source_without_rows(house: House) -> None:
    house.fill(pl.DataFrame(schema=_schema(house)))
    with served(house) as board:
        warned = called(house, "check", "--json", **board)
        assert "the source table has no rows" in [each["what"] for each in findings(warned, "warning")]
        assert called(house, "plan", **board).exit_code == 0


def _schema(house: House) -> dict[str, Any]:
    found = house.rows("SELECT name, type FROM pragma_table_info('ORDERS_UNIFIED')")
    return {name: pl.Int64 if kind == "INTEGER" else pl.String for name, kind in found}


@pytest.fixture
def lock(house: House) -> Iterator[sqlite3.Connection]:
    other = sqlite3.connect(house.folder / "orders.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    try:
        yield other
    finally:
        other.close()


def test_a_locked_database(house: House, lock: sqlite3.Connection) -> None:
    with served(house) as board:
        result = called(house, "run", "--all", **board, ORDER_SYNC_DATABASE__BUSY_TIMEOUT="0.1")
    assert result.exit_code == 3, result.output
    assert "the database is locked by another process" in result.output
    assert "order-sync status" in result.output
    assert not house.mutations


def test_settings_that_are_wrong_are_all_named(house: House) -> None:
    edited(house, "[database]", "[sending]\nlanes = 99\nwafe = 3\n[database]", "order-sync.toml")
    told = refused(house, "status")
    assert "sending.lanes" in told
    assert "sending.wafe" in told


def test_a_file_that_is_no_database(house: House) -> None:
    (house.folder / "orders.db").write_bytes(b"this is a letter, not a database" * 40)
    assert "not a database" in refused(house, "status")
    assert "not a database" in refused(house, "check")


def test_the_seed_is_what_the_mapping_needs(house: House) -> None:
    seed = board_seed(house.project.mapping, house.project.customers)
    (board,) = seed["boards"]
    columns = {column["id"]: column for column in board["columns"]}
    assert {column.board.id for column in house.project.mapping.sent_columns if column.board} <= set(columns)
    labels = {column["title"]: column.get("settings") for column in board["columns"] if column["type"] == "status"}
    assert [each["label"] for each in labels["UNIT OF MEASURE"]["labels"]] == ["PCE", "PCS"]
    json.dumps(seed)
