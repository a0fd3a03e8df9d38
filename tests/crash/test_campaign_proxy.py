"""Each harm that a line can do, once; `python dev.py campaign proxy` does them by the hundred."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import pytest
from tests.campaign import proxy
from tests.campaign.proxy import Stage
from tests.campaign.tcp_proxy import Fault, Harm

from monday_simulator.limits import Limits

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with proxy.stage() as made:
        yield made


@pytest.fixture(scope="module")
def creates(stage: Stage) -> int:
    """Which request of an unharmed session is the first that makes items."""
    assert stage.harmed({}).violations == []
    return next(nth for nth, each in enumerate(stage.world.simulator.wire_log, 1) if "create_item" in each.fields)


@pytest.mark.parametrize("harm", Harm)
def test_no_promise_is_broken_by_a_harmed_request(stage: Stage, creates: int, harm: Harm) -> None:
    figures = stage.harmed({creates: Fault(harm, at=500, seconds=60.0)}, lag=timedelta(seconds=5))
    assert [str(each) for each in figures.violations] == []
    assert figures.faults == {str(harm): 1}


def test_a_cut_walks_over_every_request_and_every_byte() -> None:
    seeds = range(1, 2 * proxy.REQUESTS * 1_024, 2)
    cuts = {(nth, fault.at) for seed in seeds for nth, fault in proxy.cut_plan(seed).items()}
    assert cuts == {(nth, at) for nth in range(1, proxy.REQUESTS + 1) for at in range(1_024)}


def test_a_second_delivery_to_a_server_that_remembers_nothing_is_found(
    stage: Stage, creates: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The checks have teeth: this is outside of the promise, and told."""
    monkeypatch.setattr(proxy, "Limits", partial(Limits, idempotency_window=timedelta(0)))
    figures = stage.harmed({creates: Fault(Harm.TWICE)})
    assert any("I1 no duplicate" in each.found for each in figures.violations)
