"""What a world is made of beside itself: moments to come back to, the lives of processes, and what is told of them."""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from typing import Any

from order_sync.drill.line import Sent
from order_sync.store.leases import Leases


class Inline(Executor):
    """Does at once what is handed over: one lane, in the worker's own thread."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        done: Future[Any] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except BaseException as error:  # noqa: BLE001 - handed on as any executor does
            done.set_exception(error)
        return done


@dataclass(frozen=True)
class Start:
    """A moment to which the world can be put back: database, snapshot file, clock, and what the board was sent."""

    database: object
    snapshot: bytes | None
    passed: float
    sent: tuple[Sent, ...]
    rows: tuple[dict[str, Any], ...]
    requests: int  # of the service before the database that is there now was made


@dataclass
class Life:
    """A process of a worker. A dead one reaches nothing any more."""

    worker: int
    number: int
    leases: Leases
    next_beat: float
    dead: bool = False
    paused_until: float = 0.0


@dataclass
class Told:
    """What happened, in order: (virtual second, worker, life, what)."""

    lines: list[tuple[float, int, int, str]] = field(default_factory=list)

    def note(self, at: float, worker: int, life: int, what: str) -> None:
        self.lines.append((round(at, 3), worker, life, what))


def seeded(*parts: object) -> random.Random:
    """Chance that hangs from these parts alone."""
    return random.Random("/".join(map(str, parts)))  # noqa: S311 - a campaign, no secret
