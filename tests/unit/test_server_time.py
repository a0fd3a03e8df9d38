"""How many mutations fit into a request, from how long the server took."""

from __future__ import annotations

from datetime import timedelta

import pytest

from order_sync.steps.server_time import ServerTime

LIMIT = timedelta(seconds=25)
ITEMS, SIZES = "create_items", "create_subitems"


def measured(operation: str, *ms: float) -> ServerTime:
    times = ServerTime()
    for each in ms:
        times.measured(operation, 1, timedelta(milliseconds=each))
    return times


@pytest.mark.parametrize(("operation", "most"), [(ITEMS, 25), ("create_groups", 25), (SIZES, 10)])
def test_before_anything_was_measured(operation: str, most: int) -> None:
    assert ServerTime().most(operation, 25, LIMIT) == most


def test_a_small_limit_holds_for_the_first_sizes_too() -> None:
    assert ServerTime().most(SIZES, 4, LIMIT) == 4


@pytest.mark.parametrize(("ms", "most"), [(250, 25), (251, 10), (40, 25)])
def test_sizes_are_trusted_to_a_server_that_is_quick_with_items(ms: float, most: int) -> None:
    assert measured(ITEMS, ms).most(SIZES, 25, LIMIT) == most


@pytest.mark.parametrize(
    ("ms", "most"), [(0, 25), (1, 25), (1000, 25), (1001, 24), (5_000, 5), (25_000, 1), (90_000, 1)]
)
def test_what_was_measured_decides(ms: float, most: int) -> None:
    assert measured(SIZES, ms).most(SIZES, 25, LIMIT) == most


def test_slower_counts_at_once_and_quicker_by_and_by() -> None:
    times = measured(SIZES, 1_000, 5_000)
    assert times.most(SIZES, 25, LIMIT) == 5
    times.measured(SIZES, 10, timedelta(seconds=10))
    assert times.most(SIZES, 25, LIMIT) == 6  # 0.7 * 5 s + 0.3 * 1 s
    times.measured(SIZES, 0, timedelta(seconds=10))
    assert times.most(SIZES, 25, LIMIT) == 2
