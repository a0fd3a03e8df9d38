"""README, Makefile, dev.py, CI and locks say the same; the first command needs nothing that is not there."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def loaded(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


dev = loaded(ROOT / "dev.py")
gate = loaded(ROOT / "tools" / "coverage_gate.py")


def locked(lock: Path) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", lock.read_text(encoding="utf-8"), re.MULTILINE))


def test_the_makefile_calls_every_job_and_no_other() -> None:
    rules = re.findall(
        r"^([a-z ]+):\n\t@\$\(PYTHON\) dev\.py (\S+)(?: .*)? \$\(ARGS\)$", read("Makefile"), re.MULTILINE
    )
    called = [target if job == "$@" else job for targets, job in rules for target in targets.split()]
    assert sorted(called) == sorted(dev.JOBS)


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "docs/tutorial/first-run.md"])
def test_commands_in_the_pages_are_jobs(page: str) -> None:
    shown = r"(?:^ *|`)(?:make|py dev\.py|python dev\.py)(?: PYTHON=\S+)? ([a-z]+)"
    jobs = re.findall(shown, read(page), re.MULTILINE)
    assert jobs
    assert [job for job in jobs if job not in dev.JOBS] == []


def test_ci_calls_what_the_readme_calls() -> None:
    script = read(".ci/run")
    assert "make check" in script
    assert "make demo" in script
    assert "```sh\nmake demo\nmake test\n```" in read("README.md")
    if os.name != "nt":
        assert os.access(ROOT / ".ci" / "run", os.X_OK)


def test_a_job_that_does_not_exist_is_wrong_use() -> None:
    done = subprocess.run([sys.executable, ROOT / "dev.py", "launch"], capture_output=True, text=True)
    assert done.returncode == 2
    assert "launch" in done.stderr


def test_dev_runs_on_the_standard_library_alone() -> None:
    done = subprocess.run([sys.executable, "-I", "-S", ROOT / "dev.py", "--help"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert all(job in done.stdout for job in dev.JOBS)


def test_another_python_is_refused_with_the_way_out(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dev, "OLDEST", (3, 99))
    monkeypatch.setattr(dev, "NEWEST", (3, 99))
    assert dev.main(["setup"]) == 2
    assert "make PYTHON=" in capsys.readouterr().err


def test_a_finished_set_up_is_not_repeated(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    ran: list[object] = []
    monkeypatch.setattr(dev, "STAMP", tmp_path / "stamp")
    monkeypatch.setattr(dev, "PYTHON", Path(sys.executable))
    monkeypatch.setattr(dev, "_call", lambda *command, **_: ran.append(command) or 0)
    dev.set_up()
    first = len(ran)
    dev.set_up()
    assert first > 0
    assert len(ran) == first


def test_a_failing_program_gives_its_exit_code(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(dev.JobError) as caught:
        dev._must(sys.executable, "-c", "raise SystemExit(3)")
    assert caught.value.code == 3


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_locks_hold_hashes_and_no_addresses(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    assert "://" not in text
    pins = re.split(r"\n(?=[a-z0-9])", text)
    assert [pin.splitlines()[0] for pin in pins if "--hash=sha256:" not in pin] == []


def test_locks_hold_every_dependency_in_a_version_it_allows() -> None:
    file: dict[str, Any] = tomllib.loads(read("pyproject.toml"))
    project, extras = file["project"], file["project"]["optional-dependencies"]
    named = [*project["dependencies"], *extras["dev"], *extras["docs"], *file["build-system"]["requires"]]
    pins = locked(ROOT / "requirements" / "dev.txt")
    for wanted in map(Requirement, named):
        assert wanted.name in pins, f"{wanted.name} is not locked; next: make lock"
        assert pins[wanted.name] in wanted.specifier, f"{wanted} is locked otherwise; next: make lock"


def test_what_is_installed_at_work_is_what_was_tested() -> None:
    tested, runtime = locked(ROOT / "requirements" / "dev.txt"), locked(ROOT / "requirements" / "runtime.txt")
    assert runtime
    assert runtime.items() <= tested.items()


def test_the_lock_with_the_sql_server_driver_adds_to_the_runtime_lock_and_changes_nothing() -> None:
    runtime, server = locked(ROOT / "requirements" / "runtime.txt"), locked(ROOT / "requirements" / "sqlserver.txt")
    assert runtime.items() <= server.items()
    (wanted,) = map(Requirement, tomllib.loads(read("pyproject.toml"))["project"]["optional-dependencies"]["sqlserver"])
    assert server[wanted.name] in wanted.specifier


def report(**shares: tuple[int, int]) -> dict[str, Any]:
    """Files of the two rooms with (branches, branches covered) each."""
    return {
        "files": {
            f"src/order_sync/{path.replace('__', '/')}.py": {
                "summary": {
                    "num_statements": 10,
                    "covered_lines": 10,
                    "num_branches": of,
                    "covered_branches": hit,
                }
            }
            for path, (of, hit) in shares.items()
        }
    }


@pytest.mark.parametrize(
    ("model", "steps", "good"),
    [((100, 95), (40, 40), True), ((100, 94), (40, 40), False), ((100, 100), (40, 30), False)],
)
def test_the_gate_wants_enough_of_each_room(
    model: tuple[int, int], steps: tuple[int, int], good: bool, tmp_path: Path
) -> None:
    file = tmp_path / "coverage.json"
    file.write_text(json.dumps(report(model__sizes=model, steps__send=steps)), encoding="utf-8")
    assert gate.main([str(file)]) == (0 if good else 1)


def test_the_gate_does_not_take_nothing_for_enough() -> None:
    assert not gate.judge(report(model__sizes=(10, 10)))
