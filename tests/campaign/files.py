"""The snapshot file, damaged in every way that a small one can be: a run mends it, and nothing is made twice."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import polars as pl

from order_sync.snapshot import read_snapshot_file, write_snapshot_file
from tests.campaign.figures import Figures, Part, Violation
from tests.small_world import World, order, small_world

NAME: Final = "ORDERS_UNIFIED_SNAPSHOT.parquet"
UNITS: Final = 40  # the positions of the file are dealt out among so many

Damage = Callable[[Path, bytes], None]


def files(first: int) -> Iterator[Figures]:
    """Each unit damages its share of the positions; after `UNITS` of them every position was flipped and cut at."""
    seed = first
    while True:
        yield one_unit(seed)
        seed += 1


def one_unit(seed: int, every: int = 1) -> Figures:
    """Flips and cuts at every position that is this unit's, and the ways to be missing. `every`: of the positions."""
    figures, chance = Figures(), random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="files-") as folder:
        world = small_world(Path(folder), order("A-1"), order("A-2"))
        try:
            world.run()
            path = Path(folder) / NAME
            whole = path.read_bytes()
            for kind, at, damage in _damages(chance, len(whole), seed % UNITS, every):
                found = _mended(world, path, whole, damage)
                figures.runs += 1
                figures.faults[kind] += 1
                figures.outcomes["mended" if found is None else "not mended"] += 1
                if found is not None:
                    again = f"python -c 'from tests.campaign.files import one_unit; print(one_unit({seed}, {every}).violations)'"
                    figures.violations.append(
                        Violation("a bad snapshot costs no order", f"{kind} at {at}: {found}", again)
                    )
        finally:
            world.close()
    return figures


def _damages(chance: random.Random, length: int, share: int, every: int) -> Iterator[tuple[str, int, Damage]]:
    for at in range(share, length, UNITS * every):
        yield "byte flipped", at, _flipped(at, 1 << chance.randrange(8))
        yield "byte inverted", at, _flipped(at, 0xFF)
        yield "cut off", at, _cut(at)
    yield "missing", 0, lambda path, _whole: path.unlink()
    yield "stale", 0, lambda path, _whole: _stale(path)
    yield "of somebody else", 0, lambda path, _whole: _foreign(path)


def _flipped(at: int, bits: int) -> Damage:
    return lambda path, whole: _write(path, whole[:at] + bytes([whole[at] ^ bits]) + whole[at + 1 :])


def _cut(at: int) -> Damage:
    return lambda path, whole: _write(path, whole[:at])


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def _stale(path: Path) -> None:
    write_snapshot_file(path, pl.read_parquet(path).head(1), 0)


def _foreign(path: Path) -> None:
    pl.DataFrame({"order_key": ["x"]}).write_parquet(path)


def _mended(world: World, path: Path, whole: bytes, damage: Damage) -> str | None:
    """What is wrong after a run with the damaged file; None where it was mended and nothing was sent or asked."""
    _write(path, whole)
    before = read_snapshot_file(path)
    damage(path, whole)
    world.board.calls.clear()
    world.board.asked.clear()
    try:
        report = world.run()
    except (Exception, SystemExit) as crash:  # noqa: BLE001 - whatever it raises is what is looked for
        return f"{type(crash).__name__}: {str(crash)[:200]}"
    if report.halted is not None:
        return f"halted: {report.halted}"
    if world.board.calls or world.board.asked:
        return f"the board was asked: {world.board.asked}, {len(world.board.calls)} changes"
    if read_snapshot_file(path) != before:
        return "the file was not written again"
    return None


PART: Final = Part("files", "a damaged snapshot file is written again, and no order is made twice for it", UNITS, files)
