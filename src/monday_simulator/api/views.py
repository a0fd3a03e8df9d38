"""Groups and column values in the shape of the schema's types."""

from __future__ import annotations

from typing import Any

from monday_simulator.account.labels import label_with_id
from monday_simulator.account.reading import dropdown_options, text_of, value_json
from monday_simulator.account.state import Board, Column, Group, Item
from monday_simulator.account.store import Store


class GroupView:
    """A group with the board it stands on."""

    def __init__(self, board: Board, group: Group) -> None:
        self.board = board
        self.id = group.id
        self.title = group.title
        self.color = group.color
        self.position = str(group.place)
        self.archived = group.archived
        self.deleted = group.deleted


class ValueView:
    """One column of one item: the fields every column value has."""

    typename = "UnsupportedValue"

    def __init__(self, store: Store, item: Item, column: Column) -> None:
        self.store = store
        self.item = item
        self.column = column

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
        return self.item.updated_at if self.stored is not None else None

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
        return unit.get("symbol") if isinstance(unit, dict) else None

    @property
    def direction(self) -> str | None:
        unit = self.column.settings.get("unit")
        return unit.get("direction") if isinstance(unit, dict) else None


class StatusView(ValueView):
    typename = "StatusValue"
    update_id = None

    @property
    def index(self) -> int | None:
        return None if self.stored is None else self.stored["index"]

    @property
    def label(self) -> str | None:
        return self.text

    @property
    def is_done(self) -> bool | None:
        label = self._label()
        return None if label is None else bool(label["is_done"])

    @property
    def label_style(self) -> dict[str, str] | None:
        label = self._label()
        return None if label is None else {"color": label["color"], "border": label["color"]}

    def _label(self) -> Any:
        return None if self.stored is None else label_with_id(self.column.settings, self.stored["index"])


class DropdownView(ValueView):
    typename = "DropdownValue"

    @property
    def values(self) -> list[dict[str, Any]]:
        return dropdown_options(self.column, self.stored)


class DateView(ValueView):
    typename = "DateValue"
    icon = None

    @property
    def date(self) -> str | None:
        return None if self.stored is None else self.stored["date"]

    @property
    def time(self) -> str | None:
        return None if self.stored is None else self.stored.get("time")


class MirrorView(ValueView):
    typename = "MirrorValue"
    display_value = ""
    mirrored_items = ()


class FormulaView(ValueView):
    typename = "FormulaValue"
    display_value = ""


class BoardRelationView(ValueView):
    typename = "BoardRelationValue"
    display_value = ""
    linked_item_ids = ()
    linked_items = ()


class SubtasksView(ValueView):
    typename = "SubtasksValue"

    @property
    def subitems(self) -> list[Item]:
        return self.store.subitems(self.item.id)

    @property
    def subitems_ids(self) -> list[str]:
        return [each.id for each in self.subitems]

    @property
    def display_value(self) -> str:
        return ", ".join(each.name for each in self.subitems)

    @property
    def text(self) -> str:
        return self.display_value


class FileView(ValueView):
    typename = "FileValue"

    @property
    def entries(self) -> list[dict[str, Any]]:
        return [] if self.stored is None else self.stored["files"]


class CheckboxView(ValueView):
    """Not written yet: it reads as empty, like the three after it."""

    typename = "CheckboxValue"
    checked = None


class CountryView(ValueView):
    typename = "CountryValue"
    country = None


class PeopleView(ValueView):
    typename = "PeopleValue"
    persons_and_teams = ()


class LocationView(ValueView):
    typename = "LocationValue"
    address = city = city_short = country = country_short = lat = lng = place_id = None
    street = street_number = street_number_short = street_short = None


class ItemIdView(ValueView):
    typename = "ItemIdValue"

    @property
    def item_id(self) -> str:
        return self.item.id


_VIEWS: dict[str, type[ValueView]] = {
    "text": TextView,
    "long_text": LongTextView,
    "numbers": NumbersView,
    "status": StatusView,
    "dropdown": DropdownView,
    "date": DateView,
    "mirror": MirrorView,
    "formula": FormulaView,
    "board_relation": BoardRelationView,
    "subtasks": SubtasksView,
    "item_id": ItemIdView,
    "file": FileView,
    "location": LocationView,
    "checkbox": CheckboxView,
    "country": CountryView,
    "people": PeopleView,
}


def value_view(store: Store, item: Item, column: Column) -> ValueView:
    return _VIEWS.get(column.type, ValueView)(store, item, column)
