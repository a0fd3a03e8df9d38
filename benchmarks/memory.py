"""A large source: how much memory a process needs that detects and plans all of it."""

from __future__ import annotations

from pathlib import Path

from benchmarks.installation import build, in_a_child, served, source_frames
from benchmarks.results import Result, under
from benchmarks.scale import Scale

MEGABYTES = 1500
DETECTED = 500  # the rows as one frame took more than that alone


def measure(scale: Scale, folder: Path) -> Result:
    """Everything is new, the worst case: every row is transformed."""
    house = build(folder, source_frames(scale.memory_rows, scale.customers))
    with served(house):
        found = in_a_child("plan", house.folder)
    result = Result(
        "memory",
        "Memory for a large source",
        {"rows": found["rows"], "columns": 268, "orders": found["orders"], "sizes": found["sizes"]},
    )
    result.add("peak, detect and plan", found["peak_mb"], "MB", goal=under(MEGABYTES))
    result.add("peak, detect alone", found["detected_mb"], "MB", goal=under(DETECTED))
    result.add("before the source is read", found["start_mb"], "MB")
    result.add("a row", (found["peak_mb"] - found["start_mb"]) * 1000 / found["rows"], "kB")
    result.add("detect and plan", found["rows"] / found["seconds"], "rows/s")
    result.note("Most resident memory of a process that does nothing else; nothing was promoted before.")
    return result
