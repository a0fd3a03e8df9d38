"""Reading a board: patience, and never "absent" by mistake."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest
from tests.monday_fakes import HandClock, board, error, item, page, said

from order_sync.model.errors import AuthenticationHalted, BoardMismatch, BoardUnavailable, DailyLimitReached
from order_sync.model.ids import ColumnId, ItemId, SyncKey
from order_sync.monday.board import BoardItem

KEY = ColumnId("text_key")
K1, K2 = SyncKey("aa-g1"), SyncKey("bb-g1")


# Reading: what is believed.


def test_a_look_up() -> None:
    found = page(item(5, "AA-G1 "), item(6, "aa-g1"))
    it, http, _ = board(said({"page": found, "control": [item(9, "cc-g1")]}))
    lookup = it.find_by_key(KEY, [K1, K2], ItemId(9))
    assert {key: [each.id for each in items] for key, items in lookup.found.items()} == {K1: [5, 6]}
    assert lookup.control_ok
    assert len(http.requests) == 1
    assert http.asked()["variables"]["filter"] == [{"column_id": "text_key", "column_values": [K1, K2]}]


@pytest.mark.parametrize(
    "control",
    [
        [],
        [None],
        [item(9, "cc-g1") | {"state": "archived"}],
        [item(8, "cc-g1")],
        [item(9, None)],
        [item(9, " ")],
    ],
)
def test_without_its_control_a_look_up_says_nothing(control: list[Any]) -> None:
    it, _, _ = board(said({"page": page(), "control": control}))
    assert not it.find_by_key(KEY, [K1], ItemId(9)).control_ok


def test_without_any_control_it_is_not_proven() -> None:
    it, _, _ = board(said({"page": page(item(5, K1))}))
    lookup = it.find_by_key(KEY, [K1], None)
    assert list(lookup.found) == [K1]
    assert not lookup.control_ok


@pytest.mark.parametrize(("seen", "proven"), [([item(9, "CC-g1")], True), ([], False)])
def test_the_control_is_also_asked_by_its_key(seen: list[Any], proven: bool) -> None:
    it, http, _ = board(said({"page": page(*seen), "control": [item(9, "cc-g1")]}))
    lookup = it.find_by_key(KEY, [K1], ItemId(9), SyncKey("CC-g1"))
    assert lookup.control_ok is proven
    assert lookup.found == {}
    assert http.asked()["variables"]["filter"][0]["column_values"] == [K1, "cc-g1"]


def test_a_filter_that_brings_what_nobody_asked_for_proves_nothing() -> None:
    it, _, _ = board(said({"page": page(item(5, "zz-g1"), item(6, K1)), "control": [item(9, "cc-g1")]}))
    lookup = it.find_by_key(KEY, [K1], ItemId(9))
    assert list(lookup.found) == [K1]
    assert not lookup.control_ok


def test_a_look_up_follows_its_pages() -> None:
    it, http, _ = board(
        said({"page": page(item(5, K1), cursor="c1"), "control": [item(9, "cc-g1")]}),
        said({"page": page(item(6, K1))}),
    )
    assert [each.id for each in it.find_by_key(KEY, [K1], ItemId(9)).found[K1]] == [5, 6]
    assert http.asked()["variables"] == {"cursor": "c1", "limit": 500, "columns": ["text_key"]}


def test_a_look_up_without_end_is_given_up() -> None:
    it, _, _ = board(said({"page": page(item(5, "zz"), cursor="on")}))
    with pytest.raises(BoardUnavailable, match="filter is not applied"):
        it.find_by_key(KEY, [K1], None)


@pytest.mark.parametrize("keys", [[], [SyncKey(f"k{at}") for at in range(101)]])
def test_a_look_up_has_a_size(keys: list[SyncKey]) -> None:
    it, _, _ = board(said({}))
    with pytest.raises(ValueError, match="1 to 99"):
        it.find_by_key(KEY, keys, None)


UNUSABLE = [
    said({}),
    said({"page": None}),
    said({"page": {"cursor": None}}),
    said({"page": {"cursor": None, "items": None}}),
    said({"page": page({"name": "without id"})}),
    said({"page": page({"id": "NaN"})}),
    said({"page": page({"id": "1", "column_values": "x"})}),
    said({"page": page()}, errors=error("tooManyRequestsOfAnotherKind")),
    said({"page": page()}, errors=error("INTERNAL_SERVER_ERROR")),
    said({"page": page()}, status=500),
    said({"page": page()}, status=206),
    said(errors=error(None, "something new")),
    lambda _: httpx2.Response(200, content=b"<html>"),
    lambda _: httpx2.Response(502, content=b"<html>"),
    lambda _: httpx2.Response(302, headers={"location": "https://elsewhere.example"}),
    lambda _: httpx2.Response(200, content=b'{"data":{"page":{"items":[],"cursor":NaN}}}'),
    httpx2.ConnectError("refused"),
    httpx2.ReadTimeout("silence"),
]


@pytest.mark.parametrize("step", UNUSABLE)
def test_a_failed_look_up_is_never_absent(step: Any) -> None:
    """Tried as often as allowed, then an error: an empty result would send the orders again."""
    it, http, clock = board(step)
    clock.draw = 0.5
    with pytest.raises(BoardUnavailable, match="find_by_key after 3 attempts") as caught:
        it.find_by_key(KEY, [K1], None)
    assert len(http.requests) == 3
    assert clock.slept == [0.5, 1.0]
    assert caught.value.where == "board 77, at http://127.0.0.1:9/v2"
    assert caught.value.next_step


# Reading: patience.


def test_reading_goes_on_after_a_failure() -> None:
    it, http, _ = board(httpx2.ReadError("reset"), said(status=503), said({"items": [item(5, K1)]}))
    assert it.items_by_id([ItemId(5)], KEY) == [BoardItem(ItemId(5), "n5", "active", K1, None, None, {KEY: "aa-g1"})]
    assert len(http.requests) == 3
    assert "idempotency-key" not in http.requests[0].headers


def test_reading_waits_as_it_is_told() -> None:
    throttled = said(errors=error("MINUTE_RATE_LIMIT_EXCEEDED", retry_in_seconds=58), status=429)
    it, _, clock = board(throttled, throttled, throttled, throttled, said({"items": []}))
    it.items_by_id([ItemId(5)])
    assert clock.slept == [58.0] * 4, "throttling is no failed attempt"


def test_reading_does_not_wait_for_ever() -> None:
    it, _, clock = board(said(errors=error("MINUTE_RATE_LIMIT_EXCEEDED", retry_in_seconds=600), status=429))
    with pytest.raises(BoardUnavailable, match="for too long"):
        it.items_by_id([ItemId(5)])
    assert sum(clock.slept) <= 1_900


def test_a_stopped_run_does_not_ask_on_without_waiting() -> None:
    clock = HandClock(draw=0.9)
    clock.stands_still = True
    it, http, _ = board(httpx2.ConnectError("refused"), clock=clock)
    with pytest.raises(BoardUnavailable, match="stopped"):
        it.items_by_id([ItemId(5)])
    assert len(http.requests) == 1


def test_the_daily_limit_stops_reading() -> None:
    it, _, _ = board(said(errors=error("DAILY_LIMIT_EXCEEDED", retry_in_seconds=3599), status=429))
    with pytest.raises(DailyLimitReached) as caught:
        it.items_by_id([ItemId(5)])
    assert "2026-03-01 23:59 UTC" in str(caught.value.next_step)


@pytest.mark.parametrize(
    "step",
    [
        said(errors=error("NOT_AUTHENTICATED"), status=401),
        lambda _: httpx2.Response(401, content=b"<html>"),
        said(errors=["Not Authenticated"], status=401),
        said(errors=error("USER_UNAUTHORIZED")),
        said(errors=error("USER_ACCESS_DENIED"), status=403),
    ],
)
def test_a_refused_token_stops_reading(step: Any) -> None:
    it, http, _ = board(step)
    with pytest.raises(AuthenticationHalted) as caught:
        it.me()
    assert len(http.requests) == 1
    assert caught.value.next_step


@pytest.mark.parametrize(
    "errors",
    [
        error("InvalidBoardIdException"),
        error("InvalidColumnIdException"),
        error(None, 'Cannot query field "x" on type "Item".'),
        error("InvalidVersionException"),
        error("InvalidArgumentException"),
    ],
)
def test_a_question_that_cannot_be_answered_names_the_board(errors: list[Any]) -> None:
    it, http, _ = board(said(errors=errors))
    with pytest.raises(BoardMismatch) as caught:
        it.find_by_key(KEY, [K1], None)
    assert "board 77" in str(caught.value)
    assert len(http.requests) == 1
