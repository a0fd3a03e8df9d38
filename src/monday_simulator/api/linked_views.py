"""Column values that show other records: linked items, tags, and who did what to the item."""

from __future__ import annotations

from typing import Any

from monday_simulator.account.people import person_with
from monday_simulator.account.records import Tag
from monday_simulator.account.state import ACTIVE, Column, Item
from monday_simulator.account.store import Store
from monday_simulator.api import value_views as plain
from monday_simulator.api.people import ME, User, user_of
from monday_simulator.api.value_views import ValueView


class _LinkedView(ValueView):
    @property
    def linked_items(self) -> list[Item]:
        """Those that are still there."""
        found = (self.store.items[each] for each in (self.stored or {}).get("item_ids", ()))
        return [item for item in found if item.state == ACTIVE]

    @property
    def linked_item_ids(self) -> list[str]:
        return [item.id for item in self.linked_items]

    @property
    def display_value(self) -> str:
        return ", ".join(item.name for item in self.linked_items)


class BoardRelationView(_LinkedView):
    typename = "BoardRelationValue"


class DependencyView(_LinkedView):
    typename = "DependencyValue"


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


class TagsView(ValueView):
    typename = "TagsValue"

    @property
    def tag_ids(self) -> list[int]:
        return [] if self.stored is None else list(self.stored["tag_ids"])

    @property
    def tags(self) -> list[Tag]:
        found = (self.store.shelf.find(Tag, str(each)) for each in self.tag_ids)
        return [tag for tag in found if tag is not None]


class ItemIdView(ValueView):
    typename = "ItemIdValue"

    @property
    def item_id(self) -> str:
        return self.item.id


class CreationLogView(ValueView):
    typename = "CreationLogValue"

    @property
    def created_at(self) -> str:
        return self.item.created_at

    @property
    def creator_id(self) -> str:
        return self.item.creator_id

    @property
    def creator(self) -> User:
        found = person_with(self.store.shelf, self.item.creator_id)
        return ME if found is None else user_of(found)


class LastUpdatedView(ValueView):
    """Whoever made an item is the only one who changes it: the token's user."""

    typename = "LastUpdatedValue"

    @property
    def updated_at(self) -> str | None:
        return self.item.updated_at

    @property
    def updater_id(self) -> str:
        return self.item.creator_id

    @property
    def updater(self) -> User:
        return ME


class VoteView(ValueView):
    """Votes are cast by hand only: there are none."""

    typename = "VoteValue"
    vote_count = 0
    voter_ids = ()
    voters = ()


_VIEWS: dict[str, type[ValueView]] = {
    "text": plain.TextView,
    "long_text": plain.LongTextView,
    "numbers": plain.NumbersView,
    "rating": plain.RatingView,
    "status": plain.StatusView,
    "dropdown": plain.DropdownView,
    "checkbox": plain.CheckboxView,
    "date": plain.DateView,
    "timeline": plain.TimelineView,
    "hour": plain.HourView,
    "week": plain.WeekView,
    "world_clock": plain.WorldClockView,
    "people": plain.PeopleView,
    "email": plain.EmailView,
    "phone": plain.PhoneView,
    "link": plain.LinkView,
    "country": plain.CountryView,
    "location": plain.LocationView,
    "mirror": plain.MirrorView,
    "formula": plain.FormulaView,
    "progress": plain.ProgressView,
    "button": plain.ButtonView,
    "file": plain.FileView,
    "board_relation": BoardRelationView,
    "dependency": DependencyView,
    "subtasks": SubtasksView,
    "tags": TagsView,
    "item_id": ItemIdView,
    "creation_log": CreationLogView,
    "last_updated": LastUpdatedView,
    "vote": VoteView,
}
NOT_READ: frozenset[str] = frozenset({"name", "auto_number"})
"""Types that are in no list of column values."""


def value_view(store: Store, item: Item, column: Column) -> Any:
    return _VIEWS.get(column.type, ValueView)(store, item, column)
