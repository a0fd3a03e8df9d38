"""Labels given as a whole list: checked, and made the settings of a status or dropdown column.

The list replaces the one before; at most one label goes at a time, and none when others are added. Of dropdowns that is
documented (A), of status columns it is inferred (D).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from monday_simulator.account.errors import argument_refused
from monday_simulator.account.labels import (
    COLORS,
    DROPDOWN_LABELS_MAX,
    STATUS_LABEL_LENGTH,
    STATUS_LABELS_MAX,
    label_record,
)
from monday_simulator.account.state import Column

Given = Mapping[str, Any]
LAST_INDEX = STATUS_LABELS_MAX - 1
_LIMITS = ("limit_select", "label_limit_count")


def check_revision(column: Column, revision: str) -> None:
    """Raises FieldError where the column was changed since it was read."""
    if column.revision != revision:
        raise argument_refused("The column was changed since this revision", column_id=column.id, revision=revision)


def first_settings(column_type: str, given: Given) -> dict[str, Any]:
    """The settings of a column to be made."""
    labels: Sequence[Given] = given["labels"]
    _check(column_type, labels)
    return _settings(column_type, {}, given, _numbered(column_type, labels, ()))


def replaced_settings(column: Column, given: Given) -> dict[str, Any]:
    """The settings that a column has afterwards; raises FieldError where labels come and go at once."""
    labels: Sequence[Given] = given["labels"]
    _check(column.type, labels)
    before = {label["id"] for label in column.settings.get("labels", ())}
    kept = {label["id"] for label in labels if label.get("id") is not None}
    if not kept <= before:
        raise argument_refused("A label's id does not exist in the column", column_id=column.id, id=min(kept - before))
    if len(kept) < sum(label.get("id") is not None for label in labels):
        raise argument_refused("A label is given twice", column_id=column.id)
    gone = before - kept
    if len(gone) > 1 or (gone and len(labels) > len(kept)):
        message = "A request deletes at most one label, and adds none while it does"
        raise argument_refused(message, column_id=column.id)
    return _settings(column.type, column.settings, given, _numbered(column.type, labels, before))


def _settings(
    column_type: str, before: Mapping[str, Any], given: Given, labels: list[dict[str, Any]]
) -> dict[str, Any]:
    limits = {name: given[name] for name in _LIMITS if given.get(name) is not None}
    kind = {"type": "status"} if column_type == "status" else {}
    return {**before, **kind, **limits, "labels": labels}


def _check(column_type: str, labels: Sequence[Given]) -> None:
    most = STATUS_LABELS_MAX if column_type == "status" else DROPDOWN_LABELS_MAX
    if len(labels) > most:
        raise argument_refused(f"A column has at most {most} labels", labels=len(labels))
    texts = [label["label"] for label in labels]
    if len(set(texts)) < len(texts) or not all(text.strip() for text in texts):
        raise argument_refused("Labels have texts, each its own")
    if column_type == "status":
        _check_status(labels)


def _check_status(labels: Sequence[Given]) -> None:
    for label in labels:
        if len(label["label"]) > STATUS_LABEL_LENGTH:
            message = f"A status label has at most {STATUS_LABEL_LENGTH} characters"
            raise argument_refused(message, label=label["label"])
        if not 0 <= label["index"] <= LAST_INDEX:
            raise argument_refused(f"A label's index is between 0 and {LAST_INDEX}", index=label["index"])
    colors = [label["color"] for label in labels]
    if len(set(colors)) < len(colors):
        raise argument_refused("Each color can be used by one label of a column")


def _numbered(column_type: str, labels: Sequence[Given], before: Iterable[int]) -> list[dict[str, Any]]:
    """A dropdown counts on, a status label without an id has that of its color."""
    taken = {*before, *(label["id"] for label in labels if label.get("id") is not None)}
    numbered = []
    for label in labels:
        label_id = label.get("id")
        if label_id is None:
            label_id = COLORS[label["color"]][0] if column_type == "status" else max(taken, default=0) + 1
            if label_id in taken:
                raise argument_refused("The color's number is the id of another label", color=label["color"])
            taken.add(label_id)
        is_done = {"is_done": bool(label.get("is_done"))} if column_type == "status" else {}
        numbered.append(label_record(column_type, label_id, {**label, **is_done}))
    return numbered
