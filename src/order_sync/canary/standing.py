"""What `check` says of the surveys that were made: is there one, is it of this service, do the settings heed it."""

from __future__ import annotations

import urllib.parse
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from order_sync.canary.results import Results, kept, read
from order_sync.canary.verdicts import Assumed, Need, ProbeResult, Verdict
from order_sync.model.errors import SettingsError
from order_sync.reports.findings import Area, Finding, fine, warning
from order_sync.settings import Settings

_AGAIN: Final = "order-sync canary --board NUMBER, with the number of a sandbox board"
_HERE: Final = frozenset({"localhost", "127.0.0.1", "::1"})


def host_of(settings: Settings) -> str:
    return urllib.parse.urlsplit(settings.monday.url).hostname or ""


def folder_of(settings: Settings) -> Path:
    return settings.path(settings.canary.folder)


def assumed_by(settings: Settings) -> Assumed:
    """What the protocol takes for granted with these settings."""
    times = settings.times
    return Assumed(
        server_apply=times.of("server_apply").total_seconds(),
        visibility=times.of("visibility").total_seconds(),
        server_timeout=times.of("server_timeout").total_seconds(),
        batch_size=settings.sending.batch_size,
        scale=times.scale,
    )


def findings(settings: Settings, now: datetime) -> Iterator[Finding]:
    """Reads the folder of results, nothing else."""
    found: list[tuple[Path, Results]] = []
    for path in kept(folder_of(settings)):
        try:
            found.append((path, read(path)))
        except SettingsError as problem:
            yield warning(Area.CANARY, problem.what, problem.where or "", problem.next_step or "")
    here = [each for each in found if each[1].host == host_of(settings)]
    if here:
        yield from _of_latest(settings, now, *max(here, key=lambda each: _rank(each[1])))
    elif found:
        others = ", ".join(sorted({each[1].host for each in found}))
        what = f"the service at {host_of(settings)} was never measured, only {others}"
        yield warning(Area.CANARY, what, str(folder_of(settings)), _AGAIN)
    elif host_of(settings) not in _HERE:  # a simulator does what it is told: nothing is learnt of it
        what = "nobody has measured whether the live service behaves as the send protocol assumes"
        yield warning(Area.CANARY, what, str(folder_of(settings)), _AGAIN)


def _rank(results: Results) -> tuple[bool, datetime]:
    """A survey that was stopped takes nothing away from a whole one before it."""
    return results.finished, results.made_at


def _of_latest(settings: Settings, now: datetime, path: Path, results: Results) -> Iterator[Finding]:
    wrong = [*_outdated(settings, now, path, results), *_unheeded(settings, path, results)]
    yield from wrong
    if not wrong:
        when = f"{results.made_at:%Y-%m-%d} on board {results.board}"
        unclear = ", ".join(probe.id for probe in results.of(Verdict.INCONCLUSIVE))
        what = f"the service was measured on {when}, and the settings fit"
        yield fine(Area.CANARY, what + (f"; inconclusive: {unclear}" if unclear else ""), path.name)


def _outdated(settings: Settings, now: datetime, path: Path, results: Results) -> Iterator[Finding]:
    age = now - results.made_at
    if age > timedelta(days=settings.canary.max_age_days):
        yield warning(Area.CANARY, f"the service was last measured {age.days} days ago", path.name, _AGAIN)
    if results.api_version != settings.monday.api_version:
        what = f"API version {results.api_version} was measured, and {settings.monday.api_version} is in use"
        yield warning(Area.CANARY, what, path.name, _AGAIN)
    if not results.finished:
        yield warning(Area.CANARY, "the last measuring was stopped before its end", path.name, _AGAIN)


def _unheeded(settings: Settings, path: Path, results: Results) -> Iterator[Finding]:
    """What a setting can answer counts only while it does not; the rest is to be known."""
    for probe in results.of(Verdict.DIFFERS):
        open_needs = [need for need in probe.needs if not need.met_by(_value(settings, need))]
        if open_needs or not probe.needs:
            what = f"{probe.id} {probe.title} differs: {probe.measured}"
            yield warning(Area.CANARY, what, path.name, _fix(probe, open_needs))
    for probe in results.of(Verdict.AS_ASSUMED):
        lowered = [need for need in probe.needs if not need.met_by(_value(settings, need))]
        if lowered:
            what = f"{probe.id} {probe.title}: a setting has been lowered since: {probe.measured}"
            yield warning(Area.CANARY, what, path.name, _fix(probe, lowered))


def _fix(probe: ProbeResult, needs: list[Need]) -> str:
    return " and ".join(map(str, needs)) if needs else probe.follows


def _value(settings: Settings, need: Need) -> float:
    section, _, entry = need.setting.partition(".")
    return float(getattr(getattr(settings, section), entry))
