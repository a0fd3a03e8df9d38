"""T1 and T2: the intent before the call, the outcome after it; each change a compare-and-set."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from ledger_rows import BATCH, BOARD, NOW, OTHER, REQUEST, Ledger  # type: ignore[import-not-found]
from sqlalchemy import update
from tests.harness import VirtualClock

from order_sync.model.errors import LostLease
from order_sync.model.ids import Fence, ItemId, RequestId
from order_sync.model.outcomes import Created, ErrorClass, GroupCreated, InDoubt, Outcome, Problem, Rejected
from order_sync.model.states import OPEN, RowStatus
from order_sync.model.verdicts import Verdict
from order_sync.store.base import Store, id_list, one_of
from order_sync.store.engine import Engines
from order_sync.store.errors import StoreConflict, guarded
from order_sync.store.leases import Leases
from order_sync.store.ledger.calls import Answer, record_answer, record_orphans
from order_sync.store.ledger.claims import (
    intend,
    mark_in_doubt,
    requests_of_one,
    settle_rows,
)
from order_sync.store.ledger.rows import item_rows, subitem_rows
from order_sync.store.tables import Tables
from order_sync.store.transactions import Transaction

PROBLEM = Problem(ErrorClass.AMBIGUOUS, "no answer came")
ANSWER = Answer(200, None, "their-id", False, 30, 41)


@pytest.fixture
def ledger(engines: Engines, deployed: Tables) -> Iterator[Ledger]:
    with guarded(), engines.write.begin() as conn:
        yield Ledger(conn, deployed)


def test_an_intent_marks_its_rows_and_is_written_down_with_its_body(ledger: Ledger) -> None:
    rows = [ledger.order("A"), ledger.order("B", RowStatus.API_FAILED, stg_attempt=2)]
    intent = ledger.intent(*rows, request=REQUEST, fence=7, body='{"ü": 1}'.encode())
    intend(ledger.conn, ledger.tables, item_rows(ledger.tables), ledger.staged(*rows), intent, NOW)
    for row, attempt in zip(rows, (1, 3), strict=True):
        names = ("stg_status", "stg_attempt", "stg_request_id", "stg_fence", "stg_intent_at")
        assert [ledger.value(name, row) for name in names] == ["SENDING", attempt, REQUEST, 7, NOW]
    tables = ledger.tables
    assert ledger.all(tables.calls, "request_id", "idem_key", "board", "op", "fence", "api_user_id") == [
        (REQUEST, REQUEST, "42", "create_items", 7, 77)
    ]
    assert ledger.all(tables.call_bodies, "body") == [('{"ü": 1}',)]
    assert ledger.all(tables.call_rows, "alias", "row_id", "sync_key") == [
        ("r0", rows[0], "a-g1"),
        ("r1", rows[1], "b-g1"),
    ]


def test_the_same_body_is_kept_once(ledger: Ledger) -> None:
    for name in ("A", "B"):
        row = ledger.order(name)
        intend(ledger.conn, ledger.tables, item_rows(ledger.tables), ledger.staged(row), ledger.intent(row), NOW)
    assert len(ledger.all(ledger.tables.calls, "request_id")) == 2
    assert len(ledger.all(ledger.tables.call_bodies, "sha256")) == 1


@pytest.mark.parametrize(
    "status", [each for each in RowStatus if each not in (RowStatus.PENDING, RowStatus.API_FAILED)]
)
def test_a_row_that_is_not_to_be_sent_is_refused_and_so_is_its_request(ledger: Ledger, status: RowStatus) -> None:
    good, other = ledger.order("A"), ledger.order("B", status)
    with pytest.raises(LostLease, match="changed by another process"):
        intend(
            ledger.conn,
            ledger.tables,
            item_rows(ledger.tables),
            ledger.staged(good, other),
            ledger.intent(good, other),
            NOW,
        )


def test_a_row_that_was_sent_since_it_was_read_is_refused(ledger: Ledger) -> None:
    row = ledger.order("A")
    staged = ledger.staged(row)
    ledger.conn.execute(update(ledger.tables.staging).values(stg_attempt=1))
    with pytest.raises(LostLease):
        intend(ledger.conn, ledger.tables, item_rows(ledger.tables), staged, ledger.intent(row), NOW)


def test_a_row_that_has_an_item_is_not_to_be_created(ledger: Ledger) -> None:
    row = ledger.order("A")
    ledger.conn.execute(update(ledger.tables.identity).values(live_item_id=5))
    with pytest.raises(LostLease):
        intend(ledger.conn, ledger.tables, item_rows(ledger.tables), ledger.staged(row), ledger.intent(row), NOW)


def test_an_answer_is_appended_never_changed(ledger: Ledger) -> None:
    row = ledger.order("A")
    intend(
        ledger.conn,
        ledger.tables,
        item_rows(ledger.tables),
        ledger.staged(row),
        ledger.intent(row, request=REQUEST),
        NOW,
    )
    outcomes: list[dict[int, Outcome]] = [
        {1: InDoubt(PROBLEM)},
        {1: Created(ItemId(5)), 2: Rejected(PROBLEM)},
        {0: GroupCreated("g")},
    ]
    for each in outcomes:
        record_answer(ledger.conn, ledger.tables, REQUEST, ANSWER, each, NOW)
    assert ledger.all(ledger.tables.call_results, "seq", "http_status", "monday_request_id", "ms", "ids", "class") == [
        (1, 200, "their-id", 41, None, "InDoubt"),
        (2, 200, "their-id", 41, '{"1": 5}', "Created,Rejected"),
        (3, 200, "their-id", 41, '{"0": "g"}', "GroupCreated"),
    ]


def settle(ledger: Ledger, verdicts: dict[int, Verdict], was: RowStatus = RowStatus.SENDING) -> None:
    settle_rows(ledger.conn, ledger.tables, item_rows(ledger.tables), was, verdicts, None, NOW)  # type: ignore[arg-type]


def test_each_row_gets_its_own_verdict(ledger: Ledger) -> None:
    made, failed, doubtful = (ledger.order(name, RowStatus.SENDING) for name in "ABC")
    due = NOW + timedelta(minutes=1)
    settle(
        ledger,
        {
            made: Verdict(RowStatus.API_SUCCESS, ItemId(5)),
            failed: Verdict(RowStatus.API_FAILED, None, PROBLEM, 2, 1, due),
            doubtful: Verdict(RowStatus.IN_DOUBT, None, PROBLEM, 0, 3),
        },
    )
    names = (
        "stg_status",
        "stg_monday_item_id",
        "stg_retry_count",
        "stg_doubts",
        "stg_next_attempt_at",
        "stg_error_class",
    )
    assert [[ledger.value(name, row) for name in names] for row in (made, failed, doubtful)] == [
        ["API_SUCCESS", 5, 0, 0, None, None],
        ["API_FAILED", None, 2, 1, due, "AMBIGUOUS"],
        ["IN_DOUBT", None, 0, 3, None, "AMBIGUOUS"],
    ]
    identities = ledger.all(ledger.tables.identity, "sync_key", "live_item_id", "state")
    assert identities == [("a-g1", 5, "LIVE"), ("b-g1", None, "ASSIGNED"), ("c-g1", None, "ASSIGNED")]


def test_a_made_order_frees_its_blocked_sizes(ledger: Ledger) -> None:
    made, other = ledger.order("A", RowStatus.SENDING), ledger.order("B", RowStatus.SENDING)
    sizes = [ledger.size(made, "S"), ledger.size(made, "M", RowStatus.CANCELLED), ledger.size(other, "S")]
    settle(ledger, {made: Verdict(RowStatus.API_SUCCESS, ItemId(5)), other: Verdict(RowStatus.IN_DOUBT, None, PROBLEM)})
    assert [ledger.size_status(size) for size in sizes] == ["PENDING", "CANCELLED", "BLOCKED"]


def test_an_order_in_production_stays_so_when_it_is_adopted(ledger: Ledger) -> None:
    row = ledger.order("A", RowStatus.PENDING, identity="PROMOTED")
    settle(ledger, {row: Verdict(RowStatus.API_SUCCESS, ItemId(5))}, RowStatus.PENDING)
    assert ledger.all(ledger.tables.identity, "state", "live_item_id") == [("PROMOTED", 5)]


def test_a_row_that_moved_on_is_not_settled(ledger: Ledger) -> None:
    row = ledger.order("A", RowStatus.IN_DOUBT)
    with pytest.raises(LostLease):
        settle(ledger, {row: Verdict(RowStatus.API_SUCCESS, ItemId(5))})


def test_a_row_of_another_request_is_not_settled(ledger: Ledger) -> None:
    row = ledger.order("A", RowStatus.SENDING, stg_request_id=REQUEST)
    verdicts = {row: Verdict(RowStatus.API_SUCCESS, ItemId(5))}
    with pytest.raises(LostLease):
        settle_rows(
            ledger.conn, ledger.tables, item_rows(ledger.tables), RowStatus.SENDING, verdicts, RequestId("x"), NOW
        )


def test_nothing_to_settle_is_no_statement(ledger: Ledger) -> None:
    settle(ledger, {})


def test_one_item_is_one_rows(ledger: Ledger) -> None:
    first, second = ledger.order("A", RowStatus.SENDING), ledger.order("B", RowStatus.SENDING)
    settle(ledger, {first: Verdict(RowStatus.API_SUCCESS, ItemId(5))})
    with pytest.raises(StoreConflict), guarded():
        settle(ledger, {second: Verdict(RowStatus.API_SUCCESS, ItemId(5))})


@pytest.mark.parametrize("status", RowStatus)
def test_one_open_row_a_key(ledger: Ledger, status: RowStatus) -> None:
    row = ledger.order("A", status)
    table = ledger.tables.staging
    values = {"stg_batch_id": OTHER, "stg_status": "PENDING", "stg_sync_key": ledger.value("stg_sync_key", row)}
    if status not in OPEN:
        ledger.conn.execute(table.insert().values(values))
        return
    with pytest.raises(StoreConflict), guarded():
        ledger.conn.execute(table.insert().values(values))


# --- rows whose sender is gone ---


def test_rows_of_a_batch_in_hand_are_put_in_doubt(ledger: Ledger) -> None:
    mine = ledger.order("A", RowStatus.SENDING, stg_request_id="r1", stg_doubts=1, stg_absent_proofs=1)
    other = ledger.order("B", RowStatus.SENDING, stg_request_id="r2", stg_batch_id=OTHER)
    waiting = ledger.order("C")
    assert mark_in_doubt(ledger.conn, item_rows(ledger.tables), BATCH, None) == ["r1"]
    assert [ledger.status(row) for row in (mine, other, waiting)] == ["IN_DOUBT", "SENDING", "PENDING"]
    assert [ledger.value(name, mine) for name in ("stg_doubts", "stg_absent_proofs", "stg_error_class")] == [
        2,
        0,
        "AMBIGUOUS",
    ]


def test_rows_of_an_older_fence_are_put_in_doubt_whoever_they_are_of(ledger: Ledger) -> None:
    order = ledger.order("A", RowStatus.API_SUCCESS)
    old = ledger.size(order, "S", RowStatus.SENDING, stg_request_id="r1", stg_fence=6)
    twin = ledger.size(order, "M", RowStatus.SENDING, stg_request_id="r1", stg_fence=6)
    new = ledger.size(order, "L", RowStatus.SENDING, stg_request_id="r2", stg_fence=7)
    assert mark_in_doubt(ledger.conn, subitem_rows(ledger.tables), None, Fence(7)) == ["r1"]
    assert [ledger.size_status(row) for row in (old, twin, new)] == ["IN_DOUBT", "IN_DOUBT", "SENDING"]


def test_which_requests_carried_a_single_row(ledger: Ledger) -> None:
    alone, pair = ledger.order("A"), [ledger.order("B"), ledger.order("C")]
    intents = [ledger.intent(alone), ledger.intent(*pair)]
    for intent in intents:
        rows = ledger.staged(*(row for _, row in intent.refs))
        intend(ledger.conn, ledger.tables, item_rows(ledger.tables), rows, intent, NOW)
    asked = [intent.request_id for intent in intents]
    assert requests_of_one(ledger.conn, ledger.tables, asked) == {asked[0]}
    assert requests_of_one(ledger.conn, ledger.tables, []) == set()


def test_items_made_without_a_lease_are_noted(ledger: Ledger) -> None:
    intent = ledger.intent(ledger.order("A"), ledger.order("B"), request=REQUEST)
    refs = [row for _, row in intent.refs]
    outcomes: dict[int, Outcome] = {refs[0]: Created(ItemId(5)), refs[1]: Rejected(PROBLEM)}
    record_orphans(ledger.conn, ledger.tables, intent, outcomes, "lost", NOW)
    record_orphans(ledger.conn, ledger.tables, intent, {refs[1]: Rejected(PROBLEM)}, "lost", NOW)
    noted = ledger.all(ledger.tables.orphans, "board", "item_id", "request_id", "alias", "reason")
    assert noted == [(BOARD, 5, REQUEST, "r0", "lost")]


# --- many ids in one parameter ---


def test_any_number_of_ids(ledger: Ledger) -> None:
    rows = [ledger.order(f"K{at}") for at in range(3)]
    key = ledger.tables.staging.c.stg_id
    many = [*rows[:2], *range(10_000, 15_000)]
    query = ledger.tables.staging.select().where(one_of(ledger.conn, key, many))
    assert len(ledger.conn.execute(query).all()) == 2
    assert ledger.conn.execute(ledger.tables.staging.select().where(one_of(ledger.conn, key, []))).all() == []


@pytest.mark.parametrize("text", ["a'b", 'a"b', "a b", "ü", "a;b", "a]b"])
def test_what_is_no_id_of_ours_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not an id"):
        id_list([text])


def test_a_write_without_its_lease_writes_nothing(engines: Engines, deployed: Tables) -> None:
    clock, times = VirtualClock(), {"ttl": timedelta(seconds=60), "beat": timedelta(seconds=15)}
    mine = Leases(engines.write, deployed.leases, clock, owner="h/1/1/a", **times)
    theirs = Leases(engines.write, deployed.leases, clock, owner="h/2/2/b", **times)
    store = Store(engines, deployed, clock, mine)
    lease = mine.acquire("customer:A")
    clock.sleep(timedelta(seconds=61))
    theirs.acquire("customer:A")
    # In the name of one of the product's own: a name registers its places, and each place has to have its trials.
    called = Transaction("groups.remember")
    with pytest.raises(LostLease), store.writing(called, lease) as conn:  # type: ignore[arg-type]
        Ledger(conn, deployed)
    with store.reading() as conn:
        assert conn.execute(deployed.batches.select().where(deployed.batches.c.batch_id == BATCH)).all() == []
