"""Which boards a document writes to, and which of them are being written to."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from graphql.language import FieldNode, IntValueNode, StringValueNode, ValueNode, VariableNode

from monday_simulator.account.store import Store
from monday_simulator.api.documents import Operation


class BoardLocks:
    """Boards whose write is under way. Not thread-safe: the simulator holds a lock."""

    def __init__(self) -> None:
        self._held: set[str] = set()

    def take(self, boards: Collection[str]) -> bool:
        """All of them, or none."""
        if self._held.intersection(boards):
            return False
        self._held.update(boards)
        return True

    def release(self, boards: Collection[str]) -> None:
        self._held.difference_update(boards)


def boards_written(operation: Operation, variables: Mapping[str, Any], store: Store) -> frozenset[str]:
    """The boards that the arguments of a mutation's root fields lead to; a subitem's is its parent's board of them."""
    return frozenset(board for field in operation.roots for board in _boards(field, variables, store))


def _boards(field: FieldNode, variables: Mapping[str, Any], store: Store) -> Iterator[str]:
    given = {argument.name.value: _text(argument.value, variables) for argument in field.arguments or ()}
    item = store.items.get(given.get("item_id") or "")
    parent = store.items.get(given.get("parent_item_id") or "")
    if parent is not None and parent.board_id in store.boards:
        subitem_board = store.subitem_board(store.boards[parent.board_id])
        yield parent.board_id if subitem_board is None else subitem_board.id
    elif item is not None:
        yield item.board_id
    elif given.get("board_id"):
        yield str(given["board_id"])


def _text(value: ValueNode, variables: Mapping[str, Any]) -> str | None:
    """An id, however it was written."""
    if isinstance(value, VariableNode):
        found = variables.get(value.name.value)
        return str(found) if isinstance(found, str | int) else None
    return value.value if isinstance(value, StringValueNode | IntValueNode) else None
