"""The demo's last words: what it came to, and where to look next."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from order_sync.cli.demo_evidence import causes
from order_sync.cli.demo_folder import DemoFolder
from order_sync.cli.demo_story import Story
from order_sync.cli.demo_verdict import Verdict
from order_sync.cli.tally import Tally
from order_sync.cli.terminal import number

_GLANCE = 0.5  # seconds


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
    grid.add_column(style="dim", justify="right")
    grid.add_column()
    for name, value in _rows(figures, verdict):
        grid.add_row(name, value)
    story.console.print()
    story.console.print(Padding(grid, (0, 0, 0, 2)))
    story.console.print()
    agree = "Board, production and list" if verdict.with_list else "Board and production"
    words, colour = ("agree", "green") if verdict.proved else ("do not agree", "red")
    story.console.print(Text(f" {agree} {words}. ", f"bold reverse {colour}"))
    story.console.print()
    _tell_where(story, place, keep)


def _rows(figures: Figures, verdict: Verdict) -> list[tuple[str, Text]]:
    tally = figures.tally
    sent = tally.sent("item")
    per_order = f"{len(figures.calls) / sent:.2f} an order" if sent else "nothing was sent"
    doubts, found, absent = (
        tally[f"item.{what}"] + tally[f"subitem.{what}"] for what in ("in_doubt", "found", "absent")
    )
    by_cause = ", ".join(f"{cause} {rows}" for cause, rows in causes(verdict.held).items())
    rows = [
        ("orders", verdict.orders, "on the board"),
        ("subitems", verdict.sizes, "one for each size"),
        ("held", verdict.held_rows, by_cause),
        ("cancelled", verdict.cancelled, "before they were ever sent: counted"),
        ("calls", len(figures.calls), f"{figures.mutations} with changes; {per_order}"),
        (
            "retries",
            figures.sent_again,
            "orders and sizes sent again, once it was certain that they had not been made",
        ),
        (
            "in doubt",
            doubts,
            f"{found + absent} settled: {found} found on the board, {absent} proven absent",
        ),
    ]
    good = [("duplicates", verdict.doubled), ("lost", verdict.lost)]
    return [
        *((name, Text.assemble(number(count), (f"  {aside}", "dim"))) for name, count, aside in rows),
        *((name, _zero(count)) for name, count in good),
    ]


def _zero(count: int) -> Text:
    return Text(number(count), "bold green" if count == 0 else "bold red")


def _tell_where(story: Story, place: DemoFolder, keep: bool) -> None:
    program = program_name()
    config = f"--config {place.settings.as_posix()}"
    lines = [("look at", "", f"{place.database} (SQLite) and {place.path}")]
    if keep:
        lines.insert(0, ("the board", f"{place.address}/", ""))
    lines += [
        (
            "try",
            f"{program} {config} simulator --port {place.port} --state {place.board.as_posix()}",
            "the board again, as it is now",
        ),
        ("", f"{program} {config} errors", "what was held, and why"),
        ("", f"{program} {config} status", "batches and their counts"),
    ]
    for name, command, aside in lines:
        text = Text.assemble(
            (f"{name:>9}  ", "dim"), (command, "cyan"), (f"  {aside}" if command else aside, "dim")
        )
        story.console.print(text, soft_wrap=True)


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
    try:
        while True:
            time.sleep(_GLANCE)
    except KeyboardInterrupt:
        story.say("The simulator is stopped; the board is kept.")
