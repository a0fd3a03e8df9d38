"""`order-sync demo --database`, as somebody calls it who wants to see it on a server of his own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import make_url
from tests import databases
from tests.cli_calls import call
from typer.testing import Result

from order_sync.cli.demo_folder import DemoFolder, find_folder
from order_sync.cli.exits import ExitCode
from order_sync.store.engine import Engines, open_engines

pytestmark = [databases.needs_server, pytest.mark.slow]
ROWS = ("--rows", "60", "--customers", "3")


def demo(folder: Path, *words: str, **environment: str) -> Result:
    return call("demo", "--folder", folder, *words, **environment)


def url_and_password() -> tuple[str, str]:
    url = make_url(databases.server())
    bare = url.set(password="").render_as_string(hide_password=False).replace(":@", "@")
    return bare, str(url.password)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[DemoFolder, Result]:
    """The demo, and what it said when it came to its end. The password stands in the url."""
    databases.clear(databases.server())
    path = tmp_path_factory.mktemp("demo") / "on a server"
    said = demo(path, *ROWS, "--database", databases.server())
    if said.exit_code == ExitCode.HALTED:
        # Its times are short; a server that is busy for longer halts it, and the same command goes on.
        said = demo(path, "--database", databases.server())
    found = find_folder(path)
    assert found is not None, said.output
    return found, said


@pytest.fixture
def engines() -> Engines:
    return open_engines(databases.server())


def test_the_result_is_proved(made: tuple[DemoFolder, Result]) -> None:
    folder, said = made
    assert said.exit_code == 0, said.output
    assert "Board, production and list agree." in said.output
    assert "invariants hold" in said.output
    assert not (folder.path / "orders.db").exists()


def test_no_file_and_no_line_of_output_has_the_password(made: tuple[DemoFolder, Result]) -> None:
    folder, said = made
    _, password = url_and_password()
    assert password.encode() not in said.output.encode()
    files = {path.name: path.read_bytes() for path in folder.path.rglob("*") if path.is_file()}
    assert "order-sync.toml" in files
    assert [name for name, content in files.items() if f":{password}@".encode() in content] == []


def test_a_second_run_sends_nothing(made: tuple[DemoFolder, Result]) -> None:
    folder, _ = made
    records = len(folder.wire.read_bytes().splitlines())
    _, password = url_and_password()
    said = demo(folder.path, ORDER_SYNC_DATABASE_PASSWORD=password, ORDER_SYNC_DATABASE__URL="sqlite:///elsewhere.db")
    assert said.exit_code == 0, said.output
    assert "nothing to send" in said.output
    assert "Board, production and list agree." in said.output
    wire = [json.loads(line) for line in folder.wire.read_text(encoding="utf-8").splitlines()[records:]]
    assert [each for each in wire if each["operation"] == "mutation"] == []


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (("status",), "COMPLETED"),
        (("errors",), "to do"),
        (("schema", "diff"), ""),
        (("status", "--json"), '"ok"'),
    ],
)
def test_commands_work_in_its_folder(made: tuple[DemoFolder, Result], words: tuple[str, ...], shown: str) -> None:
    _, password = url_and_password()
    said = call(*words, folder=made[0].path, ORDER_SYNC_DATABASE_PASSWORD=password)
    assert said.exit_code in (0, 1), said.output + said.stderr
    assert shown in said.output
    assert "Traceback" not in said.output


def test_another_folder_is_refused_the_same_database_and_leaves_no_trace(
    made: tuple[DemoFolder, Result], tmp_path: Path
) -> None:
    for folder in (tmp_path / "other", tmp_path):
        said = demo(folder, *ROWS, "--database", databases.server())
        assert said.exit_code == 2
        assert "tables that this demo did not make" in said.output + said.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_changed_value_is_found_out(made: tuple[DemoFolder, Result], engines: Engines) -> None:
    _, password = url_and_password()
    edit = "UPDATE dbo.MON_CustMasterSchedule SET NOTES = N'{}' WHERE [Item ID] = (SELECT MIN([Item ID]) FROM dbo.MON_CustMasterSchedule)"
    with engines.write.begin() as conn:
        kept = conn.exec_driver_sql(
            "SELECT NOTES FROM dbo.MON_CustMasterSchedule WHERE [Item ID] = (SELECT MIN([Item ID]) FROM dbo.MON_CustMasterSchedule)"
        ).scalar_one()
        conn.exec_driver_sql(edit.format("TAMPERED"))
    said = demo(made[0].path, ORDER_SYNC_DATABASE_PASSWORD=password)
    with engines.write.begin() as conn:
        conn.exec_driver_sql(edit.format(str(kept).replace("'", "''")) if kept else edit.replace("N'{}'", "NULL"))
    assert said.exit_code == 1
    assert "TAMPERED" in said.output


def test_a_wrong_password_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    bare, _ = url_and_password()
    said = demo(tmp_path / "demo", "--database", bare, ORDER_SYNC_DATABASE_PASSWORD="not-it")
    assert said.exit_code == 2, said.output
    assert "refused the login" in said.output + said.stderr
    assert list(tmp_path.iterdir()) == []


def test_anew_drops_what_it_made_and_only_that(made: tuple[DemoFolder, Result], engines: Engines) -> None:
    _, password = url_and_password()
    with engines.write.begin() as conn:
        conn.exec_driver_sql("CREATE TABLE dbo.OF_OTHERS (a INT)")
    said = demo(made[0].path, "--fresh", "--rows", "9", "--customers", "1", ORDER_SYNC_DATABASE_PASSWORD=password)
    assert said.exit_code == 0, said.output
    assert "Board, production and list agree." in said.output
    with engines.write.begin() as conn:
        assert conn.exec_driver_sql("SELECT COUNT(*) FROM dbo.ORDERS_UNIFIED").scalar_one() == 9
        conn.exec_driver_sql("DROP TABLE dbo.OF_OTHERS")
