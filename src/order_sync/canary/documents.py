"""The few calls of a survey that no run makes; each changes one thing, under the alias r0."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from order_sync.model.ids import Alias, BoardId, GroupId, ItemId
from order_sync.monday.documents import Call, Query

POINTS: Final = 10_001  # predicted, of each of them
_COMPLEXITY: Final = "complexity { query before after reset_in_x_seconds }"


def delete_item(board: BoardId, item: ItemId) -> Call:
    text = f"mutation delete_item($item: ID!) {{ r0: delete_item(item_id: $item) {{ id }} {_COMPLEXITY} }}"
    return _call("delete_item", board, text, {"item": str(item)})


def archive_item(board: BoardId, item: ItemId) -> Call:
    text = f"mutation archive_item($item: ID!) {{ r0: archive_item(item_id: $item) {{ id }} {_COMPLEXITY} }}"
    return _call("archive_item", board, text, {"item": str(item)})


def delete_group(board: BoardId, group: GroupId) -> Call:
    """Takes the group's items along."""
    text = f"""mutation delete_group($board: ID!, $group: String!) {{
  r0: delete_group(board_id: $board, group_id: $group) {{ id deleted }}
  {_COMPLEXITY}
}}"""
    return _call("delete_group", board, text, {"board": board, "group": group})


def daily_limit() -> Query:
    """How many calls a day the account has; not every token may ask."""
    text = f"query daily_limit {{ platform_api {{ daily_limit {{ base total }} }} {_COMPLEXITY} }}"
    return Query("daily_limit", msgspec.json.encode({"query": text, "variables": {}}), cost=100)


def _call(operation: str, board: BoardId, text: str, variables: dict[str, Any]) -> Call:
    body = msgspec.json.encode({"query": text, "variables": variables})
    return Call(operation, board, body, ((Alias("r0"), 0),), POINTS)
