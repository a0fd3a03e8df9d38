"""Several threads on one virtual clock: in one order, always the same."""

from __future__ import annotations

from concurrent.futures import wait
from datetime import timedelta

import pytest
from simulator_client import BOARD, Client, simulated

from monday_simulator import LaneClock, LaneExecutor, Latency

CREATE = f'mutation {{ create_item(board_id: {BOARD}, item_name: "x") {{ id }} }}'


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


def test_earliest_wake_up_goes_first_and_the_lower_lane_of_two() -> None:
    clock = LaneClock()
    said: list[tuple[str, float]] = []

    def lane(name: str, *waits: float) -> None:
        said.append((name, clock.monotonic()))
        for each in waits:
            clock.sleep(seconds(each))
            said.append((name, clock.monotonic()))

    clock.run([lambda: lane("a", 3, 1), lambda: lane("b", 1, 1, 1), lambda: lane("c", 2)])
    assert said == [
        *[("a", 0), ("b", 0), ("c", 0)],
        *[("b", 1), ("b", 2), ("c", 2), ("a", 3), ("b", 3), ("a", 4)],
    ]


def test_one_runs_at_a_time() -> None:
    clock, inside, most = LaneClock(), 0, 0

    def work() -> None:
        nonlocal inside, most
        for _ in range(50):
            inside += 1
            most = max(most, inside)
            inside -= 1
            clock.sleep(seconds(1))

    clock.run([work] * 8)
    assert (most, clock.monotonic()) == (1, 50)


def test_free_lane_takes_the_next_task() -> None:
    clock = LaneClock()
    ended: list[tuple[int, float]] = []

    def task(number: int) -> int:
        clock.sleep(seconds(number))
        ended.append((number, clock.monotonic()))
        return number

    assert clock.run([lambda number=number: task(number) for number in (5, 1, 2, 3)], lanes=2) == [5, 1, 2, 3]
    assert ended == [(1, 1), (2, 3), (5, 5), (3, 6)]


def test_what_a_task_raises_is_raised_once_all_are_over() -> None:
    clock = LaneClock()

    def fails() -> None:
        raise ValueError("of lane 0")

    with pytest.raises(ValueError, match="of lane 0"):
        clock.run([fails, lambda: clock.sleep(seconds(9))])
    assert clock.monotonic() == 9


def test_outside_of_lanes_time_passes_by_itself() -> None:
    clock = LaneClock()
    clock.sleep(seconds(2))
    clock.advance(seconds(1))
    clock.run([lambda: clock.sleep(seconds(4))])
    clock.sleep(seconds(-1))
    assert clock.monotonic() == 7
    assert (clock.now() - LaneClock().now()) == seconds(7)


def test_nobody_may_skip_the_time_of_lanes() -> None:
    clock = LaneClock()
    with pytest.raises(RuntimeError):
        clock.run([lambda: clock.advance(seconds(1))])


def test_executor_begins_with_the_last_task_that_it_expects() -> None:
    clock = LaneClock()
    executor = LaneExecutor(clock, lanes=2, expected=3)
    first = executor.submit(clock.sleep, seconds(1))
    second = executor.submit(clock.sleep, seconds(1))
    assert not first.done()
    third = executor.submit(clock.sleep, seconds(1))
    assert wait([first, second, third], timeout=10).not_done == set()
    assert clock.monotonic() == 2
    with pytest.raises(RuntimeError):
        executor.submit(clock.monotonic)


def test_executor_begins_with_its_end_where_less_came() -> None:
    clock = LaneClock()
    with LaneExecutor(clock, lanes=4, expected=9) as executor:
        future = executor.submit(clock.monotonic)
        left = executor.submit(clock.monotonic)
        left.cancel()
    assert future.result(0) == 0
    assert left.cancelled()


def test_lanes_leave_the_same_wire_log_every_time() -> None:
    def lines() -> str:
        clock = LaneClock()
        simulator = simulated(clock=clock, latency=Latency.recorded()).simulator

        def lane(number: int) -> None:
            for at in range(5):
                Client(simulator).created(f"{number}/{at}")

        clock.run([lambda number=number: lane(number) for number in range(4)])
        return simulator.wire_log.lines()

    first = lines()
    assert all(lines() == first for _ in range(5))
