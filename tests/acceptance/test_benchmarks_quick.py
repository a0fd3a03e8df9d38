"""The benchmarks run, at sizes that say nothing about speed."""

import json
from pathlib import Path

import pytest
from benchmarks.results import Result, at_least, show, under, write
from benchmarks.run import BENCHMARKS, measure
from benchmarks.scale import QUICK
from rich.console import Console


@pytest.mark.slow
@pytest.mark.parametrize("name", BENCHMARKS)
def test_benchmark_measures_what_it_names(name: str, tmp_path: Path) -> None:
    result = measure(name, QUICK)
    kept = json.loads(write(tmp_path, result).read_text(encoding="utf-8"))
    assert kept["benchmark"] == name
    # What is left for a person may be nothing; all else is measured.
    assert all(figure["value"] > 0 or figure["name"].endswith("by hand") for figure in kept["figures"])
    assert any("goal" in figure for figure in kept["figures"])
    assert {"cpu", "cores", "python", "polars", "sqlite"} <= kept["machine"].keys()


def test_goals_know_their_direction(tmp_path: Path) -> None:
    result = Result("sample", "A sample", {"rows": 2_000})
    result.add("ratio", 9.5, "times as fast as", "row by row", at_least(8))
    result.add("time", 7.25, "ms an order", goal=under(5))
    console = Console(record=True, width=100)
    show(console, result)
    told = console.export_text()
    assert "reached" in told
    assert "missed" in told
    figures = json.loads(write(tmp_path, result).read_text(encoding="utf-8"))["figures"]
    assert [figure["reached"] for figure in figures] == [True, False]
