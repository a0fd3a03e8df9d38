"""Every type of column: its older name, what writes it, what reads it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from monday_simulator.account.state import Column
from monday_simulator.account.values import assignees, choices, contacts, moments, numbers, places, relations, texts
from monday_simulator.account.values.target import Target

Parse = Callable[[Target, Any], Any]
Text = Callable[[Column, Any], str | None]


def _plain(_: Column, stored: Any) -> str:
    return str(stored)


def _key(name: str) -> Text:
    return lambda _column, stored: str(stored[name])


def _no_text(_column: Column, _stored: Any) -> None:
    return None


def _as_is(stored: Any) -> Any:
    return stored


@dataclass(frozen=True)
class Kind:
    """legacy: how errors call the type. parse: None where nothing can be written. simple: takes one plain text too.

    empty: what an empty column's text is. stamped: a change leaves its moment in the value.
    """

    legacy: str
    parse: Parse | None = None
    simple: bool = False
    text: Text = _plain
    empty: str | None = ""
    raw: Callable[[Any], Any] = _as_is
    stamped: bool = True

    @property
    def class_name(self) -> str:
        """As messages of refused simple values call it."""
        return "".join(part.capitalize() for part in self.legacy.split("-")) + "Column"


KINDS: Mapping[str, Kind] = {
    "text": Kind("text", texts.parse_text, simple=True, stamped=False),
    "long_text": Kind("long-text", texts.parse_long_text, simple=True, text=_key("text")),
    "numbers": Kind("numeric", numbers.parse_numbers, simple=True, stamped=False),
    "rating": Kind("rating", numbers.parse_rating, simple=True, text=_key("rating")),
    "status": Kind("color", choices.parse_status, simple=True, text=choices.status_text, empty=None),
    "dropdown": Kind(
        "dropdown", choices.parse_dropdown, simple=True, text=choices.dropdown_text, empty=None, stamped=False
    ),
    "checkbox": Kind("boolean", choices.parse_checkbox, text=choices.checkbox_text),
    "date": Kind("date", moments.parse_date, simple=True, text=moments.date_text),
    "timeline": Kind("timerange", moments.parse_timeline, text=moments.timeline_text),
    "hour": Kind("hour", moments.parse_hour, text=moments.hour_text),
    "week": Kind("week", moments.parse_week, text=moments.week_text, stamped=False),
    "world_clock": Kind("timezone", moments.parse_world_clock, text=_key("timezone")),
    "people": Kind(
        "multiple-person", assignees.parse_people, simple=True, text=assignees.people_text, raw=assignees.people_raw
    ),
    "email": Kind("email", contacts.parse_email, simple=True, text=contacts.email_text),
    "phone": Kind("phone", contacts.parse_phone, simple=True, text=contacts.phone_text),
    "link": Kind("link", contacts.parse_link, simple=True, text=contacts.link_text),
    "country": Kind("country", places.parse_country, text=places.country_text),
    "location": Kind("location", places.parse_location, simple=True, text=places.location_text),
    "board_relation": Kind(
        "board-relation", relations.parse_board_relation, text=_no_text, empty=None, raw=relations.nothing_raw
    ),
    "dependency": Kind("dependency", relations.parse_dependency, text=_no_text, empty=None, raw=relations.nothing_raw),
    "tags": Kind("tag", relations.parse_tags, text=relations.tags_text, raw=relations.tags_raw, stamped=False),
    "vote": Kind("votes", relations.parse_vote, text=lambda _column, _stored: "0", empty="0"),
    "file": Kind("file", relations.parse_file, text=relations.file_text, stamped=False),
    "mirror": Kind("lookup", empty=None),
    "formula": Kind("formula", empty=None),
    "auto_number": Kind("autonumber", empty=None),
    "item_id": Kind("pulse-id"),
    "creation_log": Kind("pulse-log"),
    "last_updated": Kind("pulse-updated"),
    "progress": Kind("columns-battery", empty=None),
    "subtasks": Kind("subtasks", empty=None),
    "button": Kind("button"),
}
UNSUPPORTED: Mapping[str, Kind] = {
    "color_picker": Kind("color-picker", empty=None),
    "time_tracking": Kind("duration", empty=None),
    "integration": Kind("integration", empty=None),
}


def kind_of(column_type: str) -> Kind:
    """Also of a type that cannot be written or read through the API."""
    found = KINDS.get(column_type) or UNSUPPORTED.get(column_type)
    return found or Kind(column_type.replace("_", "-"), empty=None)
