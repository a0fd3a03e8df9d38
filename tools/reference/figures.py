"""What the benchmarks found, from the files that they keep."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from reference.markdown import table

RESULTS = Path(__file__).resolve().parents[2] / "benchmarks" / "results"


def figures() -> str:
    """A section for each benchmark, in the order of their names."""
    kept = sorted(RESULTS.glob("*.json"))
    return "\n".join(_section(json.loads(path.read_text(encoding="utf-8"))) for path in kept)


def _section(result: dict[str, Any]) -> str:
    size = ", ".join(f"{count:,} {what.replace('_', ' ')}" for what, count in result["size"].items())
    machine = ", ".join(f"{what.replace('_', ' ')} {value}" for what, value in result["machine"].items())
    rows = [[each["name"], f"**{each['shown']}** {_unit(each)}", _goal(each)] for each in result["figures"]]
    notes = "".join(f"- {note}\n" for note in result["notes"])
    return (
        f"## {result['title']}\n\n{size}.\n\n{table(['', 'measured', 'goal'], rows)}\n"
        f"{notes}- Machine: {machine}; load at the end: {result['load_at_the_end']}.\n"
    )


def _unit(figure: dict[str, Any]) -> str:
    return f"{figure['unit']} {figure.get('against', '')}".strip()


def _goal(figure: dict[str, Any]) -> str:
    if "goal" not in figure:
        return ""
    return f"{figure['goal']}: {'reached' if figure['reached'] else 'missed'}"
