"""What only a socket can carry becomes an outcome too."""

from __future__ import annotations

import random

import pytest
from tests.campaign.raw_replies import BROKEN, ODD, cut_anywhere, send_to, server


@pytest.mark.parametrize("kind", sorted(BROKEN))
def test_a_broken_exchange_makes_nothing(kind: str) -> None:
    with server() as it:
        assert send_to(it, BROKEN[kind]) == 0


@pytest.mark.parametrize("kind", sorted(ODD))
def test_an_odd_answer_is_an_answer(kind: str) -> None:
    with server() as it:
        assert send_to(it, ODD[kind]) == 3


@pytest.mark.parametrize("hard", [False, True])
def test_an_answer_cut_anywhere_makes_nothing(hard: bool) -> None:
    chance = random.Random(1)
    with server() as it:
        assert [send_to(it, cut_anywhere(chance), hard=hard) for _ in range(25)] == [0] * 25
