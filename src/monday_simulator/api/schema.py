"""The schema of this package with its resolvers."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from graphql import (
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    build_schema,
    print_schema,
)

from monday_simulator.api import maintenance
from monday_simulator.api.mutations import MUTATIONS
from monday_simulator.api.queries import QUERIES
from monday_simulator.api.scalars import bind_scalars
from monday_simulator.api.value_views import ValueView
from monday_simulator.api.versions import CURRENT, MAINTENANCE

_PARTS = ("schema.graphql", "column_values.graphql")


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
    bind_scalars(schema)
    column_value = schema.type_map["ColumnValue"]
    assert isinstance(column_value, GraphQLInterfaceType)  # noqa: S101 - for the type checker
    column_value.resolve_type = _type_of_value
    return schema


def _type_of_value(value: ValueView, _info: object, _abstract: object) -> str:
    return value.typename
