"""What the figures of a survey mean: pure, so every border is tested."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from order_sync.canary.facts import (
    Aliases,
    BadValue,
    Costs,
    Facts,
    KeyLookup,
    LateApply,
    Measured,
    Removal,
    Replay,
    Shape,
    Subitems,
    Visibility,
)
from order_sync.canary.verdicts import TITLES, Assumed, Need, ProbeResult, Verdict, judge, percentile

LATE = LateApply(answered=1, found=(3.0, 120.0), never=0, watched=360, longest_answer=20)
SEEN = Visibility(by_key=(0.0, 20.0), by_parent=(0.0,), by_scan=(0.0,), unseen=0, watched=300)
FOUND = KeyLookup(100, 25, 25, 25, 25, 0, archived_hidden=True, deleted_hidden=True, hidden_after=1.0, watched=120)
AGAIN = Replay(header=True, same_id=True, items=1, other_body="first answer", refusal_replayed=True)
BESIDE = Aliases(2, 2, 2, bad_refused=True, bad_there=False, in_order=True, replayed_whole=True)
BELOW = Subitems(25, 25, "not found")
GONE = Removal(True, "InvalidItemIdException", "REJECTED_ROW", "deleted", "archived")
PRICE = Shape("create_items", 8, 59, 30_001.0, 30_001.0, 0.8, 3.0, changes=True)
REFUSED = BadValue("status", "REJECTED_VALUE", there=False)


def judged(name: str, facts: Facts, assumed: Assumed | None = None, **others: Facts) -> ProbeResult:
    results = judge(Measured({name: facts, **others}), assumed or Assumed())
    return next(each for each in results if each.id == name)


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("A1", LATE),
        ("A2", SEEN),
        ("A3", FOUND),
        ("A4", AGAIN),
        ("A5", BESIDE),
        ("A6", BELOW),
        ("A7", GONE),
        ("A7", replace(GONE, second_code="", second_class="", state_deleted="absent")),
        ("A8", Costs((PRICE,))),
        ("A9", REFUSED),
    ],
)
def test_what_is_assumed_is_as_assumed(name: str, facts: Facts) -> None:
    assert judged(name, facts).verdict is Verdict.AS_ASSUMED


@pytest.mark.parametrize(
    ("name", "facts", "needs"),
    [
        ("A1", replace(LATE, found=(120.1,)), (Need("times.server_apply", 185),)),
        ("A1", replace(LATE, longest_answer=61), (Need("times.server_timeout", 65),)),
        ("A2", replace(SEEN, by_parent=(20.1,)), (Need("times.visibility", 65),)),
        ("A2", replace(SEEN, by_scan=(), unseen=1), (Need("times.visibility", 900),)),
        ("A3", replace(FOUND, small_found=24), ()),
        ("A3", replace(FOUND, capital_found=24), ()),
        ("A3", replace(FOUND, strangers=1), ()),
        ("A3", replace(FOUND, archived_hidden=False, hidden_after=None), ()),
        ("A3", replace(FOUND, deleted_hidden=False, hidden_after=None), ()),
        ("A4", replace(AGAIN, items=2), ()),
        ("A4", replace(AGAIN, same_id=False), ()),
        ("A4", replace(AGAIN, header=False), ()),
        ("A5", replace(BESIDE, there=1), (Need("sending.batch_size", 1, at_most=True),)),
        ("A5", replace(BESIDE, bad_there=True), ()),
        ("A5", replace(BESIDE, bad_refused=False), ()),
        ("A5", replace(BESIDE, in_order=False), ()),
        ("A5", replace(BESIDE, replayed_whole=False), ()),
        ("A6", replace(BELOW, by_parent=24), ()),
        ("A7", replace(GONE, state_deleted="active"), ()),
        ("A7", replace(GONE, state_archived="absent"), ()),
        ("A7", replace(GONE, second_class="AMBIGUOUS"), ()),
        ("A8", Costs((replace(PRICE, points_each=33_000.0),)), ()),
        ("A9", replace(REFUSED, there=True), ()),
        ("A9", replace(REFUSED, refused_as="AMBIGUOUS"), ()),
    ],
)
def test_what_is_otherwise_differs_and_says_what_follows(name: str, facts: Facts, needs: tuple[Need, ...]) -> None:
    found = judged(name, facts)
    assert found.verdict is Verdict.DIFFERS
    assert found.follows
    assert found.needs == needs


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("A1", replace(LATE, found=(), never=3)),
        ("A2", Visibility((), (), (), 0, 300)),
        ("A7", replace(GONE, first_done=False)),
        ("A8", Costs((replace(PRICE, points_each=None),))),
    ],
)
def test_what_proves_nothing_is_inconclusive(name: str, facts: Facts) -> None:
    assert judged(name, facts).verdict is Verdict.INCONCLUSIVE


def test_every_probe_has_a_result_with_the_reason_where_it_has_no_facts() -> None:
    results = judge(Measured({}, {"A6": "no subitem board"}), Assumed())
    assert [each.id for each in results] == list(TITLES)
    assert {each.verdict for each in results} == {Verdict.INCONCLUSIVE}
    assert results[5].measured == "no subitem board"


def test_the_lag_of_look_ups_is_taken_off_a_late_apply() -> None:
    assert judged("A1", replace(LATE, found=(139.0,)), A2=SEEN).verdict is Verdict.AS_ASSUMED
    assert judged("A1", replace(LATE, found=(141.0,)), A2=SEEN).verdict is Verdict.DIFFERS


def test_a_need_is_an_entry_of_the_file_before_its_scale() -> None:
    scaled = Assumed(server_apply=1.2, visibility=0.6, server_timeout=60, scale=0.01)
    found = judged("A2", replace(SEEN, by_key=(0.9,)), scaled)
    assert found.needs == (Need("times.visibility", 270),)


@given(st.lists(st.floats(0, 1_000), min_size=1, max_size=200), st.floats(60, 600))
def test_heeding_the_results_makes_them_as_assumed(lags: list[float], visibility: float) -> None:
    """Whatever is suggested is enough, and never less than three times what was seen."""
    facts = replace(SEEN, by_key=tuple(lags))
    (need,) = judged("A2", facts, Assumed(visibility=visibility)).needs
    assert need.value >= 3 * percentile((*lags, 0.0, 0.0), 99.9)
    assert judged("A2", facts, Assumed(visibility=need.value)).verdict is Verdict.AS_ASSUMED


@given(st.lists(st.floats(0, 1_000), min_size=1, max_size=99))
def test_of_a_few_values_the_high_percentiles_are_the_largest(values: list[float]) -> None:
    assert percentile(values, 99.9) == max(values)
    assert percentile(values, 50) in values
