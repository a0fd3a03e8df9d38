"""GraphQL documents: parsed and validated once, then remembered; refused in monday's own wording."""

from __future__ import annotations

import json
import re
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLError, GraphQLSchema, Source, validate
from graphql.language import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    Lexer,
    OperationDefinitionNode,
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
    """One executable operation. names: response key and name of each root field, in order."""

    document: DocumentNode
    definition: OperationDefinitionNode
    fragments: Mapping[str, FragmentDefinitionNode]
    names: tuple[tuple[str, str], ...]

    @property
    def writes(self) -> bool:
        return self.definition.operation.value == "mutation"

    @property
    def fields(self) -> tuple[str, ...]:
        """Names of the root fields without `complexity`, which changes nothing."""
        return tuple(name for _, name in self.names if name != "complexity")

    @property
    def keys(self) -> tuple[str, ...]:
        """Response keys of those fields."""
        return tuple(key for key, name in self.names if name != "complexity")


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
    return Operation(document, definitions[0], fragments, _names(definitions[0]))


def _names(definition: OperationDefinitionNode) -> tuple[tuple[str, str], ...]:
    fields = [each for each in definition.selection_set.selections if isinstance(each, FieldNode)]
    return tuple((each.alias.value if each.alias else each.name.value, each.name.value) for each in fields)
