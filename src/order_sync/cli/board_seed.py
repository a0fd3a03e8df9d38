"""A board as the mapping needs it, as the simulator's seed: what `demo`, `simulator` and tests start from."""

from __future__ import annotations

from typing import Any

from order_sync.demo_data import GUARDED_LABELS
from order_sync.model.mapping import BoardColumn, ColumnType, Customers, LabelPolicy, Mapping


def board_seed(mapping: Mapping, customers: Customers) -> dict[str, Any]:
    """Every column of the mapping with its id and type; labels of guarded columns, the others empty."""
    names = [customer.name for customer in customers.customers]
    columns = [
        _column(column.board, column.target, _labels(mapping, column.target, names))
        for column in mapping.columns
        if column.board
    ]
    columns += [
        {"id": column.board_id, "title": column.target, "type": column.board_type}
        for column in mapping.table_columns
        if column.board_id and column.board_type and column.board_id != mapping.subitems.subtasks_column
    ]
    columns.append({"id": mapping.board.sync_key, "title": "Sync key", "type": "text"})
    columns.append({"id": mapping.subitems.subtasks_column, "title": "Subitems", "type": "subtasks"})
    return {
        "boards": [
            {
                "id": mapping.board.id,
                "name": mapping.board.name or "Orders",
                "columns": columns,
                "subitem_board": {
                    "id": mapping.subitems.board_id,
                    "name": "Subitems",
                    "columns": _subitem_columns(mapping),
                },
            }
        ]
    }


def _subitem_columns(mapping: Mapping) -> list[dict[str, Any]]:
    columns = [_column(column.board, column.target, []) for column in mapping.subitems.columns if column.board]
    columns += [
        {"id": column.board_id, "title": column.target, "type": column.board_type}
        for column in mapping.subitems.columns
        if column.board_id and column.board_type and not column.board
    ]
    if mapping.subitems.sync_key:
        columns.append({"id": mapping.subitems.sync_key, "title": "Sync key", "type": "text"})
    return columns


def _labels(mapping: Mapping, target: str, names: list[str]) -> list[str]:
    """Of a guarded column: those that its orders need, as nobody may add one later."""
    column = mapping.by_target(target)
    if column is None or column.board is None or column.board.labels is LabelPolicy.CREATE:
        return []
    if column.board.type not in (ColumnType.DROPDOWN, ColumnType.STATUS):
        return []
    if column.canonical_customer:
        return names
    return list(dict.fromkeys([*column.values.values(), *GUARDED_LABELS.get(target, ())]))


def _column(column: BoardColumn, title: str, labels: list[str]) -> dict[str, Any]:
    seed: dict[str, Any] = {"id": column.id, "title": title, "type": column.type.value}
    if labels:
        seed["settings"] = {"labels": [{"id": at, "label": label} for at, label in enumerate(labels, 1)]}
    return seed
