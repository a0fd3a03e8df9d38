"""ORDERS_UNIFIED_SNAPSHOT.parquet: a derived copy of the snapshot table. A bad one costs work, never a duplicate."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import re
import tempfile
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from typing import Final

import polars as pl

from order_sync.failpoints import reach, register

_BEFORE = register("file:snapshot:before")
_WRITTEN = register("file:snapshot:written")
_SYNCED = register("file:snapshot:synced")
_RENAMED = register("file:snapshot:renamed")
_FOLDER_SYNCED = register("file:snapshot:folder synced")

_UNSEALED: Final = "0" * 64
_SEAL: Final = re.compile(rb'(?<="sha256": ")[0-9a-f]{64}(?="})')
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
        content = path.read_bytes()
    except OSError:
        return None
    # Nobody but us reads what has no seal: one flipped bit can make the reader of the format end the whole process.
    if not _is_whole(content):
        return None
    about = json.loads(pl.read_parquet_metadata(io.BytesIO(content))["order_sync"])
    return SnapshotFile(int(about["generation"]), int(about["rows"]))


def write_snapshot_file(path: Path, frame: pl.DataFrame, generation: int) -> None:
    """Replace the file whole or not at all: temporary file, fsync, rename, fsync of the folder."""
    frame = frame.select(_COLUMNS).sort("order_key")
    content = _sealed(frame, generation)
    reach(_BEFORE)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=path.name, suffix=".tmp", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
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


def _sealed(frame: pl.DataFrame, generation: int) -> bytes:
    """The file's bytes. Its metadata holds the hash of all of them, counted with zeros in the hash's own place."""
    about = json.dumps({"generation": generation, "rows": frame.height, "sha256": _UNSEALED})
    made = io.BytesIO()
    frame.write_parquet(made, metadata={"order_sync": about})
    content = made.getvalue()
    return _SEAL.sub(_seal(content), content)


def _is_whole(content: bytes) -> bool:
    found = _SEAL.findall(content)
    return len(found) == 1 and found[0] == _seal(_SEAL.sub(_UNSEALED.encode(), content))


def _seal(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest().encode()
