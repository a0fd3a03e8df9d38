"""What a resolver may use, and what it leaves behind for the wire log."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from graphql import GraphQLError, GraphQLResolveInfo

from monday_simulator.account.state import Board, Item
from monday_simulator.account.store import Store
from monday_simulator.api.cursors import Cursors
from monday_simulator.limits import Charge, Limits


@dataclass
class Context:
    """One execution. bad_key: the response key that a fault makes fail with bad_error. made: ids of what was created.

    applied: whether a change took effect, also one whose answer is null because of what was selected of it.
    fresh_since: items made after this moment are not found by look-ups yet, and those that were changed after it
    are found by what they were before.
    """

    store: Store
    cursors: Cursors
    limits: Limits
    charge: Charge
    version: str
    bad_key: str | None = None
    bad_error: GraphQLError | None = None
    fresh_since: str | None = None
    applied: bool = False
    boards: dict[str, None] = field(default_factory=dict)
    made: list[str] = field(default_factory=list)

    def is_too_fresh(self, item: Item) -> bool:
        """Whether look-ups do not see the item yet."""
        return self.fresh_since is not None and item.created_at > self.fresh_since

    def as_looked_up(self, board: Board, ids: Iterable[str]) -> Iterator[Item]:
        """The items as a look-up sees them."""
        past = self.store.past.items(board.id)
        for item_id in ids:
            item = past.get(item_id) or self.store.items[item_id]
            if not self.is_too_fresh(item):
                yield item

    def touch(self, board_id: str) -> None:
        self.boards[board_id] = None


Info: TypeAlias = GraphQLResolveInfo[Context]
