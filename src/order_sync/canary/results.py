"""The dated file of a survey: written once, read by check."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from order_sync.canary.facts import Measured
from order_sync.canary.verdicts import ProbeResult, Verdict
from order_sync.model.errors import SettingsError


@dataclass(frozen=True)
class Results:
    """One survey. `host`: of the API's address; `finished` False: it was stopped before its end."""

    made_at: datetime
    board: str
    host: str
    api_version: str
    finished: bool
    calls: int
    points: int
    probes: tuple[ProbeResult, ...]
    account: str | None = None
    tier: str | None = None
    left: tuple[str, ...] = ()
    facts: dict[str, Any] | None = None  # of each probe that has some, for people

    def of(self, verdict: Verdict) -> tuple[ProbeResult, ...]:
        return tuple(probe for probe in self.probes if probe.verdict is verdict)


def facts_told(measured: Measured) -> dict[str, Any]:
    """The facts as plain values."""
    return {name: msgspec.to_builtins(facts) for name, facts in measured.facts.items()}


def plain(results: Results) -> dict[str, Any]:
    """As the file has it, and --json."""
    told: dict[str, Any] = msgspec.to_builtins(results)
    return told


def file_for(folder: Path, results: Results) -> Path:
    """canary-<board>-<date>.json; a further one of the same day gets a number."""
    stem = f"canary-{results.board}-{results.made_at:%Y-%m-%d}"
    numbers = iter(range(2, 1_000))
    path = folder / f"{stem}.json"
    while path.exists():
        path = folder / f"{stem}-{next(numbers)}.json"
    return path


def write(path: Path, results: Results) -> None:
    """Whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.tmp")
    temporary.write_bytes(msgspec.json.format(msgspec.json.encode(results)) + b"\n")
    os.replace(temporary, path)  # noqa: PTH105 - the name says what is meant


def read(path: Path) -> Results:
    """SettingsError where the file is none of ours."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Results)
    except (OSError, ValueError) as error:
        step = "run order-sync canary again, or take the file away"
        raise SettingsError(
            f"the results of a canary cannot be read: {error}", where=str(path), next_step=step
        ) from None


def kept(folder: Path) -> Iterator[Path]:
    """Every file of results in the folder."""
    yield from sorted(folder.glob("canary-*.json"))
