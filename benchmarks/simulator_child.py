"""python -m benchmarks.simulator_child WHAT SCALE FOLDER: one part on one core; its last line is JSON."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx2

from benchmarks.installation import ENOUGH, TOKEN, serve_seed
from benchmarks.machine import peak_mb
from benchmarks.results import middle
from benchmarks.scale import Scale
from benchmarks.simulator_board import BOARD, COLUMNS, all_values, board_of, some_values
from monday_simulator import Limits, Simulator, load_seed

BATCH, PAGE = 25, 500
HEADERS = {"Authorization": TOKEN, "Content-Type": "application/json"}
NO_LIMITS = Limits(
    complexity_per_minute=ENOUGH, complexity_per_query=ENOUGH, requests_per_minute=ENOUGH, calls_per_day=ENOUGH
)

Ask = Callable[[bytes], bytes]


def main(words: Sequence[str] | None = None) -> int:
    what, scale, folder = words or sys.argv[1:]
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    print(json.dumps(WORK[what](Scale(**json.loads(scale)), Path(folder))))
    return 0


def _create(scale: Scale, _folder: Path) -> dict[str, Any]:
    with Simulator(load_seed(board_of()), limits=NO_LIMITS) as simulator:
        ask = _in_process(simulator)
        found = _rates(ask, scale)
        bodies = [_written(at) for at in range(0, scale.simulated_creates, BATCH)]
        return {**found, "written": scale.simulated_creates / _seconds(ask, bodies)}


def _serve(scale: Scale, folder: Path) -> dict[str, Any]:
    """The server inherits the one core."""
    seed = folder / "simulated.json"
    seed.write_text(json.dumps(board_of()), encoding="utf-8")
    with serve_seed(seed) as url, closing(httpx2.Client()) as client:
        return _rates(lambda body: client.post(f"{url}/v2", content=body, headers=HEADERS).content, scale)


def _in_process(simulator: Simulator) -> Ask:
    return lambda body: simulator.handle("POST", "/v2", HEADERS, body).body


def _rates(ask: Ask, scale: Scale) -> dict[str, Any]:
    """Items a second, 25 a document and one."""
    batches = [_batch(at, BATCH) for at in range(0, scale.simulated_creates, BATCH)]
    alone = [_batch(at, 1) for at in range(scale.simulated_calls)]
    batched = middle([_seconds(ask, batches) for _ in range(scale.repetitions)])
    single = middle([_seconds(ask, alone) for _ in range(scale.repetitions)])
    return {"batched": scale.simulated_creates / batched, "alone": scale.simulated_calls / single}


def _seconds(ask: Ask, bodies: Sequence[bytes]) -> float:
    began = time.perf_counter()
    for body in bodies:
        answer = ask(body)
        if b'"errors"' in answer:
            raise RuntimeError(answer[:500].decode())
    return time.perf_counter() - began


def _batch(start: int, count: int, values_of: Callable[[int], dict[str, Any]] = some_values) -> bytes:
    """As clients write it that send many documents: the same text, what differs in variables."""
    declared = ", ".join(f"$n{at}: String!, $v{at}: JSON" for at in range(count))
    fields = (
        f"a{at}: create_item(board_id: {BOARD}, item_name: $n{at}, column_values: $v{at}) {{ id }}"
        for at in range(count)
    )
    names = {f"n{at}": f"Order {start + at}" for at in range(count)}
    values = {f"v{at}": json.dumps(values_of(start + at)) for at in range(count)}
    return json.dumps(
        {"query": f"mutation ({declared}) {{ {' '.join(fields)} }}", "variables": names | values}
    ).encode()


def _written(start: int) -> bytes:
    """As clients write it that know no variables: every document is read anew."""
    fields = (
        f'a{at}: create_item(board_id: {BOARD}, item_name: "Order {at}",'
        f" column_values: {json.dumps(json.dumps(some_values(at)))}) {{ id }}"
        for at in range(start, start + BATCH)
    )
    return json.dumps({"query": f"mutation {{ {' '.join(fields)} }}"}).encode()


def _read(scale: Scale, _folder: Path) -> dict[str, Any]:
    with Simulator(load_seed(board_of()), limits=NO_LIMITS) as simulator:
        ask = _in_process(simulator)
        began = time.perf_counter()
        for start in range(0, scale.simulated_items, BATCH):
            ask(_batch(start, BATCH, all_values))
        filled = scale.simulated_items / (time.perf_counter() - began)
        passes = [_timed_pass(ask) for _ in range(scale.repetitions)]
        first, last = _first_and_last(ask, passes[0][-1].cursor, 10 * scale.repetitions)
        alone = _one_by_one(ask, scale)
    tenth = max(1, len(passes[0]) // 10)
    return {
        "items": scale.simulated_items,
        "columns": len(COLUMNS),
        "filled": filled,
        "pages": len(passes[0]),
        "first": first,
        "last": last,
        "first_tenth": middle([page.seconds for each in passes for page in each[:tenth]]),
        "last_tenth": middle([page.seconds for each in passes for page in each[-tenth:]]),
        "items_a_second": scale.simulated_items / middle([sum(page.seconds for page in each) for each in passes]),
        "alone": alone,
        "peak_mb": peak_mb(),
    }


FIELDS = 'cursor items { id name column_values(ids: ["text_mk7"]) { text } }'
FIRST = f"{{ boards(ids: {BOARD}) {{ items_page(limit: {PAGE}) {{ {FIELDS} }} }} }}"
NEXT = f"query ($cursor: String!) {{ next_items_page(limit: {PAGE}, cursor: $cursor) {{ {FIELDS} }} }}"
ONE = 'query ($ids: [ID!]) { items(ids: $ids) { id name column_values(ids: ["text_mk7"]) { text } } }'


class _Page:
    """cursor: the one that was sent, None for the first page."""

    def __init__(self, ask: Ask, cursor: str | None) -> None:
        asked = {"query": FIRST} if cursor is None else {"query": NEXT, "variables": {"cursor": cursor}}
        body = json.dumps(asked).encode()
        began = time.perf_counter()
        answer = ask(body)
        self.seconds = time.perf_counter() - began
        self.cursor = cursor
        data = json.loads(answer)["data"]
        self.found = data["boards"][0]["items_page"] if cursor is None else data["next_items_page"]


def _timed_pass(ask: Ask) -> list[_Page]:
    pages = [_Page(ask, None)]
    while pages[-1].found["cursor"] is not None:
        pages.append(_Page(ask, pages[-1].found["cursor"]))
    return pages


def _first_and_last(ask: Ask, cursor: str | None, times: int) -> tuple[float, float]:
    """Medians of the first page and of the one behind the cursor, asked for in turn."""
    pairs = [(_Page(ask, None).seconds, _Page(ask, cursor).seconds) for _ in range(times)]
    return middle([first for first, _ in pairs]), middle([last for _, last in pairs])


def _one_by_one(ask: Ask, scale: Scale) -> float:
    """Items a second, the same fields with a call for each."""
    ids = [item["id"] for item in _Page(ask, None).found["items"][: scale.simulated_calls]]
    bodies = [json.dumps({"query": ONE, "variables": {"ids": [each]}}).encode() for each in ids]
    return len(bodies) / middle([_seconds(ask, bodies) for _ in range(scale.repetitions)])


WORK: Mapping[str, Callable[[Scale, Path], dict[str, Any]]] = {"create": _create, "serve": _serve, "read": _read}

if __name__ == "__main__":
    sys.exit(main())
