"""The way into SQL Server, on a SQLite file that knows LEN and OPENJSON: what is sent is checked before it counts as
there.

What only a server can show (types, drivers, locks) is in the contract suite, which runs where a server is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import (
    NVARCHAR,
    BigInteger,
    Column,
    Engine,
    Float,
    Integer,
    MetaData,
    Table,
    create_engine,
    event,
    select,
)

from order_sync.model.errors import Halted, StoreBusy
from order_sync.store import sqlserver_bulk
from order_sync.store.sqlserver_bulk import COLUMNS, FEW, insert_all
from order_sync.store.sqlserver_sizes import LONGEST, units
from order_sync.store.types import BINARY

NEEDLE = "\N{SPOOL OF THREAD}"
ORDERS = Table(
    "orders 50%",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("STYLE [a]b", NVARCHAR(None)),
    Column("QTY?", BigInteger),
    Column("PRICE", Float),
    Column("status", NVARCHAR(20), server_default="PENDING", nullable=False),
)
Rows = list[dict[str, Any]]
OPENJSON = re.compile(r"OPENJSON\(\?\) WITH \(((?:[^()]|\(\d+\))*)\)")


def stand_in(url: str) -> Engine:
    """SQLite that takes the T-SQL of a load."""
    made = create_engine(url)

    @event.listens_for(made, "connect")
    def connect(driver: Any, _record: Any) -> None:
        driver.create_function("len", 1, lambda text: None if text is None else len(text.rstrip(" ")))
        driver.create_function("raw", 1, raw)
        driver.create_function("nchar", 1, chr)
        driver.create_collation(BINARY, lambda one, other: (one > other) - (one < other))

    @event.listens_for(made, "before_cursor_execute", retval=True)
    def open_json(_c: Any, _cursor: Any, statement: str, values: Any, _context: Any, _many: bool) -> tuple[str, Any]:
        said = re.sub(r"(?<![\w~])N'", "'", OPENJSON.sub(opened, statement))
        return re.sub(r"c\d+ \+ ", lambda found: found[0].replace("+", "||"), said), values

    ORDERS.create(made)
    return made


def opened(found: re.Match[str]) -> str:
    """As a server reads it that cuts what is longer than NVARCHAR(n), and leaves JSON's escapes as they are."""
    columns = [each.split() for each in found[1].split(", ")]
    cells = [
        f"substr({value}, 1, {width[1]}) AS {name}"
        if (width := re.search(r"\((\d+)\)", kind))
        else f"{value} AS {name}"
        for name, kind in columns
        for value in [f"raw(json_quote(json_extract(value, '$.{name}')))"]
    ]
    return f"(SELECT {', '.join(cells)} FROM json_each(?))"


def raw(value: str | None) -> Any:
    """A JSON value without its quotes."""
    if value is None or value == "null":
        return None
    return value[1:-1] if value.startswith('"') else json.loads(value)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = stand_in(f"sqlite:///{tmp_path / 'x.db'}")
    yield made
    made.dispose()


def styles(texts: list[str | None]) -> pl.DataFrame:
    return pl.DataFrame({"STYLE [a]b": texts}, schema={"STYLE [a]b": pl.String})


def stored(engine: Engine) -> list[Any]:
    with engine.begin() as conn:
        return list(conn.execute(select(ORDERS.c["STYLE [a]b"]).order_by(ORDERS.c.id)).scalars())


def sent(engine: Engine, frame: pl.DataFrame, **options: Any) -> int:
    with engine.begin() as conn:
        return insert_all(conn, ORDERS, frame, **options)


def mangled(engine: Engine, change: Callable[[Rows], Rows]) -> None:
    """Between us and the table: what `change` makes of many rows is what arrives."""

    @event.listens_for(engine, "before_cursor_execute", retval=True)
    def alter(_c: Any, _cursor: Any, statement: str, values: Any, _context: Any, _many: bool) -> tuple[str, Any]:
        if "json_each" not in statement:
            return statement, values
        return statement, (json.dumps(change(json.loads(values[0])), ensure_ascii=False),)


@pytest.mark.parametrize("count", [1, FEW, FEW + 1, 150])
def test_every_row_arrives_in_its_order(engine: Engine, count: int) -> None:
    texts: list[str | None] = [f"日本 {number}" for number in range(count)]
    assert sent(engine, styles(texts), chunk=40) == count
    assert stored(engine) == texts


def test_types_are_made_of_the_text_and_defaults_hold(engine: Engine) -> None:
    frame = pl.DataFrame({"QTY?": ["758", None], "PRICE": [28.86, None]})
    for times in (1, FEW):
        sent(engine, pl.concat([frame] * times))
    with engine.begin() as conn:
        found = [tuple(row)[1:] for row in conn.execute(select(ORDERS))]
    assert found == [(None, 758, 28.86, "PENDING"), (None, None, None, "PENDING")] * (FEW + 1)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ends with blanks  ",
        "x" * (LONGEST - 1),
        "x" * LONGEST,
        "x" * (LONGEST + 1),
        NEEDLE * (LONGEST // 2) + "x",
        "日" * 3 * LONGEST,
        '"' * LONGEST + "\\" * LONGEST + "\t~01~~\x01\x1f",
        "~N" + "".join(map(chr, range(1, 17))),
        "".join(map(chr, range(17, 128))),
        None,
    ],
)
@pytest.mark.parametrize("copies", [1, FEW + 1])
def test_text_of_any_length_arrives(engine: Engine, text: str | None, copies: int) -> None:
    texts = ["short", text, None, "日本"] * copies
    sent(engine, styles(texts))
    assert stored(engine) == texts


def test_no_text_is_longer_than_every_server_reads_it(engine: Engine) -> None:
    seen: list[int] = []

    def measure(rows: Rows) -> Rows:
        seen.extend(units(value) for row in rows for value in row.values() if isinstance(value, str))
        return rows

    mangled(engine, measure)
    sent(engine, styles(["x" * 9_001, NEEDLE * 2_500] * FEW))
    assert max(seen) <= LONGEST


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.none() | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), min_size=1, max_size=60
    )
)
def test_any_text_arrives(texts: list[str | None]) -> None:
    made = stand_in("sqlite://")
    with made.connect() as conn:
        insert_all(conn, ORDERS, styles(texts), chunk=FEW)
        assert list(conn.execute(select(ORDERS.c["STYLE [a]b"]).order_by(ORDERS.c.id)).scalars()) == texts
    made.dispose()


def texts_as(change: Callable[[str], str | None]) -> Callable[[Rows], Rows]:
    return lambda rows: [{k: change(v) if isinstance(v, str) else v for k, v in row.items()} for row in rows]


question_marks = texts_as(lambda text: text.encode("ascii", "replace").decode())
cut = texts_as(lambda text: text[:8])
forget = texts_as(lambda _text: None)


def swap(rows: Rows) -> Rows:
    return [{**rows[-1 - place], "n": row["n"]} for place, row in enumerate(rows)]


@pytest.mark.parametrize(
    ("change", "texts"),
    [
        (question_marks, ["日本", "longer ascii text"] * FEW),
        (question_marks, ["plain"] * FEW * 2 + ["é"]),
        (cut, ["longer ascii text"] * FEW * 2),
        (cut, ["longer 日本 text"] * FEW * 2),
        (forget, ["x"] * FEW * 2),
        (forget, [""] * FEW * 2),
        (swap, [f"日{number}" for number in range(FEW * 2)]),
    ],
)
def test_text_that_is_lost_on_the_way_stops_the_load(
    engine: Engine, change: Callable[[Rows], Rows], texts: list[str | None]
) -> None:
    mangled(engine, change)
    with pytest.raises(Halted, match="did not arrive as it was sent, in 'STYLE ") as told:
        sent(engine, styles(texts))
    assert told.value.where == ORDERS.name
    assert stored(engine) == []


def test_a_row_that_is_lost_on_the_way_stops_the_load(engine: Engine) -> None:
    mangled(engine, lambda rows: rows[:-1])
    with pytest.raises(StoreBusy, match="40 rows were handed over, 39 arrived"):
        sent(engine, styles(["x"] * 40))
    assert stored(engine) == []


@pytest.mark.parametrize("count", [3, 60])
def test_a_row_that_the_table_does_not_take_stops_the_load(engine: Engine, count: int) -> None:
    with engine.begin() as conn:
        conn.exec_driver_sql(f'CREATE TRIGGER eat BEFORE INSERT ON "{ORDERS.name}" BEGIN SELECT RAISE(IGNORE); END')
    with pytest.raises(StoreBusy, match=f"{count} rows were handed over, 0 arrived"):
        sent(engine, styles(["x"] * count))


def test_what_others_insert_meanwhile_is_not_counted(engine: Engine) -> None:
    counted: list[str] = []

    @event.listens_for(engine, "after_cursor_execute")
    def listen(_c: Any, _cursor: Any, statement: str, _values: Any, _context: Any, _many: bool) -> None:
        counted.extend([statement] if "count(" in statement else [])

    with engine.begin() as conn:
        conn.exec_driver_sql(f'INSERT INTO "{ORDERS.name}" (PRICE) VALUES (1)')
        assert insert_all(conn, ORDERS, styles(["x"] * 40)) == 40
    assert counted
    assert not any(ORDERS.name in statement for statement in counted)


def test_more_columns_than_a_document_may_have_arrive(engine: Engine) -> None:
    names = [f"c{number}" for number in range(2 * COLUMNS + 5)]
    wide = Table("wide", MetaData(), *(Column(name, NVARCHAR(None)) for name in names))
    texts = [tuple(f"{name} {row}" * (LONGEST if name == names[-1] else 1) for name in names) for row in range(FEW * 3)]
    with engine.begin() as conn:
        wide.create(conn)
        insert_all(conn, wide, pl.DataFrame(texts, schema=names, orient="row"), chunk=FEW)
        assert [tuple(row) for row in conn.execute(select(wide))] == texts


def test_long_texts_go_in_smaller_parts() -> None:
    texts = styles(["x" * 100_000] * 500)
    assert sqlserver_bulk._rows_together(texts) * 100_000 <= sqlserver_bulk.BYTES


@pytest.mark.parametrize(("width", "expected"), [(1, 1_000), (91, 1_000), (269, 371), (1_000, 100)])
def test_wide_rows_go_in_smaller_parts(width: int, expected: int, monkeypatch: pytest.MonkeyPatch) -> None:
    wide = Table("wide", MetaData(), *(Column(f"c{number}", NVARCHAR(9)) for number in range(width)))
    asked: list[int] = []

    def parts(_texts: pl.DataFrame, chunk: int) -> list[pl.DataFrame]:
        asked.append(chunk)
        return []

    monkeypatch.setattr(sqlserver_bulk, "_parts", parts)
    engine = create_engine("sqlite://")
    with engine.connect() as conn:
        insert_all(conn, wide, pl.DataFrame({f"c{number}": ["x"] * (FEW + 1) for number in range(width)}))
    engine.dispose()
    assert asked == [expected]


def test_no_part_is_a_single_row() -> None:
    for height in range(FEW + 1, 90):
        parts = [part.height for part in sqlserver_bulk._parts(styles(["x"] * height), FEW)]
        assert sum(parts) == height
        assert 1 < min(parts) <= max(parts) <= FEW
