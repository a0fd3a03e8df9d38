"""A run killed at random moments and started again at once: each order once on the board, and production agrees."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from processes import Installation, a_run, install, process
from tests.proof import differences

KILLS = 10
SERVER = "--port 0 --complexity 500000000 --request-ms 15 --latency-ms 3 --read-lag-seconds 0.2"


@contextmanager
def _served(house: Installation) -> Iterator[Installation]:
    """Its board in a server process of its own, which keeps a log of what it got."""
    files = ["--state", house.folder / "board.db", "--wire", house.folder / "wire", "--seed-file", house.seed_file]
    with process(house.folder, "-m", "monday_simulator", *SERVER.split(), *files) as server:
        yield house.served_at(server.line() or "")


def _killed_at(house: Installation, word: str, nth: int) -> str:
    """The last line of a run that was killed as soon as it had said `word` so often."""
    with a_run(house) as run:
        left = nth
        while left and (line := run.line()) is not None:
            left -= word in line
        assert left == 0, f"ended before its {nth}. {word!r}:\n{run.words}"
        run.kill()
        return run.said[-1]


def _sent(wire: Path) -> Counter[str]:
    """idempotency key -> requests, of all that could change the board."""
    records = [json.loads(line) for line in wire.read_text(encoding="utf-8").splitlines()]
    return Counter(record["idempotency_key"] for record in records if record["operation"] == "mutation")


@pytest.mark.slow
def test_a_run_killed_ten_times_ends_with_each_order_once(tmp_path: Path) -> None:
    """Half of the kills fall into a call in flight, the others anywhere."""
    chance = random.Random(20261102)
    moments = [("@ changes", chance.randint(1, 8)) for _ in range(KILLS // 2)]
    moments += [("@ ", chance.randint(5, 30)) for _ in range(KILLS - len(moments))]
    chance.shuffle(moments)
    with _served(install(tmp_path, rows=66, customers=3)) as house:
        last_words = [_killed_at(house, word, nth) for word, nth in moments]
        with a_run(house) as run:
            assert run.ended() == 0, run.words
        assert differences(house) == [], last_words
        recorded = {key for (key,) in house.rows("SELECT idem_key FROM MON_ApiCall")}
        sent = _sent(tmp_path / "wire")
        assert sent.keys() <= recorded
        assert set(sent.values()) == {1}
        with a_run(house) as again:
            assert again.ended() == 0
        assert _sent(tmp_path / "wire") == sent
