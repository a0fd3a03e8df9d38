"""The demo's tables in a database that others use too: only those that its folder made are ever dropped."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Table, insert, select
from tests import databases

from order_sync.model.errors import UsageError
from order_sync.store.catalogue import table_names
from order_sync.store.demo_mark import Ground
from order_sync.store.deploy import deploy, missing
from order_sync.store.engine import Engines
from order_sync.store.source_table import source_table
from order_sync.store.tables import Tables

Make = Callable[[str], Ground]


@pytest.fixture
def source() -> Table:
    return source_table("ORDERS_UNIFIED", [("PO", "NVARCHAR(MAX)")], databases.schema())


@pytest.fixture
def ground(engines: Engines, tables: Tables, source: Table) -> Make:
    return lambda folder: Ground(engines, tables, source, folder)


def names(engines: Engines) -> set[str]:
    with engines.read.begin() as conn:
        return {name for name in table_names(conn, databases.schema()) if not name.startswith("sqlite")}


def test_what_a_folder_made_goes_and_nothing_else(
    engines: Engines, tables: Tables, source: Table, ground: Make
) -> None:
    other = source_table("OF_OTHERS", [("A", "INT")], databases.schema())
    with engines.write.begin() as conn:
        other.create(conn)
    mine = ground("one")
    mine.require_free()
    mine.mark()
    mine.mark()
    with engines.write.begin() as conn:
        source.create(conn)
    deploy(engines, tables)
    mine.require_made_here()
    mine.clear()
    assert names(engines) == {"OF_OTHERS"}
    mine.require_free()


def test_tables_that_others_made_are_refused_and_left(engines: Engines, tables: Tables, ground: Make) -> None:
    deploy(engines, tables)
    before = names(engines)
    for refused in (ground("one").require_free, ground("one").mark, ground("one").clear):
        with pytest.raises(UsageError, match=r"tables that this demo did not make: .* and 2\d more"):
            refused()
    with pytest.raises(UsageError, match="does not hold the tables"):
        ground("one").require_made_here()
    assert names(engines) == before
    assert missing(engines, tables) == []


def test_a_source_of_others_is_refused_and_keeps_its_rows(engines: Engines, source: Table, ground: Make) -> None:
    with engines.write.begin() as conn:
        source.create(conn)
        conn.execute(insert(source).values(PO="real"))
    with pytest.raises(UsageError, match="ORDERS_UNIFIED"):
        ground("one").clear()
    with engines.read.begin() as conn:
        assert conn.scalars(select(source.c.PO)).all() == ["real"]


def test_the_tables_of_another_folder_are_those_of_others(ground: Make) -> None:
    ground("one").mark()
    with pytest.raises(UsageError, match="DEMO_OrderSync"):
        ground("two").mark()
    ground("one").clear()
    ground("two").mark()
    ground("two").require_made_here()


def test_nothing_to_drop_is_no_problem(engines: Engines, ground: Make) -> None:
    ground("one").clear()
    assert names(engines) == set()
