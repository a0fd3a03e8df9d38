"""Makes the database that ORDER_SYNC_TEST_MSSQL_URL names, empty: `python -m tests.make_database --readers waiting`."""

from __future__ import annotations

import argparse
import sys
from datetime import timedelta
from typing import Final

from sqlalchemy import make_url

from order_sync.clock import SystemClock
from order_sync.model.errors import OrderSyncError
from order_sync.store.engine import Engines, open_engines
from order_sync.store.errors import guarded
from tests.databases import server

TRIES: Final = 30
BETWEEN: Final = timedelta(seconds=2)


def main() -> None:
    """Waits for a server that is just starting, for about a minute."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--readers", choices=["waiting", "not-waiting"], default="not-waiting")
    readers = parser.parse_args().readers
    url = make_url(server())
    engines = open_engines(url.set(database="master").render_as_string(hide_password=False))
    _reachable(engines)
    name = engines.write.dialect.identifier_preparer.quote_identifier(str(url.database))
    _run(engines, f"IF DB_ID(N'{url.database}') IS NULL CREATE DATABASE {name}")
    snapshot = "ON" if readers == "not-waiting" else "OFF"
    _run(engines, f"ALTER DATABASE {name} SET READ_COMMITTED_SNAPSHOT {snapshot} WITH ROLLBACK IMMEDIATE")
    engines.dispose()
    sys.stdout.write(f"{url.database}: there, READ_COMMITTED_SNAPSHOT {snapshot}\n")


def _reachable(engines: Engines) -> None:
    for left in reversed(range(TRIES)):
        try:
            _run(engines, "SELECT 1")
        except OrderSyncError:
            if not left:
                raise
            SystemClock().sleep(BETWEEN)
        else:
            return


def _run(engines: Engines, statement: str) -> None:
    with guarded(engines.name), engines.write.connect() as conn:
        conn.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql(statement)


if __name__ == "__main__":
    main()
