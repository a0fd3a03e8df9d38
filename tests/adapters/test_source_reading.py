"""Reading the source: by name whatever the names, as what the cells hold whatever their type was declared."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from sqlalchemy import Column, Date, Engine, Integer, MetaData, Table, Text, create_engine, insert
from sqlalchemy.pool import NullPool
from tests.harness import EXAMPLE
from tests.transform_samples import mapping as sample_mapping

from order_sync import source as reading
from order_sync.demo_data import source_columns
from order_sync.model.errors import SourceError
from order_sync.model.mapping import Mapping
from order_sync.model.mapping_file import load_mapping
from order_sync.model.rows import SourceRows
from order_sync.source import Source, SourceColumn, read_source

KINDS = {"INT": Integer, "DATE": Date}


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = create_engine(f"sqlite:///{tmp_path / 'source.db'}", poolclass=NullPool)
    yield made
    made.dispose()
    shutil.rmtree(tmp_path)


def fill(engine: Engine, columns: Sequence[tuple[str, str]], rows: Sequence[Sequence[Any]]) -> tuple[SourceColumn, ...]:
    table = Table("ORDERS", MetaData(), *(Column(name, KINDS.get(kind, Text)()) for name, kind in columns))
    with engine.begin() as conn:
        table.create(conn)
        marks = ", ".join("?" * len(columns))
        for row in rows:
            conn.exec_driver_sql(f'INSERT INTO "ORDERS" VALUES ({marks})', tuple(row))
    return tuple(SourceColumn(name, kind) for name, kind in columns)


def read(engine: Engine, columns: Sequence[tuple[str, str]], rows: Sequence[Sequence[Any]]) -> pl.DataFrame:
    known = fill(engine, columns, rows)
    return whole(read_source(engine, sample_mapping(), known, [name for name, _ in columns], None))


def whole(rows: SourceRows) -> pl.DataFrame:
    return pl.concat(rows.batches())


def test_all_268_columns_by_name_in_table_order(engine: Engine) -> None:
    columns = [(name, kind.split("(")[0]) for name, kind in source_columns()]
    row = [at if kind == "INT" else f"v{at}" for at, (_, kind) in enumerate(columns)]
    frame = read(engine, columns, [row])
    assert len(columns) == 268
    assert frame.columns == ["__row", *(name for name, _ in columns)]
    assert frame.row(0) == (0, *row)


def test_odd_names_keep_their_place(engine: Engine) -> None:
    names = ["A b", "it''s", 'quo"te', "50% [x]", "(open", "a.b", ":c", "ünï 🧵", "select", "%(name)s"]
    frame = read(engine, [(name, "TEXT") for name in names], [[f"v{at}" for at in range(len(names))]])
    assert frame.row(0, named=True) == {"__row": 0, **{name: f"v{at}" for at, name in enumerate(names)}}


def test_an_integer_column_that_holds_text_is_text(engine: Engine) -> None:
    frame = read(engine, [("A", "INT"), ("B", "INT"), ("C", "INT")], [(1, 1, None), ("x", None, None), (3, -5, None)])
    assert frame["A"].to_list() == ["1", "x", "3"]
    assert (frame["B"].dtype, frame["B"].to_list()) == (pl.Int64, [1, None, -5])
    assert (frame["C"].dtype, frame["C"].to_list()) == (pl.String, [None] * 3)


def test_other_values_are_text(engine: Engine) -> None:
    frame = read(engine, [("A", "TEXT"), ("B", "TEXT"), ("C", "DATE")], [("x", 1.5, date(2026, 3, 1).isoformat())])
    assert frame.select("A", "B", "C").row(0) == ("x", "1.5", "2026-03-01")


def test_a_source_without_rows_has_its_columns(engine: Engine) -> None:
    frame = read(engine, [("A", "TEXT"), ("B", "INT")], [])
    assert (frame.height, frame.columns) == (0, ["__row", "A", "B"])


@pytest.mark.parametrize("rows", [1, 4, 5, 6, 11])
def test_chunks_are_one_frame(engine: Engine, monkeypatch: pytest.MonkeyPatch, rows: int) -> None:
    monkeypatch.setattr(reading, "CELLS", 2 * 5)
    values = [(at, "late text" if at == 10 else at) for at in range(rows)]
    frame = read(engine, [("A", "INT"), ("B", "INT")], values)
    assert frame["__row"].to_list() == list(range(rows))
    assert frame["__row"].dtype == pl.UInt32
    assert frame["A"].to_list() == list(range(rows))
    assert frame["B"].to_list() == [value if rows < 11 else str(value) for _, value in values]


def test_wide_tables_are_fetched_in_few_rows(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "CELLS", 30)
    heights: list[int] = []
    frame_of = reading._frame
    monkeypatch.setattr(reading, "_frame", lambda rows, names: (heights.append(len(rows)), frame_of(rows, names))[1])
    names = [f"c{at}" for at in range(10)]
    assert read(engine, [(name, "INT") for name in names], [tuple(range(10))] * 7).height == 7
    assert heights == [3, 3, 1]


def test_a_chunk_of_blanks_does_not_decide_the_type(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "CELLS", 2)
    frame = read(engine, [("A", "INT")], [(None,), (None,), (7,), (None,)])
    assert (frame["A"].dtype, frame["A"].to_list()) == (pl.Int64, [None, None, 7, None])


def test_a_table_that_cannot_be_read(engine: Engine) -> None:
    with pytest.raises(SourceError, match="cannot be read: no such table") as refusal:
        read_source(engine, sample_mapping(), [SourceColumn("A", "TEXT")], ["A"], None)
    assert (refusal.value.where, refusal.value.next_step) == (
        "ORDERS", "check the table's name and your right to read it (`order-sync check`)",
    )  # fmt: skip


def test_a_column_that_went_away(engine: Engine) -> None:
    fill(engine, [("A", "TEXT")], [])
    with pytest.raises(SourceError, match="cannot be read"):
        read_source(engine, sample_mapping(), [SourceColumn("gone", "TEXT")], ["gone"], None)


@cache
def example() -> Mapping:
    return load_mapping((EXAMPLE / "mapping.yaml").read_text(encoding="utf-8"), "mapping.yaml")


def of_example(engine: Engine, *without: str) -> Source:
    columns = tuple(SourceColumn(name, kind.split("(")[0]) for name, kind in source_columns() if name not in without)
    return Source(engine, example(), columns)


def test_only_what_matters_is_read(engine: Engine) -> None:
    wanted = of_example(engine).wanted()
    assert {"AAG ORDER NUMBER", "PO NUMBER", "CUSTOMER SEASON", "TOTAL QTY", "XXXS"} <= set(wanted)
    assert not {"record_uuid", "PLANNER"} & set(wanted)
    order = [name for name, _ in source_columns()]
    assert [order.index(name) for name in wanted] == sorted(order.index(name) for name in wanted)


def test_sizes_are_the_integers_between_the_markers(engine: Engine) -> None:
    found = of_example(engine).size_columns()
    assert (found[0], len(found)) == ("XXXS", 161)


def test_a_mapped_column_that_is_missing_is_named(engine: Engine) -> None:
    with pytest.raises(SourceError, match=r"lacks 2 mapped column\(s\): CUSTOMER STYLE, PO NUMBER") as refusal:
        of_example(engine, "PO NUMBER", "CUSTOMER STYLE").read()
    assert refusal.value.where == "ORDERS_UNIFIED"


def test_without_a_marker_there_are_no_sizes(engine: Engine) -> None:
    with pytest.raises(SourceError):
        of_example(engine, "UNIT OF MEASURE").size_columns()


def test_a_source_reads_itself(engine: Engine) -> None:
    columns = [(name, kind.split("(")[0]) for name, kind in source_columns()]
    table = Table("ORDERS_UNIFIED", MetaData(), *(Column(name, KINDS.get(kind, Text)()) for name, kind in columns))
    with engine.begin() as conn:
        table.create(conn)
        conn.execute(insert(table), {"AAG ORDER NUMBER": "A-1", "XXXS": 4, "EX FACTORY DATE": date(2026, 3, 1)})
    frame = whole(of_example(engine).read())
    row = frame.row(0, named=True)
    assert (frame.height, row["AAG ORDER NUMBER"], row["XXXS"], row["EX FACTORY DATE"]) == (1, "A-1", 4, "2026-03-01")
