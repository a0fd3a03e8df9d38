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

from order_sync.cli.demo_folder import DemoFolder
from order_sync.cli.demo_prove import Verdict
from order_sync.cli.demo_story import INDENT, Story, Told
from order_sync.cli.terminal import number

_GLANCE = 0.5  # seconds


@dataclass(frozen=True)
class Figures:
    """`calls`: the simulator's record of every request of the runs, the proof's own not among them."""

    told: Told
    calls: Sequence[Mapping[str, Any]]

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
    if verdict.proved:
        story.console.print(Text(" Board, production and list agree. ", "bold reverse green"))
    else:
        story.console.print(Text(" Board, production and list do not agree. ", "bold reverse red"))
    story.console.print()
    _tell_where(story, place, keep)


def _rows(figures: Figures, verdict: Verdict) -> list[tuple[str, Text | str]]:
    told = figures.told
    sent = told.both("created") and told["item.created"] + told["item.found"]
    causes = ", ".join(f"{cause} {rows}" for cause, rows in verdict.causes.items())
    per_order = f"{len(figures.calls) / sent:.2f} an order" if sent else "nothing was sent"
    settled = told.both("found") + told.both("absent")
    return [
        ("orders on the board", number(verdict.orders)),
        ("subitems", number(verdict.sizes)),
        ("rows held", Text.assemble(number(sum(verdict.causes.values())), (f"  {causes}", "dim"))),
        ("cancelled", Text.assemble(number(verdict.cancelled), ("  counted, never sent", "dim"))),
        ("calls", Text.assemble(number(len(figures.calls)), (f"  {figures.mutations} with changes; {per_order}", "dim"))),
        ("sent again", Text.assemble(number(verdict.sent_again), ("  rows, after it was proven that they were not there", "dim"))),
        ("in doubt", Text.assemble(number(told.both("in_doubt")), (f"  {settled} settled: {told.both('found')} found, {told.both('absent')} proven absent", "dim"))),
        ("duplicates", _zero(verdict.doubled)),
        ("lost", _zero(verdict.lost)),
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
        ("try", f"{program} {config} simulator --port {place.port} --state {place.board.as_posix()}", "the board again, as it is now"),
        ("", f"{program} {config} errors", "what was held, and why"),
        ("", f"{program} {config} status", "batches and their counts"),
    ]
    for name, command, aside in lines:
        text = Text.assemble((f"{name:>9}  ", "dim"), (command, "cyan"), (f"  {aside}" if command else aside, "dim"))
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
