"""A board's conversation: one attempt to write, and what the questions ask for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx2
import pytest
from tests.monday_fakes import board, error, item, page, said

from order_sync.model.errors import BoardMismatch, BoardUnavailable
from order_sync.model.ids import BoardId, ColumnId, GroupId, ItemId, RequestId, SyncKey
from order_sync.model.outcomes import Created, Halted, InDoubt, Retryable
from order_sync.monday.board import Me
from order_sync.monday.documents import Call, ItemToCreate, create_items

KEY = ColumnId("text_key")
K1, K2 = SyncKey("aa-g1"), SyncKey("bb-g1")


def call(count: int = 2) -> Call:
    rows = [ItemToCreate(at, BoardId("77"), GroupId("g"), f"n{at}", "{}", False) for at in range(count)]
    return create_items(rows)


# Writing.


def test_a_delivery() -> None:
    it, http, clock = board(said({"r0": {"id": "1"}, "r1": {"id": "2"}}))
    sent = call()
    delivery = it.deliver(sent, RequestId("request-1"), clock.monotonic() + 10)
    assert delivery.outcomes == {0: Created(ItemId(1)), 1: Created(ItemId(2))}
    assert http.requests[0].content == sent.body
    assert http.requests[0].headers["idempotency-key"] == "request-1"


@pytest.mark.parametrize(
    ("step", "kind", "lost"),
    [
        (httpx2.ConnectError("refused"), Retryable, False),
        (httpx2.ReadTimeout("silence"), InDoubt, True),
        (httpx2.RemoteProtocolError("half"), InDoubt, True),
        (said(status=502), InDoubt, False),
        (said(errors=error("RATE_LIMIT_EXCEEDED"), status=429), Retryable, False),
    ],
)
def test_one_attempt_whatever_happens(step: Any, kind: type, lost: bool) -> None:
    it, http, clock = board(step)
    delivery = it.deliver(call(), RequestId("r"), clock.monotonic() + 10)
    assert all(isinstance(outcome, kind) for outcome in delivery.outcomes.values())
    assert delivery.lost is lost
    assert len(http.requests) == 1
    assert clock.slept == []


def test_too_late_nothing_is_sent() -> None:
    it, http, clock = board(said({}))
    delivery = it.deliver(call(), RequestId("r"), clock.monotonic() - 1)
    assert (delivery.code, delivery.lost, http.requests) == ("SEND_DEADLINE", False, [])


def test_a_throttled_row_carries_its_wait_and_the_budget_knows() -> None:
    it, _, clock = board(said(errors=error("COMPLEXITY_BUDGET_EXHAUSTED", retry_in_seconds=22), status=429))
    delivery = it.deliver(call(1), RequestId("r"), clock.monotonic() + 10)
    outcome = delivery.outcomes[0]
    assert isinstance(outcome, Retryable)
    assert (outcome.wait, outcome.consumes_attempt) == (timedelta(seconds=22), False)
    assert it.budget.wait_for(1) == timedelta(seconds=22)
    assert it.budget.binding == "points"


def test_a_locked_row_waits_without_losing_an_attempt() -> None:
    it, _, clock = board(said(errors=error(None, "Resource is currently locked"), status=423))
    outcome = it.deliver(call(1), RequestId("r"), clock.monotonic() + 10).outcomes[0]
    assert isinstance(outcome, Retryable)
    assert (outcome.wait, outcome.consumes_attempt) == (timedelta(seconds=5), False)
    assert it.budget.wait_for(1) == timedelta(0), "other boards go on"


def test_only_the_refused_row_waits() -> None:
    limited = [
        {
            "message": "said",
            "path": ["r1"],
            "extensions": {"code": "FIELD_LIMIT_EXCEEDED", "retry_in_seconds": 15},
        }
    ]
    it, _, clock = board(said({"r0": {"id": "1"}, "r1": None}, errors=limited))
    outcomes = it.deliver(call(), RequestId("r"), clock.monotonic() + 10).outcomes
    assert outcomes[0] == Created(ItemId(1))
    assert isinstance(outcomes[1], Retryable)
    assert outcomes[1].wait == timedelta(seconds=15)


def test_the_daily_limit_names_its_end() -> None:
    it, _, clock = board(said(errors=error("DAILY_LIMIT_EXCEEDED"), status=429))
    outcome = it.deliver(call(1), RequestId("r"), clock.monotonic() + 10).outcomes[0]
    assert isinstance(outcome, Halted)
    assert outcome.wait == timedelta(hours=1)


def test_a_keyboard_interrupt_passes_through() -> None:
    def interrupted(_: httpx2.Request) -> httpx2.Response:
        raise KeyboardInterrupt

    it, _, clock = board(interrupted)
    with pytest.raises(KeyboardInterrupt):
        it.deliver(call(), RequestId("r"), clock.monotonic() + 10)


def test_points_are_learned_from_a_delivery() -> None:
    points = {"query": 60_002, "before": 1_000_000, "after": 10, "reset_in_x_seconds": 33}
    it, _, clock = board(said({"r0": {"id": "1"}, "r1": {"id": "2"}, "complexity": points}))
    it.budget.wait_for(call().cost)
    assert it.deliver(call(), RequestId("r"), clock.monotonic() + 10).complexity == 60_002
    assert it.budget.wait_for(call().cost) == timedelta(seconds=33)


# Reading: what is asked for.


def test_me_with_and_without_the_account() -> None:
    account = {"id": "3", "name": "Acme", "tier": "pro", "is_during_trial": False}
    it, _, _ = board(said({"me": {"id": "5", "name": "Nora", "account": account}}))
    assert it.me() == Me("5", "Nora", "3", "Acme", "pro")
    hidden = [{"message": "hidden", "path": ["me", "account"], "extensions": {"code": "UNAUTHORIZED_FIELD_OR_TYPE"}}]
    it, _, _ = board(said({"me": {"id": 5, "name": "Nora", "account": None}}, errors=hidden))
    assert it.me() == Me("5", "Nora")


def described(**more: Any) -> dict[str, Any]:
    counts = {"items_count": 3, "items_limit": 10_000}
    return {"id": "77", "name": "Orders", "state": "active", **counts, "columns": [], "groups": [], **more}


COLUMNS = [
    {"id": "name", "title": "Name", "type": "name", "archived": False, "settings": None},
    {
        "id": "status",
        "title": "Status",
        "type": "status",
        "settings": {
            "labels": [
                {"id": 1, "label": "Open"},
                {"id": 2, "label": "Gone", "is_deactivated": True},
                {"id": 5, "label": ""},
            ]
        },
    },
    {"id": "drop", "title": "Drop", "type": "dropdown", "settings": '{"labels":[{"id":1,"name":"A, B"}]}'},
    {
        "id": "old",
        "title": "Old",
        "type": "status",
        "archived": True,
        "settings": {"labels": {"0": "X", "5": ""}},
    },
    {"id": "odd", "title": "Odd", "type": "text", "settings": "no json"},
    {"id": "sub", "title": "Subitems", "type": "subtasks", "settings": {"boardIds": [88]}},
    None,
]
GROUPS = [
    {"id": "b", "title": "Second", "position": "131072.0"},
    {"id": "a", "title": "First", "position": "65536"},
    {"id": "c", "title": "Archived", "position": "1", "archived": True},
    {"id": "d", "title": "Last", "position": "?"},
]


def test_a_description() -> None:
    below = {"id": "88", "columns": [{"id": "size", "title": "Size", "type": "text"}], "groups": []}
    it, http, _ = board(said({"boards": [described(columns=COLUMNS, groups=GROUPS)]}), said({"boards": [below]}))
    it_is = it.describe()
    labels = {column.id: (column.labels, column.deactivated) for column in it_is.columns}
    assert labels["status"] == (("Open",), ("Gone",))
    assert labels["drop"] == (("A, B",), ())
    assert labels["old"] == (("X",), ())
    assert labels["odd"] == ((), ())
    assert [group.title for group in it_is.groups] == ["First", "Second", "Last"]
    assert (it_is.items_count, it_is.items_limit, it_is.subitem_board_id) == (3, 10_000, "88")
    assert [column.id for column in it_is.subitem_columns] == ["size"]
    old = it_is.column("old")
    assert old is not None
    assert old.archived
    assert it_is.column("none") is None
    assert [http.asked(at)["variables"]["boards"] for at in (0, 1)] == [["77"], ["88"]]


@pytest.mark.parametrize("settings", [None, {}, {"boardIds": []}, {"boardIds": "88"}, [], 5])
def test_a_description_without_a_subitem_board(settings: Any) -> None:
    column = {"id": "sub", "type": "subtasks", "settings": settings}
    it, _, _ = board(said({"boards": [described(columns=[column])]}))
    assert it.describe().subitem_board_id is None


@pytest.mark.parametrize("boards", [[], [None], [described(id="78", name="another")]])
def test_a_board_that_is_not_there_is_named(boards: list[Any]) -> None:
    it, _, _ = board(said({"boards": boards}))
    with pytest.raises(BoardMismatch, match="no active board 77"):
        it.describe()
    it, _, _ = board(said({"boards": [None]}))
    with pytest.raises(BoardMismatch, match="no active board 77"):
        list(it.scan(KEY))


def test_parents_and_their_subitems() -> None:
    parents = [
        {"id": "1", "state": "active", "subitems": [item(11, K1)]},
        {"id": "2", "state": "archived", "subitems": None},
        None,
    ]
    it, http, _ = board(said({"items": parents}))
    found = it.subitems_of([ItemId(1), ItemId(2), ItemId(3)], KEY, [ColumnId("size")])
    assert set(found) == {1, 2}
    assert found[ItemId(1)].active
    assert [(each.id, each.key) for each in found[ItemId(1)].subitems] == [(11, K1)]
    assert (found[ItemId(2)].active, found[ItemId(2)].subitems) == (False, [])
    assert http.asked()["variables"] == {"ids": ["1", "2", "3"], "columns": ["text_key", "size"]}


@pytest.mark.parametrize(
    "subitems",
    [
        {},
        {"subitems": [None]},
        {"subitems": [{"id": "11", "state": "active", "column_values": []}]},
        {"subitems": [{"id": "11", "state": "active", "column_values": [{"id": "text_key"}]}]},
        {"subitems": [{"id": "11", "column_values": [{"id": "text_key", "text": K1}]}]},
    ],
)
def test_what_was_asked_and_left_out_is_not_taken_for_absent(subitems: dict[str, Any]) -> None:
    it, _, _ = board(said({"items": [{"id": "1", "state": "active", **subitems}]}))
    with pytest.raises(BoardUnavailable):
        it.subitems_of([ItemId(1)], KEY)


def test_an_item_without_its_key_column_is_not_taken_for_one_without_a_key() -> None:
    it, _, _ = board(said({"boards": [{"items_page": page({**item(1), "column_values": []})}]}))
    with pytest.raises(BoardUnavailable, match="without its column text_key"):
        list(it.scan(KEY))


@pytest.mark.parametrize("missing", ["groups", "columns"])
def test_a_description_that_leaves_out_half_is_none(missing: str) -> None:
    it, _, _ = board(said({"boards": [{**described(), missing: None}]}))
    with pytest.raises(BoardUnavailable):
        it.describe()


@pytest.mark.parametrize("user", ["", "somebody", "-1", 0, 10**30])
def test_a_user_without_an_id_is_none(user: Any) -> None:
    it, _, _ = board(said({"me": {"id": user}}))
    with pytest.raises(BoardUnavailable):
        it.me()


def test_nothing_asked_is_no_call() -> None:
    it, http, _ = board(said({}))
    assert it.items_by_id([]) == []
    assert it.subitems_of([], KEY) == {}
    assert http.requests == []


def test_too_many_ids() -> None:
    it, _, _ = board(said({}))
    ids = [ItemId(at + 1) for at in range(101)]
    with pytest.raises(ValueError, match="at most 100"):
        it.items_by_id(ids)
    with pytest.raises(ValueError, match="at most 100"):
        it.subitems_of(ids, None)


def first(found: dict[str, Any]) -> Any:
    return said({"boards": [{"items_page": found}]})


def test_a_scan() -> None:
    whole = item(2, "BB-g1", group={"id": "g1"}, creator_id=5)
    it, http, _ = board(first(page(item(1, None), cursor="c1")), said({"page": page(whole)}))
    items = list(it.scan(KEY, [ColumnId("status")]))
    assert [(each.id, each.key, each.group_id, each.creator_id) for each in items] == [
        (1, None, None, None),
        (2, K2, "g1", "5"),
    ]
    assert http.asked(0)["variables"] == {"boards": ["77"], "limit": 500, "columns": ["text_key", "status"]}


def test_a_scan_whose_cursor_expires_starts_over_and_hands_each_item_on_once() -> None:
    expired = said(errors=error("CursorExpiredError"))
    it, _, _ = board(
        first(page(item(1), item(2), cursor="c1")),
        expired,
        first(page(item(1), item(2), item(3), cursor="c2")),
        said({"page": page(item(4))}),
    )
    assert [each.id for each in it.scan(KEY)] == [1, 2, 3, 4]


def test_a_scan_that_never_ends_is_given_up() -> None:
    def on_and_on(request: httpx2.Request) -> httpx2.Response:
        if b"next_page" in request.content:
            return said(errors=error("CursorException"))(request)
        return first(page(item(1), cursor="c1"))(request)

    it, _, _ = board(on_and_on)
    with pytest.raises(BoardUnavailable, match="expired"):
        list(it.scan(KEY))
    it, _, _ = board(first(page(item(1), cursor="c1")), said({"page": page(item(2), cursor="c1")}))
    with pytest.raises(BoardUnavailable, match="came back"):
        list(it.scan(KEY))


def test_a_look_up_whose_cursor_expires_is_unusable() -> None:
    it, _, _ = board(said({"page": page(cursor="c1")}), said(errors=error("CursorExpiredError")))
    with pytest.raises(BoardUnavailable, match="cursor expired"):
        it.find_by_key(KEY, [K1], None)


def test_a_full_scan() -> None:
    below = [
        {
            "id": "11",
            "name": "Size M",
            "state": "active",
            "column_values": [{"id": "qty", "text": "3"}, {"id": "none", "text": ""}],
        }
    ]
    whole = item(1, K1, group={"id": "g", "title": "ACME SS26"}, subitems=below)
    it, http, _ = board(first(page(whole, cursor="c")), said({"page": page(item(2, subitems=None))}))
    one, two = it.scan_full(KEY, page=10)
    assert (one.item.key, one.group_title) == (K1, "ACME SS26")
    assert [(each.name, dict(each.values)) for each in one.subitems] == [("Size M", {"qty": "3"})]
    assert two.subitems == ()
    assert http.asked(1)["variables"] == {"cursor": "c", "limit": 10}


def test_pages_are_paced_by_the_points_they_cost() -> None:
    points = {"query": 4_000_000, "before": 5_000_000, "after": 1_000_000, "reset_in_x_seconds": 50}
    one = said({"boards": [{"items_page": page(item(1, subitems=[]), cursor="c")}], "complexity": points})
    two = said({"page": page(item(2, subitems=[]), cursor="d"), "complexity": points | {"after": 10_000}})
    it, _, clock = board(one, two, said({"page": page(item(3, subitems=[]))}))
    assert len(list(it.scan_full())) == 3
    assert clock.slept == [50.0]


def test_points_that_cannot_be_told_spoil_no_answer() -> None:
    spoiled = [{"message": "no points today", "path": ["complexity"], "extensions": {"code": "Novel"}}]
    it, _, _ = board(said({"items": [item(5, K1)], "complexity": None}, errors=spoiled))
    assert [each.id for each in it.items_by_id([ItemId(5)], KEY)] == [5]
