"""The parts of the campaign by name, and how a pass is divided among them."""

from __future__ import annotations

import os
from typing import Final

# Tiny frames are several times faster in one thread, and a pass has a process for each core.
os.environ.setdefault("POLARS_MAX_THREADS", "1")

from tests.campaign import boundaries, database, days, files, mutants, pairs, processes, proxy, replies, seeds
from tests.campaign.figures import Part

PARTS: Final[dict[str, Part]] = {
    part.name: part
    for part in (
        boundaries.PLACES,
        boundaries.PART,
        pairs.PART,
        seeds.PART,
        days.PART,
        mutants.PART,
        replies.PART,
        files.PART,
        database.PART,
        proxy.PART,
        *processes.PARTS,
    )
}
SHARES: Final[dict[str, float]] = {
    "places": 3, "boundaries": 22, "pairs": 20, "seeds": 19, "days": 8, "mutants": 4, "replies": 4, "files": 3,
    "database": 2, "proxy": 12, "kills": 11, "pauses": 5, "crowd": 9,
}  # fmt: skip
"""Of the time of a pass: about the minutes that the units of each took on two cores."""
ON_SERVER: Final = ("places", "boundaries", "pairs", "seeds", "kills")
"""Parts that have their worlds on a server too."""
ALONE: Final = frozenset({"kills", "pauses", "crowd", "days"})
"""Parts that start processes of their own, or whose units follow one upon the other."""
