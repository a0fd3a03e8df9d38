"""What a rule sees of a column of an item: its text, what it equals, its number, its day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from monday_simulator.account.people import USER_ID
from monday_simulator.account.reading import search_terms, text_of
from monday_simulator.account.state import Column, Item
from monday_simulator.account.store import Store

BLANK = "$$$blank$$$"
START, END = "START_DATE", "END_DATE"


@dataclass(frozen=True)
class Asked:
    """What does not change from item to item. attribute: the rule's compare_attribute."""

    store: Store
    today: date
    attribute: str | None = None


Terms = Callable[[Asked, Column, Item, Any], Iterable[str]]


def is_empty(asked: Asked, column: Column, item: Item) -> bool:
    if column.type in _LINKS:
        return not _linked(asked, column, item)
    return column.type == "vote" or not text_of(column, item)


def text_seen(asked: Asked, column: Column, item: Item) -> str:
    """What is searched for words, case-folded: of a link its text only, of linked items their names."""
    if column.type in _LINKS:
        text = ", ".join(each.name for each in _linked(asked, column, item))
    elif column.type == "link":
        text = (item.values.get(column.id) or {"text": ""})["text"]
    else:
        text = text_of(column, item) or ""
    return text.casefold()


def terms_of(asked: Asked, column: Column, item: Item) -> frozenset[str]:
    """Everything the column equals, case-folded: ids of labels, people and items, codes of countries, words."""
    stored = item.values.get(column.id)
    own = _TERMS.get(column.type)
    if stored is None and column.type not in _ALWAYS:
        return frozenset({BLANK, "", _EMPTY.get(column.type, "")})
    found = search_terms(column, item) if own is None else own(asked, column, item, stored)
    return frozenset(each.casefold() for each in found)


def number_of(column: Column, item: Item) -> float | None:
    stored = item.values.get(column.id)
    if stored is None:
        return None
    return float(stored["rating"] if column.type == "rating" else stored)


def day_of(asked: Asked, column: Column, item: Item) -> date | None:
    """The day that is compared: of a timeline the end that the rule names."""
    written = _DAYS[column.type](item, item.values.get(column.id) or {}, asked.attribute)
    return None if not written else date.fromisoformat(written[:10])


_DAYS: Mapping[str, Callable[[Item, Mapping[str, Any], str | None], str | None]] = {
    "date": lambda _item, stored, _end: stored.get("date"),
    "timeline": lambda _item, stored, end: stored.get("to" if end == END else "from"),
    "creation_log": lambda item, _stored, _end: item.created_at,
    "last_updated": lambda item, _stored, _end: item.updated_at,
}


def _linked(asked: Asked, column: Column, item: Item) -> list[Item]:
    if column.type == "subtasks":
        return asked.store.subitems(item.id)
    ids = (item.values.get(column.id) or {}).get("item_ids", ())
    return [asked.store.items[each] for each in ids if each in asked.store.items]


def _status(_asked: Asked, column: Column, item: Item, stored: Any) -> Iterable[str]:
    return (str(stored["index"]), *search_terms(column, item))


def _dropdown(_asked: Asked, column: Column, item: Item, stored: Any) -> Iterable[str]:
    return (*(str(each) for each in stored["ids"]), *search_terms(column, item))


def _people(_asked: Asked, _column: Column, _item: Item, stored: Any) -> Iterable[str]:
    for entity in stored["personsAndTeams"]:
        yield f"{entity['kind']}-{entity['id']}"
        if str(entity["id"]) == USER_ID:
            yield "assigned_to_me"


def _who(_asked: Asked, _column: Column, item: Item, _stored: Any) -> Iterable[str]:
    mine = ("assigned_to_me",) if item.creator_id == USER_ID else ()
    return (item.creator_id, f"person-{item.creator_id}", *mine)


def _timeline(asked: Asked, _column: Column, _item: Item, stored: Any) -> Iterable[str]:
    if "from" not in stored:
        return (BLANK,)
    start, end = date.fromisoformat(stored["from"]), date.fromisoformat(stored["to"])
    if end < asked.today:
        return ("PAST_TIMELINE",)
    if start > asked.today:
        return ("FUTURE_TIMELINE",)
    return ("CURRENT", "DUE_TODAY") if end == asked.today else ("CURRENT",)


def _hour(_asked: Asked, _column: Column, _item: Item, stored: Any) -> Iterable[str]:
    return (next(name for until, name in _HOURS if stored["hour"] < until),)


_HOURS = (
    (4, "Night"), (7, "Early morning"), (12, "Morning"), (20, "Afternoon"), (23, "Evening"), (24, "Night"),
)  # fmt: skip


def _week(asked: Asked, _column: Column, _item: Item, stored: Any) -> Iterable[str]:
    if date.fromisoformat(stored["week"]["endDate"]) < asked.today:
        return ("PAST_WEEKS",)
    return ("NEXT_WEEKS",) if date.fromisoformat(stored["week"]["startDate"]) > asked.today else ("THIS_WEEK",)


def _city(_asked: Asked, _column: Column, _item: Item, stored: Any) -> Iterable[str]:
    return (stored["timezone"].rsplit("/", 1)[-1].replace("_", " "),)


def _key(name: str) -> Terms:
    return lambda _asked, _column, _item, stored: (str(stored[name]),)


def _ids(name: str) -> Terms:
    return lambda _asked, _column, _item, stored: (str(each) for each in stored[name])


_LINKS = frozenset({"board_relation", "dependency", "subtasks"})
_ALWAYS = frozenset({"name", "item_id", "creation_log", "last_updated"})
_EMPTY = {"status": "5", "rating": "0", "tags": "-1", "people": "person-0", "vote": "no votes"}
_TERMS: Mapping[str, Terms] = {
    "status": _status,
    "dropdown": _dropdown,
    "people": _people,
    "creation_log": _who,
    "last_updated": _who,
    "timeline": _timeline,
    "hour": _hour,
    "week": _week,
    "world_clock": _city,
    "phone": _key("countryShortName"),
    "country": _key("countryCode"),
    "email": _key("text"),
    "link": _key("text"),
    "rating": _key("rating"),
    "tags": _ids("tag_ids"),
    "board_relation": _ids("item_ids"),
    "dependency": _ids("item_ids"),
    "item_id": lambda _asked, _column, item, _stored: (item.id,),
    "vote": lambda _asked, _column, _item, _stored: ("no votes",),
}
