"""A small mapping, its customers, and source frames for the tests of transform and what it is made of."""

from __future__ import annotations

from typing import Any

import polars as pl

from order_sync.model.mapping import ColumnMapping, Customers, Mapping

TEXT = "NVARCHAR(MAX)"
SIZES = ("XS", "S", "M", "OS", "ONE SIZE")
COLUMNS = (
    {"source": "BRAND", "target": "CUSTOMER", "canonical_customer": True, "required": True,
     "board": {"id": "dropdown_a", "type": "dropdown"}},
    {"source": "NUMBER", "target": "ORDER NUMBER", "board": {"id": "text_a", "type": "text"}},
    {"source": "STYLE", "target": "STYLE", "staging_sql": "NVARCHAR(10)",
     "board": {"id": "text_b", "type": "text"}},
    {"source": "COLOUR", "target": "COLOR", "board": {"id": "long_text_a", "type": "long_text"}},
    {"source": "OWN SEASON", "target": "OWN SEASON", "board": {"id": "dropdown_b", "type": "dropdown"}},
    {"source": "SEASON", "target": "SEASON", "board": {"id": "dropdown_c", "type": "dropdown"}},
    {"source": "KIND", "target": "KIND", "values": {"ACTIVE": "RECEIVED"},
     "board": {"id": "color_a", "type": "status"}},
    {"source": "PRICE", "target": "PRICE", "sql": "FLOAT", "board": {"id": "numeric_a", "type": "numbers"}},
    {"source": "RATE", "target": "RATE", "sql": "FLOAT", "values": {"TRUE": "0"},
     "board": {"id": "text_c", "type": "text"}},
    {"source": "DUE", "target": "DUE", "sql": "DATE", "board": {"id": "date_a", "type": "date"}},
    {"source": "TOTAL", "target": "QTY", "sql": "BIGINT"},
)  # fmt: skip


def column(source: str = "A", **changes: Any) -> ColumnMapping:
    """A text column, but for the changes."""
    return ColumnMapping.model_validate({"source": source, "target": source, "sql": TEXT, **changes})


def mapping(changed: dict[str, dict[str, Any]] | None = None, **parts: Any) -> Mapping:
    """`changed`: target -> fields of that column. `parts`: fields of the mapping, dicts merged in."""
    columns = [{"sql": TEXT, **each, **(changed or {}).get(each["target"], {})} for each in COLUMNS]
    whole: dict[str, Any] = {
        "pipeline": "sample",
        "source": {"table": "ORDERS", "key": ["NUMBER", "STYLE", "COLOUR"], "customer": "BRAND",
                   "order_number": "NUMBER"},
        "board": {"id": "1", "sync_key": "text_key", "item_name": "{STYLE} {COLOR} {ORDER NUMBER}",
                  "group": {"season": ["OWN SEASON", "SEASON"]}},
        "columns": columns,
        "production_order": [each["target"] for each in columns],
        "sizes": {"after": "UNIT", "before": "TOTAL", "exclude": ["SHADE"], "total": "TOTAL"},
        "subitems": {"subtasks_column": "subtasks", "columns": [{"target": "Size", "role": "size"}]},
        "changes": {"cancelled": {"column": "KIND", "values": ["CANCELLED"]}},
    }  # fmt: skip
    for name, part in parts.items():
        whole[name] = {**whole[name], **part} if isinstance(part, dict) else part
    return Mapping.model_validate(whole)


def customers() -> Customers:
    """Two invented brands."""
    brands = [{"name": "NOVA PEAK", "aliases": ["Nova Peak (AU)", "CAFÉ NOVA"]}, {"name": "PEAK"}]
    return Customers.model_validate({"customers": brands})


ORDER: dict[str, Any] = {
    "BRAND": "Nova Peak", "NUMBER": "NOV-00001", "STYLE": "ST1", "COLOUR": "RED", "OWN SEASON": "FW25",
    "SEASON": "2025 FALL", "KIND": "ACTIVE", "PRICE": "28.86", "RATE": "10", "DUE": "2026-01-31",
    "UNIT": "PCE", "SHADE": "100", "XS": None, "S": 5, "M": 7, "OS": None, "ONE SIZE": 0, "TOTAL": 12,
}  # fmt: skip


def frame(*rows: dict[str, Any]) -> pl.DataFrame:
    """A source frame: each row is a good order but for the given values. Int64 where all values are."""
    filled = [{**ORDER, **row} for row in rows]
    columns = []
    for name in ORDER:
        values = [row[name] for row in filled]
        types = {type(value) for value in values if value is not None}
        whole = types <= {int} and (bool(types) or name in SIZES)
        texts = [None if value is None else str(value) for value in values]
        columns.append(pl.Series(name, values, dtype=pl.Int64) if whole else pl.Series(name, texts, dtype=pl.String))
    return pl.DataFrame(columns).with_row_index("__row")
