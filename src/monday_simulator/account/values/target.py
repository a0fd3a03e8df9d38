"""One column about to be written, and what a parser may ask of the account."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from monday_simulator.account.errors import LONGEST_NUMBER, FieldError, column_value_refused
from monday_simulator.account.labels import LabelsFullError, draft, find_label, label_with_id, make_label
from monday_simulator.account.people import Records
from monday_simulator.account.state import Column, Item


class Account(Protocol):
    """The part of the store that decides whether a value is possible."""

    @property
    def items(self) -> Mapping[str, Item]: ...

    @property
    def shelf(self) -> Records: ...


@dataclass
class Parsed:
    """values: None clears the column. settings: those of columns that got new labels."""

    values: dict[str, Any]
    settings: dict[str, dict[str, Any]]
    name: str | None = None


class Target:
    """Labels go into a draft: a refused item leaves none behind."""

    __slots__ = ("_parsed", "account", "board_id", "column", "create_labels", "legacy")

    def __init__(
        self, account: Account, board_id: str, column: Column, legacy: str, create_labels: bool, parsed: Parsed
    ) -> None:
        self.account = account
        self.board_id = board_id
        self.column = column
        self.legacy = legacy
        self.create_labels = create_labels
        self._parsed = parsed

    @property
    def settings(self) -> Mapping[str, Any]:
        drafted = self._parsed.settings.get(self.column.id)
        return self.column.settings if drafted is None else drafted

    def refuse(self, reason: str) -> FieldError:
        return column_value_refused(reason, self.column.id, self.legacy)

    def record(self, raw: object) -> Mapping[str, Any]:
        """The value as a JSON object; raises FieldError for any other."""
        if not isinstance(raw, dict):
            raise self.refuse(f"a {self.column.type} column takes an object")
        return raw

    def text(self, raw: Mapping[str, Any], key: str) -> str:
        """A text that may be left out; raises FieldError for anything but a text."""
        found = raw.get(key)
        if found is not None and not isinstance(found, str):
            raise self.refuse(f"{key} is a text")
        return found or ""

    def numbers(self, raw: object, what: str) -> list[int]:
        """A list of ids, as numbers or as texts, each once."""
        if not isinstance(raw, list):
            raise self.refuse(f"{what} is a list of ids")
        return list(dict.fromkeys(self.number(each, what) for each in raw))

    def number(self, raw: object, what: str) -> int:
        if isinstance(raw, int) and not isinstance(raw, bool) and raw >= 0:
            return raw
        text = raw.strip() if isinstance(raw, str) else ""
        if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER):
            raise self.refuse(f"{what} is a whole number")
        return int(text)

    def label_id(self, text: str) -> int:
        found = find_label(self.settings, text)
        if found is not None:
            return found
        if not self.create_labels:
            raise self.refuse("label does not exist in column")
        settings = self._parsed.settings.setdefault(self.column.id, draft(self.column.settings))
        try:
            return make_label(self.column.type, settings, text)
        except LabelsFullError as full:
            raise self.refuse(str(full)) from full

    def known_id(self, label_id: int) -> int:
        """Deactivated labels cannot be given (D)."""
        label = label_with_id(self.settings, label_id)
        if label is None or label["is_deactivated"]:
            raise self.refuse("label does not exist in column")
        return label_id
