"""What a run would do and what it would cost, as a record."""

from __future__ import annotations

from dataclasses import dataclass

from order_sync.reports.shape import Report


@dataclass(frozen=True, slots=True)
class CustomerForecast(Report):
    """One customer's batch to come. `calls` is the sum of the four kinds."""

    customer: str
    orders: int
    sizes: int
    groups: int
    new_groups: int
    item_calls: int
    size_calls: int
    group_calls: int
    look_ups: int
    calls: int


@dataclass(frozen=True, slots=True)
class HeldForecast(Report):
    """Source rows that would be held for one cause. `order_number`: of one of them."""

    cause: str
    meaning: str
    rows: int
    order_number: str | None


@dataclass(frozen=True, slots=True)
class Limit(Report):
    """One limit of the account, or the lane, and the minutes that it alone would make of the run."""

    name: str  # points | calls | lane
    minutes: float
    told: str


@dataclass(frozen=True, slots=True)
class Cost(Report):
    """`minutes`: by the limit that binds. `days`: how many daily allowances of calls it takes."""

    calls: int
    calls_per_order: float | None
    item_calls: int
    size_calls: int
    group_calls: int
    read_calls: int
    points: int
    minutes: float
    binding: str
    limits: tuple[Limit, ...]
    days: int


@dataclass(frozen=True, slots=True)
class Begun(Report):
    """What earlier runs have left: it goes first. `due_rows`: failed ones that are tried again."""

    batches: int
    customers: tuple[str, ...]
    orders: int
    sizes: int
    due_rows: int


@dataclass(frozen=True, slots=True)
class Forecast(Report):
    """`changes`: source rows by class (VANISHED: promoted orders). Of the new ones `orders` would be sent,
    `queued` are staged already, `left_out` are not selected or beyond the limit.

    `labels_checked`: the board was asked whether it has the labels that may not be made.
    """

    source_rows: int
    changes: dict[str, int]
    orders: int
    sizes: int
    queued: int
    left_out: int
    held: tuple[HeldForecast, ...]
    customers: tuple[CustomerForecast, ...]
    cost: Cost
    begun: Begun
    labels_checked: bool
    notes: tuple[str, ...]

    @property
    def held_new(self) -> int:
        """New source rows that are held for what stands in them."""
        return self.changes["NEW"] - self.orders - self.queued - self.left_out

    @property
    def held_rows(self) -> int:
        """All source rows that are held: those, and the ones whose key is blank or not unique."""
        return self.changes["HELD"] + self.held_new
