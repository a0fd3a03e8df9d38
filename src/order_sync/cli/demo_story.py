"""What the demo says while the run runs: bars for what is done, and a line for each fault as it is met and mended."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from order_sync.cli.terminal import plural

INDENT = 12  # where sentences begin: behind a step's number and name
GOOD, BAD, WAIT = "good", "bad", "wait"
_SIGNS = {GOOD: ("✓", "ok", "green"), BAD: ("✗", "!!", "red"), WAIT: ("~", "~", "yellow")}
_PICTURE_WIDTH = 110
_FOREIGN_FONT = re.compile(r"@font-face\s*\{[^}]*\}\s*")
_THINGS = {"item": "order", "subitem": "size"}


@dataclass
class Told:
    """Figures of the runs so far, as the events told them."""

    calls: Counter[str] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)

    def __getitem__(self, name: str) -> int:
        """An event's name: the rows it told of."""
        return self.counts[name]

    def both(self, what: str) -> int:
        """Items and subitems together."""
        return self.counts[f"item.{what}"] + self.counts[f"subitem.{what}"]


class Story:
    """Tells on `console`. As a listener of events it moves the bars and tells the faults."""

    def __init__(self, console: Console, *, recording: bool = False) -> None:
        if recording:
            console = Console(record=True, width=_PICTURE_WIDTH, force_terminal=True, color_system="truecolor")
        self._recording = recording
        self.console = console
        self.told = Told()
        self._progress: Progress | None = None
        self._plain = not (console.encoding or "").lower().startswith("utf")

    def title(self, name: str, where: str) -> None:
        self.console.print()
        self.console.print(Text.assemble((f" {name} ", "bold reverse"), "  ", (where, "dim")), soft_wrap=True)
        self.console.print()

    def step(self, number: int, name: str, sentence: str) -> None:
        row = Table.grid(padding=(0, 1))
        row.add_column(width=2, justify="right", style="bold cyan")
        row.add_column(width=INDENT - 4, style="bold")
        row.add_column(overflow="fold")
        row.add_row(str(number), name, Text(sentence))
        self.console.print(row)

    def line(self, kind: str, sentence: str, aside: str = "") -> None:
        """A sentence below a step, with a sign before it."""
        pretty, plain, colour = _SIGNS[kind]
        sign = plain if self._plain else pretty
        text = Text.assemble((sign, f"bold {colour}"), " ", sentence, (f"  {aside}" if aside else "", "dim"))
        self.console.print(Padding(text, (0, 0, 0, INDENT)))

    def say(self, sentence: str) -> None:
        self.console.print(Padding(Text(sentence), (0, 0, 0, INDENT)))

    @contextmanager
    def bars(self) -> Iterator[None]:
        """Live bars where somebody watches; nothing where the output goes into a file."""
        watched = not self._recording and self.console.file.isatty() and not self.console.is_dumb_terminal
        self._progress = Progress(
            TextColumn(" " * (INDENT - 1)),
            TextColumn("{task.description:9}"),
            BarColumn(30, complete_style="cyan", finished_style="green"),
            MofNCompleteColumn(),
            TimeRemainingColumn(compact=True),
            console=self.console,
            transient=True,
            disable=not watched,
        )
        try:
            with self._progress:
                yield
        finally:
            self._progress = None

    def draw(self, file: Path, title: str) -> None:
        """Everything said so far as an SVG that loads nothing from elsewhere."""
        picture = self.console.export_svg(title=title)
        file.write_text(_FOREIGN_FONT.sub("", picture), encoding="utf-8", newline="\n")

    def __call__(self, name: str, fields: dict[str, Any]) -> None:
        """One event."""
        count = fields.get("count", fields.get("orders", fields.get("rows", 1)))
        self.told.counts[name] += count if isinstance(count, int) else 1
        if name == "call.done":
            self.told.calls[str(fields["operation"])] += 1
        self._move_bars(name, fields)
        self._tell(name, fields)

    def _move_bars(self, name: str, fields: dict[str, Any]) -> None:
        bars = self._progress
        if bars is None:
            return
        if name == "run.planned":
            for kind, total in (("orders", "orders"), ("sizes", "sizes"), ("promoted", "orders")):
                bars.add_task(kind, total=fields[total] or None)
            return
        thing, _, what = name.partition(".")
        moved = {("item", "created"): 0, ("item", "found"): 0, ("subitem", "created"): 1, ("subitem", "found"): 1}
        at = 2 if name == "batch.promoted" else moved.get((thing, what))
        if at is not None and len(bars.tasks) > at:
            bars.advance(bars.tasks[at].id, fields.get("orders", fields.get("count", 0)))

    def _tell(self, name: str, fields: dict[str, Any]) -> None:
        thing, _, what = name.partition(".")
        if thing in _THINGS and what in _SENTENCES:
            kind, sentence, aside = _SENTENCES[what]
            rows = plural(fields["count"], _THINGS[thing])
            self.line(kind, sentence.format(rows=rows), aside)
        elif name == "rows.waited_for":
            self.line(WAIT, f"waiting {fields['seconds']:.1f} s until looking again can prove something")
        elif name == "board.quiet":
            self.line(WAIT, f"the board gets no change for {fields['seconds']:.1f} s", "a late one could overtake ours")
        elif name == "call.done" and fields["made"] == 0 and fields["http"] == 429:
            self.line(WAIT, "refused for now: too many requests", "it waits as told; that is no failed attempt")
        elif name == "rows.taken_over":
            self.line(WAIT, "an earlier run was interrupted while it sent: its rows are in doubt")


_SENTENCES = {
    "in_doubt": (BAD, "no proper answer for {rows}: in doubt", "nothing is sent again on a guess"),
    "found": (GOOD, "{rows} in doubt found on the board by key", "kept, not sent again"),
    "absent": (GOOD, "{rows} in doubt proven absent, twice", "sent now"),
    "failed": (BAD, "monday.com refused {rows}", "in the error table; the others of the request went through"),
    "adopted": (GOOD, "{rows} already on the board", "adopted"),
}
