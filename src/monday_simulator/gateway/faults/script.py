"""The rules of a script with their counters."""

from __future__ import annotations

import random
from collections.abc import Sequence
from difflib import get_close_matches
from functools import cache
from typing import Any

import msgspec

from monday_simulator.api.schema import executable_schema
from monday_simulator.gateway.faults.kinds import Boundary
from monday_simulator.gateway.faults.rules import Details, FaultError, Rule


class _Counter:
    """How often a rule matched and fired."""

    def __init__(self, rule: Rule, seed: int) -> None:
        self.rule = rule
        self.seen = 0
        self.fired = 0
        self._most = rule.times if rule.times is not None else 1 if rule.nth is not None else None
        # without a seed of the simulator's the draws of a rule are those of its own alone
        self._random = random.Random(f"{seed}/{rule.seed}" if seed else rule.seed)  # noqa: S311 - a script, no secret

    @property
    def left(self) -> int | None:
        """How often it may fire yet; None without an end."""
        return None if self._most is None else self._most - self.fired

    def is_due(self) -> bool:
        """Count a matching request. One number is drawn for each, so a rule's draws depend on nothing else."""
        self.seen += 1
        drawn = self._random.random() if self.rule.share is not None else 0.0
        return self.left != 0 and self._hit(drawn)

    def _hit(self, drawn: float) -> bool:
        rule = self.rule
        if rule.nth is not None:
            return rule.nth <= self.seen < rule.nth + (rule.times or 1)
        if rule.every is not None:
            return self.seen % rule.every == 0
        return rule.share is not None and drawn < rule.share

    def fire(self) -> Rule:
        self.fired += 1
        return self.rule

    def told(self) -> dict[str, Any]:
        return {**msgspec.to_builtins(self.rule), "seen": self.seen, "fired": self.fired, "left": self.left}


class FaultScript:
    """Not thread-safe: the simulator holds a lock. Of several rules due at once the first one wins.

    seed: the simulator's, from which all draws hang beside those of the rules.
    """

    def __init__(self, rules: Sequence[Rule] = (), seed: int = 0) -> None:
        self._seed = seed
        self._counters: list[_Counter] = []
        self.replace(rules)

    def replace(self, rules: Sequence[Rule]) -> None:
        """Follow these rules from now on, counted from nothing; raises FaultError and changes nothing then."""
        _check(rules)
        self._counters = [_Counter(rule, self._seed) for rule in rules]

    def add(self, rule: Rule) -> None:
        """Follow one more rule; the others keep their counters."""
        _check([rule])
        self._counters.append(_Counter(rule, self._seed))

    @property
    def knows_unread(self) -> bool:
        """Whether any rule is for requests before they are read."""
        return any(_is_unread(each.rule) for each in self._counters)

    @property
    def rules(self) -> tuple[Rule, ...]:
        return tuple(each.rule for each in self._counters)

    def told(self) -> list[dict[str, Any]]:
        """Each rule as it was given, with what it has `seen`, `fired`, and how often it may yet (`left`)."""
        return [each.told() for each in self._counters]

    def pick(self, fields: Sequence[str], writes: bool, details: Details | None = None) -> Rule | None:
        """The fault for the next request with these root fields, if any."""
        asked = [each for each in self._counters if not _is_unread(each.rule)]
        return _first_due([each for each in asked if each.rule.matches(fields, writes, details)])

    def pick_unread(self, details: Details) -> Rule | None:
        """The fault for a request of which only the headers are known."""
        asked = [each for each in self._counters if _is_unread(each.rule)]
        return _first_due([each for each in asked if each.rule.matches((), False, details)])


def _is_unread(rule: Rule) -> bool:
    return rule.kind.boundary is Boundary.BEFORE_READING


def _first_due(matching: Sequence[_Counter]) -> Rule | None:
    due = [each for each in matching if each.is_due()]
    return due[0].fire() if due else None


def _check(rules: Sequence[Rule]) -> None:
    found = ((at, problem) for at, rule in enumerate(rules, 1) for problem in (rule.problem(), _unknown_field(rule)))
    problems = [f"rule {at}: {problem}" for at, problem in found if problem]
    if problems:
        raise FaultError("; ".join(problems))


def _unknown_field(rule: Rule) -> str | None:
    """A rule for a field that the schema does not have would wait for ever."""
    if rule.on in ("any", "read", "write") or rule.on in _root_fields():
        return None
    near = get_close_matches(rule.on, _root_fields(), 1)
    return f"{rule.on} is no root field" + (f", did you mean {near[0]}?" if near else "")


@cache
def _root_fields() -> frozenset[str]:
    """Of all versions; the schema never changes."""
    schema = executable_schema()
    roots = (schema.query_type, schema.mutation_type)
    return frozenset(name for root in roots if root is not None for name in root.fields)
