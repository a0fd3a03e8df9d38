"""A7: an item is deleted twice; then it and an archived one are asked for by id."""

from __future__ import annotations

from order_sync.canary import documents as own
from order_sync.canary.bench import Bench
from order_sync.canary.facts import Removal
from order_sync.canary.wire import error_class, error_code
from order_sync.model.errors import BoardUnavailable


def removal(bench: Bench) -> Removal:
    """Takes the last item that was made, and the one that A3 has archived."""
    if not bench.made or not bench.archived:
        raise BoardUnavailable("no items were made that could be deleted")
    key, item = bench.made.popitem()
    first = bench.wire.send(own.delete_item(bench.board, item))
    second = bench.wire.send(own.delete_item(bench.board, item), anyway=True)
    if first.answer is None or second.answer is None:
        bench.made[key] = item
        raise BoardUnavailable("the answer to a deletion was lost")
    states = {each.id: each.state for each in bench.by_id([item, *bench.archived]).values()}
    found = error_class(second.answer)
    return Removal(
        first_done=error_class(first.answer) is None,
        second_code=error_code(second.answer),
        second_class=found.value if found is not None else "",
        state_deleted=states.get(item, "absent"),
        state_archived=states.get(bench.archived[0], "absent"),
    )
