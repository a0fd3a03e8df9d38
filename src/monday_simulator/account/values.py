"""Column values as clients write them: parsed into the stored form, or refused."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from typing import Any

from monday_simulator.account.errors import FieldError, column_not_found, column_value_refused
from monday_simulator.account.labels import (
    STATUS_LABEL_LENGTH,
    LabelsFullError,
    add_label,
    draft,
    find_label,
    label_with_id,
)
from monday_simulator.account.state import Board, Column

LONG_TEXT_MAX = 2000
READ_ONLY = frozenset(
    {
        "mirror", "formula", "auto_number", "item_id", "creation_log", "last_updated", "progress", "subtasks",
        "button", "vote", "board_relation", "file",
    }
)  # fmt: skip
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_LABEL_IDS = re.compile(r"\s*\d+(\s*,\s*\d+)*\s*")


@dataclass
class Parsed:
    """values: None clears the column. settings: those of columns that got new labels."""

    values: dict[str, Any]
    settings: dict[str, dict[str, Any]]
    name: str | None = None


class _Target:
    """One column about to be written. Labels go into a draft: a refused item leaves none behind."""

    def __init__(self, column: Column, create_labels: bool, parsed: Parsed) -> None:
        self.column = column
        self.create_labels = create_labels
        self._parsed = parsed

    @property
    def settings(self) -> Mapping[str, Any]:
        drafted = self._parsed.settings.get(self.column.id)
        return self.column.settings if drafted is None else drafted

    def refuse(self, reason: str) -> FieldError:
        return column_value_refused(reason, self.column.id, self.column.type)

    def label_id(self, text: str) -> int:
        found = find_label(self.settings, text)
        if found is not None:
            return found
        if not self.create_labels:
            raise self.refuse("label does not exist in column")
        settings = self._parsed.settings.setdefault(self.column.id, draft(self.column.settings))
        try:
            return add_label(self.column.type, settings, text)
        except LabelsFullError as full:
            raise self.refuse(str(full)) from full

    def known_id(self, label_id: int) -> int:
        if label_with_id(self.settings, label_id) is None:
            raise self.refuse("label does not exist in column")
        return label_id


def parse_values(board: Board, raw: Mapping[str, Any], create_labels: bool) -> Parsed:
    """Parse a whole `column_values`; raises FieldError at the first column that refuses its value."""
    parsed = Parsed({}, {})
    columns = {column.id: column for column in board.columns}
    for column_id, value in raw.items():
        if column_id == "name" and isinstance(value, str):
            parsed.name = value
            continue
        column = columns.get(column_id)
        if column is None or column.archived:
            raise column_not_found(column_id, board.id)
        parsed.values[column_id] = _parse(_Target(column, create_labels, parsed), value)
    return parsed


def _parse(target: _Target, raw: object) -> Any:
    if target.column.type in READ_ONLY:
        raise target.refuse(f"a {target.column.type} column cannot be written")
    parser = _PARSERS.get(target.column.type)
    if parser is None:
        raise target.refuse(f"writing a {target.column.type} column is not simulated")
    return None if raw is None else parser(target, raw)


def _text(target: _Target, raw: object) -> str | None:
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        raise target.refuse("a text column takes a string")
    return str(raw) or None


def _long_text(target: _Target, raw: object) -> str | None:
    text = raw.get("text") if isinstance(raw, dict) else raw
    if text is None:
        return None
    if not isinstance(text, str):
        raise target.refuse("a long text column takes a text")
    if len(text) > LONG_TEXT_MAX:
        raise target.refuse(f"a long text column holds at most {LONG_TEXT_MAX} characters")
    return text or None


def _numbers(target: _Target, raw: object) -> str:
    if raw == "":
        return "0"
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        raise target.refuse("a numbers column takes a number in a string")
    text = str(raw).strip()
    if not _NUMBER.fullmatch(text) or not math.isfinite(float(text)):
        raise target.refuse("not a number")
    return as_double(text)


def as_double(text: str) -> str:
    """The shortest text of the nearest double: what a service written in JavaScript keeps of a number."""
    plain = format(Decimal(repr(float(text))), "f")
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return "0" if plain in ("-0", "") else plain


def _status(target: _Target, raw: object) -> dict[str, int] | None:
    if isinstance(raw, dict):
        if raw.get("label") is None and raw.get("index") is None:
            return None
        raw = raw["label"] if raw.get("label") is not None else raw["index"]
    if raw == "":
        return None
    if isinstance(raw, bool) or not isinstance(raw, str | int):
        raise target.refuse("a status column takes a label or an index")
    if isinstance(raw, int) or raw.isdecimal():
        return {"index": target.known_id(int(raw))}
    if len(raw) > STATUS_LABEL_LENGTH:
        raise target.refuse(f"a status label has at most {STATUS_LABEL_LENGTH} characters")
    return {"index": target.label_id(raw)}


def _dropdown(target: _Target, raw: object) -> dict[str, list[int]] | None:
    wanted = _dropdown_wanted(target, raw)
    ids = [target.known_id(entry) if isinstance(entry, int) else target.label_id(entry) for entry in wanted]
    most = target.settings.get("label_limit_count")
    if target.settings.get("limit_select") and isinstance(most, int) and len(ids) > most:
        raise target.refuse(f"the column takes at most {most} labels")
    return {"ids": list(dict.fromkeys(ids))} if ids else None


def _dropdown_wanted(target: _Target, raw: object) -> list[int | str]:
    if isinstance(raw, str):
        if _LABEL_IDS.fullmatch(raw):
            return [int(entry) for entry in raw.split(",")]
        return [entry.strip() for entry in raw.split(",") if entry.strip()]
    if not isinstance(raw, dict):
        raise target.refuse("a dropdown column takes labels or ids")
    labels, ids = raw.get("labels"), raw.get("ids")
    if labels is not None and ids is not None:
        raise target.refuse("labels and ids cannot be mixed")
    entries = labels if labels is not None else ids if ids is not None else []
    if not isinstance(entries, list):
        raise target.refuse("labels and ids are lists")
    if labels is not None:
        return [_label_text(target, entry) for entry in entries]
    return [_label_number(target, entry) for entry in entries]


def _label_text(target: _Target, entry: object) -> str:
    if not isinstance(entry, str) or not entry.strip():
        raise target.refuse("a label is a text")
    return entry


def _label_number(target: _Target, entry: object) -> int:
    text = str(entry)
    if isinstance(entry, bool) or not (text.isascii() and text.isdigit()):
        raise target.refuse("a label's id is a number")
    return int(text)


def _date(target: _Target, raw: object) -> dict[str, str] | None:
    if isinstance(raw, str):
        day, _, moment = raw.strip().partition(" ")
    elif isinstance(raw, dict):
        day, moment = raw.get("date") or "", raw.get("time") or ""
    else:
        raise target.refuse("a date column takes a date")
    if not day and not moment:
        return None
    return _checked_date(target, day, moment)


def _checked_date(target: _Target, day: object, moment: object) -> dict[str, str]:
    try:
        if not isinstance(day, str) or not isinstance(moment, str) or len(day) != len("2026-01-31"):
            raise ValueError(day)
        stored = {"date": date.fromisoformat(day).isoformat()}
        if moment:
            stored["time"] = time.fromisoformat(moment).strftime("%H:%M:%S")
    except ValueError as error:
        raise target.refuse("not a date of the form YYYY-MM-DD with a time HH:MM:SS") from error
    return stored


_PARSERS: Mapping[str, Callable[[_Target, Any], Any]] = {
    "text": _text,
    "long_text": _long_text,
    "numbers": _numbers,
    "status": _status,
    "dropdown": _dropdown,
    "date": _date,
}
