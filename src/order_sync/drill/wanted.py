"""What the source asks for, computed from it alone: neither the ledger nor the snapshot is asked."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from order_sync.model.detection import cancelled_rows
from order_sync.model.keys import order_keys
from order_sync.model.mapping import Customers, Mapping
from order_sync.model.transform import row_fingerprints, transform
from order_sync.source import Source


@dataclass(frozen=True, slots=True)
class WantedOrder:
    """One source row. `values`: JSON object of target -> text; `sizes`: JSON object of label -> quantity."""

    order_key: str | None
    fingerprint: str
    cancelled: bool
    name: str | None
    group: str | None
    values: str
    sizes: str


def wanted_orders(source: Source, mapping: Mapping, customers: Customers) -> list[WantedOrder]:
    """Of the source as it stands now."""
    columns = source.size_columns()
    return [order for frame in source.read().batches() for order in _wanted(frame, mapping, customers, columns)]


def _wanted(frame: pl.DataFrame, mapping: Mapping, customers: Customers, columns: Sequence[str]) -> list[WantedOrder]:
    made = transform(frame, mapping, customers, columns)
    keys = order_keys(frame, mapping.source.key)
    prints = row_fingerprints(frame, mapping, columns)
    cancelled = cancelled_rows(frame, mapping.changes.cancelled)
    targets = [column.target for column in mapping.sent_columns]
    values = made.orders.select(pl.col(targets).cast(pl.String)).rows(named=True)
    sizes = _sizes(made.sizes)
    return [
        WantedOrder(key, print_, bool(gone), name, group, _object(texts), json.dumps(sizes.get(row, {})))
        for row, key, print_, gone, name, group, texts in zip(
            frame["__row"], keys, prints, cancelled, made.orders["Title"], made.orders["Group"], values, strict=True
        )
    ]


def _object(texts: dict[str, str | None]) -> str:
    return json.dumps({target: text for target, text in texts.items() if text}, ensure_ascii=False)


def _sizes(sizes: pl.DataFrame) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = {}
    for row, label, quantity in sizes.select("__row", "label", "quantity").iter_rows():
        found.setdefault(row, {})[label] = quantity
    return found
