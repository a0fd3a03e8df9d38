"""Pydantic models as tables: one section a model, one row a field."""

from __future__ import annotations

import types
from collections.abc import Iterable, Iterator
from enum import Enum
from pathlib import Path
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from reference import comments
from reference.markdown import code, table
from reference.meanings import MEANINGS

_PLAIN = {str: "text", int: "whole number", float: "number", bool: "true or false", Path: "path"}
_BOUNDS = {
    "ge": "at least {}",
    "gt": "more than {}",
    "le": "at most {}",
    "lt": "less than {}",
    "pattern": "matching `{}`",
    "min_length": "{} or more",
}


def nested(model: type[BaseModel]) -> list[type[BaseModel]]:
    """The model and every model inside it, each once, in the order of the file."""
    found: list[type[BaseModel]] = []

    def visit(each: type[BaseModel]) -> None:
        if each not in found:
            found.append(each)
            for field in each.model_fields.values():
                for inner in _inside(field.annotation):
                    if isinstance(inner, type) and issubclass(inner, BaseModel):
                        visit(inner)

    visit(model)
    return found


def enums(models: Iterable[type[BaseModel]]) -> list[type[Enum]]:
    """The closed sets that the models' fields draw from, each once."""
    found: list[type[Enum]] = []
    for model in models:
        for field in model.model_fields.values():
            for inner in _inside(field.annotation):
                if isinstance(inner, type) and issubclass(inner, Enum) and inner not in found:
                    found.append(inner)
    return found


def enum_table(enum: type[Enum]) -> str:
    """The values and what stands beside each in the source; a plain list where nothing does."""
    beside = comments.of_members(enum)
    if not beside:
        return ", ".join(code(each.value) for each in enum) + "\n"
    said = {each: beside.get(each.name) or MEANINGS.get(f"{enum.__name__}.{each.name}", "") for each in enum}
    return table(["value", "meaning"], [[code(each.value), said[each]] for each in enum])


def field_name(name: str, field: FieldInfo) -> str:
    """The name as written in the file."""
    return field.alias or name


def described(model: type[BaseModel], name: str, field: FieldInfo) -> str:
    """What the field means: its description, else the comment beside it, else our own words."""
    said = field.description or comments.of_members(model).get(name, "")
    return said or MEANINGS.get(f"{model.__name__}.{name}", "")


def default(field: FieldInfo) -> str:
    """How the value reads when it is left out."""
    if field.is_required():
        return "**required**"
    value = field.get_default(call_default_factory=True)
    if value is PydanticUndefined or isinstance(value, BaseModel):
        return ""
    if isinstance(value, Enum):
        return code(value.value)
    if value is None or value in ("", [], {}, ()):
        return "empty"
    if isinstance(value, bool):
        return code(str(value).lower())
    return code(list(value) if isinstance(value, tuple) else value)


def kind(field: FieldInfo) -> str:
    """The type in words, with its bounds."""
    bounds = [
        words.format(getattr(rule, bound))
        for rule in field.metadata
        for bound, words in _BOUNDS.items()
        if getattr(rule, bound, None) is not None
    ]
    return ", ".join([_words(field.annotation), *bounds])


def _words(annotation: Any) -> str:
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is list or origin is tuple:
        return f"list of {_words(parts[0])}"
    if origin is dict:
        return f"{_words(parts[0])} to {_words(parts[1])}"
    if origin in (Union, types.UnionType):
        return " or ".join(_words(part) for part in parts if part is not type(None))
    if hasattr(annotation, "__metadata__"):
        return _words(annotation.__origin__)
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return " ".join(code(each.value) for each in annotation)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return f"[{annotation.__name__}](#{annotation.__name__.lower()})"
    return _PLAIN.get(annotation, str(annotation))


def _inside(annotation: Any) -> Iterator[Any]:
    yield annotation
    for part in get_args(annotation):
        yield from _inside(part)
