"""What ordinary cells hold: the values to draw from, as the source has them and as the board shows them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import product

import polars as pl

from order_sync.demo_data.board import AMOUNTS

_BASE_COLOURS = (
    "BLACK", "NAVY", "WHITE", "BONNEVILLE", "DIJON", "OLIVE NIGHT", "CHALK", "SLATE BLUE", "CINNABAR",
    "SEA GLASS", "HEATHER GREY", "FOREST", "SAND DUNE", "ROSEWOOD", "GRAPHITE", "MIDNIGHT", "CORAL REEF",
    "LICHEN", "PLUM", "SKYWAY", "TOBACCO", "ICE MINT", "BRICK", "ORCHID", "STORM", "WHEAT", "TEAL HARBOUR",
    "RUST", "INDIGO", "FOG",
)  # fmt: skip
_GARMENTS = (
    "POLO", "SHORT 7IN", "JOGGER", "HOODIE", "TEE", "BRA", "LEGGING", "SKORT", "QUARTER ZIP", "CHINO",
    "VEST",
)  # fmt: skip
_RANGES = (
    "ATLAS", "CAMBER", "DRIFT", "EMBER", "FATHOM", "GALE", "HARBOUR", "ISLE", "KESTREL", "LUNAR", "MERIDIAN",
)  # fmt: skip
_PRICES = {
    "CUSTOMER PRICE",
    "USA ONLY LSTP 75% EX WORKS",
    "EX WORKS (USD)",
    "FINAL FOB (USD)",
    "DDP US (USD)",
}


@dataclass(frozen=True)
class Pool:
    """Values of one column. `raw` and `shown` belong together by position; `shown` None: both agree."""

    raw: pl.Series
    shown: pl.Series | None = None
    empty: int = 0  # NULLs in a thousand
    by: str = "row"  # or "order": the lines of one order number share the value

    @property
    def on_board(self) -> pl.Series:
        return self.raw if self.shown is None else self.shown


def _texts(values: Iterable[str], empty: int = 0, by: str = "row") -> Pool:
    return Pool(pl.Series(list(values), dtype=pl.String), None, empty, by)


def plain(hundredths: int) -> str:
    """28.86 of 2886; no trailing zeros."""
    whole, rest = divmod(hundredths, 100)
    if rest == 0:
        return str(whole)
    return f"{whole}.{rest // 10}" if rest % 10 == 0 else f"{whole}.{rest:02d}"


def _prices(highest: int, empty: int, zeros: int) -> Pool:
    """Two decimals mostly (28.50), short forms sometimes (28.5), `zeros` of a hundred are 0."""
    hundredths = [*range(125, highest, 37)]
    raw = [plain(h) if h % 20 == 0 else f"{h // 100}.{h % 100:02d}" for h in hundredths]
    shown = [plain(h) for h in hundredths]
    nothing = ["0"] * (len(hundredths) * zeros // (100 - zeros))
    return Pool(pl.Series(raw + nothing), pl.Series(shown + nothing), empty)


def _rates() -> Pool:
    thousandths = [0, 25, 50, 75, 100, 145, 165, 166, 197, 200, 281, 320]
    shown = ["0" if t == 0 else f"0.{t:03d}".rstrip("0") for t in thousandths]
    return Pool(pl.Series([f"0.{t:03d}" for t in thousandths]), pl.Series(shown), 80)


def _dates(first: date, days: int, empty: int, by: str) -> Pool:
    raw = pl.Series([first + timedelta(days=day) for day in range(days)], dtype=pl.Date)
    return Pool(raw, pl.Series([day.isoformat() for day in raw]), empty, by)


def _colours() -> Iterator[str]:
    yield from _BASE_COLOURS
    yield from (f"{a} / {b}" for a, b in zip(_BASE_COLOURS, _BASE_COLOURS[7:], strict=False))
    yield from (f"{100 + 14 * i} - {a}" for i, a in enumerate(_BASE_COLOURS))
    yield from (f"{a} (REFLECTIVE LOGO)" for a in _BASE_COLOURS[::3])


def _po_numbers() -> Iterator[str]:
    for i in range(700):
        yield str(4755 + 13 * i)
        yield f"{8148 + 7 * i}-{i % 4:02d}"
        yield f"PO {_RANGES[i % 11]} {i:03d}"


@cache
def colours() -> pl.Series:
    """Distinct, also when case is folded; a whole of them is drawn for one style."""
    return pl.Series(list(_colours()), dtype=pl.String)


@cache
def mapped() -> dict[str, Pool]:
    """Pools of the columns that the board takes, except customer, seasons, style, colour and order number."""
    pools = {
        "STYLE DESCRIPTION": _texts((f"{r} {g}" for r, g in product(_RANGES, _GARMENTS)), 20),
        "ALIAS/RELATED ITEM": _texts((f"{r[:3]}{1000 + 7 * i}-A" for i in range(90) for r in _RANGES), 600),
        "PATTERN ID": _texts((f"P-{1000 + 3 * i}" for i in range(400)), 300),
        "HS CODE": _texts((f"{6100000000 + 1_170_010 * i}" for i in range(700)), 50),
        "PO NUMBER": _texts(_po_numbers(), 300, "order"),
        "CUSTOMER ALT PO": _texts((f"ALT-{2000 + 11 * i}" for i in range(900)), 500, "order"),
        "DROP": _texts(("DROP 1", "DROP 2", "DROP 3", "LAUNCH"), 700, "order"),
        "CATEGORY": _texts(("MENS", "WOMENS", "TOPS", "BOTTOMS", "ACCESSORIES"), 30),
        "DELIVERY TERMS": _texts(("FOB", "FOB", "FOB", "DDP", "EXW"), 100, "order"),
        "UNIT OF MEASURE": _texts(("PCE", "PCE", "PCS"), 20),
        "ORDER DATE PO RECEIVED": _dates(date(2025, 1, 6), 260, 30, "order"),
        "EX FACTORY DATE": _dates(date(2025, 10, 1), 180, 150, "order"),
        "ETA CUSTOMER WAREHOUSE DATE": _dates(date(2026, 4, 1), 150, 200, "order"),
        "DESTINATION": _texts(("USA", "AUSTRALIA", "UK", "CANADA", "NEW ZEALAND"), 60, "order"),
        "DESTINATION WAREHOUSE": _texts(("LAX-2", "SYD MAIN", "MANCHESTER 3PL", "YVR", "AKL"), 200, "order"),
        "PLANNED DELIVERY METHOD": _texts(("OCEAN", "OCEAN", "AIR"), 40, "order"),
        "NOTES": _texts((f"ADDED {d}.{m}.25" for m in range(1, 10) for d in range(1, 29)), 500),
        "NOTES FOR PRICE": _texts(("AGREED PRICE", "AWAITING COSTING", "AS LAST SEASON"), 800),
        "RANGE / COLLECTION": _texts((f"{r} CORE" for r in _RANGES), 500),
        "FINAL PRICES Y/N": _texts(("Y", "N"), 250),
        "US DUTY RATE": _rates(),
        "US TARIFF RATE": _rates(),
    }
    for name in AMOUNTS:
        pools[name] = _prices(9_500, 60, 2) if name in _PRICES else _prices(1_100, 250, 40)
    return pools


@cache
def unmapped() -> dict[str, Pool]:
    """Pools of columns that the board does not take. INFOR COLOUR CODE is one: `100` there is no size."""
    return {
        "MONTH": _texts(("JULY", "AUGUST", "SEPTEMBER", "OCTOBER"), 300, "order"),
        "PROMO GROUP / CAMPAIGN (HOT 30/GLOBAL EDIT": _texts(("HOT 30", "GLOBAL EDIT"), 850),
        "MAKE OR BUY": _texts(("MAKE", "BUY"), 100),
        "PLANNER": _texts(("PLANNER A", "PLANNER B", "PLANNER C"), 50, "order"),
        "ORIGINAL ALIAS/RELATED ITEM": _texts((f"OLD-{i}" for i in range(300)), 700),
        "PRICING ALIAS/RELATED ITEM": _texts((f"PRC-{i}" for i in range(300)), 800),
        "CUSTOMER''S COLOUR CODE (CUSTOM FIELD) CUSTOMER PROVIDES THIS": _texts(("942", "001", "BLK"), 400),
        "ACTIVE": _texts(("Y",), 100),
        "FACILITY CODE": _texts(("F01", "F02"), 300),
        "BULK AGREEMENT NUMBER": _texts((f"BA{i:04d}" for i in range(50)), 900),
        "CUSTOMER CODE": _texts((f"C{i:03d}" for i in range(60)), 100, "order"),
        "CO NUMBER - INITIAL DISTRO": _texts((f"{7000000 + i}" for i in range(500)), 600),
        "CO NUMBER (INITIAL DISTRO)": _texts((f"{7000000 + i}" for i in range(500)), 600),
        "AAG SEASON CODE": _texts(("25F", "26S"), 300, "order"),
        "PLANNER2": _texts(("PLANNER D",), 800, "order"),
        "ITEM TYPE CODE": _texts(("FG",), 200),
        "PRODUCT GROUP CODE": _texts(("APP", "ACC"), 200),
        "GENDER GROUP CODE": _texts(("M", "W", "U"), 200),
        "FABRIC TYPE CODE": _texts(("KNIT", "WOVEN"), 200),
        "INFOR COLOUR CODE": _texts(("BLK", "NVY", "WHT", "410", "942", "100"), 300),
        "ALLOCATION (CHANNEL)": _texts(("RETAIL", "ECOM", "WHOLESALE"), 600),
        "SHOP CODE": _texts((f"S{i:02d}" for i in range(20)), 900),
        "DELIVERY CODE (MODL)": _texts(("OCN", "AIR"), 400),
        "VALIDATION": _texts(("OK", "CHECK"), 500),
        "VALIDATION2": _texts(("TRUE", "FALSE"), 500),
        "UK DUTY RATE": _texts(("0.12", "12%"), 500),
        "DDP UK (USD)": _texts((f"{i}.40" for i in range(9, 60)), 500),
        "CAN DUTY RATE": _texts(("0.18",), 500),
        "Delta": _texts(("0", "0.00", "-"), 600),
        "Warehouse": _texts(("W1",), 700),
        "Longson Alias": _texts((f"LS{i}" for i in range(100)), 800),
        "BUAR (BUSINESS AREA UNIT)": _texts(("APPAREL",), 300),
    }
