"""Column values in the shape of the schema's types, as far as they can be read off the stored value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from monday_simulator.account.labels import hex_of, label_with_id
from monday_simulator.account.reading import changed_at, text_of, value_json
from monday_simulator.account.state import Column, Item
from monday_simulator.account.store import Store
from monday_simulator.account.values.choices import dropdown_options


class ValueView:
    """One column of one item: the fields every column value has. keys: further ones, as they are stored."""

    typename = "UnsupportedValue"
    keys: ClassVar[Mapping[str, str]] = {}

    def __init__(self, store: Store, item: Item, column: Column) -> None:
        self.store = store
        self.item = item
        self.column = column

    def __getattr__(self, name: str) -> Any:
        key = type(self).keys.get(name)
        if key is None:
            raise AttributeError(name)
        stored = self.stored
        return None if stored is None else stored.get(key)

    @property
    def id(self) -> str:
        return self.column.id

    @property
    def type(self) -> str:
        return self.column.type

    @property
    def text(self) -> str | None:
        return text_of(self.column, self.item)

    @property
    def value(self) -> str | None:
        return value_json(self.column, self.item)

    @property
    def is_leaf(self) -> bool:
        return not self.store.has_subitems(self.item.id)

    @property
    def updated_at(self) -> str | None:
        return changed_at(self.column, self.item)

    @property
    def stored(self) -> Any:
        return self.item.values.get(self.column.id)


class TextView(ValueView):
    typename = "TextValue"


class LongTextView(ValueView):
    typename = "LongTextValue"


class NumbersView(ValueView):
    typename = "NumbersValue"

    @property
    def number(self) -> float | None:
        return None if self.stored is None else float(self.stored)

    @property
    def symbol(self) -> str | None:
        unit = self.column.settings.get("unit")
        return (unit.get("symbol") or None) if isinstance(unit, dict) else None

    @property
    def direction(self) -> str | None:
        unit = self.column.settings.get("unit")
        return (unit.get("direction") or None) if isinstance(unit, dict) else None


class RatingView(ValueView):
    typename = "RatingValue"
    keys: ClassVar[Mapping[str, str]] = {"rating": "rating"}


class StatusView(ValueView):
    typename = "StatusValue"
    keys: ClassVar[Mapping[str, str]] = {"index": "index"}
    update_id = None

    @property
    def label(self) -> str | None:
        return self.text

    @property
    def is_done(self) -> bool | None:
        label = self._label()
        return None if label is None else bool(label["is_done"])

    @property
    def label_style(self) -> dict[str, str] | None:
        """The border has the label's own color here; the service darkens it."""
        label = self._label()
        return None if label is None else {"color": hex_of(label), "border": hex_of(label)}

    def _label(self) -> Any:
        return None if self.stored is None else label_with_id(self.column.settings, self.stored["index"])


class DropdownView(ValueView):
    typename = "DropdownValue"

    @property
    def values(self) -> list[dict[str, Any]]:
        return dropdown_options(self.column, self.stored)


class CheckboxView(ValueView):
    typename = "CheckboxValue"

    @property
    def checked(self) -> bool:
        return self.stored is not None and bool(self.stored["checked"])


class DateView(ValueView):
    """Empty parts read as ''."""

    typename = "DateValue"
    icon = None

    @property
    def date(self) -> str:
        return "" if self.stored is None else str(self.stored["date"])

    @property
    def time(self) -> str:
        return "" if self.stored is None else (self.stored.get("time") or "")[:5]


class TimelineView(ValueView):
    """`from` is a word of the language, so both ends are looked up by name."""

    typename = "TimelineValue"
    visualization_type = None

    def __getattr__(self, name: str) -> Any:
        if name not in ("from", "to"):
            raise AttributeError(name)
        day = None if self.stored is None else self.stored.get(name)
        return None if day is None else f"{day}T00:00:00+00:00"


class HourView(ValueView):
    typename = "HourValue"
    keys: ClassVar[Mapping[str, str]] = {"hour": "hour", "minute": "minute"}


class WeekView(ValueView):
    typename = "WeekValue"

    @property
    def start_date(self) -> str | None:
        return None if self.stored is None else str(self.stored["week"]["startDate"])

    @property
    def end_date(self) -> str | None:
        return None if self.stored is None else str(self.stored["week"]["endDate"])


class WorldClockView(ValueView):
    typename = "WorldClockValue"
    keys: ClassVar[Mapping[str, str]] = {"timezone": "timezone"}


class PeopleView(ValueView):
    typename = "PeopleValue"

    @property
    def persons_and_teams(self) -> list[dict[str, Any]]:
        return [] if self.stored is None else [dict(each) for each in self.stored["personsAndTeams"]]


class EmailView(ValueView):
    typename = "EmailValue"
    keys: ClassVar[Mapping[str, str]] = {"email": "email", "label": "text"}


class PhoneView(ValueView):
    typename = "PhoneValue"
    keys: ClassVar[Mapping[str, str]] = {"phone": "phone", "country_short_name": "countryShortName"}


class LinkView(ValueView):
    typename = "LinkValue"
    keys: ClassVar[Mapping[str, str]] = {"url": "url", "url_text": "text"}


class CountryView(ValueView):
    typename = "CountryValue"

    @property
    def country(self) -> dict[str, str] | None:
        stored = self.stored
        return None if stored is None else {"code": stored["countryCode"], "name": stored["countryName"]}


class LocationView(ValueView):
    """What a place id would tell stays null, as it does for every location written through the API."""

    typename = "LocationValue"
    keys: ClassVar[Mapping[str, str]] = {"address": "address", "place_id": "placeId"}
    city = city_short = country = country_short = None
    street = street_short = street_number = street_number_short = None

    @property
    def lat(self) -> float | None:
        return None if self.stored is None else float(self.stored["lat"])

    @property
    def lng(self) -> float | None:
        return None if self.stored is None else float(self.stored["lng"])


class MirrorView(ValueView):
    """What is mirrored is not simulated: always empty."""

    typename = "MirrorValue"
    display_value = ""
    mirrored_items = ()


class FormulaView(ValueView):
    """Formulas are not simulated: always empty."""

    typename = "FormulaValue"
    display_value = ""


class ProgressView(ValueView):
    typename = "ProgressValue"


class ButtonView(ValueView):
    typename = "ButtonValue"
    color = None

    @property
    def label(self) -> str:
        return str(self.column.settings.get("buttonText") or "Click me")


class FileView(ValueView):
    typename = "FileValue"

    @property
    def entries(self) -> list[dict[str, Any]]:
        return [] if self.stored is None else self.stored["files"]
