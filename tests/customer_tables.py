"""The tables of a customer as they stood before Order Sync: no keys, text without limits, other people's columns, and rows
that nobody will ever finish. Made for SQLite or as T-SQL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

_DATES: Final = """
ORDER DATE PO RECEIVED|CUSTOMER REQ IN DC DATE|CUSTOMER EX FACTORY DATE|EX-FTY (Change Request)|EX-FTY (Forecast)
EX-FTY (Partner PO)|EX-FTY (Revised LS)|PLANNED CUT DATE|TRIM ETA DATE|FABRIC ETA DATE|PPS CMT DUE|PPS CMT RCV"""
_WHOLE: Final = """
FCST QTY|FCST CONSUMED QTY|ORDER QTY|PACKED QTY|SHIPPED QTY|Net Demand|Item ID|PRODUCTION QTY"""
_NUMBERS: Final = """
CUSTOMER PRICE|USA ONLY LSTP 75% EX WORKS|EX WORKS (USD)|ADMINISTRATION FEE|DESIGN FEE|FX CHARGE|HANDLING|SURCHARGE FEE
DISCOUNT|FINAL FOB (USD)|US DUTY RATE|US DUTY|FREIGHT|US TARIFF RATE|US TARIFF|DDP US (USD)|SMS PRICE USD|REVENUE (FOB)"""
_PRODUCTION: Final = """
Title|UpdateDate|Group|Subitems|CUSTOMER|AAG ORDER NUMBER|AAG SEASON|ORDER DATE PO RECEIVED|CUSTOMER SEASON|DROP|PO NUMBER
CUSTOMER ALT PO|STYLE|STYLE DESCRIPTION|ALIAS RELATED ITEM|COLOR|CATEGORY|PATTERN ID|UNIT OF MEASURE|FCST QTY
FCST CONSUMED QTY|ORDER QTY|PACKED QTY|SHIPPED QTY|Net Demand|ORDER TYPE|DESTINATION|DESTINATION WAREHOUSE
CUSTOMER REQ IN DC DATE|CUSTOMER EX FACTORY DATE|DELIVERY TERMS|PLANNED DELIVERY METHOD|NOTES|CUSTOMER PRICE
USA ONLY LSTP 75% EX WORKS|EX WORKS (USD)|ADMINISTRATION FEE|DESIGN FEE|FX CHARGE|HANDLING|SURCHARGE FEE|DISCOUNT
FINAL FOB (USD)|HS CODE|US DUTY RATE|US DUTY|FREIGHT|US TARIFF RATE|US TARIFF|DDP US (USD)|SMS PRICE USD|FINAL PRICES Y/N
NOTES FOR PRICE|Item ID|matchAlias|PLANNING BOARD|REQUESTED XFD STATUS|EX-FTY (Change Request)|EX-FTY (Forecast)
EX-FTY (Partner PO)|EX-FTY (Revised LS)|PRODUCTION TYPE|AQL INSPECTION|AQL TYPE|PLANNED CUT DATE|MO NUMBER
PRODUCTION STATUS|FACTORY COUNTRY|FACTORY|ALLOCATION STATUS|PRODUCTION QTY|TRIM ETA DATE|FABRIC ETA DATE|TRIM STATUS
ADD TO PLANNING|FABRIC STATUS|PPS STATUS|PPS CMT DUE|PPS CMT RCV|REVENUE (FOB)|ORDER STATUS"""
_SIZES: Final = """
parent_item_id|subitem_id|subitem_board_id|Size|Order Qty|Cut Qty|Sew Qty|Finishing Qty|Received not Shipped Qty|Packed Qty
Shipped Qty|ORDER LINE STATUS|Item ID"""
_SEARCHED: Final = """
CUSTOMER|AAG ORDER NUMBER|AAG SEASON|CUSTOMER SEASON|DROP|PO NUMBER|CUSTOMER ALT PO|STYLE"""


def _names(text: str) -> list[str]:
    return [name for line in text.strip().splitlines() for name in line.split("|")]


@dataclass(frozen=True)
class CustomerTable:
    """`columns`: name and type in SQL Server's words."""

    name: str
    columns: tuple[tuple[str, str], ...]

    def ddl(self, dialect: str) -> str:
        columns = ",\n    ".join(f"{quoted(name, dialect)} {_typed(sql, dialect)}" for name, sql in self.columns)
        return f"CREATE TABLE {quoted(self.name, dialect)} (\n    {columns}\n)"


def quoted(name: str, dialect: str) -> str:
    return f"[{name.replace(']', ']]')}]" if dialect == "mssql" else '"' + name.replace('"', '""') + '"'


def _typed(sql: str, dialect: str) -> str:
    if dialect == "mssql":
        return sql
    for word, here in (
        ("BIGINT IDENTITY(1,1) PRIMARY KEY", "INTEGER PRIMARY KEY AUTOINCREMENT"),
        ("NVARCHAR(MAX)", "TEXT"),
        ("UNIQUEIDENTIFIER", "CHAR(36)"),
        ("DATETIME2", "TEXT"),
    ):
        sql = sql.replace(word, here)
    return sql


def _business(searched: str = "NVARCHAR(MAX)") -> Iterator[tuple[str, str]]:
    dates, whole, numbers, bounded = map(_names, (_DATES, _WHOLE, _NUMBERS, _SEARCHED))
    for name in _names(_PRODUCTION):
        kinds = ((dates, "DATE"), (whole, "BIGINT"), (numbers, "FLOAT"), (bounded, searched))
        yield name, next((sql for names, sql in kinds if name in names), "NVARCHAR(MAX)")


_KEY: Final = "BIGINT IDENTITY(1,1) PRIMARY KEY"
_STAGED: Final = (
    ("stg_batch_id", "UNIQUEIDENTIFIER NOT NULL"),
    ("stg_customer_batch", "NVARCHAR(100)"),
    ("stg_status", "NVARCHAR(50) DEFAULT 'PENDING'"),
    ("stg_error_message", "NVARCHAR(MAX)"),
    ("stg_api_payload", "NVARCHAR(MAX)"),
    ("stg_retry_count", "INT DEFAULT 0"),
    ("stg_created_date", "DATETIME2"),
    ("stg_processed_date", "DATETIME2"),
)
_FAILED: Final = (
    ("api_payload", "NVARCHAR(MAX)"),
    ("error_type", "NVARCHAR(100)"),
    ("error_message", "NVARCHAR(MAX)"),
    ("http_status_code", "INT"),
    ("retry_count", "INT DEFAULT 0"),
    ("max_retries_reached", "BIT DEFAULT 0"),
    ("created_date", "DATETIME2"),
    ("last_retry_date", "DATETIME2"),
    ("resolved_date", "DATETIME2"),
    ("resolved_by", "NVARCHAR(100)"),
    ("original_data", "NVARCHAR(MAX)"),
)
_COUNTS: Final = ("total_records", "successful_records", "failed_records", "orders_processed", "subitems_processed")
_STEPS: Final = ("staging_load", "items_creation", "subitems_creation", "promotion", "cleanup")

PRODUCTION: Final = CustomerTable("MON_CustMasterSchedule", tuple(_business()))
PRODUCTION_SIZES: Final = CustomerTable(
    "MON_CustMasterSchedule_Subitems", tuple((name, "NVARCHAR(MAX)") for name in _names(_SIZES))
)
STAGING: Final = CustomerTable(
    "STG_MON_CustMasterSchedule",
    (
        *_business("NVARCHAR(200)"),
        ("stg_id", _KEY),
        *_STAGED,
        ("stg_monday_item_id", "BIGINT"),
        ("loaded_by", "NVARCHAR(50)"),  # theirs
    ),
)
STAGING_SIZES: Final = CustomerTable(
    "STG_MON_CustMasterSchedule_Subitems",
    (
        *((name, "NVARCHAR(MAX)") for name in _names(_SIZES)),
        ("stg_subitem_id", _KEY),
        *_STAGED,
        ("stg_parent_stg_id", "BIGINT"),
        ("stg_monday_subitem_id", "BIGINT"),
        ("stg_monday_subitem_board_id", "BIGINT"),
        ("stg_size_label", "NVARCHAR(50)"),
        ("stg_order_qty_numeric", "BIGINT"),
    ),
)
ERRORS: Final = CustomerTable(
    "ERR_MON_CustMasterSchedule",
    (
        ("err_id", _KEY),
        ("original_stg_id", "BIGINT"),
        ("batch_id", "UNIQUEIDENTIFIER"),
        ("customer_batch", "NVARCHAR(100)"),
        ("order_number", "NVARCHAR(100)"),
        ("item_name", "NVARCHAR(500)"),
        ("group_name", "NVARCHAR(200)"),
        *_FAILED,
    ),
)
ERRORS_SIZES: Final = CustomerTable(
    "ERR_MON_CustMasterSchedule_Subitems",
    (
        ("err_id", _KEY),
        ("original_stg_subitem_id", "BIGINT"),
        ("parent_item_id", "BIGINT"),
        ("batch_id", "UNIQUEIDENTIFIER"),
        ("customer_batch", "NVARCHAR(100)"),
        ("order_number", "NVARCHAR(100)"),
        ("size_label", "NVARCHAR(50)"),
        ("order_qty", "BIGINT"),
        ("subitem_name", "NVARCHAR(200)"),
        *_FAILED,
    ),
)
BATCHES: Final = CustomerTable(
    "MON_BatchProcessing",
    (
        ("batch_id", "UNIQUEIDENTIFIER PRIMARY KEY"),
        ("customer_name", "NVARCHAR(100) NOT NULL"),
        ("batch_type", "NVARCHAR(50) NOT NULL"),
        ("status", "NVARCHAR(50) DEFAULT 'STARTED'"),
        *((name, "INT") for name in _COUNTS),
        ("start_time", "DATETIME2"),
        ("end_time", "DATETIME2"),
        ("error_summary", "NVARCHAR(MAX)"),
        ("duration_seconds", "INT"),
        *((name, "INT") for name in ("api_calls_made", "api_failures", "retries_attempted")),
        *((f"{step}_completed", "DATETIME2") for step in _STEPS),
        ("started_by", "NVARCHAR(100)"),
        ("config_snapshot", "NVARCHAR(MAX)"),
    ),
)
OLDER_STILL: Final = CustomerTable(
    "Failed_API_Calls",
    tuple((name, "NVARCHAR(MAX)") for name in ("staging_id", "order_number", "item_name", "payload", "message")),
)
TABLES: Final = (*(PRODUCTION, PRODUCTION_SIZES, STAGING, STAGING_SIZES, ERRORS, ERRORS_SIZES, BATCHES, OLDER_STILL),)

_OPEN, _BROKEN, _DONE = (f"6F9619FF-8B86-D011-B42D-00C04FC964F{digit}" for digit in "ABC")
ROWS: Final[tuple[tuple[CustomerTable, Mapping[str, object]], ...]] = (
    (PRODUCTION, {"Title": "ST-1 RED AAA-00001", "CUSTOMER": "NOVA PEAK", "Item ID": 9911111111, "UpdateDate": "1.2.25"}),
    (PRODUCTION, {"Title": None, "NOTES": "n" * 4001, "CUSTOMER PRICE": 28.86}),
    (PRODUCTION_SIZES, {"parent_item_id": "9911111111", "Size": "XL", "Order Qty": "12"}),
    # Two that wait for ever, without a key of ours, and one that made it.
    (STAGING, {"stg_batch_id": _OPEN, "AAG ORDER NUMBER": "AAA-00001", "stg_customer_batch": "NOVA PEAK"}),
    (STAGING, {"stg_batch_id": _OPEN, "AAG ORDER NUMBER": "AAA-00001", "stg_retry_count": None, "loaded_by": "bob"}),
    (STAGING, {"stg_batch_id": _DONE, "stg_status": "PROMOTED", "stg_monday_item_id": 9911111111}),
    (STAGING, {"stg_batch_id": _BROKEN, "stg_status": "API_FAILED", "stg_error_message": "Group not found"}),
    (STAGING_SIZES, {"stg_batch_id": _OPEN, "stg_parent_stg_id": 1, "stg_size_label": "XL", "Size": "XL"}),
    (ERRORS, {"original_stg_id": 4, "batch_id": _BROKEN, "error_type": "ITEM_CREATION_ERROR", "item_name": "ST-9"}),
    (ERRORS_SIZES, {"original_stg_subitem_id": 1, "batch_id": _BROKEN, "error_type": "SUBITEM_CREATION_ERROR"}),
    (BATCHES, {"batch_id": _OPEN, "customer_name": "NOVA PEAK", "batch_type": "ORDERS", "status": "ITEMS_CREATED",
               "start_time": "2025-06-01 04:00:00"}),
    (BATCHES, {"batch_id": _BROKEN, "customer_name": "NOVA PEAK", "batch_type": "FULL_BATCH",
               "status": "COMPLETED_WITH_ERRORS", "start_time": "2025-06-02 04:00:00", "failed_records": 1}),
    (BATCHES, {"batch_id": _DONE, "customer_name": "SALT ROAD", "batch_type": "SUBITEMS", "status": "COMPLETED",
               "start_time": "2025-06-03 04:00:00", "end_time": "2025-06-03 04:10:00", "total_records": 1}),
    (OLDER_STILL, {"order_number": "AAA-00001", "message": "timeout"}),
)  # fmt: skip
