"""A sample of the campaign's broken replies, and what the large ones may cost."""

from __future__ import annotations

import random
import tracemalloc

import pytest
from tests.campaign.broken_replies import LARGE, MEGABYTE, Kind
from tests.campaign.figures import Figures
from tests.campaign.replies import honest_answer, one_unit, send
from tests.monday_fakes import HandClock, items

from order_sync.monday.budget import Budget

MOST_MEMORY = 120 * MEGABYTE


@pytest.mark.parametrize("seed", range(6))
def test_each_broken_reply_is_an_outcome(seed: int) -> None:
    figures = one_unit(seed)
    assert figures.violations == []
    assert figures.runs == 250
    assert len(figures.faults) > 20


@pytest.mark.parametrize("kind", LARGE, ids=lambda kind: kind.__name__.strip("_"))
def test_a_large_reply_is_not_read_whole(kind: Kind) -> None:
    chance, clock, call = random.Random(1), HandClock(), items()
    reply = kind(chance, honest_answer(chance, call))
    tracemalloc.start()
    try:
        assert send(call, reply, clock, Budget(clock), Figures()) == []
        assert tracemalloc.get_traced_memory()[1] < MOST_MEMORY
    finally:
        tracemalloc.stop()
