"""A9: an item with a value that its column cannot take."""

from __future__ import annotations

from order_sync.canary.bench import Bench, keys_of, outcome_of
from order_sync.canary.facts import BadValue
from order_sync.model.errors import BoardUnavailable
from order_sync.model.outcomes import Created, problem_class


def bad_value(bench: Bench, settle: float) -> BadValue:
    """Looks for the item by key and by scan, once everything that was made shows."""
    sent = bench.wire.send(bench.items(["a9"], bad=["a9"]), bench.request("a9"))
    outcome = outcome_of(sent, 0)
    if outcome is None:
        raise BoardUnavailable("the answer was lost")
    bench.remember(["a9"], sent)
    bench.wire.wait(settle)
    key = bench.key("a9")
    there = key in keys_of(bench.by_key([key])) or key in bench.scan()
    found = None if isinstance(outcome, Created) else problem_class(outcome)
    return BadValue(bench.columns.bad_type, found.value if found is not None else "", there)
