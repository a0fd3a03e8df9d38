"""The ways to load many rows that the benchmark compares: ours, and those that one thinks of first."""

from __future__ import annotations

import platform
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, make_url

from benchmarks.bulk_rows import Load
from order_sync.store import bulk
from order_sync.store.engine import Engines, open_engines
from order_sync.store.sqlserver_sizes import execute_many

OURS = "Order Sync"
PLAIN_PYODBC = "pyodbc executemany"
PLAIN_SQLITE = "sqlite3 executemany"
Rows = Sequence[tuple[Any, ...]]


@dataclass(frozen=True)
class Way:
    """`run`: loads and commits; gives the seconds. `slow`: a round trip for each row, so it is timed with fewer."""

    name: str
    run: Callable[[Load], float]
    slow: bool = False


@dataclass(frozen=True)
class Ways:
    """On one database; `engines` are for the tables and for what arrived. `missing`: what could not be tried."""

    engines: Engines
    all: tuple[Way, ...]
    missing: tuple[str, ...] = ()


@contextmanager
def on_sqlite(file: Path) -> Iterator[Ways]:
    url = make_url(f"sqlite:///{file}")
    with ExitStack() as stack:
        engines, plain = _engines(stack, url), _plain(stack, url)
        ways = [
            _ours(OURS, engines),
            _executemany(PLAIN_SQLITE, plain, prepared=_iso),
            *_pandas("pandas.to_sql", plain),
        ]
        yield Ways(engines, tuple(ways), _without_pandas())


@contextmanager
def on_server(given: str) -> Iterator[Ways]:
    """Each driver that is there."""
    url = make_url(given)
    with ExitStack() as stack:
        found: list[Way] = []
        missing = list(_without_pandas())
        for driver, url_of, faster in (("mssql-python", _mssql_python, _sizes), ("pyodbc", _pyodbc, _fast)):
            its = url_of(url)
            if its is None:
                missing.append(f"{driver}: not installed")
                continue
            plain = _plain(stack, its)
            found += [
                _ours(f"{OURS}, {driver}", _engines(stack, its)),
                _executemany(f"{driver} executemany", plain, slow=True),
                faster(plain),
                *_pandas(f"pandas.to_sql, {driver}", plain, slow=True),
            ]
            if driver == "pyodbc":
                found += _pandas("pandas.to_sql, pyodbc fast_executemany", _plain(stack, its, fast_executemany=True))
        yield Ways(_engines(stack, url), tuple(found), tuple(missing))


def _engines(stack: ExitStack, url: URL) -> Engines:
    engines = open_engines(url.render_as_string(hide_password=False))
    stack.callback(engines.dispose)
    return engines


def _plain(stack: ExitStack, url: URL, **options: Any) -> Engine:
    """As anybody makes it: SQLAlchemy's and the driver's own settings."""
    engine = create_engine(url, **options)
    stack.callback(engine.dispose)
    return engine


def _ours(name: str, engines: Engines) -> Way:
    def run(load: Load) -> float:
        with engines.write.connect():
            began = time.perf_counter()
        with engines.write.begin() as conn:
            bulk.load(conn, load.table, load.frame)
        return time.perf_counter() - began

    return Way(name, run)


def _executemany(
    name: str,
    engine: Engine,
    send: Callable[[Any, str, Rows], None] | None = None,
    prepared: Callable[[Rows], Rows] = lambda rows: rows,
    *,
    slow: bool = False,
) -> Way:
    """The rows are finished before the clock starts."""

    def run(load: Load) -> float:
        rows = prepared(load.rows())
        statement = (
            f"INSERT INTO {load.table.name} ({', '.join(load.names)}) VALUES ({', '.join('?' * len(load.names))})"
        )
        conn = engine.raw_connection()
        try:
            cursor = conn.cursor()
            began = time.perf_counter()
            if send is None:
                cursor.executemany(statement, rows)
            else:
                send(cursor, statement, rows)
            conn.commit()
            return time.perf_counter() - began
        finally:
            conn.close()

    return Way(name, run, slow)


def _iso(rows: Rows) -> Rows:
    """sqlite3 has no dates of its own any more."""
    return [tuple(each.isoformat() if isinstance(each, date | datetime) else each for each in row) for row in rows]


def _sizes(engine: Engine) -> Way:
    """mssql-python where it is told the kind and the size of each parameter."""
    return _executemany("mssql-python executemany, sizes declared", engine, execute_many)


def _fast(engine: Engine) -> Way:
    def send(cursor: Any, statement: str, rows: Rows) -> None:
        cursor.fast_executemany = True
        cursor.executemany(statement, rows)

    return _executemany("pyodbc fast_executemany", engine, send)


def _pandas(name: str, engine: Engine, *, slow: bool = False) -> list[Way]:
    if find_spec("pandas") is None:
        return []
    pandas = import_module("pandas")

    def run(load: Load) -> float:
        columns = dict(zip(load.names, zip(*load.rows(), strict=True), strict=True))
        frame = pandas.DataFrame({name: pandas.Series(values, dtype=object) for name, values in columns.items()})
        with engine.connect():
            began = time.perf_counter()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # sqlite3's own adapters of dates
            frame.to_sql(load.table.name, engine, if_exists="append", index=False)
        return time.perf_counter() - began

    return [Way(name, run, slow)]


def _without_pandas() -> tuple[str, ...]:
    return () if find_spec("pandas") else ("pandas: not installed",)


def _mssql_python(url: URL) -> URL | None:
    if find_spec("mssql_python") is None:
        return None
    query = {name: value for name, value in url.query.items() if name.lower() not in ("driver", "app")}
    return url.set(drivername="mssql+mssqlpython", query=query)


def _pyodbc(url: URL) -> URL | None:
    """With the ODBC driver that the url names, that the machine has, or that mssql-python brings."""
    try:
        pyodbc = import_module("pyodbc")
    except ImportError:
        return None
    if url.get_driver_name() == "pyodbc":
        return url
    known = [name for name in pyodbc.drivers() if "SQL Server" in name] + _bundled()
    return url.set(drivername="mssql+pyodbc").update_query_dict({"driver": known[-1]}) if known else None


def _bundled() -> list[str]:
    if find_spec("mssql_python_odbc") is None:
        return []
    libraries = Path(import_module("mssql_python_odbc").get_libs_dir())
    found = libraries.glob(f"linux/debian_ubuntu/{platform.machine()}/lib/libmsodbcsql-*")
    return sorted(map(str, found))
