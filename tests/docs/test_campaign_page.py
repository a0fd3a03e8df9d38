"""The figures of the campaign on its page are those of the ledger, summed."""

from __future__ import annotations

import json
from pathlib import Path

from reference.campaign import PARTS, campaign
from tests.campaign.parts import PARTS as OF_THE_CAMPAIGN

PASSES = [
    {"at": "2026-01-01T10:00Z", "commit": "aaa", "machine": "M, 2 cores", "part": "seeds", "seeds": [0, 9], "runs": 10,
     "seconds": 1800, "faults": {"crash": 40, "pause": 2}, "boundaries": 5, "outcomes": {}, "violations": 1},
    {"at": "2026-01-02T10:00Z", "commit": "bbb", "machine": "M, 2 cores", "part": "seeds", "seeds": [10, 29],
     "runs": 1_200, "seconds": 3600, "faults": {"crash": 60}, "boundaries": 7, "outcomes": {}, "violations": 0},
    {"at": "2026-01-02T11:00Z", "commit": "bbb", "part": "days"},
]  # fmt: skip


def ledger(folder: Path, *passes: dict[str, object]) -> Path:
    path = folder / "ledger.jsonl"
    path.write_text("".join(json.dumps(each) + "\n" for each in passes), encoding="utf-8")
    return path


def test_passes_are_summed_by_part_and_by_commit(tmp_path: Path) -> None:
    by_part, _, by_commit = campaign(ledger(tmp_path, *PASSES)).partition("By the commit")
    assert "| `seeds` | 1,210 | 102 | 7 | 90 | 1 |" in by_part
    assert "Faults by kind: a process died 100; a process stood still for a while, its heartbeat too 2." in by_part
    assert by_commit.index("| `bbb` |") < by_commit.index("| `aaa` | 10 | 42 | 5 | 30 | 1 |")


def test_a_pass_that_tells_little_is_shown_with_what_it_tells(tmp_path: Path) -> None:
    assert "| `days` | 0 | 0 | 0 | 0 | 0 |" in campaign(ledger(tmp_path, *PASSES))


def test_passes_on_a_server_are_told_apart(tmp_path: Path) -> None:
    there = {**PASSES[1], "database": "Babelfish 4.4.0", "runs": 8}
    on_sqlite, _, elsewhere = campaign(ledger(tmp_path, *PASSES, there)).partition("With the tables on Babelfish 4.4.0")
    assert "| `seeds` | 1,210 | 102 | 7 | 90 | 1 |" in on_sqlite
    assert "| `seeds` | 8 | 60 | 7 | 60 | 0 |" in elsewhere


def test_boundaries_that_are_named_count_once(tmp_path: Path) -> None:
    named = [
        {**PASSES[0], "places": {"a": 3, "b": 1, "c": 1, "d": 1, "e": 1}},
        {**PASSES[1], "places": {"a": 1, "f": 1}},
    ]
    assert "| `seeds` | 1,210 | 102 | 7 |" in campaign(ledger(tmp_path, *named))


def test_parts_without_a_pass_are_named(tmp_path: Path) -> None:
    assert set(PARTS) == set(OF_THE_CAMPAIGN)
    told = campaign(ledger(tmp_path, *PASSES))
    assert "No pass of these parts is written down yet: `places`, `boundaries`, `pairs`, `mutants`," in told
    whole = [{**PASSES[1], "part": part} for part in PARTS]
    assert "No pass of these" not in campaign(ledger(tmp_path, *whole))


def test_random_trials_without_a_violation_bound_its_chance(tmp_path: Path) -> None:
    assert "below 0.25% (95 %)" in campaign(ledger(tmp_path, PASSES[1]))
    assert "95 %" not in campaign(ledger(tmp_path, *PASSES))


def test_without_a_ledger_the_page_says_how_to_begin_one(tmp_path: Path) -> None:
    assert "make campaign" in campaign(tmp_path / "ledger.jsonl")
