"""The demo's last words: what it came to, and where to look next."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from order_sync.cli.demo_evidence import causes
from order_sync.cli.demo_folder import DemoFolder
from order_sync.cli.demo_story import INDENT, Story
from order_sync.cli.demo_verdict import Verdict
from order_sync.cli.tally import Tally
from order_sync.cli.terminal import number
from order_sync.clock import SystemClock
from order_sync.settings import PASSWORD_VARIABLE

_GLANCE = timedelta(seconds=0.5)


@dataclass(frozen=True)
class Figures:
    """Of the runs just made. `calls`: the simulator's record of their requests. `sent_again`: rows."""

    tally: Tally
    calls: Sequence[Mapping[str, Any]]
    sent_again: int

    @property
    def mutations(self) -> int:
        return sum(call["operation"] == "mutation" for call in self.calls)


def tell_ending(story: Story, place: DemoFolder, figures: Figures, verdict: Verdict, *, keep: bool) -> None:
    """The short table, then the addresses and commands."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(width=INDENT - 2)
    grid.add_column(justify="right")
    grid.add_column(style="dim", overflow="fold")
    for name, count, aside in _rows(figures, verdict):
        grid.add_row(Text(name, "bold"), count, aside)
    story.console.print()
    story.console.print(Padding(grid, (0, 0, 0, 1), expand=False))
    story.console.print()
    agree = "Board, production and list" if verdict.with_list else "Board and production"
    words, colour = ("agree", "green") if verdict.proved else ("do not agree", "red")
    story.console.print(Text(f" {agree} {words}. ", f"bold reverse {colour}"))
    story.console.print()
    _tell_where(story, place, keep)


def _rows(figures: Figures, verdict: Verdict) -> list[tuple[str, Text, str]]:
    tally = figures.tally
    sent = tally.sent("item")
    per_order = f"{len(figures.calls) / sent:.2f} an order" if sent else "nothing was sent"
    doubts, found, absent = (
        tally[f"item.{what}"] + tally[f"subitem.{what}"] for what in ("in_doubt", "found", "absent")
    )
    settled = f"{found + absent} settled: {found} found on the board, {absent} proven absent"
    again = "sent again once it was certain that they had not been made"
    rows = [
        ("orders", verdict.orders, "on the board"),
        ("subitems", verdict.sizes, "one for each size"),
        ("held", verdict.held_rows, ", ".join(f"{name} {rows}" for name, rows in causes(verdict.held).items())),
        ("cancelled", verdict.cancelled, "before they were ever sent: counted"),
        ("calls", len(figures.calls), f"{figures.mutations} with changes; {per_order}"),
        ("retries", figures.sent_again, again if figures.sent_again else ""),
        ("in doubt", doubts, settled if found + absent or doubts else ""),
    ]
    zeros = [("duplicates", verdict.doubled), ("lost", verdict.lost)]
    return [
        *((name, Text(number(count)), aside) for name, count, aside in rows),
        *((name, Text(number(count), "bold red" if count else "bold green"), "") for name, count in zeros),
    ]


def _tell_where(story: Story, place: DemoFolder, keep: bool) -> None:
    ours = quoted(program_name(), "--config", str(place.settings))
    again = quoted("simulator", "--port", str(place.port), "--state", str(place.board))
    lines = [("database", place.server or f"{place.database}  (SQLite)", "")]
    if place.server:
        lines.append(("its password", f"in {PASSWORD_VARIABLE}, for each command below", ""))
    if keep:
        lines.append(("board", f"{place.address}/", ""))
    else:
        lines.append(("the board again", ours, again))
    lines += [("what was held", ours, "errors"), ("the batches", ours, "status")]
    for name, start, end in lines:
        label, command = Text(f" {name:<17}", "dim"), Text(f"{start} {end}".rstrip(), "cyan")
        fits = label.cell_len + command.cell_len <= story.console.width
        # One line to the shell, so that it can be copied: no break of ours within a command.
        story.console.print(label, command, sep="" if fits else "\n   ", soft_wrap=True)


def quoted(*words: str) -> str:
    """As a shell of this system takes them."""
    return subprocess.list2cmdline(words) if sys.platform == "win32" else shlex.join(words)


def program_name() -> str:
    """How this program is called from here: by its name where the shell would find it, else by its path."""
    beside = Path(sys.executable).with_name("order-sync.exe" if sys.platform == "win32" else "order-sync")
    found = shutil.which("order-sync")
    if not beside.exists() or (found is not None and Path(found).resolve() == beside.resolve()):
        return "order-sync"
    try:
        return str(beside.relative_to(Path.cwd()))
    except ValueError:
        return str(beside)


def wait_for_interrupt(story: Story, place: DemoFolder) -> None:
    """Until Ctrl-C."""
    story.say(f"The simulator runs at {place.address}/ until Ctrl-C.")
    clock = SystemClock()
    try:
        while True:
            clock.sleep(_GLANCE)
    except KeyboardInterrupt:
        story.say("The simulator is stopped; the board is kept.")
