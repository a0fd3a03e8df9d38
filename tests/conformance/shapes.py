"""Two bodies of the same shape: keys and types, recursively; lists by what stands in them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def shape_differences(recorded: Any, simulated: Any, where: str = "body", *, free: bool = False) -> Iterator[str]:
    """Where they differ. free: in data, where a plain value may be null as well."""
    free = free or where == "body.data"
    if isinstance(recorded, dict) and isinstance(simulated, dict):
        yield from _objects(recorded, simulated, where, free)
    elif isinstance(recorded, list) and isinstance(simulated, list):
        yield from _lists(recorded, simulated, where, free)
    elif kind_of(recorded) != kind_of(simulated) and not (free and _may_be_null(recorded, simulated)):
        yield f"{where} is {kind_of(recorded)} in life, {kind_of(simulated)} here"


def kind_of(value: Any) -> str:
    if value is None:
        return "null"
    return "number" if isinstance(value, int | float) and not isinstance(value, bool) else type(value).__name__


def _may_be_null(one: Any, other: Any) -> bool:
    return (one is None or other is None) and not isinstance(one, dict | list) and not isinstance(other, dict | list)


def _objects(recorded: dict[str, Any], simulated: dict[str, Any], where: str, free: bool) -> Iterator[str]:
    for key in sorted({*recorded, *simulated}):
        if key not in simulated:
            yield f"{where}.{key} is missing here"
        elif key not in recorded:
            yield f"{where}.{key} is only here"
        else:
            yield from shape_differences(recorded[key], simulated[key], f"{where}.{key}", free=free)


def _lists(recorded: list[Any], simulated: list[Any], where: str, free: bool) -> Iterator[str]:
    """Each element of one must have the shape of some element of the other."""
    if bool(recorded) != bool(simulated):
        yield f"{where} has {len(recorded)} elements in life, {len(simulated)} here"
        return
    for ours in simulated:
        found = [list(shape_differences(theirs, ours, f"{where}[]", free=free)) for theirs in recorded]
        if all(found):
            yield from min(found, key=len)
            return
    for theirs in recorded:
        found = [list(shape_differences(theirs, ours, f"{where}[]", free=free)) for ours in simulated]
        if all(found):
            yield from min(found, key=len)
            return


def codes_of(body: Any) -> list[str]:
    """Every error code that a body tells, in any of its forms."""
    if not isinstance(body, dict):
        return []
    found = [body["error_code"]] if isinstance(body.get("error_code"), str) else []
    for error in body.get("errors") or ():
        extensions = (error.get("extensions") or {}) if isinstance(error, dict) else {}
        found += [extensions[name] for name in ("code", "error_code") if name in extensions]
    return sorted(found)
