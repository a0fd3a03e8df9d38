"""country and location."""

from __future__ import annotations

import math
from typing import Any

from monday_simulator.account.state import Column
from monday_simulator.account.values.countries import COUNTRIES
from monday_simulator.account.values.target import Target


def parse_country(target: Target, raw: object) -> dict[str, str] | None:
    """Code and name are required and must be those of one country, whatever the case of the name (D)."""
    given = target.record(raw)
    code, name = target.text(given, "countryCode"), target.text(given, "countryName")
    if not code and not name:
        return None
    known = COUNTRIES.get(code)
    if known is None or known.casefold() != name.casefold():
        raise target.refuse("countryCode and countryName are those of one country")
    return {"countryCode": code, "countryName": known}


def country_text(_: Column, stored: Any) -> str:
    return str(stored["countryName"])


def parse_location(target: Target, raw: object) -> dict[str, str] | None:
    if isinstance(raw, str):
        lat, lng, address = [*raw.strip().split(" ", 2), "", "", ""][:3]
        return _location(target, lat, lng, address)
    given = target.record(raw)
    if not given:
        return None
    return _location(target, given.get("lat"), given.get("lng"), target.text(given, "address"))


def _location(target: Target, lat: object, lng: object, address: str) -> dict[str, str]:
    """The address is not held against the coordinates."""
    if not -90 < _degrees(target, lat) < 90 or not -180 <= _degrees(target, lng) <= 180:
        raise target.refuse("lat is between -90 and 90, lng between -180 and 180")
    return {"lat": str(lat), "lng": str(lng), "address": address}


def _degrees(target: Target, raw: object) -> float:
    try:
        if isinstance(raw, bool) or not isinstance(raw, str | int | float):
            raise ValueError(raw)
        degrees = float(raw)
    except ValueError as error:
        raise target.refuse("lat and lng are numbers") from error
    return degrees if math.isfinite(degrees) else math.inf


def location_text(_: Column, stored: Any) -> str:
    return str(stored["address"])
