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
COLORS: Mapping[str, tuple[int, str]] = {
    "working_orange": (0, "#fdab3d"), "done_green": (1, "#00c875"), "stuck_red": (2, "#e2445c"),
    "dark_blue": (3, "#0086c0"), "purple": (4, "#9d50dd"), "explosive": (5, "#ff642e"),
    "grass_green": (6, "#037f4c"), "bright_blue": (7, "#579bfc"), "saladish": (8, "#cab641"),
    "egg_yolk": (9, "#ffcb00"), "blackish": (10, "#333333"), "dark_red": (11, "#bb3354"),
    "sofia_pink": (12, "#ff158a"), "lipstick": (13, "#ff5ac4"), "dark_purple": (14, "#784bd1"),
    "bright_green": (15, "#9cd326"), "chili_blue": (16, "#66ccff"), "american_gray": (17, "#808080"),
    "brown": (18, "#7f5347"), "dark_orange": (19, "#d974b0"), "sunset": (101, "#ff7575"),
    "bubble": (102, "#faa1f1"), "peach": (103, "#ffadad"), "berry": (104, "#e8697d"), "winter": (105, "#9aadbd"),
    "river": (106, "#68a1bd"), "navy": (107, "#225091"), "aquamarine": (108, "#4eccc6"),
    "indigo": (109, "#5559df"), "dark_indigo": (110, "#401694"), "pecan": (151, "#563e3e"),
    "lavender": (152, "#a25ddc"), "royal": (153, "#2b76e5"), "steel": (154, "#a9bee8"), "orchid": (155, "#dce3ea"),
    "lilac": (156, "#bda8f0"), "tan": (157, "#a0a0a0"), "sky": (158, "#a1e3f6"), "coffee": (159, "#bd816e"),
    "teal": (160, "#2da283"),
}  # fmt: skip
_NAMES = {color_id: name for name, (color_id, _) in COLORS.items()}
_STATUS_IDS = (*(color_id for color_id in _NAMES if color_id != EMPTY_STATUS_ID), EMPTY_STATUS_ID)
DEFAULT_STATUS = ((0, "Working on it"), (1, "Done"), (2, "Stuck"))


class LabelsFullError(ValueError):
    """The column is full. The message says how many it holds."""


def color_of(label_id: int) -> str:
    return PALETTE[label_id % len(PALETTE)]


def color_name(label_id: int) -> str:
    """A label's id is its color's number; ids that no color has share one."""
    return _NAMES.get(label_id, "american_gray")


def hex_of(label: Mapping[str, Any]) -> str:
    """What a status label is painted with: its own hex where it has one."""
    found = COLORS.get(label["color"])
    return str(label.get("hex") or ("#808080" if found is None else found[1]))


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
        labels.append(label_record(column_type, next_id(column_type, labels) if label_id is None else label_id, record))
    completed = {**settings, "labels": labels}
    if column_type == "status":
        completed.setdefault("type", "status")
    return completed


def _as_records(given: object) -> list[dict[str, Any]]:
    if isinstance(given, Mapping):
        return [{"id": int(label_id), "label": text} for label_id, text in given.items()]
    if isinstance(given, Sequence) and not isinstance(given, str):
        return [_as_record(entry) for entry in given]
    raise ValueError(f"labels must be a list or a mapping, not {type(given).__name__}")


def _as_record(entry: object) -> dict[str, Any]:
    if isinstance(entry, str):
        return {"label": entry}
    if isinstance(entry, Mapping):
        return dict(entry)
    raise ValueError("a label is a text or an object")


def label_record(column_type: str, label_id: int, record: Mapping[str, Any]) -> dict[str, Any]:
    """A label as settings tell it. A color may be a name or a hex."""
    text, color = record.get("label", record.get("name")), record.get("color") or color_name(label_id)
    if not isinstance(text, str | None) or not isinstance(label_id, int) or not isinstance(color, str):
        raise ValueError("a label has a text, a number for an id, and a color")
    label = {"id": label_id, "label": text, "is_deactivated": bool(record.get("is_deactivated", False))}
    if column_type == "status":
        label["color"] = color if color in COLORS else color_name(label_id)
        if color not in COLORS or record.get("hex"):
            label["hex"] = record.get("hex") or color
        label["index"] = label_id if record.get("index") is None else record["index"]
        label["is_done"] = text == "Done" if record.get("is_done") is None else bool(record["is_done"])
        if record.get("description") is not None:
            label["description"] = record["description"]
    return label


def next_id(column_type: str, labels: Sequence[Mapping[str, Any]]) -> int:
    """Dropdown ids count from 1; status ids are those of the colors, the one that means empty last."""
    taken = {label["id"] for label in labels}
    if column_type == "status":
        free = next((each for each in _STATUS_IDS if each not in taken), None)
        if free is None:
            raise LabelsFullError(f"the column has {STATUS_LABELS_MAX} labels, the most it can have")
        return free
    return max(taken, default=0) + 1


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
    labels.append(label_record(column_type, label_id, {"label": text}))
    return label_id


def make_label(column_type: str, settings: dict[str, Any], text: str) -> int:
    """As add_label, but a deactivated label of this text comes back instead (D)."""
    for at, label in enumerate(settings["labels"]):
        if label["label"] == text:
            settings["labels"][at] = {**label, "is_deactivated": False}
            return int(label["id"])
    return add_label(column_type, settings, text)


def draft(settings: Mapping[str, Any]) -> dict[str, Any]:
    """A copy whose labels can be added to without touching the column."""
    return {**settings, "labels": list(settings.get("labels", ()))}
