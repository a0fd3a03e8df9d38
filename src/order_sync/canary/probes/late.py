"""A1: answers are given up early, and the items are looked for until they show."""

from __future__ import annotations

from typing import Final

from order_sync.canary.bench import Bench, keys_of, outcome_of
from order_sync.canary.facts import LateApply
from order_sync.model.ids import SyncKey
from order_sync.model.outcomes import Created

REQUESTS: Final = 3
_BEYOND: Final = 2.0  # how often the time that we allow for is waited, to see what comes after it


def late(bench: Bench, allowed: float) -> LateApply:
    """`allowed`: seconds after which the protocol believes that nothing comes any more."""
    lost: dict[SyncKey, float] = {}
    answered = 0
    for number in range(REQUESTS):
        tag = f"a1-{number}"
        sent = bench.wire.send(bench.items([tag]), bench.request(tag), impatient=True)
        if sent.reply is None or not isinstance(outcome_of(sent, 0), Created):
            lost[bench.key(tag)] = sent.sent_at
        else:
            answered += 1
            bench.remember([tag], sent)
    found = _found(bench, lost, allowed * _BEYOND)
    longest = max((each.seconds for each in bench.wire.metered if each.changes), default=0.0)
    return LateApply(answered, tuple(found.values()), len(lost) - len(found), allowed * _BEYOND, longest)


def _found(bench: Bench, lost: dict[SyncKey, float], limit: float) -> dict[SyncKey, float]:
    """Seconds from sending to the first look-up that saw the item."""
    found: dict[SyncKey, float] = {}
    for _ in bench.polls(limit) if lost else ():
        items = bench.by_key(key for key in lost if key not in found)
        found |= {key: bench.wire.now() - lost[key] for key in keys_of(items) & lost.keys()}
        if len(found) == len(lost):
            break
    return found
