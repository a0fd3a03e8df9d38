"""What is wrong with the settings, one line each: file and line or variable, entry, and the name that was meant."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from order_sync.model.mapping_problems import nearest, shown

_SECTION = re.compile(r"\s*\[\s*([^\[\]]+?)\s*\]")
_KEY = re.compile(r"""\s*["']?([A-Za-z0-9_-]+)["']?\s*=""")
_UNKNOWN = "extra_forbidden"


def settings_problems(
    error: ValidationError, model: type[BaseModel], text: str, file: str, profile: str, variables: Mapping[str, str]
) -> Iterator[str]:
    """`variables`: entry -> environment variable that it came from; the rest stands in `text`."""
    for each in error.errors():
        names = [str(part) for part in each["loc"]]
        entry = ".".join(names)
        variable = variables.get(entry)
        yield f"{variable or _place(text, file, profile, names)}: {entry}: {_what(each, names, model)}"


def _what(each: Any, names: list[str], model: type[BaseModel]) -> str:
    if each["type"] != _UNKNOWN:
        # An address may hold a password.
        secret = isinstance(each["input"], (dict, list)) or "://" in str(each["input"]) or names[-1].endswith("url")
        return str(each["msg"]) + ("" if secret else f", found {shown(each['input'])}")
    meant = nearest(names[-1], _known(model, names[:-1]))
    return "there is no such entry" + (f" (did you mean {meant!r}?)" if meant else "")


def _known(model: type[BaseModel], section: list[str]) -> list[str]:
    for name in section:
        inner = model.model_fields[name].annotation
        if not (isinstance(inner, type) and issubclass(inner, BaseModel)):
            return []
        model = inner
    return [field.alias or name for name, field in model.model_fields.items()]


def _place(text: str, file: str, profile: str, names: list[str]) -> str:
    """`order-sync.toml:12`; the file alone where the entry is written in no plain way."""
    places = dict(_entries(text))
    inner = [".".join(names[:end]) for end in range(len(names), 0, -1)]
    candidates = [*(f"profiles.{profile}.{name}" for name in inner if profile), *inner]
    line = next((places[name] for name in candidates if name in places), None)
    return file if line is None else f"{file}:{line}"


def _entries(text: str) -> Iterator[tuple[str, int]]:
    """Each section and each `name = value` with its line."""
    section = ""
    for number, line in enumerate(text.splitlines(), 1):
        if found := _SECTION.match(line):
            section = found[1] + "."
            yield found[1], number
        elif found := _KEY.match(line):
            yield section + found[1], number
