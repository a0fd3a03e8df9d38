from __future__ import annotations

from datetime import timedelta

import pytest

from order_sync.model.backoff import backoff


@pytest.mark.parametrize(("attempt", "longest"), [(0, 1), (1, 2), (5, 32), (6, 60), (7, 60), (10_000, 60)])
def test_the_longest_wait_doubles_up_to_a_minute(attempt: int, longest: float) -> None:
    assert backoff(attempt, 1.0) == timedelta(seconds=longest)


def test_the_wait_is_the_drawn_share_of_the_longest() -> None:
    assert backoff(3, 0.0) == timedelta(0)
    assert backoff(3, 0.25) == timedelta(seconds=2)
    assert backoff(8, 0.5) != backoff(8, 0.6), "the cap comes before the draw: clients must not wait alike"


def test_the_scale_shrinks_every_wait() -> None:
    assert backoff(2, 0.5, 0.01) == timedelta(seconds=0.02)


def test_attempts_count_from_zero() -> None:
    with pytest.raises(ValueError, match="from 0"):
        backoff(-1, 0.5)
