"""Customers of a generated table: how many orders each has, its spellings, seasons and prefixes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, product
from string import ascii_uppercase

from order_sync.demo_data.draws import Draws

# Orders of 34 customers: a log-normal's quantiles (median 78, sigma 1.7) within 6 .. 1,091; sum 7,224.
QUANTILES = (
    6, 6, 7, 9, 12, 15, 18, 21, 25, 29, 33, 38, 44, 50, 57, 65, 73, 83, 94, 107, 122, 139, 159, 182, 211,
    246, 289, 344, 508, 540, 668, 902, 1031, 1091,
)  # fmt: skip
SPELLINGS = 20  # spellings a customer, repeated by weight
SEASON_SLOTS = 60  # a multiple of most counts of seasons, so that they weigh about the same

AAG_SEASONS = (
    "2025 FALL", "2026 SPRING", "2026 SPRING SUMMER", "2025 Q2", "2025 SUMMER", "2026 FALL", "2025 HOLIDAY",
    "2026 Q1", "2025 FALL WINTER", "2026 SUMMER", "2025 Q4", "2026 Q3",
)  # fmt: skip
CUSTOMER_SEASONS = (
    "SPRING SUMMER 2026", "SP26", "FW25", "FA25 HOLIDAY", "Q3 2024", "2022 Q2", "SPRING 26 REBUY",
    "CAPSULE", "FEBRUARY", "June 2025 Re-buy", "TBD", "SS26", "FALL '25", "AW25 / DROP 2", "PRE-FALL 2026",
    "HOLIDAY",
)  # fmt: skip


@dataclass(frozen=True)
class Season:
    """CUSTOMER SEASON and AAG SEASON of an order; the group shows the first that is there."""

    customer: str | None
    aag: str | None


@dataclass(frozen=True)
class Brand:
    name: str
    aliases: tuple[str, ...]
    lines: int  # orders in the table
    spellings: tuple[str, ...]  # SPELLINGS of them
    prefixes: tuple[str, str]  # three letters of order numbers: the usual ones, the odd ones
    seasons: tuple[Season, ...]  # SEASON_SLOTS of them


def folded(name: str) -> str:
    return name.strip().casefold()


def inner_pair(names: Sequence[str]) -> tuple[str, str] | None:
    """The first two brands of which one's name lies inside the other's: (inner, outer)."""
    pairs = ((inner, outer) for outer in names for inner in names)
    return next(((i, o) for i, o in pairs if i != o and folded(i) in folded(o)), None)


def line_counts(rows: int, customers: int) -> list[int]:
    """Orders a customer, smallest first; together `rows`."""
    weights = [QUANTILES[(2 * i + 1) * len(QUANTILES) // (2 * customers)] for i in range(customers)]
    least = min(5, rows // customers)
    spare = rows - least * customers
    counts = [least + spare * weight // sum(weights) for weight in weights]
    if rows == sum(QUANTILES) and customers == len(QUANTILES):
        counts = list(QUANTILES)
    counts[-1] += rows - sum(counts)
    return counts


def choose_brands(names: Sequence[tuple[str, Sequence[str]]], rows: int, customers: int, draws: Draws) -> list[Brand]:
    """`customers` of the named ones, the telling names among them."""
    order = _telling_first(draws.shuffled("brands", names))
    chosen = draws.shuffled("brand order", order[:customers])
    counts = draws.shuffled("lines", line_counts(rows, customers))
    used: set[str] = set()
    return [
        Brand(
            name=name,
            aliases=tuple(aliases),
            lines=lines,
            spellings=_spellings(name, aliases),
            prefixes=(_prefix(name, used), _prefix(name[::-1], used)),
            seasons=_seasons(index, lines, draws),
        )
        for index, ((name, aliases), lines) in enumerate(zip(chosen, counts, strict=True))
    ]


def _telling_first(names: list[tuple[str, Sequence[str]]]) -> list[tuple[str, Sequence[str]]]:
    """Before all others: a name inside another's, one with an apostrophe, one beyond ASCII."""
    all_names = [name for name, _ in names]
    apostrophe = [name for name in all_names if "'" in name][:1]
    foreign = [name for name in all_names if not name.isascii()][:1]
    telling = {*(inner_pair(all_names) or ()), *apostrophe, *foreign}
    return sorted(names, key=lambda named: named[0] not in telling)


def _spellings(name: str, aliases: Sequence[str]) -> tuple[str, ...]:
    others = [*aliases] or [name]
    aliased = [others[i % len(others)] for i in range(6)]
    cased = [same for same in (name.title(), name.lower(), others[0].title()) if folded(same) in
             {folded(name), folded(others[0])}]  # fmt: skip
    odd = [cased[i % len(cased)] for i in range(2)] if cased else [name] * 2
    spaced = [f"{name} ", f"  {others[-1]} "]
    return tuple([name] * 10 + aliased + odd + spaced)


def _prefix(name: str, used: set[str]) -> str:
    """Three letters no other customer has: of the name where they are free."""
    letters = re.sub(r"[^A-Z]", "", name.upper()) + "ORD"
    near = (letters[0] + a + b for a, b in product(letters[1:], letters[1:]))
    anything = ("".join(three) for three in product(ascii_uppercase, repeat=3))
    for candidate in chain([letters[:3]], near, anything):
        if candidate not in used:
            used.add(candidate)
            return candidate
    raise ValueError("more customers than there are prefixes of three letters")


def _seasons(index: int, lines: int, draws: Draws) -> tuple[Season, ...]:
    wanted = draws.one_of("seasons", index, (1, 2, 2, 2, 3, 3, 3, 4, 4, 5, 5, 6, 8, 11))
    count = max(1, min(wanted, lines // 3))
    own = draws.shuffled(f"own seasons {index}", CUSTOMER_SEASONS)
    regular = draws.shuffled(f"regular seasons {index}", AAG_SEASONS)
    turn = draws.number("first season", index, 2)
    distinct = []
    for i in range(count):
        if (i + turn) % 2 == 0:
            distinct.append(Season(None, regular[i // 2]))
        else:
            aag = regular[-1 - i // 2] if draws.number(f"aag {index}", i, 5) else None
            distinct.append(Season(own[i // 2], aag))
    return tuple(distinct[i % count] for i in range(SEASON_SLOTS))
