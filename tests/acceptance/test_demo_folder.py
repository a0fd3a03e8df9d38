"""The demo's folder: made whole, known by its marker, never taken for another's."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from order_sync.cli.demo_folder import (
    READ_LAG,
    clear,
    edited_rows,
    fill,
    find_folder,
    free_port,
    is_free,
    make_folder,
)
from order_sync.demo_data import Fate, read_expected
from order_sync.model.errors import UsageError
from order_sync.wiring import load_project, open_database


def test_new_folder_is_an_installation_of_its_own(tmp_path: Path) -> None:
    made = make_folder(tmp_path / "demo", rows=30, customers=3, seed=5)
    project = load_project(made.settings)
    assert project.settings.monday.url == f"{made.address}/v2"
    assert (made.path / ".gitignore").read_text(encoding="utf-8") == "*\n"
    assert json.loads(made.board_seed.read_text(encoding="utf-8"))["boards"][0]["id"] == project.mapping.board.id
    assert find_folder(made.path) == made


def test_quarantine_is_short_and_covers_what_the_simulator_takes(tmp_path: Path) -> None:
    times = load_project(make_folder(tmp_path, rows=9, customers=1, seed=1).settings).settings.times
    assert times.quarantine < timedelta(seconds=6)
    assert times.of("visibility") >= timedelta(seconds=READ_LAG + 1)


def test_missing_or_empty_folder_is_nobodys(tmp_path: Path) -> None:
    assert find_folder(tmp_path / "none") is None
    assert find_folder(tmp_path) is None


@pytest.mark.parametrize("marker", [None, "", "[]", "{}", '{"made_by": "order-sync demo"}', '{"made_by": "me"}'])
def test_somebody_elses_folder_is_refused(tmp_path: Path, marker: str | None) -> None:
    (tmp_path / "letter.txt").write_text("keep", encoding="utf-8")
    if marker is not None:
        (tmp_path / "demo.json").write_text(marker, encoding="utf-8")
    with pytest.raises(UsageError, match="left alone"):
        find_folder(tmp_path)


def test_clear_empties_the_folder_and_follows_no_link(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "letter.txt").write_text("keep", encoding="utf-8")
    made = make_folder(tmp_path / "demo", rows=9, customers=1, seed=1)
    (made.path / "more").mkdir()
    try:
        (made.path / "link").symlink_to(outside, target_is_directory=True)
    except OSError:
        pytest.skip("no right to make links here")
    clear(made)
    assert list(made.path.iterdir()) == []
    assert (outside / "letter.txt").exists()


def test_filled_source_and_list_tell_of_the_same_rows(tmp_path: Path) -> None:
    made = make_folder(tmp_path, rows=40, customers=2, seed=3)
    project = load_project(made.settings)
    filled = fill(made, project)
    assert filled.ready
    assert find_folder(tmp_path) == filled
    expected = list(read_expected(filled.expected))
    assert len(expected) == 40
    assert {each.fate for each in expected} <= set(Fate)
    assert edited_rows(filled, project) == 0


def test_edited_added_and_deleted_source_rows_are_counted(tmp_path: Path) -> None:
    made = make_folder(tmp_path, rows=40, customers=2, seed=3)
    project = load_project(made.settings)
    filled = fill(made, project)
    engines = open_database(project.settings)
    with engines.write.begin() as conn:
        conn.exec_driver_sql("UPDATE ORDERS_UNIFIED SET \"NOTES\" = 'mended' WHERE rowid = 7")
    assert edited_rows(filled, project) == 1
    with engines.write.begin() as conn:
        conn.exec_driver_sql("DELETE FROM ORDERS_UNIFIED WHERE rowid = 40")
    engines.dispose()
    assert edited_rows(filled, project) == 2


def test_too_many_customers_is_wrong_use(tmp_path: Path) -> None:
    made = make_folder(tmp_path, rows=40, customers=99, seed=3)
    with pytest.raises(UsageError, match="customers must be"):
        fill(made, load_project(made.settings))


def test_another_port_changes_nothing_else_in_the_settings(tmp_path: Path) -> None:
    made = make_folder(tmp_path, rows=9, customers=1, seed=1)
    made.settings.write_text(made.settings.read_text(encoding="utf-8") + "\n[sending]\nwave = 10\n", encoding="utf-8")
    moved = made.with_port(free_port())
    settings = load_project(moved.settings).settings
    assert settings.monday.url == f"{moved.address}/v2"
    assert settings.sending.wave == 10
    assert find_folder(tmp_path) == moved


def test_free_port_is_free() -> None:
    assert is_free(free_port())
