"""`order-sync drill` on a mapping of somebody's own: what it tries, what it says, and what it says of a broken product."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.cli_calls import call, json_of
from tests.small_world import CUSTOMERS, MAPPING

from order_sync.cli import drill_course
from order_sync.cli.drill_progress import Watched
from order_sync.drill.scenarios import NEW
from order_sync.drill.series import Figures, Series
from order_sync.steps import look_up, settle, sweep_board

TRACES = """
import sys
from pathlib import Path
from order_sync.cli.drill_course import _world
from order_sync.drill.scenarios import OVERLAP
from order_sync.drill.series import Series
from order_sync.drill.trial import ready
from order_sync.wiring import load_project
project = load_project(Path(sys.argv[1]))
with _world(project) as world:
    series = Series([ready(world, OVERLAP)], 5, project.settings.times)
    for number in map(int, sys.argv[2:]):
        tried = series.try_out(world, number)
        print(tried.name, len(tried.result.struck), tried.result.trace)
"""
LOST = 0  # a seed whose first fault loses an answer about new items, where answers are what is struck


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a small mapping; only new orders are drilled, so that it is quick."""
    monkeypatch.setattr(drill_course, "SITUATIONS", (NEW,))
    (tmp_path / "order-sync.toml").write_text('mapping = "mapping.yaml"\n', encoding="utf-8")
    (tmp_path / "mapping.yaml").write_text(MAPPING, encoding="utf-8")
    (tmp_path / "customers.yaml").write_text(CUSTOMERS, encoding="utf-8")
    return tmp_path


def drilled(folder: Path, *words: str, code: int = 0) -> Any:
    result = call("drill", "--json", *words, folder=folder)
    assert result.exit_code == code, result.output
    return json_of(result)


def blind(monkeypatch: pytest.MonkeyPatch) -> None:
    """A product whose look-ups find nothing, and which believes them."""
    places = ((look_up, "find_keys"), (settle, "find_keys"), (settle, "scan_for"), (sweep_board, "find_keys"))
    for module, name in places:
        monkeypatch.setattr(module, name, lambda *_, **__: {})


def test_what_holds_is_said_and_nothing_of_the_project_is_touched(project: Path) -> None:
    before = {path: path.read_bytes() for path in project.rglob("*")}
    told = drilled(project, "--trials", "2")
    assert told["held"]
    assert told["trials"] == {"plain": 1, "single": 1, "random": 1}
    assert told["places"]["struck"] > 1
    assert sum(told["faults"]["processes"].values()) >= told["places"]["struck"]
    assert {path: path.read_bytes() for path in project.rglob("*")} == before


def test_a_snapshot_with_an_absolute_path_is_left_alone(project: Path) -> None:
    snapshot = project / "precious.parquet"
    snapshot.write_bytes(b"somebody's")
    with (project / "order-sync.toml").open("a", encoding="utf-8") as settings:
        settings.write(f"snapshot = '{snapshot}'\n")
    drilled(project, "--trials", "1")
    assert snapshot.read_bytes() == b"somebody's"


@pytest.mark.slow
def test_the_same_seed_gives_the_same_trials_in_every_process(project: Path) -> None:
    def traces(hash_seed: str, *numbers: str) -> list[str]:
        words = [sys.executable, "-c", TRACES, str(project / "order-sync.toml"), *numbers]
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": os.pathsep.join(sys.path)}
        done = subprocess.run(words, env=environment, capture_output=True, text=True, check=True)
        return done.stdout.splitlines()

    first = traces("1", "1", "2")
    assert len({line.split()[2] for line in first}) == 2
    assert traces("2", "2", "1") == first[::-1]


def test_a_broken_product_is_reported_with_its_story_and_replayed(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blind(monkeypatch)
    monkeypatch.setattr(Series, "places", ("api:write:awaited",))
    told = drilled(project, "--trials", "1", "--seed", str(LOST), code=1)
    first = told["broken"][0]
    assert 1 in told["invariants"]["broken"]
    assert any(moment["fault"] for moment in told["story"])
    assert first["replay"] == f"order-sync drill --replay {first['trial']}"
    report = project / "drill.md"
    again = call("drill", "--replay", first["trial"], "--report", str(report), folder=project, COLUMNS="80")
    assert again.exit_code == 1, again.output
    assert "BROKEN  I1" in again.stdout
    assert max(map(len, again.stdout.splitlines())) <= 80
    for text in (again.stdout, report.read_text(encoding="utf-8")):
        assert "How it happened" in text
        assert first["replay"] in " ".join(text.split())
        assert "faults end" in text


@pytest.mark.slow
def test_the_story_of_many_faults_is_shortened(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blind(monkeypatch)
    monkeypatch.setattr(drill_course, "TRIES", 12)
    told = drilled(project, "--replay", "0-2", code=1)
    assert told["broken"][0]["trial"] == "0-2"
    assert sum(moment["fault"] for moment in told["story"]) < sum(told["faults"]["processes"].values())


def test_a_product_that_never_ends_is_reported_without_any_fault(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    why = "the scenario 'new' does not come to its end even without faults"

    def fails(*_: object) -> None:
        raise RuntimeError(why)

    monkeypatch.setattr(drill_course, "ready", fails)
    told = drilled(project, "--trials", "1", code=1)
    assert told["without_faults"] == [{"scenario": "new", "why": why}]


def test_without_a_project_the_example_is_named(tmp_path: Path) -> None:
    result = call("drill", folder=tmp_path)
    assert result.exit_code == 2
    assert "order-sync init" in result.stderr
    assert "--example" in result.stderr


@pytest.mark.parametrize(
    "words", [("--replay", "x"), ("--replay", "7"), ("--trials", "3", "--minutes", "1"), ("--minutes", "0")]
)
def test_wrong_use_is_refused(project: Path, words: tuple[str, ...]) -> None:
    assert call("drill", *words, folder=project).exit_code == 2


def pressing_ctrl_c(monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    """When so many trials are done; 0: before the first."""
    stops: list[threading.Event] = []

    class Pressed(Watched):
        def prepares(self, scenario: str) -> None:
            if after == 0:
                stops[0].set()

        def did(self, figures: Figures) -> None:
            if figures.trials.total() == after:
                stops[0].set()

    @contextmanager
    def listening(stop: threading.Event, _: object) -> Iterator[None]:
        stops.append(stop)
        yield

    @contextmanager
    def pressing(*_: object) -> Iterator[Watched]:
        yield Pressed()

    monkeypatch.setattr(drill_course, "interruptible", listening)
    monkeypatch.setattr(drill_course, "watched", pressing)


def test_ctrl_c_ends_it_with_the_report_so_far(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pressing_ctrl_c(monkeypatch, after=2)
    told = drilled(project, "--trials", "50", code=3)
    assert told["stopped"]
    assert told["trials"] == {"plain": 1, "single": 1}
    pressing_ctrl_c(monkeypatch, after=2)
    said = call("drill", "--trials", "50", folder=project).stdout
    assert "held so far: 1 trial with faults, then stopped before its end" in said


def test_what_was_stopped_before_any_fault_says_that_nothing_held(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pressing_ctrl_c(monkeypatch, after=0)
    result = call("drill", folder=project)
    assert result.exit_code == 3
    assert "Nothing: no trial was done." in result.stdout
    assert "held" not in result.stdout
    assert "nothing was put to the proof: stopped before any fault" in result.stdout


def test_a_replayed_trial_says_what_it_is(project: Path) -> None:
    result = call("drill", "--replay", "7-1", folder=project)
    assert result.exit_code == 0, result.output
    assert "Trial 7-1: situation 'new', 1 process, 1 fault planned." in " ".join(result.stdout.split())
    assert "held: 1 trial, no order lost, none twice, none half" in result.stdout
