"""The first days of a long life; `python -m tests.campaign.days` lives all ninety."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.campaign import days
from tests.campaign.days_record import Day, drift

WINDOW = 3
CALM = [
    Day(number, open_rows=number % 2, in_doubt=0, leases=4, orphans=0, errors=1, promoted=2 * number,
        size=400_000 + 20_000 * number, calls=11, at_rest=True)
    for number in range(3 * WINDOW)
]  # fmt: skip


@pytest.mark.slow
def test_two_days_of_hourly_runs_end_as_without_faults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(days, "DAYS", 2)
    unit = days.days(2 * 3)
    first, last = next(unit), next(unit)
    assert [*first.violations, *last.violations] == []
    assert first.runs == last.runs == 24
    assert sum((first.faults + last.faults).values()) >= 1


def test_a_calm_life_does_not_drift() -> None:
    assert list(drift(CALM, WINDOW)) == []


@pytest.mark.parametrize("name", ["open_rows", "in_doubt", "leases", "orphans", "errors"])
def test_more_of_it_at_the_end_is_drift(name: str) -> None:
    grown = [replace(day, **{name: day.number}) for day in CALM]
    assert [each.partition(":")[0] for each in drift(grown, WINDOW)] == [name]


def test_dearer_orders_at_the_end_are_drift() -> None:
    grown = [replace(day, calls=10 + day.number**2, size=day.size + 3_000 * day.number**2) for day in CALM]
    assert [each.partition(":")[0] for each in drift(grown, WINDOW)] == [
        "calls for each order",
        "bytes of the database for each order",
    ]
