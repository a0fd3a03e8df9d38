"""Column values of every type, right ones and wrong ones, as JSON in a string."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from tests.fuzz.account import Known
from tests.fuzz.choices import Choices

RAW = "@raw:"
"""Begins a text that stands unquoted in JSON, for what Python's encoder does not write."""
_RIGHT: Mapping[str, tuple[Any, ...]] = {
    "text": ("abc", "", "\u0130", "x" * 3000),
    "long_text": ({"text": "a\nb"}, "a", {"text": "x" * 2001}, {"text": ""}),
    "numbers": ("42.5", "", "-0", "1e400", "1e308", "0x10", " 7 ", 3, 0.1, "1_000", "٣", ".", "1." + "0" * 400),
    "status": ({"label": "A"}, {"index": 1}, "A", "1", {"label": "neu"}, {"index": "1"}, {"index": 5}, {"label": "x" * 31}),
    "dropdown": ({"labels": ["A", "C"]}, {"ids": [1, 2]}, "A, B", "1,2", {"labels": []}, {"ids": ["1"]}, ",", "9" * 30),
    "date": ({"date": "2026-06-15", "time": "09:00:00"}, "2026-06-15 09:00:00", {"date": "0000-00-00"}, "2026-02-30", {"date": "9999-12-31", "time": "24:00:00"}),
    "timeline": ({"from": "2026-06-03", "to": "2026-06-07"}, {"from": "2026-06-07", "to": "2026-06-03"}, {"from": ""}),
    "people": ({"personsAndTeams": [{"id": 59821734, "kind": "person"}]}, "59821734", {"personsAndTeams": [{"id": 10**30}]}),
    "email": ({"email": "a@b.c", "text": "label"}, "a@b.c label", {"email": "a"}),
    "phone": ({"phone": "+12025550169", "countryShortName": "US"}, "+12025550169 US", {"phone": "1", "countryShortName": "us"}),
    "link": ({"url": "https://a.example", "text": "t"}, "https://a.example t", {"url": 1}),
    "checkbox": ({"checked": "true"}, {"checked": True}, "true", {"checked": "false"}),
    "country": ({"countryCode": "US", "countryName": "United States"}, {"countryCode": "XX"}, "US"),
    "board_relation": ({"item_ids": [1, 2]}, {"item_ids": ["1"]}, {"item_ids": [10**30]}, {"item_ids": [[]]}),
    "dependency": ({"item_ids": [1]}, {"item_ids": None}),
    "tags": ({"tag_ids": [1, 2]}, {"tag_ids": ["a"]}),
    "rating": ({"rating": 5}, {"rating": -1}, {"rating": "5"}, "3"),
    "hour": ({"hour": 16, "minute": 42}, {"hour": 25}, {"hour": "1", "minute": 1e300}),
    "week": ({"week": {"startDate": "2026-06-01", "endDate": "2026-06-07"}}, {"startDate": "2026-06-01"}),
    "location": ({"lat": "1.0", "lng": "2.0", "address": "x"}, "1 2 x", {"lat": "NaN", "lng": "1e400"}),
    "world_clock": ({"timezone": "Europe/London"}, "Europe/London", {"timezone": "../../etc/passwd"}, {"timezone": ""}),
    "file": ({"clear_all": True}, {"files": []}),
    "name": ("renamed", "", "x" * 256, 5),
}  # fmt: skip
_JUNK: tuple[Any, ...] = (
    None, True, False, 0, -1, 10**30, 2**63, -0.0, 1e308, "", "a", "null", "\x00", "\ud800", "\ufeff", [], {}, [[]], [None],
    {"": ""}, {"index": None}, {"label": []}, {"date": 5}, {"text": {}}, {"ids": [True]}, {"labels": [1]}, {"labels": {}},
    RAW + "1e400", RAW + "-0", RAW + "NaN", RAW + "1e-400", RAW + "9" * 5000, RAW + "'a'", RAW + "01", RAW + '"\\ud800"',
    RAW + "[" * 1500, RAW + "[" * 300 + "]" * 300, RAW + '{"a":' * 300 + "1" + "}" * 300, RAW + '{"a":1,"a":2}',
)  # fmt: skip


def junk(choices: Choices) -> Any:
    return choices.text() if choices.chance(20) else choices.pick(_JUNK)


def _of_type(choices: Choices, column_type: str) -> Any:
    if choices.chance(10):
        return None
    if choices.chance(15):
        return junk(choices)
    if choices.chance(10):
        column_type = choices.pick(tuple(_RIGHT))
    return choices.pick(_RIGHT.get(column_type, ("a", {"a": 1})))


def column_value(choices: Choices, known: Known) -> Any:
    """For one column: which one it is for is another argument, so it mostly is of a wrong type."""
    return _as_argument(choices, _of_type(choices, choices.pick(known.columns)[0]))


def column_values(choices: Choices, known: Known) -> Any:
    values: dict[str, Any] = {}
    for _ in range(choices.number(0, 3)):
        column_type, column_id = choices.pick(known.columns)
        values[column_id] = _of_type(choices, column_type)
    if choices.chance(5):
        values[choices.pick(("name", "", "group", "nothing_mk1"))] = junk(choices)
    return _as_argument(choices, values)


def _as_argument(choices: Choices, value: Any) -> Any:
    """JSON in a string; now and then the value itself, or a text that is no JSON any more."""
    if choices.chance(4):
        return value if encode(value) == json.dumps(value) else junk(choices)
    text = encode(value)
    return text[: choices.number(0, len(text))] if choices.chance(4) else text


def encode(value: Any) -> str:
    """JSON, with RAW texts as they are."""
    if isinstance(value, str) and value.startswith(RAW):
        return value.removeprefix(RAW)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{json.dumps(name)}: {encode(each)}" for name, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(encode, value)) + "]"
    return json.dumps(value)
