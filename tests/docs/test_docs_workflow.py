"""The workflow for a user's own CI names what there is."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.databases import VARIABLE

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / ".github" / "workflows" / "sql-server.yml"


@pytest.fixture(scope="module")
def job() -> Any:
    return yaml.safe_load(FILE.read_text(encoding="utf-8"))["jobs"]["tests"]


@pytest.fixture(scope="module")
def commands(job: Any) -> str:
    return "\n".join(step.get("run", "") for step in job["steps"])


def test_it_runs_the_suites_that_run_on_a_server(commands: str) -> None:
    (told,) = re.findall(r"pytest -k server (.+)", commands)
    assert all((ROOT / folder).is_dir() for folder in told.split())
    contributing = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert f"pytest -k server {told}" in contributing
    others = [path for path in ROOT.glob("tests/*/*.py") if path != Path(__file__)]
    both = {path.parent.name for path in others if "each_database" in path.read_text(encoding="utf-8")}
    assert both <= {Path(folder).name for folder in told.split()}


def test_it_names_the_variable_and_makes_the_database(commands: str) -> None:
    assert f"{VARIABLE}=" in commands
    assert "python -m tests.make_database" in commands
    assert (ROOT / "tests" / "make_database.py").is_file()


def test_every_version_that_is_promised_is_tried(job: Any) -> None:
    images = job["strategy"]["matrix"]["server"]
    page = (ROOT / "docs" / "how-to" / "sql-server.md").read_text(encoding="utf-8")
    oldest = min(int(image.partition("-")[0]) for image in images)
    assert f"SQL Server {oldest} and later" in page
    assert {"waiting", "not-waiting"} == set(job["strategy"]["matrix"]["readers"])
