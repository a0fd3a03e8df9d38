"""Documents over the schema: mostly valid, with arguments of right and wrong types, variables and fragments."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    is_composite_type,
)
from tests.fuzz.account import USER_ID, Known
from tests.fuzz.choices import Choices
from tests.fuzz.values import column_value, column_values, junk

_INTERNAL_ROOT = ("__typename", "__schema { queryType { name } }", '__type(name: "Item") { fields { name } }')
_JUNK_LITERALS = (
    "null", "true", "-0", "1e400", "99999999999999999999999", "9" * 5000, '""', '"a"', "[]", "[[1]]", "{}", "{a: {b: 1}}",
    "NaN", "$nowhere", '"""block"""', '"\\ud83d\\ude00"', '"\\u0000"', "active", "0.1", '"' + "x" * 300 + '"',
)  # fmt: skip


# What changes or finds most: of a hundred roots, each of the others is met now and then.
_OFTEN = 4 * (
    "create_item", "create_subitem", "change_multiple_column_values", "change_column_value", "move_item_to_group",
    "delete_item", "archive_item", "duplicate_item", "create_group", "create_column", "delete_group", "delete_column",
    "boards", "items", "items_page_by_column_values",
)  # fmt: skip


class EnumName(str):
    """Written without quotes in a document."""


@dataclass
class Document:
    text: str
    variables: dict[str, Any]
    operation_name: str | None


@dataclass
class Writer:
    """Writes one document."""

    schema: GraphQLSchema
    boards: tuple[Known, ...]
    choices: Choices
    declared: list[str] = field(default_factory=list)
    variables: dict[str, Any] = field(default_factory=dict)
    fragments: list[str] = field(default_factory=list)
    left: int = 60
    """Fields that may still be written: lists of lists would not end."""
    wild: bool = False
    aliases: int = 0
    here: int = 0
    """The board that a root field mostly is about."""

    @property
    def known(self) -> Known:
        return self.boards[self.here]

    def document(self) -> Document:
        chosen = self.choices
        self.wild = chosen.chance(30)
        kind = chosen.pick(("query", "query", "mutation", "mutation", "mutation"))
        root = self.schema.query_type if kind == "query" else self.schema.mutation_type
        assert root is not None
        selections = self._roots(root)
        name = "Named" if chosen.chance(30) else ""
        declared = f"({', '.join(self.declared)})" if self.declared else ""
        parts = [f"{kind} {name}{declared} {{ {selections} }}", *self.fragments]
        if self._wildly(15):
            parts.append(chosen.pick(("query Other { me { id } }", "{ version { kind } }", "subscription { x }")))
        asked = chosen.pick((name or None, "Other", "", "nobody")) if self.wild else name or None
        return Document(" ".join(parts), self.variables, asked)

    def _wildly(self, percent: int) -> bool:
        """What makes a document invalid happens in few documents, and there more than once."""
        return self.wild and self.choices.chance(percent)

    def _rarely_wild(self) -> bool:
        """For what every field may have: a document has many."""
        return self._wildly(10) and self.choices.chance(4)

    def _roots(self, root: GraphQLObjectType) -> str:
        chosen = self.choices
        names = (*root.fields, *(name for name in _OFTEN if name in root.fields))
        if chosen.chance(10):
            name = chosen.pick(names)
            return " ".join(self._root(root, name, f"m{at}: ", 1) for at in range(chosen.number(2, 60)))
        aliases = [f"r{at}: " if chosen.chance(80) else "" for at in range(chosen.number(1, 4))]
        written = [self._root(root, chosen.pick(names), alias) for alias in aliases]
        if chosen.chance(5):
            written.append(chosen.pick(_INTERNAL_ROOT))
        if chosen.chance(5):
            return self._as_fragment(root.name, " ".join(written))
        return " ".join(written)

    def _root(self, root: GraphQLObjectType, name: str, alias: str, depth: int = 3) -> str:
        self.left -= 1
        self.here = self.choices.number(0, len(self.boards) - 1)
        found = root.fields[name]
        selection = self._selection(get_named_type(found.type), depth)
        return f"{alias}{name}{self._arguments(found)}{self._directive()}{selection}"

    def _field(self, parent: GraphQLObjectType | GraphQLInterfaceType, name: str, depth: int) -> str:
        self.left -= 1
        found = parent.fields[name]
        selection = self._selection(get_named_type(found.type), depth)
        written = f"{name}{self._arguments(found)}{self._directive()}{selection}"
        if not (found.args or selection):
            return written
        self.aliases += 1
        return f"n{self.aliases}: {written}"

    def _directive(self) -> str:
        if self._rarely_wild():
            return self.choices.pick((" @deprecated", " @skip", " @nothing"))
        kinds = (" @skip(if: true)", " @include(if: true)", " @skip(if: false)")
        return self.choices.pick(kinds) if self.choices.chance(4) else ""

    def _selection(self, named: Any, depth: int) -> str:
        if not is_composite_type(named):
            return " { id }" if self._rarely_wild() else ""
        if self._rarely_wild():
            return self.choices.pick((" { __typename nothing }", " { }", ""))
        if isinstance(named, GraphQLUnionType):
            kind = self.choices.pick(named.types)
            return f" {{ __typename ... on {kind.name} {{ {self._fields(kind, 0)} }} }}"
        return f" {{ {self._fields(named, depth)} }}"

    def _fields(self, named: GraphQLObjectType | GraphQLInterfaceType, depth: int) -> str:
        leaves = [name for name, each in named.fields.items() if not is_composite_type(get_named_type(each.type))]
        names = leaves if depth <= 0 or self.left <= 0 else list(named.fields)
        count = self.choices.number(1, 4)
        written = (
            " ".join(self._field(named, self.choices.pick(names), depth - 1) for _ in range(count)) if names else ""
        )
        if isinstance(named, GraphQLInterfaceType) and depth > 0:
            kind = self.choices.pick(self.schema.get_possible_types(named))
            written += f" ... on {kind.name} {{ {self._fields(kind, 0)} }}"
        if self.choices.chance(4):
            return self._as_fragment(named.name, written or "__typename")
        return written or "__typename"

    def _as_fragment(self, type_name: str, selections: str) -> str:
        name = f"F{len(self.fragments)}"
        inner = f" ...{name}" if self._wildly(10) else ""
        self.fragments.append(f"fragment {name} on {type_name} {{ {selections}{inner} }}")
        return f"...{name}" + (f" ...{name}" if self.choices.chance(20) else "")

    # arguments

    def _arguments(self, found: GraphQLField) -> str:
        written = [
            f"{name}: {self._argument(name, each.type)}"
            for name, each in found.args.items()
            if self.choices.chance(self._share_given(each, 35))
        ]
        if self._wildly(2):
            written.append("unheard_of: 1")
        return f"({', '.join(written)})" if written else ""

    def _share_given(self, argument: GraphQLArgument | GraphQLInputField, share: int) -> int:
        if not isinstance(argument.type, GraphQLNonNull):
            return share
        return 95 if self.wild else 100

    def _argument(self, name: str, kind: GraphQLInputType) -> str:
        if self._wildly(10):
            return self.choices.pick(_JUNK_LITERALS)
        value = self._value(name, kind)
        if not self.choices.chance(35):
            return literal(value)
        variable = f"v{len(self.declared)}"
        self.declared.append(f"${variable}: {kind}")
        if not self._wildly(5):
            self.variables[variable] = junk(self.choices) if self._wildly(20) else value
        return f"${variable}"

    def _value(self, name: str, kind: GraphQLInputType) -> Any:
        if isinstance(kind, GraphQLNonNull):
            return self._given(name, kind.of_type)
        return None if self.choices.chance(4) else self._given(name, kind)

    def _given(self, name: str, kind: GraphQLInputType) -> Any:
        """Never null, but for lists of what may be null."""
        if isinstance(kind, GraphQLList):
            return [self._value(name, kind.of_type) for _ in range(self.choices.number(0, 3))]
        if isinstance(kind, GraphQLEnumType):
            return EnumName(self.choices.pick(tuple(kind.values)))
        if isinstance(kind, GraphQLInputObjectType):
            return self._object(kind)
        return self._scalar(name, str(kind))

    def _object(self, kind: GraphQLInputObjectType) -> dict[str, Any]:
        return {
            name: self._value(name, each.type)
            for name, each in kind.fields.items()
            if self.choices.chance(self._share_given(each, 25))
        }

    def _scalar(self, name: str, kind: str) -> Any:
        chosen = self.choices
        if kind == "JSON":
            return column_value(chosen, self.known) if name == "value" else column_values(chosen, self.known)
        if kind == "Int":
            return chosen.pick((0, 1, 2, 25, 500, 501, -1, 2**31 - 1, -(2**31)))
        if kind == "Float":
            return chosen.pick((0, 0.5, -1.5e300, 3))
        if kind == "Boolean":
            return chosen.chance(50)
        return self._named_text(name)

    def _named_text(self, name: str) -> Any:
        """What a text or an id is about stands in its argument's name."""
        chosen = self.choices
        known = chosen.pick(self.boards) if chosen.chance(15) else self.known
        if chosen.chance(8):
            return chosen.pick(("", "0", "-1", "12345", "9" * 5000, "1.0", " 1", "NaN", "١٢", chosen.text()))
        if self._wildly(4):
            return chosen.pick((7, 2**40, 0.5, True))
        if name in ("board_id", "board_ids") or (name == "ids" and chosen.chance(40)):
            return known.board
        if name in ("item_id", "parent_item_id", "ids", "item_ids", "relative_to"):
            return chosen.pick(known.items)
        if "group" in name:
            return chosen.pick(known.groups)
        if "column" in name and "value" not in name:
            return chosen.pick(known.columns)[1]
        if name.endswith(("id", "ids")):
            return chosen.pick((USER_ID, USER_ID, *known.items))
        return chosen.text() if chosen.chance(50) else chosen.pick(("A", "t1", "Item 1", "#ff0000", "2026-01-31"))


def literal(value: Any) -> str:
    """A value as it is written in a document."""
    if value is None:
        return "null"
    if isinstance(value, EnumName):
        return value
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name}: {literal(each)}" for name, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(literal, value)) + "]"
    return json.dumps(value)


def _quoted(text: str) -> str:
    """JSON's escapes are GraphQL's; half a pair of surrogates is what neither allows."""
    return json.dumps(text, ensure_ascii="\x00" in text or not text.isprintable())
