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

    def of(self, operation: OperationDefinitionNode) -> int:
        """One point per leaf, times what lists may hold; a mutation has its fixed points on top."""
        writes = operation.operation.value == "mutation"
        total = 0
        for each in self._fields(operation.selection_set):
            if each.name.value != "complexity":
                total += self._weight(each, root=True) + (self._fixed(each.name.value) if writes else 0)
        return total

    def _fixed(self, name: str) -> int:
        return self._own.get(name, COSTS.get(name, OTHER_MUTATION))

    def _weight(self, field: FieldNode, root: bool) -> int:
        if field.selection_set is None:
            return 1
        inner = sum(self._weight(each, root=False) for each in self._fields(field.selection_set))
        return inner * self._times(field, root)

    def _times(self, field: FieldNode, root: bool) -> int:
        name = field.name.value
        arguments = {argument.name.value: argument.value for argument in field.arguments or ()}
        ids = self._length(arguments.get("ids"))
        if name in _PAGED or (root and name == "items"):
            return ids or self._number(arguments.get("limit")) or PAGE
        if name in _BY_IDS:
            return ids or FEW
        return FEW if name == "subitems" else 1

    def _fields(self, selections: SelectionSetNode | None) -> list[FieldNode]:
        found: list[FieldNode] = []
        for each in selections.selections if selections is not None else ():
            if isinstance(each, FieldNode):
                found.append(each)
            elif isinstance(each, InlineFragmentNode):
                found.extend(self._fields(each.selection_set))
            elif isinstance(each, FragmentSpreadNode) and each.name.value in self._fragments:
                found.extend(self._fields(self._fragments[each.name.value].selection_set))
        return found

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
