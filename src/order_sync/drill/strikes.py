"""What a fault does to a process at a place that it passes, and the exception that such a place would really raise."""

from __future__ import annotations

import errno
from dataclasses import dataclass
from enum import StrEnum

import httpx2

from order_sync.model.errors import StoreBusy, StoreFull


class Died(BaseException):
    """The process is gone: no `except Exception` hears of it, and nothing of it reaches database or network again."""


class Injected(Exception):
    """A failure of our own, of which no code knows."""


class Kind(StrEnum):
    """What happens to the process that passes the place."""

    CRASH = "crash"  # it dies there
    ERROR = "error"  # what it does there fails
    PAUSE = "pause"  # it stands still, heartbeats too, and then goes on as if nothing had been
    JUMP = "clock jump"  # the wall clock is set, forward or back; the monotonic one is not


@dataclass(frozen=True, slots=True)
class Strike:
    """A fault at the `passage`-th place that worker `worker` passes, counted from 0 over all of its lives.

    `sticky`: from then on every passage of the same place is struck, by whomever, until faults end. `seconds`: of a
    pause or a jump.
    """

    worker: int
    passage: int
    kind: Kind
    sticky: bool = False
    seconds: float = 0.0

    def __str__(self) -> str:
        how = " from then on" if self.sticky else ""
        took = f" of {self.seconds:+.0f} s" if self.seconds else ""
        return f"{self.kind}{took}{how} at passage {self.passage} of worker {self.worker}"


def error_at(place: str) -> Exception:
    """What a caller would see there. LookupError for a place of an unknown sort."""
    sort, _, rest = place.partition(":")
    phase = rest.rpartition(":")[2]
    match sort, phase:
        case "api", "connect" | "connected":
            return httpx2.ConnectError("injected: the connection could not be made")
        case "api", "half written":
            return httpx2.WriteError("injected: reset while the request was written")
        case "api", "written" | "awaited":
            return httpx2.ReadError("injected: reset before the answer")
        case "api", "half answered":
            return httpx2.RemoteProtocolError("injected: the answer ended in the middle")
        case "api", _:
            return Injected("injected: the answer was there, and then something of our own failed")
        case "db", "begin" | "commit":
            return StoreBusy("injected: the database is locked by another process")
        case "db", "inside":
            return StoreFull("injected: the disk is full")
        case "db", "unacknowledged" | "after":
            return StoreBusy("injected: the connection to the database was lost")
        case "file", _:
            return OSError(errno.ENOSPC, "injected: no space left on device")
    raise LookupError(f"{place} is no place that could fail")
