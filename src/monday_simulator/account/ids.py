"""Ids that look like monday's: long rising numbers, and short random tails."""

from __future__ import annotations

import random
import uuid

FIRST_ID = 18_265_000_000
_TAIL = "0123456789abcdefghjkmnpqrstvwxyz"
_PREFIX = {
    "status": "color",
    "numbers": "numeric",
    "mirror": "lookup",
    "item_id": "pulse_id",
    "people": "multiple_person",
    "timeline": "timerange",
    "checkbox": "boolean",
    "tags": "tag",
    "auto_number": "autonumber",
    "creation_log": "pulse_log",
    "last_updated": "pulse_updated",
    "time_tracking": "duration",
    "progress": "columns_battery",
}


class IdMaker:
    """One source for every id, so that a seed fixes them all. last: the highest number in use."""

    def __init__(self, seed: int, last: int = FIRST_ID) -> None:
        self._random = random.Random(f"{seed}/{last}")  # noqa: S311 - ids, no secret
        self._last = last

    def number(self) -> str:
        self._last += 1 + self._random.randrange(160)
        return str(self._last)

    def seen(self, number: str) -> None:
        """A number given from outside is never made again."""
        if number.isdigit():
            self._last = max(self._last, int(number))

    def group(self) -> str:
        return f"group_mk{self._tail(6)}"

    def column(self, column_type: str) -> str:
        return f"{_PREFIX.get(column_type, column_type)}_mk{self._tail(6)}"

    def request(self) -> str:
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))

    def cursor_tail(self) -> str:
        return self._tail(22)

    def _tail(self, length: int) -> str:
        return "".join(self._random.choices(_TAIL, k=length))
