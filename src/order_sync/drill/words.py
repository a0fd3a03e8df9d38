"""Faults, places and events as a person would tell them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from order_sync.drill.strikes import Kind

Line = tuple[float, int, int, str]  # virtual second, worker, life, what

STRIKES: Final = MappingProxyType(
    {
        Kind.CRASH: "a process died",
        Kind.ERROR: "what a process was doing failed",
        Kind.PAUSE: "a process stood still for a while, its heartbeat too",
        Kind.JUMP: "the machine's clock was set, forward or back",
    }
)
_HITS: Final = MappingProxyType(
    {Kind.CRASH: "DIES", Kind.ERROR: "FAILS", Kind.PAUSE: "STANDS STILL", Kind.JUMP: "CLOCK IS SET"}
)
SERVICE: Final = MappingProxyType(
    {
        "reset_before": "connection lost before the service did anything",
        "error_500_before": "error 500, nothing done",
        "error_200_before": "error in an answer 200, nothing done",
        "html_502_before": "error 502 as a web page, nothing done",
        "gateway_504_before": "error 504, nothing done",
        "throttle_429": "refused as too many, 429",
        "throttle_200": "refused as too many, in an answer 200",
        "locked_423": "board locked, 423",
        "refused": "request refused",
        "bad_alias": "one row of a request refused",
        "throttle_field": "one row of a request refused as too many",
        "late_apply": "done only after its connection was lost",
        "rest_late": "part of a request done late",
        "duplicate": "request delivered twice",
        "lost_after": "done, and the answer lost",
        "half_answer": "done, and half of the answer lost",
        "slow_answer": "done, and answered slowly",
        "wrong_json": "done, and the answer unreadable",
        "missing_alias": "done, and one row missing in the answer",
        "throttle_subgraph": "done, and one row reported as refused",
        "error_500_after": "done, and answered with error 500",
        "error_200_after": "done, and answered with an error in a 200",
        "html_502_after": "done, and answered with error 502",
        "gateway_504_after": "done, and answered with error 504",
    }
)
_PHASES: Final = MappingProxyType(
    {
        ("api", "connect"): "before it connects for {0}",
        ("api", "connected"): "connected for {0}, nothing sent",
        ("api", "half written"): "in the middle of sending {0}",
        ("api", "written"): "after {0} was sent",
        ("api", "awaited"): "after the service got {0}, before its answer",
        ("api", "half answered"): "in the middle of the answer to {0}",
        ("api", "answered"): "after the answer to {0}",
        ("api", "parsed"): "after the answer to {0} was understood",
        ("db", "begin"): "before the transaction {0}",
        ("db", "inside"): "in the middle of the transaction {0}",
        ("db", "commit"): "just before the commit of {0}",
        ("db", "unacknowledged"): "after the commit of {0}, its confirmation lost",
        ("db", "after"): "after the transaction {0}",
    }
)
_NAMES: Final = MappingProxyType({"write": "a change", "read": "a question"})
_EVENTS: Final = MappingProxyType(
    {
        "faults end": "-- faults end; from here on processes run undisturbed --",
        "orders.held": "orders held back",
        "order.staged": "orders staged",
        "order.restaged": "orders staged again, corrected",
        "order.withdrawn": "orders withdrawn, never sent",
        "call.done": "called monday.com",
        "groups.made": "groups made",
        "groups.in_doubt": "groups in doubt",
        "item.created": "items made",
        "item.in_doubt": "items in doubt: sent, and nobody knows",
        "item.found": "items in doubt found on the board",
        "item.absent": "items in doubt proven absent, to be sent again",
        "item.failed": "items failed",
        "item.put_off": "items put off",
        "item.refused": "items refused",
        "item.second_found": "second items found",
        "item.adopted": "items adopted that were on the board already",
        "subitem.created": "sizes made",
        "subitem.in_doubt": "sizes in doubt: sent, and nobody knows",
        "subitem.found": "sizes in doubt found on the board",
        "subitem.absent": "sizes in doubt proven absent, to be sent again",
        "subitem.failed": "sizes failed",
        "subitem.put_off": "sizes put off",
        "subitem.refused": "sizes refused",
        "subitem.second_found": "second sizes found",
        "subitem.adopted": "sizes adopted that were on the board already",
        "rows.taken_over": "took over rows that a dead process was sending",
        "rows.requeued": "rows asked for again",
        "batch.promoted": "orders promoted to production",
        "customer.skipped": "customer left alone: another process has its lease",
        "orphans.swept": "second items archived",
        "snapshot.exported": "snapshot file written",
        "run.idle": "run ended: nothing to do",
        "run.halted": "run halted",
        "breaker.opened": "leaves the failing board alone for a while",
    }
)
# A run says them over and over while it waits; none of them changes an order.
_SILENT: Final = frozenset(
    {
        "orders.detected",
        "run.planned",
        "batch.swept",
        "batches.resumed",
        "doubt.looked_at",
        "rows.waited_for",
        "board.waited_for",
        "board.quiet",
        "budget.waited_for",
        "breaker.waited_for",
        "database.waited_for",
    }
)
_NOTHING: Final = ("count 0", "orders 0")


@dataclass(frozen=True, slots=True)
class Moment:
    """A line of a story. `process`: A1 is the first process of the first worker, A2 the one after its death."""

    at: str
    process: str
    what: str
    fault: bool


def place_in_words(place: str) -> str:
    """E.g. `before the transaction send.intent`."""
    sort, _, rest = place.partition(":")
    name, _, phase = rest.rpartition(":")
    said = _PHASES.get((sort, phase))
    return f"at {place.replace(':', ', ')}" if said is None else said.format(_NAMES.get(name, name))


def strike_in_words(kind: Kind, place: str, *, sticky: bool = False) -> str:
    """E.g. `a process died before the transaction send.intent, and whoever came there later`."""
    return f"{STRIKES[kind]}, {place_in_words(place)}{', every time from then on' if sticky else ''}"


def story(told: Sequence[Line]) -> list[Moment]:
    """What each process did, without the waiting; equal neighbours once."""
    moments: list[Moment] = []
    for at, worker, life, what in told:
        moment = _moment(at, worker, life, what)
        if moment is None or (moments and (moments[-1].process, moments[-1].what) == (moment.process, moment.what)):
            continue
        moments.append(moment)
    return moments


def _moment(at: float, worker: int, life: int, what: str) -> Moment | None:
    when, process = _clock(at), f"{chr(ord('A') + worker)}{life + 1}"
    for kind, says in _HITS.items():
        if what.startswith(f"{kind} at "):
            place = what.removeprefix(f"{kind} at ")
            return Moment(when, process, f"{says} {place_in_words(place)}", True)
    name, _, details = what.partition(": ")
    if name in _SILENT or details.endswith(_NOTHING):
        return None
    said = _EVENTS.get(name, name)
    return Moment(when, process, f"{said} ({details})" if details else said, False)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(seconds, 60)
    return f"{int(minutes):02d}:{rest:04.1f}"
