"""The simulator as a server process that ends with whoever started it."""

from __future__ import annotations

import http.client
import json
import os
import queue
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from order_sync.cli.demo_folder import LATENCY_MS, POINTS_A_MINUTE, READ_LAG, DemoFolder, free_port, is_free
from order_sync.model.errors import BoardUnavailable
from order_sync.settings import ENV_PREFIX

START_SECONDS = 30.0
STOP_SECONDS = 8.0

# The server ends when its standard input does: closed by us, or by the system when we are killed. No signal
# is needed, so it works alike on every system, and Ctrl-C reaches the demo alone.
_TIED = """\
import _thread, os, sys, threading, time
def watch():
    os.read(0, 1)
    _thread.interrupt_main()
    time.sleep(5)
    os._exit(0)
threading.Thread(target=watch, daemon=True).start()
from monday_simulator.__main__ import main
sys.exit(main(sys.argv[1:]))
"""

FAULTS: Sequence[dict[str, Any]] = (
    {"kind": "lost_after", "on": "create_item", "nth": 2},
    {"kind": "throttle_429", "on": "create_subitem", "nth": 2, "retry_in_seconds": 1},
    {"kind": "bad_alias", "on": "create_item", "nth": 4, "alias": 2},
    {"kind": "reset_before", "on": "create_subitem", "nth": 5},
    {"kind": "lost_after", "on": "create_subitem", "nth": 9},
    {"kind": "error_500_before", "on": "create_subitem", "nth": 12},
)
"""What goes wrong at the first run; counted in requests that carry the named mutation."""


@dataclass
class BoardServer:
    """Where the board is. `process` is None where somebody else's simulator serves this folder already."""

    folder: DemoFolder
    process: subprocess.Popen[str] | None


def answers(port: int) -> bool:
    """Whether a simulator listens there."""
    try:
        return bool(json.loads(_get(port, "/health")).get("status") == "ok")
    except (OSError, ValueError, http.client.HTTPException, AttributeError):
        return False


def is_held(board: Path) -> bool:
    """Whether a simulator has this file open: it holds it exclusively."""
    if not board.exists():
        return False
    try:
        with closing(sqlite3.connect(f"{board.resolve().as_uri()}?mode=rw", uri=True, timeout=0)) as conn:
            conn.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError:
        return True
    return False


def wire_records(port: int) -> list[dict[str, Any]]:
    """Every request that the simulator has met since it was started, as it recorded them itself."""
    return [json.loads(line) for line in _get(port, "/wire").splitlines()]


def _get(port: int, path: str) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().read()
    finally:
        connection.close()


@contextmanager
def serving(folder: DemoFolder, *, faults: bool) -> Iterator[BoardServer]:
    """The folder's board, served until the end of the block; one that is served already is used, and left."""
    if answers(folder.port) and is_held(folder.board):
        yield BoardServer(folder, None)
        return
    folder.faults.write_text(json.dumps(FAULTS if faults else [], indent=2), encoding="utf-8")
    server = _start(folder if is_free(folder.port) else folder.with_port(free_port()))
    if server is None:
        raise BoardUnavailable(
            f"the simulator did not start: {_last_words(folder)}",
            where=str(folder.log),
            next_step="end the simulator that holds this folder's board, or start anew with --fresh",
        )
    try:
        yield server
    finally:
        _stop(server)


def _start(folder: DemoFolder) -> BoardServer | None:
    words = ["--port", str(folder.port), "--state", str(folder.board), "--wire", str(folder.wire)]
    words += ["--seed-file", str(folder.board_seed), "--faults", str(folder.faults)]
    words += ["--latency-ms", str(LATENCY_MS), "--read-lag-seconds", str(READ_LAG)]
    words += ["--complexity", str(POINTS_A_MINUTE)]
    apart = {"creationflags": 0x200} if sys.platform == "win32" else {"start_new_session": True}
    with folder.log.open("w", encoding="utf-8") as log:
        process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-c", _TIED, *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            encoding="utf-8",
            env=_without_ours(os.environ) | {"PYTHONUTF8": "1"},
            **apart,
        )
    server = BoardServer(folder, process)
    try:
        started = bool(_first_line(process))
    except BaseException:
        _stop(server)
        raise
    if not started:
        _stop(server)
        return None
    return server


def _without_ours(environment: Mapping[str, str]) -> dict[str, str]:
    """No password is for the simulator."""
    return {name: text for name, text in environment.items() if not name.startswith(ENV_PREFIX)}


def _first_line(process: subprocess.Popen[str]) -> str:
    """The address, once it listens; empty when it ended instead, or took too long."""
    lines: queue.Queue[str] = queue.Queue()
    out = process.stdout
    if out is None:
        return ""
    threading.Thread(target=lambda: lines.put(out.readline()), daemon=True).start()
    try:
        return lines.get(timeout=START_SECONDS).strip()
    except queue.Empty:
        return ""


def _stop(server: BoardServer) -> None:
    process = server.process
    if process is None:
        return
    if process.stdin is not None:
        process.stdin.close()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    finally:
        if process.stdout is not None:
            process.stdout.close()


def _last_words(folder: DemoFolder) -> str:
    lines = folder.log.read_text(encoding="utf-8", errors="replace").split("\n")
    return next((line for line in reversed(lines) if line.strip()), "it said nothing")
