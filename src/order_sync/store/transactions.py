"""A write transaction has a name, and five places where it can fail."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import Connection, Engine, event

from order_sync import failpoints

PHASES: Final = ("begin", "inside", "commit", "unacknowledged", "after")


class Transaction:
    """The name of a write transaction, e.g. `send.intent`. Made once, at import, which registers its places.

    begin: before it has begun · inside: something is written, more may come · commit: all is written, nothing
    committed · unacknowledged: committed, and the client has not heard of it · after: committed, and heard.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._places = {phase: failpoints.register(f"db:{name}:{phase}") for phase in PHASES}

    @contextmanager
    def on(self, engine: Engine) -> Iterator[Connection]:
        """The transaction on `engine`: committed at the end, rolled back by what is raised."""
        self._reach("begin")
        with engine.connect() as conn, conn.begin() as transaction:
            if failpoints.are_on():
                event.listen(conn, "after_cursor_execute", self._executed, once=True)
            yield conn
            self._reach("commit")
            transaction.commit()
            self._reach("unacknowledged")
        self._reach("after")

    def _executed(self, *_: Any) -> None:
        self._reach("inside")

    def _reach(self, phase: str) -> None:
        failpoints.reach(self._places[phase])
