"""status, dropdown and checkbox."""

from __future__ import annotations

import re
from typing import Any

from monday_simulator.account.labels import EMPTY_STATUS_ID, STATUS_LABEL_LENGTH, label_with_id
from monday_simulator.account.state import Column
from monday_simulator.account.values.target import Target

_LABEL_IDS = re.compile(r"\s*\d+(\s*,\s*\d+)*\s*")
_CHECKED = {"true": True, "false": False, True: True, False: False}


def parse_status(target: Target, raw: object) -> dict[str, int] | None:
    """A text of digits is an index, and an index is a label's id."""
    if isinstance(raw, dict):
        raw = raw["label"] if raw.get("label") is not None else raw.get("index")
    if raw is None or raw == "":
        return None
    if isinstance(raw, bool) or not isinstance(raw, str | int):
        raise target.refuse("a status column takes a label or an index")
    if isinstance(raw, int) or (raw.isascii() and raw.isdigit()):
        return _status_by_id(target, target.number(raw, "index"))
    if len(raw) > STATUS_LABEL_LENGTH:
        raise target.refuse(f"a status label has at most {STATUS_LABEL_LENGTH} characters")
    return {"index": target.label_id(raw)}


def _status_by_id(target: Target, label_id: int) -> dict[str, int] | None:
    """The id of the empty label clears, unless the column gave it to a label of its own (D)."""
    if label_id == EMPTY_STATUS_ID and label_with_id(target.settings, label_id) is None:
        return None
    return {"index": target.known_id(label_id)}


def status_text(column: Column, stored: Any) -> str | None:
    label = label_with_id(column.settings, stored["index"])
    return None if label is None else str(label["label"])


def parse_dropdown(target: Target, raw: object) -> dict[str, list[int]] | None:
    wanted = _dropdown_wanted(target, raw)
    ids = [target.known_id(entry) if isinstance(entry, int) else target.label_id(entry) for entry in wanted]
    ids = list(dict.fromkeys(ids))
    most = target.settings.get("label_limit_count")
    if target.settings.get("limit_select") and isinstance(most, int) and len(ids) > most:
        raise target.refuse(f"the column takes at most {most} labels")
    return {"ids": ids} if ids else None


def _dropdown_wanted(target: Target, raw: object) -> list[int | str]:
    if isinstance(raw, str):
        if _LABEL_IDS.fullmatch(raw):
            return [target.number(entry, "a label's id") for entry in raw.split(",")]
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
    return [target.number(entry, "a label's id") for entry in entries]


def _label_text(target: Target, entry: object) -> str:
    if not isinstance(entry, str) or not entry.strip():
        raise target.refuse("a label is a text")
    return entry


def dropdown_options(column: Column, stored: Any) -> list[dict[str, Any]]:
    """The chosen labels as {id, label}, in the order they were given."""
    if stored is None:
        return []
    found = (label_with_id(column.settings, label_id) for label_id in stored["ids"])
    return [{"id": str(label["id"]), "label": label["label"]} for label in found if label is not None]


def dropdown_text(column: Column, stored: Any) -> str:
    return ", ".join(option["label"] for option in dropdown_options(column, stored))


def parse_checkbox(target: Target, raw: object) -> dict[str, bool] | None:
    """{"checked": "true"}; a boolean is taken too (D)."""
    given = target.record(raw).get("checked")
    if given is None:
        return None
    checked = _CHECKED.get(given.lower() if isinstance(given, str) else given) if _is_flag(given) else None
    if checked is None:
        raise target.refuse("checked is true or false")
    return {"checked": checked}


def _is_flag(given: object) -> bool:
    return isinstance(given, str | bool)


def checkbox_text(_: Column, stored: Any) -> str:
    return "v" if stored["checked"] else ""
