"""A sample of the campaign's failing and restored databases: before the intent, before the outcome, before promotion."""

from __future__ import annotations

import pytest
from tests.campaign.database import FAULTS, one_unit


@pytest.mark.slow
@pytest.mark.parametrize("moment", [9, 13, 17])
def test_a_failing_database_costs_no_order(moment: int) -> None:
    figures = one_unit(moment)
    assert figures.violations == []
    assert figures.runs == len(FAULTS) + 1
