"""Real processes, quickly: a server that has everything imported forks them. Each has its own memory, sockets and
process id, and dies alone. Where there is no fork each is started from nothing."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import psutil

from tests.campaign import child
from tests.campaign.child import Strike

PATIENCE = 90.0  # seconds before a campaign says that something will never happen
_ROOT = Path(__file__).resolve().parents[2]


class Broken(Exception):
    """A process did what none may do: the message says what."""


@cache
def _context() -> Any:
    if sys.platform == "win32":
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([child.__name__])
    return context


def eventually(what: str, condition: Callable[[], Any], seconds: float = PATIENCE) -> Any:
    """The condition's first true value. TimeoutError when that does not come."""
    pause, until = threading.Event(), time.monotonic() + seconds
    while not (found := condition()):
        if time.monotonic() > until:
            raise TimeoutError(f"waited {seconds:.0f} s in vain until {what}")
        pause.wait(0.003)
    return found


@dataclass
class Run:
    """A process, and what it said so far."""

    process: BaseProcess
    log: Path

    @property
    def pid(self) -> int:
        assert self.process.pid is not None
        return self.process.pid

    @property
    def words(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""

    def told(self, kind: str = "") -> list[str]:
        """What it told of this kind, or of any."""
        return [line[2:] for line in self.words.splitlines() if line.startswith(f"@ {kind}")]

    @property
    def struck(self) -> str:
        """Where it gave itself a signal; empty where it did not."""
        return next((line.removeprefix("struck ") for line in reversed(self.told("struck "))), "")

    def until(self, kind: str, nth: int) -> bool:
        """Whether it told this nth thing of a kind before it ended."""

        def passed() -> bool:
            return len(self.told(kind)) >= nth or not self.process.is_alive()

        eventually(f"process {self.pid} tells its {nth}. {kind!r}", passed)
        return len(self.told(kind)) >= nth

    def ended(self) -> int:
        """Its exit code, or the negative number of the signal that ended it."""
        self.process.join(PATIENCE)
        if self.process.exitcode is None:
            raise TimeoutError(f"process {self.pid} did not end:\n{self.words}")
        return self.process.exitcode

    def kill(self) -> None:
        self.process.kill()
        self.process.join(PATIENCE)

    def send(self, number: int) -> None:
        os.kill(self.pid, number)

    @property
    def stands_still(self) -> bool:
        try:
            return psutil.Process(self.pid).status() == psutil.STATUS_STOPPED
        except psutil.NoSuchProcess:
            return False


@contextmanager
def running(config: Path, log: Path, strike: Strike | None = None) -> Iterator[Run]:
    """`order-sync run --all`; killed at the end of the block if it is still there."""
    with _quiet_start():
        process = _context().Process(target=child.live, args=(str(config), str(log), strike))
        process.start()
    run = Run(process, log)
    try:
        yield run
    finally:
        if process.is_alive():
            run.kill()
        process.join(PATIENCE)
        process.close()


@contextmanager
def _quiet_start() -> Iterator[None]:
    """The server of the first start inherits these; older Pythons do not hand it the path in another way."""
    given = {
        "PYTHONPATH": os.pathsep.join([str(_ROOT), str(_ROOT / "src"), os.environ.get("PYTHONPATH", "")]),
        "POLARS_MAX_THREADS": "1",  # a few rows each: threads only cost
        "POLARS_ALLOW_FORKING_THREAD": "1",  # it has begun none: nothing was computed before the fork
        "PYTHONUTF8": "1",
    }
    before = {name: os.environ.get(name) for name in given}
    os.environ.update(given)
    try:
        yield
    finally:
        for name, text in before.items():
            if text is None:
                del os.environ[name]
            else:
                os.environ[name] = text


KILL = int(getattr(signal, "SIGKILL", 0))
STOP = int(getattr(signal, "SIGSTOP", 0))
CONTINUE = int(getattr(signal, "SIGCONT", 0))
