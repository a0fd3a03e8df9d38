"""What the demo says: its steps, and a line for each fault as it is met and mended."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from order_sync.cli.progress import Display, Lines, display_on
from order_sync.cli.tally import Tally
from order_sync.cli.terminal import plural

INDENT = 12  # where sentences begin: behind a step's number and name
GOOD, BAD, WAIT = "good", "bad", "wait"
_SIGNS = {GOOD: ("✓", "ok", "green"), BAD: ("✗", "!!", "red"), WAIT: ("~", "~", "yellow")}
_PICTURE_WIDTH = 110
_FOREIGN_FONT = re.compile(r"@font-face\s*\{[^}]*\}\s*")
_THINGS = {"item": "order", "subitem": "size"}


class Story:
    """Tells on `console`, and listens to a run's events."""

    def __init__(self, console: Console, *, recording: bool = False) -> None:
        if recording:
            console = Console(record=True, width=_PICTURE_WIDTH, force_terminal=True, color_system="truecolor")
        self._recording = recording
        self.console = console
        self._last_call: dict[str, Any] = {}
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
        self.console.print(Padding(text, (0, 0, 0, INDENT), expand=False))

    def say(self, sentence: str) -> None:
        self.console.print(Padding(Text(sentence), (0, 0, 0, INDENT), expand=False))

    def display(self, tally: Tally, still_open: Callable[[], tuple[int, int]]) -> Display:
        """Bars where somebody watches; where the output goes into a file, what is told here is enough."""
        if self._recording or not self.console.file.isatty():
            return Lines(self.console, tally, silent=True)
        return display_on(self.console, tally, quiet=True, still_open=still_open)

    def draw(self, file: Path, title: str) -> None:
        """Everything said so far as an SVG that loads nothing from elsewhere."""
        picture = self.console.export_svg(title=title)
        file.write_text(_FOREIGN_FONT.sub("", picture), encoding="utf-8", newline="\n")

    def __call__(self, name: str, fields: dict[str, Any]) -> None:
        """An event: told where it is a fault, or the end of one."""
        thing, _, what = name.partition(".")
        if name == "call.done":
            self._last_call = fields
        elif thing in _THINGS and what in ("in_doubt", "found", "absent", "failed", "put_off", "adopted"):
            self._tell_rows(what, fields["count"], _THINGS[thing])
        elif name == "rows.taken_over":
            self.line(WAIT, "an earlier run was interrupted while it was sending: those rows are in doubt")

    def _tell_rows(self, what: str, count: int, thing: str) -> None:
        call, rows = self._last_call, plural(count, thing)
        http = call.get("http")
        if what == "in_doubt":
            answer = f"error {http} instead of an answer" if http else "the connection broke before the answer"
            self.line(BAD, f"{answer}: {rows} in doubt", "nothing is sent again on a guess")
        elif what == "found":
            self.line(GOOD, f"{rows} found on the board by key", "made before the answer was lost: kept")
        elif what == "absent":
            self.line(GOOD, f"{rows} proven absent, twice", "sent again")
        elif what == "put_off":
            self.line(WAIT, f"refused for now ({http}): {rows}", "sent again after the wait that was asked for")
        elif what == "failed":
            of = f"{count} of {plural(call.get('rows', count), thing)}"
            if http:
                self.line(BAD, f"{of} refused", "in the error table; the others of the request went through")
            else:
                self.line(BAD, f"{of} not sent: nobody could be reached", "due again in a moment")
        elif what == "adopted":
            self.line(GOOD, f"{rows} on the board already", "adopted")
