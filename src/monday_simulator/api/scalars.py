"""What the schema's own scalars take from a document and from variables."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from graphql import GraphQLError, GraphQLScalarType, GraphQLSchema, print_ast
from graphql.language import StringValueNode, ValueNode
from graphql.pyutils import inspect

from monday_simulator.account.uploads import Upload

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


def _take_text(value: object) -> str:
    """A day or a moment: not looked into, but a text."""
    if not isinstance(value, str):
        raise GraphQLError(f"A date cannot represent a non string value: {inspect(value)}")
    return value


def _take_text_literal(node: ValueNode) -> str:
    if not isinstance(node, StringValueNode):
        raise GraphQLError(f"A date cannot represent a non string value: {print_ast(node)}", node)
    return node.value


def _take_file(value: object) -> Upload:
    if not isinstance(value, Upload):
        raise GraphQLError("Upload value invalid.")
    return value


def _refuse_file(node: ValueNode) -> Upload:
    raise GraphQLError("Upload literal unsupported.", node)


_TAKEN: Mapping[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
    "JSON": (_decode, _decode_literal),
    "File": (_take_file, _refuse_file),
    "Date": (_take_text, _take_text_literal),
    "ISO8601DateTime": (_take_text, _take_text_literal),
}


def bind_scalars(schema: GraphQLSchema) -> None:
    for name, (of_variable, of_literal) in _TAKEN.items():
        scalar = schema.type_map[name]
        assert isinstance(scalar, GraphQLScalarType)  # noqa: S101 - for the type checker
        scalar.coerce_input_value = of_variable
        scalar.coerce_input_literal = of_literal
