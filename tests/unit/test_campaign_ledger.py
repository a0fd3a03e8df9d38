"""What the campaign takes from earlier passes: where it goes on, and what was struck in the product as it is."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import polars as pl
import pytest
from tests.campaign import ledger
from tests.campaign.remembered import AGAIN_EVERY, Remembered
from tests.harness import build_house


def line(commit: str, part: str = "boundaries", **places: int) -> str:
    return json.dumps({"part": part, "commit": commit, "seeds": [3, 7], "places": places}) + "\n"


def git(folder: Path, *words: str) -> str:
    said = ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", *words]
    return subprocess.run(said, cwd=folder, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "product.py").write_text("1\n", encoding="utf-8")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "Begin")
    monkeypatch.setattr(ledger, "ROOT", tmp_path)
    return tmp_path


def test_a_pass_counts_what_earlier_ones_have_struck_until_the_product_changes(project: Path) -> None:
    path, head = project / "ledger.jsonl", git(project, "rev-parse", "--short=10", "HEAD")
    told = [line(head, one=1, two=2), line(head, two=1), line(head, "pairs", three=1)]
    told += [line(f"{head}+", four=1), line("0123456789", five=1)]
    path.write_text("".join(told), encoding="utf-8")
    assert ledger.struck_before(path) == {"one": 1, "two": 3}
    assert ledger.next_unit("pairs", path) == 8
    (project / "src" / "product.py").write_text("2\n", encoding="utf-8")
    assert ledger.struck_before(path) == {}


def test_a_pass_on_a_server_goes_on_where_the_last_one_there_ended(project: Path) -> None:
    path, head = project / "ledger.jsonl", git(project, "rev-parse", "--short=10", "HEAD")
    there = json.dumps({**json.loads(line(head, three=1)), "seeds": [0, 9], "database": "Babelfish 4.4.0"})
    path.write_text(line(head, one=1) + there + "\n", encoding="utf-8")
    assert ledger.next_unit("boundaries", path) == 8
    assert ledger.next_unit("boundaries", path, "Babelfish 4.4.0") == 10
    assert ledger.next_unit("boundaries", path, "SQL Server 16.0.4135.4") == 0
    assert ledger.struck_before(path) == {"one": 1}


def test_what_is_remembered_is_worked_out_again_now_and_then(tmp_path: Path) -> None:
    answers = iter(range(1_000))
    remembered = Remembered(lambda *_: next(answers), int.__eq__)
    rows = pl.DataFrame({"PO": ["1"]})
    with build_house(tmp_path, rows=1, customers=1).job() as job:
        assert [remembered(job, rows) for _ in range(AGAIN_EVERY - 1)] == [0] * (AGAIN_EVERY - 1)
        with pytest.raises(AssertionError, match="not of its rows alone"):
            remembered(job, rows)
        assert remembered(job, pl.DataFrame({"PO": ["2"]})) == 2
