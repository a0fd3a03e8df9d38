"""A row in the planter's hand: what the source will hold and, written at once, what must become of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from order_sync.demo_data.board import FALLBACK_SEASON, KEY, TARGETS
from order_sync.demo_data.brands import Brand
from order_sync.demo_data.draws import Draws
from order_sync.demo_data.expected import Expectation, Fate
from order_sync.demo_data.table import COLUMNS, SIZES, UUID

_T = TypeVar("_T")
STYLE, COLOUR, ORDER = "CUSTOMER STYLE", "CUSTOMER COLOUR DESCRIPTION", "AAG ORDER NUMBER"


@dataclass(frozen=True)
class Market:
    """The customers that a planter may use."""

    brands: Sequence[Brand]
    known: frozenset[str]  # every name and alias of the whole list, folded
    inner: tuple[str, str] | None  # a brand whose name lies inside another's, and that other


@dataclass
class Line:
    """One row. Values of `shown` are the board's text; a target that is not in it has no value."""

    row: int
    raw: dict[str, Any]
    shown: dict[str, str]
    draws: Draws
    market: Market
    fate: Fate = Fate.CREATED
    causes: list[str] = field(default_factory=list)
    dirt: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    cut: list[str] = field(default_factory=list)

    def pick(self, *choices: _T) -> _T:
        """One of them, the same for the same seed and row."""
        return self.draws.one_of("variant", self.row, choices)

    def put(self, source: str, raw: Any, shown: str | None = None) -> None:
        """A value that reaches the board, as `shown` where that differs."""
        self.raw[source] = raw
        self.shown[TARGETS[source]] = str(raw) if shown is None else shown

    def empty(self, source: str, raw: Any = None) -> None:
        """A value that means nothing: the board has none, and nobody is warned."""
        self.raw[source] = raw
        self.shown.pop(TARGETS[source], None)

    def drop(self, source: str, raw: str) -> None:
        """A value that cannot be read: the order goes without it, with a warning."""
        self.empty(source, raw)
        self.dropped.append(TARGETS[source])

    def cut_to(self, source: str, raw: str, limit: int) -> None:
        """A value longer than its column: the first `limit` characters go, with a warning."""
        self.put(source, raw, raw[:limit])
        self.cut.append(TARGETS[source])

    def hold(self, cause: str) -> None:
        self.fate = Fate.HELD
        self.causes.append(cause)

    def cancel(self) -> None:
        """Cancelled before it was ever sent."""
        self.fate = Fate.CANCELLED

    def text(self, source: str) -> str:
        """The board's text of a key column (always there on an ordinary row)."""
        return self.shown[TARGETS[source]]

    @property
    def sizes(self) -> dict[str, int]:
        """What subitems there must be: label -> quantity, in source order."""
        return {size: self.raw[size] for size in SIZES if (self.raw[size] or 0) > 0}

    def give_sizes(self, sizes: dict[str, int], total: int | None) -> None:
        """These quantities and no other."""
        for size in SIZES:
            self.raw[size] = sizes.get(size)
        self.raw["TOTAL QTY"] = self.raw["Sum of TOTAL QTY"] = total

    def blank(self) -> None:
        """All 268 columns NULL."""
        self.raw = dict.fromkeys(COLUMNS)
        self.shown = {}

    def expectation(self) -> Expectation:
        """What the list says of this row."""
        key = [self.raw[part] for part in KEY]
        told = Expectation(self.row, self.raw[UUID], key, self.shown.get("CUSTOMER"), self.fate)
        told.causes, told.dirt = self.causes, self.dirt
        if self.fate is Fate.CREATED:
            told.name = item_name(self.shown)
            told.group = group_name(self.shown)
            told.columns = {target: self.shown[target] for target in TARGETS.values() if target in self.shown}
            told.dropped, told.cut = self.dropped, self.cut
            told.sizes = [[label, quantity] for label, quantity in self.sizes.items()]
        return told


def item_name(shown: dict[str, str]) -> str:
    return f"{shown['STYLE']} {shown['COLOR']} {shown['AAG ORDER NUMBER']}"


def group_name(shown: dict[str, str]) -> str:
    season = shown.get("CUSTOMER SEASON") or shown.get("AAG SEASON") or FALLBACK_SEASON
    return f"{shown['CUSTOMER']} {season}"
