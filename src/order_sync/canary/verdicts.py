"""From figures to verdicts: does the service behave as the protocol assumes, and what follows if not. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, assert_never

from order_sync.canary.facts import (
    Aliases,
    BadValue,
    Costs,
    Facts,
    KeyLookup,
    LateApply,
    Measured,
    Removal,
    Replay,
    Shape,
    Subitems,
    Visibility,
)

TITLES: Final = {
    "A1": "late apply",
    "A2": "how soon a row is found",
    "A3": "look-up by keys",
    "A4": "idempotency key",
    "A5": "several in one request",
    "A6": "sizes by their item",
    "A7": "deleting twice",
    "A8": "what calls cost",
    "A9": "a bad value",
}
# A run meets more than a survey does: what was seen is multiplied before it becomes a setting.
VISIBILITY_MARGIN: Final = 3.0
APPLY_MARGIN: Final = 1.5
_STEP: Final = 5.0  # settings are suggested in steps of so many seconds
_DEARER: Final = 1.05  # points above the prediction by more than this differ


class Verdict(StrEnum):
    """How a probe ended."""

    AS_ASSUMED = "as assumed"
    DIFFERS = "differs"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True, slots=True)
class Assumed:
    """What the settings in use take for granted, in seconds of the clock; `scale` leads back to the entries."""

    server_apply: float = 120.0
    visibility: float = 60.0
    server_timeout: float = 60.0
    batch_size: int = 25
    scale: float = 1.0


@dataclass(frozen=True, slots=True)
class Need:
    """An entry of the settings that should be at least (or at most) `value`."""

    setting: str
    value: float
    at_most: bool = False

    def met_by(self, value: float) -> bool:
        return value <= self.value if self.at_most else value >= self.value

    def __str__(self) -> str:
        return f"set {self.setting} to {self.value:g}"


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """One probe, told: what was measured, whether it is as assumed, and what follows from it."""

    id: str
    title: str
    verdict: Verdict
    measured: str
    follows: str = ""
    needs: tuple[Need, ...] = ()


@dataclass(frozen=True, slots=True)
class _Judged:
    verdict: Verdict
    measured: str
    follows: str = ""
    needs: tuple[Need, ...] = ()


def judge(measured: Measured, assumed: Assumed) -> tuple[ProbeResult, ...]:
    """One result for each probe, in order."""
    return tuple(_result(name, measured, assumed) for name in TITLES)


def _result(name: str, measured: Measured, assumed: Assumed) -> ProbeResult:
    facts = measured.facts.get(name)
    if facts is None:
        judged = _Judged(
            Verdict.INCONCLUSIVE, measured.missing.get(name, "not measured"), "mend what was missing, and measure again"
        )
    else:
        judged = _judged(facts, measured, assumed)
    return ProbeResult(name, TITLES[name], judged.verdict, judged.measured, judged.follows, judged.needs)


def _judged(facts: Facts, measured: Measured, assumed: Assumed) -> _Judged:
    match facts:
        case LateApply():
            return _late_apply(facts, _longest_lag(measured), assumed)
        case Visibility():
            return _visibility(facts, assumed)
        case KeyLookup():
            return _key_lookup(facts)
        case Replay():
            return _replay(facts)
        case Aliases():
            return _aliases(facts)
        case Subitems():
            return _subitems(facts)
        case Removal():
            return _removal(facts)
        case Costs():
            return _costs(facts)
        case BadValue():
            return _bad_value(facts)
        case _:
            assert_never(facts)


def _longest_lag(measured: Measured) -> float:
    seen = measured.facts.get("A2")
    return max(seen.by_key, default=0.0) if isinstance(seen, Visibility) else 0.0


def _late_apply(facts: LateApply, lag: float, assumed: Assumed) -> _Judged:
    """What a look-up saw late may have been applied early: the lag of look-ups is taken off."""
    latest = max((max(0.0, found - lag) for found in facts.found), default=0.0)
    lost = len(facts.found) + facts.never
    told = f"{lost} of {lost + facts.answered} answers lost, then found: {len(facts.found)}"
    if facts.found:
        told += f", at the latest {_seconds(max(facts.found))} after sending"
    told += f"; longest answer {_seconds(facts.longest_answer)}"
    needs = []
    if latest > assumed.server_apply:
        needs.append(Need("times.server_apply", _rounded(latest * APPLY_MARGIN / assumed.scale)))
    if facts.longest_answer > assumed.server_timeout:
        needs.append(Need("times.server_timeout", _rounded(facts.longest_answer / assumed.scale)))
    if needs:
        why = "a request may be applied later than the quarantine allows for: "
        return _Judged(Verdict.DIFFERS, told, why + _and(needs), tuple(needs))
    if not facts.found:
        what = "no lost answer was followed by its item: what a late one would do was not seen"
        return _Judged(Verdict.INCONCLUSIVE, told, what)
    least = Need("times.server_apply", _rounded(latest / assumed.scale))
    return _Judged(Verdict.AS_ASSUMED, told, f"within times.server_apply ({_seconds(assumed.server_apply)})", (least,))


def _visibility(facts: Visibility, assumed: Assumed) -> _Judged:
    ways = (("by key", facts.by_key), ("by parent", facts.by_parent), ("by scan", facts.by_scan))
    told = "; ".join(f"{name} {_spread(lags)}" for name, lags in ways if lags)
    if facts.unseen:
        told += f"; {facts.unseen} not seen within {_seconds(facts.watched)}"
    if not facts.all and not facts.unseen:
        return _Judged(Verdict.INCONCLUSIVE, "nothing was made that could be looked for", "measure again")
    lag = facts.watched if facts.unseen else percentile(facts.all, 99.9)
    least = lag * VISIBILITY_MARGIN
    need = Need("times.visibility", _rounded(least / assumed.scale))
    if least > assumed.visibility:
        what = f"{need}, {VISIBILITY_MARGIN:g} times the p99.9: with less, an item may be made twice"
        return _Judged(Verdict.DIFFERS, told, what, (need,))
    return _Judged(Verdict.AS_ASSUMED, told, f"times.visibility ({_seconds(assumed.visibility)}) is enough", (need,))


def _key_lookup(facts: KeyLookup) -> _Judged:
    told = [f"{facts.asked} keys asked, {facts.small_found} of {facts.small_there} found"]
    told.append(f"{facts.capital_found} of {facts.capital_there} asked in capitals")
    if facts.hidden_after is not None:
        told.append(f"archived and deleted gone after {_seconds(facts.hidden_after)}")
    wrong = list(_wrong_lookups(facts))
    if wrong:
        return _Judged(Verdict.DIFFERS, "; ".join(told), "; ".join(wrong))
    return _Judged(Verdict.AS_ASSUMED, "; ".join(told), "100 keys a question, compared again by us")


def _wrong_lookups(facts: KeyLookup) -> Iterable[str]:
    if facts.small_found < facts.small_there:
        yield "the look-up misses items that are there: send nothing to this service before that is explained"
    if facts.capital_found < facts.capital_there:
        yield "capitals matter here: nothing to set, our keys have none; copies typed by people are not found"
    if facts.strangers:
        yield f"{facts.strangers} items came that were not asked for: nothing to set, they make a look-up void"
    for state, hidden in (("archived", facts.archived_hidden), ("deleted", facts.deleted_hidden)):
        if not hidden:
            yield f"{state} items are still found after {_seconds(facts.watched)}: they would be adopted; report it"


def _replay(facts: Replay) -> _Judged:
    told = [
        f"again: {'the same id' if facts.same_id else 'another id'}",
        f"{'with' if facts.header else 'without'} Idempotency-Replayed",
        f"{facts.items} {'item' if facts.items == 1 else 'items'} on the board",
        f"other body: {facts.other_body}",
        f"a refusal is {'' if facts.refusal_replayed else 'not '}answered from memory",
    ]
    if facts.after_window:
        told.append(f"after 31 min: {facts.after_window}")
    if facts.items != 1 or not facts.same_id:
        what = "the header keeps nothing from being made twice: nothing to set, the quarantine alone protects"
        return _Judged(Verdict.DIFFERS, "; ".join(told), what)
    if not facts.header:
        return _Judged(Verdict.DIFFERS, "; ".join(told), "replays are not marked: nothing to set, they are not counted")
    return _Judged(Verdict.AS_ASSUMED, "; ".join(told), "the header is the second belt, the quarantine the first")


def _aliases(facts: Aliases) -> _Judged:
    told = [
        f"{facts.there} of {facts.good} beside a bad one were made",
        f"{'in' if facts.in_order else 'not in'} order",
        f"the key {'covers the whole request' if facts.replayed_whole else 'does not cover the whole request'}",
    ]
    if facts.bad_there or not facts.bad_refused:
        return _Judged(Verdict.DIFFERS, "; ".join(told), "a bad value is not refused: see A9")
    if facts.there < facts.good or facts.answered < facts.good:
        need = Need("sending.batch_size", 1, at_most=True)
        what = f"one bad order stops those beside it: {need}"
        return _Judged(Verdict.DIFFERS, "; ".join(told), what, (need,))
    if not facts.in_order:
        return _Judged(Verdict.DIFFERS, "; ".join(told), "rows may stand in another order on the board: nothing to set")
    if not facts.replayed_whole:
        what = "nothing to set: a request is not sent twice, the quarantine protects"
        return _Judged(Verdict.DIFFERS, "; ".join(told), what)
    return _Judged(Verdict.AS_ASSUMED, "; ".join(told), "a bad row leaves the others of its request alone")


def _subitems(facts: Subitems) -> _Judged:
    told = f"{facts.by_parent} of {facts.made} by their item; by filter on their own board: {facts.by_filter}"
    if facts.by_parent < facts.made:
        return _Judged(
            Verdict.DIFFERS, told, "sizes are not settled by their item: send nothing before it is explained"
        )
    return _Judged(Verdict.AS_ASSUMED, told, "sizes are looked up by their item; the filter is never relied on")


def _removal(facts: Removal) -> _Judged:
    second = facts.second_code or "accepted again"
    told = f"again: {second}; by id then {facts.state_deleted}; an archived one {facts.state_archived}"
    if not facts.first_done:
        return _Judged(Verdict.INCONCLUSIVE, told, "the item could not be deleted once: measure again")
    gone = facts.state_deleted in ("deleted", "absent")
    if gone and facts.state_archived == "archived" and facts.second_class in ("", "REJECTED_ROW"):
        return _Judged(Verdict.AS_ASSUMED, told, "an item that is not found counts as deleted")
    what = "a rollback cannot tell by this whether an item is gone: check the board after one"
    return _Judged(Verdict.DIFFERS, told, what)


def _costs(facts: Costs) -> _Judged:
    known = [shape for shape in facts.shapes if shape.points_each is not None and shape.changes]
    told = ", ".join(f"{shape.operation} {shape.points_each:,.0f} each" for shape in known)
    if facts.calls_per_day is not None:
        told += f"{'; ' if told else ''}{facts.calls_per_day:,} calls a day"
    if not known:
        return _Judged(Verdict.INCONCLUSIVE, told or "no points were told", "plans count with the published prices")
    dearer = [shape for shape in known if _dearness(shape) > _DEARER]
    if dearer:
        factor = max(map(_dearness, dearer))
        what = (
            f"{_and([shape.operation for shape in dearer])}: up to {factor:.1f} times the price that plans count with"
        )
        return _Judged(Verdict.DIFFERS, told, f"{what}; runs learn the price themselves")
    return _Judged(Verdict.AS_ASSUMED, told, "plans count with no less")


def _dearness(shape: Shape) -> float:
    return (shape.points_each or 0.0) / max(shape.predicted_each, 1.0)


def _bad_value(facts: BadValue) -> _Judged:
    outcome = f"refused as {facts.refused_as}" if facts.refused_as else "accepted"
    told = f"a value that no {facts.column_type} column takes: {outcome}, {'an' if facts.there else 'no'} item made"
    if facts.there:
        what = "a bad value leaves an item without it: keep its column optional, and watch the warnings of runs"
        return _Judged(Verdict.DIFFERS, told, what)
    if facts.refused_as != "REJECTED_VALUE":
        return _Judged(
            Verdict.DIFFERS, told, "the refusal has an unknown form: such orders are not told apart; report it"
        )
    return _Judged(Verdict.AS_ASSUMED, told, "a refused order is not on the board")


def percentile(values: Sequence[float], percent: float) -> float:
    """By nearest rank, so that a few values give their largest."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(percent / 100 * len(ordered)) - 1)] if ordered else 0.0


def _spread(lags: Sequence[float]) -> str:
    if not any(lags):
        return f"at once ({len(lags)} of {len(lags)})"
    halves = (f"{name} {_seconds(percentile(lags, percent))}" for name, percent in (("p50", 50), ("p99", 99)))
    return f"{', '.join(halves)}, max {_seconds(max(lags))} (of {len(lags)})"


def _seconds(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds >= 10 or seconds == 0 else f"{seconds:.1f} s"


def _rounded(seconds: float) -> float:
    return math.ceil(seconds / _STEP) * _STEP


def _and(parts: Sequence[object]) -> str:
    *first, last = map(str, parts)
    return f"{', '.join(first)} and {last}" if first else last
