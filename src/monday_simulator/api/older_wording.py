"""Refused documents as they were told up to 2024-10: single quotes, a code, and the path to the place."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from graphql import GraphQLError, parse
from graphql.language import Node, OperationDefinitionNode

from monday_simulator.api.documents import requote

Told = tuple[str, dict[str, Any]]


def in_older_wording(error: GraphQLError) -> dict[str, Any]:
    """One entry of `errors`."""
    message = requote(error.message)
    locations = [{"line": each.line, "column": each.column} for each in error.locations or ()]
    if message.startswith("Syntax Error"):
        where = f" at [{locations[0]['line']}, {locations[0]['column']}]" if locations else ""
        return {"message": f"Parse error{where}: {message.partition(': ')[2]}", "locations": locations}
    path = _path(error)
    for pattern, tell in _WORDINGS:
        found = pattern.match(message)
        if found is not None:
            told, extensions = tell(found, path)
            return {"message": told, "locations": locations, "path": path, "extensions": extensions}
    return {"message": message, "locations": locations, "path": path}


def _path(error: GraphQLError) -> list[str]:
    """From the operation through fields, and an argument's name, to where the error is."""
    if not error.nodes or error.nodes[0].loc is None:
        return []
    loc = error.nodes[0].loc
    document = parse(loc.source.body)
    names: list[str] = []
    at: Node | None = next((each for each in document.definitions if _holds(each, loc.start)), None)
    if isinstance(at, OperationDefinitionNode):
        names.append(f"{at.operation.value} {at.name.value}" if at.name else at.operation.value)
    while at is not None:
        children = [*(getattr(at, "arguments", None) or ()), *_selections(at)]
        at = next((each for each in children if _holds(each, loc.start)), None)
        named = getattr(at, "alias", None) or getattr(at, "name", None)
        if named is not None:
            names.append(named.value)
    return names


def _selections(node: Node) -> list[Node]:
    below = getattr(node, "selection_set", None)
    return [] if below is None else list(below.selections)


def _holds(node: Node, position: int) -> bool:
    return node.loc is not None and node.loc.start <= position < node.loc.end


def _undefined_field(found: re.Match[str], _path: list[str]) -> Told:
    field, type_name = found.groups()
    extensions = {"code": "undefinedField", "typeName": type_name, "fieldName": field}
    return f"Field '{field}' doesn't exist on type '{type_name}'", extensions


def _argument_not_accepted(found: re.Match[str], _path: list[str]) -> Told:
    argument, field = found.groups()
    extensions = {"code": "argumentNotAccepted", "name": field, "typeName": "Field", "argumentName": argument}
    return f"Field '{field}' doesn't accept argument '{argument}'", extensions


def _argument_missing(found: re.Match[str], _path: list[str]) -> Told:
    field, argument = found.groups()
    extensions = {
        "code": "missingRequiredArguments",
        "className": "Field",
        "name": field,
        "arguments": argument,
    }
    return f"Field '{field}' is missing required arguments: {argument}", extensions


def _literal(found: re.Match[str], path: list[str]) -> Told:
    field, argument = (["", "", *path])[-2:]
    extensions = {"code": "argumentLiteralsIncompatible", "typeName": "Field", "argumentName": argument}
    type_name, value = found.groups()
    message = f"Argument '{argument}' on Field '{field}' has an invalid value ({value}). Expected type '{type_name}'."
    return message, extensions


def _no_selection(found: re.Match[str], _path: list[str]) -> Told:
    field, type_name = found.groups()
    message = f"Field must have selections (field '{field}' returns {type_name} but has no selections. "
    extensions = {"code": "selectionMismatch", "nodeName": f"field '{field}'", "typeName": type_name}
    return f"{message}Did you mean '{field} {{ ... }}'?)", extensions


_WORDINGS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], list[str]], Told]], ...] = (
    (re.compile(r'Cannot query field "(\w+)" on type "(\w+)"'), _undefined_field),
    (re.compile(r'Unknown argument "(\w+)" on field "\w+\.(\w+)"'), _argument_not_accepted),
    (re.compile(r'Field "(\w+)" argument "(\w+)" of type'), _argument_missing),
    (re.compile(r'Enum "(\w+)" cannot represent non-enum value: (.*?)\.(?: Did|$)'), _literal),
    (re.compile(r"(\w+) cannot represent .*? value: (.*)"), _literal),
    (re.compile(r'Field "(\w+)" of type "\[?(\w+)[^"]*" must have a selection of subfields'), _no_selection),
)
