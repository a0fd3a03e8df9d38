"""demo-data: a filled source, and never over rows that are there."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from tests.cli_calls import call

from order_sync.demo_data import read_expected


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    return f"sqlite:///{(tmp_path / 'orders.db').as_posix()}"


def rows(tmp_path: Path) -> int:
    with sqlite3.connect(tmp_path / "orders.db") as conn:
        count = conn.execute("SELECT COUNT(*) FROM ORDERS_UNIFIED").fetchone()[0]
    conn.close()
    return int(count)


def test_the_table_is_filled_and_what_must_become_of_each_row_written(tmp_path: Path, url: str) -> None:
    words = ("demo-data", "--rows", "40", "--customers", "2", "--seed", "7", "--database", url)
    result = call(*words, "--expected", tmp_path / "expected.jsonl")
    assert result.exit_code == 0, result.stderr
    assert "40 orders of 2 customers" in result.stdout
    assert rows(tmp_path) == 40
    assert len(list(read_expected(tmp_path / "expected.jsonl"))) == 40


def test_rows_that_are_there_stay_unless_they_may_go(tmp_path: Path, url: str) -> None:
    assert call("demo-data", "--rows", "10", "--database", url).exit_code == 0
    refused = call("demo-data", "--rows", "20", "--database", url)
    assert refused.exit_code == 2
    assert "holds 10 rows already" in refused.stderr
    assert rows(tmp_path) == 10
    assert call("demo-data", "--rows", "20", "--database", url, "--replace").exit_code == 0
    assert rows(tmp_path) == 20


def test_more_customers_than_there_are_names_is_wrong_use(tmp_path: Path, url: str) -> None:
    result = call("demo-data", "--customers", "99", "--database", url)
    assert result.exit_code == 2
    assert "customers must be 1 to 34" in result.stderr


def test_without_a_url_the_settings_say_where(tmp_path: Path, url: str) -> None:
    assert call("init").exit_code == 0
    assert call("demo-data", "--rows", "5").exit_code == 0
    assert (tmp_path / "order_sync.db").is_file()


def test_a_server_is_never_filled_with_inventions(url: str) -> None:
    result = call("demo-data", "--database", "mssql+pymssql://someone@server/production")
    assert result.exit_code == 2


def test_beside_a_draft_it_takes_the_customers_of_the_example(tmp_path: Path) -> None:
    url = f"sqlite:///{(tmp_path / 'orders.db').as_posix()}"
    assert call("demo-data", "--rows", "0", "--database", url).exit_code == 0
    assert call("init", "--database", url, "--folder", tmp_path).exit_code == 0
    result = call("demo-data", "--rows", "5", "--customers", "2", "--database", url, folder=tmp_path)
    assert result.exit_code == 0, result.stderr
    assert "the customers are those of the shipped example" in result.stderr


def test_one_is_not_spoken_of_as_many(url: str) -> None:
    result = call("demo-data", "--rows", "1", "--customers", "1", "--database", url)
    assert "1 order of 1 customer in ORDERS_UNIFIED" in result.stdout
