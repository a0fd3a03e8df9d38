"""Complexity of a request in points, known before it is executed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphql.language import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    ListValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
)
from graphql.language.ast import IntValueNode

COSTS = {
    "create_item": 30_000,
    "create_subitem": 30_000,
    "change_multiple_column_values": 30_000,
    "change_simple_column_value": 30_000,
    "change_column_value": 30_000,
    "create_group": 10_000,
    "create_board": 30_000,
    "create_column": 10_000,
}
OTHER_MUTATION = 10_000
PAGE = 25
FEW = 10

_PAGED = frozenset({"boards", "items_page", "next_items_page", "items_page_by_column_values"})
_BY_IDS = frozenset({"columns", "groups", "column_values"})

Fragments = Mapping[str, FragmentDefinitionNode]


class Costing:
    """Counts one operation. own: points by root field, before those of COSTS."""

    def __init__(self, fragments: Fragments, variables: Mapping[str, Any], own: Mapping[str, int]) -> None:
        self._fragments = fragments
        self._variables = variables
        self._own = own
        self._known: dict[tuple[str, bool], int] = {}
        self._writes = False

    def of(self, operation: OperationDefinitionNode) -> int:
        """One point per leaf, times what lists may hold; a mutation has its fixed points on top."""
        self._writes = operation.operation.value == "mutation"
        return self._sum(operation.selection_set, root=True)

    def _sum(self, selections: SelectionSetNode | None, root: bool) -> int:
        total = 0
        for each in selections.selections if selections is not None else ():
            if isinstance(each, FieldNode):
                total += self._points(each, root)
            elif isinstance(each, InlineFragmentNode):
                total += self._sum(each.selection_set, root)
            elif isinstance(each, FragmentSpreadNode):
                total += self._spread(each.name.value, root)
        return total

    def _spread(self, name: str, root: bool) -> int:
        """A fragment is counted once: spreads within spreads multiply without an end otherwise."""
        found = self._known.get((name, root))
        if found is None:
            fragment = self._fragments.get(name)
            found = 0 if fragment is None else self._sum(fragment.selection_set, root)
            self._known[name, root] = found
        return found

    def _points(self, field: FieldNode, root: bool) -> int:
        name = field.name.value
        if not root:
            return self._weight(field, root)
        if name == "complexity":
            return 0
        return self._weight(field, root) + (self._fixed(name) if self._writes else 0)

    def _fixed(self, name: str) -> int:
        return self._own.get(name, COSTS.get(name, OTHER_MUTATION))

    def _weight(self, field: FieldNode, root: bool) -> int:
        if field.selection_set is None:
            return 1
        return self._sum(field.selection_set, root=False) * self._times(field, root)

    def _times(self, field: FieldNode, root: bool) -> int:
        name = field.name.value
        arguments = {argument.name.value: argument.value for argument in field.arguments or ()}
        ids = self._length(arguments.get("ids"))
        if name in _PAGED or (root and name == "items"):
            return ids or self._number(arguments.get("limit")) or PAGE
        if name in _BY_IDS:
            return ids or FEW
        return FEW if name == "subitems" else 1

    def _number(self, value: ValueNode | None) -> int:
        if isinstance(value, VariableNode):
            given = self._variables.get(value.name.value)
            return given if isinstance(given, int) and given > 0 else 0
        return int(value.value) if isinstance(value, IntValueNode) else 0

    def _length(self, value: ValueNode | None) -> int:
        if isinstance(value, VariableNode):
            given = self._variables.get(value.name.value)
            return len(given) if isinstance(given, list) else 1 if given is not None else 0
        if isinstance(value, ListValueNode):
            return len(value.values)
        return 0 if value is None else 1
