"""order-sync.toml, from the types that read it."""

from __future__ import annotations

from pydantic import BaseModel

from order_sync.cli.settings_text import MEANINGS
from order_sync.settings import TOKEN_VARIABLE, Settings
from reference import models
from reference.markdown import code, table

_NOT_IN_THE_FILE = {"folder", "profile"}


def settings_file() -> str:
    """The entries before the first section, then one section after the other."""
    plain = [name for name in Settings.model_fields if section_of(name) is None]
    first = [each for each in plain if each not in _NOT_IN_THE_FILE]
    parts = ["## Before the first section\n", _fields(Settings, first)]
    for name in Settings.model_fields:
        section = section_of(name)
        if section:
            parts += [f"## `[{name}]`\n", MEANINGS[name].format(token=TOKEN_VARIABLE) + "\n"]
            parts += [_fields(section, list(section.model_fields), name)]
    return "\n".join(parts)


def section_of(name: str) -> type[BaseModel] | None:
    """The model of the section `name`; None for an entry that stands before the sections."""
    annotation = Settings.model_fields[name].annotation
    return annotation if isinstance(annotation, type) and issubclass(annotation, BaseModel) else None


def _fields(model: type[BaseModel], names: list[str], section: str = "") -> str:
    rows = []
    for name in names:
        field = model.model_fields[name]
        entry = models.field_name(name, field)
        meaning = MEANINGS[f"{section}.{entry}" if section else entry]
        rows.append([code(entry), models.kind(field), models.default(field), meaning])
    return table(["entry", "value", "default", "meaning"], rows)
