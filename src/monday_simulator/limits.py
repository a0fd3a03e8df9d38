"""What the account may use."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta


@dataclass(frozen=True)
class Limits:
    """The ceilings; by default those of an Enterprise account with a personal token."""

    complexity_per_minute: int = 10_000_000
    complexity_per_query: int = 5_000_000
    requests_per_minute: int = 5_000
    calls_per_day: int = 25_000
    concurrency: int = 250
    items_per_board: int = 10_000
    subitems_per_board: int = 100_000
    subitems_per_item: int = 500
    idempotency_window: timedelta = timedelta(minutes=30)
    cursor_life: timedelta = timedelta(minutes=60)
    read_lag: timedelta = timedelta(0)
    """How long a fresh item stays hidden from look-ups by column value."""
    costs: dict[str, int] = field(default_factory=dict)
    """Points by root field of a mutation, over those of `costs.COSTS`."""


@dataclass(frozen=True)
class Charge:
    """The complexity budget around one request, as its `complexity` field tells it."""

    before: int
    query: int
    after: int
    reset_in_x_seconds: int
