"""A snapshot file with any one bit or byte changed, or cut off anywhere, is rebuilt: never believed, never a crash."""

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


def test_a_byte_inverted_anywhere_is_noticed(path: Path, whole: bytes) -> None:
    for at in range(len(whole)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        assert read_snapshot_file(path) is None, at


def test_it_is_a_table_that_others_read(path: Path, whole: bytes) -> None:
    assert whole.startswith(b"PAR1")
    assert read_snapshot_file(path) == SnapshotFile(7, 2)
    assert pl.read_parquet(path).sort("order_key").equals(FRAME.sort("order_key"))


def test_a_file_cut_off_anywhere_is_no_file(path: Path, whole: bytes) -> None:
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        assert read_snapshot_file(path) is None, length


def test_no_bit_anywhere_can_change_unnoticed(path: Path, whole: bytes) -> None:
    """Some would make the reader of the format ask for so much memory that the process ends."""
    for at in range(len(whole)):
        for bit in range(8):
            path.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << bit]) + whole[at + 1 :])
            assert read_snapshot_file(path) is None, (at, bit)
