"""init: files for a project, from a table or from nothing."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from tests.cli_calls import call

from order_sync.model.mapping_file import load_customers, load_mapping
from order_sync.settings import load_settings

OTHER_TABLE = (
    'CREATE TABLE "sales" ("Order No" TEXT, "Client" TEXT, "Season" TEXT, "Due" DATE, "S" INT, "M" INT, "Total" INT)'
)


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def database(path: Path, statement: str) -> str:
    with sqlite3.connect(path) as conn:
        conn.execute(statement)
    conn.close()
    return f"sqlite:///{path.as_posix()}"


def test_in_an_empty_folder_the_example_is_written(tmp_path: Path) -> None:
    result = call("init")
    assert result.exit_code == 0, result.stderr
    assert "invented" in result.stdout
    assert "order-sync check" in result.stdout
    mapping = load_mapping((tmp_path / "mapping.yaml").read_text(encoding="utf-8"), "mapping.yaml")
    assert mapping.source.table == "ORDERS_UNIFIED"
    assert len(load_customers((tmp_path / "customers.yaml").read_text(encoding="utf-8"), "c.yaml").customers) == 34
    assert load_settings(tmp_path / "order-sync.toml", environment={}).mapping == "mapping.yaml"


def test_a_table_like_the_example_gets_its_mapping_without_the_board(tmp_path: Path) -> None:
    url = f"sqlite:///{(tmp_path / 'orders.db').as_posix()}"
    assert call("demo-data", "--rows", "0", "--database", url).exit_code == 0
    result = call("init", "--database", url)
    assert result.exit_code == 0, result.stderr
    assert "268 columns" in result.stdout
    assert "FILL_IN stands in 2 places of mapping.yaml\n" in result.stdout
    assert "text_mkr5wya6" in (tmp_path / "mapping.yaml").read_text(encoding="utf-8")
    assert load_settings(tmp_path / "order-sync.toml", environment={}).database.url == url


def test_what_cannot_be_read_is_said_with_the_way_out(tmp_path: Path) -> None:
    url = database(tmp_path / "s.db", 'CREATE TABLE "s" ("Bestell Nr." TEXT, "Client" TEXT, "open" BIT)')
    result = call("init", "--table", "s", "--database", url)
    assert "s has 3 columns" in result.stdout
    assert "left out: open (BIT): such types are not read; a view can give them as text" in result.stdout
    assert "Bestell" not in result.stdout
    assert 'source: "Bestell Nr.", target: Bestell Nr,' in (tmp_path / "mapping.yaml").read_text(encoding="utf-8")


def test_the_next_steps_are_in_the_order_in_which_they_work(tmp_path: Path) -> None:
    url = database(tmp_path / "sales.db", OTHER_TABLE)
    told = call("init", "--table", "sales", "--database", url).stdout
    steps = ("ORDER_SYNC_TOKEN", "check --columns", "places of mapping.yaml and in 1 place of customers.yaml")
    places = [told.index(step) for step in (*steps, "schema deploy", "order-sync check\n", "plan --all")]
    assert places == sorted(places)


def test_another_table_gets_a_draft(tmp_path: Path) -> None:
    url = database(tmp_path / "sales.db", OTHER_TABLE)
    result = call("init", "--table", "sales", "--database", url, "--folder", tmp_path / "new" / "project")
    assert result.exit_code == 0, result.stderr
    text = (tmp_path / "new" / "project" / "mapping.yaml").read_text(encoding="utf-8")
    assert "source: Order No" in text
    assert "FILL_IN" in (tmp_path / "new" / "project" / "customers.yaml").read_text(encoding="utf-8")


def test_what_is_there_is_not_overwritten_without_force(tmp_path: Path) -> None:
    (tmp_path / "mapping.yaml").write_text("mine", encoding="utf-8")
    refused = call("init")
    assert refused.exit_code == 2
    assert "mapping.yaml exists already" in refused.stderr
    assert not (tmp_path / "order-sync.toml").exists()
    assert (tmp_path / "mapping.yaml").read_text(encoding="utf-8") == "mine"
    assert call("init", "--force").exit_code == 0
    assert (tmp_path / "mapping.yaml").read_text(encoding="utf-8") != "mine"


def test_a_table_that_is_not_there_is_named_with_the_nearest(tmp_path: Path) -> None:
    url = database(tmp_path / "sales.db", OTHER_TABLE)
    result = call("init", "--table", "SALES", "--database", url)
    assert result.exit_code == 2
    assert "there is no table 'SALES'; did you mean 'sales'?" in result.stderr
    assert not (tmp_path / "mapping.yaml").exists()


def test_a_database_that_is_named_must_be_there(tmp_path: Path) -> None:
    result = call("init", "--database", f"sqlite:///{(tmp_path / 'none.db').as_posix()}")
    assert result.exit_code == 2
    assert "there is no database" in result.stderr


def test_files_that_are_there_are_counted_by_the_verb(tmp_path: Path) -> None:
    (tmp_path / "mapping.yaml").write_text("", encoding="utf-8")
    assert "mapping.yaml exists already" in call("init").stderr
    (tmp_path / "customers.yaml").write_text("", encoding="utf-8")
    assert "customers.yaml exist already" in call("init").stderr
