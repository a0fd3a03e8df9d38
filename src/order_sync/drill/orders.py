"""Invented orders for any mapping: plain, valid and different, so that only faults can go wrong."""

from __future__ import annotations

from collections.abc import Mapping as Values
from collections.abc import Sequence
from typing import Any

from order_sync.model.mapping import ColumnMapping, ColumnType, Customers, LabelPolicy, Mapping
from order_sync.model.transform import sources_of
from order_sync.source import SourceColumn

SIZES = ("S", "M", "L")
_LONGEST = 18  # characters of an invented text: fits nearly every column


def source_columns(mapping: Mapping) -> tuple[SourceColumn, ...]:
    """A source table as the mapping needs it: its columns as text, and three sizes between the markers."""
    sizes = mapping.sizes
    around = {sizes.after, sizes.before, sizes.total}
    wanted = [*sources_of(mapping), *mapping.source.po, *mapping.source.season]
    names = [name for name in dict.fromkeys(wanted) if name not in around]
    tail = [] if sizes.total in (sizes.after, sizes.before) else [sizes.total]
    head = [*names, *tail, sizes.after]
    kinds = {sizes.total: "INT"}
    made = [SourceColumn(name, kinds.get(name, "NVARCHAR")) for name in head]
    made += [SourceColumn(size, "INT") for size in SIZES]
    return (*made, SourceColumn(sizes.before, kinds.get(sizes.before, "NVARCHAR")))


def order(mapping: Mapping, customers: Customers, number: int, customer: int, sizes: Sequence[int]) -> dict[str, Any]:
    """One source row. `customer`: position among the known ones; `sizes`: quantities of the first size columns."""
    row: dict[str, Any] = {}
    for column in mapping.columns:
        row.setdefault(column.source, _value(column, number))
    for name in sources_of(mapping):
        row.setdefault(name, f"{name[:8]} {number}")
    for name in mapping.source.key:
        row[name] = f"K{number:05d}" if _is_text(mapping, name) else str(number)
    row[mapping.source.customer] = customers.customers[customer % len(customers.customers)].name
    row |= dict(zip(SIZES, sizes, strict=False))
    row[mapping.sizes.total] = sum(sizes)
    _keep_alive(mapping, row)
    return row


def cancelled(mapping: Mapping, row: Values[str, Any]) -> dict[str, Any] | None:
    """The same order, cancelled; None where the mapping has no such rule."""
    rule = mapping.changes.cancelled
    return None if rule is None else {**row, rule.column: rule.values[0]}


def changed(mapping: Mapping, row: Values[str, Any]) -> dict[str, Any]:
    """The same order with another quantity of its first size."""
    more = {**row, SIZES[0]: row[SIZES[0]] + 5}
    return {**more, mapping.sizes.total: row[mapping.sizes.total] + 5}


def _keep_alive(mapping: Mapping, row: dict[str, Any]) -> None:
    rule = mapping.changes.cancelled
    if rule is None or row.get(rule.column) not in rule.values:
        return
    others = [value for column in mapping.columns if column.source == rule.column for value in column.values]
    row[rule.column] = next((each for each in others if each not in rule.values), None)


def _is_text(mapping: Mapping, source: str) -> bool:
    kinds = {column.board.type for column in mapping.columns if column.source == source and column.board}
    return kinds <= {ColumnType.TEXT, ColumnType.LONG_TEXT}


def _value(column: ColumnMapping, number: int) -> str | None:
    """What the column takes for certain; nothing where only the board's own labels would do."""
    if column.values:
        return sorted(column.values)[number % len(column.values)]
    kind = None if column.board is None else column.board.type
    if kind is ColumnType.NUMBERS or _sql(column) in ("FLOAT", "INT", "BIGINT", "DECIMAL", "NUMERIC", "REAL"):
        return str(10 + number)
    if kind is ColumnType.DATE or _sql(column) in ("DATE", "DATETIME", "DATETIME2"):
        return f"2026-05-{1 + number % 28:02d}"
    if kind in (ColumnType.DROPDOWN, ColumnType.STATUS):
        creates = column.board is not None and column.board.labels is LabelPolicy.CREATE
        return f"label {number % 3}" if creates or column.required else None
    return f"{column.target[:8]} {number}"[:_LONGEST]


def _sql(column: ColumnMapping) -> str:
    return column.sql.partition("(")[0].strip().upper()
