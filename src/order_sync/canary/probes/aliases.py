"""A5: one request of three mutations, the one in the middle with a value that cannot be."""

from __future__ import annotations

from order_sync.canary.bench import Bench, id_of, keys_of
from order_sync.canary.facts import Aliases

_TAGS = ("a5-first", "a5-bad", "a5-last")


def aliases(bench: Bench, settle: float) -> Aliases:
    """`settle`: seconds after which everything that was made shows."""
    call, key = bench.items(_TAGS, bad=["a5-bad"]), bench.request("a5")
    sent = bench.wire.send(call, key)
    ids = bench.remember(_TAGS, sent)
    again = bench.wire.send(call, key)
    bench.wire.wait(settle)
    found = keys_of(bench.by_key([bench.key(tag) for tag in _TAGS]))
    good = [tag for tag in _TAGS if tag != "a5-bad"]
    return Aliases(
        good=len(good),
        answered=sum(tag in ids for tag in good),
        there=sum(bench.key(tag) in found for tag in good),
        bad_refused="a5-bad" not in ids,
        bad_there=bench.key("a5-bad") in found,
        in_order=list(ids.values()) == sorted(ids.values()),
        replayed_whole=all(id_of(again, at) == ids.get(tag) for at, tag in enumerate(_TAGS)),
    )
