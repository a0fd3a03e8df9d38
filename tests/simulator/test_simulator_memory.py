"""What the gateway remembers when its process dies: answers by key, and what of the limits is used."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from simulator_client import BOARD, Client, code_of, simulated

from monday_simulator import Limits, Simulator, VirtualClock
from monday_simulator.account.state_file import StateFile

CREATE = f'mutation {{ create_item(board_id: {BOARD}, item_name: "x") {{ id }} }}'
READ = "{ me { id } }"
NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


class Lives:
    """One account, one process after the other. A killed process leaves its file as it is between two requests."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count()
        self._opened: list[Simulator] = []
        self.file = folder / "state"

    def begin(self, at: datetime = NOON, **settings: Any) -> Client:
        client = simulated(state=self.file, clock=VirtualClock(at), **settings)
        self._opened.append(client.simulator)
        return client

    def kill(self) -> None:
        """Without a chance to write anything more."""
        following = self._folder / str(next(self._numbers))
        following.mkdir()
        for each in self.file.parent.glob("state*"):
            shutil.copy(each, following)
        self.file = following / "state"

    def close(self) -> None:
        for simulator in self._opened:
            simulator.close()


@pytest.fixture
def lives(tmp_path: Path) -> Iterator[Lives]:
    lives = Lives(tmp_path)
    yield lives
    lives.close()


def test_answer_survives_with_the_change_it_tells_of(lives: Lives) -> None:
    first = lives.begin().send(CREATE, Idempotency_Key="k")
    lives.kill()
    client = lives.begin(NOON + timedelta(minutes=29))
    again = client.send(CREATE, Idempotency_Key="k")
    assert (again.body, again.headers["Idempotency-Replayed"]) == (first.body, "true")
    assert again.headers["API-Version"] == first.headers["API-Version"]
    client.simulator.clock.sleep(timedelta(minutes=1))
    assert "Idempotency-Replayed" not in client.send(CREATE, Idempotency_Key="k").headers
    assert client.names() == ["x", "x"]


def test_change_and_answer_are_written_in_one_transaction(lives: Lives, monkeypatch: pytest.MonkeyPatch) -> None:
    client = lives.begin()
    written: list[set[str]] = []
    save = StateFile.save

    def saving(self: StateFile, changed: Any) -> None:
        rows = list(changed)
        written.append({kind for kind, _, _ in rows})
        save(self, rows)

    monkeypatch.setattr(StateFile, "save", saving)
    client.send(CREATE, Idempotency_Key="k")
    assert written == [{"item", "answer", "usage"}]


def test_answer_whose_window_is_over_leaves_the_file(lives: Lives) -> None:
    client = lives.begin()
    client.send(CREATE, Idempotency_Key="k")
    client.simulator.clock.sleep(timedelta(minutes=30))
    client.send(CREATE, Idempotency_Key="other")
    client.simulator.close()
    file = StateFile(lives.file)
    assert len(list(file.records("answer"))) == 1
    file.close()


def test_file_holds_no_token(lives: Lives) -> None:
    client = lives.begin()
    client.send(CREATE, Idempotency_Key="k")
    client.simulator.close()
    assert b"a-token" not in lives.file.read_bytes()


def test_calls_of_the_day_survive_until_midnight(lives: Lives) -> None:
    limits = Limits(calls_per_day=3)
    client = lives.begin(limits=limits)
    for query in (READ, CREATE, READ):
        assert client.send(query).status == 200
    lives.kill()
    client = lives.begin(NOON + timedelta(hours=1), limits=limits)
    assert code_of(client.ask(READ)) == "DAILY_LIMIT_EXCEEDED"
    lives.kill()
    client = lives.begin(NOON + timedelta(hours=12), limits=limits)
    assert client.send(READ).status == 200


def test_minute_goes_on_where_it_was(lives: Lives) -> None:
    limits = Limits(complexity_per_minute=30_001, requests_per_minute=3)
    client = lives.begin(limits=limits)
    client.data(CREATE)
    client.simulator.clock.sleep(timedelta(seconds=10))
    lives.kill()
    client = lives.begin(NOON + timedelta(seconds=20), limits=limits)
    answer = client.send(CREATE)
    assert (answer.headers["Retry-After"], code_of(answer.json())) == ("40", "COMPLEXITY_BUDGET_EXHAUSTED")
    client.send("{ nonsense")
    assert code_of(client.ask("{ nonsense")) == "MINUTE_RATE_LIMIT_EXCEEDED"
    client.simulator.clock.sleep(timedelta(seconds=40))
    assert client.send(CREATE).status == 200


PAGE = f"{{ boards(ids: {BOARD}) {{ items_page(limit: 2) {{ cursor items {{ name }} }} }} }}"
NEXT = "query ($c: String!) { next_items_page(cursor: $c, limit: 2) { cursor items { name } } }"


def test_cursor_goes_on_where_it_was_and_dies_when_it_must(lives: Lives) -> None:
    client = lives.begin()
    for name in "abcde":
        client.created(name)
    cursor = client.data(PAGE)["boards"][0]["items_page"]["cursor"]
    lives.kill()
    client = lives.begin(NOON + timedelta(minutes=59))
    page = client.data(NEXT, {"c": cursor})["next_items_page"]
    assert [item["name"] for item in page["items"]] == ["c", "d"]
    client.simulator.clock.sleep(timedelta(minutes=1))
    assert "expired" in client.ask(NEXT, {"c": page["cursor"]})["errors"][0]["message"]


def test_cursor_that_nobody_will_ask_for_again_leaves_the_file(lives: Lives) -> None:
    client = lives.begin()
    for name in "abc":
        client.created(name)
    client.data(PAGE)
    client.simulator.clock.sleep(timedelta(hours=2))
    client.data(PAGE)
    client.simulator.close()
    file = StateFile(lives.file)
    assert len(list(file.records("chain"))) == 1
    file.close()
