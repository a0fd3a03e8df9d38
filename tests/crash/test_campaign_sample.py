"""A seeded sample of the campaign's parts in virtual time; the whole of it is `make campaign`."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import pytest
from tests.campaign import boundaries, pairs, seeds
from tests.campaign.figures import Figures
from tests.campaign.ledger import ROOT

from order_sync import failpoints
from order_sync.drill.scenarios import SIX
from order_sync.drill.strikes import error_at

TRACES = """
from tests.campaign.worlds import beginning, small_world
from order_sync.drill.random_trial import random_trial
from order_sync.drill.scenarios import SIX
beginnings = [beginning(scenario) for scenario in SIX]
print(*(random_trial(small_world(), beginnings, seed).trace for seed in range(2)))
"""

Run = Callable[[int], Iterator[Figures]]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("run", "first", "every", "units"),
    [(boundaries.boundaries, 3, 199, 10), (pairs.pairs, 5, 41, 20), (seeds.seeds, 1, 1, 10)],
    ids=["boundaries", "pairs", "seeds"],
)
def test_no_promise_is_broken_by_faults(run: Run, first: int, every: int, units: int) -> None:
    found = Figures()
    for number in range(units):
        found.add(next(run(first + number * every)))
    assert [str(each) for each in found.violations] == []
    assert found.runs >= units
    assert sum(found.faults.values()) >= units


@pytest.mark.slow
def test_the_same_seed_goes_the_same_way_in_another_process() -> None:
    told = [
        subprocess.run(
            [sys.executable, "-c", TRACES],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])},
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=200,
            check=True,
        ).stdout.split()
        for seed in ("1", "2")
    ]
    assert len(told[0]) == 2
    assert told[0] == told[1]


def test_every_place_has_an_error_that_it_would_really_raise() -> None:
    assert {type(error_at(place)) for place in failpoints.registered()}
    with pytest.raises(LookupError, match="no place"):
        error_at("somewhere")


def test_a_place_that_was_never_struck_is_named() -> None:
    struck = boundaries.Counter(failpoints.registered()[1:])
    assert boundaries.never_struck(struck) == [failpoints.registered()[0]]


@pytest.mark.slow
def test_every_place_is_passed_by_a_scenario_and_struck_in_four_ways() -> None:
    assert sorted(boundaries.anywhere()) == sorted(failpoints.registered())
    found = next(boundaries.places(17))
    assert (found.runs, found.violations) == (4, [])
    assert set(found.boundaries) >= {failpoints.registered()[17]}


def test_scenarios_are_six_and_have_names_of_their_own() -> None:
    assert len({scenario.name for scenario in SIX}) == 6


def test_units_follow_from_the_first_one_that_is_asked_for(tmp_path: Path) -> None:
    third = list(islice(pairs.pairs(0), 3))[2]
    assert next(pairs.pairs(2)).boundaries == third.boundaries
