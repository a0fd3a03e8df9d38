"""Invented orders: whatever the mapping, none of them is held."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from tests.small_world import CUSTOMERS, MAPPING

from monday_simulator.seed import load_seed
from order_sync.cli.board_seed import board_seed
from order_sync.cli.drill import example_project
from order_sync.drill.orders import changed, order, source_columns, with_labels
from order_sync.drill.scenarios import NEW
from order_sync.drill.trial import ready
from order_sync.drill.world import World
from order_sync.model.mapping_file import load_customers, load_mapping_file
from order_sync.model.transform import transform
from order_sync.settings import Settings
from order_sync.wiring import Project

_STYLE = "{source: STYLE NO, target: STYLE, sql: NVARCHAR(100), required: true, board: {id: text_style, type: text}}"
_PRICE = "{source: PRICE, target: PRICE, sql: FLOAT, board: {id: numeric_price, type: numbers}}"
_PO = "{source: PO, target: PO, sql: NVARCHAR(100)}"
ODD = {
    "as it is": {},
    "narrow text": {_PO: "{source: PO, target: PO, sql: NVARCHAR(MAX), staging_sql: NVARCHAR(2), required: true}"},
    "a key that is a number": {
        "key: [NUMBER, STYLE NO]": "key: [NUMBER]",
        "sql: NVARCHAR(MAX), staging_sql: NVARCHAR(100), board: {id: text_order": "sql: BIGINT, board: {id: text_order",
    },
    "a date in the key": {_STYLE: "{source: STYLE NO, target: STYLE, sql: DATE, required: true, board: {id: date_style, type: date}}"},
    "a label in the key": {
        _STYLE: "{source: STYLE NO, target: STYLE, sql: NVARCHAR(9), required: true, board: {id: status_style, type: status, labels: never}}"
    },
    "one source, two columns": {
        _PO: "{source: PRICE, target: PO, sql: NVARCHAR(100)}\n  - {source: PO, target: PO2, sql: NVARCHAR(100)}"
    },
    "other numbers": {
        _PRICE: "{source: PRICE, target: PRICE, sql: INT, required: true, board: {id: numeric_price, type: numbers}}",
        _PO: "{source: PO, target: PO, sql: BIT, required: true}",
    },
    "guarded and required": {
        _PO: "{source: PO, target: PO, sql: NVARCHAR(100), required: true, board: {id: drop_po, type: dropdown, labels: never}}"
    },
}  # fmt: skip


def odd(changes: dict[str, str]) -> Project:
    text = MAPPING
    for was, becomes in changes.items():
        assert was in text
        text = text.replace(was, becomes)
    text = (
        text.replace("CUSTOMER, SEASON, KIND, PRICE, PO,", "CUSTOMER, SEASON, KIND, PRICE, PO, PO2,")
        if "PO2" in text
        else text
    )
    return Project(Settings(), load_mapping_file(text, "mapping.yaml"), load_customers(CUSTOMERS, "customers.yaml"))


def problems(project: Project) -> list[str]:
    mapping = project.mapping
    rows = [order(mapping, project.customers, number, number, (number, 1)) for number in range(1, 40)]
    rows += [changed(mapping, rows[0])]
    names = [column.name for column in source_columns(mapping)]
    whole = {column.name for column in source_columns(mapping) if column.sql_type == "INT"}
    frame = pl.DataFrame(
        {"__row": range(len(rows)), **{name: [row.get(name) for row in rows] for name in names}},
        schema={"__row": pl.Int64, **{name: pl.Int64 if name in whole else pl.String for name in names}},
    )
    made = transform(frame, mapping, project.customers)
    assert made.sizes.height >= len(rows)
    return [str(row) for row in made.issues.rows()]


@pytest.mark.parametrize("name", ODD)
def test_invented_orders_suit_odd_mappings(name: str) -> None:
    assert not problems(odd(ODD[name]))


def test_invented_orders_suit_the_shipped_example() -> None:
    assert not problems(example_project())


@pytest.mark.parametrize("name", ["guarded and required", "a label in the key"])
def test_guarded_labels_that_an_order_needs_are_on_the_board(name: str, tmp_path: Path) -> None:
    project = odd(ODD[name])
    board = with_labels(project.mapping, board_seed(project.mapping, project.customers))
    world = World(tmp_path, project, load_seed(board), source_columns(project.mapping))
    try:
        expected = ready(world, NEW).expected
    finally:
        world.close()
    assert not expected.ask("SELECT type FROM error")
    assert expected.ask("SELECT count(*) FROM production") == [(3,)]
