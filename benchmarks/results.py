"""A benchmark's figures, as a table for people and as JSON to keep."""

from __future__ import annotations

import json
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from benchmarks.machine import load, machine

_COMPARED: Mapping[str, Callable[[float, float], bool]] = {">=": operator.ge, "<": operator.lt, "<=": operator.le}


@dataclass(frozen=True)
class Goal:
    """`sign`: how a figure has to compare with `value`."""

    sign: str
    value: float

    def __str__(self) -> str:
        return f"{self.sign} {plain(self.value)}"

    def reached(self, value: float) -> bool:
        return _COMPARED[self.sign](value, self.value)


@dataclass(frozen=True)
class Figure:
    """One measured number, read as "value unit against": 9.1 times as fast as row by row."""

    name: str
    value: float
    unit: str
    against: str = ""
    goal: Goal | None = None


@dataclass
class Result:
    """`size`: what was measured, in numbers; a small one proves that the program runs and nothing else."""

    benchmark: str
    title: str
    size: dict[str, int]
    figures: list[Figure] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, name: str, value: float, unit: str, against: str = "", goal: Goal | None = None) -> None:
        self.figures.append(Figure(name, value, unit, against, goal))

    def note(self, text: str) -> None:
        """How it was measured."""
        self.notes.append(text)


def at_least(value: float) -> Goal:
    return Goal(">=", value)


def under(value: float) -> Goal:
    return Goal("<", value)


def at_most(value: float) -> Goal:
    return Goal("<=", value)


def middle(seconds: Sequence[float]) -> float:
    """The median of some repetitions."""
    return median(seconds)


def plain(value: float) -> str:
    """Three figures that mean something; whole above a thousand."""
    if value == int(value) or abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def show(console: Console, result: Result) -> None:
    """The figures as a table, the notes below it."""
    sizes = ", ".join(f"{count:,} {what.replace('_', ' ')}" for what, count in result.size.items())
    table = Table(title=f"{result.title}\n[dim]{sizes}[/dim]", title_justify="left", expand=False)
    table.add_column("figure")
    table.add_column("value", justify="right")
    table.add_column("")
    table.add_column("goal")
    for each in result.figures:
        table.add_row(each.name, plain(each.value), f"{each.unit} {each.against}".strip(), _verdict(each))
    console.print()
    console.print(table)
    for note in result.notes:
        console.print(f"  {note}", style="dim")


def _verdict(figure: Figure) -> str:
    if figure.goal is None:
        return ""
    reached = figure.goal.reached(figure.value)
    return f"{figure.goal} {'[green]reached[/green]' if reached else '[red]missed[/red]'}"


def write(folder: Path, result: Result) -> Path:
    """`<folder>/<benchmark>.json`, with the machine named."""
    figures = [
        {
            "name": each.name,
            "value": round(each.value, 4),
            "shown": plain(each.value),
            "unit": each.unit,
            **({"against": each.against} if each.against else {}),
            **({"goal": str(each.goal), "reached": each.goal.reached(each.value)} if each.goal else {}),
        }
        for each in result.figures
    ]
    content = {**asdict(result), "figures": figures, "machine": machine(), "load_at_the_end": load()}
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{result.benchmark}.json"
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return path
