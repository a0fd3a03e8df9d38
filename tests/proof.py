"""Board = production = expected list, value by value, read from outside the pipeline."""

from __future__ import annotations

from collections import Counter
from typing import Any

from order_sync.demo_data import Fate
from order_sync.model.ids import ColumnId
from order_sync.monday.items import FullItem
from tests.harness import House


def items_on_board(house: House) -> list[FullItem]:
    """Through the API, as a stranger would read it."""
    with house.job() as job:
        mapping = house.project.mapping
        subitem_key = ColumnId(mapping.subitems.sync_key) if mapping.subitems.sync_key else None
        return list(job.board.scan_full(ColumnId(mapping.board.sync_key), subitem_key))


def differences(house: House, *, without: frozenset[str] = frozenset()) -> list[str]:
    """What is not as it must be; empty when all agrees. `without`: names of items that a fault was meant to stop. The
    order of sizes does not count: after a fault some of them come later."""
    board = items_on_board(house)
    return [
        *_duplicates(board),
        *_unlike_expected(house, board, without),
        *_unlike_production(house, board, without),
        *_staging_left(house, without),
    ]


def _duplicates(board: list[FullItem]) -> list[str]:
    keys = Counter(full.item.key for full in board)
    sizes = Counter((full.item.key, size.key) for full in board for size in full.subitems)
    return [f"twice on the board: {key}" for key, count in (*keys.items(), *sizes.items()) if count > 1]


def _unlike_expected(house: House, board: list[FullItem], without: frozenset[str]) -> list[str]:
    titles = {column.board.id: column.target for column in house.project.mapping.columns if column.board}
    there = Counter(_shown(full, titles) for full in board if full.item.name not in without)
    wanted = Counter(
        (
            each.name,
            each.group,
            frozenset(each.columns.items()),
            frozenset((label, str(qty)) for label, qty in each.sizes),
        )
        for each in house.expected
        if each.fate is Fate.CREATED and each.name not in without
    )
    unlike = [f"missing on the board: {each[0]} in {each[1]}" for each in (wanted - there)]
    return unlike + [f"not expected on the board: {each[0]} in {each[1]}" for each in (there - wanted)]


def _shown(full: FullItem, titles: dict[str, str]) -> Any:
    values = frozenset((titles[str(key)], text) for key, text in full.item.values.items() if str(key) in titles)
    sizes = frozenset((size.values[_SIZE], size.values[_QUANTITY]) for size in full.subitems)
    return full.item.name, full.group_title, values, sizes


_SIZE = ColumnId("dropdown_mkrak7qp")
_QUANTITY = ColumnId("numeric_mkra7j8e")


def _unlike_production(house: House, board: list[FullItem], without: frozenset[str]) -> list[str]:
    rows = dict(house.rows('SELECT "Item ID", "Title" FROM MON_CustMasterSchedule'))
    orders = {int(full.item.id): full.item.name for full in board}
    found = [f"on the board, not in production: {orders[key]}" for key in orders.keys() - rows.keys()
             if orders[key] not in without]  # fmt: skip
    found += [f"in production, not on the board: {rows[key]}" for key in rows.keys() - orders.keys()]
    found += [f"other title in production: {key}" for key in rows.keys() & orders.keys() if rows[key] != orders[key]]
    sizes = Counter(
        house.rows('SELECT parent_item_id, subitem_id, "Size", "Order Qty" FROM MON_CustMasterSchedule_Subitems')
    )
    shown = Counter(
        (str(full.item.id), str(size.id), size.values[_SIZE], size.values[_QUANTITY])
        for full in board
        for size in full.subitems
        if int(full.item.id) in rows
    )
    return found + [f"sizes differ: {each}" for each in (sizes - shown) + (shown - sizes)]


def _staging_left(house: House, without: frozenset[str]) -> list[str]:
    left = house.rows('SELECT "Title", stg_status FROM STG_MON_CustMasterSchedule')
    return [f"left in staging: {number} {status}" for number, status in left if number not in without]
