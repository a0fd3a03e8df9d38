"""Every column of the source, with its odd name and its kind: made, loaded, read, named in DDL and reports."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import polars as pl
import pytest
from sqlalchemy import Column, MetaData, Table, insert, select, update
from tests.databases import spelled

from order_sync.demo_data import source_columns
from order_sync.model.mapping import Mapping
from order_sync.reports.differences import schema_differences
from order_sync.store import catalogue
from order_sync.store.bulk import load
from order_sync.store.changes import AddColumn
from order_sync.store.deploy import deploy
from order_sync.store.engine import Engines
from order_sync.store.tables import Tables, build_tables
from order_sync.store.types import sql_type

ODD = (
    "CUSTOMER''S COLOUR CODE (CUSTOM FIELD) CUSTOMER PROVIDES THIS",
    "PROMO GROUP / CAMPAIGN (HOT 30/GLOBAL EDIT",
    "USA ONLY LSTP 75% EX WORKS",
    *("0", "10", "30/30", "30X30", "30-30L", "XXL", "2XL", "S(6-8)", "4w", "All", "DROP", "Group"),
    *(
        "a]b",
        "[a]",
        'say "so"',
        "it's",
        "100%",
        "%s",
        ":name",
        "?",
        "a;b",
        "--",
        "two  blanks",
        "tab\there",
        "日本 ∆",
        "SELECT",
    ),
)
KINDS: dict[str, list[Any]] = {
    "NVARCHAR(MAX)": ["", " ", "日本 🧵 ’", "x" * 4001, "50% 'off' ]] \\ \" \n", None],
    "NVARCHAR(36)": ["6f9619ff-8b86-d011-b42d-00c04fc964ff", None],
    "INT": [0, -1, 2**31 - 1, None],
    "BIGINT": [2**63 - 1, -(2**63), None],
    "FLOAT": [28.86, -0.1, 1e-9, None],
    "DATE": [date(1900, 1, 1), date(2026, 12, 31), None],
    "DATETIME2": [datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC), None],
    "DECIMAL(18, 4)": [Decimal("28.8600"), Decimal("-99999999999999.9999"), None],
    "BIT": [True, False, None],
    "UNIQUEIDENTIFIER": [UUID("6f9619ff-8b86-d011-b42d-00c04fc964ff"), None],
}


@pytest.fixture
def scratch(engines: Engines) -> Iterator[MetaData]:
    """Tables made in it go at the end."""
    metadata = MetaData(schema=None if engines.dialect == "sqlite" else "dbo")
    yield metadata
    with engines.write.begin() as conn:
        metadata.drop_all(conn)


def test_every_column_of_the_source_is_made_and_found_again(engines: Engines, scratch: MetaData) -> None:
    columns = source_columns()
    table = Table("ORDERS_ODD", scratch, *(Column(name, sql_type(sql)) for name, sql in columns))
    with engines.write.begin() as conn:
        table.create(conn)
        found = catalogue.columns(conn, table.name, scratch.schema)
    assert [each.name for each in found] == [name for name, _ in columns]
    assert len(found) == 268


def _written(name: str) -> Any:
    lacking = pytest.mark.not_on_babelfish("its grammar has no closing bracket in a name, and two dashes crash it")
    return pytest.param(name, marks=[lacking] if "]" in name or "--" in name else [])


@pytest.mark.parametrize("name", [_written(name) for name in ODD])
@pytest.mark.parametrize("sql", ["NVARCHAR(MAX)", "INT"])
def test_an_odd_name_goes_through_every_way_in_and_out(
    engines: Engines, scratch: MetaData, name: str, sql: str
) -> None:
    table = Table(spelled("ODD [x]"), scratch, Column("id", sql_type("INT"), primary_key=True, autoincrement=False))
    wanted = Table(
        spelled("ODD [x]"), MetaData(schema=scratch.schema), Column("id", sql_type("INT")), Column(name, sql_type(sql))
    )
    values = [value for value in KINDS[sql] if value is not None]
    frame = pl.DataFrame({"id": list(range(len(values))), name: values})
    with engines.write.begin() as conn:
        table.create(conn)
        for statement in AddColumn(wanted, name).statements(conn.dialect):
            conn.execute(statement)
        load(conn, wanted, frame)
        column = wanted.c[name]
        conn.execute(insert(wanted).values({"id": 99, name: values[-1]}))
        conn.execute(update(wanted).where(wanted.c.id == 99).values({name: values[0]}))
        assert conn.scalars(select(column).order_by(wanted.c.id)).all() == [*values, values[0]]
        assert name in [each.name for each in catalogue.columns(conn, table.name, scratch.schema)]


@pytest.mark.parametrize(("sql", "values"), KINDS.items(), ids=KINDS.keys())
def test_every_kind_of_value_comes_back_as_itself(
    engines: Engines, scratch: MetaData, sql: str, values: list[Any]
) -> None:
    table = Table("KINDS", scratch, Column("id", sql_type("INT"), autoincrement=False), Column("value", sql_type(sql)))
    plain = [str(value) if isinstance(value, UUID | Decimal) else value for value in values]
    with engines.write.begin() as conn:
        table.create(conn)
        load(conn, table, pl.DataFrame({"id": list(range(len(plain))), "value": plain}))
        assert conn.scalars(select(table.c.value).order_by(table.c.id)).all() == values
        conn.execute(insert(table), [{"id": 100 + at, "value": value} for at, value in enumerate(values)])
        again = select(table.c.value).where(table.c.id >= 100).order_by(table.c.id)
        assert conn.scalars(again).all() == values


def odd_mapping(mapping: Mapping) -> Mapping:
    """The mapping of the tests with every odd name as a column more."""
    taken = {*mapping.production_order, *(name for name in ODD if name.casefold() == "size")}
    names = [name for name in map(spelled, ODD) if name not in taken]
    more = [mapping.columns[3].model_copy(update={"target": name}) for name in names]
    changed = {"columns": [*mapping.columns, *more], "production_order": [*mapping.production_order, *names]}
    return mapping.model_copy(update=changed)


def test_odd_names_are_deployed_added_later_and_told(engines: Engines, deployed: Tables, mapping: Mapping) -> None:
    odd = build_tables(odd_mapping(mapping), deployed.metadata.schema)
    told = {each.where for each in schema_differences(engines, odd).needed}
    assert told >= {f"{odd.staging.name}.{name}" for name in map(spelled, ODD) if name not in mapping.production_order}
    deploy(engines, odd)
    assert schema_differences(engines, odd).needed == ()
    row = {name: f"value of {name}" for name in odd_mapping(mapping).production_order if name in set(map(spelled, ODD))}
    with engines.write.begin() as conn:
        conn.execute(insert(odd.production).values(row))
        found = conn.execute(select(odd.production)).mappings().one()
    assert {name: found[name] for name in row} == row
    assert deploy(engines, odd) == []
