"""ORDERS_UNIFIED_SNAPSHOT.parquet: a derived copy of the snapshot table. A bad one costs work, never a duplicate."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

import polars as pl

from order_sync.failpoints import reach, register

_BEFORE = register("file:snapshot:before")
_WRITTEN = register("file:snapshot:written")
_SYNCED = register("file:snapshot:synced")
_RENAMED = register("file:snapshot:renamed")
_FOLDER_SYNCED = register("file:snapshot:folder synced")

_COLUMNS = ("order_key", "customer", "source_hash", "payload_hash")


@dataclass(frozen=True, slots=True)
class SnapshotFile:
    """What a whole, checked file says of itself."""

    generation: int
    rows: int


class Standing(Enum):
    """How the file compares with the table."""

    SAME = auto()
    REBUILD = auto()  # missing, damaged or older: write it again
    NEWER = auto()  # the database was restored from an older backup


def standing(file: SnapshotFile | None, generation: int) -> Standing:
    """`generation` is the table's; 0 where nothing was ever promoted."""
    if file is None or file.generation < generation:
        return Standing.REBUILD
    return Standing.SAME if file.generation == generation else Standing.NEWER


def read_snapshot_file(path: Path) -> SnapshotFile | None:
    """None when it is missing or damaged in any way: then it is rebuilt from the table."""
    try:
        frame = pl.read_parquet(path)
        about = json.loads(pl.read_parquet_metadata(path)["order_sync"])
        whole = about["sha256"] == _digest(frame, about["generation"]) and about["rows"] == frame.height
        return SnapshotFile(int(about["generation"]), frame.height) if whole else None
    except (Exception, pl.exceptions.PanicException):  # noqa: BLE001 - a broken file may raise anything, panics included
        return None


def write_snapshot_file(path: Path, frame: pl.DataFrame, generation: int) -> None:
    """Replace the file whole or not at all: temporary file, fsync, rename, fsync of the folder."""
    frame = frame.select(_COLUMNS).sort("order_key")
    about = json.dumps({"generation": generation, "rows": frame.height, "sha256": _digest(frame, generation)})
    reach(_BEFORE)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=path.name, suffix=".tmp", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            frame.write_parquet(stream, metadata={"order_sync": about})
            stream.flush()
            reach(_WRITTEN)
            os.fsync(stream.fileno())
        reach(_SYNCED)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    reach(_RENAMED)
    _sync_folder(path.parent)
    reach(_FOLDER_SYNCED)


def _sync_folder(folder: Path) -> None:
    # Windows cannot open a folder; its rename is journalled by the file system.
    with contextlib.suppress(OSError, AttributeError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _digest(frame: pl.DataFrame, generation: int) -> str:
    """Over the generation too: one digit of it changed by the disk would look like a restored database."""
    text = frame.select(_COLUMNS).sort("order_key").write_json()
    return hashlib.sha256(f"{generation} {text}".encode()).hexdigest()
