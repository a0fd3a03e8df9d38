"""The simulator itself: items made a second, and pages of a large board near its start and at its end."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.installation import ROOT
from benchmarks.results import Result, at_least, at_most, under
from benchmarks.scale import Scale

IN_PROCESS = 1000
OVER_HTTP = 300
PAGES_ALIKE = 1.5
MEGABYTES = 1024 * 1.048576


def measure(scale: Scale, folder: Path) -> Result:
    """Each part in a process of its own, held to one core."""
    made, served, read = (_in_a_child(what, scale, folder) for what in ("create", "serve", "read"))
    result = Result(
        "simulator",
        "The simulator",
        {
            "items_made": scale.simulated_creates,
            "calls_an_item": scale.simulated_calls,
            "items_of_the_large_board": read["items"],
            "columns": read["columns"],
            "pages": read["pages"],
        },
    )
    _add_creates(result, "in process", made, IN_PROCESS)
    result.add("create_item in process, values in the document", made["written"], "items/s")
    result.add("create_item in process, 40 columns filled", read["filled"], "items/s")
    _add_creates(result, "over HTTP", served, OVER_HTTP)
    _add_pages(result, read)
    _add_notes(result)
    return result


def _in_a_child(what: str, scale: Scale, folder: Path) -> dict[str, Any]:
    words = [sys.executable, "-m", "benchmarks.simulator_child", what, json.dumps(asdict(scale)), str(folder)]
    done = subprocess.run(words, stdout=subprocess.PIPE, text=True, encoding="utf-8", cwd=ROOT, check=True)
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def _add_creates(result: Result, where: str, found: dict[str, Any], goal: int) -> None:
    result.add(f"create_item {where}", found["batched"], "items/s", goal=at_least(goal))
    result.add(f"create_item {where}", found["batched"] / found["alone"], "times as fast as", "a call an item")


def _add_pages(result: Result, read: dict[str, Any]) -> None:
    result.add("last page", read["last"] / read["first"], "of the time of", "the first page", at_most(PAGES_ALIKE))
    result.add("last tenth of the pages", read["last_tenth"] / read["first_tenth"], "of the time of", "the first tenth")
    result.add("first page", read["first"] * 1000, "ms")
    result.add("read all pages", read["items_a_second"], "items/s")
    result.add("read all pages", read["items_a_second"] / read["alone"], "times as fast as", "a call an item")
    result.add("peak memory, large board", read["peak_mb"], "MB", goal=under(MEGABYTES))


def _add_notes(result: Result) -> None:
    result.note(
        "create_item: 25 aliases a document, the values of 10 columns in variables; no limits, no latency; medians."
        " Each process is held to one core where the system allows it; over HTTP, client and server share that core."
    )
    result.note("A call an item: the same item in a document of its own, on the same board in the same run.")
    result.note(
        "Pages of 500 with id, name and one column value, every column of every item filled. First and last page:"
        " medians of calls in turn; the tenths: medians over whole passes. Peak memory: of the process that made"
        " the board and read it."
    )
