"""A database of a level at which SQL Server reads no JSON is told before anything is changed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from order_sync.model.errors import SchemaError
from order_sync.store.deploy import reads_no_json


class Server:
    """Answers the two questions. `level`: of compatibility; `reads`: whether it knows OPENJSON whatever that says."""

    dialect = "mssql"
    name = "server"

    def __init__(self, level: int | None, *, reads: bool) -> None:
        self.read = self
        self.level, self.reads = level, reads

    @contextmanager
    def begin(self) -> Iterator[Server]:
        yield self

    def scalar(self, question: Any) -> int | None:
        if "compatibility_level" in str(question):
            return self.level
        assert "OPENJSON" in str(question)
        if not self.reads:
            raise SchemaError("Invalid object name 'OPENJSON'.")
        return 1


@pytest.mark.parametrize(
    ("level", "reads", "told"),
    [
        (110, False, True),
        (120, False, True),
        (120, True, False),
        (130, True, False),
        (160, True, False),
        (None, True, False),
    ],
)
def test_the_level_is_named_with_the_statement_that_raises_it(level: int | None, reads: bool, told: bool) -> None:
    found = reads_no_json(Server(level, reads=reads))  # type: ignore[arg-type]
    assert bool(found) is told
    for obstacle in found:
        assert (obstacle.kind, str(level) in obstacle.what) == ("level", True)
        assert "SET COMPATIBILITY_LEVEL = 130" in obstacle.fix
