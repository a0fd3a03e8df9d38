"""Two runs on one database: one works, the other names it and steps back; and one that slept is not let in again."""

from __future__ import annotations

import re
import signal
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest
from processes import Gate, Installation, Process, a_run, eventually, install
from tests.proof import differences

from monday_simulator.web.server import serving

pytestmark = pytest.mark.slow
pauses = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signal that pauses a process")


@pytest.fixture
def house(tmp_path: Path) -> Installation:
    return install(tmp_path, rows=30, customers=2)


@contextmanager
def _gated(house: Installation, mutation: str, ttl: float) -> Iterator[Gate]:
    """The board in a thread of the test, with a gate before a mutation."""
    with Gate(house.seed_file, mutation) as gate, serving(gate) as url:
        house.served_at(url, ttl=ttl)
        try:
            yield gate
        finally:
            gate.opened.set()


def _is_named(holder: Process, said: str) -> bool:
    """Whether the words say which process holds a customer, where, and since when."""
    words = rf"customer:.+ is held by process {holder.popen.pid} on \S+ since \d{{4}}-\d\d-\d\d"
    return re.search(words, said) is not None


def test_the_second_run_names_the_first_and_steps_back(house: Installation) -> None:
    with _gated(house, "create_item", ttl=15) as gate, a_run(house) as first:
        assert gate.arrived.wait(30)
        with a_run(house) as second:
            assert second.ended() == 1, second.words
        assert _is_named(first, second.words), second.words
        assert gate.mutations == 1  # the groups
        gate.opened.set()
        assert first.ended() == 0, first.words
        assert differences(house) == []


def test_two_runs_started_together_share_the_work_and_double_nothing(house: Installation) -> None:
    with _gated(house, "create_nothing", ttl=15), ExitStack() as both:
        runs = [both.enter_context(a_run(house)) for _ in range(2)]
        codes = [run.ended() for run in runs]
        words = "\n".join(run.words for run in runs)
        assert sorted(codes) in ([0, 1], [1, 1]), words
        assert any(_is_named(one, other.words) for one, other in (runs, runs[::-1])), words
        assert differences(house) == [], words


@pauses
@pytest.mark.parametrize("mutation", ["create_group", "create_item"])
def test_a_run_that_slept_through_its_lease_finds_it_gone(house: Installation, mutation: str) -> None:
    """It is paused with a request at the server, which applies it while another run takes over."""
    with _gated(house, mutation, ttl=1.5) as gate, a_run(house) as sleeper:
        assert gate.arrived.wait(30)
        _put_to_sleep(house, sleeper)
        fences = _expired(house)
        gate.opened.set()
        with a_run(house) as successor:
            assert successor.ended() == 0, successor.words
        _woken_in_vain(house, gate, sleeper, fences)


@pauses
@pytest.mark.parametrize("mutation", ["create_group", "create_subitem"])
def test_a_run_that_slept_before_its_request_does_not_send_it_any_more(house: Installation, mutation: str) -> None:
    """It is paused between intent and first byte; when it wakes up, the send deadline is over."""
    with _gated(house, "create_nothing", ttl=1.5) as gate, a_run(house, HOLD=f"{mutation}:1") as sleeper:
        sleeper.until("@ held")
        _put_to_sleep(house, sleeper)
        fences = _expired(house)
        with a_run(house) as successor:
            assert successor.ended() == 0, successor.words
        sleeper.go_on()
        _woken_in_vain(house, gate, sleeper, fences)


def _put_to_sleep(house: Installation, run: Process) -> None:
    """Outside of any transaction: within one it would keep the database locked for everybody, as SQLite does."""
    asleep = psutil.Process(run.popen.pid)

    def sound_asleep() -> bool:
        run.popen.send_signal(signal.SIGSTOP)
        eventually("the process stands still", lambda: asleep.status() == psutil.STATUS_STOPPED)
        if _is_free(house.folder / "orders.db"):
            return True
        run.popen.send_signal(signal.SIGCONT)
        return False

    eventually("the process stands still outside of a transaction", sound_asleep)


def _is_free(database: Path) -> bool:
    """Whether somebody else may write."""
    with closing(sqlite3.connect(database, timeout=0.2, isolation_level=None)) as conn:
        try:
            conn.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return False
        conn.execute("ROLLBACK")
        return True


def _expired(house: Installation) -> dict[str, int]:
    """Wait until every lease that is held has run out. resource -> fence."""

    def all_over() -> dict[str, int]:
        rows = house.rows("SELECT resource, fence, expires_at FROM MON_Lease WHERE owner IS NOT NULL")
        last = max(datetime.fromisoformat(expires) for _, _, expires in rows)
        return {name: fence for name, fence, _ in rows} if last < datetime.now(UTC) else {}

    found: dict[str, int] = eventually("the sleeper's leases have run out", all_over)
    return found


def _woken_in_vain(house: Installation, gate: Gate, sleeper: Process, fences: dict[str, int]) -> None:
    """The sleeper changes nothing any more, neither on the board nor in the tables."""
    mutations, stored = gate.mutations, house.checksum()
    sleeper.popen.send_signal(signal.SIGCONT)
    assert sleeper.ended() == 1, sleeper.words
    assert "another process took over; next: run again" in sleeper.words
    assert "nothing to send" not in sleeper.words
    assert gate.mutations == mutations
    assert house.checksum() == stored
    risen = dict(house.rows("SELECT resource, fence FROM MON_Lease"))
    assert {name: risen[name] > fence for name, fence in fences.items()} == dict.fromkeys(fences, True)
    assert differences(house) == []
