"""What is written where: results to stdout, everything else to stderr; JSON alone when it was asked for."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from order_sync.cli.listing import Listing
from order_sync.model.errors import MappingError, OrderSyncError, UsageError

Part = str | Text | tuple[str, str]  # text, or text with its style

_PIPED_WIDTH = 140  # columns where no terminal tells its own


def prepare_streams() -> None:
    """A character that the console cannot show becomes a question mark instead of an exception."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


def _console(stream: TextIO) -> Console:
    narrow = stream.isatty() or "COLUMNS" in os.environ
    return Console(file=stream, width=None if narrow else _PIPED_WIDTH, highlight=False, soft_wrap=False)


@dataclass
class Terminal:
    """The two consoles of one call. Colours go where the stream is no terminal or NO_COLOR is set."""

    out: Console = field(default_factory=lambda: _console(sys.stdout))
    err: Console = field(default_factory=lambda: _console(sys.stderr))

    def json(self, payload: Any) -> None:
        """Nothing but JSON on stdout, in ASCII: no code page can spoil it."""
        self.raw(json.dumps(payload, indent=2) + "\n")

    def raw(self, text: str) -> None:
        """Text as it is. UsageError: it has a character that the stream's code page has not; nothing was written."""
        encoding = getattr(self.out.file, "encoding", None) or "utf-8"
        try:
            text.encode(encoding)
        except UnicodeEncodeError as problem:
            raise UsageError(
                f"this output is in {encoding}, which has no {problem.object[problem.start]!r}",
                next_step="let it be written in UTF-8: schema show has --output FILE, and everywhere PYTHONUTF8=1 is",
            ) from None
        self.out.file.write(text)
        self.out.file.flush()

    def say(self, *parts: Part, style: str = "") -> None:
        """A line of the result; never read as markup, since it may hold anybody's data. On a terminal a long one goes
        on below itself, behind its label, and breaks between words; in a file it stays one line."""
        _line(self.out, parts, style)

    def note(self, *parts: Part, style: str = "") -> None:
        """A line beside the result, broken in the same way."""
        _line(self.err, parts, style)

    def error(self, error: OrderSyncError) -> None:
        """What, where, and what to do next."""
        self.note(("error: ", "bold red"), (error.what, "bold"))
        if isinstance(error, MappingError):
            for problem in error.problems:
                self.note("  - ", problem)
        if error.where:
            self.note(("  where: ", "dim"), error.where)
        if error.next_step:
            self.note(("  next:  ", "dim"), (error.next_step, "cyan"))


def _line(console: Console, parts: Sequence[Part], style: str) -> None:
    text = Text.assemble(*parts)
    if console.is_terminal and text.cell_len > console.width:
        console.print(_hung(parts, console.width), style=style)
    else:
        console.print(text, style=style, soft_wrap=True)


def _hung(parts: Sequence[Part], width: int) -> Table:
    """The first part, where others follow it and it is short, is their label."""
    labelled = len(parts) > 1 and Text.assemble(parts[0]).cell_len < width / 4
    label, rest = (parts[:1], parts[1:]) if labelled else ((), parts)
    grid = Table.grid()
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row(Text.assemble(*label), Text.assemble(*rest))
    return grid


def table(
    *headings: str,
    title: str = "",
    right: Sequence[str] = (),
    whole: Sequence[str] = (),
    room: Mapping[str, int] | None = None,
    spare: Sequence[str] = (),
) -> Listing:
    """An empty table in the one look that all have; what the columns can be named for is said at Listing."""
    return Listing(headings, title=title, right=right, whole=whole, room=room, spare=spare)


def number(value: float | None) -> str:
    """1,234; a dash where there is none."""
    return "-" if value is None else f"{value:,}"


def duration(seconds: float | None) -> str:
    """1 h 02 min, 3 min 20 s, 4.2 s; of whole seconds 4 s."""
    if seconds is None:
        return "-"
    if isinstance(seconds, int) and seconds < 60:
        return f"{seconds} s" if seconds else "under 1 s"
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest:02d} s"
    return f"{minutes // 60} h {minutes % 60:02d} min"


def plural(count: int, one: str, many: str = "") -> str:
    """1 order, 2 orders."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
