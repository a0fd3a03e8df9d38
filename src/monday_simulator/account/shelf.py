"""The records besides boards and items: few, found by id or by walking through them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import msgspec

from monday_simulator.account.records import SORTS, Record
from monday_simulator.account.state_file import StateFile

R = TypeVar("R", bound=Record)


class Shelf:
    """note: told of every record that has to be written down."""

    def __init__(self, note: Callable[[str, Record], None]) -> None:
        self._note = note
        self._records: dict[str, dict[str, Record]] = {sort.sort: {} for sort in SORTS}

    def load(self, file: StateFile) -> None:
        for sort in SORTS:
            for body in file.records(sort.sort):
                record = msgspec.msgpack.decode(body, type=sort)
                self._records[sort.sort][record.id] = record

    def ids(self) -> list[str]:
        return [each for records in self._records.values() for each in records]

    def put(self, record: R) -> R:
        self._records[record.sort][record.id] = record
        self._note(record.sort, record)
        return record

    def drop(self, record: R) -> R:
        record.deleted = True
        return self.put(record)

    def find(self, sort: type[R], record_id: str) -> R | None:
        found = self._records[sort.sort].get(record_id)
        return found if isinstance(found, sort) and not found.deleted else None

    def all(self, sort: type[R]) -> list[R]:
        """In the order they were made."""
        records = self._records[sort.sort].values()
        return [each for each in records if isinstance(each, sort) and not each.deleted]
