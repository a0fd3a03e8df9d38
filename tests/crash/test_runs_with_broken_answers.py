"""A sample of the campaign's runs in which one answer is broken."""

from __future__ import annotations

import pytest
from tests.campaign.replies_runs import one_unit


@pytest.mark.slow
def test_a_broken_answer_costs_no_order() -> None:
    figures = one_unit(0, count=5)
    assert figures.violations == []
    assert (figures.runs, figures.faults.total()) == (5, 5)
