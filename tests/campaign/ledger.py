"""What every pass has shown, one line each, kept in the repository."""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

LEDGER = Path(__file__).with_name("ledger.jsonl")
ROOT = Path(__file__).resolve().parents[2]
SQLITE = "SQLite"  # what a line means that names no database
COMMIT = re.compile(r"[0-9a-f]{7,40}")


@dataclass(frozen=True)
class Line:
    """One part of one pass. `seeds`: first and last unit; `places`: how often each boundary was struck; `database`: what
    it ran on, as it names itself."""

    at: str
    commit: str
    machine: str
    part: str
    seeds: tuple[int, int]
    runs: int
    seconds: float
    faults: dict[str, int]
    boundaries: int
    outcomes: dict[str, int]
    violations: int
    places: dict[str, int] = field(default_factory=dict)
    database: str = SQLITE


def lines(path: Path = LEDGER) -> Iterator[dict[str, Any]]:
    """From the oldest on."""
    if path.exists():
        yield from (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line)


def append(line: Line, path: Path = LEDGER) -> None:
    with path.open("a", encoding="utf-8", newline="\n") as stream:
        stream.write(json.dumps(asdict(line), sort_keys=True) + "\n")


def next_unit(part: str, path: Path = LEDGER, database: str = SQLITE) -> int:
    """Where the part goes on: after the last unit of any pass on that database."""
    told = (each for each in lines(path) if each["part"] == part and each.get("database", SQLITE) == database)
    return max((each["seeds"][1] + 1 for each in told), default=0)


def struck_before(path: Path = LEDGER) -> Counter[str]:
    """Places that earlier passes have struck in the product as it is now."""
    on_sqlite = (each for each in lines(path) if each.get("database", SQLITE) == SQLITE)
    told = [each for each in on_sqlite if each["part"] in ("places", "boundaries")]
    same = {each["commit"] for each in told if _is_of_this_product(each["commit"])}
    return sum((Counter(each["places"]) for each in told if each["commit"] in same), Counter())


def _is_of_this_product(commit: str) -> bool:
    """Whether nothing of the product was changed since; not where the commit is unknown here, or was none."""
    if not COMMIT.fullmatch(commit):
        return False
    asked = ["git", "diff", "--quiet", commit, "--", "src"]
    return subprocess.run(asked, cwd=ROOT, capture_output=True, check=False).returncode == 0


def machine() -> str:
    """What the figures were made on, without its name."""
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"


def commit() -> str:
    """The commit that ran; with + where files were changed since."""
    said = [
        subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()
        for words in (("rev-parse", "--short=10", "HEAD"), ("status", "--porcelain", "--untracked-files=no"))
    ]
    changed = [each for each in said[1].splitlines() if not each.endswith(LEDGER.name)]
    return said[0] + ("+" if changed else "")
