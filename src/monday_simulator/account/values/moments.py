"""date, timeline, hour, week and world_clock. Times are UTC, as is the zone of everybody who reads (D)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, time, timedelta
from typing import Any

from monday_simulator.account.state import Column
from monday_simulator.account.values.target import Target

MONDAY = 0
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_ZONE = re.compile(
    r"(Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific|Etc)(/[A-Za-z0-9_+-]+){1,2}|UTC"
)


def parse_date(target: Target, raw: object) -> dict[str, str] | None:
    if isinstance(raw, str):
        day, _, moment = raw.strip().partition(" ")
    elif isinstance(raw, dict):
        day, moment = raw.get("date") or "", raw.get("time") or ""
    else:
        raise target.refuse("a date column takes a date")
    if not day and not moment:
        return None
    stored = {"date": _day(target, day).isoformat()}
    if moment:
        stored["time"] = _time(target, moment)
    return stored


def _day(target: Target, text: object) -> date:
    if not isinstance(text, str) or not _DAY.fullmatch(text):
        raise target.refuse("a date has the form YYYY-MM-DD")
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise target.refuse("there is no such date") from error


def _time(target: Target, text: object) -> str:
    try:
        if not isinstance(text, str):
            raise ValueError(text)
        return time.fromisoformat(text).strftime("%H:%M:%S")
    except ValueError as error:
        raise target.refuse("a time has the form HH:MM:SS") from error


def date_text(_: Column, stored: Any) -> str:
    day, moment = str(stored["date"]), stored.get("time")
    return f"{day} {moment[:5]}" if moment else day


def parse_timeline(target: Target, raw: object) -> dict[str, str]:
    """An empty object clears, but leaves a trace in the value when an item is changed."""
    given = target.record(raw)
    if not given:
        return {}
    start, end = _day(target, given.get("from")), _day(target, given.get("to"))
    if end < start:
        raise target.refuse("a timeline ends before it starts")
    return {"to": end.isoformat(), "from": start.isoformat()}


def timeline_text(_: Column, stored: Any) -> str:
    return f"{stored['from']} - {stored['to']}" if "from" in stored else ""


def parse_hour(target: Target, raw: object) -> dict[str, int] | None:
    given = target.record(raw)
    if not given:
        return None
    hour, minute = target.number(given.get("hour"), "hour"), target.number(given.get("minute", 0), "minute")
    if hour > 23 or minute > 59:
        raise target.refuse("an hour is between 0 and 23, a minute between 0 and 59")
    return {"hour": hour, "minute": minute}


def hour_text(column: Column, stored: Any) -> str:
    moment = time(stored["hour"], stored["minute"])
    return moment.strftime("%H:%M" if column.settings.get("format") == "24H" else "%I:%M %p")


def parse_week(target: Target, raw: object) -> dict[str, Any] | None:
    """Seven days from the account's first day of the week, which is Monday; with or without the inner `week`."""
    given = target.record(raw)
    given = target.record(given["week"]) if "week" in given else given
    if not given:
        return None
    start, end = _day(target, given.get("startDate")), _day(target, given.get("endDate"))
    if start.weekday() != MONDAY or end - start != timedelta(days=6):
        raise target.refuse("a week has seven days and begins on the account's first day of the week")
    return {"week": {"startDate": start.isoformat(), "endDate": end.isoformat()}}


def week_text(_: Column, stored: Any) -> str:
    week: Mapping[str, str] = stored["week"]
    return f"{week['startDate']} - {week['endDate']}"


def parse_world_clock(target: Target, raw: object) -> dict[str, str] | None:
    """A zone of the form Continent/City; whether there is such a city is not checked (D)."""
    given = target.record(raw)
    if not given:
        return None
    zone = given.get("timezone")
    if not isinstance(zone, str) or not _ZONE.fullmatch(zone):
        raise target.refuse("timezone is an IANA time zone such as Europe/London")
    return {"timezone": zone}
