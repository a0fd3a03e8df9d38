"""The simulator behind a socket, with its pages. Connections that a fault drops are really dropped."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import socket
import struct
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from monday_simulator.clock import Clock
from monday_simulator.gateway.admission import API_PATH, FILE_PATH
from monday_simulator.gateway.answers import Answer, ConnectionDropped
from monday_simulator.simulator import Simulator
from monday_simulator.web.page import Pages
from monday_simulator.web.schema_route import SCHEMA_PATH, schema

START_SECONDS = 20.0
PACKED_FROM, PACKED_LEVEL = 1_400, 4
DROPS = 20


class _Protocol(H11Protocol):
    """uvicorn's own, which also hands its transport to the app: the only way to reset a connection."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.app_state = {**self.app_state, "transport": transport}


class _Whole(Response):
    """An answer with the simulator's own headers; packed where that saves something and the client takes it."""

    def __init__(self, answer: Answer, accepted: str = "") -> None:
        body, headers = answer.body, dict(answer.headers)
        if len(body) >= PACKED_FROM and "gzip" in accepted.lower():
            body = gzip.compress(body, PACKED_LEVEL, mtime=0)
            headers |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        super().__init__(body, answer.status, headers)


class _Dropped(Response):
    """No answer: a reset. Of a partial answer, as many bytes go out before as are to arrive."""

    def __init__(self, dropped: ConnectionDropped) -> None:
        super().__init__()
        self._dropped = dropped

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        transport = scope["state"]["transport"]
        if self._dropped.partial is not None:
            await _send_part(self._dropped.partial, self._dropped.arrived, send)
            transport.close()
        else:
            _reset(transport)
        # uvicorn answers for an app that is silent on an open connection, so wait until it knows it is closed
        while (await receive())["type"] != "http.disconnect":
            pass


async def _send_start(answer: Answer, send: Send) -> None:
    headers = {**answer.headers, "Content-Length": str(len(answer.body))}
    raw = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": raw})


async def _send_part(answer: Answer, length: int, send: Send) -> None:
    await _send_start(answer, send)
    await send({"type": "http.response.body", "body": answer.body[:length], "more_body": True})


class _Trickling(Response):
    """An answer whose bytes come in drops, with a wait before each."""

    def __init__(self, answer: Answer, clock: Clock) -> None:
        super().__init__()
        self._answer = answer
        self._clock = clock

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        body = self._answer.body
        size = -(-len(body) // DROPS) or 1
        await _send_start(self._answer, send)
        for start in range(0, len(body), size):
            await run_in_threadpool(self._clock.sleep, self._answer.takes / DROPS)
            await send({"type": "http.response.body", "body": body[start : start + size], "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def _reset(transport: asyncio.Transport) -> None:
    """RST instead of FIN: a linger time of zero discards what was not sent."""
    linger = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    transport.abort()


def application(simulator: Simulator) -> Starlette:
    """POST /v2 is the API; /, /wire and /wire/log are for people, /health for whoever waits for the start."""
    pages = Pages(simulator)

    async def api(request: Request) -> Response:
        try:
            headers = simulator.greet(request.headers)
            body = await request.body()
            peer = None if request.client is None else request.client.host
            answer = await run_in_threadpool(simulator.handle, request.method, request.url.path, headers, body, peer)
        except ConnectionDropped as dropped:
            return _Dropped(dropped)
        accepted = headers.get("accept-encoding", "")
        return _Trickling(answer, simulator.clock) if answer.takes else _Whole(answer, accepted)

    async def home(request: Request) -> Response:
        return HTMLResponse(await run_in_threadpool(pages.board, dict(request.query_params)))

    async def wire_page(_request: Request) -> Response:
        return HTMLResponse(await run_in_threadpool(pages.wire))

    async def wire(_request: Request) -> Response:
        await run_in_threadpool(simulator.settle_late)
        return PlainTextResponse(simulator.wire_log.lines(), media_type="application/x-ndjson")

    async def health(_request: Request) -> Response:
        return JSONResponse({"status": "ok", "requests": len(simulator.wire_log)})

    routes = [
        *(Route(path, api, methods=["GET", "POST", "PUT", "DELETE"]) for path in (API_PATH, FILE_PATH)),
        Route(SCHEMA_PATH, schema, methods=["GET"]),
        Route("/", home),
        Route("/wire", wire),
        Route("/wire/log", wire_page),
        Route("/health", health),
    ]
    return Starlette(routes=routes)


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
    simulator: Simulator, host: str, port: int, on_ready: Callable[[str], Any]
) -> tuple[_Server, socket.socket]:
    config = uvicorn.Config(
        application(simulator),
        host=host,
        port=port,
        http=_Protocol,
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
) -> None:
    """Serve until interrupted. ready_callback gets the base address, http://127.0.0.1:8080, once it listens.

    Port 0 takes a free one. Raises OSError where the port is taken.
    """
    server, bound = _prepare(simulator, host, port, ready_callback)
    with contextlib.closing(bound):
        server.run(sockets=[bound])


@contextlib.contextmanager
def serving(simulator: Simulator, host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
    """Serve from a thread of this process; yields the base address."""
    ready = threading.Event()
    addresses: list[str] = []

    def on_ready(url: str) -> None:
        addresses.append(url)
        ready.set()

    server, bound = _prepare(simulator, host, port, on_ready)
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
