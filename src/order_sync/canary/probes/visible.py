"""A2: rows are made, and looked for in each of the three ways until they show."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from order_sync.canary.bench import Bench, id_of, keys_of
from order_sync.canary.facts import Visibility
from order_sync.model.ids import ItemId, SyncKey

ITEMS: Final = 10  # of a round, in one request
SUBITEMS: Final = 5
WATCHED: Final = 300.0  # seconds

_Way = tuple[str, Callable[[], set[SyncKey]], set[SyncKey], float]


def visible(bench: Bench, rounds: int) -> Visibility:
    """Each round waits for its rows before the next one begins."""
    lags: dict[str, list[float]] = {"key": [], "parent": [], "scan": []}
    unseen = 0
    for number in range(rounds):
        waiting = _made(bench, number)
        for way, seconds in _watched(bench, waiting):
            lags[way].append(seconds)
        unseen += sum(len(wanted) for _, _, wanted, _ in waiting)
    watched = WATCHED * bench.wire.scale
    return Visibility(tuple(lags["key"]), tuple(lags["parent"]), tuple(lags["scan"]), unseen, watched)


def _made(bench: Bench, number: int) -> list[_Way]:
    tags = [f"a2-{number}-{at}" for at in range(ITEMS)]
    sent = bench.make(tags)
    keys = {bench.key(tag) for tag in tags}
    ways: list[_Way] = [
        ("key", lambda: keys_of(bench.by_key(sorted(keys))), set(keys), sent.sent_at),
        ("scan", lambda: set(bench.scan()), set(keys), sent.sent_at),
    ]
    if bench.columns.subitem_key is not None:
        ways.append(_below(bench, tags[:SUBITEMS]))
    return ways


def _below(bench: Bench, tags: list[str]) -> _Way:
    parents: list[ItemId] = [bench.made[bench.key(tag)] for tag in tags]
    sizes = [f"{tag}-s" for tag in tags]
    sent = bench.wire.send(bench.subitems(list(zip(sizes, parents, strict=True))), bench.request(sizes[0]))
    made = {bench.key(size): parents[at] for at, size in enumerate(sizes) if id_of(sent, at) is not None}
    bench.below |= made
    return ("parent", lambda: bench.by_parent(parents), set(made), sent.sent_at)


def _watched(bench: Bench, ways: list[_Way]) -> list[tuple[str, float]]:
    """Seconds by way, for each row; what is seen is taken out of the ways' wanted keys."""
    seen: list[tuple[str, float]] = []
    missed: set[str] = set()
    for _ in bench.polls(WATCHED * bench.wire.scale):
        for name, look, wanted, sent_at in ways:
            if not wanted:
                continue
            found = look() & wanted
            lag = bench.wire.now() - sent_at if name in missed else 0.0
            seen += [(name, lag)] * len(found)
            wanted.difference_update(found)
            missed |= {name} if wanted else set()
        if not any(wanted for _, _, wanted, _ in ways):
            break
    return seen
