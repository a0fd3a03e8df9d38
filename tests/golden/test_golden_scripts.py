"""The generated scripts are those that were reviewed."""

from __future__ import annotations

from difflib import unified_diff

import pytest

from tests.golden import AGAIN, FOLDER, scripts


@pytest.mark.parametrize("name", ["deploy_mssql.sql", "grants_mssql.sql"])
def test_a_script_is_as_it_was_reviewed(name: str) -> None:
    reviewed = (FOLDER / name).read_text(encoding="utf-8")
    changed = list(unified_diff(reviewed.splitlines(), scripts()[name].splitlines(), "reviewed", "now", lineterm=""))
    assert not changed, "\n".join([AGAIN, *changed[:60]])


def test_every_script_is_kept() -> None:
    assert {path.name for path in FOLDER.glob("*.sql")} == set(scripts())
