"""What stands beside a board: the limits in use, the faults, the newest requests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from monday_simulator.gateway.faults import Kind
from monday_simulator.gateway.faults.kinds import Boundary
from monday_simulator.gateway.meter import Meter
from monday_simulator.gateway.wire import WireRecord

_WHICH = ("on", "board", "text", "key", "nth", "every", "share", "times")
_ORDINALS = {1: "st", 2: "nd", 3: "rd"}


@dataclass(frozen=True)
class Gauge:
    """One limit. share: of it that is still left, for the bar."""

    name: str
    text: str
    share: str


@dataclass(frozen=True)
class FaultLine:
    """One rule in words. spent: it will not fire any more."""

    kind: str
    which: str
    fired: int
    seen: int
    spent: bool


@dataclass(frozen=True)
class Switch:
    """Kinds that share a boundary, for the list to choose from."""

    boundary: str
    kinds: tuple[Kind, ...]


SWITCHES = tuple(
    Switch(boundary.name.lower().replace("_", " "), tuple(kind for kind in Kind if kind.boundary is boundary))
    for boundary in Boundary
)


def gauges(meter: Meter) -> list[Gauge]:
    """What is left of each limit, as figures and as a share."""
    limits = meter.limits
    apart = limits.reads_and_writes_apart
    points = [_left("points for writes" if apart else "points", meter.complexity_left(), limits.complexity_per_minute)]
    if apart:
        points.append(_left("points for reads", meter.complexity_left(writes=False), limits.complexity_per_minute))
    minute, today = limits.requests_per_minute - meter.requests_this_minute, limits.calls_per_day - meter.calls_today
    return [
        *points,
        _left("requests, this minute", minute, limits.requests_per_minute),
        _left("calls, today", today, limits.calls_per_day),
        _left("requests at once", limits.concurrency - meter.in_flight, limits.concurrency),
    ]


def _left(name: str, left: float, most: int) -> Gauge:
    left = max(0.0, left)
    return Gauge(name, f"{left:,.0f} of {most:,}", f"{left / max(1, most):.4f}")


def fault_lines(told: Sequence[dict[str, Any]]) -> list[FaultLine]:
    """told: the script as it tells itself."""
    return [FaultLine(rule["kind"], _which(rule), rule["fired"], rule["seen"], rule["left"] == 0) for rule in told]


def _which(rule: dict[str, Any]) -> str:
    """ "create_item, 2nd" for a rule with on and nth."""
    return ", ".join(_condition(name, rule[name]) for name in _WHICH if name in rule)


def _condition(name: str, value: Any) -> str:
    match name:
        case "on":
            return str(value)
        case "nth":
            return ordinal(value)
        case "every":
            return f"every {ordinal(value)}" if value > 1 else "every one"
        case "share":
            return f"{value:.4%}".rstrip("0%").rstrip(".") + " %"
        case "times":
            return f"{value} at most"
        case _:
            return f"{name} {value}"


def ordinal(number: int) -> str:
    """1 as 1st, 12 as 12th."""
    ending = "th" if 10 < number % 100 < 20 else _ORDINALS.get(number % 10, "th")
    return f"{number}{ending}"


def summary(record: WireRecord) -> str:
    """The root fields, counted: "25 x create_item, 1 x create_group"."""
    counted = Counter(record.fields)
    return ", ".join(f"{count} × {name}" if count > 1 else name for name, count in counted.items()) or "–"


def tallies(records: Sequence[WireRecord]) -> list[tuple[str, int]]:
    """Figures above the wire log."""
    return [
        ("requests", len(records)),
        ("writes", sum(record.operation == "mutation" for record in records)),
        ("reads", sum(record.operation == "query" for record in records)),
        ("records made", sum(len(record.made) for record in records)),
        ("refused or failed", sum(record.status != 200 or record.errors > 0 for record in records)),
        ("scripted faults", sum(record.fault is not None and not record.late for record in records)),
        ("replayed", sum(record.replayed for record in records)),
    ]
