"""Labels of status and dropdown columns: their stored form, and making missing ones."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

STATUS_LABELS_MAX = 40
STATUS_LABEL_LENGTH = 30
DROPDOWN_LABELS_MAX = 500
EMPTY_STATUS_ID = 5

HEX_COLOR = re.compile(r"#[0-9a-fA-F]{6}")
PALETTE = (
    "#fdab3d", "#00c875", "#df2f4a", "#007eb5", "#9d50dd", "#c4c4c4", "#037f4c", "#579bfc", "#caa53d",
    "#ffcb00", "#bb3354", "#ff007f", "#ff5ac4", "#784bd1", "#9cd326", "#66ccff", "#7f5347", "#ff642e",
    "#bda8f9", "#cd9282",
)  # fmt: skip
DEFAULT_STATUS = ((0, "Working on it"), (1, "Done"), (2, "Stuck"))


class LabelsFullError(ValueError):
    """The column is full. The message says how many it holds."""


def color_of(label_id: int) -> str:
    return PALETTE[label_id % len(PALETTE)]


def complete_settings(column_type: str, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Settings with labels in the stored form; accepted are a list of texts, of records, or id to text."""
    if column_type not in ("status", "dropdown"):
        return dict(settings)
    given = settings.get("labels")
    if given is None and column_type == "status":
        given = {str(label_id): text for label_id, text in DEFAULT_STATUS}
    labels: list[dict[str, Any]] = []
    for record in _as_records(given or []):
        label_id = record.get("id")
        labels.append(_label(column_type, next_id(column_type, labels) if label_id is None else label_id, record))
    completed = {**settings, "labels": labels}
    if column_type == "status":
        completed.setdefault("type", "status")
    return completed


def _as_records(given: object) -> list[dict[str, Any]]:
    if isinstance(given, Mapping):
        return [{"id": int(label_id), "label": text} for label_id, text in given.items()]
    if isinstance(given, Sequence) and not isinstance(given, str):
        return [{"label": entry} if isinstance(entry, str) else dict(entry) for entry in given]
    raise ValueError(f"labels must be a list or a mapping, not {type(given).__name__}")


def _label(column_type: str, label_id: int, record: Mapping[str, Any]) -> dict[str, Any]:
    text = record.get("label", record.get("name"))
    label = {"id": label_id, "label": text, "is_deactivated": bool(record.get("is_deactivated", False))}
    if column_type == "status":
        label["color"] = record.get("color", color_of(label_id))
        label["index"] = record.get("index", label_id)
        label["is_done"] = bool(record.get("is_done", text == "Done"))
    return label


def next_id(column_type: str, labels: Sequence[Mapping[str, Any]]) -> int:
    """Dropdown ids start at 1; a status id is never the one that means empty."""
    taken = {label["id"] for label in labels}
    candidate = 1 if column_type == "dropdown" else 0
    while candidate in taken or (column_type == "status" and candidate == EMPTY_STATUS_ID):
        candidate += 1
    return candidate


def find_label(settings: Mapping[str, Any], text: str) -> int | None:
    """Exact and case-sensitive."""
    return next(
        (
            int(label["id"])
            for label in settings.get("labels", ())
            if label["label"] == text and not label["is_deactivated"]
        ),
        None,
    )


def label_with_id(settings: Mapping[str, Any], label_id: int) -> Mapping[str, Any] | None:
    return next((label for label in settings.get("labels", ()) if label["id"] == label_id), None)


def add_label(column_type: str, settings: dict[str, Any], text: str) -> int:
    """Add to a draft of the settings, in place; raises LabelsFullError."""
    labels = settings["labels"]
    most = STATUS_LABELS_MAX if column_type == "status" else DROPDOWN_LABELS_MAX
    if len(labels) >= most:
        raise LabelsFullError(f"the column has {most} labels, the most it can have")
    label_id = next_id(column_type, labels)
    labels.append(_label(column_type, label_id, {"label": text}))
    return label_id


def draft(settings: Mapping[str, Any]) -> dict[str, Any]:
    """A copy whose labels can be added to without touching the column."""
    return {**settings, "labels": list(settings.get("labels", ()))}
