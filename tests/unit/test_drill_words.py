"""What a drill's report is written with, and how far its faults go."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

import order_sync.run
import order_sync.steps.check
import order_sync.steps.requeue  # noqa: F401 - each registers its places
from monday_simulator.gateway.faults import Kind as ServiceFault
from monday_simulator.gateway.faults import Rule
from order_sync import failpoints
from order_sync.drill.random_trial import Plan
from order_sync.drill.series import within
from order_sync.drill.strikes import Kind
from order_sync.drill.words import SERVICE, STRIKES, place_in_words, story
from order_sync.settings import Times


def test_every_place_of_network_and_database_has_words() -> None:
    places = [place for place in failpoints.registered() if not place.startswith("file:")]
    assert len(places) > 100
    assert [place for place in places if place_in_words(place).startswith("at ")] == []


def test_every_fault_has_words() -> None:
    assert set(STRIKES) == set(Kind)
    assert set(SERVICE) == {str(kind) for kind in ServiceFault if kind is not ServiceFault.RESET_UNREAD}


def test_a_story_leaves_out_waiting_and_tells_faults() -> None:
    told = [
        (0.0, 0, 0, "orders.held: count 0"),
        (0.0, 0, 0, "item.created: customer NOVA PEAK, count 2"),
        (0.0, 0, 0, "item.created: customer NOVA PEAK, count 2"),
        (61.25, 1, 2, "crash at db:send.intent:unacknowledged"),
        (62.0, 1, 2, "rows.waited_for"),
    ]
    assert [(each.at, each.process, each.what, each.fault) for each in story(told)] == [
        ("00:00.0", "A1", "items made (customer NOVA PEAK, count 2)", False),
        ("01:01.2", "B3", "DIES after the commit of send.intent, its confirmation lost", True),
    ]


@pytest.mark.parametrize(
    ("times", "late", "lag"),
    [(Times(), 119.0, 59), (Times(server_apply=30.0, visibility=5.5), 29.0, 4), (Times(scale=0.01), 0.2, 0)],
)
def test_faults_stay_within_what_is_assumed(times: Times, late: float, lag: int) -> None:
    rules = (Rule(ServiceFault.LATE_APPLY, on="write", after_seconds=119.0), Rule(ServiceFault.LOST_AFTER, on="write"))
    plan = Plan(cast(Any, SimpleNamespace()), 1, (), rules, 2, 59, 0.0)
    bounded = within(plan, times)
    assert bounded.faults[0].after_seconds == pytest.approx(late)
    assert bounded.faults[1] == rules[1]
    assert bounded.lag == lag
