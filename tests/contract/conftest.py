"""One suite for every database: SQLite always, another one where ORDER_SYNC_TEST_MSSQL_URL names it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests import databases

from order_sync.model.mapping import Mapping
from order_sync.store.deploy import deploy
from order_sync.store.engine import Engines, open_engines
from order_sync.store.tables import Tables, build_tables


@dataclass
class ManualClock:
    """Stands still until somebody sleeps or moves it."""

    moment: datetime = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
    seconds: float = 0.0
    slept: list[timedelta] = field(default_factory=list)

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return self.seconds

    def sleep(self, wait: timedelta) -> None:
        self.slept.append(wait)
        self.advance(wait)

    def advance(self, by: timedelta) -> None:
        self.moment += by
        self.seconds += by.total_seconds()

    def random(self) -> float:
        return 0.5


def small_mapping(**changes: Any) -> Mapping:
    """Few columns with the odd names that real ones have."""
    orders = [
        {
            "source": "ORDER",
            "target": "AAG ORDER NUMBER",
            "sql": "NVARCHAR(MAX)",
            "staging_sql": "NVARCHAR(200)",
        },
        {"source": "NAME", "target": "CUSTOMER", "sql": "NVARCHAR(MAX)", "staging_sql": "NVARCHAR(200)"},
        {"source": "DROP", "target": "DROP", "sql": "NVARCHAR(MAX)", "staging_sql": "NVARCHAR(200)"},
        {"source": "CODE", "target": "CUSTOMER''S CODE (50%/GLOBAL", "sql": "NVARCHAR(MAX)"},
        {"source": "PRICE", "target": "FINAL FOB (USD)", "sql": "FLOAT"},
        {"source": "WHEN", "target": databases.spelled("EX-FTY [a]b"), "sql": "DATE"},
        {"source": "QTY", "target": "ORDER QTY", "sql": "BIGINT"},
    ]
    given = {
        "pipeline": "test",
        "source": {"table": "ORDERS", "key": ["ORDER"], "customer": "NAME", "order_number": "ORDER"},
        "board": {"id": "42", "sync_key": "text_key", "item_name": "{DROP}", "group": {"season": ["DROP"]}},
        "columns": orders,
        "table_columns": [
            {"target": "Title", "sql": "NVARCHAR(MAX)", "staging_sql": "NVARCHAR(255)", "role": "title"},
            {"target": "Group", "sql": "NVARCHAR(MAX)", "staging_sql": "NVARCHAR(255)", "role": "group"},
            {"target": "Item ID", "sql": "BIGINT", "role": "item_id"},
        ],
        "production_order": ["Title", "Group", *(each["target"] for each in orders), "Item ID"],
        "sizes": {"after": "CODE", "before": "QTY", "total": "QTY"},
        "subitems": {
            "subtasks_column": "subtasks",
            "columns": [{"target": "parent_item_id"}, {"target": "Size"}, {"target": "Order Qty"}],
        },
    }
    return Mapping.model_validate({**given, **changes})


@pytest.fixture
def store_url(each_database: str, tmp_path: Path) -> str:
    """A database of this test's own."""
    return f"sqlite:///{tmp_path / 'store.db'}" if each_database == "sqlite" else databases.server()


@pytest.fixture
def engines(store_url: str, request: pytest.FixtureRequest) -> Iterator[Engines]:
    """Its two engines; a lock is waited for a tenth of a second only."""
    if databases.on_server() and "deployed" not in request.fixturenames:
        databases.clear(store_url)
    opened = open_engines(store_url, busy_timeout=timedelta(milliseconds=100))
    yield opened
    opened.dispose()


@pytest.fixture
def mapping() -> Mapping:
    return small_mapping()


@pytest.fixture
def tables(engines: Engines, mapping: Mapping) -> Tables:
    """The tables for `mapping`, not deployed yet."""
    return build_tables(mapping, None if engines.dialect == "sqlite" else "dbo")


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the tables, empty: copying it is quicker than making them for each test."""
    path = tmp_path_factory.mktemp("template") / "store.db"
    made = open_engines(f"sqlite:///{path}")
    deploy(made, build_tables(small_mapping(), None))
    made.dispose()
    return path


@pytest.fixture
def deployed(engines: Engines, tables: Tables, empty_file: Path) -> Tables:
    """The tables, there and empty."""
    if engines.dialect == "sqlite":
        shutil.copyfile(empty_file, engines.name)
    else:
        databases.stand(engines, tables)
    return tables


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()
