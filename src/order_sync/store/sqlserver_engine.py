"""SQL Server and Azure SQL, through mssql-python or pyodbc."""

from __future__ import annotations

import logging
from datetime import timedelta
from functools import partial
from typing import Any, Final

from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import NoSuchModuleError

from order_sync.model.errors import SettingsError
from order_sync.store.sqlserver_sizes import execute_many, execute_one
from order_sync.store.sqlserver_url import completed

# A pool writes the traceback of a dead connection that it cannot close. A log that somebody configures still gets it.
logging.getLogger("sqlalchemy").addHandler(logging.NullHandler())

CONNECT_TIMEOUT: Final = timedelta(seconds=15)
_INSTALL: Final = {
    "mssqlpython": "python -m pip install mssql-python, with the Python that runs order-sync",
    "pyodbc": "python -m pip install pyodbc, and install Microsoft's ODBC driver; or write mssql+mssqlpython://..",
}


def write_and_read(url: URL, busy_timeout: timedelta, password: str | None) -> tuple[Engine, Engine]:
    """Two pools on the same login; nothing but its rights keeps the second from writing."""
    full = completed(url, password)
    return _engine(full, busy_timeout), _engine(full, busy_timeout)


def _engine(url: URL, busy_timeout: timedelta) -> Engine:
    driver = url.get_driver_name()
    options: dict[str, Any] = {
        "pool_pre_ping": True,
        "paramstyle": "qmark",  # the other style reads a % in a column's name as its own
        # One statement of 2,099 parameters is no faster than sized parameters, and rows were seen to go missing.
        "use_insertmanyvalues": False,
        "connect_args": {"timeout": int(CONNECT_TIMEOUT.total_seconds())},
    }
    try:
        engine = create_engine(url, **options)
    except (ModuleNotFoundError, ImportError, NoSuchModuleError) as problem:
        raise SettingsError(
            f"the SQL Server driver of {url.drivername!r} is not installed ({problem})", next_step=_INSTALL[driver]
        ) from None
    event.listen(engine, "do_connect", _connect)
    event.listen(engine, "connect", partial(_set_session, busy_timeout))
    if driver == "mssqlpython":
        event.listen(engine, "do_executemany", _sized)
        event.listen(engine, "do_execute", _with_sized_nulls)
    return engine


def _connect(dialect: Dialect, _record: Any, arguments: list[Any], named: dict[str, Any]) -> Any:
    """What a driver raises outside the database interface's own errors is a wrong url, or a login it cannot make."""
    try:
        return dialect.connect(*arguments, **named)
    except dialect.loaded_dbapi.Error:
        raise
    except Exception as problem:  # noqa: BLE001 - drivers raise plain ValueErrors, RuntimeErrors and their own
        raise SettingsError(
            f"the database's url cannot be used ({problem})",
            next_step="correct database.url in the settings, above all what stands behind its '?'",
        ) from None


def _set_session(busy_timeout: timedelta, driver: Any, _record: Any) -> None:
    cursor = driver.cursor()
    # An error leaves no half of a transaction behind, whatever its number.
    cursor.execute("SET XACT_ABORT ON")
    # One driver tells errors by their text alone.
    cursor.execute("SET LANGUAGE us_english")
    cursor.execute(f"SET LOCK_TIMEOUT {int(busy_timeout.total_seconds() * 1000)}")
    cursor.close()
    driver.commit()


def _sized(cursor: Any, statement: str, parameters: Any, _context: Any) -> bool:
    execute_many(cursor, statement, parameters)
    return True


def _with_sized_nulls(cursor: Any, statement: str, parameters: Any, _context: Any) -> bool:
    """mssql-python takes sizes for all parameters or for none."""
    if not any(value is None for value in parameters or ()):
        return False
    execute_one(cursor, statement, parameters)
    return True
