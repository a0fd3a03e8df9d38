"""What a check has found, one difference at a time, each with its place and its repair."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from order_sync.reports.shape import Report


class Level(StrEnum):
    """How much a finding matters."""

    ERROR = "error"  # a run would fail or send something wrong
    WARNING = "warning"  # a run goes, but somebody should look
    OK = "ok"


class Area(StrEnum):
    """What was compared with the mapping and the settings."""

    MAPPING = "mapping"
    SOURCE = "source"
    TABLES = "tables"
    BOARD = "board"
    CANARY = "canary"  # the live service, as it was measured


@dataclass(frozen=True, slots=True)
class Finding(Report):
    """`where`: mapping.yaml:line: entry, or table and column. `fix`: what to do; empty where nothing is."""

    level: Level
    area: Area
    what: str
    where: str = ""
    fix: str = ""


def error(area: Area, what: str, where: str, fix: str) -> Finding:
    return Finding(Level.ERROR, area, what, where, fix)


def warning(area: Area, what: str, where: str, fix: str) -> Finding:
    return Finding(Level.WARNING, area, what, where, fix)


def fine(area: Area, what: str, where: str = "") -> Finding:
    return Finding(Level.OK, area, what, where)


@dataclass(frozen=True, slots=True)
class CheckReport(Report):
    """`unchecked`: parts that could not be reached, and why."""

    findings: tuple[Finding, ...]
    unchecked: tuple[str, ...]

    def of(self, level: Level) -> list[Finding]:
        """The findings of one level, in the order of the check."""
        return [finding for finding in self.findings if finding.level is level]
