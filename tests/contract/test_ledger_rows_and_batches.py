"""The other tables of the ledger: batches with their counts, groups, held rows, promotion, snapshot, boards."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import polars as pl
import pytest
from ledger_rows import BATCH, BOARD, NOW, OTHER, Ledger, digest  # type: ignore[import-not-found]
from sqlalchemy import event, insert, select, update

from order_sync.model.errors import LostLease
from order_sync.model.ids import Fence, GroupId, ItemId, OrderKey, RequestId, SyncKey
from order_sync.model.mapping import Mapping
from order_sync.model.outcomes import Created, ErrorClass, Outcome, Problem, Rejected
from order_sync.model.states import BatchStatus, RowStatus
from order_sync.model.verdicts import Verdict
from order_sync.store.engine import Engines
from order_sync.store.errors import guarded
from order_sync.store.ledger import promotion
from order_sync.store.ledger.batches import advance, batch_status, finish, note_halt, recount, unfinished
from order_sync.store.ledger.boards import ACCEPTED, CLEAN, board_decision, decide
from order_sync.store.ledger.calls import Answer, record_answer
from order_sync.store.ledger.claims import intend
from order_sync.store.ledger.doubts import adopt, forget_look_ups, note_absent_once, note_looked_up
from order_sync.store.ledger.failures import log_failures, open_errors, resolve_failures
from order_sync.store.ledger.groups import (
    groups_left_sending,
    intend_groups,
    known_groups,
    open_groups,
    remember_groups,
    set_group,
)
from order_sync.store.ledger.held import HeldOrder, load_issues, refresh_held
from order_sync.store.ledger.identities import creators, live_item, order_identities, recorded_items, size_identities
from order_sync.store.ledger.orphans import note_surplus
from order_sync.store.ledger.promotion import archive_promoted, complete_orders, promote_orders
from order_sync.store.ledger.queue import (
    has_sendable,
    next_due,
    next_wave,
    not_looked_up,
    orders_in_doubt,
    sizes_in_doubt,
    sizes_to_send,
    status_counts,
    tries_used,
)
from order_sync.store.ledger.rows import item_rows, subitem_rows
from order_sync.store.ledger.snapshots import SnapshotState, move_state, raise_generation, read_snapshot, read_state
from order_sync.store.ledger.speed import seconds_a_mutation
from order_sync.store.ledger.staging import (
    cancel_unsent_sizes,
    change_unsent_sizes,
    open_orders,
    promoted_keys,
    requeue_failed,
    take_new_version,
    withdraw_orders,
)
from order_sync.store.tables import Tables

LATER = NOW + timedelta(minutes=5)
PROBLEM = Problem(ErrorClass.REJECTED_VALUE, "not taken", "Code", 200)


@pytest.fixture
def ledger(engines: Engines, deployed: Tables) -> Iterator[Ledger]:
    with guarded(), engines.write.begin() as conn:
        yield Ledger(conn, deployed)


# --- what is to be sent ---


def test_a_wave_is_what_is_due_in_the_order_of_staging(ledger: Ledger) -> None:
    conn, tables = ledger.conn, ledger.tables
    seen = {"stg_looked_up": True}
    due = [ledger.order("A", **seen), ledger.order("B", RowStatus.API_FAILED, **seen)]
    due.append(ledger.order("C", stg_next_attempt_at=NOW, **seen))
    ledger.order("D", stg_next_attempt_at=LATER, **seen)
    ledger.order("E", RowStatus.API_FAILED, stg_max_retries_reached=True, **seen)
    ledger.order("F", stg_batch_id=OTHER, **seen)
    ledger.order("G", stg_op="UPDATE", **seen)
    ledger.order("H")  # nobody has looked for it on the board yet
    for status in (RowStatus.SENDING, RowStatus.IN_DOUBT, RowStatus.CANCELLED, RowStatus.PROMOTED):
        ledger.order(status.value, status, **seen)
    assert [row.id for row in next_wave(conn, tables, BATCH, NOW, 10)] == due
    assert [row.id for row in next_wave(conn, tables, BATCH, NOW, 2)] == due[:2]
    assert next_wave(conn, tables, BATCH, LATER, 10)[-1].name == "Title D"
    assert next_wave(conn, tables, BATCH, NOW, 10, ["Group 1"]) == []


def test_a_wave_takes_the_sizes_of_items_that_exist_even_while_groups_wait(ledger: Ledger) -> None:
    conn, tables = ledger.conn, ledger.tables
    there = ledger.order("A", RowStatus.API_SUCCESS, stg_monday_item_id=5)
    second = ledger.size(there, "M", RowStatus.PENDING, stg_position=2)
    first = ledger.size(there, "S", RowStatus.API_FAILED, stg_position=1)
    ledger.size(there, "L", RowStatus.API_SUCCESS)
    blocked = ledger.order("B", RowStatus.IN_DOUBT)
    ledger.size(blocked, "S", RowStatus.PENDING)
    assert [row.id for row in next_wave(conn, tables, BATCH, NOW, 10, ["Group 1"])] == [there]
    found = sizes_to_send(conn, tables, [there, blocked], NOW)
    assert [(row.id, row.parent_item_id) for row in found] == [(first, 5), (second, 5)]


def test_what_a_batch_waits_for(ledger: Ledger) -> None:
    conn, tables = ledger.conn, ledger.tables
    assert (next_due(conn, tables, BATCH), has_sendable(conn, tables, BATCH, NOW)) == (None, False)
    ledger.order("A", stg_next_attempt_at=LATER, stg_retry_count=2)
    there = ledger.order("B", RowStatus.API_SUCCESS, stg_monday_item_id=5)
    assert (next_due(conn, tables, BATCH), has_sendable(conn, tables, BATCH, NOW)) == (LATER, False)
    assert has_sendable(conn, tables, BATCH, LATER)
    ledger.size(there, "S", RowStatus.API_FAILED, stg_next_attempt_at=NOW, stg_retry_count=1)
    assert (next_due(conn, tables, BATCH), has_sendable(conn, tables, BATCH, NOW)) == (NOW, True)
    assert tries_used(conn, tables, BATCH) == 3
    counts = status_counts(conn, tables, BATCH)
    assert counts == {"item": {"PENDING": 1, "API_SUCCESS": 1}, "subitem": {"API_FAILED": 1}}


def test_look_ups_and_doubts_are_noted_and_forgotten(ledger: Ledger) -> None:
    conn, tables = ledger.conn, ledger.tables
    rows = [ledger.order("A"), ledger.order("B"), ledger.order("C", RowStatus.IN_DOUBT)]
    assert [row.id for row in not_looked_up(conn, tables, BATCH, NOW, 99)] == rows[:2]
    note_looked_up(conn, tables, rows[:1])
    assert [row.id for row in not_looked_up(conn, tables, BATCH, NOW, 99)] == rows[1:2]
    forget_look_ups(conn, tables, BATCH)
    assert [row.id for row in not_looked_up(conn, tables, BATCH, NOW, 1)] == rows[:1]
    note_absent_once(conn, item_rows(tables), rows)
    assert [row.absent_proofs for row in orders_in_doubt(conn, tables, BATCH)] == [1]
    assert ledger.value("stg_absent_proofs", rows[0]) == 0
    assert sizes_in_doubt(conn, tables, BATCH) == []


def test_adopting_takes_rows_of_several_statuses(ledger: Ledger) -> None:
    conn, tables = ledger.conn, ledger.tables
    rows = [ledger.order("A"), ledger.order("B", RowStatus.IN_DOUBT, stg_doubts=2), ledger.order("C")]
    found = {rows[0]: ItemId(5), rows[1]: ItemId(6)}
    adopt(conn, tables, item_rows(tables), found, ledger.staged(*rows), NOW)
    assert [ledger.status(row) for row in rows] == ["API_SUCCESS", "API_SUCCESS", "PENDING"]
    assert [ledger.value("stg_monday_item_id", row) for row in rows] == [5, 6, None]
    assert ledger.value("stg_doubts", rows[1]) == 2


def test_a_second_item_is_noted_once(ledger: Ledger) -> None:
    conn, tables = ledger.conn, ledger.tables
    surplus = [(ItemId(9), SyncKey("a-g1"))]
    assert note_surplus(conn, tables, BOARD, surplus, "twice", NOW) == 1
    assert note_surplus(conn, tables, BOARD, [*surplus, *surplus], "twice", NOW) == 0
    assert note_surplus(conn, tables, BOARD, [], "twice", NOW) == 0
    assert ledger.all(tables.orphans, "item_id", "sync_key", "reason") == [(9, "a-g1", "twice")]


# --- identities ---


def test_identities(ledger: Ledger) -> None:
    conn, tables = ledger.conn, ledger.tables
    first = ledger.order("A", RowStatus.API_SUCCESS, stg_monday_item_id=5)
    ledger.order("B", RowStatus.API_SUCCESS, stg_monday_item_id=6)
    ledger.order("C")
    ledger.size(first, "S")
    conn.execute(
        insert(tables.identity).values(
            order_key=digest("A"), sync_key="a-g2", board=BOARD, generation=2, state="ASSIGNED"
        )
    )
    keys = [OrderKey(digest(name)) for name in "ACX"]
    found = order_identities(conn, tables, keys)
    assert {key: each[1:] for key, each in found.items()} == {
        digest("A"): ("a-g2", None, "ASSIGNED"), digest("C"): ("c-g1", None, "ASSIGNED"),
    }  # fmt: skip
    assert list(size_identities(conn, tables, keys)) == [(digest("A"), "S")]
    assert live_item(conn, tables, BOARD) == (5, "a-g1")
    assert live_item(conn, tables, BOARD, [ItemId(5)]) == (6, "b-g1")
    assert live_item(conn, tables, BOARD, [ItemId(5), ItemId(6)]) is None
    assert recorded_items(conn, tables, [ItemId(5), ItemId(7)]) == {5: "a-g1"}
    assert creators(conn, tables) == set()


# --- groups ---


def test_a_group_from_its_title_to_its_id(ledger: Ledger) -> None:
    conn, tables = ledger.conn, ledger.tables
    remember_groups(conn, tables, BOARD, ["Nova SS26", "NOVA ss26 ", "Salt SS26"], {})
    known = known_groups(conn, tables, BOARD)
    assert {key: (row.title, row.status) for key, row in known.items()} == {
        "nova ss26": ("NOVA ss26 ", "PENDING"), "salt ss26": ("Salt SS26", "PENDING"),
    }  # fmt: skip
    remember_groups(conn, tables, BOARD, ["NOVA SS26"], known)
    intend = {"request_id": RequestId("r"), "batch": BATCH, "fence": Fence(3), "now": NOW}
    intend_groups(conn, tables, BOARD, ["nova ss26"], **intend)  # type: ignore[arg-type]
    with pytest.raises(LostLease):
        intend_groups(conn, tables, BOARD, ["nova ss26", "salt ss26"], **intend)  # type: ignore[arg-type]
    assert groups_left_sending(conn, tables, BOARD, Fence(3)) == []
    assert groups_left_sending(conn, tables, BOARD, Fence(4)) == ["r"]
    set_group(conn, tables, BOARD, "nova ss26", RowStatus.API_SUCCESS, group_id=GroupId("g1"))
    set_group(conn, tables, BOARD, "salt ss26", RowStatus.PENDING, due=LATER, absent_proofs=1)
    known = known_groups(conn, tables, BOARD, ["nova ss26"])
    assert [(row.group_id, row.status, row.request_id) for row in known.values()] == [("g1", "API_SUCCESS", "r")]
    (left,) = open_groups(conn, tables, BOARD)
    assert (left.title_key, left.next_attempt_at, left.absent_proofs) == ("salt ss26", LATER, 1)


def test_what_a_person_said_of_a_board_is_remembered(ledger: Ledger) -> None:
    conn, tables = ledger.conn, ledger.tables
    assert board_decision(conn, tables, BOARD) is None
    decide(conn, tables, BOARD, CLEAN, 0, "run", NOW)
    decide(conn, tables, BOARD, ACCEPTED, 3, "somebody", NOW)
    assert board_decision(conn, tables, BOARD) == ACCEPTED
    assert ledger.all(tables.boards, "foreign_items", "decided_by") == [(3, "somebody")]


# --- failures and held rows ---


def test_failures_are_kept_with_what_was_sent_and_closed_when_they_are_over(ledger: Ledger) -> None:
    conn, tables = ledger.conn, ledger.tables
    failed = ledger.order("A", RowStatus.API_FAILED, stg_payload='{"p": 1}', stg_source_row='{"s": 1}')
    warned, quiet = ledger.order("B"), ledger.order("C")
    rows = item_rows(tables)
    verdicts = {
        failed: Verdict(RowStatus.API_FAILED, None, PROBLEM, 3, given_up=True, log=True),
        warned: Verdict(RowStatus.API_SUCCESS, ItemId(5), PROBLEM, log=True),
        quiet: Verdict(RowStatus.PENDING, None, PROBLEM),
    }
    log_failures(conn, tables, rows, verdicts, RequestId("r"), NOW)
    names = ("original_stg_id", "order_number", "item_name", "group_name", "error_type", "http_status_code",
             "max_retries_reached", "api_payload", "original_data", "err_request_id", "err_severity")  # fmt: skip
    assert ledger.all(tables.errors, *names) == [
        (failed, "N-A", "Title A", "Group 1", "REJECTED_VALUE", 200, True, '{"p": 1}', '{"s": 1}', "r", "error"),
        (warned, "N-B", "Title B", "Group 1", "REJECTED_VALUE", 200, False, "{}", "{}", "r", "warning"),
    ]
    size = ledger.size(ledger.order("D", RowStatus.API_SUCCESS, stg_monday_item_id=5), "S")
    sizes = subitem_rows(tables)
    log_failures(conn, tables, sizes, {size: Verdict(RowStatus.API_FAILED, None, PROBLEM, log=True)}, None, NOW)
    assert ledger.all(tables.errors_subitems, "parent_item_id", "size_label", "order_qty", "subitem_name") == [
        (5, "S", 5, "Size S")
    ]
    assert open_errors(conn, tables) == 2
    resolve_failures(conn, rows, OTHER, [failed], "somebody", LATER)
    resolve_failures(conn, rows, BATCH, [], "somebody", LATER)
    assert open_errors(conn, tables) == 2
    resolve_failures(conn, rows, BATCH, [failed], "somebody", LATER)
    resolve_failures(conn, sizes, BATCH, [size], "somebody", LATER)
    assert open_errors(conn, tables) == 0


def held(
    key: str | None, fingerprint: str = "f1", cause: str = "SIZES_SUM", rows: int = 1, said: str = "m"
) -> HeldOrder:
    order_key = None if key is None else digest(key)
    return HeldOrder(order_key, digest(fingerprint), cause, said, rows, "NOVA PEAK", key, None, None, "{}")


def refreshed(ledger: Ledger, *wanted: HeldOrder, unexamined: frozenset[str] = frozenset()) -> tuple[int, int]:
    return refresh_held(ledger.conn, ledger.tables, wanted, unexamined=set(unexamined), by="a run", now=NOW)


def entries(ledger: Ledger) -> list[Any]:
    errors = ledger.tables.errors
    query = select(errors.c.order_number, errors.c.error_type, errors.c.error_message, errors.c.err_source_rows)
    query = query.where(errors.c.resolved_date.is_(None)).order_by(errors.c.error_type.desc())
    return [tuple(row) for row in ledger.conn.execute(query)]


def test_held_rows_follow_what_each_run_finds(ledger: Ledger) -> None:
    assert refreshed(ledger, held("A"), held("A", cause="NO_SIZES"), held(None, cause="NULL_KEY")) == (3, 0)
    assert refreshed(ledger, held("A", rows=2, said="other"), held(None, cause="NULL_KEY")) == (2, 1)
    assert entries(ledger) == [("A", "SIZES_SUM", "other", 2), (None, "NULL_KEY", "m", 1)]
    assert refreshed(ledger, unexamined=frozenset({digest("A")})) == (0, 1)
    assert [entry[0] for entry in entries(ledger)] == ["A"]
    assert refreshed(ledger) == (0, 1)
    assert refreshed(ledger, held("A")) == (1, 0)
    assert len(ledger.all(ledger.tables.errors, "err_id")) == 4


def test_issues_are_kept_with_their_batch(ledger: Ledger) -> None:
    columns = ("order_key", "order_number", "customer", "source_column", "severity", "cause", "found", "message")
    frame = pl.DataFrame(
        [[digest("A"), "N-A", "NOVA", "PRICE", "warning", "NOT_A_NUMBER", "x", "m"]], schema=columns, orient="row"
    )
    load_issues(ledger.conn, ledger.tables, frame, BATCH, NOW)
    load_issues(ledger.conn, ledger.tables, frame.clear(), BATCH, NOW)
    assert ledger.all(ledger.tables.issues, "batch_id", "source_column", "found") == [(BATCH, "PRICE", "x")]


# --- staged rows whose source changed ---


def test_a_new_version_takes_the_place_of_one_that_was_never_applied(ledger: Ledger) -> None:
    pending, sent = (
        ledger.order("A", RowStatus.API_FAILED, stg_retry_count=3, stg_max_retries_reached=True),
        ledger.order("B", RowStatus.SENDING),
    )
    ledger.size(pending, "S")
    take_new_version(
        ledger.conn, ledger.tables, [{"stg_id": pending, "reset": True, "stg_payload": "{1}"},
                                     {"stg_id": sent, "reset": True, "stg_payload": "{1}"}],
    )  # fmt: skip
    names = ("stg_status", "stg_retry_count", "stg_max_retries_reached", "stg_payload")
    assert [ledger.value(name, pending) for name in names] == ["PENDING", 0, False, "{1}"]
    assert ledger.value("stg_payload", sent) == "{}"
    assert ledger.staged_sizes(pending) == []


def test_a_new_version_without_a_reset_keeps_its_tries(ledger: Ledger) -> None:
    row = ledger.order("A", RowStatus.API_FAILED, stg_retry_count=3, stg_max_retries_reached=True)
    take_new_version(ledger.conn, ledger.tables, [{"stg_id": row, "reset": False, "stg_payload": "{1}"}])
    assert [ledger.value(name, row) for name in ("stg_status", "stg_retry_count", "stg_payload")] == [
        "API_FAILED",
        3,
        "{1}",
    ]


def test_only_unsent_sizes_are_changed_or_cancelled(ledger: Ledger) -> None:
    order = ledger.order("A", RowStatus.API_SUCCESS)
    sizes = {status: ledger.size(order, status.value, status, stg_retry_count=2) for status in RowStatus}
    changes = [{"b_id": size, "b_quantity": 9, "b_payload": "{9}", "b_hash": None} for size in sizes.values()]
    change_unsent_sizes(ledger.conn, ledger.tables, changes)
    change_unsent_sizes(ledger.conn, ledger.tables, [])
    table = ledger.tables.staging_subitems
    changed = {status for status, size in sizes.items() if ledger.value("stg_order_qty_numeric", size, table) == 9}
    assert changed == {RowStatus.PENDING, RowStatus.API_FAILED, RowStatus.BLOCKED}
    assert {ledger.size_status(sizes[status]) for status in changed} == {"PENDING"}
    cancel_unsent_sizes(ledger.conn, ledger.tables, list(sizes.values()))
    after = {status: ledger.size_status(size) for status, size in sizes.items()}
    assert {status for status, now in after.items() if now == "CANCELLED"} == {*changed, RowStatus.CANCELLED}


def test_withdrawn_orders_are_closed_with_their_sizes_and_errors(ledger: Ledger) -> None:
    conn, tables = ledger.conn, ledger.tables
    rows = {status: ledger.order(status.value, status) for status in RowStatus}
    size = ledger.size(rows[RowStatus.API_FAILED], "S")
    failed = rows[RowStatus.API_FAILED]
    log_failures(
        conn, tables, item_rows(tables), {failed: Verdict(RowStatus.API_FAILED, None, PROBLEM, log=True)}, None, NOW
    )
    assert withdraw_orders(conn, tables, list(rows.values()), "a run", NOW) == 2
    after = {status: ledger.status(row) for status, row in rows.items()}
    closed = {status for status, now in after.items() if now == "CANCELLED"}
    assert closed == {RowStatus.PENDING, RowStatus.API_FAILED, RowStatus.CANCELLED}
    assert ledger.size_status(size) == "CANCELLED"
    assert open_errors(conn, tables) == 0


def test_a_requeue_gives_all_tries_back(ledger: Ledger) -> None:
    given_up = {
        "stg_max_retries_reached": True,
        "stg_retry_count": 4,
        "stg_next_attempt_at": LATER,
        "stg_looked_up": True,
    }
    first = ledger.order("A", RowStatus.API_FAILED, **given_up)
    second = ledger.order("B", RowStatus.API_FAILED, **given_up)
    elsewhere = ledger.order("C", RowStatus.API_FAILED, stg_batch_id=OTHER)
    there = ledger.order("D", RowStatus.API_SUCCESS, stg_monday_item_id=5)
    size = ledger.size(there, "S", RowStatus.API_FAILED)
    assert requeue_failed(ledger.conn, ledger.tables, [BATCH], [OrderKey(digest("A"))]) == 1
    assert requeue_failed(ledger.conn, ledger.tables, [BATCH], None) == 2
    assert [ledger.status(row) for row in (first, second, elsewhere, there)] == [
        "PENDING", "PENDING", "API_FAILED", "API_SUCCESS",
    ]  # fmt: skip
    assert ledger.size_status(size) == "PENDING"
    names = ("stg_max_retries_reached", "stg_retry_count", "stg_next_attempt_at", "stg_looked_up")
    assert [ledger.value(name, first) for name in names] == [False, 0, None, False]


def test_open_orders_are_every_open_one(ledger: Ledger) -> None:
    for status in RowStatus:
        ledger.order(status.value, status)
    found = open_orders(ledger.conn, ledger.tables)
    assert set(found["status"]) == set(RowStatus) - {RowStatus.PROMOTED, RowStatus.CANCELLED, RowStatus.ROLLED_BACK}
    assert set(found["batch_id"]) == {str(BATCH)}


# --- promotion, archive, snapshot ---


@pytest.fixture
def complete(ledger: Ledger) -> Ledger:
    """A: complete. B: with a cancelled size. C: with a failed size. D: not made. E: without sizes."""
    a, b, c = (ledger.order(name, RowStatus.API_SUCCESS, stg_monday_item_id=at) for at, name in enumerate("ABC", 1))
    ledger.order("D")
    ledger.order("E", RowStatus.API_SUCCESS, stg_monday_item_id=9)
    ledger.size(a, "S", RowStatus.API_SUCCESS, stg_monday_subitem_id=11, stg_position=2)
    ledger.size(a, "M", RowStatus.API_SUCCESS, stg_monday_subitem_id=12, stg_position=1)
    ledger.size(b, "S", RowStatus.API_SUCCESS, stg_monday_subitem_id=13)
    ledger.size(b, "M", RowStatus.CANCELLED)
    ledger.size(c, "S", RowStatus.API_SUCCESS, stg_monday_subitem_id=14)
    ledger.size(c, "M", RowStatus.API_FAILED)
    return ledger


def promote(ledger: Ledger, mapping: Mapping) -> list[Any]:
    orders = complete_orders(ledger.conn, ledger.tables, BATCH)
    promote_orders(ledger.conn, ledger.tables, mapping, orders, 1, NOW)
    return ledger.all(ledger.tables.production, "Title", "Item ID")


def test_complete_orders_are_promoted_once(complete: Ledger, mapping: Mapping) -> None:
    conn, tables = complete.conn, complete.tables
    assert promote(complete, mapping) == [("Title A", 1), ("Title B", 2), ("Title E", 9)]
    assert len(complete.all(tables.production_subitems, "Size")) == 3
    assert complete_orders(conn, tables, BATCH) == []
    assert status_counts(conn, tables, BATCH) == {
        "item": {"PROMOTED": 3, "API_SUCCESS": 1, "PENDING": 1},
        "subitem": {"PROMOTED": 3, "CANCELLED": 1, "API_SUCCESS": 1, "API_FAILED": 1},
    }
    snapshot = complete.all(tables.snapshot, "order_key", "customer", "source_hash", "payload_hash", "mapping_hash")
    assert sorted(snapshot) == sorted(
        (digest(name), "NOVA PEAK", digest(name + "s"), digest(name + "p"), digest("map")) for name in "ABE"
    )
    keys = [OrderKey(digest(name)) for name in "ABCDE"]
    assert promoted_keys(conn, tables, keys) == {digest(name) for name in "ABE"}
    states = dict(complete.all(tables.identity, "sync_key", "state"))
    assert {key for key, state in states.items() if state == "PROMOTED"} == {
        "a-g1",
        "a-s-g1",
        "a-m-g1",
        "b-g1",
        "b-s-g1",
        "e-g1",
    }


def test_what_is_in_production_already_is_not_inserted_again(complete: Ledger, mapping: Mapping) -> None:
    conn, tables = complete.conn, complete.tables
    conn.execute(update(tables.identity).where(tables.identity.c.sync_key == "a-g1").values(state="PROMOTED"))
    conn.execute(insert(tables.production).values({"Title": "as it was", "Item ID": 2}))
    assert set(promote(complete, mapping)) == {("as it was", 2), ("Title E", 9)}
    assert len(complete.all(tables.production, "Title")) == 2
    assert complete.all(tables.production_subitems, "Size") == []
    assert len(complete.all(tables.snapshot, "order_key")) == 3


def test_no_statement_of_promotion_and_archive_changes_more_rows_than_go_together(
    complete: Ledger, mapping: Mapping, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(promotion, "TOGETHER", 1)
    changed: list[int] = []
    event.listen(complete.conn, "after_cursor_execute", lambda _conn, cursor, *_more: changed.append(cursor.rowcount))
    assert promote(complete, mapping) == [("Title A", 1), ("Title B", 2), ("Title E", 9)]
    assert archive_promoted(complete.conn, complete.tables, BATCH, LATER) == 3
    assert max(changed) == 2, "the two sizes of one order"
    assert len(complete.all(complete.tables.archive, "Title")) == len(
        complete.all(complete.tables.snapshot, "customer")
    )
    assert len(complete.all(complete.tables.archive_subitems, "stg_subitem_id")) == 4


def test_the_archive_takes_promoted_orders_with_all_their_sizes(complete: Ledger, mapping: Mapping) -> None:
    promote(complete, mapping)
    conn, tables = complete.conn, complete.tables
    counts = status_counts(conn, tables, BATCH)
    assert archive_promoted(conn, tables, BATCH, LATER) == 3
    assert status_counts(conn, tables, BATCH) == counts
    assert set(complete.all(tables.archive, "Title", "arc_archived_date")) == {
        (f"Title {name}", LATER) for name in "ABE"
    }
    assert len(complete.all(tables.archive_subitems, "stg_subitem_id")) == 4
    assert len(complete.all(tables.staging_subitems, "stg_subitem_id")) == 2
    assert archive_promoted(conn, tables, BATCH, LATER) == 0


def test_the_generation_counts_every_change(ledger: Ledger) -> None:
    conn, tables = ledger.conn, ledger.tables
    more: dict[str, Any] = {
        "encoding_version": 1,
        "mapping_hash": digest("m"),
        "columns_digest": digest("c"),
        "now": NOW,
    }
    assert read_state(conn, tables) is None
    assert [move_state(conn, tables, **more) for _ in range(2)] == [1, 2]
    assert read_state(conn, tables) == SnapshotState(2, 1, digest("m"), digest("c"))
    raise_generation(conn, tables, 9, NOW)
    assert move_state(conn, tables, **more) == 10
    assert read_snapshot(conn, tables).columns == [
        "order_key",
        "customer",
        "source_hash",
        "payload_hash",
        "mapping_hash",
    ]


def test_a_generation_may_begin_above_the_files(ledger: Ledger) -> None:
    raise_generation(ledger.conn, ledger.tables, 9, NOW)
    state = read_state(ledger.conn, ledger.tables)
    assert state is not None
    assert state.generation == 9


# --- batches ---


def test_a_batch_goes_forward_only(ledger: Ledger) -> None:
    conn, tables = ledger.conn, ledger.tables
    for to, then in (
        (BatchStatus.STAGING_LOADED, BatchStatus.STAGING_LOADED),
        (BatchStatus.SUBITEMS_CREATED, BatchStatus.SUBITEMS_CREATED),
        (BatchStatus.ITEMS_CREATED, BatchStatus.SUBITEMS_CREATED),
        (BatchStatus.STARTED, BatchStatus.SUBITEMS_CREATED),
        (BatchStatus.COMPLETED, BatchStatus.COMPLETED),
        (BatchStatus.STAGING_LOADED, BatchStatus.COMPLETED),
    ):
        advance(conn, tables, BATCH, to, NOW)
        assert batch_status(conn, tables, BATCH) is then


def test_a_batch_that_ended_with_errors_is_opened_again(ledger: Ledger) -> None:
    ledger.order("A", RowStatus.API_FAILED, stg_max_retries_reached=True)
    assert finish(ledger.conn, ledger.tables, BATCH, LATER) is BatchStatus.FAILED
    ended = ledger.tables.batches.c.end_time
    query = select(ended).where(ledger.tables.batches.c.batch_id == BATCH)
    assert ledger.conn.execute(query).scalar() == LATER
    advance(ledger.conn, ledger.tables, BATCH, BatchStatus.STAGING_LOADED, LATER)
    assert ledger.conn.execute(query).scalar() is None


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ([RowStatus.PROMOTED, RowStatus.CANCELLED], BatchStatus.COMPLETED),
        ([], BatchStatus.COMPLETED),
        ([RowStatus.PROMOTED, RowStatus.API_FAILED], BatchStatus.COMPLETED_WITH_ERRORS),
        ([RowStatus.API_SUCCESS, RowStatus.API_FAILED], BatchStatus.COMPLETED_WITH_ERRORS),
        ([RowStatus.API_FAILED], BatchStatus.FAILED),
        ([RowStatus.PROMOTED, RowStatus.PENDING], BatchStatus.STARTED),
        ([RowStatus.PROMOTED, RowStatus.IN_DOUBT], BatchStatus.STARTED),
        ([RowStatus.SENDING], BatchStatus.STARTED),
    ],
)
def test_a_batch_ends_as_its_rows_say(ledger: Ledger, statuses: list[RowStatus], expected: BatchStatus) -> None:
    for at, status in enumerate(statuses):
        ledger.order(f"K{at}", status)
    assert finish(ledger.conn, ledger.tables, BATCH, LATER) is expected
    assert batch_status(ledger.conn, ledger.tables, BATCH) is expected


def test_the_counts_are_those_of_the_rows(ledger: Ledger) -> None:
    conn, tables = ledger.conn, ledger.tables
    done = ledger.order("A", RowStatus.PROMOTED, stg_attempt=3)
    ledger.size(done, "S", RowStatus.PROMOTED, stg_attempt=1)
    failed = ledger.order("B", RowStatus.API_FAILED, stg_attempt=2)
    ledger.size(failed, "S")
    log_failures(
        conn, tables, item_rows(tables), {failed: Verdict(RowStatus.API_FAILED, None, PROBLEM, log=True)}, None, NOW
    )
    recount(conn, tables, BATCH)
    finish(conn, tables, BATCH, NOW + timedelta(seconds=90))
    names = ("total_records", "successful_records", "failed_records", "orders_processed", "subitems_processed",
             "retries_attempted", "duration_seconds", "error_summary")  # fmt: skip
    found = next(row[:-1] for row in ledger.all(tables.batches, *names, "batch_id") if row[-1] == BATCH)
    assert found == (4, 2, 1, 1, 1, 3, 90, "1 REJECTED_VALUE: not taken")


def test_unfinished_batches_are_those_with_something_left(ledger: Ledger) -> None:
    conn, tables = ledger.conn, ledger.tables

    def left(customers: list[str] | None = None) -> list[Any]:
        return [each.id for each in unfinished(conn, tables, customers, NOW)]

    assert set(left()) == {BATCH, OTHER}
    assert left(["SOMEBODY"]) == []
    for batch in (BATCH, OTHER):
        advance(conn, tables, batch, BatchStatus.COMPLETED_WITH_ERRORS, NOW)
    assert left() == []
    row = ledger.order("A", RowStatus.API_FAILED, stg_next_attempt_at=LATER)
    assert left() == []
    conn.execute(update(tables.staging).where(tables.staging.c.stg_id == row).values(stg_next_attempt_at=NOW))
    assert left(["NOVA PEAK"]) == [BATCH]


def test_a_halt_is_noted_at_the_unfinished_batches_of_its_run(ledger: Ledger) -> None:
    conn, tables = ledger.conn, ledger.tables
    conn.execute(update(tables.batches).where(tables.batches.c.batch_id == BATCH).values(run_id="run-1"))
    note_halt(conn, tables, "run-1", "the daily limit")
    assert set(ledger.all(tables.batches, "batch_id", "error_summary")) == {(BATCH, "the daily limit"), (OTHER, None)}


def test_how_long_the_server_took(ledger: Ledger) -> None:
    conn, tables = ledger.conn, ledger.tables
    assert seconds_a_mutation(conn, tables) == {}
    answers: list[tuple[int, bool]] = [(100, True), (200, True), (9_000, False)]
    for at, (ms, made) in enumerate(answers):
        row = ledger.order(f"K{at}")
        intent = ledger.intent(row)
        intend(conn, tables, item_rows(tables), ledger.staged(row), intent, NOW)
        outcome: Outcome = Created(ItemId(at + 1)) if made else Rejected(PROBLEM)
        record_answer(conn, tables, intent.request_id, Answer(200, None, None, False, None, ms), {row: outcome}, NOW)
    assert seconds_a_mutation(conn, tables) == {"create_items": 0.15}
