"""Ctrl-C: the first one ends a run in order, the second one at once."""

from __future__ import annotations

import os
import queue
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, Final

from order_sync.cli.exits import ExitCode

SAYS: Final = (
    "stopping: the call in flight is being finished and recorded. Ctrl-C again leaves at once, that call in doubt"
)
_SHOW_CURSOR: Final = b"\x1b[?25h\n"


@contextmanager
def interruptible(stop: threading.Event, on_first: Callable[[], None]) -> Iterator[None]:
    """Within the block Ctrl-C, and SIGTERM, set `stop` and call `on_first` from a thread of its own.

    A handler must take no lock: the main thread may hold it. So it only drops a word into a queue.
    """
    words: queue.SimpleQueue[str] = queue.SimpleQueue()
    asked = 0

    def handler(_number: int, _frame: FrameType | None) -> None:
        nonlocal asked
        asked += 1
        if asked > 1:
            leave()
        words.put("stop")

    def watch() -> None:
        if words.get() == "stop":
            stop.set()
            on_first()

    before = _install(handler)
    watcher = threading.Thread(target=watch, name="ctrl-c", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, old)
        words.put("done")
        watcher.join()


def _install(handler: Callable[[int, FrameType | None], None]) -> dict[signal.Signals, Any]:
    """Signals can be caught in the main thread only: elsewhere, e.g. in a test, nothing is caught."""
    if threading.current_thread() is not threading.main_thread():
        return {}
    return {number: signal.signal(number, handler) for number in (signal.SIGINT, signal.SIGTERM)}


def leave() -> None:
    """Out, now: no lock is waited for and nothing is flushed. What is in flight stays in doubt, as recorded."""
    if sys.stderr.isatty():
        os.write(2, _SHOW_CURSOR)
    os._exit(ExitCode.KILLED)
