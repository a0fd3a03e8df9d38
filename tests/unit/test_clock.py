"""The real clock: aware, never backwards, and a sleep that ends when the run is to end."""

from __future__ import annotations

import threading
import time
from datetime import UTC, timedelta

import pytest

from order_sync.clock import SystemClock


def test_now_is_aware_utc() -> None:
    assert SystemClock().now().tzinfo is UTC


def test_monotonic_never_goes_back() -> None:
    clock = SystemClock()
    moments = [clock.monotonic() for _ in range(1000)]
    assert moments == sorted(moments)


def test_monotonic_counts_suspend_where_the_system_can(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "CLOCK_BOOTTIME", 7, raising=False)
    monkeypatch.setattr(time, "clock_gettime", lambda clock: {7: 42.0}[clock], raising=False)
    assert SystemClock().monotonic() == 42.0
    monkeypatch.delattr(time, "CLOCK_BOOTTIME")
    monkeypatch.setattr(time, "monotonic", lambda: 41.0)
    assert SystemClock().monotonic() == 41.0


def test_a_sleep_ends_when_the_run_is_to_end() -> None:
    stop = threading.Event()
    stop.set()
    SystemClock(stop).sleep(timedelta(days=1))


@pytest.mark.parametrize("wait", [timedelta(0), timedelta(seconds=-5)])
def test_no_sleep_is_none(wait: timedelta) -> None:
    SystemClock().sleep(wait)


def test_chance_is_between_0_and_1_and_a_seed_repeats_it() -> None:
    drawn = [SystemClock(seed=3).random() for _ in range(3)]
    assert len(set(drawn)) == 1
    assert 0 <= drawn[0] < 1
    clock = SystemClock(seed=3)
    assert clock.random() != clock.random()
