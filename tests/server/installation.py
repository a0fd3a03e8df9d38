"""An installation on the server that the tests may use: a small mapping, a filled source, the documented roles with a
login in each, and a board behind a socket on loopback. Commands are called as a site calls them."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import URL, Column, Connection, Integer, MetaData, Table, UnicodeText, insert, make_url, text
from tests import databases
from tests.cli_calls import PLENTY, TOKEN, call
from tests.harness import InProcess
from tests.small_world import COLUMNS, CUSTOMERS, MAPPING, SIZES
from typer.testing import Result

from monday_simulator import Simulator, load_seed
from monday_simulator.web.server import serving
from order_sync.cli.board_seed import board_seed
from order_sync.clock import SystemClock
from order_sync.events import Events
from order_sync.model.ids import ColumnId
from order_sync.model.mapping_file import load_customers, load_mapping_file
from order_sync.steps.job import Job
from order_sync.store.engine import Engines, open_engines
from order_sync.store.grants import Role
from order_sync.store.tables import Tables, build_tables
from order_sync.wiring import load_project, open_board, open_job

PASSWORD: Final = "Of-the-tests-1"
SOURCE: Final = "ORDERS"
# As the documentation puts a login into roles: one for the daily work, and one for each of the others.
MEMBERS: Final = {
    "reader": (Role.READER,),
    "worker": (Role.READER, Role.WORKER),
    "dashboard": (Role.DASHBOARD,),
    "migration": (Role.MIGRATION,),
    "stranger": (),
}
# A board that answers at once, times that nobody has to wait for.
_QUICK: Final = {
    "ORDER_SYNC_TOKEN": TOKEN,
    "ORDER_SYNC_TIMES__SCALE": "0.01",
    "ORDER_SYNC_TIMES__SEND_DEADLINE": "500",
    "ORDER_SYNC_TIMES__READ_TIMEOUT": "2000",
    "ORDER_SYNC_TIMES__CONNECT_TIMEOUT": "1000",
    "ORDER_SYNC_TIMES__LEASE_TTL": "6000",
    "ORDER_SYNC_TIMES__LEASE_BEAT": "500",
}
_TOML: Final = 'mapping = "mapping.yaml"\n[database]\nurl = "sqlite:///named-by-the-environment.db"\n'


@dataclass
class Installation:
    """`owner`: what a DBA can do, and the tests look with."""

    folder: Path
    owner: Engines
    tables: Tables
    simulator: Simulator
    board: str

    def url(self, login: str | None = None, **changes: Any) -> str:
        """Of this database, for one of its logins, without its password."""
        url = make_url(databases.server())
        if login is not None:
            url = url.set(username=self.login(login))
            url = URL.create(url.drivername, url.username, None, url.host, url.port, url.database, url.query)
        return url.set(**changes).render_as_string(hide_password=False)

    def login(self, name: str) -> str:
        """Logins belong to the whole server, where other databases are tested too."""
        return f"{make_url(databases.server()).database}_{name}"

    def call(self, login: str | None, *words: str | Path, **environment: str) -> Result:
        """A command by this login; None: by whoever owns the database."""
        return call(*words, folder=self.folder, **{**self.environment(login), **environment})

    def environment(self, login: str | None) -> dict[str, str]:
        """What leads a command to this database, as this login, and to the board."""
        known = {"ORDER_SYNC_DATABASE_PASSWORD": PASSWORD} if login else {}
        place = {"ORDER_SYNC_MONDAY__URL": f"{self.board}/v2", "ORDER_SYNC_DATABASE__URL": self.url(login)}
        return {**_QUICK, **place, **known}

    @contextmanager
    def job(self, **environment: str) -> Iterator[Job]:
        """What a run works with, by whoever owns the database."""
        with pytest.MonkeyPatch.context() as patched:
            for name, value in {**self.environment(None), **environment}.items():
                patched.setenv(name, value)
            project = load_project(self.folder / "order-sync.toml")
        http = InProcess(self.simulator)
        with open_job(project, threading.Event(), Events(), token=TOKEN, http=http) as opened:
            yield opened

    def fill(self, *rows: Mapping[str, Any]) -> None:
        """Replace the source's rows."""
        with self.owner.write.begin() as conn:
            conn.exec_driver_sql(f"DELETE FROM dbo.[{SOURCE}]")
            _insert(conn, rows)

    def add(self, *rows: Mapping[str, Any]) -> None:
        with self.owner.write.begin() as conn:
            _insert(conn, rows)

    def rows(self, sql: str) -> list[Any]:
        with self.owner.read.begin() as conn:
            return [tuple(row) for row in conn.execute(text(sql))]

    def script(self, sql: str, engines: Engines | None = None) -> None:
        """As sqlcmd -b runs it: what stands between two GO is one statement, and the first error ends it."""
        with (engines or self.owner).write.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
            for part in batches(sql):
                for statement in _alters(part):
                    conn.exec_driver_sql(statement)

    def tables_there(self) -> list[tuple[str, str]]:
        """Every table and view with each of its columns."""
        return sorted(
            self.rows("SELECT TABLE_NAME, COLUMN_NAME FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_SCHEMA = 'dbo'")
        )

    def on_the_board(self) -> dict[str, list[str]]:
        """The sizes of each item by its name, read as a stranger would. AssertionError: an item is there twice."""
        project = load_project(self.folder / "order-sync.toml")
        board = project.mapping.board
        with open_board(project, SystemClock(), token=TOKEN, http=InProcess(self.simulator)) as opened:
            items = list(opened.scan_full(ColumnId(board.sync_key), ColumnId(project.mapping.subitems.sync_key or "")))
        shown = {full.item.name: sorted(size.name.removeprefix("Size ") for size in full.subitems) for full in items}
        assert len(shown) == len(items), "an item is on the board twice"
        return shown

    def promoted(self) -> dict[str, list[str]]:
        """The same of the production tables."""
        orders = self.rows(f"SELECT [Item ID], Title FROM dbo.[{self.tables.production.name}]")
        sizes = self.rows(f"SELECT parent_item_id, Size FROM dbo.[{self.tables.production_subitems.name}]")
        assert len({title for _, title in orders}) == len(orders), "an order was promoted twice"
        return {title: sorted(str(size) for item, size in sizes if str(item) == str(key)) for key, title in orders}


@contextmanager
def installed(folder: Path, mapping: str = MAPPING) -> Iterator[Installation]:
    """Files, an empty source and an empty board; our tables are not made yet, and there is no role and no login."""
    databases.clear(databases.server())
    for name, content in (("mapping.yaml", mapping), ("customers.yaml", CUSTOMERS), ("order-sync.toml", _TOML)):
        (folder / name).write_text(content, encoding="utf-8")
    file = load_mapping_file(mapping, "mapping.yaml")
    seed = load_seed(board_seed(file.mapping, load_customers(CUSTOMERS, "customers.yaml")))
    owner = open_engines(databases.server())
    with Simulator(seed, limits=PLENTY) as simulator, serving(simulator) as board:
        made = Installation(folder, owner, build_tables(file.mapping, "dbo"), simulator, board)
        with owner.write.begin() as conn:
            _source().create(conn)
        try:
            yield made
        finally:
            owner.dispose()


def _source() -> Table:
    whole = {*SIZES, "TOTAL"}
    columns = (Column(name, Integer() if name in whole else UnicodeText()) for name in COLUMNS)
    return Table(SOURCE, MetaData(schema="dbo"), *columns)


def _insert(conn: Connection, rows: Iterable[Mapping[str, Any]]) -> None:
    for row in rows:
        conn.execute(insert(_source()), {name: row.get(name) for name in COLUMNS})


@contextmanager
def with_roles(site: Installation) -> Iterator[Installation]:
    """The roles by the script that `schema show --grants` prints, and a login in each as the documentation says."""
    shown = site.call(None, "schema", "show", "--dialect", "mssql", "--grants")
    site.script(on_this_server(shown.stdout))
    for table in referenced(site.tables) if databases.is_babelfish() else ():
        site.script(f"GRANT UPDATE ON dbo.[{table}] TO {Role.WORKER}")
    with made_logins(site, into_roles=True):
        yield site


@contextmanager
def made_logins(site: Installation, *, into_roles: bool) -> Iterator[None]:
    """A login and its user for each of the documented ones, and a stranger."""
    forget_logins(site)
    for name, roles in MEMBERS.items():
        site.script("\nGO\n".join(_joined(name, site.login(name), roles if into_roles else ())))
    try:
        yield
    finally:
        forget_logins(site)


def _joined(name: str, login: str, roles: Iterable[Role]) -> Iterator[str]:
    yield f"CREATE LOGIN [{login}] WITH PASSWORD = '{PASSWORD}'"
    if name == "migration" and roles and databases.is_babelfish():
        yield f"ALTER SERVER ROLE sysadmin ADD MEMBER [{login}]"
        return
    yield f"CREATE USER [{login}] FOR LOGIN [{login}]"
    for role in roles:
        yield f"ALTER ROLE {role} ADD MEMBER [{login}]"


def on_this_server(script: str) -> str:
    """Not provable on Babelfish: GRANT CREATE TABLE and GRANT CONTROL ON SCHEMA, which it does not know. There the
    login for migrations owns the database."""
    if not databases.is_babelfish():
        return script
    return re.sub(r"^GRANT (CREATE TABLE|CONTROL)\b.*$", "", script, flags=re.MULTILINE)


def referenced(tables: Tables) -> set[str]:
    """Not provable on Babelfish: that whoever inserts beside a foreign key needs no UPDATE on what it refers to."""
    return {str(key.column.table.name) for table in tables.all() for key in table.foreign_keys}


def forget_logins(site: Installation) -> None:
    """Those of an earlier test too, which may have died."""
    for name in MEMBERS:
        login = site.login(name)
        for drop, there in ((f"DROP USER [{login}]", "database"), (f"DROP LOGIN [{login}]", "server")):
            if site.rows(f"SELECT 1 FROM sys.{there}_principals WHERE name = N'{login}'"):
                site.script(drop)


def _alters(part: str) -> list[str]:
    """Babelfish can alter no view and no procedure: what is to be altered is dropped there, with what was granted."""
    found = re.search(r"^CREATE OR ALTER (VIEW|PROCEDURE) (\S+)", part, re.MULTILINE)
    if found is None or not databases.is_babelfish():
        return [part]
    return [f"DROP {found[1]} IF EXISTS {found[2]}", part.replace("CREATE OR ALTER", "CREATE", 1)]


def batches(sql: str) -> list[str]:
    """The parts of a script; those that hold comments alone are none."""
    parts = [part.strip() for part in re.split(r"^GO$", sql, flags=re.MULTILINE)]
    return [part for part in parts if re.sub(r"^--.*$", "", part, flags=re.MULTILINE).strip()]
