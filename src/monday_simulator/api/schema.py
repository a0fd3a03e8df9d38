"""The schema of this package with its resolvers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec
from graphql import (
    GraphQLError,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    build_schema,
    print_schema,
)
from graphql.language import StringValueNode, ValueNode

from monday_simulator.account.uploads import Upload
from monday_simulator.api import maintenance
from monday_simulator.api.mutations import MUTATIONS
from monday_simulator.api.queries import QUERIES
from monday_simulator.api.value_views import ValueView
from monday_simulator.api.versions import CURRENT, MAINTENANCE

_PARTS = ("schema.graphql", "column_values.graphql")


_LONG_NUMBER = re.compile(r"\d{19}")


class InvalidJsonError(GraphQLError):
    """An argument of type JSON that is not JSON in a string."""

    def __init__(self, value: object) -> None:
        self.value = value
        super().__init__("Syntax error in JSON input")

    def details(self) -> dict[str, Any]:
        problem = {"path": [], "explanation": "Syntax error in JSON input"}
        return {"value": self.value, "problems": [problem], "service": "monolith"}


def _decode(value: object) -> Any:
    if not isinstance(value, str):
        raise InvalidJsonError(value)
    try:
        decoded = msgspec.json.decode(value)
        return _in_doubles(decoded) if _LONG_NUMBER.search(value) else decoded
    except (msgspec.DecodeError, RecursionError) as error:
        raise InvalidJsonError(value) from error


def _in_doubles(decoded: Any) -> Any:
    """Numbers beyond 64 bits as a service written in JavaScript reads them; no file keeps longer ones."""
    if isinstance(decoded, dict):
        return {name: _in_doubles(each) for name, each in decoded.items()}
    if isinstance(decoded, list):
        return [_in_doubles(each) for each in decoded]
    return float(decoded) if isinstance(decoded, int) and decoded.bit_length() >= 64 else decoded


def _decode_literal(node: ValueNode) -> Any:
    return _decode(node.value if isinstance(node, StringValueNode) else None)


def _take_file(value: object) -> Upload:
    if not isinstance(value, Upload):
        raise GraphQLError("Upload value invalid.")
    return value


def _refuse_file(node: ValueNode) -> Upload:
    raise GraphQLError("Upload literal unsupported.", node)


def sdl(version: str = CURRENT) -> str:
    """The definition language of what this version has; of the current one as it is written."""
    if version == MAINTENANCE:
        return print_schema(executable_schema(version))
    room = files("monday_simulator.api")
    return "\n".join(room.joinpath(name).read_text(encoding="utf-8") for name in _PARTS)


def executable_schema(version: str = CURRENT) -> GraphQLSchema:
    """Built once a process for each schema there is; it holds no state."""
    return _maintained() if version == MAINTENANCE else _current()


@cache
def _current() -> GraphQLSchema:
    return _with_resolvers(build_schema(sdl()), {**QUERIES, "Mutation": MUTATIONS})


@cache
def _maintained() -> GraphQLSchema:
    schema = build_schema(sdl() + maintenance.extensions())
    users = {**QUERIES["User"], **maintenance.USER_FIELDS}
    _with_resolvers(schema, {**QUERIES, "User": users, "Mutation": MUTATIONS})
    maintenance.take_back(schema)
    return schema


def _with_resolvers(schema: GraphQLSchema, resolvers: Mapping[str, Mapping[str, Any]]) -> GraphQLSchema:
    for type_name, fields in resolvers.items():
        bound = schema.type_map[type_name]
        assert isinstance(bound, GraphQLObjectType)  # noqa: S101 - for the type checker
        for field_name, resolver in fields.items():
            bound.fields[field_name].resolve = resolver
    json = schema.type_map["JSON"]
    assert isinstance(json, GraphQLScalarType)  # noqa: S101 - for the type checker
    json.coerce_input_value = _decode
    json.coerce_input_literal = _decode_literal
    file = schema.type_map["File"]
    assert isinstance(file, GraphQLScalarType)  # noqa: S101 - for the type checker
    file.coerce_input_value = _take_file
    file.coerce_input_literal = _refuse_file
    column_value = schema.type_map["ColumnValue"]
    assert isinstance(column_value, GraphQLInterfaceType)  # noqa: S101 - for the type checker
    column_value.resolve_type = _type_of_value
    return schema


def _type_of_value(value: ValueView, _info: object, _abstract: object) -> str:
    return value.typename
