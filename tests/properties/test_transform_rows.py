"""The vectorised transform against plain Python, and against itself row by row."""

from __future__ import annotations

import hashlib
import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from order_sync.model.causes import Cause
from order_sync.model.fingerprint import GOLDEN, Golden
from order_sync.model.mapping import Customers, Mapping
from order_sync.model.sizes import frame_size_columns
from order_sync.model.transform import row_fingerprints, transform

REPOSITORY = Path(__file__).resolve().parents[2]


def _load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module  # dataclasses look their module up there
    spec.loader.exec_module(module)
    return module


row_by_row = _load(REPOSITORY / "benchmarks" / "row_by_row.py")

MAPPING = Mapping.model_validate(
    {
        "pipeline": "p",
        "source": {"table": "T", "key": ["NUMBER"], "customer": "BRAND", "order_number": "NUMBER"},
        "board": {"id": "1", "sync_key": "k", "item_name": "{NUMBER} {NOTES}",
                  "group": {"season": ["SEASON"]}},
        "columns": [
            {"source": "BRAND", "target": "CUSTOMER", "sql": "NVARCHAR(40)", "required": True,
             "canonical_customer": True},
            {"source": "NUMBER", "target": "NUMBER", "sql": "NVARCHAR(20)", "values": {"A": "B", "": "NONE"}},
            {"source": "NOTES", "target": "NOTES", "sql": "NVARCHAR(MAX)", "too_long": "cut",
             "board": {"id": "l", "type": "long_text"}},
            {"source": "PRICE", "target": "PRICE", "sql": "FLOAT", "values": {"TRUE": "0"}},
            {"source": "DUE", "target": "DUE", "sql": "DATE", "required": True},
            {"source": "TOTAL", "target": "QTY", "sql": "INT"},
        ],
        "production_order": ["CUSTOMER"],
        "sizes": {"after": "SEASON", "before": "TOTAL", "total": "TOTAL", "synonyms": {"OS": "ONE SIZE"}},
        "subitems": {"subtasks_column": "s", "columns": [{"target": "Size"}]},
    }
)  # fmt: skip
CUSTOMERS = Customers.model_validate({"customers": [{"name": "NOVA", "aliases": ["Café"]}]})
NAMES = ("BRAND", "NUMBER", "NOTES", "PRICE", "DUE", "SEASON", "S", "OS", "ONE SIZE", "TOTAL")

DIRT = st.sampled_from(
    ["", " ", "nan", "None", "\x00", "a\r\nb", "\u2028", "x\t y", "\x1c-\x1d", "café", "cafe\u0301", "NOVA ",
     "28,86", "1,234.5", "1e3", "-0", "2026-01-31", "20260131", "1900-01-01", "2026-02-30",
     "2026-01-31 10:00",
     "👍" * 30, "é" * 41, "TRUE", "a", "5", "\u00a05\u3000", "\ufeffx", "-3", "2.0", "1.5", "x" * 2100]
)  # fmt: skip
TEXTS = st.none() | DIRT | st.text(max_size=6)
QUANTITIES = st.none() | st.integers(-2, 9) | st.sampled_from([2**53 - 1, 2**53, -(2**63)])
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            **dict.fromkeys(("BRAND", "NUMBER", "NOTES", "PRICE", "DUE", "SEASON"), TEXTS),
            "S": QUANTITIES,
            "OS": TEXTS,
            "ONE SIZE": QUANTITIES,
            "TOTAL": st.none() | st.integers(-1, 20).map(str) | TEXTS,
        }
    ),
    min_size=1,
    max_size=5,
)


def frame(rows: list[dict[str, Any]]) -> pl.DataFrame:
    types = {name: pl.Int64 if name in ("S", "ONE SIZE") else pl.String for name in NAMES}
    return pl.DataFrame(rows, schema=types).with_row_index("__row")


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda golden: golden.digest[:8])
def test_the_documented_encoding_gives_the_golden_digests(golden: Golden) -> None:
    encoded = row_by_row.encode([*golden.values, golden.sizes])

    assert hashlib.sha256(encoded).hexdigest() == golden.digest


@settings(max_examples=60, deadline=None)
@given(ROWS)
def test_fingerprints_are_those_of_plain_python(rows: list[dict[str, Any]]) -> None:
    source = frame(rows)
    plan = row_by_row.plan_of(MAPPING, frame_size_columns(source, MAPPING.sizes))

    assert row_fingerprints(source, MAPPING).to_list() == list(row_by_row.fingerprints(rows, plan))


@settings(max_examples=40, deadline=None)
@given(ROWS)
def test_a_row_fares_the_same_in_any_company(rows: list[dict[str, Any]]) -> None:
    together = transform(frame(rows), MAPPING, CUSTOMERS)

    for number, row in enumerate(rows):
        alone = transform(frame([row]), MAPPING, CUSTOMERS)
        mine = pl.col("__row") == number
        assert together.orders.filter(mine).drop("__row").equals(alone.orders.drop("__row"))
        assert together.sizes.filter(mine).drop("__row").equals(alone.sizes.drop("__row"))
        assert together.issues.filter(mine).drop("__row").equals(alone.issues.drop("__row"))


@settings(max_examples=60, deadline=None)
@given(ROWS)
def test_what_is_not_held_is_fit_to_be_sent(rows: list[dict[str, Any]]) -> None:
    result = transform(frame(rows), MAPPING, CUSTOMERS)

    good = result.orders.filter(~pl.col("__row").is_in(result.held.to_list()))
    for order in good.iter_rows(named=True):
        sizes = result.sizes.filter(pl.col("__row") == order["__row"])
        assert order["CUSTOMER"] == order["customer"] == "NOVA"
        assert 1 <= len(order["Title"]) <= 255
        assert order["Group"].startswith("NOVA ")
        assert order["DUE"] is not None
        assert len(order["NOTES"] or "") <= 2000
        assert len(order["NUMBER"].encode("utf-16-le")) <= 40
        assert order["QTY"] == sizes["quantity"].sum()
        assert sizes["label"].is_unique().all()
    assert set(result.issues["cause"]) <= set(Cause)
    assert result.issues["message"].is_not_null().all()


@settings(max_examples=40, deadline=None)
@given(ROWS)
def test_equal_fingerprints_mean_equal_orders(rows: list[dict[str, Any]]) -> None:
    respelled = [{**row, "DUE": f" {row['DUE'] or ''} ", "S": row["S"] or None} for row in rows]
    source = frame([*rows, *respelled])

    digests = row_fingerprints(source, MAPPING)
    result = transform(source, MAPPING, CUSTOMERS)

    sizes = result.sizes.group_by("__row").agg(pl.struct("label", "quantity").alias("sizes"))
    orders = result.orders.with_columns(digests.alias("digest")).join(sizes, on="__row", how="left").drop("__row")
    assert digests[: len(rows)].to_list() == digests[len(rows) :].to_list()
    assert orders.unique().height == digests.n_unique()
