"""Whether a document has the names and kinds of values that its pydantic type asks for, said in our words."""

from __future__ import annotations

import re
import types
from collections.abc import Iterable, Iterator
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from order_sync.model.mapping import ColumnType
from order_sync.model.mapping_problems import PLACEHOLDER, Problem, nearest, one_of, shown
from order_sync.model.mapping_yaml import Document, Path

_KINDS = {  # pydantic's error type -> what was expected
    "string_type": "text",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "list_type": "a list",
    "dict_type": "names and values",
    "model_type": "names and values",
    "model_attributes_type": "names and values",
}
_LIMITS = {
    "too_short": ("at least {} entry", "min_length"),
    "greater_than": ("a number above {}", "gt"),
    "greater_than_equal": ("a number of at least {}", "ge"),
    "less_than_equal": ("a number of at most {}", "le"),
}
_PATTERNS = {
    r"^\d{1,20}$": "the number of a board (digits, from its address)",
    r"^[a-z0-9_]{1,64}$": "the id of a board column (a-z, 0-9 and _, e.g. text_mkr5wya6)",
}
_BOARDS = (("board", "id"), ("subitems", "board_id"))
_PLACES = {  # last name of the path -> what to fill in
    "id": "the id of the column on the board",
    "board_id": "the id of the column on the board",
    "sync_key": "the id of the text column that carries the sync key",
    "subtasks_column": "the id of the subtasks column",
}


def shape_problems(document: Document, model: type[BaseModel]) -> Iterator[Problem]:
    """Every missing, unknown or ill-typed value, and every placeholder that was left."""
    yield from _placeholders(document)
    try:
        model.model_validate(document.data)
    except ValidationError as fault:
        for error in fault.errors(include_url=False):
            if error["input"] != PLACEHOLDER:
                yield _translated(document, model, error)


def _placeholders(document: Document) -> Iterator[Problem]:
    for path in document.lines:
        if document.at(path) == PLACEHOLDER:
            yield document.problem(path, _missing_value(path), f"the placeholder {PLACEHOLDER}: fill it in")


def _missing_value(path: Path) -> str:
    if path in _BOARDS:
        return "the number in the board's address"
    return _PLACES.get(str(path[-1]), "the real value")


def _translated(document: Document, model: type[BaseModel], error: ErrorDetails) -> Problem:
    path: Path = tuple(error["loc"])
    if error["type"] == "extra_forbidden":
        return _unknown_name(document, model, path)
    if error["type"] == "missing":
        return document.problem(path, "a value here", "nothing")
    if error["type"] == "enum":
        return _unknown_choice(document, path, error)
    return document.problem(path, _expected(error), shown(error["input"]))


def _expected(error: ErrorDetails) -> str:
    kind, limits = error["type"], error.get("ctx", {})
    if kind in _LIMITS:
        words, limit = _LIMITS[kind]
        return words.format(limits[limit])
    if kind == "string_pattern_mismatch":
        return _PATTERNS[limits["pattern"]]
    return _KINDS.get(kind) or error["msg"]


def _unknown_name(document: Document, model: type[BaseModel], path: Path) -> Problem:
    known = _names_at(model, path[:-1])
    name = str(path[-1])
    meant = nearest(name, known)
    expected = "a known name" if meant else f"a known name ({one_of(known)})"
    return document.problem(path, expected, shown(name), meant)


def _unknown_choice(document: Document, path: Path, error: ErrorDetails) -> Problem:
    choices = re.findall("'([^']*)'", error["ctx"]["expected"])
    expected = one_of(choices)
    if choices == [kind.value for kind in ColumnType]:
        expected += " (the column types that are written now)"
    found = error["input"]
    return document.problem(path, expected, shown(found), nearest(str(found), choices))


def _names_at(model: type[BaseModel], path: Path) -> list[str]:
    """The field names, as the file spells them, of the type that stands at `path`."""
    here: Any = model
    for part in path:
        here = _inner(here) if isinstance(part, int) else _field(here, part)
    return [field.alias or name for name, field in _plain(here).model_fields.items()]


def _field(model: Any, name: str) -> Any:
    fields = _plain(model).model_fields
    return next(field.annotation for key, field in fields.items() if name in (key, field.alias))


def _inner(annotation: Any) -> Any:
    return get_args(_plain(annotation))[0]


def _plain(annotation: Any) -> Any:
    """The annotation without `| None`."""
    if get_origin(annotation) not in (Union, types.UnionType):
        return annotation
    return next(part for part in get_args(annotation) if part is not type(None))


def choice_problem(document: Document, path: Path, choices: Iterable[str]) -> Problem | None:
    """A problem where the text at `path` is none of `choices`; absent values are no problem here."""
    found = document.text(*path)
    known = [str(choice) for choice in choices]
    if found is None or found in known:
        return None
    return document.problem(path, one_of(known), shown(found), nearest(found, known))
