"""Draws, counts and plans: the same everywhere, for any number of rows."""

from __future__ import annotations

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from order_sync.demo_data.brands import QUANTILES, choose_brands, inner_pair, line_counts
from order_sync.demo_data.dirt import PAIRS, Dirt
from order_sync.demo_data.draws import Draws, mix
from order_sync.demo_data.planter import plan

NAMES = [
    ("ALDER", ["ALDER (US)"]),
    ("ALDER & SONS", []),
    ("O'BIRCH", ["OBIRCH"]),
    ("CÈDRE", ["CEDRE"]),
    ("DOGWOOD", []),
]


def test_mix_is_splitmix64() -> None:
    assert [mix(0), mix(1)] == [0xE220A8397B1DCDAF, 0x910A2DEC89025CC1]


@given(seed=st.integers(), purpose=st.text(max_size=8), below=st.integers(1, 10**9))
@settings(max_examples=30, deadline=None)
def test_a_column_of_draws_is_its_single_draws(seed: int, purpose: str, below: int) -> None:
    draws, rows = Draws(seed), [0, 1, 2, 99_999, 2**63, 2**64 - 1]
    column = draws.column(purpose, pl.Series(rows, dtype=pl.UInt64), below)
    assert column.to_list() == [draws.number(purpose, row, below) for row in rows]


def test_full_scale_has_the_shape_of_the_real_customers() -> None:
    counts = line_counts(7_224, 34)
    assert tuple(counts) == QUANTILES
    assert (min(counts), counts[17], max(counts)) == (6, 83, 1_091)
    assert (counts[16] + counts[17]) / 2 == 78
    assert sum(count > 500 for count in counts) == 6


@given(rows=st.integers(0, 200_000), customers=st.integers(1, 60))
def test_line_counts_add_up(rows: int, customers: int) -> None:
    counts = line_counts(rows, customers)
    assert sum(counts) == rows
    assert len(counts) == customers
    assert min(counts) >= min(5, rows // customers)


def test_telling_names_are_always_chosen() -> None:
    for seed in range(20):
        chosen = {brand.name for brand in choose_brands(NAMES, 100, 4, Draws(seed))}
        assert chosen == {"ALDER", "ALDER & SONS", "O'BIRCH", "CÈDRE"}
    assert inner_pair(["ALDER & SONS", "ELM", "ALDER"]) == ("ALDER", "ALDER & SONS")
    assert inner_pair(["ELM", "ALDER"]) is None


def test_prefixes_of_order_numbers_belong_to_one_customer() -> None:
    names = [(f"PINE {n}", []) for n in range(40)] + [("桜", [])]
    brands = choose_brands(names, 400, 41, Draws(5))
    prefixes = [prefix for brand in brands for prefix in brand.prefixes]
    assert len(set(prefixes)) == len(prefixes) == 82
    assert all(len(prefix) == 3 and prefix.isascii() and prefix.isupper() for prefix in prefixes)


@given(rows=st.integers(0, 4_000), dirt=st.floats(0, 1 / 3), chunk=st.integers(3, 40), seed=st.integers(0, 99))
@settings(max_examples=60, deadline=None)
def test_plan_keeps_kinds_apart_and_pairs_in_one_chunk(rows: int, dirt: float, chunk: int, seed: int) -> None:
    planned = plan(rows, dirt, chunk, Draws(seed))
    taken = [r for row, kind in planned.items() for r in ((row, row + 1) if kind in PAIRS else (row,))]
    assert len(taken) == len(set(taken))
    assert all(0 <= row < rows for row in taken)
    assert all(row % chunk != chunk - 1 for row, kind in planned.items() if kind in PAIRS)
    if rows >= 300 and dirt > 0:
        assert set(planned.values()) == set(Dirt)


def test_no_dirt_when_none_is_wanted() -> None:
    assert plan(5_000, 0, 100, Draws(1)) == {}
