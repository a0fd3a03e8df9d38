"""python -m benchmarks.child WHAT FOLDER [WORD ..]: one thing measured in a process of its own; ends with JSON."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import httpx2

from benchmarks.complete_run import timed_run
from benchmarks.installation import TOKEN
from benchmarks.machine import peak_mb
from benchmarks.plans import season
from benchmarks.seam import WatchedOverHttp
from order_sync.events import Events
from order_sync.steps.detect import detect
from order_sync.steps.job import Job
from order_sync.steps.select import Selection, prepare
from order_sync.wiring import load_project, open_job


def main(words: Sequence[str] | None = None) -> int:
    what, folder, *more = words or sys.argv[1:]
    if what == "season":
        plan, lanes = more
        print(json.dumps(season(Path(folder), plan, int(lanes))))
        return 0
    seam = WatchedOverHttp(httpx2.HTTPTransport(retries=0))
    project = load_project(Path(folder) / "order-sync.toml")
    with open_job(project, threading.Event(), Events(), token=TOKEN, http=seam) as job:
        found = WORK[what](job, seam)
    print(json.dumps(found))
    return 0


def _run(job: Job, seam: WatchedOverHttp) -> dict[str, Any]:
    return asdict(replace(timed_run(job, seam), peak_mb=peak_mb()))


def _plan(job: Job, _seam: WatchedOverHttp) -> dict[str, Any]:
    """What `order-sync plan` does before it shows anything."""
    before = peak_mb()
    began = time.perf_counter()
    detection = detect(job)
    detected = peak_mb()
    plan = prepare(job, detection, Selection(everything=True))
    return {
        "rows": detection.source.height,
        "orders": plan.orders.height,
        "sizes": plan.sizes.height,
        "seconds": time.perf_counter() - began,
        "start_mb": before,
        "detected_mb": detected,
        "peak_mb": peak_mb(),
    }


WORK: Mapping[str, Callable[[Job, WatchedOverHttp], dict[str, Any]]] = {"run": _run, "plan": _plan}

if __name__ == "__main__":
    sys.exit(main())
