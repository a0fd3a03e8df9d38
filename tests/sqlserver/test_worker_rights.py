"""The roles' rights are enough for all that the program does, and no more than that."""

from __future__ import annotations

import os
import re
import sqlite3
from pathlib import Path

import pytest
from authorizer import Authorizer
from tests.cli_calls import call
from tests.harness import EXAMPLE
from whole_work import Work, without_select, worker_rights

from order_sync.model.mapping_file import load_mapping_file
from order_sync.store.grants import MODULES, WORKER, Role, grants
from order_sync.store.modules import PROCEDURES, VIEWS
from order_sync.store.tables import Tables, build_tables, table_names


@pytest.fixture(scope="module")
def tables() -> Tables:
    mapping = load_mapping_file((EXAMPLE / "mapping.yaml").read_text(encoding="utf-8"), "mapping.yaml").mapping
    return build_tables(mapping, "dbo")


@pytest.fixture(scope="module")
def script(tables: Tables) -> str:
    return grants(tables, "ORDERS_UNIFIED", "dbo")


def test_nothing_is_asked_for_without_a_right(work: Work) -> None:
    assert work.worker.refused == set()
    assert work.reader.refused == set()
    assert {verb for _, verb in work.reader.used} == {"SELECT"}


def test_each_right_to_change_something_is_needed(work: Work) -> None:
    used = {(table, verb) for table, verb in work.worker.used if verb != "SELECT"}
    assert without_select(worker_rights(work.tables)) == used


def test_each_table_is_read_and_filled_by_the_worker(tables: Tables) -> None:
    assert set(WORKER) == set(table_names(tables))
    assert WORKER["versions"] == ("SELECT",), "written by whoever deploys"
    for attribute in set(WORKER) - {"versions"}:
        assert WORKER[attribute][:2] == ("SELECT", "INSERT")


def test_the_record_of_calls_is_only_added_to() -> None:
    for attribute in ("calls", "call_rows", "call_bodies", "call_results", "chain"):
        assert WORKER[attribute] == ("SELECT", "INSERT")


def test_a_right_that_is_taken_away_is_missed() -> None:
    conn = sqlite3.connect(":memory:")
    conn.execute("CREATE TABLE MON_Board (board)")
    strict = Authorizer({"MON_Board": ("SELECT", "INSERT")})
    conn.set_authorizer(strict)
    conn.execute("INSERT INTO MON_Board VALUES (1)")
    for sql in ("DELETE FROM MON_Board", "DROP TABLE MON_Board", "CREATE TABLE other (x)", "SELECT * FROM other"):
        with pytest.raises(sqlite3.Error):
            conn.execute(sql)
    assert ("MON_Board", "DELETE") in strict.refused
    conn.close()


def test_the_script_grants_what_is_listed_and_nothing_else(script: str, tables: Tables) -> None:
    found = re.findall(r"^ *GRANT (.+) ON dbo\.\[(.+)\] TO (\w+);$", script, re.MULTILINE)
    said = {(role, name): tuple(rights.split(", ")) for rights, name, role in found}
    wanted: dict[tuple[str, str], tuple[str, ...]] = {("sync_reader", "ORDERS_UNIFIED"): ("SELECT",)}
    wanted |= {("sync_worker", getattr(tables, attribute).name): rights for attribute, rights in WORKER.items()}
    wanted |= {
        (role.value, name): ("SELECT" if name in VIEWS else "EXECUTE",)
        for role, names in MODULES.items()
        for name in names
    }
    assert said == wanted
    others = [line for line in script.splitlines() if line.startswith("GRANT") and " ON dbo." not in line]
    assert others == [
        "GRANT CREATE TABLE, CREATE VIEW, CREATE PROCEDURE TO sync_migrate;",
        "GRANT CONTROL ON SCHEMA::dbo TO sync_migrate;",
    ]


def test_the_dashboard_cannot_change_anything() -> None:
    assert set(MODULES[Role.DASHBOARD]) == {*VIEWS, "sp_MON_GetBatchSummary"}
    assert set(MODULES[Role.WORKER]) == {*VIEWS, *PROCEDURES}


def test_no_login_is_named_but_in_comments(script: str) -> None:
    for line in script.splitlines():
        assert "LOGIN" not in line or line.startswith("--")
        assert "ADD MEMBER" not in line or line.startswith("--")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "order-sync.toml").write_text(f"mapping = {str(EXAMPLE / 'mapping.yaml')!r}\n", encoding="utf-8")
    return tmp_path


def test_a_dba_reads_the_rights_apart_from_the_tables(folder: Path, script: str) -> None:
    shown = call("schema", "show", "--dialect", "mssql", "--grants", folder=folder)
    assert shown.exit_code == 0, shown.stderr
    assert shown.stdout == script
    assert "CREATE TABLE dbo." not in script


def test_sqlite_has_no_rights_to_show(folder: Path) -> None:
    refused = call("schema", "show", "--dialect", "sqlite", "--grants", folder=folder)
    assert refused.exit_code == 2
    assert "--dialect mssql --grants" in refused.stderr


@pytest.mark.parametrize("words", [(), ("--grants",)])
def test_a_file_of_it_is_what_sqlcmd_reads_whatever_the_machines_code_page(
    folder: Path, words: tuple[str, ...]
) -> None:
    shown = call("schema", "show", "--dialect", "mssql", *words, folder=folder)
    written = call("schema", "show", "--dialect", "mssql", *words, "--output", str(folder / "made.sql"), folder=folder)
    assert (written.exit_code, written.stdout) == (0, "")
    assert (folder / "made.sql").read_bytes() == b"\xef\xbb\xbf" + shown.stdout.replace("\n", os.linesep).encode()


def test_a_file_that_cannot_be_written_is_named(folder: Path) -> None:
    refused = call("schema", "show", "--output", str(folder / "nowhere" / "made.sql"), folder=folder)
    assert refused.exit_code == 2
    assert "the script cannot be written" in refused.stderr
