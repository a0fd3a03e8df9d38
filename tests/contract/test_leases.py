"""Leases: one holder at a time, a fence that rises with each, and nothing renewed that has ended."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from order_sync.model.errors import LostLease, StoreBusy
from order_sync.store.engine import Engines, open_engines
from order_sync.store.leases import Held, Lease, Leases
from order_sync.store.process import died, host_of, pid_of, this_process
from order_sync.store.tables import Tables

TTL = timedelta(seconds=60)
BEAT = timedelta(seconds=15)
CUSTOMER = "customer:ACORN & OAK"
BOARD = "board:42"

Make = Callable[..., Leases]
SAME_MODULES = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


@pytest.fixture
def make(engines: Engines, deployed: Tables, clock: Any) -> Make:
    def leases(owner: str = "elsewhere~00000000/7/1.00/a", beat: timedelta = BEAT) -> Leases:
        return Leases(engines.write, deployed.leases, clock, ttl=TTL, beat=beat, owner=owner)

    return leases


def taken(found: Lease | Held) -> Lease:
    assert isinstance(found, Lease), str(found)
    return found


def check(engines: Engines, leases: Leases, lease: Lease) -> None:
    with engines.write.begin() as conn:
        leases.check(conn, lease)


def test_every_acquisition_raises_the_fence_also_after_a_release(make: Make) -> None:
    leases = make()
    fences = []
    for _ in range(3):
        lease = taken(leases.acquire(BOARD))
        fences.append(lease.fence)
        leases.release(lease)
    assert fences == [1, 2, 3]


def test_a_held_lease_names_its_holder(make: Make, clock: Any) -> None:
    taken(make(owner="north~12345678/4711/9.00/x").acquire(CUSTOMER))
    clock.advance(timedelta(seconds=5))
    held = make(owner="b").acquire(CUSTOMER)
    assert isinstance(held, Held)
    assert (held.host, held.pid) == ("north", 4711)
    assert held.since == clock.now() - timedelta(seconds=5)
    assert str(held) == (
        "customer:ACORN & OAK is held by process 4711 on north since 2026-03-01 12:00:00 UTC, "
        "last heartbeat 12:00:00 UTC"
    )


def test_a_holder_of_another_form_is_named_as_it_is(make: Make) -> None:
    taken(make(owner="night shift").acquire(CUSTOMER))
    held = make(owner="b").acquire(CUSTOMER)
    assert str(held).startswith("customer:ACORN & OAK is held by night shift since 2026-03-01")


def test_two_threads_of_one_process_exclude_each_other(make: Make) -> None:
    leases = make()
    taken(leases.acquire(BOARD))
    assert isinstance(leases.acquire(BOARD), Held)


def test_of_many_threads_asking_at_once_exactly_one_gets_it(store_url: str, deployed: Tables, clock: Any) -> None:
    patient = open_engines(store_url)
    start = threading.Barrier(8)
    found: list[Lease | Held] = []

    def ask(number: int) -> None:
        leases = Leases(patient.write, deployed.leases, clock, ttl=TTL, beat=BEAT, owner=f"thread {number}")
        start.wait()
        found.append(leases.acquire(BOARD))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    patient.dispose()
    assert [each.fence for each in found if isinstance(each, Lease)] == [1]
    assert len(found) == 8


def test_an_expired_lease_is_taken_over_and_the_old_fence_no_longer_writes(
    make: Make, engines: Engines, clock: Any
) -> None:
    first, second = make(owner="a"), make(owner="b")
    old = taken(first.acquire(CUSTOMER))
    check(engines, first, old)
    clock.advance(TTL)
    new = taken(second.acquire(CUSTOMER))
    assert new.fence == old.fence + 1
    with pytest.raises(LostLease, match="fence 1"):
        check(engines, first, old)
    check(engines, second, new)


def test_an_unexpired_lease_is_not_taken_over(make: Make, clock: Any) -> None:
    taken(make(owner="a").acquire(CUSTOMER))
    clock.advance(TTL - timedelta(microseconds=1))
    assert isinstance(make(owner="b").acquire(CUSTOMER), Held)


def test_a_beat_prolongs_what_is_held(make: Make, engines: Engines, clock: Any) -> None:
    leases = make(owner="a")
    lease = taken(leases.acquire(CUSTOMER))
    for _ in range(10):
        clock.advance(BEAT)
        assert leases.beat_once() == []
    assert isinstance(make(owner="b").acquire(CUSTOMER), Held)
    check(engines, leases, lease)


def test_an_expired_lease_is_never_renewed(make: Make, engines: Engines, clock: Any) -> None:
    leases = make(owner="a")
    lease = taken(leases.acquire(CUSTOMER))
    clock.advance(TTL)
    assert leases.beat_once() == [lease]
    with pytest.raises(LostLease):
        check(engines, leases, lease)
    assert leases.held() == ()
    assert taken(leases.acquire(CUSTOMER)).fence == lease.fence + 1


def test_a_beat_after_a_takeover_leaves_the_new_holder_alone(make: Make, engines: Engines, clock: Any) -> None:
    first, second = make(owner="a"), make(owner="b")
    old = taken(first.acquire(CUSTOMER))
    clock.advance(TTL)
    new = taken(second.acquire(CUSTOMER))
    assert first.beat_once() == [old]
    first.release(old)
    check(engines, second, new)


def test_a_released_lease_no_longer_writes(make: Make, engines: Engines) -> None:
    leases = make()
    lease = taken(leases.acquire(BOARD))
    leases.release(lease)
    with pytest.raises(LostLease):
        check(engines, leases, lease)


def test_a_lease_of_before_does_not_pass_for_the_present_one(make: Make, engines: Engines) -> None:
    leases = make()
    before = taken(leases.acquire(BOARD))
    leases.release(before)
    now = taken(leases.acquire(BOARD))
    with pytest.raises(LostLease):
        check(engines, leases, before)
    check(engines, leases, now)


def test_nothing_is_written_when_the_fence_has_moved_on(
    make: Make, engines: Engines, deployed: Tables, clock: Any
) -> None:
    first = make(owner="a")
    lease = taken(first.acquire(CUSTOMER))
    clock.advance(TTL)
    make(owner="b").acquire(CUSTOMER)

    def write() -> None:
        with engines.write.begin() as conn:
            first.check(conn, lease)
            conn.execute(deployed.boards.insert().values(board="1"))

    with pytest.raises(LostLease):
        write()
    with engines.read.begin() as conn:
        assert conn.execute(select(deployed.boards)).first() is None


def test_customers_come_before_boards_each_by_name(make: Make) -> None:
    leases, held = make().acquire_all([BOARD, "customer:Z", "board:1", "customer:A", "customer:Z"])
    assert [lease.resource for lease in leases] == ["customer:A", "customer:Z", "board:1", BOARD]
    assert held == []


def test_what_cannot_be_had_is_named_and_the_rest_is_had(make: Make) -> None:
    taken(make(owner="a").acquire("customer:B"))
    leases, held = make(owner="b").acquire_all(["customer:A", "customer:B", "customer:C"])
    assert [lease.resource for lease in leases] == ["customer:A", "customer:C"]
    assert [each.resource for each in held] == ["customer:B"]


def test_a_silent_holder_is_waited_for_until_its_lease_ends(make: Make, clock: Any) -> None:
    taken(make(owner="a").acquire(CUSTOMER))
    clock.advance(2 * BEAT)
    assert taken(make(owner="b").acquire(CUSTOMER, patient=True)).fence == 2
    assert clock.slept == [TTL - 2 * BEAT]


def test_a_beating_holder_is_not_waited_for(make: Make, clock: Any) -> None:
    taken(make(owner="a").acquire(CUSTOMER))
    clock.advance(2 * BEAT - timedelta(seconds=1))
    assert isinstance(make(owner="b").acquire(CUSTOMER, patient=True), Held)
    assert clock.slept == []


def test_an_interrupted_wait_ends(make: Make, clock: Any) -> None:
    taken(make(owner="a").acquire(CUSTOMER))
    clock.advance(2 * BEAT)
    clock.sleep = clock.slept.append
    assert isinstance(make(owner="b").acquire(CUSTOMER, patient=True), Held)
    assert sum(clock.slept, timedelta()) <= TTL


def test_the_lease_of_a_dead_process_of_this_host_is_taken_at_once(make: Make) -> None:
    child = subprocess.run(
        [sys.executable, "-c", "from order_sync.store.process import this_process; print(this_process())"],
        capture_output=True,
        text=True,
        check=True,
        env=SAME_MODULES,
    )
    owner = child.stdout.strip()
    assert died(owner)
    taken(make(owner=owner).acquire(CUSTOMER))
    assert taken(make(owner="b").acquire(CUSTOMER)).fence == 2


@pytest.mark.skipif(not hasattr(os, "waitid"), reason="only POSIX keeps a dead child as a zombie")
def test_the_lease_of_a_killed_process_nobody_waited_for_is_taken_at_once() -> None:
    code = "from order_sync.store.process import this_process; print(this_process(), flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=SAME_MODULES,
    ) as child:
        assert child.stdout is not None
        owner = child.stdout.readline().strip()
        assert not died(owner)
        child.kill()
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        assert died(owner)


def test_a_living_process_keeps_its_lease(make: Make) -> None:
    taken(make(owner=this_process()).acquire(CUSTOMER))
    assert isinstance(make(owner="b").acquire(CUSTOMER), Held)


def test_a_reused_pid_is_another_process() -> None:
    host, pid, start, rest = this_process().split("/")
    assert died(f"{host}/{pid}/{float(start) - 60:.2f}/{rest}")


@pytest.mark.parametrize("owner", ["", "b", "other~1/1/1.0/x", "a/b/c/d", "host/99999999/1.0/x"])
def test_nobody_is_declared_dead_whom_this_machine_cannot_judge(owner: str) -> None:
    assert not died(owner)


def test_an_owner_is_told_apart_within_one_process() -> None:
    mine, yours = this_process(), this_process()
    assert mine != yours
    assert pid_of(mine) == pid_of(yours)
    assert "~" not in host_of(mine)


def test_the_heartbeat_thread_renews_until_it_is_stopped(make: Make, clock: Any) -> None:
    leases = make(beat=timedelta(milliseconds=1))
    beaten = threading.Event()
    renew = leases.beat_once

    def watched() -> Any:
        result = renew()
        beaten.set()
        return result

    leases.beat_once = watched  # type: ignore[method-assign]
    with leases:
        taken(leases.acquire(CUSTOMER))
        assert beaten.wait(timeout=5)
    assert leases.held() == ()
    assert isinstance(make(owner="b").acquire(CUSTOMER), Lease)


def test_the_heartbeat_thread_outlives_a_busy_database(make: Make) -> None:
    leases = make(beat=timedelta(milliseconds=1))
    beaten = threading.Event()
    answers = iter([StoreBusy("locked")])

    def beat() -> Any:
        for answer in answers:
            raise answer
        beaten.set()
        return ()

    leases.beat_once = beat  # type: ignore[method-assign]
    with leases:
        assert beaten.wait(timeout=5)


@pytest.mark.not_on_babelfish("a lock that is waited for too long has no number of its own there")
def test_a_locked_database_says_so(make: Make, engines: Engines, deployed: Tables) -> None:
    leases = make()
    lease = taken(leases.acquire(CUSTOMER))
    leases.release(taken(leases.acquire(BOARD)))
    with engines.write.begin() as other:
        other.execute(update(deployed.leases).values(fence=deployed.leases.c.fence))
        with pytest.raises(StoreBusy):
            leases.acquire(BOARD)
        with pytest.raises(StoreBusy):
            leases.beat_once()
        leases.release_all()
    assert leases.held() == ()
    assert lease.fence == 1
