"""people: persons and teams of the account. Everybody in it counts as subscribed to every board (D)."""

from __future__ import annotations

import re
from typing import Any

from monday_simulator.account.errors import FieldError
from monday_simulator.account.people import person_with, team_with
from monday_simulator.account.state import Column
from monday_simulator.account.values.target import Target

_IDS = re.compile(r"\s*\d+(\s*,\s*\d+)*\s*")


def parse_people(target: Target, raw: object) -> dict[str, Any] | None:
    """Replaces everybody who was there. names: kept for reading, as nothing renames a person."""
    wanted = _wanted(target, raw)
    if not wanted:
        return None
    most = str(target.settings.get("max_people_allowed", "0"))
    if most.isdigit() and 0 < int(most) < len(wanted):
        raise target.refuse(f"the column takes at most {most} people")
    names = [_name(target, entity_id, kind) for entity_id, kind in wanted]
    return {"personsAndTeams": [{"id": entity_id, "kind": kind} for entity_id, kind in wanted], "names": names}


def _wanted(target: Target, raw: object) -> list[tuple[int, str]]:
    if isinstance(raw, str):
        if raw and not _IDS.fullmatch(raw):
            raise target.refuse("people are ids of users with commas between them")
        return list(dict.fromkeys((target.number(each, "id"), "person") for each in raw.split(",") if each))
    entries = target.record(raw).get("personsAndTeams") or []
    if not isinstance(entries, list):
        raise target.refuse("personsAndTeams is a list")
    return list(dict.fromkeys(_entity(target, entry) for entry in entries))


def _entity(target: Target, entry: object) -> tuple[int, str]:
    given = target.record(entry)
    kind = given.get("kind", "person")
    if kind not in ("person", "team"):
        raise target.refuse("kind is person or team")
    return target.number(given.get("id"), "id"), kind


def _name(target: Target, entity_id: int, kind: str) -> str:
    find = team_with if kind == "team" else person_with
    found = find(target.account.shelf, str(entity_id))
    if found is None:
        data = {"column_id": target.column.id, "column_type": target.legacy, "user_ids": [entity_id], "kind": kind}
        message = f"The {kind} does not exist in the account or is not assigned to the board"
        raise FieldError(message, "InvalidUserIdException", data)
    return found.name


def people_text(_: Column, stored: Any) -> str:
    return ", ".join(stored["names"])


def people_raw(stored: Any) -> Any:
    stamp = {"changed_at": stored["changed_at"]} if "changed_at" in stored else {}
    return {**stamp, "personsAndTeams": stored["personsAndTeams"]}
