"""The catalogue: the database's own words about its tables, letter for letter."""

from __future__ import annotations

import pytest

from order_sync.model.errors import SchemaError
from order_sync.store.catalogue import (
    CatalogueColumn,
    UnknownTable,
    columns,
    nearest_names,
    table_names,
    type_text,
)
from order_sync.store.engine import Engines
from order_sync.store.tables import Tables


def test_columns_come_in_the_order_of_the_table_with_their_odd_names(engines: Engines, deployed: Tables) -> None:
    with engines.read.begin() as conn:
        found = columns(conn, deployed.production.name, deployed.metadata.schema)
    assert [column.name for column in found] == [column.name for column in deployed.production.columns]
    assert "CUSTOMER''S CODE (50%/GLOBAL" in [column.name for column in found]


def test_types_and_nulls_are_told_as_the_database_has_them(store_url: str, engines: Engines) -> None:
    if not store_url.startswith("sqlite"):
        pytest.skip("declared in SQLite's words")
    with engines.write.begin() as conn:
        conn.exec_driver_sql(
            'CREATE TABLE odd ("a" NVARCHAR(200) NOT NULL, "b" INT, c, k INTEGER PRIMARY KEY, '
            "twice GENERATED ALWAYS AS (b * 2))"
        )
        found = columns(conn, "odd")
    assert found == (
        CatalogueColumn("a", "NVARCHAR(200)", False),
        CatalogueColumn("b", "INT", True),
        CatalogueColumn("c", "", True),
        CatalogueColumn("k", "INTEGER", False),
        CatalogueColumn("twice", "", True),
    )


@pytest.mark.not_on_babelfish("it writes the names of views in small letters")
def test_views_count_as_tables(engines: Engines, deployed: Tables) -> None:
    with engines.read.begin() as conn:
        assert "VW_MON_ActiveBatches" in table_names(conn, deployed.metadata.schema)


def test_a_table_in_another_case_is_not_taken_but_named(engines: Engines, deployed: Tables) -> None:
    with engines.read.begin() as conn, pytest.raises(UnknownTable) as told:
        columns(conn, "mon_custmasterschedule", deployed.metadata.schema)
    assert told.value.nearest[0] == "MON_CustMasterSchedule"
    assert "did you mean 'MON_CustMasterSchedule'" in str(told.value)
    assert isinstance(told.value, SchemaError)


def test_a_table_that_is_nothing_like_any_other_gets_no_guess(engines: Engines, deployed: Tables) -> None:
    with engines.read.begin() as conn, pytest.raises(UnknownTable) as told:
        columns(conn, "qqq", deployed.metadata.schema)
    assert told.value.nearest == ()
    assert str(told.value).startswith("there is no table 'qqq'\n")


def test_a_name_that_would_be_sql_is_only_a_name(engines: Engines, deployed: Tables) -> None:
    with engines.read.begin() as conn, pytest.raises(UnknownTable):
        columns(conn, "x'); DROP TABLE MON_Lease; --")
    with engines.read.begin() as conn:
        assert "MON_Lease" in table_names(conn, deployed.metadata.schema)


def test_the_same_name_but_for_case_comes_first() -> None:
    known = frozenset({"ORDERS_UNIFIED_OLD", "Orders_Unified", "ORDERS_UNIFIED_SNAPSHOT", "MON_Lease"})
    assert nearest_names(" orders_unified", known)[0] == "Orders_Unified"
    assert nearest_names("ORDERS_UNIFIDE", known)[0] == "Orders_Unified"
    assert len(nearest_names("ORDERS_UNIFIED", known)) == 3


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (("nvarchar", -1, None, None), "NVARCHAR(MAX)"),
        (("nvarchar", 200, None, None), "NVARCHAR(200)"),
        (("decimal", None, 18, 4), "DECIMAL(18, 4)"),
        (("bigint", None, 19, 0), "BIGINT"),
        (("float", None, 53, None), "FLOAT"),
        (("date", None, None, None), "DATE"),
        (("ntext", 1073741823, None, None), "NTEXT"),
    ],
)
def test_sql_servers_parts_of_a_type_become_one_text(
    parts: tuple[str, int | None, int | None, int | None], expected: str
) -> None:
    assert type_text(*parts) == expected
