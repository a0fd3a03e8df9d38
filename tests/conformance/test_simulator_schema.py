"""What the simulator's schema has must be in the official one, and be the same there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLUnionType,
    build_schema,
    print_ast,
)

from monday_simulator.api.schema import sdl

OFFICIAL = Path(__file__).resolve().parents[2].parent / "shared" / "monday" / "schema"

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not OFFICIAL.exists(), reason="the official schema is not beside the repository"),
]


@pytest.fixture(scope="module")
def own() -> GraphQLSchema:
    return build_schema(sdl())


def official_schema(version: str) -> GraphQLSchema:
    text = (OFFICIAL / f"schema.{version}.graphql").read_text(encoding="utf-8")
    return build_schema(text, assume_valid=True, assume_valid_sdl=True)


@pytest.fixture(scope="module")
def official() -> GraphQLSchema:
    return official_schema("2026-10")


NEW_SINCE_2026_07 = {
    "DailyLimit.addon does not exist",
    "DailyLimitAddon does not exist",
    "Team.created_at does not exist",
}
"""What 2026-10 has over 2026-07, of the part that is simulated. The simulator's schema is that of 2026-10."""


def own_types(schema: GraphQLSchema) -> dict[str, GraphQLNamedType]:
    builtin = {"String", "Int", "Float", "Boolean", "ID"}
    return {name: each for name, each in schema.type_map.items() if not name.startswith("__") and name not in builtin}


def default_of(argument: Any) -> str | None:
    """The default as written in the schema."""
    value = None if argument.ast_node is None else argument.ast_node.default_value
    return None if value is None else print_ast(value)


def differences(mine: GraphQLNamedType, theirs: GraphQLNamedType | None) -> list[str]:
    """Everything of ours that is absent or other in theirs."""
    if theirs is None:
        return [f"{mine.name} does not exist"]
    if type(mine) is not type(theirs):
        return [f"{mine.name} is a {type(theirs).__name__}"]
    if isinstance(mine, GraphQLEnumType) and isinstance(theirs, GraphQLEnumType):
        return [f"{mine.name}.{value} does not exist" for value in mine.values if value not in theirs.values]
    if isinstance(mine, GraphQLInputObjectType) and isinstance(theirs, GraphQLInputObjectType):
        must = [f"{mine.name} must have {each}" for each in _needed(theirs.fields) if each not in mine.fields]
        return [*_inputs(mine.name, mine.fields, theirs.fields), *must]
    if isinstance(mine, GraphQLUnionType) and isinstance(theirs, GraphQLUnionType):
        names = {each.name for each in theirs.types}
        return [f"{mine.name} has no {each.name}" for each in mine.types if each.name not in names]
    if isinstance(mine, GraphQLScalarType):
        return []
    return _fields(mine, theirs)


def _fields(mine: Any, theirs: Any) -> list[str]:
    assert isinstance(mine, GraphQLObjectType | GraphQLInterfaceType)
    found = [
        f"{mine.name} does not implement {each.name}"
        for each in mine.interfaces
        if each.name not in {other.name for other in theirs.interfaces}
    ]
    for name, field in mine.fields.items():
        where = f"{mine.name}.{name}"
        other = theirs.fields.get(name)
        if other is None:
            found.append(f"{where} does not exist")
            continue
        if str(field.type) != str(other.type):
            found.append(f"{where} is {other.type}, not {field.type}")
        found.extend(_inputs(where, field.args, other.args))
        found += [f"{where} must have {each}" for each in _needed(other.args) if each not in field.args]
    return found


def _needed(inputs: dict[str, Any]) -> list[str]:
    return [name for name, each in inputs.items() if str(each.type).endswith("!") and default_of(each) is None]


def _inputs(where: str, mine: dict[str, Any], theirs: dict[str, Any]) -> list[str]:
    found = []
    for name, argument in mine.items():
        other = theirs.get(name)
        if other is None:
            found.append(f"{where}({name}) does not exist")
        elif str(argument.type) != str(other.type):
            found.append(f"{where}({name}) is {other.type}, not {argument.type}")
        elif default_of(argument) != default_of(other):
            found.append(f"{where}({name}) has the default {default_of(other)}, not {default_of(argument)}")
    return found


def all_differences(mine: GraphQLSchema, theirs: GraphQLSchema) -> list[str]:
    return [
        problem for name, each in own_types(mine).items() for problem in differences(each, theirs.type_map.get(name))
    ]


def test_all_that_is_ours_is_theirs(own: GraphQLSchema, official: GraphQLSchema) -> None:
    assert all_differences(own, official) == []


def test_differences_to_the_version_before_are_the_listed_ones(own: GraphQLSchema) -> None:
    assert set(all_differences(own, official_schema("2026-07"))) == NEW_SINCE_2026_07


def test_maintenance_version_has_a_schema_of_its_own() -> None:
    older, theirs = build_schema(sdl("2026-07")), official_schema("2026-07")
    assert all_differences(older, theirs) == []
    new = [problem for problem in all_differences(older, official_schema("2026-10")) if "does not exist" in problem]
    assert {problem.partition(".")[0] for problem in new} == {"User"}


def test_a_difference_would_be_seen(official: GraphQLSchema) -> None:
    wrong = build_schema(
        "type Query { me(id: ID): User! nobody: ID items(limit: Int = 5): [Item] }"
        " type User { id: ID } type Item { id: ID! } enum State { asleep } input ColumnMappingInput { target: ID }"
        " union FileValueItem = User"
    )
    assert all_differences(wrong, official) == [
        "Query.me is User, not User!",
        "Query.me(id) does not exist",
        "Query.nobody does not exist",
        "Query.items(limit) has the default 25, not 5",
        "User.id is ID!, not ID",
        "State.asleep does not exist",
        "ColumnMappingInput must have source",
        "FileValueItem has no User",
    ]
