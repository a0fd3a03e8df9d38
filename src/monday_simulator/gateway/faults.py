"""Scripted misbehaviour: which request, at which boundary, how often. A script always does the same."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any

import msgspec


class Kind(StrEnum):
    """What happens to a request."""

    RESET_BEFORE = "reset_before"
    ERROR_500_BEFORE = "error_500_before"
    THROTTLE_429 = "throttle_429"
    LOCKED_423 = "locked_423"
    BAD_ALIAS = "bad_alias"
    LATE_APPLY = "late_apply"
    LOST_AFTER = "lost_after"
    HALF_ANSWER = "half_answer"
    ERROR_500_AFTER = "error_500_after"
    HTML_502_AFTER = "html_502_after"


BEFORE = frozenset({Kind.RESET_BEFORE, Kind.ERROR_500_BEFORE, Kind.THROTTLE_429, Kind.LOCKED_423})
ONLY_WRITES = frozenset({Kind.BAD_ALIAS, Kind.LATE_APPLY})


class FaultError(ValueError):
    """A script that cannot be followed. The message names every rule that is wrong."""


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line of a script.

    on: "any", "read", "write" or the name of a root field. Of the requests that match, the `nth` (from 1),
    every `every`-th, or a `share` drawn from `seed` meets the fault; at most `times` of them (1 for `nth`,
    else no end). retry_in_seconds: of a throttle_429. code: of that or a bad_alias. after_seconds: of a
    late_apply. alias: of a bad_alias, the position of the field that fails, from 0.
    """

    kind: Kind
    on: str = "any"
    nth: int | None = None
    every: int | None = None
    share: float | None = None
    seed: int = 0
    times: int | None = None
    retry_in_seconds: int = 5
    code: str | None = None
    after_seconds: float = 5.0
    alias: int = 0

    def __post_init__(self) -> None:
        # rules made in Python may give the kind as plain text
        msgspec.structs.force_setattr(self, "kind", Kind(self.kind))

    def problem(self) -> str | None:
        given = [name for name in ("nth", "every", "share") if getattr(self, name) is not None]
        if len(given) != 1:
            return f"give exactly one of nth, every, share; found {', '.join(given) or 'none'}"
        if self.share is not None and not 0 <= self.share <= 1:
            return f"share must be between 0 and 1, found {self.share}"
        if any(value is not None and value < 1 for value in (self.nth, self.every, self.times)):
            return "nth, every and times start at 1"
        return None

    def matches(self, fields: Sequence[str], writes: bool) -> bool:
        if self.kind in ONLY_WRITES and not writes:
            return False
        if self.on == "any":
            return True
        if self.on in ("read", "write"):
            return writes is (self.on == "write")
        return self.on in fields


class _Counter:
    """How often a rule matched and fired."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self._seen = 0
        self._left = rule.times if rule.times is not None else 1 if rule.nth is not None else None
        self._random = random.Random(rule.seed)  # noqa: S311 - a script, no secret

    def is_due(self) -> bool:
        """Count one matching request; true when the fault is for it."""
        self._seen += 1
        drawn = self._random.random() if self.rule.share is not None else 0.0
        return self._left != 0 and self._hit(drawn)

    def _hit(self, drawn: float) -> bool:
        rule = self.rule
        if rule.nth is not None:
            return rule.nth <= self._seen < rule.nth + (rule.times or 1)
        if rule.every is not None:
            return self._seen % rule.every == 0
        return rule.share is not None and drawn < rule.share

    def fire(self) -> Rule:
        if self._left is not None:
            self._left -= 1
        return self.rule


class FaultScript:
    """The rules with their counters. Of several rules due at once the first one wins."""

    def __init__(self, rules: Sequence[Rule] = ()) -> None:
        problems = [f"rule {at}: {problem}" for at, rule in enumerate(rules, 1) if (problem := rule.problem())]
        if problems:
            raise FaultError("; ".join(problems))
        self._counters = [_Counter(rule) for rule in rules]

    def pick(self, fields: Sequence[str], writes: bool) -> Rule | None:
        """The fault for the next request with these root fields, if any."""
        due = [each for each in self._counters if each.rule.matches(fields, writes) and each.is_due()]
        return due[0].fire() if due else None


def load_faults(source: str | Path | Sequence[Mapping[str, Any]]) -> tuple[Rule, ...]:
    """Rules from a file, from JSON text, or from decoded JSON; raises FaultError."""
    try:
        if isinstance(source, Path):
            source = source.read_text(encoding="utf-8")
        if isinstance(source, str):
            rules = msgspec.json.decode(source, type=tuple[Rule, ...])
        else:
            rules = msgspec.convert(source, type=tuple[Rule, ...])
    except msgspec.DecodeError as error:
        raise FaultError(str(error)) from error
    FaultScript(rules)
    return rules
