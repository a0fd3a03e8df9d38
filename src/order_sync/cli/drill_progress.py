"""How far a drill is: a bar where somebody watches, nothing where nobody does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from order_sync.cli.terminal import plural
from order_sync.drill.random_trial import Plan
from order_sync.drill.series import Figures, Sort

_ROOM: Final = 44  # characters for what is going on


class Watched:
    """Hears what the drill does."""

    def prepares(self, scenario: str) -> None:
        """A scenario happens without faults."""

    def now(self, plan: Plan) -> None:
        """A trial begins."""

    def did(self, figures: Figures) -> None:
        """A trial is over."""

    def shortens(self, trial: str) -> None:
        """The story of a trial is being shortened."""


class _Bar(Watched):
    def __init__(self, progress: Progress, task: TaskID) -> None:
        self._progress, self._task = progress, task

    def prepares(self, scenario: str) -> None:
        self._say(f"getting ready: {scenario}")

    def now(self, plan: Plan) -> None:
        faults = plural(plan.size, "fault") if plan.size else "no fault"
        self._say(f"{plan.beginning.scenario.name}, {faults}")

    def did(self, figures: Figures) -> None:
        done = figures.trials.total() - figures.trials[Sort.PLAIN]
        failed = f"{len(figures.failed)} broken" if figures.failed else ""
        self._progress.update(self._task, completed=done, failed=failed)

    def shortens(self, trial: str) -> None:
        self._say(f"shortening the story of {trial}")

    def _say(self, what: str) -> None:
        self._progress.update(self._task, description=what[:_ROOM])


@contextmanager
def watched(console: Console, trials: int | None) -> Iterator[Watched]:
    """`trials`: how many there will be, where that is known."""
    if not console.is_terminal or console.is_dumb_terminal:
        yield Watched()
        return
    columns = (
        TextColumn(f"{{task.description:<{_ROOM}}}"),
        BarColumn(16),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[failed]}", style="bold red"),
    )
    with Progress(*columns, console=console, transient=True, refresh_per_second=5) as progress:
        yield _Bar(progress, progress.add_task("", total=trials, failed=""))
