"""Invented orders for any mapping: plain, valid and different, so that only faults can go wrong."""

from __future__ import annotations

from collections.abc import Mapping as Values
from collections.abc import Sequence
from typing import Any, Final

from order_sync.model.columns import Kind, kind_of, limits_of
from order_sync.model.mapping import ColumnMapping, ColumnType, Customers, LabelPolicy, Mapping
from order_sync.model.transform import sources_of
from order_sync.source import SourceColumn

SIZES = ("S", "M", "L")
LABELS: Final = ("label 0", "label 1", "label 2")
_LONGEST = 18  # characters of an invented text, where its column takes as many
_LABELLED: Final = (ColumnType.DROPDOWN, ColumnType.STATUS)


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
    name = _customer(customers, customer)
    row: dict[str, Any] = {}
    for column in sorted(mapping.columns, key=_choosiness):
        row.setdefault(column.source, name if column.canonical_customer else _value(column, number))
    for each in sources_of(mapping):
        row.setdefault(each, f"{each[:8]} {number}")
    row |= {each: _key_part(mapping, each, number, row[each]) for each in mapping.source.key}
    row[mapping.source.customer] = name
    row |= dict(zip(SIZES, sizes, strict=False))
    row[mapping.sizes.total] = sum(sizes)
    _keep_alive(mapping, row)
    return row


def with_labels(mapping: Mapping, board: Values[str, Any]) -> dict[str, Any]:
    """The seed of a board, with labels in the guarded columns that an order cannot do without and that have none."""
    wanted = {each.board.id for each in mapping.columns if each.board and each.required and _needs_labels(each)}
    boards = [{**one, "columns": [_labelled(each, wanted) for each in one["columns"]]} for one in board["boards"]]
    return {**board, "boards": boards}


def _labelled(column: dict[str, Any], wanted: set[str]) -> dict[str, Any]:
    if column["id"] not in wanted or column.get("settings"):
        return column
    labels = [{"id": at, "label": label} for at, label in enumerate(LABELS, 1)]
    return {**column, "settings": {"labels": labels}}


def _needs_labels(column: ColumnMapping) -> bool:
    return column.board is not None and column.board.type in _LABELLED and column.board.labels is LabelPolicy.NEVER


def _customer(customers: Customers, number: int) -> str:
    known = customers.customers
    return known[number % len(known)].name if known else f"CUSTOMER {number}"


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


def _choosiness(column: ColumnMapping) -> int:
    """Of several columns that one source column feeds, the one that takes the fewest values decides."""
    if column.values:
        return 0
    if kind_of(column) is not Kind.TEXT:
        return 1
    return 2 if _needs_labels(column) else 3


def _key_part(mapping: Mapping, source: str, number: int, plain: str | None) -> str | None:
    """Another one for each order, as far as the columns that it feeds allow that."""
    fed = sorted((each for each in mapping.columns if each.source == source), key=_choosiness)
    if fed and (fed[0].values or _needs_labels(fed[0])):
        return plain
    kind = kind_of(fed[0]) if fed else Kind.TEXT
    if kind is Kind.DATE:
        return plain
    return str(number) if kind is not Kind.TEXT else f"K{number:05d}"[-min(map(_width, fed), default=_LONGEST) :]


def _value(column: ColumnMapping, number: int) -> str | None:
    """What the column takes for certain; nothing where only the board's own labels would do."""
    if column.values:
        return sorted(column.values)[number % len(column.values)]
    kind = kind_of(column)
    if kind is Kind.DATE:
        return f"2026-05-{1 + number % 28:02d}"
    if kind is not Kind.TEXT:
        return str(number % 2) if column.sql.strip().upper() == "BIT" else str(1 + number)
    if column.board is not None and column.board.type in _LABELLED:
        return LABELS[number % 3] if column.required or not _needs_labels(column) else None
    return f"{column.target[:8]} {number}"[-_width(column) :].strip()


def _width(column: ColumnMapping) -> int:
    return min([limit.size for limit in limits_of(column)] + [_LONGEST])
