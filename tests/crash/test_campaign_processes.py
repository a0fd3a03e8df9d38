"""A few seeds of the campaign with real processes; `python dev.py campaign` runs as many as one likes."""

from __future__ import annotations

import sys

import pytest
from tests.campaign import processes
from tests.campaign.figures import Figures

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals that kill or pause from within"),
]


def _first_of(part: str, seed: int) -> Figures:
    return next(next(each for each in processes.PARTS if each.name == part).run(seed))


def test_a_run_killed_again_and_again_ends_with_each_order_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "KILLS", 2)
    figures = _first_of("kills", 2)
    assert figures.violations == []
    assert figures.runs == sum(figures.boundaries.values()) == 2


def test_a_run_paused_until_another_took_over_changes_nothing() -> None:
    figures = _first_of("pauses", 4)
    assert figures.violations == []
    assert figures.faults["SIGSTOP"] == 1
    assert figures.outcomes["sleeper: exit 1"] == 1


def test_eight_runs_at_once_share_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "ROUNDS", 1)
    figures = _first_of("crowd", 1)
    assert figures.violations == []
    assert figures.runs == 1
