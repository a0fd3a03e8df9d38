"""Running the units of a part, in as many processes as there are cores."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from multiprocessing import get_context

from tests.campaign.figures import Figures, Part
from tests.campaign.parts import ALONE, PARTS

CHUNKS = 60  # into which the units of a pass are cut: how evenly the processes are busy


def units_of(part: Part, first: int, units: int, seconds: float, processes: int) -> tuple[Figures, int]:
    """So many units from `first` on, or as many as are begun in time. Returns the last unit too: all up to it are done."""
    if processes == 1 or part.name in ALONE:
        return in_this_process(part.name, first, units, seconds)
    found, last, ends = Figures(), first - 1, time.monotonic() + seconds
    chunks = _chunks(first, units)
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        running: set[Future[tuple[Figures, int]]] = set()
        while True:
            while len(running) < processes and time.monotonic() < ends and (chunk := next(chunks, None)):
                running.add(pool.submit(in_this_process, part.name, *chunk))
            if not running:
                return found, last
            done, running = wait(running, return_when=FIRST_COMPLETED)
            for figures, reached in (each.result() for each in done):
                found.add(figures)
                last = max(last, reached)


def _chunks(first: int, units: int) -> Iterator[tuple[int, int]]:
    """(first unit, how many). One that is begun is brought to its end, so that no unit is left out."""
    size = max(1, units // CHUNKS)
    for start in range(first, first + units, size):
        yield start, min(size, first + units - start)


def in_this_process(name: str, first: int, units: int, seconds: float | None = None) -> tuple[Figures, int]:
    """Units one after the other, as many as are begun in time."""
    found, began, last = Figures(), time.monotonic(), first - 1
    for number, figures in enumerate(PARTS[name].run(first), 1):
        found.add(figures)
        last = first + number - 1
        if number >= units or (seconds is not None and time.monotonic() - began > seconds):
            break
    return found, last
