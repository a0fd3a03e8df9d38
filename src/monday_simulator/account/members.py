"""Which items stand in which group, and in what order."""

from __future__ import annotations

import bisect
from collections.abc import Callable, Sequence


class Members:
    """Ids of active items by board and group. An order is written out once and shared until it changes."""

    def __init__(self) -> None:
        self._ids: dict[tuple[str, str], dict[str, None]] = {}
        self._groups: dict[tuple[str, str], tuple[str, ...]] = {}
        self._boards: dict[str, tuple[tuple[tuple[str, ...], ...], tuple[str, ...]]] = {}

    def add(self, board_id: str, group_id: str, item_id: str) -> None:
        """At the end of the group."""
        self._ids.setdefault((board_id, group_id), {})[item_id] = None
        self._groups.pop((board_id, group_id), None)

    def remove(self, board_id: str, group_id: str, item_id: str) -> None:
        self._ids.get((board_id, group_id), {}).pop(item_id, None)
        self._groups.pop((board_id, group_id), None)

    def insert(self, board_id: str, group_id: str, item_id: str, place: Callable[[str], float]) -> None:
        """Where its place among the others is. place: of any item."""
        ids = list(self._ids.get((board_id, group_id), ()))
        bisect.insort(ids, item_id, key=place)
        self._ids[board_id, group_id] = dict.fromkeys(ids)
        self._groups.pop((board_id, group_id), None)

    def count(self, board_id: str, group_id: str) -> int:
        return len(self._ids.get((board_id, group_id), ()))

    def of_group(self, board_id: str, group_id: str) -> Sequence[str]:
        found = self._groups.get((board_id, group_id))
        if found is None:
            found = self._groups[board_id, group_id] = tuple(self._ids.get((board_id, group_id), ()))
        return found

    def of_board(self, board_id: str, group_ids: Sequence[str]) -> Sequence[str]:
        """All ids, group after group as given."""
        parts = tuple(tuple(self.of_group(board_id, group_id)) for group_id in group_ids)
        known, ids = self._boards.get(board_id, ((), ()))
        if len(known) != len(parts) or any(old is not new for old, new in zip(known, parts, strict=True)):
            ids = tuple(item_id for part in parts for item_id in part)
            self._boards[board_id] = parts, ids
        return ids
