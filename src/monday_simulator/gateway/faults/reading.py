"""A script from a file, from text, or from decoded JSON."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from monday_simulator.gateway.faults.kinds import Kind
from monday_simulator.gateway.faults.rules import FaultError, Rule

_KINDS: Final = tuple(kind.value for kind in Kind)


def load_faults(source: str | Path | Sequence[Mapping[str, Any]]) -> tuple[Rule, ...]:
    """Rules from a file, from text, or from decoded JSON; raises FaultError, which names every wrong rule.

    Text is a JSON list of rules, or a rule a line: `lost_after on=create_item nth=2  # why`.
    """
    if isinstance(source, Path):
        source = source.read_text(encoding="utf-8")
    if isinstance(source, str):
        loose = not source.lstrip().startswith(("[", "{"))
        raw = list(_lines(source)) if loose else _decoded(source)
    else:
        loose, raw = False, list(source)
    rules: list[Rule] = []
    problems: list[str] = []
    for at, each in enumerate(raw, 1):
        try:
            rule = _rule(each, loose)
            problem = rule.problem()
            rules.append(rule)
        except (msgspec.ValidationError, FaultError) as error:
            problem = str(error)
        if problem:
            problems.append(f"rule {at}: {problem}")
    if problems:
        raise FaultError("; ".join(problems))
    return tuple(rules)


def script_of(file: Path | None, rules: Sequence[str]) -> tuple[Rule, ...]:
    """What a command line says: the rules of a file, then those written out; raises FaultError."""
    return (*(load_faults(file) if file is not None else ()), *load_faults("\n".join(rules)))


def _rule(raw: object, loose: bool) -> Rule:
    if isinstance(raw, FaultError):
        raise raw
    if isinstance(raw, Mapping) and raw.get("kind") not in _KINDS:
        raise FaultError(f"there is no kind {raw.get('kind')!r} (known: {', '.join(_KINDS)})")
    return msgspec.convert(raw, type=Rule, strict=not loose)


def _decoded(text: str) -> list[Any]:
    try:
        decoded = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError) as error:
        raise FaultError(f"not JSON: {error}") from error
    if not isinstance(decoded, list):
        raise FaultError("a script is a list of rules")
    return decoded


def _lines(text: str) -> Iterator[dict[str, str] | FaultError]:
    for line in text.splitlines():
        try:
            words = shlex.split(line, comments=True)
        except ValueError as error:
            yield FaultError(f"{line!r}: {error}")
            continue
        if words:
            yield _pairs(words)


def _pairs(words: Sequence[str]) -> dict[str, str] | FaultError:
    rule = {"kind": words[0]}
    for word in words[1:]:
        name, equals, value = word.partition("=")
        if not equals:
            return FaultError(f"{word!r} should be name=value")
        rule[name] = value
    return rule
