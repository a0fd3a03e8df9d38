"""Bars and lines, fed with the events of a run."""

from __future__ import annotations

import io
from typing import Any

from rich.console import Console

from order_sync.cli.progress import Bars, Display, Lines, display_on
from order_sync.cli.tally import Tally

RUN: list[tuple[str, dict[str, Any]]] = [
    ("orders.detected", {"rows": 1300, "seconds": 0.2, "new": 30, "changed": 1, "held": 4}),
    ("run.planned", {"customers": 1, "orders": 30, "sizes": 90, "held": 9}),
    ("order.staged", {"count": 30, "customer": "ACME", "seconds": 0.1}),
    ("groups.made", {"count": 2}),
    ("call.done", {"operation": "create_items", "rows": 25, "made": 24}),
    ("item.created", {"count": 24, "of": 25, "customer": "ACME"}),
    ("item.in_doubt", {"count": 1}),
    ("rows.waited_for", {"seconds": 12.0, "batches": 1}),
    ("item.found", {"count": 1}),
    ("item.created", {"count": 5, "of": 5, "customer": "ACME"}),
    ("subitem.created", {"count": 88, "of": 90, "customer": "ACME"}),
    ("subitem.failed", {"count": 7}),
    ("subitem.refused", {"count": 2}),
    ("batch.promoted", {"customer": "ACME", "orders": 28}),
]


def told(display: Display, tally: Tally, events: list[tuple[str, dict[str, Any]]]) -> None:
    with display:
        for name, fields in events:
            tally(name, fields)
            display(name, fields)


def screen() -> Console:
    return Console(file=io.StringIO(), force_terminal=True, width=100, color_system=None)


def shown(console: Console) -> str:
    return console.file.getvalue()  # type: ignore[attr-defined, no-any-return]


def test_the_last_bars_say_what_was_done() -> None:
    console, tally = screen(), Tally()
    told(Bars(console, tally, lambda: (0, 0)), tally, RUN)
    last = shown(console)[-900:]
    for text in ("1,300 of 1,300", "30 new, 9 rows held", "30 of 30", "88 of 90", "28 of 30", "2 groups made"):
        assert text in last
    assert "2 refused" in last
    assert "in doubt" not in last
    assert "7 refused" not in last


def test_no_bar_stays_on_the_screen() -> None:
    console, tally = screen(), Tally()
    told(Bars(console, tally, lambda: (0, 0)), tally, RUN)
    erased = "\x1b[1A\x1b[2K"
    assert shown(console).endswith(erased * 5)


def test_a_retry_has_no_bar_for_detection() -> None:
    console, tally = screen(), Tally()
    bars = Bars(console, tally, lambda: (1, 4))
    with bars:
        bars("run.planned", {"customers": 1, "orders": 0, "sizes": 0, "held": 0})
        shown_now = {task.description for task in bars._bars.tasks if task.visible}
    assert shown_now == {"Orders", "Sizes", "Promote"}


def test_what_earlier_runs_left_is_counted_in() -> None:
    console, tally = screen(), Tally()
    events = [RUN[0], ("run.planned", {"customers": 1, "orders": 0, "sizes": 0, "held": 0}), RUN[5]]
    told(Bars(console, tally, lambda: (40, 160)), tally, events)
    assert "24 of 40" in shown(console)
    assert "Stage" not in shown(console)


def test_an_idle_run_shows_detection_only() -> None:
    console, tally = screen(), Tally()
    told(Bars(console, tally, lambda: (0, 0)), tally, [RUN[0], ("run.planned", {"orders": 0, "sizes": 0, "held": 1})])
    assert "Orders" not in shown(console)


def test_a_wait_counts_down_below_the_bars_until_the_next_call() -> None:
    console, tally = screen(), Tally()
    bars = Bars(console, tally, lambda: (0, 0))
    with bars:
        bars("budget.waited_for", {"seconds": 12.0, "limit": "points"})
        bars._bars.refresh()
        waiting = shown(console)
        bars("call.done", {"operation": "create_items"})
        assert not list(bars._below())
    assert "waiting 12 s: the account's points of this minute are used up" in waiting


def test_ctrl_c_is_answered_on_the_screen() -> None:
    console, tally = screen(), Tally()
    bars = Bars(console, tally, lambda: (0, 0))
    with bars:
        bars.stopping()
        bars._bars.refresh()
    assert "the call in flight is being finished" in shown(console)


def lines(*, silent: bool = False) -> tuple[Lines, Tally, Console]:
    console = Console(file=io.StringIO(), width=100)
    tally = Tally()
    return Lines(console, tally, silent=silent), tally, console


def test_a_log_gets_a_line_for_what_is_decided() -> None:
    display, tally, console = lines()
    told(display, tally, [*RUN, ("customer.skipped", {"customer": "BOLT", "holder": "held by process 7"})])
    assert shown(console).splitlines() == [
        "detected: 1,300 rows, 30 new, 1 changed",
        "planned: 30 orders, 90 sizes; 9 rows held",
        "waiting 12 s: then rows in doubt, or put off, can be looked at again",
        "promoted: 28 orders of ACME",
        "skipped BOLT: held by process 7",
    ]


def test_now_and_then_it_says_how_far_it_is() -> None:
    display, tally, console = lines()
    with display:
        display._next = 0.0
        tally(*RUN[5])
        display(*RUN[5])
        display(*RUN[5])
    assert shown(console) == "sent: 24 orders, 0 sizes\n"


def test_with_json_a_log_gets_nothing_but_the_answer_to_ctrl_c() -> None:
    display, tally, console = lines(silent=True)
    told(display, tally, RUN)
    assert shown(console) == ""
    display.stopping()
    assert "stopping" in shown(console)


def test_a_terminal_gets_bars_and_everything_else_lines() -> None:
    assert isinstance(display_on(screen(), Tally(), quiet=True, still_open=lambda: (0, 0)), Bars)
    pipe = Console(file=io.StringIO())
    assert isinstance(display_on(pipe, Tally(), quiet=False, still_open=lambda: (0, 0)), Lines)


def test_the_tally_adds_up() -> None:
    tally = Tally()
    for name, fields in RUN:
        tally(name, fields)
    assert (tally.sent("item"), tally.sent("subitem"), tally["call.done"], tally.waited) == (30, 88, 1, 12.0)
    assert tally.customers == {"ACME"}
