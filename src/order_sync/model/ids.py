"""Ids as types, so that one cannot be handed where another is meant."""

from __future__ import annotations

from typing import NewType
from uuid import UUID

BatchId = NewType("BatchId", UUID)
RequestId = NewType("RequestId", str)  # uuid4 text; also the Idempotency-Key of its call
StgId = NewType("StgId", int)  # stg_id or stg_subitem_id, in its own table
OrderKey = NewType("OrderKey", str)  # SHA-256 hex of the canonical source key
SyncKey = NewType("SyncKey", str)  # uuid5 text + "-g" + generation: lowercase [0-9a-g-], what the board carries
BoardId = NewType("BoardId", str)  # monday's, digits
ItemId = NewType("ItemId", int)  # monday's, fits BIGINT
GroupId = NewType("GroupId", str)  # monday's, e.g. "group_mkx166sd"
ColumnId = NewType("ColumnId", str)  # monday's, e.g. "text_mkr5wya6"
Fence = NewType("Fence", int)
Alias = NewType("Alias", str)  # "r0".."r24": which mutation of a request
