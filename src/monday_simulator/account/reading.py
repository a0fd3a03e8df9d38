"""Stored values as clients read them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec

from monday_simulator.account.labels import hex_of
from monday_simulator.account.state import Column, Item
from monday_simulator.account.values.choices import dropdown_options
from monday_simulator.account.values.kinds import kind_of

NOT_SEARCHABLE = frozenset(
    {
        "item_id", "board_relation", "mirror", "tags", "rating", "file", "formula", "auto_number",
        "color_picker", "location", "vote", "time_tracking", "creation_log", "last_updated", "subtasks",
        "dependency", "progress", "button",
    }
)  # fmt: skip
_UTC = " UTC"


def text_of(column: Column, item: Item) -> str | None:
    """The text a person sees; an empty label and what links items read as None, all else empty as ''."""
    own = _OWN_TEXTS.get(column.type)
    if own is not None:
        return own(item)
    kind = kind_of(column.type)
    stored = item.values.get(column.id)
    return kind.empty if stored is None else kind.text(column, stored)


def _spelled(moment: str) -> str:
    """2026-03-21T08:47:10Z as 2026-03-21 08:47:10 UTC."""
    return moment.replace("T", " ").replace("Z", _UTC)


_OWN_TEXTS: Mapping[str, Callable[[Item], str]] = {
    "name": lambda item: item.name,
    "item_id": lambda item: item.id,
    "creation_log": lambda item: _spelled(item.created_at),
    "last_updated": lambda item: _spelled(item.updated_at),
}
_OWN_VALUES: Mapping[str, Callable[[Item], Any]] = {
    "item_id": lambda item: {"item_id": item.id},
    "creation_log": lambda item: {"created_at": item.created_at, "creator_id": item.creator_id},
    "last_updated": lambda item: {"updated_at": item.updated_at, "updater_id": item.creator_id},
    "checkbox": lambda _item: {"checked": False},
}


def value_json(column: Column, item: Item) -> str | None:
    """The raw value: JSON in a string, None where the column is empty."""
    stored = item.values.get(column.id)
    if stored is not None:
        raw = kind_of(column.type).raw(stored)
    else:
        own = _OWN_VALUES.get(column.type)
        raw = None if own is None else own(item)
    return None if raw is None else msgspec.json.encode(raw).decode()


def changed_at(column: Column, item: Item) -> str | None:
    """When a value was changed; None for one that still stands as the item was made with it."""
    stored = item.values.get(column.id)
    stamp = stored.get("changed_at") if isinstance(stored, dict) else None
    return None if stamp is None else f"{stamp[:19]}+00:00"


def search_terms(column: Column, item: Item) -> tuple[str, ...]:
    """What an exact look-up matches, case-folded: the whole text, and each part that can be asked for alone."""
    text = text_of(column, item)
    if not text:
        return ()
    parts = _PARTS.get(column.type)
    if parts is None:
        return (text.casefold(),)
    return tuple(dict.fromkeys(each.casefold() for each in (text, *parts(column, item.values[column.id])) if each))


_PARTS: Mapping[str, Callable[[Column, Any], Iterable[str]]] = {
    "dropdown": lambda column, stored: [option["label"] for option in dropdown_options(column, stored)],
    "email": lambda _column, stored: [stored["email"], stored["text"]],
    "link": lambda _column, stored: [stored["url"], stored["text"]],
    "people": lambda _column, stored: stored["names"],
}


def settings_str(column: Column) -> str:
    """The older form of the settings, in which labels are keyed by id."""
    settings: dict[str, Any] = dict(column.settings)
    labels = settings.get("labels", [])
    if column.type == "status":
        settings["labels"] = {str(label["id"]): label["label"] for label in labels}
        settings["labels_colors"] = {
            str(label["id"]): {"color": hex_of(label), "border": hex_of(label)} for label in labels
        }
    elif column.type == "dropdown":
        settings["labels"] = [{"id": label["id"], "name": label["label"]} for label in labels]
    return msgspec.json.encode(settings).decode()
