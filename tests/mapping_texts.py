"""A small complete mapping for tests of the mapping file, and what loading an edited one says."""

from __future__ import annotations

from pathlib import Path

import pytest

from order_sync.model.errors import MappingError
from order_sync.model.mapping_file import load_mapping

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "customer_master_schedule"
SHARED = Path(__file__).resolve().parents[2] / "shared"

SMALL = """\
version: 1
pipeline: small
source:
  table: ORDERS
  key: [ORDER NO, STYLE NO]
  customer: CLIENT
  po: [PO]
  season: [SEASON]
  order_number: ORDER NO
  ignored: [RECORD]
tables: {staging: STG_X, production: X}
board:
  id: 77
  sync_key: text_key
  item_name: "{STYLE} {ORDER}"
  group: {name: "{CUSTOMER} {SEASON}", season: [SEASON]}
columns:
  - {source: ORDER NO, target: ORDER, sql: NVARCHAR(MAX), staging_sql: NVARCHAR(200), board: {id: text_order, type: text}}
  - {source: STYLE NO, target: STYLE, sql: NVARCHAR(200), board: {id: text_style, type: text}}
  - {source: CLIENT, target: CUSTOMER, sql: NVARCHAR(100), canonical_customer: true, board: {id: dropdown_c, type: dropdown}}
  - {source: PO, target: PO, sql: NVARCHAR(50), board: {id: text_po, type: text}}
  - {source: SEASON, target: SEASON, sql: NVARCHAR(50), board: {id: dropdown_s, type: dropdown, labels: create}}
  - {source: KIND, target: KIND, sql: NVARCHAR(50), values: {ACTIVE: RECEIVED}}
  - {source: PRICE, target: PRICE, sql: FLOAT, values: {TRUE: 0}, number: {percent: number}, board: {id: numeric_p, type: numbers}}
  - {source: DUE, target: DUE, sql: DATE, board: {id: date_due, type: date}}
table_columns:
  - {target: Title, sql: NVARCHAR(510), role: title}
  - {target: Item ID, sql: BIGINT, role: item_id}
production_order: [Title, ORDER, STYLE, CUSTOMER, PO, SEASON, KIND, PRICE, DUE, Item ID]
sizes: {after: DUE, before: TOTAL, exclude: [COLOUR CODE], total: TOTAL}
subitems:
  subtasks_column: subtasks_x
  sync_key: text_subkey
  columns:
    - {target: Size, role: size, board: {id: dropdown_size, type: dropdown, labels: create}}
    - {target: Order Qty, role: quantity, board: {id: numeric_q, type: numbers}}
    - {target: Packed Qty, role: constant, value: 0, board: {id: numeric_packed, type: numbers}}
    - {target: Cut Qty, board_id: numeric_cut, board_type: numbers}
changes:
  cancelled: {column: KIND, values: [CANCELLED]}
"""


def edited(*changes: tuple[str, str], text: str = SMALL) -> str:
    """`text` with each first member replaced by the second; every first member must be there."""
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def problems_of(text: str) -> tuple[str, ...]:
    """What loading `text` as m.yaml complains about."""
    with pytest.raises(MappingError) as caught:
        load_mapping(text, "m.yaml")
    return caught.value.problems
