"""What was measured on: no host names, no paths."""

from __future__ import annotations

import os
import platform
import re
import sqlite3
import sys
from importlib.metadata import version
from pathlib import Path

import psutil

MEGABYTE = 1_000_000
PACKAGES = ("polars", "polars-hash", "sqlalchemy", "httpx2")


def machine() -> dict[str, str | int]:
    """Processor, cores, memory in GiB, system, and the versions that decide the figures."""
    return {
        "cpu": _cpu(),
        "cores": os.cpu_count() or 1,
        "memory_gib": round(psutil.virtual_memory().total / 1024**3),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        **{package: version(package) for package in PACKAGES},
    }


def _cpu() -> str:
    known = Path("/proc/cpuinfo")
    if known.exists():
        found = re.search(r"^model name\s*:\s*(.+)$", known.read_text(encoding="utf-8"), re.MULTILINE)
        if found:
            return found[1].strip()
    return platform.processor() or platform.machine()


def load() -> float | None:
    """How many processes wanted a core over the last minute: above the number of cores, figures are worse than they
    need be. None where the system does not say."""
    return round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None


def peak_mb() -> float:
    """The most memory that this process ever had resident, in MB."""
    status = Path("/proc/self/status")
    if status.exists():
        # Not ru_maxrss: a child process starts with that of its parent.
        found = re.search(r"^VmHWM:\s*(\d+) kB$", status.read_text(encoding="utf-8"), re.MULTILINE)
        if found:
            return int(found[1]) * 1024 / MEGABYTE
    if sys.platform == "win32":
        return float(psutil.Process().memory_info().peak_wset) / MEGABYTE
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most * (1 if sys.platform == "darwin" else 1024) / MEGABYTE
