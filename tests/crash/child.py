"""`order-sync` in a process that tells on its standard output what it is doing: a line "@ name" for each event,
"@ asks" or "@ changes" for each request as it leaves, "@ answered" when its answer is there.

With HOLD=create_item:2 in the environment it stops before the first byte of the second request that makes items, says
"@ held", and goes on after a line on its standard input.
"""

from __future__ import annotations

import os
import re
import sys
from typing import Any

import order_sync.wiring
from order_sync.cli import main
from order_sync.cli.session import Session
from order_sync.events import Events, Listener
from order_sync.monday.transport import Reply, Transport

_MADE = re.compile(rb"create_(?:group|item|subitem)\b")


def say(what: str) -> None:
    os.write(1, f"@ {what}\n".encode())


class Telling(Transport):
    """Says when a request leaves and when its answer is there."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._held, _, nth = os.environ.get("HOLD", "").partition(":")
        self._left = int(nth or 0)

    def post(self, body: bytes, *, idempotency_key: str | None, deadline: float | None) -> Reply:
        self._hold(body)
        say("asks" if idempotency_key is None else "changes")
        try:
            return super().post(body, idempotency_key=idempotency_key, deadline=deadline)
        finally:
            say("answered")

    def _hold(self, body: bytes) -> None:
        found = _MADE.search(body)
        if found is not None and found[0].decode() == self._held:
            self._left -= 1
            if self._left == 0:
                say("held")
                sys.stdin.readline()


def events(session: Session, *listeners: Listener) -> Events:
    return Events(lambda name, _fields: say(name), *listeners)


if __name__ == "__main__":
    order_sync.wiring.Transport = Telling  # type: ignore[misc]
    Session.events = events  # type: ignore[method-assign]
    main()
