"""No word is broken, however narrow the terminal is."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from rich.console import Console
from tests.cli.test_cli_rendering import NOW, SUMMARY, Screen, batch, entry

from order_sync.cli import check, errors, plan, retry, run_summary, status
from order_sync.cli.session import Session
from order_sync.cli.terminal import Terminal, table
from order_sync.model.causes import MEANING, Cause
from order_sync.model.ids import BatchId
from order_sync.model.states import BatchStatus
from order_sync.reports.batches import Counts, Standing
from order_sync.reports.errors import ErrorReport, grouped
from order_sync.reports.findings import Area, error
from order_sync.reports.forecast import Begun, Cost, CustomerForecast, Forecast, HeldForecast, Limit
from order_sync.reports.retryable import Retryable
from order_sync.reports.status import DayReport, HeldGroup, SnapshotReport, StatusReport

WIDTHS = (60, 80, 100, 110, 140)
WIDE = 1_000
CUSTOMERS = ("PLUMTHISTLE & DAUGHTERS", "NORTHWEIR OUTFITTERS", "FJØRVAL")
HELD = tuple(HeldGroup(cause.value, MEANING[cause], 3, 4, "A-1") for cause in Cause)
FULL = Counts(total=1700, successful=1600, promoted=1500, failed=20, in_doubt=30, waiting=40, cancelled=10)


def a_status(terminal: Terminal) -> None:
    states = (
        (BatchStatus.COMPLETED_WITH_ERRORS, Standing.ATTENTION),
        (BatchStatus.STAGING_LOADED, Standing.INTERRUPTED),
        (BatchStatus.SUBITEMS_CREATED, Standing.RUNNING),
    )
    batches = tuple(
        replace(batch(state, standing, FULL), customer=customer, sizes=FULL, duration_seconds=754)
        for customer, (state, standing) in zip(CUSTOMERS, states, strict=True)
    )
    told = StatusReport(
        NOW, 7, batches, (), (), HELD, 27, 3, NOW, SnapshotReport(1, 2, NOW), DayReport(950, 1_000, NOW)
    )
    status.render(terminal, told, steps=True)


def entries(count: int) -> ErrorReport:
    causes = list(Cause)
    found = tuple(
        entry(
            f"NOR-{at:05}",
            cause=causes[at % len(causes)].value,
            customer=CUSTOMERS[at % 3],
            message="CUSTOMER NAME: no name or alias in customers.yaml is this; add it there to its customer",
            held=True,
            batch_id=BatchId(UUID(int=at)),
            source_row='{"CUSTOMER COLOUR DESCRIPTION": "478 - RUST", "PLANNED DELIVERY METHOD": "OCEAN"}',
        )
        for at in range(count)
    )
    return ErrorReport(grouped(found), found)


def a_plan(terminal: Terminal) -> None:
    limits = (Limit("points", 3.0, "5,000,000 points a minute"), Limit("lane", 1.0, "0.83 s an order, measured"))
    told = Forecast(
        source_rows=100,
        changes={"NEW": 60, "CHANGED": 10, "VANISHED": 2, "HELD": 4},
        orders=50,
        sizes=200,
        queued=3,
        left_out=7,
        held=tuple(HeldForecast(cause.value, MEANING[cause], 2, "NOR-00001") for cause in Cause),
        customers=tuple(CustomerForecast(name, 2, 8, 1, 1, 1, 1, 1, 1, 4) for name in CUSTOMERS),
        cost=Cost(2_500, 50.0, 1, 1, 1, 1, 9_000_000, 3.0, "points", limits, 3),
        begun=Begun(1, ("A",), 4, 9, 3),
        labels_checked=False,
        notes=("a run would refuse: the board has no column text_mkcustomer for 'CUSTOMER NAME'",),
    )
    plan.render(terminal, told)


def a_check(terminal: Terminal) -> None:
    where, fix = "mapping.yaml:117, columns[3].board.id", "did you mean text_mkcustomer?"
    found = error(Area.BOARD, "the board has no column text_mkcstomer for 'CUSTOMER NAME'", where, fix)
    terminal.out.print(check._table((found,)))


def a_retry(terminal: Terminal) -> None:
    held = entries(12).entries
    told = Retryable(batches=(), order_keys=(), failed=0, in_doubt=0, waiting=0, held=held)
    retry._held(Session(Path("order-sync.toml"), terminal=terminal), told)


SHOWN = {
    "retry": a_retry,
    "status": a_status,
    "many errors": lambda terminal: errors.render(terminal, entries(60)),
    "few errors": lambda terminal: errors.render(terminal, entries(2)),
    "plan": a_plan,
    "check": a_check,
    "run": lambda terminal: run_summary.render(
        terminal, replace(SUMMARY, batches=(batch(BatchStatus.FAILED, Standing.FAILED),), held=HELD, held_rows=27)
    ),
}


def on_a_terminal(name: str, width: int) -> list[str]:
    screen = Screen()
    screen.out = Console(file=io.StringIO(), width=width, force_terminal=True, color_system=None)
    SHOWN[name](screen)
    return screen.text.splitlines()


@pytest.mark.parametrize("name", SHOWN)
@pytest.mark.parametrize("width", WIDTHS)
def test_no_word_is_broken(name: str, width: int) -> None:
    unbroken = {word for line in on_a_terminal(name, WIDE) for word in line.split()}
    lines = on_a_terminal(name, width)
    rules = {word for line in lines for word in line.split() if set(word) == {"─"}}
    assert {word for line in lines for word in line.split()} - rules <= unbroken
    assert max(len(line) for line in lines) <= width


@pytest.mark.parametrize("width", WIDTHS)
def test_what_a_person_needs_is_there_at_every_width(width: int) -> None:
    text = " ".join(" ".join(on_a_terminal("status", width)).split())
    for word in ("COMPLETED_WITH_ERRORS", "STAGING_LOADED", "PLUMTHISTLE", "1,600 of 1,690", "00000000"):
        assert word in text
    text = " ".join(on_a_terminal("many errors", width))
    for word in ("NOR-00007", "UNKNOWN_CUSTOMER", "DAUGHTERS", "customers.yaml"):
        assert word in text


def rendered(width: int, **more: object) -> list[str]:
    made = table("order", "seen", "message", **more)  # type: ignore[arg-type]
    made.add_row("A-1", "11-22 01:27", "[none] of the words are broken")
    console = Console(file=io.StringIO(), width=width)
    console.print(made)
    return [line.strip() for line in console.file.getvalue().splitlines() if line.strip()]  # type: ignore[attr-defined]


def test_spare_columns_go_first_then_entries_are_stacked() -> None:
    more = {"whole": ("seen",), "room": {"message": 20}, "spare": ("seen",)}
    assert rendered(60, **more)[0].split() == ["order", "seen", "message"]
    assert rendered(40, **more)[0].split() == ["order", "message"]
    assert rendered(24, **more) == ["A-1   seen 11-22 01:27", "message  [none] of", "the words", "are broken"]


def test_a_table_without_rows_is_its_headings() -> None:
    console = Console(file=io.StringIO(), width=60)
    console.print(table("order", "cause"))
    assert "order  cause" in console.file.getvalue()  # type: ignore[attr-defined]
