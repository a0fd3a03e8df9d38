"""What the tables say, from records made by hand."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest
from rich.console import Console

from order_sync.cli import errors, plan, retry, run_summary, status
from order_sync.cli.exits import ExitCode
from order_sync.cli.run_summary import Interruption, RunSummary, Stop
from order_sync.cli.session import Session
from order_sync.cli.terminal import Terminal
from order_sync.model.errors import UsageError
from order_sync.model.ids import BatchId
from order_sync.model.states import BatchStatus
from order_sync.reports.batches import NOTHING, BatchReport, Counts, Standing
from order_sync.reports.errors import ErrorEntry, ErrorReport, grouped
from order_sync.reports.forecast import Begun, Cost, CustomerForecast, Forecast, HeldForecast, Limit
from order_sync.reports.retryable import Retryable
from order_sync.reports.status import DayReport, Doubt, HeldGroup, Holder, SnapshotReport, StatusReport
from order_sync.steps.sweep_board import LeftItem, Swept

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
BATCH = BatchId(UUID(int=1))
HELD = HeldGroup("NULL_KEY", "a part of the order's key is blank", 1200, 1300, "A-1")
COUNTS = Counts(total=10, successful=7, promoted=7, failed=1, in_doubt=1, waiting=1, cancelled=0)
SUMMARY = RunSummary(
    exit_code=0,
    customers=1,
    orders_staged=3,
    orders_created=3,
    sizes_created=9,
    adopted=0,
    sizes_adopted=0,
    orders_promoted=3,
    groups_made=1,
    board_pauses=2,
    calls=5,
    calls_per_order=1.667,
    seconds=2.0,
    seconds_waited=0.0,
    orders=NOTHING,
    sizes=NOTHING,
    held=(),
    held_rows=0,
    skipped=(),
    not_begun=0,
    unmatched=(),
    interrupted=(),
    halted=None,
    stopped=False,
    unsettled_batches=0,
    batches=(),
)


class Screen(Terminal):
    """Keeps what was written."""

    def __init__(self, width: int = 160) -> None:
        super().__init__(Console(file=io.StringIO(), width=width), Console(file=io.StringIO(), width=width))

    @property
    def text(self) -> str:
        return self.out.file.getvalue()  # type: ignore[attr-defined, no-any-return]


def batch(state: BatchStatus, standing: Standing, orders: Counts = COUNTS) -> BatchReport:
    return BatchReport(
        batch_id=BATCH,
        customer="[bold]ACME[/]",
        status=state,
        standing=standing,
        success_percent=orders.success_percent,
        started=NOW,
        ended=None,
        duration_seconds=None,
        orders=orders,
        sizes=NOTHING,
        api_calls=4,
        api_failures=0,
        retries=0,
        steps={"staging_load": NOW, "cleanup": None},
        error_summary=None,
        started_by=None,
    )


def told(**changes: object) -> str:
    screen = Screen()
    run_summary.render(screen, replace(SUMMARY, **changes))  # type: ignore[arg-type]
    return screen.text


def test_a_run_that_did_nothing() -> None:
    assert told(calls=0).startswith("nothing to send: no call was made")
    assert told(calls=2).startswith("nothing to send: 2 questions to the board")
    assert "note: no source row matches --po 1\n" in told(unmatched=("--po 1",))


def test_a_run_that_left_something_says_which_command_is_next() -> None:
    done = batch(BatchStatus.COMPLETED_WITH_ERRORS, Standing.ATTENTION)
    text = told(batches=(done,), orders=COUNTS, held=(HELD,), held_rows=1300, adopted=2, sizes_adopted=1)
    assert "held: 1,300 source rows: 1,300 NULL_KEY   order-sync errors" in text
    assert "failed: 1 row   order-sync errors, order-sync retry --all" in text
    assert "in doubt: 1 row: the next run looks them up on the board" in text
    assert "2 orders, 1 size" in text


def test_an_interrupted_run_never_says_that_there_is_nothing_to_send() -> None:
    text = told(interrupted=(Interruption("ACME", "another process took over", "run again"),), not_begun=3)
    assert "nothing to send" not in text
    assert "interrupted: ACME: another process took over; next: run again" in text
    assert "orders not begun" in text
    assert "nothing to send" not in told(not_begun=1)


def test_a_run_that_halted_or_was_stopped() -> None:
    text = told(halted=Stop("the board is full", "board 7", "archive items"))
    assert "halted: the board is full\n  where: board 7\n  next:  archive items\n" in text
    assert "stopped: what was done is kept" in told(stopped=True)
    assert "skipped: customer:A is held by process 7" in told(skipped=("customer:A is held by process 7",))


def shown(**changes: object) -> str:
    report = StatusReport(
        at=NOW,
        days=7,
        batches=(),
        holders=(),
        doubts=(),
        held=(),
        held_rows=0,
        due_rows=0,
        next_due=None,
        snapshot=SnapshotReport(0, 0, None),
        today=DayReport(0, None, None),
    )
    screen = Screen()
    status.render(screen, replace(report, **changes), steps=True)  # type: ignore[arg-type]
    return screen.text


def test_a_status_without_anything() -> None:
    assert shown() == "no batch in the last 7 days\nsnapshot: generation 0, 0 promoted orders\n"


def test_a_status_tells_of_the_day_of_calls() -> None:
    assert "calls today: 1,200 of 25,000\n" in shown(today=DayReport(1_200, 25_000, None))
    assert "calls today: 7\n" in shown(today=DayReport(7, None, None))
    until = datetime(2026, 11, 3, 0, 1, tzinfo=UTC)
    text = shown(today=DayReport(1_000, 1_000, until))
    assert "no call before 2026-11-03 00:01:00 UTC   order-sync run --all --ignore-daily-limit" in text


def test_a_status_with_everything() -> None:
    def holder(resource: str, pid: int, *, alive: bool) -> Holder:
        return Holder(resource, "host", pid, NOW, NOW, NOW, alive)

    text = shown(
        batches=(
            batch(BatchStatus.ITEMS_CREATED, Standing.INTERRUPTED),
            batch(BatchStatus.FAILED, Standing.FAILED, NOTHING),
        ),
        holders=(
            holder("board:7", 1, alive=True),
            holder("customer:A", 1, alive=True),
            holder("customer:B", 1, alive=True),
            holder("customer:C", 2, alive=False),
            holder("customer:[bold]ACME[/]", 3, alive=False),
        ),
        doubts=(Doubt(BATCH, "ACME", "size", 2, NOW, 90.0),),
        held=(HELD,),
        held_rows=1300,
        due_rows=3,
        next_due=NOW,
    )
    assert "ITEMS_CREATED (interrupted)" in text
    assert "[bold]ACME[/]" in text
    assert "7 of 10" in text
    assert "70.0 %" in text
    assert "process 1 on host holds board:7, 2 customers (A, B), since 2026-03-01 12:00:00 UTC" in text
    assert "left over: 1 customer ([bold]ACME[/]), held by process 3 on host, which is gone" in text
    assert "process 2" not in text
    assert "in doubt: 2 sizes of ACME, the oldest for 1 min 30 s" in text
    assert "due again: 3 failed rows, from 2026-03-01 12:00:00 UTC on" in text
    assert "held: 1,300 source rows: 1,300 NULL_KEY" in text


def test_a_moment_that_never_was() -> None:
    assert status.moment(None) == "-"


def customer(number: int) -> CustomerForecast:
    return CustomerForecast(f"CUSTOMER {number}", 2, 8, 1, 1, 1, 1, 1, 1, 4)


def test_a_plan_with_everything() -> None:
    limits = (Limit("points", 3.0, "of the plan"), Limit("calls", 1.0, "of the plan"))
    forecast = Forecast(
        source_rows=100,
        changes={"NEW": 62, "UNCHANGED": 10, "VANISHED": 2, "HELD": 4},
        orders=50,
        sizes=200,
        queued=3,
        left_out=7,
        held=(HeldForecast("NULL_KEY", "blank", 2, None),),
        customers=tuple(customer(number) for number in range(25)),
        cost=Cost(2_500, 50.0, 1, 1, 1, 1, 9_000_000, 3.0, "points", limits, 3),
        begun=Begun(1, ("A",), 4, 9, 3),
        labels_checked=False,
        notes=("a run would halt",),
    )
    screen = Screen()
    plan.render(screen, forecast)
    for text in (
        "50 sent with 200 sizes, 3 staged already, 2 held, 7 not selected",
        "5 more",
        "25 customers",
        "3 min 00 s",
        "this one binds",
        "first: 1 batch begun earlier: 4 orders and 9 sizes are still open",
        "first: 3 failed rows tried again when due",
        "note: a run would halt",
        "note: 2,500 calls take the allowance of 3 days",
    ):
        assert text in screen.text
    assert screen.text.count("note: ") == 2


def entry(order: str | None, **more: object) -> ErrorEntry:
    values: dict[str, object] = dict.fromkeys(ErrorEntry.__slots__)
    values |= {"kind": "order", "cause": "REJECTED_VALUE", "order_number": order, "message": "why [that]"}
    values |= {"what_next": "correct it", "retries": 2, "last_seen": NOW, "first_seen": NOW, "http_status": 200, **more}
    return ErrorEntry(**values)  # type: ignore[arg-type]


def listed(*entries: ErrorEntry) -> str:
    screen = Screen()
    errors.render(screen, ErrorReport(grouped(entries), entries))
    return screen.text


def test_few_errors_are_shown_in_full() -> None:
    text = listed(entry("A-1", sent='{"a": 1, "b": null}', retry="order-sync retry ..", source_rows=2), entry(None))
    assert 'sent    {"a": 1}\n' in text
    assert "cause   REJECTED_VALUE, HTTP 200, 2 source rows" in text
    assert "2 retries" in text
    assert "order without a number  of -" in text
    assert "order-sync retry .." in text
    assert "sent    no json" in listed(entry("A-1", sent="no json"))


def test_many_errors_are_a_list_with_an_end() -> None:
    text = listed(*(entry(f"A-{number}", message="x" * 200) for number in range(60)))
    assert "10 more: narrow with --customer" in text
    assert "A-49" in text
    assert "A-50" not in text


def test_the_list_says_of_a_held_row_what_its_cause_asks_for() -> None:
    alias = "add the name to customers.yaml as an alias"
    text = listed(*(entry(f"A-{number}", held=True, what_next=alias) for number in range(6)))
    assert text.count(alias) == 7
    assert "correct the source" not in text


def test_a_filter_that_matches_nothing_is_no_all_clear() -> None:
    screen = Screen()
    errors.render(screen, ErrorReport((), (), others=24))
    assert screen.text == "no entry matches; 24 others are open: order-sync errors\n"
    with pytest.raises(UsageError, match="there is no cause 'NOPE'"):
        errors._refuse_unknown_cause("NOPE")
    with pytest.raises(UsageError, match="did you mean NULL_KEY"):
        errors._refuse_unknown_cause("NUL_KEY")
    errors._refuse_unknown_cause("null_key")


def nothing_failed(**counts: object) -> tuple[str, int]:
    values: dict[str, object] = {"batches": (), "order_keys": (), "failed": 0, "in_doubt": 0, "waiting": 0, "held": ()}
    screen = Screen()
    session = Session(config=__file__, terminal=screen)  # type: ignore[arg-type]
    with pytest.raises(retry.typer.Exit) as ended:
        retry._nothing_failed(session, Retryable(**(values | counts)), None, as_json=False)  # type: ignore[arg-type]
    return screen.text, ended.value.exit_code


def test_what_is_not_retried_and_why() -> None:
    assert nothing_failed() == ("nothing has failed\n", ExitCode.DONE)
    text, code = nothing_failed(in_doubt=2)
    assert (code, "2 rows in doubt" in text) == (ExitCode.ATTENTION, True)
    text, code = nothing_failed(waiting=1)
    assert (text, code) == ("1 row is due anyway; next: order-sync run --all\n", ExitCode.DONE)
    text, code = nothing_failed(held=tuple(entry(f"A-{number}") for number in range(12)))
    assert (code, "2 entries more: order-sync errors" in text) == (ExitCode.ATTENTION, True)


def test_second_items_are_named_in_the_last_words() -> None:
    left = LeftItem(8, "key-g1", "it was made by user 88, not by us")
    said = told(swept=Swept(archived=(7,), left=(left,)))
    assert "second items 7" in said
    assert "item 8: it was made by user 88, not by us" in said
