"""python -m benchmarks.run [NAME ..] [--quick]: measure, show, and keep the figures."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from rich.console import Console

from benchmarks import bulk, complete_run, detect, four_sizes, memory, plans, simulator, stage
from benchmarks.machine import load, machine
from benchmarks.results import Result, show, write
from benchmarks.scale import FULL, QUICK, Scale

RESULTS = Path(__file__).parent / "results"
BENCHMARKS: Mapping[str, Callable[[Scale, Path], Result]] = {
    "detect": detect.measure,
    "stage": stage.measure,
    "bulk": bulk.measure,
    "complete_run": complete_run.measure,
    "four_sizes": four_sizes.measure,
    "memory": memory.measure,
    "plans": plans.measure,
    "simulator": simulator.measure,
}


def main(words: Sequence[str] | None = None) -> int:
    """0 when everything was measured, whether or not a goal was reached; 1 where one was missed and --strict given."""
    options = _parser().parse_args(words)
    console = Console()
    _name_machine(console)
    missed = 0
    for name in options.names or BENCHMARKS:
        result = measure(name, QUICK if options.quick else FULL)
        show(console, result)
        missed += sum(each.goal is not None and not each.goal.reached(each.value) for each in result.figures)
        if not options.quick:
            console.print(f"  kept in benchmarks/results/{write(RESULTS, result).name}", style="dim")
    return 1 if options.strict and missed else 0


def measure(name: str, scale: Scale) -> Result:
    """One benchmark, in a folder of its own that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="order-sync-bench-", ignore_cleanup_errors=True) as folder:
        return BENCHMARKS[name](scale, Path(folder))


def _parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__)
    made.add_argument("names", nargs="*", choices=[*BENCHMARKS, []], metavar="NAME", help=", ".join(BENCHMARKS))
    made.add_argument("--quick", action="store_true", help="tiny sizes: it runs, the figures mean nothing")
    made.add_argument("--strict", action="store_true", help="exit 1 where a goal is missed")
    return made


def _name_machine(console: Console) -> None:
    console.print(", ".join(f"{what} {value}" for what, value in machine().items()), style="bold")
    busy, cores = load(), machine()["cores"]
    if busy is not None and busy > float(cores) / 2:
        console.print(f"The machine is busy (load {busy}): times are worse than they need be.", style="yellow")


if __name__ == "__main__":
    raise SystemExit(main())
