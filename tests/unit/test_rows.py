"""Rows packed in batches: what comes out is what went in, whatever the chunks, and only what is asked for is unpacked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from order_sync.model import rows as packing
from order_sync.model.rows import SourceRows

NAMES = ("A [1]", "b'\"%s")
CELLS = st.none() | st.integers(-(2**63), 2**63 - 1) | st.sampled_from(["", "x", "日本 👍", "7", "y" * 4001])


@pytest.fixture(autouse=True, scope="module")
def _small_batches() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(packing, "BATCH_ROWS", 3)
        yield


def series(name: str, cells: list[Any]) -> pl.Series:
    """As the source reads a chunk: whole numbers, texts, or nothing at all."""
    types = {type(cell) for cell in cells if cell is not None}
    if not types:
        return pl.Series(name, cells, dtype=pl.Null)
    if types == {int}:
        return pl.Series(name, cells, dtype=pl.Int64)
    return pl.Series(name, [None if cell is None else str(cell) for cell in cells], dtype=pl.String)


def chunk(rows: list[tuple[Any, Any]]) -> pl.DataFrame:
    return pl.DataFrame([series(name, [row[at] for row in rows]) for at, name in enumerate(NAMES)])


def packed(*values: Any) -> SourceRows:
    return SourceRows.pack(["A"], [pl.DataFrame([series("A", [value])]) for value in values])


@settings(max_examples=80, deadline=None)
@given(st.lists(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=5), max_size=5))
def test_what_comes_out_is_what_went_in(chunks: list[list[tuple[Any, Any]]]) -> None:
    rows = [row for each in chunks for row in each]
    source = SourceRows.pack(NAMES, map(chunk, chunks))
    batches = list(source.batches())

    whole = pl.concat(batches)

    expected = [series(name, [row[at] for row in rows]) for at, name in enumerate(NAMES)]
    expected = [each.cast(pl.String) if each.dtype == pl.Null else each for each in expected]
    assert whole.equals(pl.DataFrame(expected).with_row_index("__row"))
    assert whole.schema == {"__row": pl.UInt32, **source.schema}
    assert source.height == len(rows)
    full, rest = divmod(len(rows), 3)
    assert [batch.height for batch in batches] == ([*[3] * full, *[rest] * (rest > 0)] or [0])


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 10), st.lists(st.integers(0, 9), max_size=12))
def test_rows_are_taken_by_their_place(height: int, places: list[int]) -> None:
    source = packed(*(f"v{at}" for at in range(height)))
    wanted = sorted({place for place in places if place < height})

    taken = source.take(pl.Series([place for place in places if place < height], dtype=pl.UInt32))

    assert taken.rows() == [(place, f"v{place}") for place in wanted]
    assert taken.schema == {"__row": pl.UInt32, "A": pl.String}


def test_no_rows_are_an_empty_frame_with_all_columns() -> None:
    nothing = SourceRows.pack(["A", "B"], [])
    none = pl.Series([], dtype=pl.UInt32)
    for frame in (*nothing.batches(), nothing.take(none), nothing.select("A", "B"), *nothing.parts(none)):
        assert (frame.height, frame.schema) == (0, {"__row": pl.UInt32, "A": pl.String, "B": pl.String})


def test_columns_are_selected_in_the_order_asked_for_each_once() -> None:
    source = SourceRows.pack(["A", "B", "C"], [pl.DataFrame({"A": [1, 2], "B": ["x", "y"], "C": [3, 4]})] * 2)
    assert source.select("C", "A", "C").rows() == [(0, 3, 1), (1, 4, 2), (2, 3, 1), (3, 4, 2)]
    assert source.select().rows() == [(0,), (1,), (2,), (3,)]


def test_blank_batches_do_not_decide_what_a_column_is() -> None:
    source = packed(None, None, None, 7, None, 8, None)
    assert source.schema == {"A": pl.Int64}
    assert source.select("A")["A"].to_list() == [None, None, None, 7, None, 8, None]


def test_one_text_makes_a_column_text_in_every_batch() -> None:
    source = packed(1, None, 3, "x", 5)
    assert [batch.schema["A"] for batch in source.batches()] == [pl.String, pl.String]
    assert source.take(pl.Series([0, 4]))["A"].to_list() == ["1", "5"]


def test_chunks_are_drawn_one_batch_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """What waits to be packed is never more than a batch, or reading in chunks would be for nothing."""
    waiting = 0
    heights = []
    pack = packing._packed

    def counted() -> Iterator[pl.DataFrame]:
        nonlocal waiting
        for at in range(20):
            waiting += 1
            yield pl.DataFrame({"A": [at]})

    def watched(frame: pl.DataFrame) -> bytes:
        nonlocal waiting
        heights.append(waiting)
        waiting -= frame.height
        return pack(frame)

    monkeypatch.setattr(packing, "_packed", watched)
    SourceRows.pack(["A"], counted())
    assert heights == [3] * 6 + [2]


def test_a_batch_that_is_not_named_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    source = packed(*range(9))
    opened = []
    unpacked = SourceRows._unpacked
    monkeypatch.setattr(
        SourceRows,
        "_unpacked",
        lambda self, batch, names: (opened.append(batch.first), unpacked(self, batch, names))[1],
    )
    assert source.take(pl.Series([4, 8]))["A"].to_list() == [4, 8]
    assert opened == [3, 6]
