"""The read model's own arithmetic: counts, standings, words, JSON."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from uuid import UUID

import pytest

from order_sync.model.causes import Cause
from order_sync.model.outcomes import ErrorClass
from order_sync.model.states import BatchStatus, RowStatus
from order_sync.reports.batches import NOTHING, Standing, counts_of, standing_of
from order_sync.reports.errors import ErrorEntry, grouped, meaning
from order_sync.reports.next_steps import failed_step, held_step, retry_command
from order_sync.reports.shape import Report, plain


@dataclass(frozen=True, slots=True)
class Inner(Report):
    at: datetime


@dataclass(frozen=True, slots=True)
class Outer(Report):
    inner: Inner
    many: tuple[Inner, ...]
    by_cause: dict[Cause, int]


def test_a_report_is_json_with_the_fields_it_has() -> None:
    at = datetime(2026, 3, 1, 13, 0, 0, 120_000, tzinfo=timezone(timedelta(hours=1)))
    inner = {"at": "2026-03-01T12:00:00.120Z"}
    report = Outer(Inner(at), (Inner(at),), {Cause.NULL_KEY: 2})
    assert report.to_json() == {"inner": inner, "many": [inner], "by_cause": {"NULL_KEY": 2}}


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, None),
        (True, True),
        (1.5, 1.5),
        ("text", "text"),
        (timedelta(minutes=1), 60.0),
        (Decimal("1.10"), "1.10"),
        (UUID(int=7), "00000000-0000-0000-0000-000000000007"),
        (Enum("Colour", {"RED": 3}).RED, 3),  # type: ignore[attr-defined]
        ({1: (Decimal(2),)}, {"1": ["2"]}),
    ],
)
def test_every_kind_of_value_has_a_plain_form(value: object, shown: object) -> None:
    assert plain(value) == shown


def test_every_row_status_is_counted_once() -> None:
    counts = counts_of(dict.fromkeys(RowStatus, 1))
    assert counts.total == len(RowStatus)
    parts = counts.successful + counts.failed + counts.in_doubt + counts.waiting + counts.cancelled
    assert parts == counts.total
    assert counts + NOTHING == counts


@pytest.mark.parametrize(
    ("rows", "percent"),
    [
        ({}, None),
        ({RowStatus.CANCELLED: 3}, None),
        ({RowStatus.PROMOTED: 19, RowStatus.API_FAILED: 1}, 95.0),
        ({RowStatus.PROMOTED: 2, RowStatus.API_FAILED: 1, RowStatus.CANCELLED: 9}, 66.7),
    ],
)
def test_success_is_a_share_of_the_rows_that_were_wanted(rows: dict[RowStatus, int], percent: float | None) -> None:
    assert counts_of(rows).success_percent == percent


@pytest.mark.parametrize(
    ("percent", "standing"),
    [
        (None, Standing.OK),
        (100.0, Standing.OK),
        (95.0, Standing.OK),
        (94.9, Standing.ATTENTION),
        (80.0, Standing.ATTENTION),
        (79.9, Standing.FAILED),
        (0.0, Standing.FAILED),
    ],
)
def test_an_ended_batch_stands_by_its_share(percent: float | None, standing: Standing) -> None:
    assert standing_of(BatchStatus.COMPLETED_WITH_ERRORS, percent, held=False) is standing


@pytest.mark.parametrize(("held", "standing"), [(True, Standing.RUNNING), (False, Standing.INTERRUPTED)])
def test_another_batch_stands_by_whether_anybody_works_on_it(held: bool, standing: Standing) -> None:
    assert standing_of(BatchStatus.ITEMS_CREATED, 10.0, held=held) is standing


def entry(cause: str, order: str | None, **more: object) -> ErrorEntry:
    values: dict[str, object] = dict.fromkeys(ErrorEntry.__slots__)
    values |= {"kind": "order", "cause": cause, "order_number": order, "message": "why", "what_next": "do it", **more}
    return ErrorEntry(**values)  # type: ignore[arg-type]


def test_groups_have_the_most_frequent_cause_first_and_an_example() -> None:
    entries = [
        entry("NULL_KEY", None, customer="A"),
        entry("REJECTED_VALUE", "X-1", size="M", customer="A"),
        entry("REJECTED_VALUE", "X-2", customer="B"),
    ]
    first, second = grouped(entries)
    assert (first.cause, first.entries, first.customers, first.example) == (
        "REJECTED_VALUE",
        2,
        2,
        "order X-1, size M: why",
    )
    assert (second.example, second.meaning) == ("an order without a number: why", "a part of the order's key is blank")
    assert meaning("REJECTED_VALUE") == ""


@pytest.mark.parametrize("cause", list(Cause))
def test_every_held_cause_has_a_way_out(cause: Cause) -> None:
    assert "source" in held_step(cause) or "customers.yaml" in held_step(cause)


@pytest.mark.parametrize("error_class", list(ErrorClass))
def test_every_error_class_has_a_way_out(error_class: ErrorClass) -> None:
    assert "retry" in failed_step(error_class)


def test_a_retry_is_by_order_number_where_there_is_one() -> None:
    assert retry_command("AB 1", "b-1") == 'order-sync retry --order "AB 1"'
    assert retry_command(None, "b-1") == "order-sync retry --batch b-1"
    assert retry_command("", None) is None


def test_now_is_utc() -> None:
    assert plain(datetime(2026, 1, 1, tzinfo=UTC)) == "2026-01-01T00:00:00.000Z"
