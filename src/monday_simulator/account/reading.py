"""Stored values as clients read them."""

from __future__ import annotations

from typing import Any

import msgspec

from monday_simulator.account.labels import label_with_id
from monday_simulator.account.state import Column, Item
from monday_simulator.account.uploads import url_of

_EMPTY_TEXT = frozenset({"text", "long_text", "numbers", "date", "file"})

NOT_SEARCHABLE = frozenset(
    {
        "item_id", "board_relation", "mirror", "tags", "rating", "file", "formula", "auto_number",
        "color_picker", "location", "vote", "time_tracking", "creation_log", "last_updated", "subtasks",
    }
)  # fmt: skip


def text_of(column: Column, item: Item) -> str | None:
    """The text a person sees; an empty text, number or date reads as '', an empty label as None."""
    if column.type == "name":
        return item.name
    if column.type == "item_id":
        return item.id
    stored = item.values.get(column.id)
    if stored is None:
        return "" if column.type in _EMPTY_TEXT else None
    return _TEXTS.get(column.type, _plain)(column, stored)


def _plain(_: Column, stored: Any) -> str:
    return str(stored)


def _date_text(_: Column, stored: Any) -> str:
    day, moment = str(stored["date"]), stored.get("time")
    return f"{day} {moment[:5]}" if moment else day


def _status_text(column: Column, stored: Any) -> str | None:
    label = label_with_id(column.settings, stored["index"])
    return None if label is None else str(label["label"])


def _dropdown_text(column: Column, stored: Any) -> str:
    return ", ".join(option["label"] for option in dropdown_options(column, stored))


def _file_text(_: Column, stored: Any) -> str:
    return ", ".join(url_of(entry["assetId"], entry["name"]) for entry in stored["files"])


_TEXTS = {"date": _date_text, "status": _status_text, "dropdown": _dropdown_text, "file": _file_text}


def dropdown_options(column: Column, stored: Any) -> list[dict[str, Any]]:
    """The chosen labels as {id, label}, in the order they were given."""
    if stored is None:
        return []
    found = (label_with_id(column.settings, label_id) for label_id in stored["ids"])
    return [{"id": str(label["id"]), "label": label["label"]} for label in found if label is not None]


def value_json(column: Column, item: Item) -> str | None:
    """The raw value: JSON in a string, None where the column is empty."""
    stored = item.values.get(column.id)
    if stored is None:
        return None
    raw = {"text": stored} if column.type == "long_text" else stored
    return msgspec.json.encode(raw).decode()


def search_terms(column: Column, item: Item) -> tuple[str, ...]:
    """What an exact look-up matches, case-folded: the whole text, and each label of a dropdown."""
    text = text_of(column, item)
    if not text:
        return ()
    if column.type != "dropdown":
        return (text.casefold(),)
    labels = (option["label"].casefold() for option in dropdown_options(column, item.values[column.id]))
    return tuple(dict.fromkeys((text.casefold(), *labels)))


def settings_str(column: Column) -> str:
    """The older form of the settings, in which labels are keyed by id."""
    settings = dict(column.settings)
    labels = settings.get("labels", [])
    if column.type == "status":
        settings["labels"] = {str(label["id"]): label["label"] for label in labels}
        settings["labels_colors"] = {
            str(label["id"]): {"color": label["color"], "border": label["color"]} for label in labels
        }
    elif column.type == "dropdown":
        settings["labels"] = [{"id": label["id"], "name": label["label"]} for label in labels]
    return msgspec.json.encode(settings).decode()
