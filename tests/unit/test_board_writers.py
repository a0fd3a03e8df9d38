"""Lanes share one lease of their board; other processes get their chance."""

from __future__ import annotations

import threading
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from order_sync.model.errors import LostLease
from order_sync.model.ids import Fence
from order_sync.steps.board_writers import LONGEST, BoardWriters
from order_sync.store.leases import Held, Lease, Leases

BOARD, WAIT = "board:1", timedelta(seconds=0.2)
STRANGER = Held(BOARD, "another", datetime(2026, 1, 1, tzinfo=UTC), None, None)


class Clock:
    """Sleeping ends the test's patience: what has to wait is told by `Waited`."""

    seconds = 0.0
    then: Any = None

    def monotonic(self) -> float:
        return self.seconds

    def sleep(self, _wait: timedelta) -> None:
        if self.then is None:
            raise Waited
        self.then()


class Waited(Exception):
    """Something waits."""


class FakeLeases:
    """Gives the board to whoever asks first."""

    def __init__(self) -> None:
        self.stranger = False
        self.fence = 0
        self.mine: list[Lease] = []

    def acquire(self, resource: str) -> Lease | Held:
        assert not self.mine, "our own lease would be in the way"
        if self.stranger:
            return STRANGER
        self.fence += 1
        self.mine.append(Lease(resource, Fence(self.fence), "us"))
        return self.mine[0]

    def held(self) -> tuple[Lease, ...]:
        return tuple(self.mine)

    def release(self, lease: Lease) -> None:
        self.mine.remove(lease)


class Board:
    def __init__(self, lanes: int) -> None:
        self.clock, self.leases, self.stop = Clock(), FakeLeases(), threading.Event()
        self.strangers: list[Held] = []
        self.writers = BoardWriters(cast(Leases, self.leases), cast(Any, self.clock), self.stop, lanes)

    def write(self, stack: ExitStack) -> Lease:
        return stack.enter_context(self.writers.lease(BOARD, WAIT, self.strangers.append))


def test_lanes_share_one_lease_and_the_last_one_gives_it_back() -> None:
    board = Board(lanes=2)
    with ExitStack() as first, ExitStack() as second:
        assert board.write(first) == board.write(second)
        first.close()
        assert board.leases.mine
    assert not board.leases.mine


@pytest.mark.parametrize("lanes", [1, 2])
def test_no_more_lanes_than_allowed(lanes: int) -> None:
    board = Board(lanes)
    with ExitStack() as stack:
        for _ in range(lanes):
            board.write(stack)
        with pytest.raises(Waited):
            board.write(stack)


def test_a_long_burst_takes_nobody_in_any_more() -> None:
    board = Board(lanes=4)
    with ExitStack() as stack:
        board.write(stack)
        board.clock.seconds = LONGEST.total_seconds()
        with pytest.raises(Waited):
            board.write(stack)
    with ExitStack() as stack:
        assert board.write(stack).fence == 2


def test_a_lease_that_was_lost_takes_nobody_in() -> None:
    board = Board(lanes=4)
    with ExitStack() as stack:
        lease = board.write(stack)
        board.leases.mine.clear()
        with pytest.raises(Waited):
            board.write(stack)
        board.leases.mine.append(lease)


def test_another_process_is_waited_for_and_named() -> None:
    board = Board(lanes=2)
    board.leases.stranger = True

    def it_goes() -> None:
        board.leases.stranger = False

    board.clock.then = it_goes
    with ExitStack() as stack:
        assert board.write(stack).fence == 1
    assert board.strangers == [STRANGER]


def test_one_lane_looks_at_a_time() -> None:
    board = Board(lanes=2)
    with board.writers.turn(BOARD, WAIT), pytest.raises(Waited), board.writers.turn(BOARD, WAIT):
        pass
    with board.writers.turn(BOARD, WAIT):
        pass


def test_a_stop_ends_the_waiting() -> None:
    board = Board(lanes=1)
    board.stop.set()
    with ExitStack() as stack:
        board.write(stack)
        with pytest.raises(LostLease, match="stopped while waiting"):
            board.write(stack)
