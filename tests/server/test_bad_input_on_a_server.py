"""What goes wrong between a site and its server: what, where and what next, and nothing changed."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import pytest
from sqlalchemy.exc import DBAPIError
from tests.databases import is_babelfish, needs_server
from tests.small_world import order
from typer.testing import Result

from installation import PASSWORD, Installation, installed, made_logins
from order_sync.store import sqlserver_engine
from order_sync.store.engine import open_engines

pytestmark = needs_server
_DEPLOYED = ("schema", "deploy")
_STATUS = ("status",)


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """No table of ours is there, and the logins are in no role."""
    with installed(tmp_path_factory.mktemp("bare")) as made, made_logins(made, into_roles=False):
        yield made


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlserver_engine, "CONNECT_TIMEOUT", timedelta(seconds=2))


def assert_told(done: Result, code: int, *words: str) -> None:
    assert done.exit_code == code, done.stdout + done.stderr
    for word in ("error: ", "  where: ", "  next: ", *words):
        assert word in done.stderr
    for word in ("Traceback", "unexpected", PASSWORD):
        assert word not in done.stdout + done.stderr


def test_a_wrong_password(bare: Installation) -> None:
    done = bare.call("worker", *_STATUS, ORDER_SYNC_DATABASE_PASSWORD="not-this-one")
    assert_told(done, 2, "refused the login", bare.login("worker"), "check user, password")


def test_a_database_that_is_not_there(bare: Installation) -> None:
    done = bare.call("worker", *_STATUS, ORDER_SYNC_DATABASE__URL=bare.url("worker", database="nowhere_test"))
    if is_babelfish():  # it says so with a number that this driver keeps to itself
        assert_told(done, 3, "rejected the connection", "nowhere_test", "correct the database's name")
    else:
        assert_told(done, 2, "does not exist, or this login may not open it", "nowhere_test", "correct its name")


def test_a_port_where_nobody_listens(bare: Installation) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        done = bare.call("worker", *_STATUS, ORDER_SYNC_DATABASE__URL=bare.url("worker", port=taken.getsockname()[1]))
    assert_told(done, 3, "cannot be reached", "server's name and port")


def test_a_server_that_takes_the_call_and_says_nothing(bare: Installation) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        url = bare.url("worker", port=silent.getsockname()[1])
        done: list[Result] = []
        asking = threading.Thread(
            target=lambda: done.append(bare.call("worker", *_STATUS, ORDER_SYNC_DATABASE__URL=url))
        )
        asking.start()
        asking.join(60)
        assert not asking.is_alive(), "it waits for ever"
    assert_told(done[0], 3, "cannot be reached", "then run again")


def test_a_host_that_has_no_address(bare: Installation) -> None:
    done = bare.call("worker", *_STATUS, ORDER_SYNC_DATABASE__URL=bare.url("worker", host="nowhere.invalid"))
    assert_told(done, 3, "cannot be reached", "nowhere.invalid")


def test_a_login_without_any_right_is_told_that_tables_may_be_hidden_from_it(bare: Installation) -> None:
    assert_told(bare.call("stranger", *_STATUS), 2, "are missing, or this login has no right on them", "--grants")
    assert_told(bare.call("stranger", "run", "--all"), 2, "there is no table 'ORDERS'", "grant SELECT on it")


def test_a_deployment_without_the_right_to_make_tables_changes_nothing(bare: Installation) -> None:
    before = bare.tables_there()
    done = bare.call("stranger", *_DEPLOYED)
    if is_babelfish():  # it has words of its own for this, and no number
        assert done.exit_code == 3
        assert "permission denied for schema" in done.stderr
    else:
        assert_told(done, 2, "lacks CREATE TABLE in the database", "GRANT CREATE TABLE")
    assert bare.tables_there() == before


def test_the_script_run_without_the_right_to_make_tables_says_who_has_it(bare: Installation) -> None:
    before = bare.tables_there()
    script = bare.call(None, "schema", "show", "--dialect", "mssql").stdout
    engines = open_engines(bare.url("stranger"), password=PASSWORD)
    with pytest.raises(DBAPIError, match=r"Nothing was changed: this login may not make tables, .*sync_migrate may"):
        bare.script(script, engines)
    engines.dispose()
    assert bare.tables_there() == before


@pytest.fixture
def other_shape(bare: Installation) -> Iterator[None]:
    bare.script("CREATE TABLE dbo.[MON_BatchProcessing] (batch_id INT NOT NULL PRIMARY KEY, note NVARCHAR(20))")
    bare.script("INSERT INTO dbo.[MON_BatchProcessing] VALUES (1, N'theirs')")
    yield
    bare.script("DROP TABLE dbo.[MON_BatchProcessing]")


@pytest.mark.usefixtures("other_shape")
def test_a_table_of_another_shape_is_refused_by_both_ways_and_stays(bare: Installation) -> None:
    before = bare.tables_there()
    assert_told(bare.call(None, *_DEPLOYED), 2, "nothing was changed", "MON_BatchProcessing.batch_id is INT")
    with pytest.raises(
        DBAPIError, match=r"Nothing was changed:.* MON_BatchProcessing\.batch_id is no UNIQUEIDENTIFIER"
    ):
        bare.script(bare.call(None, "schema", "show", "--dialect", "mssql").stdout)
    assert bare.tables_there() == before
    assert bare.rows("SELECT batch_id, note FROM dbo.[MON_BatchProcessing]") == [(1, "theirs")]


@pytest.mark.slow
def test_a_right_that_is_missing_in_mid_run_loses_nothing(logins: Installation) -> None:
    logins.fill(order("A-1"), order("A-2", L=4))
    for right, table in (
        ("INSERT", "calls"),
        ("INSERT", "call_results"),
        ("INSERT", "production"),
        ("DELETE", "staging"),
    ):
        target = f"{right} ON dbo.[{getattr(logins.tables, table).name}]"
        logins.script(f"REVOKE {target} FROM sync_worker")
        done = logins.call("worker", "run", "--all")
        logins.script(f"GRANT {target} TO sync_worker")
        if is_babelfish():
            assert done.exit_code == 3
            assert f"permission denied for table {target.partition('[')[2][:-1].casefold()}" in done.stderr
        else:
            assert_told(done, 2, f"the login lacks {target.replace('[', '').replace(']', '')}")
    assert logins.call("worker", "run", "--all").exit_code == 0
    assert logins.on_the_board() == logins.promoted() == {"ST-A-1 A-1": ["M", "S"], "ST-A-2 A-2": ["L", "M", "S"]}
