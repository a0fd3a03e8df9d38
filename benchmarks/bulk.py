"""Loading many rows at once: ours beside the ways that one thinks of first, and what each of them lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests import databases

from benchmarks import bulk_ways
from benchmarks.bulk_rows import NOTHING, Arrived, Load, compare, load_of
from benchmarks.bulk_ways import OURS, PLAIN_PYODBC, PLAIN_SQLITE, Way, Ways
from benchmarks.results import Goal, Result, at_least, middle
from benchmarks.scale import Scale

COLUMNS = 91
WIDTHS = (10, 30, COLUMNS)
_GOALS = {PLAIN_PYODBC: at_least(5), PLAIN_SQLITE: at_least(1 / 3)}


@dataclass(frozen=True)
class Measured:
    """What became of one way at one size. `failed`: the error that it ended with."""

    way: Way
    rows: int
    seconds: float = 0
    arrived: Arrived = NOTHING
    failed: str = ""

    @property
    def speed(self) -> float:
        """Rows a second; nothing for what did not come through."""
        return 0 if self.failed else self.rows / self.seconds

    @property
    def whole(self) -> bool:
        return self.arrived.percent == 100


def measure(scale: Scale, folder: Path) -> Result:
    result = Result(
        "bulk",
        "Loading rows in bulk",
        {"rows": scale.bulk_rows, "columns": COLUMNS, "rows_of_the_slow_ways": scale.bulk_sample},
    )
    with bulk_ways.on_sqlite(folder / "bulk.db") as ways:
        _compare_ways(result, "SQLite", ways, scale)
    if databases.SERVER is None:
        result.note(f"On a server: nothing was measured, {databases.VARIABLE} names none.")
    else:
        with bulk_ways.on_server(databases.server()) as ways:
            _compare_ways(result, _server_name(ways), ways, scale)
    result.note(
        f"Medians of {scale.repetitions}, one transaction each, into a table without further indexes. Ours is timed "
        "with the making of its texts and with its checks; the others with finished rows and no check."
    )
    result.note(
        "Texts of several alphabets, empty ones, NULLs, one of 4,001 characters, whole and broken numbers, dates, "
        "times with microseconds. Arrived: every cell is read again and compared with what was sent, and so are those "
        f"of {scale.bulk_sample:,} rows without a long text; the worse of the two is told."
    )
    return result


def _server_name(ways: Ways) -> str:
    if databases.is_babelfish():
        with ways.engines.read.begin() as conn:
            version = conn.exec_driver_sql("SELECT CAST(SERVERPROPERTY(N'BabelfishVersion') AS NVARCHAR(40))").scalar()
        return f"Babelfish {str(version).rpartition('.')[0]}"
    return "SQL Server"


def _compare_ways(result: Result, where: str, ways: Ways, scale: Scale) -> None:
    load, probe = load_of(scale.bulk_rows, COLUMNS), load_of(scale.bulk_sample, min(WIDTHS), long=False)
    found = [_timed(ways, way, load.first(scale.bulk_sample) if way.slow else load, probe, scale) for way in ways.all]
    ours = [each for each in found if each.way.name.startswith(OURS)]
    for each in found:
        _add_way(result, where, each, at_least(100) if each in ours else None)
    mine = min(ours, key=lambda each: each.speed)
    for each in found:
        if each not in ours and not each.failed:
            against, goal = each.way.name, _GOALS.get(each.way.name)
            result.add(f"{where}: {mine.way.name}", mine.speed / each.speed, "times as fast as", against, goal)
    _add_winners(result, where, ways, [each.way for each in found if each.whole and not each.way.slow], scale)
    for missing in ways.missing:
        result.note(f"{where}: {missing}, so it was not tried.")


def _add_way(result: Result, where: str, found: Measured, goal: Goal | None) -> None:
    if found.failed:
        result.note(f"{where}, {found.way.name}: failed: {found.failed}")
        return
    result.add(f"{where}: {found.way.name}", found.speed, f"rows/s, of {found.rows:,} rows")
    result.add(f"{where}: {found.way.name}, arrived", found.arrived.percent, "% of the cells", goal=goal)
    if not found.whole:
        result.note(f"{where}, {found.way.name}: {found.arrived}.")


def _timed(ways: Ways, way: Way, load: Load, probe: Load, scale: Scale) -> Measured:
    """Median of its times. `arrived` is the worse of two: a text too long for a parameter makes a driver take a way of
    its own for all rows, on which less may be lost."""
    try:
        seconds = middle([_run(ways, way, load) for _ in range(1 if way.slow else scale.repetitions)])
        arrived = [_arrived(ways, load)]
        _run(ways, way, probe)
        arrived.append(_arrived(ways, probe))
    except Exception as problem:  # noqa: BLE001 - each driver has its own; the other ways are tried all the same
        return Measured(way, load.frame.height, failed=str(problem).splitlines()[0][:200])
    return Measured(way, load.frame.height, seconds, min(arrived, key=lambda each: each.percent))


def _run(ways: Ways, way: Way, load: Load) -> float:
    with ways.engines.write.begin() as conn:
        load.make_anew(conn)
    return way.run(load)


def _arrived(ways: Ways, load: Load) -> Arrived:
    with ways.engines.read.begin() as conn:
        return compare(conn, load)


def _add_winners(result: Result, where: str, ways: Ways, whole: Sequence[Way], scale: Scale) -> None:
    """Which of the ways that lose nothing is first, at each size and width."""
    for rows in scale.bulk_sizes:
        for width in WIDTHS:
            load = load_of(rows, width)
            speeds = {
                way.name: rows / middle([_run(ways, way, load) for _ in range(scale.repetitions)]) for way in whole
            }
            first, *rest = sorted(speeds, key=lambda name: -speeds[name])
            behind = "".join(f"; then {name} {speeds[name]:,.0f}" for name in rest[:2])
            result.add(f"{where}: first at {rows:,} rows x {width} columns", speeds[first], "rows/s,", first + behind)
