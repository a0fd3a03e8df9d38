"""How long to wait before the next attempt: arithmetic only, the draw comes from outside."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

FIRST_SECONDS: Final = 1.0
CAP_SECONDS: Final = 60.0
_CAPPED_FROM: Final = 6  # 2**6 seconds exceed the cap


def backoff(attempt: int, draw: float, scale: float = 1.0) -> timedelta:
    """Full jitter: `draw` (0 <= draw < 1) of min(60 s, 2**attempt s), times `scale`. attempt is from 0 on."""
    if attempt < 0:
        raise ValueError(f"attempts count from 0, not {attempt}")
    longest = min(CAP_SECONDS, FIRST_SECONDS * 2.0 ** min(attempt, _CAPPED_FROM))
    return timedelta(seconds=draw * longest * scale)
