"""The schema of this package with its resolvers."""

from __future__ import annotations

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
)
from graphql.language import StringValueNode, ValueNode

from monday_simulator.account.uploads import Upload
from monday_simulator.api.mutations import MUTATIONS
from monday_simulator.api.queries import QUERIES
from monday_simulator.api.views import ValueView


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
        return msgspec.json.decode(value)
    except msgspec.DecodeError as error:
        raise InvalidJsonError(value) from error


def _decode_literal(node: ValueNode) -> Any:
    return _decode(node.value if isinstance(node, StringValueNode) else None)


def _take_file(value: object) -> Upload:
    if not isinstance(value, Upload):
        raise GraphQLError("Upload value invalid.")
    return value


def _refuse_file(node: ValueNode) -> Upload:
    raise GraphQLError("Upload literal unsupported.", node)


def sdl() -> str:
    return files("monday_simulator.api").joinpath("schema.graphql").read_text(encoding="utf-8")


@cache
def executable_schema() -> GraphQLSchema:
    """Built once a process; it holds no state."""
    schema = build_schema(sdl())
    for type_name, fields in {**QUERIES, "Mutation": MUTATIONS}.items():
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
