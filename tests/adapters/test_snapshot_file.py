"""The snapshot file: whole or not at all, and never believed when a single byte of it is wrong."""

from __future__ import annotations

import os
from pathlib import Path

import polars as pl
import pytest

from order_sync import snapshot
from order_sync.snapshot import SnapshotFile, Standing, read_snapshot_file, standing, write_snapshot_file

FRAME = pl.DataFrame(
    {
        "order_key": ["b" * 4, "a" * 4],
        "customer": ["NOVA PEAK", None],
        "source_hash": ["1", "2"],
        "payload_hash": ["3", "4"],
        "mapping_hash": ["5", "5"],
    }
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "snapshot.parquet"


@pytest.fixture
def whole(path: Path) -> bytes:
    write_snapshot_file(path, FRAME, 7)
    return path.read_bytes()


def test_what_is_written_is_read(path: Path, whole: bytes) -> None:
    assert read_snapshot_file(path) == SnapshotFile(7, 2)
    assert pl.read_parquet(path)["order_key"].to_list() == ["aaaa", "bbbb"]
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_the_order_of_rows_does_not_matter(path: Path, whole: bytes) -> None:
    write_snapshot_file(path, FRAME.reverse(), 7)
    assert path.read_bytes() == whole


def test_an_empty_snapshot(path: Path) -> None:
    write_snapshot_file(path, FRAME.clear(), 1)
    assert read_snapshot_file(path) == SnapshotFile(1, 0)


@pytest.mark.parametrize("content", [b"", b"PAR1", b"order_key,customer\n", b"PAR1" * 100])
def test_what_is_no_snapshot(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    assert read_snapshot_file(path) is None


def test_a_missing_file(path: Path) -> None:
    assert read_snapshot_file(path) is None


def test_a_parquet_file_of_somebody_else(path: Path) -> None:
    path.parent.mkdir()
    FRAME.write_parquet(path)
    assert read_snapshot_file(path) is None


def test_rows_that_were_taken_away(path: Path, whole: bytes) -> None:
    about = pl.read_parquet_metadata(path)["order_sync"]
    pl.read_parquet(path).head(1).write_parquet(path, metadata={"order_sync": about})
    assert read_snapshot_file(path) is None


@pytest.mark.parametrize(
    ("generation", "expected"),
    [(6, Standing.NEWER), (7, Standing.SAME), (8, Standing.REBUILD), (0, Standing.NEWER)],
)
def test_how_it_stands_to_the_table(generation: int, expected: Standing) -> None:
    assert standing(SnapshotFile(7, 2), generation) is expected


@pytest.mark.parametrize("generation", [0, 1, 7])
def test_without_a_file_it_is_built(generation: int) -> None:
    assert standing(None, generation) is Standing.REBUILD


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(
    path: Path, whole: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(snapshot.os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_snapshot_file(path, FRAME, 8)
    assert path.read_bytes() == whole
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_a_system_that_cannot_open_folders(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    really = os.open

    def refuse(name: str | Path, *more: int) -> int:
        if Path(name).is_dir():
            raise PermissionError(13, "Permission denied")
        return really(name, *more)

    monkeypatch.setattr(snapshot.os, "open", refuse)
    write_snapshot_file(path, FRAME, 1)
    assert read_snapshot_file(path) == SnapshotFile(1, 2)
