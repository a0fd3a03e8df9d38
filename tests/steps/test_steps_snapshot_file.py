"""A run whose snapshot file cannot be read or replaced: work, a clear word, and nothing made twice."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.campaign.files import NAME, one_unit
from tests.small_world import World, order

from order_sync import failpoints, snapshot
from order_sync.model.errors import SnapshotNotWritten
from order_sync.run import exit_code
from order_sync.snapshot import read_snapshot_file


def test_a_sample_of_damages_is_mended() -> None:
    figures = one_unit(7, every=8)
    assert figures.violations == []
    assert figures.runs > 25


def test_a_folder_in_the_file_s_place_is_named_and_nothing_is_lost(world: World) -> None:
    path = world.folder / NAME
    path.mkdir()
    (path / "of somebody").write_text("x")
    report = world.run()
    assert isinstance(report.halted, SnapshotNotWritten)
    assert exit_code(report) == 3
    assert len(world.rows("SELECT * FROM MON_CustMasterSchedule")) == len(world.board.items) == 2
    (path / "of somebody").unlink()
    path.rmdir()
    world.board.calls.clear()
    assert exit_code(world.run()) == 0
    assert read_snapshot_file(path) is not None
    assert world.board.calls == []


def test_a_full_disk_is_named_and_nothing_is_lost(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(snapshot.os, "fsync", full)
        assert "No space left" in str(world.run().halted)
    world.board.calls.clear()
    assert exit_code(world.run()) == 0
    assert world.board.calls == []


@pytest.mark.parametrize("place", ["before", "written", "synced", "renamed", "folder synced"])
def test_a_death_while_the_file_is_written_is_mended_by_the_next_run(world: World, place: str) -> None:
    class Died(BaseException):
        pass

    def strike(name: str) -> None:
        if name == f"file:snapshot:{place}":
            raise Died(name)

    failpoints.strike_with(strike)
    try:
        with pytest.raises(Died):
            world.run()
    finally:
        failpoints.strike_with(None)
    world.board.calls.clear()
    world.fill(order("A-1"), order("A-2"))
    assert exit_code(world.run()) == 0
    assert world.board.calls == []
    assert read_snapshot_file(world.folder / NAME) is not None
    assert [each.name for each in Path(world.folder).glob("*.tmp")] == []
