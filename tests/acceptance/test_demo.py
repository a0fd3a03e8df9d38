"""`order-sync demo`, as a person calls it: with faults, again, on tampered results, and cut short."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from order_sync.cli import app
from order_sync.cli.demo_folder import DemoFolder, find_folder, make_folder
from order_sync.cli.demo_server import FAULTS, answers, serving, wire_records
from order_sync.model.errors import BoardUnavailable

pytestmark = pytest.mark.slow
WIDE = {"COLUMNS": "300"}


def call(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(app, ["demo", "--folder", str(folder), *words], env=WIDE)


def folder_of(path: Path) -> DemoFolder:
    found = find_folder(path)
    assert found is not None
    return found


def execute(folder: DemoFolder, sql: str) -> None:
    with closing(sqlite3.connect(folder.database)) as conn, conn:
        conn.execute(sql)


def count(folder: DemoFolder, sql: str) -> int:
    with closing(sqlite3.connect(folder.database)) as conn:
        return int(conn.execute(sql).fetchone()[0])


def mutations(folder: DemoFolder) -> int:
    records = [json.loads(line) for line in folder.wire.read_text(encoding="utf-8").splitlines()]
    return sum(record["operation"] == "mutation" for record in records)


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[DemoFolder, Result]:
    """One finished demo, with what it said. Tests that change it take a copy."""
    path = tmp_path_factory.mktemp("demo") / "with a blank"
    result = call(path, "--rows", "60", "--customers", "3")
    return folder_of(path), result


@pytest.fixture
def copy(first: tuple[DemoFolder, Result], tmp_path: Path) -> DemoFolder:
    path = tmp_path / "demo"
    shutil.copytree(first[0].path, path)
    return folder_of(path)


def test_first_run_meets_every_fault_and_proves_the_result(first: tuple[DemoFolder, Result]) -> None:
    folder, result = first
    assert result.exit_code == 0, result.output
    assert "Board, production and list agree." in result.output
    assert not folder.differences.exists()
    records = [json.loads(line) for line in folder.wire.read_text(encoding="utf-8").splitlines()]
    assert {record["fault"] for record in records} - {None} == {fault["kind"] for fault in FAULTS}
    for words in ("in doubt", "found on the board by key", "proven absent", "refused", "retry --all"):
        assert words in result.output
    assert count(folder, "SELECT count(*) FROM MON_CustMasterSchedule") > 40


def test_its_simulator_ends_with_it(first: tuple[DemoFolder, Result]) -> None:
    assert not answers(first[0].port)


def test_second_run_sends_nothing_and_heeds_no_variable_of_a_real_installation(
    copy: DemoFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ORDER_SYNC_MONDAY__URL", "http://127.0.0.1:1/v2")
    monkeypatch.setenv("ORDER_SYNC_DATABASE__URL", "sqlite:///elsewhere.db")
    before = mutations(copy)
    result = call(copy.path)
    assert result.exit_code == 0, result.output
    assert "nothing to send" in result.output
    assert "Board, production and list agree." in result.output
    assert mutations(copy) == before


def test_tampered_production_is_found_out(copy: DemoFolder) -> None:
    execute(copy, "UPDATE MON_CustMasterSchedule SET \"NOTES\" = 'TAMPERED' WHERE rowid = 3")
    execute(copy, "DELETE FROM MON_CustMasterSchedule_Subitems WHERE rowid = 5")
    result = call(copy.path)
    assert result.exit_code == 1
    assert "TAMPERED" in result.output
    told = copy.differences.read_text(encoding="utf-8")
    assert "NOTES" in told
    assert "subitem ids" in told


def test_breach_that_no_comparison_sees_is_told_as_an_invariant(copy: DemoFolder) -> None:
    execute(copy, "UPDATE MON_BatchProcessing SET successful_records = successful_records + 1")
    result = call(copy.path)
    assert result.exit_code == 1
    assert "I7 counters" in copy.differences.read_text(encoding="utf-8")


def test_edited_source_leaves_the_list_out(copy: DemoFolder) -> None:
    execute(copy, "UPDATE ORDERS_UNIFIED SET \"NOTES\" = 'ADDED LATER' WHERE rowid = 1")
    result = call(copy.path)
    assert result.exit_code == 0, result.output
    assert "1 source row" in result.output
    assert "Board and production agree." in result.output


def test_simulator_that_runs_already_is_used_and_left(copy: DemoFolder) -> None:
    with serving(copy, faults=False) as server:
        result = call(copy.path)
        assert result.exit_code == 0, result.output
        assert "running already" in result.output
        assert answers(server.folder.port)
        refused = call(copy.path, "--fresh")
        assert refused.exit_code == 2
    assert copy.database.exists()


def test_simulator_of_another_folder_on_the_same_port_is_not_taken_for_ours(
    first: tuple[DemoFolder, Result], copy: DemoFolder
) -> None:
    with serving(first[0], faults=False), serving(copy, faults=False) as server:
        assert server.process is not None
        assert server.folder.port != first[0].port


def test_board_that_another_process_holds_is_refused_with_its_reason(copy: DemoFolder) -> None:
    with serving(copy, faults=False) as server:
        other = server.folder.with_port(1)  # nobody serves the board there
        with pytest.raises(BoardUnavailable, match="held by another simulator"), serving(other, faults=False):
            pytest.fail("two simulators on one board")


def test_other_options_than_the_folders_are_refused(first: tuple[DemoFolder, Result]) -> None:
    result = call(first[0].path, "--rows", "61")
    assert result.exit_code == 2
    assert first[0].database.exists()


def test_database_that_is_no_server_of_a_kind_is_refused_and_not_repeated(tmp_path: Path) -> None:
    for url in ("sqlite:///other.db", "postgresql://me:secret@there/orders", "no url, secret", "mssql://me@there"):
        result = call(tmp_path / "demo", "--database", url)
        assert result.exit_code == 2
        assert "mssql+mssqlpython://" in result.output
        assert "secret" not in result.output
    assert list(tmp_path.iterdir()) == []


def test_folder_with_a_file_takes_no_server(first: tuple[DemoFolder, Result]) -> None:
    result = call(first[0].path, "--database", "mssql://me@there/orders")
    assert result.exit_code == 2
    assert "--database" in result.output
    assert first[0].database.exists()


def test_folder_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("keep", encoding="utf-8")
    for words in ([], ["--fresh"]):
        assert call(tmp_path, *words).exit_code == 2
    assert [each.name for each in tmp_path.iterdir()] == ["letter.txt"]


KILLED = """
import os, sys, time
from pathlib import Path
from order_sync.cli.demo_folder import find_folder
from order_sync.cli.demo_server import serving
with serving(find_folder(Path(sys.argv[1])), faults=False):
    print("ready", flush=True)
    time.sleep(60)
"""


def test_killed_demo_leaves_no_server_behind(tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "demo", rows=9, customers=1, seed=1)
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(folder.path)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        assert answers(folder.port)
        process.kill()
    deadline = time.monotonic() + 20
    while answers(folder.port):
        assert time.monotonic() < deadline, "the simulator outlived the demo"


def test_wire_records_are_those_of_this_server(tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "demo", rows=9, customers=1, seed=1)
    with serving(folder, faults=True) as server:
        assert wire_records(server.folder.port) == []
