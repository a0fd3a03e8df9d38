"""The simulator behind a socket."""

from __future__ import annotations

import contextlib
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import uvicorn

from monday_simulator.simulator import Simulator
from monday_simulator.web.application import application
from monday_simulator.web.sending import TransportProtocol

START_SECONDS = 20.0


class _Server(uvicorn.Server):
    """Says when it listens."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._on_ready()


def _prepare(
    simulator: Simulator, host: str, port: int, on_ready: Callable[[str], Any], control: bool
) -> tuple[_Server, socket.socket]:
    config = uvicorn.Config(
        application(simulator, control=control),
        host=host,
        port=port,
        http=TransportProtocol,
        ws="none",
        lifespan="off",
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=2,
    )
    bound = _bind(host, port)
    url = f"http://{host}:{bound.getsockname()[1]}"
    return _Server(config, lambda: on_ready(url)), bound


def _bind(host: str, port: int) -> socket.socket:
    # The protocol is named because asyncio switches Nagle off only where it is.
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if sys.platform != "win32":
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except OSError:
        bound.close()
        raise
    return bound


def serve(
    simulator: Simulator,
    host: str = "127.0.0.1",
    port: int = 0,
    ready_callback: Callable[[str], Any] = lambda _url: None,
    *,
    control: bool = False,
) -> None:
    """Serve until interrupted. ready_callback gets the base address, http://127.0.0.1:8080, once it listens.

    Port 0 takes a free one. control: whether this machine may change faults and clock over HTTP. Raises OSError
    where the port is taken.
    """
    server, bound = _prepare(simulator, host, port, ready_callback, control)
    with contextlib.closing(bound):
        server.run(sockets=[bound])


@contextlib.contextmanager
def serving(simulator: Simulator, host: str = "127.0.0.1", port: int = 0, *, control: bool = False) -> Iterator[str]:
    """Serve from a thread of this process; yields the base address. control: as of `serve`."""
    ready = threading.Event()
    addresses: list[str] = []

    def on_ready(url: str) -> None:
        addresses.append(url)
        ready.set()

    server, bound = _prepare(simulator, host, port, on_ready, control)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True, name="simulator")
    thread.start()
    try:
        if not ready.wait(START_SECONDS):
            raise RuntimeError(f"the simulator did not start within {START_SECONDS:.0f} s")
        yield addresses[0]
    finally:
        server.should_exit = True
        thread.join(START_SECONDS)
        bound.close()
