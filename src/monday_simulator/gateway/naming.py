"""What a request names, known before it is executed: boards, texts, its key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from graphql.language import (
    FieldNode,
    IntValueNode,
    ListValueNode,
    ObjectValueNode,
    StringValueNode,
    ValueNode,
    VariableNode,
)

from monday_simulator.account.store import Store
from monday_simulator.gateway.faults.rules import Rule
from monday_simulator.gateway.requests import Call

_BOARDS = frozenset({"board_id", "board_ids"})
_ITEMS = frozenset({"item_id", "item_ids", "parent_item_id", "relative_to"})


class Named:
    """Looks at a request only as far as a rule asks."""

    def __init__(self, call: Call, store: Store) -> None:
        self._call = call
        self._store = store

    @property
    def key(self) -> str | None:
        return self._call.headers.get("idempotency-key")

    @property
    def boards(self) -> frozenset[str]:
        """Ids of the boards in the arguments of root fields, and of those on which the items there stand."""
        return frozenset(self._boards())

    def holds(self, text: str, /) -> bool:
        """Whether a variable or the document has this text in it."""
        location = self._call.running.document.loc
        document = location.source.body if location is not None else ""
        return text in document or any(text in each for each in _texts(self._call.variables))

    def _boards(self) -> Iterator[str]:
        for root in self._call.running.definition.selection_set.selections:
            if not isinstance(root, FieldNode):
                continue
            for argument in root.arguments or ():
                ids = _texts(_plain(argument.value, self._call.variables))
                yield from self._boards_of(root.name.value, argument.name.value, ids)

    def _boards_of(self, field: str, argument: str, ids: Iterator[str]) -> Iterator[str]:
        if argument in _BOARDS or (field, argument) == ("boards", "ids"):
            yield from ids
        elif argument in _ITEMS or (field, argument) == ("items", "ids"):
            items = (self._store.items.get(each) for each in ids)
            yield from (item.board_id for item in items if item is not None)


def field_meant(call: Call, rule: Rule) -> str:
    """The response key of the root field that a fault of one field strikes: the one with the rule's text in its
    arguments, else the one at the rule's `alias`."""
    if rule.text is not None and not rule.alias:
        for root in call.running.roots:
            values = (_plain(argument.value, call.variables) for argument in root.arguments or ())
            if any(rule.text in each for value in values for each in _texts(value)):
                return root.alias.value if root.alias else root.name.value
    return call.running.keys[rule.alias % len(call.running.keys)]


def _plain(value: ValueNode, variables: Mapping[str, Any]) -> object:
    if isinstance(value, VariableNode):
        return variables.get(value.name.value)
    if isinstance(value, ListValueNode):
        return [_plain(each, variables) for each in value.values]
    if isinstance(value, ObjectValueNode):
        return [_plain(each.value, variables) for each in value.fields]
    return value.value if isinstance(value, IntValueNode | StringValueNode) else None


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, int) and not isinstance(value, bool):
        yield str(value)
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
