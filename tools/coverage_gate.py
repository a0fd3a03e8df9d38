"""Reads coverage.py's JSON and fails when a room that must be proved has branches that no test takes."""

# ruff: noqa: T201 - a gate prints its verdict

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

THRESHOLD = 95.0  # percent of branches, and of statements
ROOMS = ("order_sync/model", "order_sync/steps")


@dataclass(frozen=True)
class Covered:
    """How much of one file, or of a whole room, the tests took."""

    name: str
    statements: int = 0
    statements_hit: int = 0
    branches: int = 0
    branches_hit: int = 0

    def __add__(self, other: Covered) -> Covered:
        return Covered(
            self.name,
            self.statements + other.statements,
            self.statements_hit + other.statements_hit,
            self.branches + other.branches,
            self.branches_hit + other.branches_hit,
        )

    @property
    def statement_share(self) -> float:
        return 100.0 * self.statements_hit / self.statements if self.statements else 100.0

    @property
    def branch_share(self) -> float:
        return 100.0 * self.branches_hit / self.branches if self.branches else 100.0

    @property
    def enough(self) -> bool:
        return min(self.statement_share, self.branch_share) >= THRESHOLD

    def __str__(self) -> str:
        return f"{self.name:40} branches {self.branch_share:6.2f} %  statements {self.statement_share:6.2f} %"


def files_of(room: str, report: dict[str, Any]) -> list[Covered]:
    """The room's files, least covered first."""
    found = []
    for path, entry in report["files"].items():
        name = PurePath(path.replace("\\", "/")).as_posix()
        if f"/{room}/" in f"/{name}":
            summary = entry["summary"]
            found.append(
                Covered(
                    name.rpartition("src/")[2],
                    summary["num_statements"],
                    summary["covered_lines"],
                    summary["num_branches"],
                    summary["covered_branches"],
                )
            )
    return sorted(found, key=lambda each: (each.branch_share, each.statement_share))


def judge(report: dict[str, Any]) -> bool:
    """Print a line per room, under a lacking one its lacking files; True when every room has enough."""
    good = True
    for room in ROOMS:
        files = files_of(room, report)
        total = sum(files, Covered(room))
        print(total if files else f"{room}: no file was measured")
        for file in files if not total.enough else ():
            if not file.enough:
                print(f"  {file}")
        good = good and bool(files) and total.enough
    return good


def main(words: list[str]) -> int:
    report = json.loads(Path(words[0]).read_text(encoding="utf-8"))
    if judge(report):
        return 0
    print(f"coverage below {THRESHOLD:g} %", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
