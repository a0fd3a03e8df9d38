"""What must become of each planted row, in words and values that a person could check against the board."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any


class Fate(StrEnum):
    """A cancelled order that was never sent is counted, not created."""

    CREATED = "created"
    HELD = "held"
    CANCELLED = "cancelled"


@dataclass
class Expectation:
    """One planted source row.

    `columns`, `sizes`, `name` and `group` are what the board shows, empty for a row that does not get there.
    `dropped` are the targets left out with a warning, `cut` those cut to their limit with a warning.
    """

    row: int  # from 0, in the order of insertion
    record_uuid: str | None
    key: list[str | None]  # order number, style, colour as they stand in the source
    customer: str | None  # canonical
    fate: Fate = Fate.CREATED
    causes: list[str] = field(default_factory=list)
    dirt: list[str] = field(default_factory=list)
    name: str | None = None
    group: str | None = None
    columns: dict[str, str] = field(default_factory=dict)
    dropped: list[str] = field(default_factory=list)
    cut: list[str] = field(default_factory=list)
    sizes: list[list[Any]] = field(default_factory=list)  # [label, quantity] in source order

    def as_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)


def write_expected(path: Path, expectations: Iterable[Expectation]) -> int:
    """JSON lines in UTF-8, one a row. The number of lines."""
    count = 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for expectation in expectations:
            file.write(expectation.as_json() + "\n")
            count += 1
    return count


def read_expected(path: Path) -> Iterator[Expectation]:
    """What `write_expected` wrote."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            record = json.loads(line)
            yield Expectation(**{**record, "fate": Fate(record["fate"])})
