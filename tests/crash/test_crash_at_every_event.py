"""A run that dies at any boundary, and the next one: each order once on the board, and production agrees."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from dying import Died, Life, MortalHouse

from monday_simulator.gateway.faults import Kind, Rule
from monday_simulator.limits import Limits
from order_sync.run import exit_code

# What a death leaves behind changes with a commit and with a mutation, nowhere else: a transaction that has not been
# committed never was. So these are all the deaths that differ.
DEATHS = ("committed", "applied")


@pytest.fixture
def one_customer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MortalHouse:
    return MortalHouse(tmp_path, monkeypatch, rows=9, customers=1)


@pytest.fixture
def two_customers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MortalHouse:
    return MortalHouse(tmp_path, monkeypatch, rows=10, customers=2)


def _die_and_run(mortal: MortalHouse, life: Life, called: str) -> list[str]:
    with pytest.raises(Died):
        mortal.live(life)
    return _run_on(mortal, called)


def _run_on(mortal: MortalHouse, called: str) -> list[str]:
    report = mortal.live(Life())
    ending = [] if exit_code(report) == 0 else [f"exit code {exit_code(report)}: {report}"]
    return [f"{called}: {each}" for each in (*ending, *mortal.troubles())]


@pytest.mark.slow
def test_after_a_death_at_any_boundary_the_next_run_completes(one_customer: MortalHouse) -> None:
    whole = Life(kinds=DEATHS)
    one_customer.live(whole)
    assert one_customer.troubles() == []
    troubles = []
    for at, boundary in enumerate(whole.passed):
        one_customer.reset()
        troubles += _die_and_run(one_customer, Life(at, DEATHS), f"{at} {boundary}")
    assert whole.passed.count("applied") >= 3
    assert whole.passed.count("committed") > 20
    assert troubles == []


@pytest.mark.slow
@pytest.mark.parametrize("step", [5, 7])
def test_a_run_that_dies_again_and_again_gets_through(two_customers: MortalHouse, step: int) -> None:
    """Each life is a little longer than the one before, so that it dies in what the one before had left."""
    deaths, report = 0, None
    while report is None:
        try:
            report = two_customers.live(Life(at=30 + step * deaths))
        except Died:
            deaths += 1
    assert deaths >= 3
    assert exit_code(report) == 0
    assert two_customers.troubles() == []


@pytest.mark.slow
def test_a_request_on_its_way_at_the_death_is_waited_for(two_customers: MortalHouse) -> None:
    """The server applies it as late as it may, long after the next run has begun; look-ups see it later still."""
    limits = Limits(read_lag=timedelta(seconds=59))
    two_customers.reset(limits=limits)
    two_customers.live(Life())
    mutations = len(two_customers.house.mutations)
    troubles = []
    for nth in range(1, mutations + 1):
        two_customers.reset([Rule(Kind.LATE_APPLY, on="write", nth=nth, after_seconds=119)], limits)
        troubles += _die_and_run(two_customers, Life(), f"mutation {nth}")
    assert mutations >= 6
    assert troubles == []


@pytest.mark.slow
def test_the_board_stays_quiet_after_a_death_in_doubt(two_customers: MortalHouse) -> None:
    """The run knew of the doubt when it died; the request may be applied still, and no other may meet it."""
    two_customers.reset([Rule(Kind.LATE_APPLY, on="create_item", nth=1, after_seconds=60)])
    in_doubt = Life(kinds=("event",), dies_at="event item.in_doubt", with_connection=False)
    assert _die_and_run(two_customers, in_doubt, "in doubt") == []
    records = [record for record in two_customers.house.mutations if record.applied]
    first = next(at for at, record in enumerate(records) if "create_item" in record.fields)
    assert records[first].late, [(record.at, record.fields, record.late) for record in records]
