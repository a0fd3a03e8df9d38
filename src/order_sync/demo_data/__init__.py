"""A seeded ORDERS_UNIFIED with all its dirt, and the list of what must become of each row.

It knows the customer's rules from their notes, not from the product: nothing here calls the transform.
"""

from order_sync.demo_data.board import GUARDED_LABELS
from order_sync.demo_data.dirt import Dirt
from order_sync.demo_data.expected import Expectation, Fate, read_expected, write_expected
from order_sync.demo_data.generate import CHUNK, Planted, generate, kinds
from order_sync.demo_data.table import TABLE, source_columns

__all__ = [
    "CHUNK",
    "GUARDED_LABELS",
    "TABLE",
    "Dirt",
    "Expectation",
    "Fate",
    "Planted",
    "generate",
    "kinds",
    "read_expected",
    "source_columns",
    "write_expected",
]
