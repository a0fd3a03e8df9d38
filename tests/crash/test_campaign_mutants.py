"""A few mutants that are soon caught; `python -m tests.campaign.mutants` hunts them all."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.campaign.mutants import figures_of, theatre
from tests.campaign.mutations import MUTANTS
from tests.campaign.mutations.hunt import Theatre

pytestmark = pytest.mark.slow

SOON_CAUGHT = (
    "quarantine one tick short",
    "no look before create",
    "missing row taken for unsent",
    "tried before its time",
    "snapshot of the live source",
    "sweeper that trusts the key",
)


@pytest.fixture(scope="module")
def made() -> Iterator[Theatre]:
    with theatre() as opened:
        yield opened


def test_there_are_at_least_thirty_and_no_two_of_one_name() -> None:
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS) >= 30


@pytest.mark.parametrize("name", SOON_CAUGHT)
def test_mutant_is_caught_and_the_product_holds_under_the_same_faults(made: Theatre, name: str) -> None:
    mutant = next(each for each in MUTANTS if each.name == name)
    caught, figures = figures_of(made, mutant, range(1, 11))
    assert caught is not None
    assert caught.promise in mutant.noticed_by
    assert figures.violations == []
