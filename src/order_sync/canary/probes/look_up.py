"""A3: one question for a hundred keys; then again after an item was archived and another deleted."""

from __future__ import annotations

from typing import Final

from order_sync.canary import documents as own
from order_sync.canary.bench import Bench, keys_of
from order_sync.canary.facts import KeyLookup
from order_sync.canary.wire import error_class
from order_sync.model.errors import BoardUnavailable
from order_sync.model.ids import ItemId, SyncKey
from order_sync.monday.documents import MOST_IDS

WATCHED: Final = 120.0  # seconds until archived and deleted items are to be gone
_RETIRED: Final = 2


def look_up(bench: Bench) -> KeyLookup:
    """Asks for items that are there already: every second one in capitals."""
    there = list(bench.made)[: MOST_IDS // 2]
    if len(there) <= _RETIRED:
        raise BoardUnavailable("no items were made that could be looked for")
    small, capital = there[::2], there[1::2]
    fillers = [_like(there[0], at) for at in range(MOST_IDS - len(there))]
    items = bench.by_key([*small, *(key.upper() for key in capital), *fillers])
    found = keys_of(items)
    hidden = _hidden(bench, bench.made[small[0]], bench.made[small[1]])
    return KeyLookup(
        asked=MOST_IDS,
        small_there=len(small),
        small_found=len(found.intersection(small)),
        capital_there=len(capital),
        capital_found=len(found.intersection(capital)),
        strangers=sum(item.key not in there for item in items),
        archived_hidden=hidden[0],
        deleted_hidden=hidden[1],
        hidden_after=hidden[2],
        watched=WATCHED * bench.wire.scale,
    )


def _like(key: SyncKey, at: int) -> str:
    """Keys that nothing has, though much looks like them: the filter must compare the whole text."""
    return key[:-1] if at == 0 else f"{key}-{at}"


def _hidden(bench: Bench, archived: ItemId, deleted: ItemId) -> tuple[bool, bool, float | None]:
    """Whether each left the answers, and after how many seconds both had."""
    for call in (own.archive_item(bench.board, archived), own.delete_item(bench.board, deleted)):
        sent = bench.wire.send(call)
        if sent.answer is None or error_class(sent.answer) is not None:
            raise BoardUnavailable(f"{call.operation} was not answered as it should be")
    bench.archived.append(archived)
    keys = {item: key for key, item in bench.made.items()}
    both = [keys[archived], keys[deleted]]
    bench.made = {key: item for key, item in bench.made.items() if item not in (archived, deleted)}
    began = bench.wire.now()
    shown: set[SyncKey] = set(both)
    for _ in bench.polls(WATCHED * bench.wire.scale):
        shown = keys_of(bench.by_key(both))
        if not shown.intersection(both):
            return True, True, bench.wire.now() - began
    return both[0] not in shown, both[1] not in shown, None
