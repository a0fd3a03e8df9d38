"""Which API version serves a request."""

from __future__ import annotations

import re

CURRENT = "2026-10"
MAINTENANCE = "2026-07"
RELEASE_CANDIDATE = "2027-01"
DEV = "dev"
FIRST = "2023-04"

KINDS = {
    MAINTENANCE: ("maintenance", "Maintenance"),
    CURRENT: ("current", "Current"),
    RELEASE_CANDIDATE: ("release_candidate", "Release Candidate"),
    DEV: ("dev", "Dev"),
}
_WELL_FORMED = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
_QUARTERS = frozenset({"01", "04", "07", "10"})


class VersionError(ValueError):
    """The header is no version at all."""


def version_served(asked: str | None) -> str:
    """The version that answers: maintenance for a retired one, the current for one that is not known."""
    if not asked:
        return CURRENT
    if asked in KINDS:
        return asked
    if not _WELL_FORMED.fullmatch(asked):
        raise VersionError(asked)
    retired = asked[5:] in _QUARTERS and FIRST <= asked < MAINTENANCE
    return MAINTENANCE if retired else CURRENT
