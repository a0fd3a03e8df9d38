"""A4: the same request once more under its idempotency key, another one under it, and one that was refused."""

from __future__ import annotations

from typing import Final

from order_sync.canary.bench import Bench, id_of, keys_of
from order_sync.canary.facts import Replay
from order_sync.canary.wire import error_code
from order_sync.model.errors import BoardUnavailable
from order_sync.model.ids import ItemId
from order_sync.monday.replies import Answer

_PAST_THE_WINDOW: Final = 31 * 60.0  # seconds; the documented window is 30 minutes


def replay(bench: Bench, settle: float, *, long: bool) -> Replay:
    """`settle`: seconds after which everything that was made shows. `long` waits until the window is over."""
    call, key = bench.items(["a4"]), bench.request("a4")
    first = bench.wire.send(call, key)
    item = bench.remember(["a4"], first).get("a4")
    if item is None:
        raise BoardUnavailable("the item of the probe was not made for certain")
    again = bench.wire.send(call, key)
    other = bench.wire.send(bench.items(["a4-other"]), key)
    bench.wire.wait(settle)
    found = bench.by_key([bench.key("a4"), bench.key("a4-other")])
    other_made = bench.key("a4-other") in keys_of(found)
    return Replay(
        header=again.replayed,
        same_id=id_of(again, 0) == item,
        items=sum(each.key == bench.key("a4") for each in found),
        other_body=_told(id_of(other, 0), item, other_made) or _code(other.answer),
        refusal_replayed=_refused_twice(bench),
        after_window=_after_window(bench, item) if long else "",
    )


def _told(got: ItemId | None, first: ItemId, made: bool) -> str:
    if made:
        return "an item of its own"
    return "first answer" if got == first else ""


def _code(answer: Answer | None) -> str:
    return (error_code(answer) if answer is not None else "") or "no id"


def _refused_twice(bench: Bench) -> bool:
    call, key = bench.items(["a4-bad"], bad=["a4-bad"]), bench.request("a4-bad")
    bench.wire.send(call, key)
    return bench.wire.send(call, key).replayed


def _after_window(bench: Bench, item: ItemId) -> str:
    bench.wire.wait(_PAST_THE_WINDOW * bench.wire.scale)
    late = bench.wire.send(bench.items(["a4"]), bench.request("a4"))
    if late.replayed or id_of(late, 0) == item:
        return "still the first answer"
    return "executed afresh" if id_of(late, 0) is not None else "refused"
