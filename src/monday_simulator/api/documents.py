"""GraphQL documents: parsed and validated once, then remembered; refused in monday's own wording."""

from __future__ import annotations

import json
import re
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLError, GraphQLSchema, Source, validate
from graphql.language import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    Lexer,
    OperationDefinitionNode,
    SelectionSetNode,
    Token,
    TokenKind,
)
from graphql.language.parser import Parser

KEPT = 512
KEPT_LENGTH = 200_000
MOST_TOKENS = 100_000
_QUOTED = re.compile(r"(?<![\w\"])'([^'\"]*)'(?!\w)")
_NOT_GIVEN = re.compile(
    r'^Variable "(\$\w+)" has invalid value: Expected a value of non-null type "(.+)" to be provided\.$'
)
# Texts without escapes of code points are JSON's own, but for control characters. Surrogates are left to the library.
_STRING = re.compile(r'"(?:[^"\\\r\n\ud800-\udfff]+|\\["\\/bfnrt])*+"')
_MISSING = re.compile(r'^Argument "\w+\.(\w+)\((\w+):\)" of type')


def requote(message: str) -> str:
    """graphql-core's wording as the service's: double-quoted names, older forms of what is missing."""
    message = _QUOTED.sub(r'"\1"', message)
    message = _NOT_GIVEN.sub(r'Variable "\1" of required type "\2" was not provided.', message)
    return _MISSING.sub(r'Field "\1" argument "\2" of type', message)


class _Lexer(Lexer):
    """Takes most strings in one step, not a character at a time: `column_values` are long."""

    def read_string(self, start: int) -> Token:
        found = _STRING.match(self.source.body, start)
        if found is None:
            return super().read_string(start)
        return self.create_token(TokenKind.STRING, start, found.end(), json.loads(found[0], strict=False))


@dataclass(frozen=True)
class Operation:
    """One executable operation. names: response key and name of each of its roots, in order."""

    document: DocumentNode
    definition: OperationDefinitionNode
    fragments: Mapping[str, FragmentDefinitionNode]
    names: tuple[tuple[str, str], ...]
    roots: tuple[FieldNode, ...] = ()

    @property
    def writes(self) -> bool:
        return self.definition.operation.value == "mutation"

    @property
    def is_about_complexity_alone(self) -> bool:
        return bool(self.names) and not self.fields and not self.writes

    @property
    def fields(self) -> tuple[str, ...]:
        """Names of the root fields without `complexity`, which changes nothing."""
        return tuple(name for _, name in self.names if name != "complexity")

    @property
    def keys(self) -> tuple[str, ...]:
        """Response keys of those fields."""
        return tuple(key for key, name in self.names if name != "complexity")

    def only(self, keys: Collection[str]) -> Operation:
        """The same with no other root fields than those with these response keys."""
        roots = tuple(each for each in self.roots if _key(each) in keys)
        definition = OperationDefinitionNode(
            operation=self.definition.operation,
            name=self.definition.name,
            variable_definitions=self.definition.variable_definitions,
            directives=self.definition.directives,
            selection_set=SelectionSetNode(selections=roots),
        )
        document = DocumentNode(definitions=(definition, *self.fragments.values()))
        return Operation(document, definition, self.fragments, _names(roots), roots)


class Documents:
    """The last KEPT documents, by their text. wording: how an error of theirs is told."""

    def __init__(self, schema: GraphQLSchema, wording: Callable[[GraphQLError], dict[str, Any]] | None = None) -> None:
        self._schema = schema
        self._wording = wording or formatted
        self._known: OrderedDict[str, DocumentNode | list[dict[str, Any]]] = OrderedDict()

    def operation(self, text: str, name: str | None) -> Operation | list[dict[str, Any]]:
        """The operation to execute, or the errors of a document that is not valid."""
        document = self._document(text)
        return document if isinstance(document, list) else _operation(document, name)

    def _document(self, text: str) -> DocumentNode | list[dict[str, Any]]:
        found = self._known.get(text)
        if found is None:
            found = self._read(text)
            if len(text) <= KEPT_LENGTH:
                self._known[text] = found
            while len(self._known) > KEPT:
                self._known.popitem(last=False)
        return found

    def _read(self, text: str) -> DocumentNode | list[dict[str, Any]]:
        try:
            source = Source(text)
            document = Parser(source, lexer=_Lexer(source), max_tokens=MOST_TOKENS).parse_document()
            errors = validate(self._schema, document)
        except GraphQLError as error:
            return [self._wording(error)]
        except RecursionError:
            return [{"message": "Syntax Error: Document is nested too deeply."}]
        return [self._wording(error) for error in errors] if errors else document


def formatted(error: GraphQLError) -> dict[str, Any]:
    plain: dict[str, Any] = dict(error.formatted)
    plain["message"] = requote(error.message)
    return plain


def _operation(document: DocumentNode, name: str | None) -> Operation | list[dict[str, Any]]:
    definitions = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
    if name:
        definitions = [each for each in definitions if each.name is not None and each.name.value == name]
        if not definitions:
            return [{"message": f'Unknown operation named "{name}".'}]
    if len(definitions) != 1:
        return [{"message": "Must provide operation name if query contains multiple operations."}]
    fragments = {each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)}
    roots = tuple(_roots(definitions[0].selection_set, fragments, set()))
    return Operation(document, definitions[0], fragments, _names(roots), roots)


def _roots(
    selections: SelectionSetNode, fragments: Mapping[str, FragmentDefinitionNode], spread: set[str]
) -> Iterator[FieldNode]:
    """Root fields, also those in fragments. A fragment counts once: doubled at each level it would never end."""
    for each in selections.selections:
        if isinstance(each, FieldNode):
            yield each
        elif isinstance(each, InlineFragmentNode):
            yield from _roots(each.selection_set, fragments, spread)
        elif isinstance(each, FragmentSpreadNode) and each.name.value not in spread:
            spread.add(each.name.value)
            yield from _roots(fragments[each.name.value].selection_set, fragments, spread)


def _names(roots: tuple[FieldNode, ...]) -> tuple[tuple[str, str], ...]:
    """Fields with the same response key are one."""
    return tuple({_key(each): each.name.value for each in roots}.items())


def _key(field: FieldNode) -> str:
    return field.alias.value if field.alias else field.name.value
