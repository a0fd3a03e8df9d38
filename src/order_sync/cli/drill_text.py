"""The report of a drill on a terminal, as Markdown, and as JSON."""

from __future__ import annotations

from typing import Any, Final

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from order_sync.cli.drill_report import FAULT, Report, Section, sections
from order_sync.cli.terminal import Terminal
from order_sync.drill.words import story

_STYLES: Final = {"BROKEN": "bold red", "held": "green"}
_BAR: Final = ("|", "\\|")


def show(terminal: Terminal, report: Report) -> None:
    """Every section, then the verdict."""
    for section in sections(report):
        terminal.out.print(Text(section.title, style="bold cyan"))
        for sentence in section.sentences:
            terminal.out.print(Padding(Text(sentence), (0, 0, 0, 2), expand=False))
        if section.rows:
            terminal.out.print(Padding(_grid(section), (0, 0, 0, 2), expand=False))
        terminal.out.print()
    terminal.say((report.verdict, "bold red" if report.broken else "bold green"))


def _grid(section: Section) -> Table:
    grid = Table.grid(padding=(0, 2))
    width = len(section.rows[0])
    for at in range(width):
        numbers = at == 0 and width == 2 and section.rows[0][0][:1].isdigit()
        grid.add_column(no_wrap=at < width - 1, overflow="fold", justify="right" if numbers else "left")
    for row in section.rows:
        fault = FAULT in row[:-1]
        cells = [Text(cell, style=_STYLES.get(cell, "")) for cell in row[:-1]]
        grid.add_row(*cells, Text(row[-1], style="bold yellow" if fault else ""))
    return grid


def markdown(report: Report) -> str:
    """The same, for a file that somebody is sent."""
    lines = ["# Order Sync drill", "", f"**{report.verdict}**", ""]
    for section in sections(report):
        lines += [f"## {section.title}", ""]
        for sentence in section.sentences:
            lines += [sentence, ""]
        if section.rows:
            width = len(section.rows[0])
            lines += ["|" + " |" * width, "|" + "---|" * width]
            lines += ["| " + " | ".join(cell.strip().replace(*_BAR) for cell in row) + " |" for row in section.rows]
            lines.append("")
    return "\n".join(lines)


def to_json(report: Report) -> dict[str, Any]:
    """What a program would ask for."""
    figures = report.figures
    return {
        "held": not report.broken,
        "seed": report.series.seed,
        "seconds": round(report.seconds, 1),
        "stopped": report.stopped,
        "trials": {sort.name.lower(): count for sort, count in figures.trials.items()},
        "faults": {"processes": {str(k): n for k, n in figures.strikes.items()}, "service": dict(figures.served)},
        "places": {
            "struck": len(figures.struck & set(report.series.places)),
            "passed": len(report.series.places),
            "never_struck": sorted(set(report.series.places) - figures.struck),
        },
        "invariants": {"checked": sorted(report.looked_at), "broken": sorted(report.violated)},
        "without_faults": [{"scenario": each.scenario, "why": each.why} for each in report.never],
        "broken": [
            {
                "trial": each.name,
                "scenario": each.plan.beginning.scenario.name,
                "what": each.result.broken,
                "replay": report.command(each.name),
            }
            for each in figures.failed
        ],
        "story": _story(report),
    }


def _story(report: Report) -> list[dict[str, Any]]:
    if report.first is None:
        return []
    moments = story(report.first.result.told)
    return [{"at": each.at, "process": each.process, "what": each.what, "fault": each.fault} for each in moments]
