"""`order-sync run --all` in a process of its own that tells what it does, and gives itself a signal where it is told to.

Each line that begins with @ is one thing that it did: "@ event name", "@ asks" or "@ changes" as a request leaves,
"@ answered" when its answer is there, "@ struck where" as the last line before the signal.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import order_sync.wiring
from order_sync import failpoints
from order_sync.cli import main
from order_sync.cli.session import Session
from order_sync.events import Events, Listener
from order_sync.model.errors import MappingError
from order_sync.model.mapping_file import load_mapping_file
from order_sync.monday.transport import Reply, Transport
from order_sync.project_files import read_text
from tests.harness import EXAMPLE

TOKEN = "token-of-the-house"
EVENT, ASKS, CHANGES, ANSWERED, PLACE = "event", "asks", "changes", "answered", "place"


@dataclass(frozen=True)
class Strike:
    """A signal at the nth time that something is reached: one of the kinds above, or a failpoint by its name."""

    at: str
    nth: int
    signal: int


class Watch:
    """Counts what the process passes, and strikes once."""

    def __init__(self, strike: Strike | None) -> None:
        self._strike = strike
        self._passed: Counter[str] = Counter()
        self._lock = threading.Lock()

    def place(self, name: str) -> None:
        """Failpoints are many: they are not told, only counted, by name and all together."""
        self._reach(PLACE, name, name)

    def told(self, kind: str, what: str = "") -> None:
        say(f"{kind} {what}".strip())
        self._reach(kind, f"{kind} {what}".strip())

    def _reach(self, kind: str, where: str, name: str = "") -> None:
        with self._lock:
            self._passed.update({kind, name} - {""})
            strike = self._strike
            if strike is not None and strike.at in (kind, name) and self._passed[strike.at] == strike.nth:
                say(f"struck {where}")
                # To the thread itself: a signal to the process may let it run on until another thread has heard.
                signal.pthread_kill(threading.get_ident(), strike.signal)


# Every process reads the same mapping: once parsed before the fork it costs each of them nothing.
_parsed = cache(load_mapping_file)
_parsed(read_text(EXAMPLE / "mapping.yaml", "mapping", MappingError), "mapping.yaml")


def say(what: str) -> None:
    os.write(1, f"@ {what}\n".encode())


def telling(watch: Watch) -> type[Transport]:
    """A transport that says when a request leaves and when its answer is there."""

    class Telling(Transport):
        def post(self, body: bytes, *, idempotency_key: str | None, deadline: float | None) -> Reply:
            watch.told(ASKS if idempotency_key is None else CHANGES)
            try:
                return super().post(body, idempotency_key=idempotency_key, deadline=deadline)
            finally:
                watch.told(ANSWERED)

    return Telling


def live(config: str, log: str, strike: Strike | None) -> None:
    """The whole life of the process; both its outputs go to `log`."""
    out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(out, 1)
    os.dup2(out, 2)
    _without_anybodys_settings()
    watch = Watch(strike)
    order_sync.wiring.load_mapping_file = _parsed
    order_sync.wiring.Transport = telling(watch)  # type: ignore[misc]

    def events(_session: Session, *listeners: Listener) -> Events:
        def tell(name: str, _fields: dict[str, Any]) -> None:
            watch.told(EVENT, name)

        return Events(tell, *listeners)

    Session.events = events  # type: ignore[method-assign]
    failpoints.strike_with(watch.place)
    sys.argv = ["order-sync", "--config", str(Path(config)), "run", "--all"]
    main()


def _without_anybodys_settings() -> None:
    for name in [name for name in os.environ if name.startswith("ORDER_SYNC_")]:
        del os.environ[name]
    os.environ["ORDER_SYNC_TOKEN"] = TOKEN
