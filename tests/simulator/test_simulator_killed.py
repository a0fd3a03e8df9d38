"""A server that is killed while it writes: what it answered is there, and nothing is there by half."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx2
import pytest
from simulator_client import BOARD, SEED, TOKEN
from test_simulator_server import process

MOMENTS = [3, 17, 40]  # answers of one life after which the server dies
TOGETHER = 4  # items that one request makes, each with a subitem
WRITERS = 3
ALIASES = " ".join(f"i{at}: create_item(board_id: {BOARD}, item_name: $name) {{ id }}" for at in range(TOGETHER))
CREATE = f"mutation ($name: String!) {{ {ALIASES} }}"
SUBITEMS = "mutation ($name: String!, {}) {{ {} }}".format(
    ", ".join(f"$p{at}: ID!" for at in range(TOGETHER)),
    " ".join(f"s{at}: create_subitem(parent_item_id: $p{at}, item_name: $name) {{ id }}" for at in range(TOGETHER)),
)
PAGE = f"{{ boards(ids: {BOARD}) {{ items_page(limit: 500) {{ items {{ id name subitems {{ id name }} }} }} }} }}"


class Writers:
    """Threads that write until nobody answers any more; `answered` is what they were told."""

    def __init__(self, url: str, moment: int) -> None:
        self.answered: dict[str, Any] = {}
        self.enough = threading.Event()
        self._url = url
        self._moment = moment
        self._lock = threading.Lock()

    def write(self, writer: str) -> None:
        with closing(httpx2.Client(base_url=self._url, timeout=20)) as client:
            for number in range(500):
                name = f"{writer}-{number}"
                try:
                    made = self._ask(client, name, CREATE, {"name": name})
                    parents = {f"p{at}": made[f"i{at}"]["id"] for at in range(TOGETHER)}
                    self._ask(client, f"sub {name}", SUBITEMS, {"name": f"sub {name}", **parents})
                except httpx2.TransportError:
                    return

    def _ask(self, client: httpx2.Client, name: str, query: str, variables: dict[str, str]) -> Any:
        answer = client.post("/v2", json={"query": query, "variables": variables}, headers={"Authorization": TOKEN})
        data = answer.json()["data"]
        with self._lock:
            self.answered[name] = {made["id"] for made in data.values()}
            if len(self.answered) == self._moment:
                self.enough.set()
        return data


def kept(url: str) -> tuple[Counter[str], set[str]]:
    """How often each name is there, and all ids."""
    with closing(httpx2.Client(base_url=url)) as client:
        answer = client.post("/v2", json={"query": PAGE}, headers={"Authorization": TOKEN}).json()
    items = answer["data"]["boards"][0]["items_page"]["items"]
    everything = [*items, *(subitem for item in items for subitem in item["subitems"])]
    return Counter(each["name"] for each in everything), {each["id"] for each in everything}


def killed_after(moment: int, life: int, options: Sequence[str]) -> dict[str, Any]:
    """What the writers were told by a server that was killed after so many answers."""
    with ThreadPoolExecutor(WRITERS) as pool, process(*options) as (server, url):
        writers = Writers(url, moment)
        running = [pool.submit(writers.write, f"{life}-{writer}") for writer in range(WRITERS)]
        assert writers.enough.wait(60)
        server.kill()
        server.wait(20)
        for each in running:
            each.result(60)
    return writers.answered


@pytest.mark.slow
def test_server_killed_again_and_again_in_the_middle_of_writing(tmp_path: Path) -> None:
    seed = tmp_path / "seed.json"
    seed.write_text(json.dumps(SEED), encoding="utf-8")
    options = ("--seed-file", str(seed), "--state", str(tmp_path / "state"), "--complexity", "1000000000")
    answered: dict[str, Any] = {}
    for life, moment in enumerate(MOMENTS):
        answered |= killed_after(moment, life, options)
    with process(*options) as (_, url):
        names, ids = kept(url)
    assert len(answered) >= sum(MOMENTS)
    assert {name for name, made in answered.items() if not made <= ids} == set()
    assert {name: count for name, count in names.items() if count != TOGETHER} == {}
