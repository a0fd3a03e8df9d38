"""What the planners' board takes from a source row: 44 columns, written down here a second time on purpose.

The mapping decides what the product does; this list is what the demo holds against it.
"""

from __future__ import annotations

_SAME_NAME = (
    "AAG ORDER NUMBER",
    "CUSTOMER ALT PO",
    "PO NUMBER",
    "PATTERN ID",
    "DESTINATION",
    "DESTINATION WAREHOUSE",
    "PLANNED DELIVERY METHOD",
    "FINAL PRICES Y/N",
    "STYLE DESCRIPTION",
    "NOTES",
    "NOTES FOR PRICE",
    "RANGE / COLLECTION",
    "AAG SEASON",
    "CUSTOMER SEASON",
    "DROP",
    "CATEGORY",
    "ORDER TYPE",
    "DELIVERY TERMS",
    "HS CODE",
    "UNIT OF MEASURE",
    "ORDER DATE PO RECEIVED",
)

AMOUNTS = (
    "CUSTOMER PRICE",
    "USA ONLY LSTP 75% EX WORKS",
    "EX WORKS (USD)",
    "ADMINISTRATION FEE",
    "DESIGN FEE",
    "FX CHARGE",
    "HANDLING",
    "SURCHARGE FEE",
    "DISCOUNT",
    "FINAL FOB (USD)",
    "US DUTY",
    "FREIGHT",
    "US TARIFF",
    "DDP US (USD)",
    "SMS PRICE USD",
)
RATES = ("US DUTY RATE", "US TARIFF RATE")

_RENAMED = {
    "CUSTOMER NAME": "CUSTOMER",
    "CUSTOMER STYLE": "STYLE",
    "CUSTOMER COLOUR DESCRIPTION": "COLOR",
    "ALIAS/RELATED ITEM": "ALIAS RELATED ITEM",
    "ETA CUSTOMER WAREHOUSE DATE": "CUSTOMER REQ IN DC DATE",
    "EX FACTORY DATE": "CUSTOMER EX FACTORY DATE",
}

TARGETS: dict[str, str] = {**{name: name for name in (*_SAME_NAME, *AMOUNTS, *RATES)}, **_RENAMED}
"""Source column -> board column, for every column that is written."""

KEY = ("AAG ORDER NUMBER", "CUSTOMER STYLE", "CUSTOMER COLOUR DESCRIPTION")
FALLBACK_SEASON = "UNKNOWN_SEASON"
LONG_TEXT_LIMIT = 2_000  # characters of a long_text cell
DESCRIPTION_LIMIT = 500  # width of STYLE DESCRIPTION and RANGE / COLLECTION in staging
TEXT_LIMIT = 200  # width of searched text in staging
NAME_LIMIT = 255  # characters of an item name

GUARDED_LABELS: dict[str, tuple[str, ...]] = {
    "ORDER TYPE": ("RECEIVED", "FORECAST", "CANCELLED"),
    "UNIT OF MEASURE": ("PCE", "PCS"),
}
"""Labels that a fresh demo board has, beside the customers' names; these columns never get another one."""
