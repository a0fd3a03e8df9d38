"""A run that dies at any boundary, and the next one: each order once on the board, and production agrees."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from dying import Died, Life, MortalHouse

from monday_simulator.faults import Kind, Rule
from monday_simulator.limits import Limits
from order_sync.run import exit_code

ROWS = 10
BOUNDARIES = {
    "transactions": ("before begin", "before commit", "after commit"),
    "requests": ("before the request", "before the answer"),
    "events": ("event",),
}


@pytest.fixture(scope="module")
def mortal(tmp_path_factory: pytest.TempPathFactory) -> MortalHouse:
    return MortalHouse(tmp_path_factory.mktemp("house"), rows=ROWS)


@pytest.fixture(autouse=True)
def _dead_processes_are_known_dead(monkeypatch: pytest.MonkeyPatch) -> None:
    """The run that died here was no process of its own, so the host cannot tell."""
    monkeypatch.setattr("order_sync.store.leases.died", lambda _owner: True)


def _last_run(mortal: MortalHouse, after: str) -> list[str]:
    report = mortal.live(Life())
    ending = [] if exit_code(report) == 0 else [f"exit code {exit_code(report)}: {report}"]
    return [f"{after}: {each}" for each in (*ending, *mortal.troubles())]


@pytest.mark.slow
@pytest.mark.parametrize("kinds", BOUNDARIES.values(), ids=BOUNDARIES)
def test_after_a_death_at_any_boundary_the_next_run_completes(mortal: MortalHouse, kinds: tuple[str, ...]) -> None:
    mortal.reset()
    whole = Life(kinds=kinds)
    mortal.live(whole)
    assert mortal.troubles() == []
    troubles = []
    for at, boundary in enumerate(whole.passed):
        mortal.reset()
        with pytest.raises(Died):
            mortal.live(Life(at, kinds))
        troubles += _last_run(mortal, f"{at} {boundary}")
    assert troubles == []


@pytest.mark.slow
def test_a_run_that_dies_again_and_again_gets_through(mortal: MortalHouse) -> None:
    mortal.reset()
    deaths = 0
    while True:
        try:
            mortal.live(Life(at=12 + 5 * deaths))
        except Died:
            deaths += 1
            continue
        break
    assert deaths >= 3
    assert _last_run(mortal, f"{deaths} deaths") == []


@pytest.mark.slow
def test_a_request_on_its_way_at_the_death_is_waited_for(mortal: MortalHouse) -> None:
    """The server applies it as late as it may, long after the next run has begun; look-ups see it later still."""
    limits = Limits(read_lag=timedelta(seconds=59))
    mortal.reset(limits=limits)
    mortal.live(Life())
    mutations = len(mortal.house.mutations)
    troubles = []
    for nth in range(1, mutations + 1):
        mortal.reset([Rule(Kind.LATE_APPLY, on="write", nth=nth, after_seconds=119)], limits)
        with pytest.raises(Died):
            mortal.live(Life())
        troubles += _last_run(mortal, f"mutation {nth}")
    assert mutations >= 4
    assert troubles == []
