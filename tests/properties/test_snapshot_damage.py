"""A snapshot file with any one byte flipped, or cut off anywhere, is rebuilt: never believed, never a crash."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from order_sync.snapshot import SnapshotFile, read_snapshot_file, write_snapshot_file

FRAME = pl.DataFrame(
    {
        "order_key": ["b" * 4, "a" * 4],
        "customer": ["NOVA PEAK", None],
        "source_hash": ["1", "2"],
        "payload_hash": ["3", "4"],
    }
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "snapshot.parquet"


@pytest.fixture
def whole(path: Path) -> bytes:
    write_snapshot_file(path, FRAME, 7)
    return path.read_bytes()


def test_a_byte_flipped_anywhere_is_noticed_or_changes_nothing(path: Path, whole: bytes) -> None:
    content = pl.read_parquet(path)
    for at in range(len(whole)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        found = read_snapshot_file(path)
        # What the reader does not look at (padding, statistics) may be flipped; what it says may not.
        assert found is None or (found == SnapshotFile(7, 2) and pl.read_parquet(path).equals(content)), at


def test_a_file_cut_off_anywhere_is_no_file(path: Path, whole: bytes) -> None:
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        assert read_snapshot_file(path) is None, length


def test_no_bit_of_the_generation_can_change_unnoticed(path: Path, whole: bytes) -> None:
    """A higher one would look like a database that was restored from an older backup."""
    places = [at for at in range(len(whole) - 40) if whole[at : at + 10] == b"generation"]
    assert places
    for at in (near for place in places for near in range(place, place + 40)):
        for bit in range(8):
            path.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << bit]) + whole[at + 1 :])
            assert read_snapshot_file(path) in (None, SnapshotFile(7, 2)), (at, bit)
