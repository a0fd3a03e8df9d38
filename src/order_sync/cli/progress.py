"""How far a run is: bars where somebody watches, a line now and then where nobody does."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Any, Final, Protocol, Self

from rich.console import Console, RenderableType
from rich.progress import BarColumn, Progress, Task, TaskID, TextColumn, TimeRemainingColumn
from rich.text import Text

from order_sync.cli.interrupt import SAYS
from order_sync.cli.tally import Tally
from order_sync.cli.terminal import duration, plural

_WAITS: Final = {
    "budget.waited_for": "the account's {limit} of this minute are used up",
    "rows.waited_for": "then rows in doubt, or put off, can be looked at again",
    "board.quiet": "the board gets no change while a lost request may still arrive",
    "board.waited_for": "another process writes to the board",
    "breaker.waited_for": "monday.com fails; it is left alone for a while, then asked once",
    "database.waited_for": "the database was busy, or its connection was lost",
}
_LINE_EVERY: Final = 10.0  # seconds between two lines where nobody watches


class Display(Protocol):
    """A listener of events that shows them."""

    def __call__(self, name: str, fields: dict[str, Any]) -> None: ...
    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
    def stopping(self) -> None:
        """Ctrl-C was pressed."""
        ...


def display_on(console: Console, tally: Tally, *, quiet: bool, still_open: Callable[[], tuple[int, int]]) -> Display:
    """`quiet`: nothing where no terminal is. `still_open`: orders and sizes that earlier runs have left."""
    if console.is_terminal and not console.is_dumb_terminal:
        return Bars(console, tally, still_open)
    return Lines(console, tally, silent=quiet)


class _Waiting:
    """What is being waited for, and until when."""

    def __init__(self) -> None:
        self._until = 0.0
        self._why = ""

    def note(self, name: str, fields: dict[str, Any]) -> None:
        if name in _WAITS:
            self._until = time.monotonic() + float(fields.get("seconds", 1.0))
            self._why = _WAITS[name].format(**fields)
        elif name == "call.done":
            self._until = 0.0

    def text(self) -> Text | None:
        left = self._until - time.monotonic()
        return Text(f"waiting {duration(left)}: {self._why}", style="yellow") if left > 0 else None


class _Steps(Progress):
    """Bars with a line below them that is made anew at each refresh."""

    def __init__(self, console: Console, below: Callable[[], Iterable[Text]]) -> None:
        super().__init__(
            TextColumn("{task.description:<10}"),
            BarColumn(32),
            _Count(),
            TimeRemainingColumn(compact=True),
            TextColumn("{task.fields[note]}", style="dim"),
            console=console,
            refresh_per_second=5,
            transient=True,  # what it came to is said below by who ran it, once, in its own words
        )
        self._below = below

    def get_renderables(self) -> Iterable[RenderableType]:
        yield from super().get_renderables()
        if hasattr(self, "_below"):
            yield from self._below()


class _Count(TextColumn):
    """1,234 of 5,678."""

    def __init__(self) -> None:
        super().__init__("")

    def render(self, task: Task) -> Text:
        total = "" if task.total is None else f" of {int(task.total):,}"
        return Text(f"{int(task.completed):,}{total}".rjust(16), style="progress.percentage")


class Bars:
    """One bar a step: detect, stage, orders, sizes, promote."""

    def __init__(self, console: Console, tally: Tally, still_open: Callable[[], tuple[int, int]]) -> None:
        self._tally = tally
        self._still_open = still_open
        self._waiting = _Waiting()
        self._stopping = False
        self._lock = threading.Lock()
        self._bars = _Steps(console, self._below)
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Self:
        self._bars.start()
        self._add("Detect", None)
        return self

    def __exit__(self, *_: object) -> None:
        self._waiting = _Waiting()
        self._stopping = False
        self._bars.stop()

    def stopping(self) -> None:
        self._stopping = True

    def __call__(self, name: str, fields: dict[str, Any]) -> None:
        with self._lock:
            self._waiting.note(name, fields)
            if name == "orders.detected":
                rows = fields["rows"] or 1
                self._bars.update(self._tasks["Detect"], total=rows, completed=rows, note=f"{fields['new']:,} new")
            elif name == "run.planned":
                self._begin(fields)
            elif name.partition(".")[0] in ("order", "item", "subitem", "batch", "doubt", "groups"):
                self._move()

    def _begin(self, fields: dict[str, Any]) -> None:
        orders, sizes = self._still_open()
        detected = self._bars.tasks[0]
        if detected.total is None:
            self._bars.update(detected.id, visible=False)  # a retry looks for nothing new
        elif fields["held"]:
            note = f"{detected.fields['note']}, {plural(fields['held'], 'row')} held"
            self._bars.update(detected.id, note=note)
        if fields["orders"]:
            self._add("Stage", fields["orders"])
        if fields["orders"] or orders or sizes:
            self._add("Orders", fields["orders"] + orders)
            self._add("Sizes", fields["sizes"] + sizes)
            self._add("Promote", fields["orders"] + orders)

    def _move(self) -> None:
        told = self._tally
        self._set("Stage", told["order.staged"] + told["order.restaged"])
        self._set("Orders", told.sent("item"), self._notes("item", told["groups.made"]))
        self._set("Sizes", told.sent("subitem"), self._notes("subitem"))
        self._set("Promote", told["batch.promoted"])

    def _notes(self, kind: str, groups: int = 0) -> str:
        """What went otherwise; rows in doubt are those that have not been found or proven absent since."""
        told = self._tally
        doubt = max(0, told[f"{kind}.in_doubt"] - told[f"{kind}.found"] - told[f"{kind}.absent"])
        parts = {"groups made": groups, "adopted": told[f"{kind}.adopted"], "in doubt": doubt}
        parts["refused"] = told[f"{kind}.refused"]
        return ", ".join(f"{count:,} {what}" for what, count in parts.items() if count)

    def _add(self, step: str, total: int | None) -> None:
        self._tasks[step] = self._bars.add_task(step, total=total, note="")

    def _set(self, step: str, done: int, note: str = "") -> None:
        task = self._tasks.get(step)
        if task is not None:
            total = max(done, int(self._bars.tasks[list(self._tasks).index(step)].total or 0))
            self._bars.update(task, completed=done, total=total, note=note)

    def _below(self) -> Iterable[Text]:
        waiting = self._waiting.text()
        if waiting is not None:
            yield waiting
        if self._stopping:
            yield Text(SAYS, style="bold yellow")


class Lines:
    """For logs and schedulers: what is decided, and every few seconds how far it is."""

    def __init__(self, console: Console, tally: Tally, *, silent: bool) -> None:
        self._console = console
        self._tally = tally
        self._silent = silent
        self._next = 0.0

    def __enter__(self) -> Self:
        self._next = time.monotonic() + _LINE_EVERY
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def stopping(self) -> None:
        self._console.print(SAYS, markup=False, soft_wrap=True)

    def __call__(self, name: str, fields: dict[str, Any]) -> None:
        text = self._text(name, fields)
        if text and not self._silent:
            self._console.print(text, markup=False, soft_wrap=True)

    def _text(self, name: str, fields: dict[str, Any]) -> str:
        match name:
            case "orders.detected":
                return (
                    f"detected: {plural(fields['rows'], 'row')}, {fields['new']:,} new, {fields['changed']:,} changed"
                )
            case "run.planned":
                planned = f"planned: {plural(fields['orders'], 'order')}, {plural(fields['sizes'], 'size')}"
                return f"{planned}; {plural(fields['held'], 'row')} held" if fields["held"] else planned
            case "batch.promoted":
                return f"promoted: {plural(fields['orders'], 'order')} of {fields['customer']}"
            case "breaker.closed":
                return "monday.com answers again"
            case "customer.skipped":
                return f"skipped {fields['customer']}: {fields['holder']}"
            case _ if name in _WAITS and fields.get("seconds", 0) >= 1:
                return f"waiting {duration(fields['seconds'])}: {_WAITS[name].format(**fields)}"
            case _ if time.monotonic() >= self._next:
                self._next = time.monotonic() + _LINE_EVERY
                return (
                    f"sent: {plural(self._tally.sent('item'), 'order')}, {plural(self._tally.sent('subitem'), 'size')}"
                )
            case _:
                return ""
